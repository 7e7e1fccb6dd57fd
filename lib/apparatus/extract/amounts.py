"""Numbers in themselves: digits, number words and magnitudes, and what they amount to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from apparatus.lexicon import Lexicon, NumberWords, alternatives

Value = float | tuple[float, float]
DIGITS = (
    r"(?:\d{1,3}(?:[,'’ ]\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:[.·]\d+)+"
    r"|\d+,\d{1,2}(?![\d,])|\d+)"
)
LONGEST = 18  # more digits than that are a label or noise


@dataclass(frozen=True)
class Amount:
    """A number in itself: its place in the view, its value, whether in words, and whether it is a vague multitude."""

    start: int
    end: int
    value: Value
    worded: bool = False
    vague: bool = False
    scale: float = 1


def parse_words(words: list[str], numbers: NumberWords) -> tuple[int, int]:
    """Return the value of the longest run of number words that makes one number, and how many words it takes.

    >>> from apparatus.knowledge import the_knowledge
    >>> parse_words("two hundred and fifty thousand".split(), the_knowledge().lexicon.numbers)
    (250000, 5)
    """
    total = group = used = 0
    scale, room = 10**15, 10**3
    for at, word in enumerate(words, start=1):
        size, value = numbers.magnitude.get(word, 0), numbers.cardinal.get(word)
        if size in (12, 20, 100) and 0 < group < 100:
            group, room = group * size, 100
        elif size > 100 and group and size < scale:
            total, group, scale, room = total + group * size, 0, size, 1000
        elif value is not None and value < room and (value or not used):
            group, room = group + value, 10 if value >= 20 else 1
        elif word != "and":
            break
        used = at if word != "and" else used
    return total + group, used


class Amounts:
    """The patterns of one lexicon for numbers in digits and words."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the patterns once for all texts."""
        self.numbers = lexicon.numbers
        magnitude = alternatives(self.numbers.magnitude)
        short = alternatives(self.numbers.short)
        word = alternatives([*self.numbers.cardinal, *self.numbers.magnitude])
        joined = r"(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and )"
        self.digits = rf"{DIGITS}(?:[ -](?:{magnitude}(?: {magnitude})?)\b|{short}(?!\w))?"
        self.words = (
            rf"(?:(?:half an?|an?) (?={magnitude}\b))?{word}(?:{joined}{word})*(?: and a half(?: {magnitude})?)?\b"
        )
        self.pattern = re.compile(
            rf"(?P<digits>{DIGITS})(?:[ -](?P<scale>{magnitude}(?: {magnitude})?)\b|(?P<short>{short})(?!\w))?"
            rf"|(?P<words>{self.words})",
            re.IGNORECASE,
        )

    def read(self, text: str, start: int, end: int) -> Amount | None:
        """Return the amount that begins at a place, or None where the words make none."""
        match = self.pattern.match(text, start, end)
        if not match:
            return None
        return self._worded(match) if match["words"] else self._in_digits(match)

    def _in_digits(self, match: re.Match[str]) -> Amount | None:
        scale: float = self.numbers.short.get(match["short"] or "", 1)
        for word in (match["scale"] or "").casefold().split():
            scale *= self.numbers.magnitude.get(word, 1)
        if len(match["digits"]) > LONGEST:
            return None
        return Amount(match.start(), match.end(), plain(_value(match["digits"]) * scale), scale=scale)

    def _worded(self, match: re.Match[str]) -> Amount | None:
        text = match[0].casefold()
        lead = re.match(r"(half an?|an?) ", text)
        rest, half, tail = text[lead.end() if lead else 0 :].partition(" and a half")
        tokens = list(re.finditer(r"[a-z]+", rest))
        words = [token[0] for token in tokens]
        value, used = parse_words(["one", *words] if lead else words, self.numbers)
        used -= bool(lead)
        if used < 1:
            return None
        end = match.start() + (lead.end() if lead else 0) + tokens[used - 1].end()
        amount: float = value * (0.5 if lead and lead[1].startswith("half") else 1)
        if half and used == len(words):
            amount, end = (amount + 0.5) * self.numbers.magnitude.get(tail.strip(), 1), match.end()
        return Amount(match.start(), end, plain(amount), worded=True)

    def many(self, start: int, words: str) -> Amount | None:
        """Return a vague multitude: "tens of thousands" is 10,000 to 99,999."""
        intervals = [self.numbers.many.get(word) for word in words.casefold().split(" of ")]
        low, high = 1, 0
        for interval in intervals:
            if interval is None:
                return None
            low, high = low * interval[0], (high + 1) * interval[0] - 1 if high else interval[1]
        return Amount(start, start + len(words), (low, high), worded=True, vague=True)


def joined(low: Amount, high: Amount) -> Amount | None:
    """Return the range of two amounts, or None where they make none; "2 to 5 million" scales both."""
    if isinstance(low.value, tuple) or isinstance(high.value, tuple):
        return None
    first = low.value * high.scale if low.scale == 1 and low.value * high.scale < high.value else low.value
    return replace(low, end=high.end, value=(plain(first), high.value))


def _value(digits: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        return float(digits.replace(".", ""))
    whole, *decimals = re.split("[.·]", re.sub(r"[,'’ ]", "", digits))
    return float(f"{whole}.{decimals[0]}") if len(decimals) == 1 else float(whole)


def plain(value: float) -> float:
    """Return a whole number as an int, as JSON and the gold write it."""
    return int(value) if value == int(value) else round(value, 6)
