"""What stands round a number: its modifier, its currency, its unit, and the rate it is given at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apparatus.extract.amounts import Amount
from apparatus.lexicon import Lexicon, alternatives

BETWEEN = re.compile(r"\bbetween $", re.IGNORECASE)
GOVERNOR = re.compile(r"(\w+) (over|about|up to) $")
OPENING = re.compile(r"(?:^|[.!?…][”\"’»)]*|\n|[“\"«])[\s“\"«]*$")
SINCE = re.compile(r"[\w-]+ \w+ (?:ago|later|earlier|before|after|of)\b")
CAPITALS = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,}){0,3}")
GAP = re.compile(r" ?-? ?")
DRAG = re.compile(r"-(?:long|olds?|odd)\b")
AFTERWARDS = re.compile(r" (?:later|earlier|before|after|ago|of|in)\b")
PRICE = re.compile(r"\d[\d,.]*(?:,\d{3}| ?[bm]n?\b| [bmt]r?illion)")
LATER = r"\b(?! (?:earlier|ago|later|before|after|and a half))"
PER = (
    r"(?:/| per )(?P<per>(?:\d[\d,]{0,12} |hundred |thousand |million )?(?:square |cubic |sq |live )?[A-Za-z][\w²³-]*)"
)
ADVERB = {"annually": "year", "daily": "day", "hourly": "hour", "monthly": "month", "weekly": "week", "yearly": "year"}


@dataclass(frozen=True)
class Measure:
    """What a number measures: where its unit ends in the view, the unit's name, and the kind of number it makes."""

    end: int
    unit: str
    kind: str
    joint: str = ""


class Measures:
    """The units, currencies and modifiers of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the patterns once for all texts."""
        self.lexicon = lexicon
        currency = alternatives(lexicon.currencies)
        self.currency_ends = {word[-1] for word in lexicon.currencies}
        self.modifier_ends = {word[-1] for word in lexicon.modifiers} | {word[-1].upper() for word in lexicon.modifiers}
        self.currency_before = re.compile(rf"(?<![A-Za-z]){currency} ?$")
        self.currency_here = re.compile(rf"{currency} ?")
        self.modifier_before = re.compile(rf"(?<!\w){alternatives(lexicon.modifiers)} ?$", re.IGNORECASE)
        self.modifier_after = re.compile(rf",? ?{alternatives(lexicon.modifiers_after)}(?!\w)")
        self.each = re.compile(rf"[ -](?:an?|each|every)[ -](?P<per>{alternatives(lexicon.grammar['rate'])}){LATER}")
        self.per = re.compile(rf"{PER}\b")
        self.adverb = re.compile(rf" (?P<per>{alternatives(ADVERB)})\b")
        units: dict[str, list[str]] = {}
        for word, unit in lexicon.units.items():
            if unit.kind != "count":
                units.setdefault(word[0], []).append(word)
        self.units = {initial: _any_of(words) for initial, words in units.items()}
        self.before_over = lexicon.grammar["before_over_duration"]
        self.change = re.compile(rf"(?<!\w){alternatives(lexicon.grammar['change'])} (?:[\w’'-]+ ){{0,4}}$")
        self.adverbial = lexicon.grammar["adverbial_time"]
        self.during = re.compile(rf"\b{alternatives(lexicon.grammar['before_one_day'])} $", re.IGNORECASE)

    def currency(self, text: str, at: int) -> tuple[int, str]:
        """Return where the currency before a number begins and its name, or (at, "")."""
        if text[max(0, at - 2) : at].rstrip(" ")[-1:] not in self.currency_ends:
            return at, ""
        found = self.currency_before.search(text, max(0, at - 14), at)
        if not found:
            return at, ""
        sign = found[0].strip()
        return found.start(), self.lexicon.currencies.get(sign) or self.lexicon.currencies[sign.upper()]

    def is_priced(self, text: str, at: int) -> bool:
        """Tell whether letters that touch a number are its currency: "Sh4.5 billion", but not the label "R2"."""
        start, _ = self.currency(text, at)
        return start < at - 1 or (start < at and bool(PRICE.match(text, at)))

    def currency_sign(self, text: str, at: int) -> int:
        """Return where a currency that stands at a place ends, with the space behind it."""
        match = self.currency_here.match(text, at)
        return match.end() if match else at

    def unit(self, text: str, amount: Amount) -> Measure | None:
        """Return the unit of measure right behind an amount, or None; a counted noun is none."""
        gap = GAP.match(text, amount.end + (3 if amount.vague and text.startswith(" of ", amount.end) else 0))
        assert gap
        pattern = self.units.get(text[gap.end() : gap.end() + 1])
        match = (pattern.match(text, gap.end()) if pattern else None) or self._in_capitals(text, gap.end())
        if not match or self._is_loose(match[0], gap[0], amount):
            return None
        unit = self.lexicon.units[match[0]]
        kind = "duration" if unit.kind == "duration" else "quantity"
        return Measure(gap.end() + len(match[0]), unit.name, kind, gap[0])

    def _in_capitals(self, text: str, at: int) -> re.Match[str] | None:
        """Return the unit of a headline in capitals: "3.5 MLN BPD"."""
        words = CAPITALS.match(text, at)
        pattern = self.units.get(text[at].lower()) if words else None
        return pattern.match(words[0].lower()) if words and pattern else None

    def measured(self, text: str, amount: Amount) -> Measure | None:
        """Return the unit of measure of an amount with its rate ("barrels per day"), or None."""
        found = self.unit(text, amount)
        if not found:
            return None
        if found.kind == "duration":
            drag = DRAG.match(text, found.end) if "-" in found.joint else None
            rated = self.each.match(text, found.end)
            if rated:
                return Measure(rated.end(), found.unit + self._rate(rated["per"]), "duration", found.joint)
            if drag or not self.per.match(text, found.end):
                return Measure(drag.end() if drag else found.end, found.unit, "duration", found.joint)
        end, rate = self.rate(text, found.end)
        return Measure(end, found.unit + rate, "quantity", found.joint)

    def rate(self, text: str, at: int) -> tuple[int, str]:
        """Return where a rate ends and its name ("a month" is "/month"), or (at, "")."""
        match = self.each.match(text, at) or self.adverb.match(text, at)
        if not match:
            return self.per_rate(text, at)
        return match.end(), self._rate(match["per"])

    def per_rate(self, text: str, at: int) -> tuple[int, str]:
        """Return where a rate with "per" or a slash ends and its name, or (at, "")."""
        match = self.per.match(text, at)
        return (at, "") if not match or match["per"] in ("cent", "se") else (match.end(), self._rate(match["per"]))

    def _rate(self, words: str) -> str:
        unit = self.lexicon.units.get(words)
        named = unit and unit.kind != "count" and not unit.name.endswith("s")
        return "/" + (ADVERB.get(words) or (unit.name if unit and named else words))

    def is_adverbial(self, text: str, amount: Amount, measure: Measure) -> bool:
        """Tell the adverb "one day" from the duration ("in one day", "one day later")."""
        if measure.unit not in self.adverbial or "-" in measure.joint:
            return False
        return not (
            self.during.search(text, max(0, amount.start - 14), amount.start) or AFTERWARDS.match(text, measure.end)
        )

    def modifier(self, text: str, start: int, *, lasts: bool) -> tuple[int, str]:
        """Return where the modifier before a number begins and its name; "control over eight villages" has none.

        With `lasts` the number is a duration: "over six years" is during them unless a word such as "lasted" governs.
        """
        if text[max(0, start - 2) : start].rstrip(" ")[-1:] not in self.modifier_ends:
            return start, "exact"
        found = self.modifier_before.search(text, max(0, start - 24), start)
        if not found:
            return start, "exact"
        word = found[0].strip()
        governor = GOVERNOR.search(text, max(0, start - 30), start)
        if governor and governor[1] in self.lexicon.grammar[f"governs_{governor[2].replace(' ', '_')}"]:
            return start, "exact"
        if lasts and word.lower() == "over":
            opens = OPENING.search(text, max(0, found.start() - 4), found.start()) and not SINCE.match(text, start)
            if opens or (governor and governor[1].lower() not in self.before_over):
                return start, "exact"
        return found.start(), self.lexicon.modifiers.get(word) or self.lexicon.modifiers[word.lower()]

    def extent(self, text: str, amount: Amount, start: int, end: int, *, lasts: bool) -> tuple[int, int, str]:
        """Return the span with the modifier before or after it, or with the "between" of a range."""
        start, modifier = self.modifier(text, start, lasts=lasts)
        if modifier == "exact" and (after := self.modifier_after.match(text, end)):
            return start, after.end(), self.lexicon.modifiers_after[after[0].strip(" ,")]
        if isinstance(amount.value, tuple) and " and " in text[amount.start : amount.end].lower():
            between = BETWEEN.search(text, max(0, start - 8), start)
            start = between.start() if between else start
        return start, end, "about" if amount.vague and modifier == "exact" else modifier

    @staticmethod
    def _is_loose(word: str, gap: str, amount: Amount) -> bool:
        """Tell a letter or sign that is no unit here: "5 m" is, "two m" and "3 C" are not."""
        if len(word) == 1 and word.isalpha():
            return amount.worded or (gap != "" and (word not in "mg" or gap != " "))
        return amount.worded and gap == ""


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{alternatives(words)}(?!\w)")
