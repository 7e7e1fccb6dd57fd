"""Numbers in themselves: digits, number words and magnitudes, and what they amount to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction

from apparatus.lexicon import Lexicon, NumberWords, alternatives

Value = float | tuple[float, float]
VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
DIGITS = (
    r"(?:\d+(?:\.\d+)? ?[×x] ?10\^[-−]?\d{1,2}(?!\d)|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|\d{1,3}(?:[,'’ ]\d{3})+(?:\.\d+)?(?!\d)|\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    rf"|\d* ?[{VULGAR}]|\d+[ -]\d/\d\d?(?![\d/])|\d+[.·]\d+|\d+,\d{{1,2}}(?![\d,])|\d+)"
)
LONGEST = 18  # more digits than that are a label or noise
MOST_WORDS = 12  # "one one one …" is no number, however long


@dataclass(frozen=True)
class Amount:
    """A number in itself: its place in the view, its value, whether in words, and whether it is a vague multitude."""

    start: int
    end: int
    value: Value
    worded: bool = False
    vague: bool = False
    scale: int = 1


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
        self.numbers, self.several = lexicon.numbers, lexicon.grammar["several"]
        magnitude, short = alternatives(self.numbers.magnitude), alternatives(self.numbers.short)
        word = alternatives([*self.numbers.cardinal, *self.numbers.magnitude])
        joined = r"(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and )"
        self.digits = rf"{DIGITS}(?:[ -](?:{magnitude}(?: {magnitude})?)\b|{short}(?!\w))?"
        self.words = (
            rf"(?:(?:half an?|an?) (?={magnitude}\b))?{word}(?:{joined}{word}){{0,{MOST_WORDS}}}"
            rf"(?:[ -]and[ -]a[ -]half(?:[ -]{magnitude})?)?\b"
        )
        self.vague = (
            rf"(?:{alternatives(self.several)} {magnitude}\b(?! and)"
            rf"|(?:{alternatives(self.numbers.many)} of )?{alternatives(self.numbers.many)}(?![\w-]))"
        )
        self.pattern = re.compile(
            rf"(?P<digits>{DIGITS})(?:[ -](?P<scale>{magnitude}(?: {magnitude})?)\b|(?P<short>{short})(?!\w))?"
            rf"|(?P<words>{self.words})",
            re.IGNORECASE,
        )
        self.rest = re.compile(rf" (?P<digits>\d{{1,3}})(?: (?P<scale>{magnitude}))?(?![\w%]|[.,:/-]\d)", re.IGNORECASE)

    def read(self, text: str, start: int, end: int) -> Amount | None:
        """Return the amount that begins at a place, or None where the words make none."""
        match = self.pattern.match(text, start, end)
        if not match:
            return None
        return self._worded(match) if match["words"] else self._in_digits(match)

    def _in_digits(self, match: re.Match[str]) -> Amount | None:
        if len(match["digits"]) > LONGEST:
            return None
        scale = self.numbers.short.get(match["short"] or "", 1)
        for word in (match["scale"] or "").casefold().split():
            scale *= self.numbers.magnitude.get(word, 1)
        value, end = _value(match["digits"]) * scale, match.end()
        if match["scale"] and (rest := self.rest.match(match.string, end)):
            further = self.numbers.magnitude.get((rest["scale"] or "").casefold(), 1)
            if further < scale and int(rest["digits"]) * further < scale:
                value, end = value + int(rest["digits"]) * further, rest.end()
        return Amount(match.start(), end, plain(value), scale=scale)

    def _worded(self, match: re.Match[str]) -> Amount | None:
        text = match[0].casefold().replace("-and-a-half", " and a half")
        lead = re.match(r"(half an?|an?) ", text)
        rest, half, tail = text[lead.end() if lead else 0 :].partition(" and a half")
        tokens = list(re.finditer(r"[a-z]+", rest))
        words = [token[0] for token in tokens]
        value, used = parse_words(["one", *words] if lead else words, self.numbers)
        used -= bool(lead)
        if used < 1:
            return None
        end = match.start() + (lead.end() if lead else 0) + tokens[used - 1].end()
        amount = Fraction(value, 2) if lead and lead[1].startswith("half") else value
        if half and used == len(words):
            amount, end = (amount + Fraction(1, 2)) * self.numbers.magnitude.get(tail.strip(), 1), match.end()
        scale = max((self.numbers.magnitude.get(word, 1) for word in words[:used]), default=1)
        return Amount(match.start(), end, plain(amount), worded=True, scale=scale)

    def many(self, start: int, words: str, *, followed: bool) -> Amount | None:
        """Return a vague multitude: "tens of thousands" is 10,000 to 99,999, and "several thousand" are thousands.

        Only the plural of a magnitude is one without the "of" that follows: "dozens died", but not "the film scores".
        """
        low, high = 1, 0
        for word in words.casefold().split(" of "):
            interval = self.numbers.many.get(word) or self.numbers.many.get(word.rpartition(" ")[2] + "s")
            if interval is None or not (followed or " " in words or word[:-1] in self.numbers.magnitude):
                return None
            low, high = low * interval[0], (high + 1) * interval[0] - 1 if high else interval[1]
        return Amount(start, start + len(words), (low, high), worded=True, vague=True)


def joined(low: Amount, high: Amount) -> Amount | None:
    """Return the range of two amounts, or None where they make none; "2 to 5 million" scales both."""
    if isinstance(low.value, tuple) or isinstance(high.value, tuple):
        return None
    first = Fraction(str(low.value))
    scaled = first * high.scale if low.scale == 1 and first * high.scale < high.value else first
    return replace(low, end=high.end, value=(plain(scaled), high.value))


def _value(digits: str) -> Fraction | int:
    """Return what digits say: exactly, for 16.4 trillion must not become 16399999999999.998."""
    if digits.isascii() and digits.isdigit():
        return int(digits)
    if "^" in digits:
        mantissa, power = re.split(r" ?[×x] ?10\^", digits)
        return Fraction(mantissa) * Fraction(10) ** int(power.replace("−", "-"))
    if "/" in digits:
        whole, above, below = re.split("[ /-]", digits)
        return Fraction(whole) + (Fraction(int(above), int(below)) if int(below) else 0)
    if digits[-1] in VULGAR:
        part = Fraction(unicodedata.numeric(digits[-1])).limit_denominator(10)
        return Fraction(digits[:-1].strip() or 0) + part
    if re.fullmatch(r"[\d.]+,\d{1,2}", digits):
        return Fraction(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        return Fraction(digits.replace(".", ""))
    return Fraction(re.sub(r"[,'’ ]", "", digits).replace("·", "."))


def plain(value: Fraction | int) -> float:
    """Return a whole number as an int, as JSON and the gold write it."""
    return int(value) if value.denominator == 1 else float(value)
