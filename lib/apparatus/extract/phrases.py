"""What the extractors share: marking passages of the view without overlap, and the paragraph and sentence of a place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from apparatus.model import Document, Span

SpanT = TypeVar("SpanT", bound=Span)
Found = tuple[int, int, dict[str, Any]]

SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\bMrs)(?<!\bSen)(?<!\bGov)(?<!\bGen)(?<!\bProf)[.!?…][\"'”’»)\]]*\s+(?=[\"“‘«(\[]*[^\W\d_a-zß-ÿ]|\d)|\n\n"
)


def mark_all(doc: Document, record: type[SpanT], found: Iterable[Found]) -> list[SpanT]:
    """Return the records of passages of the view, in the order of the raw text, none overlapping another.

    A passage that runs backwards in the raw text, say over columns out of order, is cut at the first break; of two
    that overlap there (a caption inside a quotation) the first is kept.
    """
    spans: list[SpanT] = []
    for start, end, fields in found:
        if any(start < jump < end for jump in doc.view.jumps.tolist()):
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


class Sentences:
    """The sentence round any place of a text, found by its stops alone: quick, for context and never for marking."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in SENTENCE_END.finditer(text))]
        self.length = len(text)

    def at(self, place: int) -> tuple[int, int]:
        """Return the interval of the sentence that holds a place."""
        index = bisect_right(self.starts, place) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self.length
        return self.starts[index], end

    def before(self, place: int) -> tuple[int, int] | None:
        """Return the interval of the sentence before the one that holds a place."""
        start, _ = self.at(place)
        return self.at(start - 1) if start else None
