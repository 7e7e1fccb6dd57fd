"""Figures that a text corrects or replaces itself: an earlier statement, an estimate, a slip set right."""

from __future__ import annotations

from collections.abc import Iterator

from apparatus.reconcile.amounts import Amount, Window, alike, worked
from apparatus.reconcile.record import DIFFERS, Comparison
from apparatus.reconcile.texts import Corpus

LEAST = 10  # smaller numbers are of too many things
FACTOR = 10.0  # a figure set right is seldom more than so many times the wrong one


def corrected_rows(corpus: Corpus, window: Window) -> Iterator[Comparison]:
    """Yield a row for “was given as 212 tonnes. The correct figure is 121”, and for an estimate and what came of it."""
    for one in window.here:
        if one.value < LEAST or one.is_range or one.is_time:
            continue
        if not corpus.facts.cues["corrected"].search(window.text.text, window.sentence[0], one.end):
            continue
        others = [each for each in window.near if each.span is not one.span and alike(one, each)]
        behind = [each for each in others if each.start > one.start][:1]
        before = [each for each in others if each.start < one.start]
        before = before or [each for each in window.heads if each.unit == one.unit and each.start < one.start]
        other = _nearest(one, behind if corpus.facts.cues["given"].search(window.before(one)) else before)
        if other and other.value != one.value:
            yield worked(
                "said again", (one, other), other.room, DIFFERS, why="the text itself replaces the one by the other"
            )
            return


def _nearest(one: Amount, others: list[Amount]) -> Amount | None:
    """Return the amount nearest in value, if it is near enough to be of the same thing."""
    near = [each for each in others if 1 / FACTOR < each.value / one.value < FACTOR and not each.is_range]
    return min(near, key=lambda each: abs(each.value - one.value), default=None)
