"""Stated amounts as arithmetic takes them: with what rounding leaves open, in units that compare."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from apparatus.model import Quantity, Span
from apparatus.reconcile.counted import PEOPLE
from apparatus.reconcile.intervals import apart, grain, interval, meet, spoken, spoken_range
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, ROUNDS, Comparison, Range
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text

BOUNDS = {"more_than", "at_least", "less_than", "at_most"}
PARTS = ("percent", "share")
RELATIVE = (*PARTS, "times", "percentage points")
SIZES = {  # units of one measure, and how many of the first each is
    "millimetre": ("metre", 0.001),
    "centimetre": ("metre", 0.01),
    "kilometre": ("metre", 1000.0),
    "gram": ("kilogram", 0.001),
    "tonne": ("kilogram", 1000.0),
    "megawatt": ("kilowatt", 1000.0),
}
TIMES = re.compile(r"\b(twice|double|doubled|trebled|tripled|in half|halved)\b", re.I)
MULTIPLES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "trebled": 3.0, "tripled": 3.0, "in half": 0.5, "halved": 0.5}
NEARLY = re.compile(r"\b(?:nearly|almost|about|some|roughly|around)\s$", re.I)
BARE = re.compile(r"(?:[^\W\d_]+\s)?[\d.,]+|[^\W\d_]+")
ONE = re.compile(r"(?:[,;:]\s|\band\s)(one)\b(?!\s(?:of|another)\b)")
MAGNITUDE = re.compile(r"illion|thousand|bn\b")
JOINS = re.compile(r"\s(?:to|and|or)\s")
ROUGH = 0.1  # how far, of itself, a value may be from a fraction or a multiple that is put in words
HEAD, HEADS = 100, 12  # the amounts by which a text is known: how large at least, and how many
FAR = 300  # characters back to the nearest sentence with an amount, where the one before has none
CROWD = 40  # amounts of a sentence that are read together: a table without stops is read in parts
NEAREST = 16  # amounts to both sides that are looked at
LEAP = 1.25  # “more than a third” is said of no more than so many times a third


@dataclass(frozen=True, eq=False)
class Amount:
    """A value that a text states. `step` is the place of its last digit; `per` is what a rate is of.

    `bare`: no unit stands with it; `fixed`: its unit is a measure, a currency, a share or a time; `size`: how many of
    the unit the one stated is, which `value` and `step` have in them. Units: code points.
    """

    start: int
    end: int
    span: Span
    value: float
    step: float
    modifier: str
    unit: str
    per: str
    bare: bool
    fixed: bool
    sentence: Interval
    size: float = 1.0

    @property
    def room(self) -> Range:
        """The values of which the stated one may be a rounding."""
        if self.modifier != "exact":
            return interval(self.value, self.modifier)
        half = self.step / 2 if self.fixed or self.step != 1 else 0.0
        return self.value - half, self.value + half

    @property
    def is_time(self) -> bool:
        """Whether it is a length of time."""
        return isinstance(self.span, Quantity) and self.span.kind == "duration"

    @property
    def is_range(self) -> bool:
        """Whether it is one end of a range."""
        return isinstance(self.span, Quantity) and isinstance(self.span.value, tuple)

    @property
    def words(self) -> str:
        """The words of the text."""
        return self.span.words


def read_amounts(corpus: Corpus, text: Text) -> list[Amount]:
    """Return every amount that a text states, in its order; both ends of a range, and “twice” and its like."""
    found = [
        _amount(corpus, place, float(value), text.sentence(place.start))
        for place in text.numbers
        if place.span.kind in ("quantity", "duration")
        for value in (place.span.value if isinstance(place.span.value, tuple) else (place.span.value,))
    ]
    taken = {one.start for one in found}
    found += [one for one in (*_multiples(text), *_ones(text)) if one.start not in taken]
    found.sort(key=lambda one: (one.start, one.end))
    return [one for _, group in groupby(found, key=lambda one: one.sentence) for one in _with_units(text, list(group))]


def _multiples(text: Text) -> Iterator[Amount]:
    """Yield “twice”, “doubled”, “in half” and the like, which the numbers of a text do not have."""
    for match in TIMES.finditer(text.text):
        near = NEARLY.search(text.text[max(0, match.start() - 10) : match.start()])
        value = MULTIPLES[match[1].lower()]
        unit, modifier = "times" if value > 1 else "share", "about" if near else "exact"
        span, sentence = text.span(*match.span()), text.sentence(match.start())
        yield Amount(*match.span(), span, value, 0.1, modifier, unit, "", False, True, sentence)


def _ones(text: Text) -> Iterator[Amount]:
    """Yield “one” as a member of a list (“four here, three there and one beyond”), which counts only beside others."""
    for match in ONE.finditer(text.text):
        span, sentence = text.span(*match.span(1)), text.sentence(match.start(1))
        yield Amount(*match.span(1), span, 1.0, 1.0, "exact", "", "", True, False, sentence)


def _amount(corpus: Corpus, place: Placed[Quantity], value: float, sentence: Interval) -> Amount:
    number = place.span
    words, (unit, _, per) = number.words, number.unit.partition("/")
    digits = re.search(r"\d\.(\d+)", words)
    step = 10.0 ** -len(digits[1]) if digits else 1.0
    if MAGNITUDE.search(words):
        step = grain(value)
    unit, size = SIZES.get(unit, (unit, 1.0))
    fixed = number.kind == "duration" or unit in corpus.measures or unit in RELATIVE
    return Amount(
        place.start, place.end, number, value * size, step * size, number.modifier, unit, per,
        bare=bool(BARE.fullmatch(words)), fixed=fixed, sentence=sentence, size=size,
    )  # fmt: skip


def _with_units(text: Text, amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Yield the amounts of a sentence, those without a unit or a “million” of their own with that of a neighbour."""
    before: Amount | None = None
    unit: Amount | None = None
    for one, behind in zip_longest(amounts, amounts[1:]):
        if one.bare and behind and not behind.bare and JOINS.fullmatch(text.text[one.end : behind.start]):
            one = _in_unit_of(one, behind)
        elif not one.unit and unit:
            one = _in_unit_of(one, unit)
        if one.bare and before and before.unit == one.unit and before.step >= 1000 > one.value > 0:
            scale = 1000.0 ** math.floor(math.log(before.value, 1000))
            one = replace(one, value=one.value * scale, step=one.step * scale)
        yield one
        before, unit = one, one if one.unit not in ("", "share", "times") and not one.is_time else unit


def _in_unit_of(one: Amount, other: Amount) -> Amount:
    return replace(
        one,
        unit=other.unit,
        fixed=other.fixed,
        value=one.value * other.size,
        step=one.step * other.size,
        size=other.size,
    )


def alike(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts can be of one kind: one unit, both people, or one without a unit of its own."""
    if one.unit == other.unit or (one.unit in PEOPLE and other.unit in PEOPLE):
        return True
    return (one.bare or other.bare) and not (one.fixed or other.fixed)


def by_sentence(amounts: Sequence[Amount]) -> dict[Interval, list[Amount]]:
    """Return the amounts by the sentence in which they stand."""
    return {sentence: list(group) for sentence, group in groupby(amounts, key=lambda one: one.sentence)}


def fit(stated: Amount, found: Range, exactly: float) -> str:
    """Return how a stated amount stands to what was worked out, "" where it does not fit.

    `found` is what the terms can give, each rounded as it is stated; `exactly` what they give as they stand. A bound
    that holds agrees; a word for nearness, a fraction in words, or what only the rounding of the terms allows, rounds.
    """
    value = stated.value
    if stated.modifier in BOUNDS:
        above = stated.modifier in ("more_than", "at_least")
        low, high = (value, value * LEAP) if above else (value / LEAP, value)
        return AGREES if low <= exactly <= high else ""
    if in_words(stated):
        exact = math.isclose(exactly, value, rel_tol=1e-4) and stated.modifier == "exact"
        return AGREES if exact else ROUNDS if abs(exactly - value) <= ROUGH * value else ""
    width = found[1] - found[0]
    if stated.modifier != "exact":
        low, high = stated.room
        near = meet((low - stated.step / 2, high + stated.step / 2), found)
        return ROUNDS if near and width <= ROUGH * value else ""
    half = stated.step / 2 * (1 + 1e-6)
    if abs(exactly - value) <= half:
        return AGREES
    return ROUNDS if width <= 4 * half and meet((value - half, value + half), found) else ""


def in_words(one: Amount) -> bool:
    """Tell whether an amount is a fraction or a multiple without digits, which is said of what is near it."""
    return one.unit in ("share", "times") and not re.search(r"\d", one.words)


def judged(stated: Amount, found: Range, exactly: float) -> str:
    """Return how an amount stands to what its own words set beside it: as `fit` says, else whether any room is left."""
    above, below = (stated.value, math.inf), (-math.inf, stated.value)
    bounds = {"more_than": above, "at_least": above, "less_than": below, "at_most": below}
    room = bounds.get(stated.modifier, stated.room)
    left = meet(room, found) and (stated.modifier in BOUNDS or not in_words(stated))
    return fit(stated, found, exactly) or (ROUNDS if left else DIFFERS)


def worked(
    rule: str, stated: Sequence[Amount], found: Range, verdict: str, *, says: str = "", how: str = "", why: str = ""
) -> Comparison:
    """Return the row of an amount, the first of `stated`, against what the others give."""
    one = stated[0]
    scale = 100.0 if one.unit == "share" else 1.0
    given, against = (one.room[0] * scale, one.room[1] * scale), (found[0] * scale, found[1] * scale)
    unit = "percent" if one.unit == "share" else one.unit
    return Comparison(
        rule=rule,
        stated=tuple(each.span for each in stated),
        says=says or f"{one.words}: {', '.join(dict.fromkeys(each.words for each in stated[1:]))}",
        recomputed=how or f"{spoken_range(*against)} {unit}".rstrip(),
        difference=spoken(apart(given, against)) if verdict in (DIFFERS, IMPOSSIBLE) else "0",
        verdict=verdict,
        why=why,
        unit=unit,
        given=given,
        against=against,
    )


@dataclass(frozen=True, eq=False)
class Window:
    """A sentence with its amounts, those of the sentences beside it, and the largest of the whole text."""

    text: Text
    sentence: Interval
    here: Sequence[Amount]
    near: Sequence[Amount]
    heads: Sequence[Amount]

    def beside(self, one: Amount) -> list[Amount]:
        """Return the nearest amounts before and behind one that are no shares, the one before first."""
        counts = [each for each in self.near if each.unit not in RELATIVE and each.span is not one.span]
        before = [each for each in counts if each.start < one.start]
        behind = [each for each in counts if each.start > one.start]
        return [*before[-1:], *behind[:1]]

    def before(self, one: Amount, size: int = 25) -> str:
        """Return the words right before an amount, in its sentence."""
        return self.text.text[max(self.sentence[0], one.start - size) : one.start]

    def behind(self, one: Amount, size: int = 25) -> str:
        """Return the words right behind an amount, in its sentence."""
        return self.text.text[one.end : min(self.sentence[1], one.end + size)]

    def says(self, corpus: Corpus, *cues: str) -> bool:
        """Tell whether the sentence has one of some cues."""
        return any(corpus.facts.cues[cue].search(self.text.text, *self.sentence) for cue in cues)


def windows(corpus: Corpus, text: Text) -> Iterator[Window]:
    """Yield each sentence that states an amount, with what stands around it."""
    amounts = read_amounts(corpus, text)
    sentences = by_sentence(amounts)
    largest = sorted((one for one in amounts if not one.fixed or one.step >= 1000), key=lambda one: -one.value)
    heads = [one for one in largest if one.value >= HEAD and not one.is_range][:HEADS]
    order = list(sentences)
    for index, (sentence, here) in enumerate(sentences.items()):
        before, after = text.before(sentence), text.after(sentence)
        if not sentences.get(before or (0, 0)) and index and sentence[0] - order[index - 1][1] < FAR:
            before = order[index - 1]
        earlier, later = (sentences.get(place or (0, 0), []) for place in (before, after))
        for at in range(0, len(here), CROWD):
            part = here[at : at + CROWD]
            near = [*[*earlier, *here[:at]][-NEAREST:], *part, *[*here[at + CROWD :], *later][:NEAREST]]
            yield Window(text, sentence, part, near, heads)
