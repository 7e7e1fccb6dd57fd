"""What a number counts when its own noun is left out: "eight airports were open, two closed"."""

from __future__ import annotations

import re
from typing import Any

from apparatus.extract.nouns import Nouns, singular
from apparatus.lexicon import Lexicon, alternatives

ELLIPSIS = re.compile(r"[^.;:!?\n]{1,80}(?:,|\b(?:and|or|to|from|than|of|at|with)) (?:and |just |only |another )?")
COORDINATED = re.compile(r"(?:,|,? (?:and|or|to)) ?(?:only |just )?")
SAME_SPAN = re.compile(r" (?:to|or|than) ")
VOTED = re.compile(r"\b(?:voted|vote of|vote was) $")
OF_WHICH = re.compile(r" of (?:which|whom)\b")
NAMED_BEFORE = re.compile(r"([a-z]+s), $")
PARENT = re.compile(r"(?:father|mother|parent)s? of $")
UNSHARED = ("percent", "share", "times")
SCALE = re.compile(r"\b(Celsius|Fahrenheit)\b|[\d°] ?([CF])\b")
SHARES_MEASURE = re.compile(r"\b(?:to|from|against|than|with) $")
SUBJECT = re.compile(
    r"([\w-]+) (?:would|will|is|was|were|are|to|could|may|might)(?: (?:be|become|have been))? (?:the )?$"
)
LARGE = 1_000_000
SENTENCES = 3  # as many ends of sentences and it is not
STOP = re.compile(r"[.!?][”\"’)]?\s")
REACH = 400  # characters over which a noun is still in mind


class Counting:
    """What was last counted in a text, as its numbers are met one after another."""

    def __init__(self, text: str, lexicon: Lexicon, nouns: Nouns) -> None:
        """Begin a text, with nothing counted yet."""
        self.text, self.nouns = text, nouns
        scale = SCALE.search(text)
        self.degree = f" {'Celsius' if 'C' in scale[0] else 'Fahrenheit'}" if scale else ""
        self.measure, self.ranked, self.ranked_end = "", "", 0
        self.measures = {unit.name for unit in lexicon.units.values() if unit.kind != "count"} | {"share", "times"}
        change = alternatives(lexicon.grammar["change"])
        self.subject = re.compile(
            rf"([A-Za-z]+s) (?:has |have |had )?{change}(?: [a-z]+ly)? (?:to|from|by|at) $"
            r"|\b(?:number|total) of ((?:[\w’'-]+ ){0,3}?[a-z]+s) (?:[\w’'-]+ ){0,5}(?:to|at|by|is|was|reached|from) $"
        )
        self.befalls = re.compile(
            r"(?: more| others)?(?: who\b|(?: were| was| have been| had been| are| remain)?(?: [a-z]+ly)? "
            rf"{alternatives(lexicon.grammar['befallen'])}\b)"
        )
        self.inhabits = re.compile(rf"(?<!\w){alternatives(lexicon.grammar['of_people'])}(?: [a-z]+){{0,4}} $")
        self.pays = re.compile(rf"\b{alternatives(lexicon.grammar['of_money'])} (?:[a-z]+ )?$")
        self.last, self.near, self.span, self.ages = 0, "", "", False
        self.far, self.large, self.far_end, self.large_end = "", "", 0, 0

    def complete(self, start: int, end: int, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of the next number, with the unit of a number before it where it names none."""
        if fields["kind"] == "ordinal" and not fields["unit"]:
            fields |= {"unit": self._rank(start)}
        elif fields["unit"] == "degree":
            fields |= {"unit": fields["unit"] + self.degree}
        elif fields["unit"] == "points" and self.measure == "percent" and self._in_sentence(start):
            fields |= {"unit": "percentage points"}
        elif fields["kind"] == "quantity" and fields["unit"][:1] in ("", "/") and not _falls(fields["value"]):
            rate = fields["unit"]
            between = self.text[self.last : start] if start - self.last < 12 else ""
            if self.ages and COORDINATED.fullmatch(between):
                fields |= {"kind": "duration", "unit": "year"}
            elif self.span and SAME_SPAN.fullmatch(between):
                fields |= {"kind": "duration", "unit": self.span}
            else:
                fields |= {"unit": self._unit(start, end, fields["value"]) + rate}
        counted = fields["unit"].split("/")[0]
        if not fields["what"] and counted not in self.measures:
            fields |= {"what": counted}
        self._remember(start, end, fields)
        return fields

    def _rank(self, start: int) -> str:
        """Return what was ranked, counted or named before a bare rank: "eight airports and a ninth"."""
        sentence = re.split(r"[.!?] ", self.text[max(0, start - 120) : start])[-1]
        if subject := SUBJECT.search(sentence):
            return singular(subject[1].lower())
        if self.ranked and self.ranked_end > start - len(sentence):
            return self.ranked
        words = re.findall(r"[A-Za-z-]+", sentence)
        plurals = [word for word in words if self.nouns.is_plural(word) and word not in self.nouns.stop]
        return singular(plurals[-1].lower()) if plurals else ""

    def _in_sentence(self, start: int) -> bool:
        return start - self.last < 160 and not re.search(r"[.!?]\s", self.text[self.last : start])

    def _governed(self, start: int, end: int) -> str:
        """Return what the words round a number make it count: "killed three", "120 injured", "some 300 of whom"."""
        text = self.text
        if OF_WHICH.match(text, end) and (named := NAMED_BEFORE.search(text, max(0, start - 24), start)):
            return named[1]
        if PARENT.search(text, max(0, start - 12), start):
            return "children"
        if text.startswith(" of whom", end) or self.befalls.match(text, end):
            return "people"
        if text[start - 1 : start] != " ":
            return ""
        if VOTED.search(text, max(0, start - 10), start):
            return "votes"
        if self.inhabits.search(text, max(0, start - 40), start):
            return "people"
        subject = self.subject.search(text, max(0, start - 80), start)
        return self.nouns.unit_of((subject[1] or subject[2].split()[-1]).lower()) if subject else ""

    def _unit(self, start: int, end: int, value: Any) -> str:
        if governed := self._governed(start, end):
            return governed
        if self.pays.search(self.text, max(0, start - 24), start):
            return ""
        worded = not re.search(r"\d", self.text[start:end])
        if worded and isinstance(value, tuple):
            return self.far if self.far and self._in_mind(self.far_end, start) else "people"
        if self.near and self._is_elliptic(start, value):
            return self.near
        if self.measure and self.near == self.measure and self._shares_measure(start, value):
            return self.measure
        if value != _whole(value):
            return ""
        if not isinstance(value, tuple) and value >= LARGE and self._in_mind(self.large_end, start):
            return self.large
        far = self._in_mind(self.far_end, start) and not isinstance(value, tuple)
        return self.far if far else ""

    def _is_elliptic(self, start: int, value: Any) -> bool:
        """Tell whether a number shares the noun before it; a measure is shared by the next words only."""
        if self.near.split("/")[0] in self.measures:
            return self.near not in UNSHARED and bool(SAME_SPAN.match(self.text, self.last, start))
        return value == _whole(value) and bool(ELLIPSIS.fullmatch(self.text, self.last, start))

    def _shares_measure(self, start: int, value: Any) -> bool:
        """Tell a number that leaves out the measure before it: "from 44.9 percent to 36", "against 44.9"."""
        if isinstance(value, tuple) or (self.measure == "percent" and value > 100) or not self._in_sentence(start):
            return False
        return value != _whole(value) or bool(SHARES_MEASURE.search(self.text, max(0, start - 8), start))

    def _in_mind(self, end: int, start: int) -> bool:
        between = self.text[end:start] if start - end < REACH else "\n\n"
        return "\n\n" not in between and len(STOP.findall(between)) < SENTENCES

    def _remember(self, start: int, end: int, fields: dict[str, Any]) -> None:
        unit = fields["unit"] if fields["kind"] == "quantity" else ""
        self.span = fields["unit"] if fields["kind"] == "duration" else ""
        self.ages = self.span == "year" and "year" not in self.text[start:end].lower()
        self.last, self.near = end, unit
        self.measure = unit if unit.split("/")[0] in self.measures - {"share", "times"} else ""
        if fields["unit"] and fields["kind"] != "duration" and not self.measure:
            self.ranked, self.ranked_end = singular(fields["unit"]), end
        if unit and unit.split("/")[0] not in self.measures:
            self.far, self.far_end = unit, end
        if unit and not isinstance(fields["value"], tuple) and fields["value"] >= LARGE:
            self.large, self.large_end = unit, end


def _whole(value: Any) -> Any:
    return value if isinstance(value, tuple) else int(value)


def _falls(value: Any) -> bool:
    return isinstance(value, tuple) and value[0] >= value[1]
