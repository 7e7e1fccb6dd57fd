"""Where the texts name an event or a treaty that a record dates, and the day from which a text speaks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from apparatus.edtf_days import days as bounds
from apparatus.model import DateExpr, Span
from apparatus.reconcile.facts import Dated
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text, inside
from apparatus.reconcile.when import Days, dates_in_words

FINE = ("day", "range", "month")
CUED = 90  # characters before a date in which “following” or “since” stands


@dataclass(frozen=True, eq=False)
class Named:
    """A place where a text names a dated event. `end` is that of the name. Units: view code points."""

    start: int
    end: int
    dated: Dated
    span: Span


def find_events(corpus: Corpus) -> dict[str, list[Named]]:
    """Return the dated events that each text names, by the text's id, in the order of the text."""
    texts = corpus.texts.values()
    return {text.id: sorted(_named(corpus, text), key=lambda one: (one.start, one.end)) for text in texts}


def _named(corpus: Corpus, text: Text) -> Iterator[Named]:
    by_entity = {dated.entity: dated for dated in corpus.facts.dated if dated.entity}
    taken: set[int] = set()
    for one in text.mentions:
        if dated := by_entity.get(one.span.entity):
            taken.update(range(one.start, one.end))
            yield Named(one.start, one.end, dated, one.span)
    for dated in corpus.facts.dated:
        for match in dated.words.finditer(text.text) if dated.words else ():
            if taken.isdisjoint(range(*match.span())):
                yield Named(*match.span(), dated, text.span(*match.span()))


def within(events: list[Named], place: Interval) -> list[Named]:
    """Return the events named in an interval."""
    first, last = (bisect_left(events, at, key=attrgetter("start")) for at in place)
    return events[first:last]


@dataclass(frozen=True, eq=False)
class Base:
    """The day, or the days, from which a length of time is counted; `span` is the date that says so, if one does."""

    when: Days
    words: str
    span: DateExpr | None = None


def speaking_day(text: Text) -> Base | None:
    """Return the date from which a text speaks: that of issue; where it is open, that of the latest event told."""
    source = text.doc.source
    edtf = source.issued if source.issued and not source.issued.endswith("..") else source.latest
    return Base(bounds(edtf), f"{dates_in_words(edtf)}, the text's own date") if edtf else None


def own_date(text: Text) -> DateExpr | None:
    """Return the first place where a text gives the date from which it speaks."""
    base = speaking_day(text)
    return next((one.span for one in text.dates if base and one.span.edtf and bounds(one.span.edtf) == base.when), None)


def named_day(text: Text, at: int, *, back: int = 0) -> Base | None:
    """Return the last day or month named before a place, in its paragraph or in so many before it."""
    first = max(0, text.paragraph_number(at) - back)
    earlier = [
        one for one in inside(text.dates, (text.blocks[first][0], at)) if one.span.edtf and one.span.kind in FINE
    ]
    if not earlier:
        return None
    span = earlier[-1].span
    return Base(bounds(span.edtf), dates_in_words(span.edtf), span)


def dates_within(text: Text, place: Interval) -> list[Placed[DateExpr]]:
    """Return the resolved dates that begin in an interval."""
    return [one for one in inside(text.dates, place) if one.span.edtf]


def is_after_cue(corpus: Corpus, text: Text, one: Placed[DateExpr]) -> bool:
    """Tell whether a date only says since or after when: what its sentence tells is of another day."""
    before = text.text[max(text.sentence(one.start)[0], one.start - CUED) : one.start]
    matches = list(corpus.facts.cues["after"].finditer(before))
    return bool(matches) and not re.search(r"\d", before[matches[-1].end() :])
