"""Numbers in digits and words: quantities, durations, ordinals, identifiers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from apparatus.extract.dates import view_dates
from apparatus.extract.nouns import Nouns, singular
from apparatus.extract.phrases import Found, mark_all
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, NumberWords, alternatives
from apparatus.model import Document, Quantity

Value = float | tuple[float, float]
JOINED = {100: "hundred", 1000: "thousand"}


def find_numbers(doc: Document, known: Knowledge) -> list[Quantity]:
    """Return every number of a document that tells a quantity, duration, rank or label, with its modifier and unit.

    Dates are found first and are no numbers; nor are page numbers and list numerals, clock times, and "one" where
    nothing is counted.
    """
    return mark_all(doc, Quantity, _found(doc, known))


def _found(doc: Document, known: Knowledge) -> Iterator[Found]:
    text = doc.view.text
    reader = _reader(known.lexicon)
    dates = view_dates(doc, known)
    starts = [start for start, _, _ in dates]
    last = 0
    for match in reader.pattern.finditer(text):
        index = bisect_right(starts, match.end() - 1) - 1
        if match.start() < last or (index >= 0 and dates[index][1] > match.start()):
            continue
        for start, end, fields in reader.read(text, match):
            if start >= last:
                yield start, end, fields
                last = end


@lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> _Reader:
    return _Reader(lexicon)


def parse_words(words: list[str], numbers: NumberWords) -> tuple[float, int]:
    """Return the value of the longest run of number words that makes one number, and how many words it takes.

    >>> from apparatus.knowledge import the_knowledge
    >>> parse_words("two hundred and fifty thousand".split(), the_knowledge().lexicon.numbers)
    (250000, 5)
    """
    total, group, used = 0, 0, 0
    scale, room = 10**15, 10**3
    for at, word in enumerate(words):
        if word == "and":
            continue
        if word in numbers.magnitude:
            size = numbers.magnitude[word]
            if size == 100 and 0 < group < 100:
                group, room = group * 100, 100
            elif group and size > 100 and size < scale:
                total, group, scale, room = total + group * size, 0, size, 1000
            elif group and size in (12, 20):
                group, room = group * size, 0
            else:
                break
        else:
            value = numbers.cardinal[word]
            if value >= room or (value == 0 and used):
                break
            group, room = group + value, 10 if value >= 20 else 1
        used = at + 1
    return total + group, used


@dataclass(frozen=True)
class _Core:
    """A number in itself: its place, its value, and whether it is written in words."""

    start: int
    end: int
    value: Value
    worded: bool = False
    vague: bool = False


class _Reader:
    """The patterns of one lexicon, and the reading of what they match."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.nouns = Nouns(lexicon)
        n = lexicon.numbers
        words = alternatives([*n.cardinal])
        magnitude = alternatives(w for w, v in n.magnitude.items())
        any_word = alternatives([*n.cardinal, *n.magnitude])
        joined = r"(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and )"
        short = alternatives(n.short)
        self.digits = r"\d{1,3}(?:[,'’ ]\d{3})+(?:\.\d+)?(?![\d])|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:[.·]\d+)+|\d+,\d{1,2}(?![\d,])|\d+"
        scaled = rf"(?:{self.digits})(?:(?:[ -]{magnitude}(?:[ -]{magnitude})?s?\b)|{short}(?!\w))?"
        worded = rf"(?:(?:half an?|an?) (?={magnitude}\b))?(?:{any_word})(?:{joined}(?:{any_word}))*(?: and a half)?(?: {magnitude})?"
        many = rf"(?:(?:tens|dozens|scores|hundreds|thousands) of )?{alternatives(n.many)}(?= of\b)"
        part = rf"(?:(?:{words}|an?)[ -](?:{alternatives(n.part)})(?=s? of\b|[- ](?:majority|share)| )|\bhalf(?= (?:of|a|the|its|their)\b)|\d+/\d+)"
        ordinal = rf"\d+(?:st|nd|rd|th)|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ])?{alternatives(n.ordinal)}"
        currency = alternatives(lexicon.currencies)
        self.currency = re.compile(rf"(?<![A-Za-z]){currency} ?$")
        label = r"[A-Z]{1,6}[a-z]?-?|[A-Z][a-z]+-"
        self.pattern = re.compile(
            rf"(?<![\w.,/:@#-])(?P<code>(?:{label})\d+(?:[-/]\d+)*[A-Za-z]?(?![\w.]\w))"
            r"|(?<!\w)(?P<skip>(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d+(?::\d+)+)(?!\d))"
            rf"|(?<![\w.])(?P<ordinal>{ordinal})(?!\w|-?(?:hand|class|rate|guess|person)\b)"
            rf"|(?<!\w)(?P<many>{many})"
            rf"|(?<!\w)(?P<part>{part})"
            rf"|(?<![\w.])(?P<number>(?:{scaled}|(?<!\w){worded}\b)(?P<to>(?: ?[-–—] ?|-to-| to | or (?=\w+ )|(?<=\d) ?~ ?)(?:{currency} ?)?(?:{scaled}|{worded}\b))?)",
            re.IGNORECASE,
        )
        self.case_label = re.compile(rf"(?:{label})\d")
        self.before = re.compile(rf"(?<!\w){alternatives(lexicon.modifiers)} ?$", re.IGNORECASE)
        self.after = re.compile(rf",? ?{alternatives(lexicon.modifiers_after)}(?!\w)")
        self.core = re.compile(rf"(?P<digits>{self.digits})(?:[ -]?(?P<scale>(?:{magnitude}|{short})(?:[ -]{magnitude})?)s?)?(?!\w)|(?P<words>{worded})", re.IGNORECASE)
        self.unit = re.compile(rf"(?P<gap> ?-? ?)(?P<unit>{alternatives(lexicon.units)})(?!\w)(?P<per>(?:/| per | a | an | every )(?:year|month|week|day|hour|minute|second|annum|capita|person|head|barrel|tonne|ton|share|kilometre|km|litre|liter|gallon|night|MWh|kWh)\b)?")

    def read(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield the numbers of one match."""
        kind = match.lastgroup if match.lastgroup != "to" else "number"
        if kind == "code" and self.case_label.match(match[0]):
            yield from self._code(text, match)
        elif kind == "ordinal":
            yield from self._ordinal(text, match)
        elif kind == "many":
            yield from self._many(text, match)
        elif kind == "part":
            yield from self._part(text, match)
        elif kind == "number":
            yield from self._number(text, match)

    def _code(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        digits = re.findall(r"\d+", match[0])
        yield match.start(), match.end(), _fields("identifier", int(digits[0]), what=match[0])

    def _ordinal(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        word = match[0].lower()
        digits = re.match(r"\d+", word)
        value = int(digits[0]) if digits else self._ordinal_value(word)
        before = text[max(0, match.start() - 40) : match.start()]
        if not digits and not self.nouns.is_rank(before, text[match.end() : match.end() + 30], word):
            return
        end, unit = self.nouns.ranked(text, match.end())
        name = text[match.start() : end]
        kind = "identifier" if set(name.split()) & self.lexicon.grammar["formation"] and digits else "ordinal"
        if not unit:
            unit = self.nouns.counted_before(text, match.start())
        yield match.start(), end, _fields(kind, value, unit=unit if kind == "ordinal" else "", what=self.nouns.about(text, match.end(), end))

    def _ordinal_value(self, word: str) -> int:
        ordinals, cardinals = self.lexicon.numbers.ordinal, self.lexicon.numbers.cardinal
        parts = re.split("[- ]", word)
        return sum(cardinals[part] for part in parts[:-1]) + ordinals[parts[-1]]

    def _many(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        low, high = 1, 1
        for word in match[0].lower().split(" of "):
            least, most = self.lexicon.numbers.many[word]
            low, high = (low * least, high * most) if high == 1 else (low * least, (high + 1) * least - 1)
        yield from self._measured(text, _Core(match.start(), match.end(), (low, high), worded=True, vague=True))

    def _part(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        words = re.split("[ -]", match[0].lower())
        if "/" in match[0]:
            above, below = map(int, match[0].split("/"))
        else:
            above = self.lexicon.numbers.cardinal.get(words[0], 1)
            below = self.lexicon.numbers.part[words[-1]]
        if not 0 < above < below or (below in (3, 5, 6, 7, 8, 9, 10) and words[0] in ("a", "an") and not text.startswith(" of", match.end())):
            return
        if words[0] in ("a", "an") and below == 2:
            return
        start, modifier = self._modifier(text, match.start())
        end = match.end()
        yield start, end, _fields("quantity", round(above / below, 4), modifier, "share", self.nouns.after_of(text, end))

    def _number(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        first = self.core.match(text, match.start(), match.end())
        if not first:
            return
        low = self._core(first)
        if low is None:
            return
        if match["to"] and low.end == match.start("to"):
            second = self.core.search(text, match.start("to"), match.end())
            high = self._core(second) if second and second.start() < match.end() else None
            both = _joined(low, high, text, self.lexicon) if high else None
            if both:
                yield from self._measured(text, both)
                return
        yield from self._measured(text, low)

    def _core(self, match: re.Match[str]) -> _Core | None:
        numbers = self.lexicon.numbers
        if match["digits"]:
            value = _digits(match["digits"])
            for word in re.split("[ -]", match["scale"] or ""):
                value *= numbers.magnitude.get(word.lower(), numbers.short.get(word, 1) if word else 1)
            return _Core(match.start(), match.end(), _plain(value))
        return self._worded(match)

    def _worded(self, match: re.Match[str]) -> _Core | None:
        raw = match[0].lower()
        lead = re.match(r"(half an?|an?) ", raw)
        rest = raw[lead.end() :] if lead else raw
        tokens = [(m[0], m.end()) for m in re.finditer(r"[a-z]+", rest)]
        words = [word for word, _ in tokens]
        factor: float = 1
        shift = 1 if lead else 0
        if lead:
            factor, words = (0.5 if lead[1].startswith("half") else 1), ["one", *words]
        half = " ".join(words).find(" and a half")
        value, used = parse_words(words[: words.index("half") - 2] if half > 0 else words, self.lexicon.numbers)
        if used <= shift:
            return None
        end = tokens[used - 1 - shift][1]
        if half > 0:
            value, end = value + 0.5, tokens[words.index("half") - shift][1]
            after = tokens[words.index("half") - shift + 1 :]
            if after:
                value, end = value * self.lexicon.numbers.magnitude.get(after[0][0], 1), after[0][1]
        offset = match.start() + (lead.end() if lead else 0)
        return _Core(match.start(), offset + end, _plain(value * factor), worded=True)

    def _modifier(self, text: str, start: int) -> tuple[int, str]:
        found = self.before.search(text, max(0, start - 24), start)
        if not found:
            return start, "exact"
        word = found[0].strip()
        name = self.lexicon.modifiers.get(word) or self.lexicon.modifiers[word.lower()]
        return found.start(), name

    def _measured(self, text: str, core: _Core) -> Iterator[Found]:
        """Yield a cardinal with what stands round it: modifier, currency, unit or counted noun; or nothing."""
        if self._is_numeral(text, core):
            return
        start, value = core.start, core.value
        currency = self.currency.search(text, max(0, start - 6), start)
        if currency:
            start = currency.start()
        if text[start - 1 : start] in "-−–" and start > 0 and (start == 1 or text[start - 2] in " (") and not core.worded and not isinstance(value, tuple):
            start, value = start - 1, -value
        label = self.nouns.label_before(text, core.start) if not currency and not core.worded else None
        end, unit, kind = self._unit(text, core, bool(currency))
        if label is not None and (not unit or label[1]):
            yield label[0], core.end, _fields("identifier", value, what=text[label[0] : core.end])
            yield from self._series(text, core.end)
            return
        start, modifier = self._modifier(text, start)
        if core.vague:
            modifier = "about" if modifier == "exact" else modifier
        between = re.search(r"\b(?:between|from) $", text[max(0, start - 8) : start], re.IGNORECASE)
        if between and isinstance(value, tuple) and " to " in text[core.start : core.end]:
            start -= len(between[0])
        if modifier == "exact" and (after := self.after.match(text, end)):
            modifier, end = self.lexicon.modifiers_after[after[0].strip(" ,")], after.end()
        if currency:
            name = self.lexicon.currencies.get(currency[0].strip()) or self.lexicon.currencies[currency[0].strip().upper()]
            unit = name + unit[unit.index("/") :] if "/" in unit else name
        if core.worded and value == 1 and not self._one_counts(text, core, unit, modifier):
            return
        yield start, end, _fields(kind, value, modifier, unit or self.nouns.of_what(text, end), self.nouns.about(text, core.end, end))

    def _unit(self, text: str, core: _Core, has_currency: bool) -> tuple[int, str, str]:
        """Return where the unit ends, its name and the kind of number it makes."""
        at = core.end
        if core.vague:
            at = core.end + 3
        match = self.unit.match(text, at)
        if match and not (len(match["unit"]) == 1 and match["unit"].isalpha() and match["gap"]) and not (core.worded and match["gap"] == ""):
            unit = self.lexicon.units[match["unit"]]
            if unit.kind != "count" and not (has_currency and unit.kind != "currency"):
                per = self._per(match)
                end = match.end() if per else match.end("unit")
                end = self._suffix(text, end, match["gap"])
                return end, unit.name + per, "duration" if unit.kind == "duration" and not per else "quantity"
        if has_currency:
            per = re.match(r"(?:/| per | a )(year|month|week|day|hour|barrel|tonne|ton|head|person|share|litre|MWh|kWh)\b", text[at : at + 12])
            return (at + per.end(), f"/{per[1]}", "quantity") if per else (core.end, "", "quantity")
        end, name = self.nouns.counted(text, at, core.value == 1)
        return (end if name else core.end, name, "quantity")

    def _per(self, match: re.Match[str]) -> str:
        words = re.split(r"[/ ]+", match["per"] or "")
        unit = self.lexicon.units[match["unit"]]
        if not match["per"] or (unit.kind == "duration" and words[1] == "a"):
            return ""
        return "/" + words[-1].replace("annum", "year")

    def _suffix(self, text: str, end: int, gap: str) -> int:
        """Return the end with what a hyphenated duration drags along: "30-year-long", "20-year-old"."""
        more = re.match(r"-(?:long|old|olds|odd)\b", text[end : end + 6])
        return end + more.end() if more and "-" in gap else end

    def _series(self, text: str, at: int) -> Iterator[Found]:
        """Yield the further numbers of a label: "Resolutions 822, 853, 874 and 884"."""
        while match := re.compile(r"(?:, and |, | and | or | & )(\d{1,5})(?![\d%]|[.,]\d| [a-z])(?= |[.,;:)]|$)").match(text, at):
            yield match.start(1), match.end(1), _fields("identifier", int(match[1]))
            at = match.end()

    def _is_numeral(self, text: str, core: _Core) -> bool:
        """Tell whether a number numbers a page or an item, or is part of an address, a word or a date."""
        if core.worded:
            return text[core.start - 1 : core.start] == "-" and text[core.start - 2 : core.start - 1].isalpha()
        before, after = text[max(0, core.start - 2) : core.start], text[core.end : core.end + 2]
        alone = (core.start == 0 or before.endswith("\n")) and (after[:1] in ("\n", "") or re.match(r"[.)] ", after))
        return bool(alone) or bool(re.match(r"[A-Za-z_@]", after)) or bool(re.search(r"[A-Za-z]-$", before) and before[0].isalpha() and after[:1] == "-")

    def _one_counts(self, text: str, core: _Core, unit: str, modifier: str) -> bool:
        """Tell a count ("one civilian", "one day") from the pronoun and the determiner ("one of the most")."""
        if modifier != "exact":
            return True
        match = self.unit.match(text, core.end)
        if not match:
            return False
        known = self.lexicon.units[match["unit"]]
        if known.kind == "duration" and text[core.start].isupper() and match["gap"] == " ":
            return False
        return known.one or known.kind != "count"


def _joined(low: _Core, high: _Core, text: str, lexicon: Lexicon) -> _Core | None:
    """Return the range of two numbers; "2 to 5 million" scales both, "three or four" is one too."""
    if isinstance(low.value, tuple) or isinstance(high.value, tuple):
        return None
    first = low.value
    scale = re.search(rf"{alternatives([*lexicon.numbers.magnitude, *lexicon.numbers.short])}$", text[low.end : high.end].split("-")[-1].split("–")[-1])
    if scale and first < high.value and not re.search(r"[a-z]$", text[low.start : low.end]):
        size = lexicon.numbers.magnitude.get(scale[0], lexicon.numbers.short.get(scale[0], 1))
        first = first * size if first * size < high.value else first
    if first >= high.value and " to " in text[low.end : high.start + 1]:
        return None
    return _Core(low.start, high.end, (_plain(first), high.value), low.worded)


def _digits(text: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text):
        return float(text.replace(".", ""))
    plain = re.sub(r"[,'’ ]", "", text)
    return float(plain) if plain.count(".") <= 1 and "·" not in plain else float(re.match(r"\d+", plain)[0])  # type: ignore[index]


def _plain(value: float) -> float:
    """Return a whole number as an int, as the gold and JSON write it."""
    return int(value) if value == int(value) else round(value, 6)


def _fields(kind: str, value: Value, modifier: str = "exact", unit: str = "", what: str = "") -> dict[str, Any]:
    return {"kind": kind, "value": value, "modifier": modifier, "unit": unit, "what": what}
