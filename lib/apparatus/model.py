"""Every record there is. A span's fields are the gold's keys, the table's columns and the reader's attributes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from apparatus.text import View, trim

STRONGEST = ("contradicts", "qualifies", "confirms", "context")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A passage of one source: `exact == raw[start:end]`, always. Units: code points, half-open.

    `reading` is the passage in the reading text, where it has other words than `exact`: a word cut by a hyphen made
    whole, a caption inside a sentence left out.
    """

    source: str
    start: int
    end: int
    exact: str
    section: str = ""
    zone: str = "body"
    reading: str = ""

    @property
    def words(self) -> str:
        """The words on one line, as they are read: without what a page break or a caption sets between them."""
        return self.reading or " ".join(self.exact.split())

    @property
    def anchor(self) -> str:
        """The span's address inside its source, e.g. `1043-1071`."""
        return f"{self.start}-{self.end}"

    @property
    def ref(self) -> str:
        """The span's address, e.g. `air-bulletin-2024-02:1043-1071`: citation, join key and hyperlink."""
        return f"{self.source}:{self.anchor}"


SpanT = TypeVar("SpanT", bound=Span)


@dataclass(frozen=True, kw_only=True)
class Zone(Span):
    """A block of the text as received and what it is: body, title, byline, heading, caption, contents, furniture…"""

    kind: str


@dataclass(frozen=True, kw_only=True)
class Section(Span):
    """A heading's realm, from the heading to the next one. `number` is the source's own, or counted from 1."""

    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Sentence(Span):
    """A sentence; one that columns tear apart and set out of order is several spans with one `number`."""

    number: int
    paragraph: int


@dataclass(frozen=True, kw_only=True)
class Quantity(Span):
    """A number in digits or words. `value` is a number, or (low, high); percent as 92.12."""

    kind: str
    value: float | tuple[float, float]
    modifier: str = "exact"
    unit: str = ""
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class DateExpr(Span):
    """A calendar expression. `edtf` is "" where the context does not resolve it. Source: EDTF, ISO 8601-2:2019."""

    edtf: str
    kind: str
    rule: str = ""


@dataclass(frozen=True, kw_only=True)
class Quotation(Span):
    """The words inside quotation marks: `direct` speech, or a `term`. `cue` is what named the speaker."""

    type: str
    speaker: str = ""
    quotee_source: str = ""
    cue: str = ""


@dataclass(frozen=True, kw_only=True)
class Mention(Span):
    """A name as the source spells it, and the entity of the gazetteer that it names."""

    entity: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Term(Span):
    """A name that the source chose where others were at hand: the contrast, and the variant as its file labels it."""

    contrast: str
    variant: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source's record: all that a critic asks before reading. Dates are EDTF."""

    id: str
    file: str
    sha256: str = ""
    label: str = ""
    title: str = ""
    publisher: str = ""
    author: str = ""
    speaks_for: str = ""
    issued: str = ""
    latest: str = ""
    dating: str = ""
    language: str = "en"
    translation: str = ""
    obtained: str = ""
    condition: str = ""
    rights: str = ""
    expected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Document:
    """A source with its text as received, its reading text, and the zones and sections of it.

    `blocks` are the parts of the view read as one paragraph, in reading order. Units: view code points.
    """

    source: Source
    raw: str
    view: View
    zones: tuple[Zone, ...]
    sections: tuple[Section, ...]
    blocks: tuple[tuple[int, int, str], ...]

    def mark(self, record: type[SpanT], view_start: int, view_end: int, /, **fields: Any) -> SpanT:
        """Return a record for a passage of the view. The only place where offsets are computed.

        Raises `ValueError` where the passage is empty or runs backwards in the raw text.
        """
        view_start, view_end = trim(self.view.text, view_start, view_end)
        start, end = self.view.to_raw(view_start, view_end)
        reading = self.view.text[view_start:view_end]
        if reading != self.raw[start:end] and reading.split() != self.raw[start:end].split():
            fields["reading"] = " ".join(reading.split())
        return self.mark_raw(record, start, end, **fields)

    def mark_each(self, record: type[SpanT], found: Sequence[tuple[int, int, dict[str, Any]]]) -> list[SpanT]:
        """Return the records for many passages of the view, as `mark` does for one, in much less time."""
        if not found:
            return []
        firsts, lasts = (np.fromiter(map(itemgetter(side), found), np.int64, len(found)) for side in (0, 1))
        starts, ends = self.view.starts[firsts], self.view.ends[lasts - 1]
        sections = _holders(self.sections, [part.number for part in self.sections], starts, "")
        zones = _holders(self.zones, [zone.kind for zone in self.zones], starts, "body")
        raw, text, source, spans = self.raw, self.view.text, self.source.id, []
        for (view_start, view_end, fields), start, end, section, zone in zip(
            found, starts.tolist(), ends.tolist(), sections, zones, strict=True
        ):
            exact, reading = raw[start:end], text[view_start:view_end]
            if exact and exact == reading == reading.strip():
                place = record(source=source, start=start, end=end, exact=exact, section=section, zone=zone, **fields)
            else:
                place = self.mark(record, view_start, view_end, **fields)
            spans.append(place)
        return spans

    def mark_raw(self, record: type[SpanT], start: int, end: int, /, **fields: Any) -> SpanT:
        """Return a record for a passage given by its raw offsets, as our readings give it."""
        if not 0 <= start < end <= len(self.raw):
            raise ValueError(f"{self.source.id} has no passage {start}-{end}")
        place = {"section": self.section_at(start), "zone": self.zone_at(start)}
        return record(source=self.source.id, start=start, end=end, exact=self.raw[start:end], **place, **fields)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of an interval of the view between which the raw text has other words, or runs backwards."""
        inside = self._breaks[bisect_right(self._breaks, start) : bisect_left(self._breaks, end)]
        yield from pairwise([start, *inside, end])

    def in_pieces(self, found: Sequence[tuple[int, int, Any]]) -> list[tuple[int, int]]:
        """Return (index, end of its first piece) of those of many intervals that are more than one piece."""
        starts, ends = (np.fromiter(map(itemgetter(side), found), np.int64, len(found)) for side in (0, 1))
        breaks = np.array([*self._breaks, len(self.view)])
        cuts = breaks[np.searchsorted(breaks[:-1], starts, side="right")]
        broken = np.flatnonzero(cuts < ends)
        return list(zip(broken.tolist(), cuts[broken].tolist(), strict=True))

    @cached_property
    def _breaks(self) -> tuple[int, ...]:
        starts, ends = self.view.starts, self.view.ends
        gaps = np.flatnonzero((starts[1:] > ends[:-1]) | (starts[1:] < starts[:-1])) + 1
        return tuple(
            int(at)
            for at in gaps
            if starts[at] < starts[at - 1] or re.search(r"\w", self.raw[ends[at - 1] : starts[at]])
        )

    def section_at(self, raw_place: int) -> str:
        """Return the number of the section that holds a raw offset, or ""."""
        at = bisect_right(self.sections, raw_place, key=attrgetter("start")) - 1
        return self.sections[at].number if at >= 0 and raw_place < self.sections[at].end else ""

    def zone_at(self, raw_place: int) -> str:
        """Return the kind of the zone that holds a raw offset."""
        at = bisect_right(self.zones, raw_place, key=attrgetter("start")) - 1
        return self.zones[at].kind if at >= 0 and raw_place < self.zones[at].end else "body"

    def paragraphs(self, *zones: str) -> Iterator[tuple[int, int, str]]:
        """Yield the paragraphs of the view as (start, end, zone), in reading order; all zones unless some are named."""
        yield from ((start, end, zone) for start, end, zone in self.blocks if not zones or zone in zones)


def _holders(parts: Sequence[Span], names: list[str], starts: NDArray[np.int32], none: str) -> list[str]:
    """Return for each raw offset the name of the part that holds it, or another word where none does."""
    at = np.searchsorted([part.start for part in parts], starts, side="right") - 1
    held = starts < np.array([*(part.end for part in parts), 0])[at]
    names = [*names, none]
    return [names[one] for one in np.where(held, at, -1).tolist()]


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """Two passages of which one repeats or rewords the other. `kind`: verbatim paraphrase shared_quote.

    `a` is the passage of the earlier source in the order read, or the earlier place of one source: which was written
    first, this does not say. `score` is the likeness of the two, from 0 to 1.
    """

    a: Span
    b: Span
    kind: str
    score: float

    @property
    def ref(self) -> str:
        """The addresses of the two passages."""
        return f"{self.a.ref} {self.b.ref}"


@dataclass(frozen=True, kw_only=True)
class Bearing(Span):
    """Words that a record bears on. `relation`: contradicts qualifies confirms context.

    `later` says that the record was published after the text, or in part; "" where it was not, or no date tells.
    """

    relation: str
    later: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What an independent record says about words of a source; it may bear on each passage in another way."""

    id: str
    theme: str
    passages: tuple[Bearing, ...]
    organisation: str
    title: str
    date: str
    identifier: str
    finding: str
    verified: str
    evidence_words: str
    search_evidence: tuple[str, ...]
    after_corpus: bool
    note: str

    @property
    def relation(self) -> str:
        """The relation under which the record is counted once: the first of `STRONGEST` that a passage has."""
        return min((one.relation for one in self.passages), key=STRONGEST.index)


@dataclass(frozen=True, kw_only=True)
class Evidence(Span):
    """A passage from which a position was read, and its voice: the source's own, or reported of a speaker."""

    voice: str
    speaker: str = ""


@dataclass(frozen=True, kw_only=True)
class Position:
    """A position that a source holds, also holds or rejects, in its own voice or a reported one, with its passages."""

    code: str
    voice: str
    speaker: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Coding:
    """One coder's reading of one question in one source. `code` is "silent" where the source takes no position."""

    coder: str
    question: str
    source: str
    code: str
    silent_reason: str
    confidence: int
    voice: str
    held: Position | None
    also: tuple[Position, ...]
    rejects: tuple[Position, ...]
    note: str
