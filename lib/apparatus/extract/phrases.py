"""What the extractors share: marking passages of the view without overlap, and the sentence of a place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from apparatus.model import Document, Span

SpanT = TypeVar("SpanT", bound=Span)
Found = tuple[int, int, dict[str, Any]]

KEPT = 8  # documents whose dates, names and quotations are remembered, because one kind needs another's

STOP = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"“‘«(\[]*(?:[^\W\d_a-zß-öø-ÿ]|\d))|\n\n")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|[A-Z][a-z]|Mrs|Sen|Gov|Gen|Prof|Rev|Col|Sgt|Capt|Inc|Ltd|Corp|vs|e\.g|i\.e)\.$")
FAR = 1500  # as much of a sentence as is looked at on either side: a text without stops must not cost more


def mark_all(doc: Document, record: type[SpanT], found: Iterable[Found], *, whole: bool = False) -> list[SpanT]:
    """Return the records of passages of the view, in the order of the raw text, none overlapping another.

    A passage into which the raw text sets other words, say a caption, is cut before them; with `whole` only one that
    runs backwards is. Of two that overlap in the raw text the first is kept.
    """
    spans: list[SpanT] = []
    jumps = doc.view.jumps
    for start, end, fields in found:
        if not whole or bisect_right(jumps, start) < bisect_left(jumps, end):
            start, end = next(doc.pieces(start, end))
        spans.append(doc.mark(record, start, end, **fields))
    spans.sort(key=lambda span: (span.start, -span.end))
    return list(_apart(spans))


def _apart(spans: list[SpanT]) -> Iterator[SpanT]:
    last = -1
    for span in spans:
        if span.start >= last:
            yield span
            last = span.end


def stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the ends of sentences; the stop of an initial or a title ends none."""
    for match in STOP.finditer(text, start, end):
        at = match.start()
        if text[at] != "." or not ABBREVIATION.search(text, max(0, at - 5), at + 1):
            yield match


@lru_cache(maxsize=KEPT)
def sentences_of(doc: Document) -> Sentences:
    """Return the sentences of a document's view."""
    return Sentences(doc.view.text)


class Sentences:
    """The sentence round any place of a text, found by its stops alone: quick, for context and never for marking."""

    def __init__(self, text: str) -> None:
        """Find the stops once; every question after that is a binary search."""
        self.starts = [0, *(match.end() for match in stops(text, 0, len(text)))]
        self.length = len(text)

    def at(self, place: int) -> tuple[int, int]:
        """Return the interval of the sentence that holds a place, or what of it is near."""
        index = bisect_right(self.starts, place) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self.length
        return max(self.starts[index], place - FAR), min(end, place + FAR)

    def before(self, place: int) -> tuple[int, int] | None:
        """Return the interval of the sentence before the one that holds a place."""
        start, _ = self.at(place)
        return self.at(start - 1) if start else None
