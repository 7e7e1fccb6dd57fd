"""What the extractors share: marking passages of the view without overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from apparatus.model import Document, Span

SpanT = TypeVar("SpanT", bound=Span)
Found = tuple[int, int, dict[str, Any]]


def mark_all(doc: Document, record: type[SpanT], found: Iterable[Found], *, whole: bool = False) -> list[SpanT]:
    """Return the records of passages of the view, in the order of the raw text, none overlapping another.

    A passage into which the raw text sets other words, say a caption, is cut before them; with `whole` only one that
    runs backwards is. Of two that overlap in the raw text the first is kept.
    """
    jumps = doc.view.jumps
    places = list(found)
    for index, first in doc.in_pieces(places):
        start, end, fields = places[index]
        if not whole or bisect_right(jumps, start) < bisect_left(jumps, end):
            places[index] = (start, first, fields)
    spans = doc.mark_each(record, places)
    starts = [span.start for span in spans]
    if starts != sorted(set(starts)):
        spans.sort(key=lambda span: (span.start, -span.end))
    return list(_apart(spans))


def _apart(spans: list[SpanT]) -> Iterator[SpanT]:
    last = -1
    for span in spans:
        if span.start >= last:
            yield span
            last = span.end
