"""One quantity stated in several places: who states it, and whether the values agree, round or differ."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, product

from apparatus.model import Quantity
from apparatus.reconcile.counted import PEOPLE, Counted
from apparatus.reconcile.events import dates_within
from apparatus.reconcile.intervals import apart, compare, of_quantity, spoken
from apparatus.reconcile.record import AGREES, DIFFERS, ROUNDS, Comparison
from apparatus.reconcile.texts import Interval, anchors
from apparatus.reconcile.when import DAYS, overlap

CROWD = 60  # a word that stands beside more numbers than this brings no two of them together
SMALL = 3  # “two countries”, “three years” are said of too many things
NEAR = 1.25  # two values are near when one is at most this many times the other
SUBJECT = 3  # rare words that two paragraphs share when they are on one subject
Group = tuple[object, str]


def said_again(numbers: Mapping[str, Counted], whole: Mapping[str, str]) -> list[Comparison]:
    """Return a row for each quantity that is stated again, and one for each two ways in which it is stated.

    Two numbers are of one quantity when enough speaks for it: their unit, the words of their noun phrase, what befell
    the people counted, the event or place named, rare words of their sentences, their places in like lists, nearness.
    What two figures that do not fit together need is more than what two that fit need, and most where they are far
    apart: else every pair of different things would be a conflict. `whole` gives the total of each part.
    """
    pairs = [
        (one, other)
        for one, other in _candidates(numbers)
        if whole.get(one.ref) != other.ref and whole.get(other.ref) != one.ref and is_same(one, other)
    ]
    links: dict[str, set[str]] = defaultdict(set)
    for one, other in _best(pairs):
        links[one.ref].add(other.ref)
        links[other.ref].add(one.ref)
    rows = []
    for cluster in _clusters(links):
        rows += list(_rows([numbers[ref] for ref in cluster], links))
    return rows


def _best(pairs: list[tuple[Counted, Counted]]) -> Iterator[tuple[Counted, Counted]]:
    """Yield the pairs that are the best for both: a number is no two numbers of another sentence."""
    best: dict[tuple[str, str, Interval], float] = {}
    for one, other in pairs:
        for each, far in ((one, other), (other, one)):
            key = (each.ref, far.text.id, far.sentence)
            best[key] = min(best.get(key, math.inf), _distance(one, other))
    for one, other in pairs:
        keys = ((one.ref, other.text.id, other.sentence), (other.ref, one.text.id, one.sentence))
        if all(_distance(one, other) <= best[key] for key in keys):
            yield one, other


def _distance(one: Counted, other: Counted) -> float:
    """Return how ill two numbers fit: by the verdict, then by the ratio of the values."""
    rank = {AGREES: 0, ROUNDS: 1, DIFFERS: 2}[compare(one.number, other.number, (one.size, other.size))]
    low, high = sorted((abs(_value(one) * one.size), abs(_value(other) * other.size)))
    return rank * 1e6 + min(high / low if low else 1e5, 1e5)


def is_same(one: Counted, other: Counted) -> bool:
    """Tell whether two numbers speak of the same quantity."""
    in_one_sentence = one.sentence == other.sentence and one.text is other.text
    if one.planned != other.planned or one.back != other.back or (in_one_sentence and not other.again):
        return False
    verdict = compare(one.number, other.number, (one.size, other.size))
    if one.unit != other.unit and (verdict == DIFFERS or not _same_by_words(one, other)):
        return False
    if one.unit in PEOPLE and one.act and other.act and one.act != other.act:
        return False
    if verdict == AGREES and not one.specific and _value(one) <= SMALL and not (one.noun & other.noun):
        return False
    if not one.unit or not _one_subject(one, other):
        return False
    if verdict == DIFFERS and not _may_differ(one, other):
        return False
    return _evidence(one, other) >= _needed(one, other, verdict)


def _may_differ(one: Counted, other: Counted) -> bool:
    """Tell whether two numbers are of one place, in like words, and of times that overlap where both are dated."""
    if not (one.again or other.again or one.named & other.named):
        return False
    if not (one.noun & other.noun or len(one.here & other.here) > 1 or (one.act and one.act == other.act)):
        return False
    places, more = (anchors(each.text, each.sentence) for each in (one, other))
    dates, others = (dates_within(each.text, each.sentence) for each in (one, other))
    same_time = any(overlap(first.span.edtf, second.span.edtf) for first, second in product(dates, others))
    return (same_time or not (dates and others)) and bool(places & more or not (places and more))


def _one_subject(one: Counted, other: Counted) -> bool:
    """Tell whether two texts name something in common: else what they count is not the same."""
    if one.text is other.text:
        return True
    named = one.subjects & other.subjects or one.text.subjects & other.text.subjects
    return bool(named) or len(one.here & other.here) >= SUBJECT


def _same_by_words(one: Counted, other: Counted) -> bool:
    """Tell “30 interviews” and “was interviewed by 30 agencies”: the unit of one is a word of the other's sentence."""
    if not (one.specific and other.specific) or {one.unit, other.unit} & {*PEOPLE, "duration"}:
        return False
    if one.text is not other.text or _value(one) <= SMALL:
        return False
    units = one.unit[:5] in other.text.stems(other.sentence) or other.unit[:5] in one.text.stems(one.sentence)
    return units and len(one.here & other.here) >= 2


def _value(one: Counted) -> float:
    value = one.number.value
    return value[1] if isinstance(value, tuple) else value


def _needed(one: Counted, other: Counted, verdict: str) -> int:
    if verdict != DIFFERS:
        return 2
    low, high = sorted((_value(one) * one.size, _value(other) * other.size))
    return 4 if low and high / low <= NEAR else 5


def _evidence(one: Counted, other: Counted) -> int:
    shared = one.here & other.here
    return sum(
        (
            one.specific and other.specific and one.unit == other.unit,
            bool(one.noun & other.noun or one.noun & other.here or one.here & other.noun),
            one.unit == "duration" and bool(one.noun & other.noun),
            one.specific and len(one.around & other.around) >= SUBJECT,
            one.unit != other.unit,
            bool(one.act) and one.act == other.act,
            bool(one.named & other.named),
            bool(one.act) and one.act == other.act and bool(one.named & other.named),
            min(2, len(shared) // 2),
            one.specific and _is_near(one, other),
            len(one.listed & other.listed & PEOPLE) > 1,
            one.again or other.again,
        )
    )


def _is_near(one: Counted, other: Counted) -> bool:
    """Tell whether two numbers stand in one paragraph or not more than two paragraphs apart."""
    if one.text is not other.text:
        return False
    places = [one.text.paragraph_number(each.place.start) for each in (one, other)]
    return abs(places[0] - places[1]) <= 2


def _candidates(numbers: Mapping[str, Counted]) -> Iterator[tuple[Counted, Counted]]:
    """Yield the pairs that share a unit and a word, or more words than that; no word that is at too many numbers."""
    postings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref, one in numbers.items():
        for stem in one.here | one.noun | one.named:
            postings[one.unit, stem].append(ref)
            postings["", stem].append(ref)
        if one.specific:
            postings[one.unit, ""].append(ref)
    seen = set()
    for refs in postings.values():
        for pair in combinations(refs if len(refs) <= CROWD else (), 2):
            if pair not in seen:
                seen.add(pair)
                yield numbers[pair[0]], numbers[pair[1]]


def _clusters(links: Mapping[str, set[str]]) -> Iterator[list[str]]:
    seen: set[str] = set()
    for ref in links:
        if ref in seen:
            continue
        cluster, waiting = [], [ref]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                cluster.append(one)
                waiting += sorted(links[one])
        yield sorted(cluster)


def _rows(cluster: list[Counted], links: Mapping[str, set[str]]) -> Iterator[Comparison]:
    groups: dict[Group, list[Counted]] = defaultdict(list)
    for one in cluster:
        groups[of_quantity(one.number, one.size), one.number.modifier].append(one)
    for group in groups.values():
        if len(group) > 1:
            yield _agreeing(group)
    for first, second in combinations(groups.values(), 2):
        if any(other.ref in links[one.ref] for one in first for other in second):
            yield _pair(first, second)


def _agreeing(group: list[Counted]) -> Comparison:
    sources = len({one.text.id for one in group})
    return Comparison(
        rule="said again",
        stated=tuple(one.number for one in group),
        says=" · ".join(dict.fromkeys(one.number.words for one in group)),
        recomputed=f"the same value in {len(group)} places, {sources} " + ("source" if sources == 1 else "sources"),
        difference="0",
        verdict=AGREES,
        unit=group[0].unit,
        given=_shown(group[0]),
        against=_shown(group[1]),
    )


def _pair(first: list[Counted], second: list[Counted]) -> Comparison:
    one, other = first[0], second[0]
    verdict = compare(one.number, other.number, (one.size, other.size))
    return Comparison(
        rule="said again",
        stated=tuple(each.number for each in [*first, *second]),
        says=f"{one.number.words} · {other.number.words}",
        recomputed=_how(one.number, other.number, verdict),
        difference=spoken(apart(_shown(one), _shown(other))),
        verdict=verdict,
        why=_why(one.number, other.number, verdict),
        unit=one.unit,
        given=_shown(one),
        against=_shown(other),
    )


def _shown(one: Counted) -> tuple[float, float]:
    """Return the interval of a number for a figure: lengths of time in years."""
    return of_quantity(one.number, one.size / DAYS["year"] if one.unit == "duration" else 1.0)


def _how(one: Quantity, other: Quantity, verdict: str) -> str:
    if verdict == ROUNDS:
        return "both can be true: one is the other in rounder words"
    return "the values leave each other no room" if verdict == DIFFERS else "the same"


def _why(one: Quantity, other: Quantity, verdict: str) -> str:
    modifiers = {one.modifier, other.modifier} - {"exact"}
    if verdict == DIFFERS and modifiers & {"more_than", "at_least"}:
        return "“more than” and its like are read as up to the next number as round; taken strictly both may hold"
    return ""
