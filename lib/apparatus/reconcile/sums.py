"""Sums: parts that make up a total, named before or behind it, and shares that make up the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from apparatus.reconcile.amounts import RELATIVE, Amount, Window, alike, worked
from apparatus.reconcile.intervals import meet, spoken_range
from apparatus.reconcile.record import AGREES, DIFFERS, ROUNDS, Comparison, Range
from apparatus.reconcile.texts import Corpus

MOST = 8  # parts of a total
LARGE = 100  # sums that no chance gives
WHOLE = 100.0  # percent
LIST = re.compile(r"[^:;.]{0,40}:\s(?:[^\d;.]{0,40}\s)?\(?")


def sum_rows(corpus: Corpus, window: Window) -> Iterator[Comparison]:
    """Yield a row for each run of amounts of a sentence that makes up a total near it, or that should.

    A total that its parts do not make up is reported only behind “in all”, or before a colon that opens the list.
    """
    taken: set[int] = set()
    for total, parts in (*_announced(window), *_summed(corpus, window)):
        found, exactly = _sum(parts)
        taken |= {one.start for one in parts}
        yield _row(total, parts, found, _verdict(total, found, exactly) or DIFFERS)
    for parts in _runs([one for one in window.here if one.unit not in RELATIVE]):
        if taken.isdisjoint(one.start for one in parts) and (row := _fitting(window, parts)):
            taken |= {one.start for one in parts}
            yield row
    yield from _remaining(corpus, window)
    yield from _wholes(window)


def _sum(parts: Sequence[Amount]) -> tuple[Range, float]:
    return (sum(one.room[0] for one in parts), sum(one.room[1] for one in parts)), sum(one.value for one in parts)


def _verdict(total: Amount, found: Range, exactly: float) -> str:
    if abs(total.value - exactly) <= 1e-6 * max(1.0, exactly):
        return AGREES
    return ROUNDS if meet(total.room, found) else ""


def _row(total: Amount, parts: Sequence[Amount], found: Range, verdict: str) -> Comparison:
    how = f"{spoken_range(*found)}: the sum"
    return worked("part of a total", (total, *parts), found, verdict, how=how)


def _runs(counts: Sequence[Amount]) -> Iterator[list[Amount]]:
    """Yield the runs of amounts of one kind that follow each other, the longest first."""
    for size in range(min(len(counts), MOST), 1, -1):
        for at in range(len(counts) - size + 1):
            run = list(counts[at : at + size])
            if all(alike(run[0], one) for one in run[1:]) and len({id(one.span) for one in run}) == size:
                yield run


def _fitting(window: Window, parts: list[Amount]) -> Comparison | None:
    """Return the row of the total that a run makes up: near it, or a large one anywhere in the text."""
    found, exactly = _sum(parts)
    inside = {id(one) for one in parts}
    near = [one for one in window.near if id(one) not in inside]
    large = exactly / max(one.step for one in parts) >= LARGE
    totals = [one for one in near if large or _closes(window, parts, one)]
    for total in [*totals, *(one for one in window.heads if large and id(one) not in inside)]:
        larger = total.value > max(one.value for one in parts) and any(alike(total, one) for one in parts)
        verdict = _verdict(total, found, exactly) if larger else ""
        if verdict == AGREES or (verdict and total in totals and len(parts) > 2):
            return _row(total, parts, found, verdict)
    return None


def _closes(window: Window, parts: Sequence[Amount], total: Amount) -> bool:
    """Tell whether small parts are all that a sentence says behind their total, in it or in the sentence before."""
    here = [one for one in window.here if one.unit not in RELATIVE and one is not total]
    behind = [one for one in here if one.start > total.start]
    if total.end > parts[0].start or [id(one) for one in behind] != [id(one) for one in parts]:
        return False
    own = all(one.bare or one.unit == total.unit for one in parts)
    return own and (total.sentence == parts[0].sentence or len(parts) > 2)


def _announced(window: Window) -> Iterator[tuple[Amount, list[Amount]]]:
    """Yield the totals that a colon parts from their list: “nine people: four here, three there and one beyond”."""
    counts = [one for one in window.here if one.unit not in RELATIVE]
    for index, total in enumerate(counts[:-3]):
        parts, gap = counts[index + 1 :], window.text.text[total.end : counts[index + 1].start]
        parts = [one for one in parts if alike(total, one) or not one.fixed]  # “30 for a race of ten kilometres”
        single = len({id(one.span) for one in parts}) == len(parts)
        if LIST.fullmatch(gap) and single and all(alike(total, one) and one.value < total.value for one in parts):
            yield total, parts
            return


def _summed(corpus: Corpus, window: Window) -> Iterator[tuple[Amount, list[Amount]]]:
    """Yield the totals of “12 cows, 8 goats and 5 sheep, a total of 25 animals” with their parts."""
    counts = [one for one in window.here if one.unit not in RELATIVE]
    for index, total in enumerate(counts):
        before = window.text.text[counts[index - 1].end if index else window.sentence[0] : total.start]
        cue = corpus.facts.cues["total"]
        told = cue.search(before[-25:]) or cue.match(window.behind(total, 12).lstrip())
        parts = [one for one in counts[:index] if alike(one, total) or not (one.fixed or total.fixed)]
        if told and len(parts) > 1:
            yield total, parts


def _wholes(window: Window) -> Iterator[Comparison]:
    """Yield the row of the percentages of a sentence that make up the whole."""
    percents = [one for one in window.here if one.unit == "percent" and not one.per]
    steps = dict.fromkeys(one.step for one in percents)
    for run in (run for step in steps for run in _runs([one for one in percents if one.step == step])):
        exactly = sum(one.value for one in run)
        slack = sum(one.step for one in run) / 2
        if abs(exactly - WHOLE) < slack:
            verdict = AGREES if abs(exactly - WHOLE) < 1e-6 else ROUNDS
            how = f"{spoken_range(exactly, exactly)} percent in all"
            yield worked("part of a total", run, (WHOLE, WHOLE), verdict, how=how)
            return


def _remaining(corpus: Corpus, window: Window) -> Iterator[Comparison]:
    """Yield the row of “convicted on four of six counts and acquitted on the remaining two”; only where it adds up."""
    for rest in window.here:
        words = window.before(rest, 20) + rest.words + window.behind(rest, 12)
        if rest.unit in RELATIVE or not corpus.facts.cues["remaining"].search(words):
            continue
        others = [one for one in window.near if one is not rest and one.sentence <= rest.sentence and one.value]
        for part, total in permutations(others, 2):
            if part.value + rest.value == total.value and alike(part, total):
                yield _row(total, [part, rest], (total.value, total.value), AGREES)
                return
