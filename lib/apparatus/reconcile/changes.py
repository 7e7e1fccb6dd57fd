"""Changes and differences: what grew, fell, or lies above or below something else, by how much or how many times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

from apparatus.reconcile.amounts import BOUNDS, NEAREST, PARTS, RELATIVE, Amount, Window, alike, fit, judged, worked
from apparatus.reconcile.record import AGREES, ROUNDS, Comparison, Range
from apparatus.reconcile.texts import Corpus

FROM = re.compile(r"\bfrom\s(?:\w+\s)?$")
TO = re.compile(r"[^;.]{0,30}?\sto\s(?:[\w’']+\s){0,3}?")
BACK_FROM = re.compile(r"[^,;.]{0,20}?\sfrom\s")
TO_FIRST = re.compile(r"\bto\s$")
BY = re.compile(r"\b(?:by|of|up|down|another|a further)\s$")
THAN = re.compile(r"(?:\s\w+){0,2}\s(?:more|less|fewer|higher|lower|longer|shorter)\sthan\s(?:the\s|its\s|their\s)?")
OF_CHANGE = re.compile(r"\w\sof\s$")
REACH = 90  # characters before “by” in which the verb of a change stands
TELLING = 10  # a difference of so many of its last digits is no chance
Pair = tuple[Amount, Amount]


def change_row(corpus: Corpus, window: Window, change: Amount) -> Comparison | None:
    """Return the row of a difference or a relation that two amounts near it give, or do not give.

    Two amounts that do not give it make a row only where the words set them together: “from A to B, by C”, or “an
    increase of C” in a sentence with two amounts more.
    """
    if not change.value or change.per or change.is_range or change.modifier in BOUNDS:
        return None
    told = _is_told(corpus, window, change)
    if not told and not (_is_telling(change) and window.says(corpus, "changed", "compared")):
        return None
    pair = _from_to(window, change)
    pairs = [pair] if pair and told else [*_pairs(window, change, told=told)]
    if not told and change.unit == "percent":
        pairs = [pair for pair in pairs if pair[0].unit != "percent"]
    return _fitting(change, pairs) or (_said(corpus, window, change, pair) if told else None)


def _is_told(corpus: Corpus, window: Window, change: Amount) -> bool:
    """Tell whether the words right at an amount say that it is a difference."""
    cues, before, behind = corpus.facts.cues, window.before(change), window.behind(change).lstrip()
    changed = any(match.end() >= len(before) - 2 for match in cues["changed"].finditer(before))
    compares = cues["compared"].match(re.sub(r"^(?:points?|years?|\w+)\s(?=\w)", "", behind)) or cues["compared"].match(
        behind
    )
    return bool(changed or compares or (BY.search(before) and cues["changed"].search(window.before(change, REACH))))


def _is_telling(change: Amount) -> bool:
    """Tell whether a difference is so finely stated that no chance gives it."""
    return change.unit in RELATIVE or (change.value / change.step >= TELLING and not change.is_time)


def _fitting(change: Amount, pairs: Sequence[Pair]) -> Comparison | None:
    for wanted in (AGREES, ROUNDS):
        for first, last in pairs:
            for found, exactly in _relations(change, first, last):
                if fit(change, found, exactly) == wanted:
                    return worked("change", (change, first, last), found, wanted)
    return None


def _pairs(window: Window, change: Amount, *, told: bool) -> Iterator[Pair]:
    """Yield the pairs of one kind near a change, one of them right beside it; the nearest first."""
    counts = [one for one in window.near if one.span is not change.span and one.unit != "times"]
    counts = sorted((one for one in counts if not one.is_range), key=lambda one: abs(one.start - change.start))
    beside = [*counts[:2], *window.beside(change)]
    for first, last in permutations(counts[:NEAREST], 2):
        if (first in beside or last in beside) and _is_pair(change, first, last):
            yield first, last
    if told and change.unit not in RELATIVE and change.value / change.step >= TELLING**2:
        for one in counts[:2]:
            yield from ((one, head) for head in window.heads if head.unit == one.unit == change.unit)


def _is_pair(change: Amount, first: Amount, last: Amount) -> bool:
    if not alike(first, last) or first.value == last.value:
        return False
    if change.unit == "percentage points" or (change.unit in PARTS and first.unit == "percent"):
        return first.unit == last.unit == "percent"
    if change.unit in RELATIVE:
        telling = first.fixed or change.unit == "times" or max(first.value, last.value) >= TELLING
        return first.unit not in RELATIVE and not (first.is_time or last.is_time) and telling
    return alike(change, first) and not {first.modifier, last.modifier} & BOUNDS


def _relations(change: Amount, first: Amount, last: Amount) -> Iterator[tuple[Range, float]]:
    """Yield what two amounts give in the unit of a change: a multiple, a share of the first, a difference."""
    (low, high), (least, most) = first.room, last.room
    gap = (max(0.0, least - high), most - low) if last.value > first.value else (max(0.0, low - most), high - least)
    if change.unit == "times":
        if low > 0:
            yield (least / high, most / low), last.value / first.value
    elif change.unit in PARTS:
        scale = 100.0 if change.unit == "percent" else 1.0
        if low > 0:
            yield (scale * gap[0] / high, scale * gap[1] / low), scale * abs(last.value - first.value) / first.value
    else:
        yield gap, abs(last.value - first.value)


def _said(corpus: Corpus, window: Window, change: Amount, pair: Pair | None) -> Comparison | None:
    """Return the row of a change and the two amounts that the words set beside it, though they do not give it."""
    pair = pair or _than(window, change) or _only_two(corpus, window, change)
    if pair is None or not _is_pair(change, *pair):
        return None
    for found, exactly in _relations(change, *pair):
        if exactly:
            return worked("change", (change, *pair), found, judged(change, found, exactly))
    return None


def _from_to(window: Window, change: Amount) -> Pair | None:
    """Return the amounts of “from A to B” and of “to B from A” that stand right before or behind a change."""
    text, here = window.text.text, [one for one in window.here if one.span is not change.span]
    for one, other in pairwise(here):
        gap, before = text[one.end : other.start], window.before(one, 15)
        onward = FROM.search(before) and (one.span is other.span or TO.fullmatch(gap))
        back = TO_FIRST.search(before) and BACK_FROM.fullmatch(gap)
        if not (onward or back):
            continue
        between = text[change.end : one.start] if change.start < one.start else text[other.end : change.start]
        if len(between) <= 45 and not re.search(r"[;.]|\d|\band\b", between):
            return (one, other) if onward else (other, one)
    return None


def _than(window: Window, change: Amount) -> Pair | None:
    """Return the amounts of “A, C more than B”: the nearest before a change, and the one right behind “than”."""
    before = [one for one in window.here if one.end <= change.start]
    behind = [one for one in window.here if one.start >= change.end][:1]
    gap = window.text.text[change.end : behind[0].start] if behind else ""
    return (behind[0], before[-1]) if before and THAN.fullmatch(gap) else None


def _only_two(corpus: Corpus, window: Window, change: Amount) -> Pair | None:
    """Return the two other amounts of “an increase of C”; of “C behind” the other one and the one before it."""
    others = [one for one in window.here if one.span is not change.span and alike(one, change)]
    increase = OF_CHANGE.search(window.before(change)) and corpus.facts.cues["changed"].search(window.before(change))
    if increase and len(others) == 2 and len(window.here) == 3:
        return others[1], others[0]
    compared = corpus.facts.cues["compared"].match(window.behind(change).lstrip())
    before = [one for one in window.near if one.sentence < change.sentence and one.unit == change.unit]
    if compared and len(others) == 1 and len(before) == 1 and change.value < min(others[0].value, before[0].value):
        return before[0], others[0]
    return None
