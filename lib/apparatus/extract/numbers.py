"""Numbers in digits and words: quantities, durations, ordinals, identifiers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from heapq import merge
from typing import Any

import ahocorasick

from apparatus.extract.amounts import Amount, Amounts, Value, joined
from apparatus.extract.dates import view_dates
from apparatus.extract.nouns import Nouns
from apparatus.extract.phrases import Found, mark_all
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, alternatives
from apparatus.model import Document, Quantity

DIGIT_RUN = re.compile(r"\d+")
CODE = r"[A-Z]{1,6}[a-z]?-?|[A-Z][a-z]+-"
IS_CODE = re.compile(rf"(?:{CODE})\d")
LEAD = re.compile(rf"(?<!\w)(?:(?:half )?an? |half |{CODE})$", re.IGNORECASE)
SERIES = re.compile(r"(?:, and |, | and | or | & )(\d{1,5})(?![\d%]|[.,]\d)(?= |[.,;:)]|$)")
YEAR = re.compile(r"(?:1[89]|20)\d\d")
ELLIPSIS = re.compile(r"[^.;:!?\n]{1,80}(?:,|\band|\bor|\bto|\bfrom|\bthan) (?:and )?")
AGE = re.compile(r"[A-Z]\w+, $")  # "Jean Martin, 54, denied it"
BETWEEN = re.compile(r"\b(?:between|from) $", re.IGNORECASE)
MINUS = re.compile(r"(?:(?<=[\s(])|^)[-−–]$")
GOVERNOR = re.compile(r"(\w+) (over|about) $")
LETTER_IN_DISGUISE = re.compile(r"[^\W\d_a-zA-Z]")  # "ſ" and the Kelvin sign match "s" and "k" when case is ignored
PER_WORDS = (
    r"(?:year|month|week|day|hour|minute|second|annum|capita|person|head|barrel|tonne|ton|share|kilometre|km|litre"
    r"|liter|gallon|night|MWh|kWh)\b(?! (?:earlier|ago|later|before|after))"
)
PER = re.compile(rf"(?:/| per | a ){PER_WORDS}")


def find_numbers(doc: Document, known: Knowledge) -> list[Quantity]:
    """Return every number of a document that tells a quantity, duration, rank or label, with its modifier and unit.

    Dates are found first and are no numbers; nor are page numbers and list numerals, clock times, and "one" where
    nothing is counted. A number without a noun takes that of the count before it in its sentence.
    """
    return mark_all(doc, Quantity, _found(doc, known))


def _found(doc: Document, known: Knowledge) -> Iterator[Found]:
    text, reader = doc.view.text, _reader(known.lexicon)
    dates = view_dates(doc, known)
    starts = [start for start, _, _ in dates]
    last, counted = 0, ""
    for match in reader.matches(text):
        date = bisect_right(starts, match.end() - 1) - 1
        if match.start() < last or (date >= 0 and dates[date][1] > match.start()):
            continue
        for start, end, fields in reader.read(text, match):
            if start < last:
                continue
            if fields["kind"] == "quantity" and not fields["unit"] and ELLIPSIS.fullmatch(text, last, start):
                fields["unit"] = counted
            counted = fields["unit"] if fields["kind"] == "quantity" else ""
            yield start, end, fields
            last = end


@lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> _Reader:
    return _Reader(lexicon)


class _Reader:
    """The patterns of one lexicon, and the reading of what they match."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon, self.nouns, self.amounts = lexicon, Nouns(lexicon), Amounts(lexicon)
        n = lexicon.numbers
        currency = alternatives(lexicon.currencies)
        self.currency = re.compile(rf"(?<![A-Za-z]){currency} ?$")
        self.before = re.compile(rf"(?<!\w){alternatives(lexicon.modifiers)} ?$", re.IGNORECASE)
        self.after = re.compile(rf",? ?{alternatives(lexicon.modifiers_after)}(?!\w)")
        self.unit = re.compile(
            rf"(?P<gap> ?-? ?)(?P<unit>{alternatives(lexicon.units)})(?!\w)"
            rf"(?P<per>(?:/| per | a | an | every ){PER_WORDS})?"
        )
        self.pattern = self._pattern(currency)
        self.words = ahocorasick.Automaton()
        for word in (*n.cardinal, *n.ordinal, *n.magnitude, *n.many, "half"):
            for form in (word, word.capitalize(), word.upper()):
                self.words.add_word(form, len(form))
        self.words.make_automaton()

    def _pattern(self, currency: str) -> re.Pattern[str]:
        """Return the one pattern of all numbers; the name of the group that matched tells the form."""
        n, amounts = self.lexicon.numbers, self.amounts
        tens = alternatives(word for word, value in n.cardinal.items() if value >= 20)
        amount = rf"(?:{amounts.digits}|(?<!\w){amounts.words})"
        to = rf"(?: ?[-–—] ?|-to-| to | or (?=\w+ )|(?<=\d) ?~ ?)(?:{currency} ?)?"
        forms = {
            "code": rf"(?<![\w.,/:@#-])(?:{CODE})\d+(?:[-/]\d+)*[A-Za-z]?(?![\w.]\w)",
            "clock": r"(?<!\w)(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d+(?::\d+)+)(?!\d)",
            "ordinal": rf"(?<![\w.])(?:\d+(?:st|nd|rd|th)|(?:{tens}[- ])?{alternatives(n.ordinal)})(?!\w)",
            "many": rf"(?<!\w)(?:{alternatives(n.many)} of )?{alternatives(n.many)}(?= of\b)",
            "part": (
                rf"(?<!\w)(?:(?:{alternatives(n.cardinal)}|an?)[ -]{alternatives(n.part)}(?=s? of\b|[- ])"
                rf"|(?:{alternatives(n.cardinal)}|\d+) (?:in|out of) (?:every )?(?:{alternatives(n.cardinal)}|\d+)\b"
                r"|half(?= (?:of|the|its|their)\b)|\d+/\d+(?![/\d]))"
            ),
            "number": rf"(?<![\w.]){amount}(?P<to>{to}(?P<second>{amount}))?",
        }
        return re.compile("|".join(f"(?P<{name}>{form})" for name, form in forms.items()), re.IGNORECASE)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches of the pattern, tried only where digits or a number word stand."""
        digits = (match.start() for match in DIGIT_RUN.finditer(text))
        words = sorted(end + 1 - length for end, length in self.words.iter(text))
        done = 0
        for place in merge(digits, words):
            if place < done or (text[place].isalpha() and text[place - 1 : place].isalnum()):
                continue
            lead = LEAD.search(text, max(done, place - 12), place)
            match = (self.pattern.match(text, lead.start()) if lead else None) or self.pattern.match(text, place)
            if match and not LETTER_IN_DISGUISE.search(match[0]):
                done = match.end()
                yield match

    def read(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield the numbers of one match."""
        groups = match.groupdict()
        if groups["code"] and IS_CODE.match(match[0]):
            digits = re.findall(r"\d+", match[0])
            yield *match.span(), _fields("identifier", int(digits[0][:18]), what=match[0])
        elif groups["ordinal"]:
            yield from self._ordinal(text, match)
        elif groups["many"] and (many := self.amounts.many(match.start(), match[0])):
            yield from self._measured(text, many)
        elif groups["part"]:
            yield from self._part(text, match)
        elif groups["number"]:
            yield from self._number(text, match)

    def _ordinal(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        word = match[0].casefold()
        digits = re.match(r"\d+", word)
        if not digits and not self.nouns.is_rank(text, match.start(), match.end(), word):
            return
        end, unit = self.nouns.ranked(text, match.end())
        what = self.nouns.about(text, match.end(), end)
        if digits and set(text[match.end() : end].split()) & self.lexicon.grammar["formation"]:
            yield match.start(), end, _fields("identifier", int(digits[0][:18]), what=what)
            return
        value = int(digits[0][:18]) if digits else self._rank(word)
        unit = unit or self.nouns.counted_before(text, match.start())
        yield match.start(), end, _fields("ordinal", value, unit=unit, what=what)

    def _rank(self, word: str) -> int:
        *tens, last = re.split("[- ]", word)
        return sum(self.lexicon.numbers.cardinal[ten] for ten in tens) + self.lexicon.numbers.ordinal[last]

    def _part(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield a share: "two-thirds of", "half the", "3/4"; "a third" only where "of" shows that it is no rank."""
        words = re.split("[ -]", match[0].casefold())
        numbers = self.lexicon.numbers
        if "/" in match[0]:
            above, below = (int(part[:9]) for part in match[0].split("/"))
        elif "in" in words or "of" in words:
            above, below = (numbers.cardinal.get(word) or int(word[:9]) for word in (words[0], words[-1]))
        else:
            above, below = numbers.cardinal.get(words[0], 1), numbers.part[words[-1]]
        article = words[0] in ("a", "an")
        if not 0 < above < below or (article and (below == 2 or not text.startswith(" of", match.end()))):
            return
        start, modifier = self._modifier(text, match.start())
        what = self.nouns.measured(text, start, match.end())
        yield start, match.end(), _fields("quantity", round(above / below, 4), modifier, "share", what)

    def _number(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        low = self.amounts.read(text, match.start(), match.end())
        if not low:
            return
        high = None
        if BETWEEN.search(text, max(0, low.start - 8), low.start) and text.startswith(" and ", low.end):
            high = self.amounts.read(text, low.end + 5, len(text))
        elif match["to"] and low.end == match.start("to"):
            high = self.amounts.read(text, match.start("second"), match.end())
        yield from self._measured(text, (joined(low, high) if high else None) or low)

    def _modifier(self, text: str, start: int) -> tuple[int, str]:
        """Return the modifier before a number and where it begins; "control over eight villages" has none."""
        found = self.before.search(text, max(0, start - 24), start)
        if not found:
            return start, "exact"
        governor = GOVERNOR.search(text, max(0, start - 30), start)
        if governor and governor[1] in self.lexicon.grammar[f"governs_{governor[2]}"]:
            return start, "exact"
        word = found[0].strip()
        return found.start(), self.lexicon.modifiers.get(word) or self.lexicon.modifiers[word.lower()]

    def _measured(self, text: str, amount: Amount) -> Iterator[Found]:
        """Yield a cardinal with what stands round it: modifier, currency, unit or counted noun; or nothing."""
        if self._is_numeral(text, amount):
            return
        currency = self.currency.search(text, max(0, amount.start - 6), amount.start)
        end, unit, kind = self._unit(text, amount, has_currency=bool(currency))
        label = None if currency or amount.worded else self.nouns.label_before(text, amount.start)
        if label and (label[1] or not unit):
            if label[1] or not YEAR.fullmatch(text, amount.start, amount.end):
                yield from self._labelled(text, label[0], amount)
            return
        if currency:
            sign = currency[0].strip()
            unit = (self.lexicon.currencies.get(sign) or self.lexicon.currencies[sign.upper()]) + unit
        start, value = currency.start() if currency else amount.start, amount.value
        if (
            not amount.worded
            and not isinstance(value, tuple)
            and (minus := MINUS.search(text, max(0, start - 2), start))
        ):
            start, value = minus.start(), -value
        if not unit and AGE.search(text, max(0, start - 20), start) and re.match("[,.;]", text[end : end + 1]):
            unit, kind = "year", "duration"
        start, end, modifier = self._extent(text, amount, start, end)
        if amount.worded and value == 1 and modifier == "exact" and not self._one_counts(text, amount):
            return
        noun = kind == "quantity" and not currency and text[amount.end : end].strip(" -%")
        what = self.nouns.about(text, amount.end, end) if noun else self.nouns.measured(text, start, end)
        yield start, end, _fields(kind, value, modifier, unit or self.nouns.of_what(text, end), what)

    def _extent(self, text: str, amount: Amount, start: int, end: int) -> tuple[int, int, str]:
        """Return the span with the modifier before or after it, or with the "between" of a range."""
        start, modifier = self._modifier(text, start)
        if modifier == "exact" and (after := self.after.match(text, end)):
            return start, after.end(), self.lexicon.modifiers_after[after[0].strip(" ,")]
        between = BETWEEN.search(text, max(0, start - 8), start)
        if between and isinstance(amount.value, tuple) and re.search(" (?:to|and) ", text[amount.start : amount.end]):
            start = between.start()
        return start, end, "about" if amount.vague and modifier == "exact" else modifier

    def _labelled(self, text: str, start: int, amount: Amount) -> Iterator[Found]:
        """Yield a label and the further numbers of its series: "Resolutions 822, 853, 874 and 884"."""
        yield start, amount.end, _fields("identifier", amount.value, what=text[start : amount.end])
        at = amount.end
        while (match := SERIES.match(text, at)) and not self.nouns.counted(text, match.end(), single=False)[1]:
            yield *match.span(1), _fields("identifier", int(match[1]))
            at = match.end()

    def _unit(self, text: str, amount: Amount, *, has_currency: bool) -> tuple[int, str, str]:
        """Return where the unit ends, its name and the kind of number it makes."""
        at = amount.end + (3 if amount.vague else 0)
        if has_currency:
            per = PER.match(text, at)
            return (per.end(), "/" + re.split("[/ ]", per[0])[-1], "quantity") if per else (amount.end, "", "quantity")
        match = self.unit.match(text, at)
        if match and not self._is_loose(match, amount):
            unit = self.lexicon.units[match["unit"]]
            per_what = re.split("[/ ]", match["per"])[-1].replace("annum", "year") if match["per"] else ""
            if unit.kind == "duration" and (not per_what or match["per"].startswith((" a ", " every "))):
                drag = (
                    re.compile(r"-(?:long|olds?|odd)\b").match(text, match.end("unit")) if "-" in match["gap"] else None
                )
                return drag.end() if drag else match.end("unit"), unit.name, "duration"
            if unit.kind != "count":
                return match.end(), f"{unit.name}/{per_what}" if per_what else unit.name, "quantity"
        end, name = self.nouns.counted(text, at, single=amount.value == 1)
        return end if name else amount.end, name, "quantity"

    def _is_loose(self, match: re.Match[str], amount: Amount) -> bool:
        """Tell a letter or sign that is no unit here: "5 m" may be, "two m" and "3 C" are not."""
        return (len(match["unit"]) == 1 and match["unit"].isalpha() and match["gap"] != "") or (
            amount.worded and match["gap"] == ""
        )

    def _is_numeral(self, text: str, amount: Amount) -> bool:
        """Tell whether a number numbers a page or an item, or is part of an address or a word."""
        before, after = text[max(0, amount.start - 2) : amount.start], text[amount.end : amount.end + 2]
        if amount.worded:
            return before.endswith("-") and before[:1].isalpha()
        alone = before == "" or before.endswith("\n")
        if alone and (after[:1] in ("\n", "") or re.match(r"[.)] ", after)):
            return True
        glued = re.match(r"[A-Za-z_@]", after) and not self.unit.match(text, amount.end)
        return bool(glued) or (before.endswith("-") and before[0].isalpha() and after[:1] == "-")

    def _one_counts(self, text: str, amount: Amount) -> bool:
        """Tell a count ("one civilian", "one day") from the pronoun and the determiner ("one of the most")."""
        match = self.unit.match(text, amount.end)
        if not match:
            return False
        unit = self.lexicon.units[match["unit"]]
        opening = text[amount.start].isupper() and match["gap"] == " "
        return unit.one or (unit.kind != "count" and not (unit.kind == "duration" and opening))


def _fields(kind: str, value: Value, modifier: str = "exact", unit: str = "", what: str = "") -> dict[str, Any]:
    return {"kind": kind, "value": value, "modifier": modifier, "unit": unit, "what": what}
