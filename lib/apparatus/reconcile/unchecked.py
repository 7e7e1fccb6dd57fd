"""Why a number that nothing bears on cannot be recomputed, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from apparatus.model import Quantity
from apparatus.reconcile.counted import Counted
from apparatus.reconcile.parts import POINTS_BACK
from apparatus.reconcile.record import REASONS, UNCHECKED, Comparison
from apparatus.reconcile.texts import Corpus, Placed, Text

BACK = 30
NAMES = ("event", "body", "treaty")


def unchecked_rows(corpus: Corpus, numbers: Mapping[str, Counted], rows: Iterable[Comparison]) -> Iterator[Comparison]:
    """Yield a row for each number that stands in no other row, with the reason: every number has a verdict."""
    covered = {ref for row in rows for ref in row.refs}
    for text in corpus.texts.values():
        named = {at for one in text.mentions if one.span.kind in NAMES for at in range(one.start, one.end)}
        for place in text.numbers:
            if place.span.ref not in covered:
                reason = reason_of(text, place, numbers.get(place.span.ref), in_name=place.start in named)
                yield Comparison(
                    rule="no comparison",
                    stated=(place.span,),
                    says=place.span.words,
                    verdict=UNCHECKED,
                    reason=reason,
                    why=REASONS[reason],
                )


def reason_of(text: Text, place: Placed[Quantity], counted: Counted | None, *, in_name: bool) -> str:
    """Return the reason why a number cannot be recomputed, a key of `REASONS`."""
    number = place.span
    if number.kind == "identifier" or (in_name and number.kind == "ordinal"):
        return "a label"
    if number.kind == "ordinal":
        return "being first" if number.value == 1 else "stands alone"
    if counted and counted.planned:
        return "an aim"
    if number.kind == "duration":
        return "beginning or end not stated"
    if number.unit == "percent":
        return "base not stated"
    if number.unit == "countries" and POINTS_BACK.search(text.text[max(0, place.start - BACK) : place.start]):
        return "refers back"
    return "stands alone"
