"""What each source dates, how exactly, in whose voice, and what it omits: event by event, under one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from apparatus.events import (
    DATED,
    NAMED,
    ONE_LIKE,
    OTHERWISE,
    SAME_TIME,
    Event,
    EventMention,
    bounds,
    find_event_mentions,
    load_events,
    precision,
)
from apparatus.knowledge import Knowledge, the_knowledge
from apparatus.model import DateExpr, Document, Source, Span
from apparatus.reading import Spans
from apparatus.themes import RUNNING_TEXT, within
from apparatus.voices import Voice, find_voices

WRITTEN_BEFORE, NOT_MENTIONED = "silent: written before it", "silent: does not mention it"
NOT_KNOWN = "silent: not known which came first"
TOLD = (DATED, OTHERWISE, NAMED)
EXACTNESS = (
    "day",
    "days",
    "month",
    "months",
    "season",
    "seasons",
    "year",
    "years",
    "decade",
    "decades",
    "century",
    "open",
)
AHEAD, AROUND, EARLIER = "ahead of the text", "in its own days", "before it"
UNSURE = "not known which came first"
CLAIMS = ["Event", "Source", "How", "As written", "Date (EDTF)", "Precision", "Voice", "Passage"]
TIMELINE = ["Date (EDTF)", "Precision", "As written", "Source", "Voice", "Event", "Seen from the text"]
OMISSIONS = [
    "Event",
    "When",
    "Dated by",
    "Dated otherwise by",
    "Named, not dated, by",
    "Perhaps meant by",
    "Silent",
    "Silent, order not known",
    "Written before it",
]
LATER = ["Source", "Text issued", "As written", "Date (EDTF)", "Part of the page", "Voice", "Passage"]
VOICED = {"own": "own voice", "reported": "reports", "quoted": "quotes"}


@dataclass(frozen=True, eq=False)
class Timeline:
    """The dates of some sources, the events that they date, name or pass over, and the voice of each."""

    corpus: Mapping[str, Document]
    dates: list[DateExpr]
    events: dict[str, Event]
    mentions: list[EventMention]
    voices: dict[str, Voice]
    everywhere: list[DateExpr]

    def label(self, source: str) -> str:
        """Return what readers call a source."""
        return self.corpus[source].source.label

    def labels(self, sources: Iterable[str]) -> list[str]:
        """Return what readers call some sources."""
        return [self.label(source) for source in sources]

    @cached_property
    def told(self) -> dict[tuple[str, str], list[EventMention]]:
        """The mentions of each event in each source."""
        found: dict[tuple[str, str], list[EventMention]] = defaultdict(list)
        for one in self.mentions:
            found[one.event, one.source].append(one)
        return found

    @cached_property
    def ways(self) -> dict[tuple[str, str], str]:
        """How each source tells of each event: dates it, otherwise, names it, same time, or silent and why."""
        return {(event, source): self._way(event, source) for event in self.events for source in self.corpus}

    def _way(self, event: str, source: str) -> str:
        ways = {one.how for one in self.told.get((event, source), [])}
        for way in (*TOLD, ONE_LIKE, SAME_TIME):
            if way in ways:
                return way
        low, high, _ = written(self.corpus[source].source)
        first, _ = bounds(self.events[event].when)
        if high < first:
            return WRITTEN_BEFORE
        return NOT_MENTIONED if first <= _told_until(self.corpus[source].source, low) else NOT_KNOWN

    def how(self, event: str, source: str) -> str:
        """Return how a source tells of an event."""
        return self.ways[event, source]

    def exactly(self, event: str, source: str) -> str:
        """Return the most exact precision with which a source dates an event, "" where it does not."""
        dated = {precision(one.edtf) for one in self.told.get((event, source), []) if one.how == DATED}
        return min(dated, key=EXACTNESS.index, default="")

    def sources(self, event: str, *ways: str) -> list[str]:
        """Return the sources that tell of an event in one of some ways."""
        return [source for source in self.corpus if self.how(event, source) in ways]

    def otherwise(self, event: str) -> list[str]:
        """Return the sources that date an event otherwise than the list does, and how."""
        return [
            f"{self.label(source)} ({', '.join(dict.fromkeys(one.edtf for one in told))})"
            for source in self.corpus
            if (told := [one for one in self.told.get((event, source), []) if one.how == OTHERWISE])
        ]

    @property
    def dated_otherwise(self) -> list[Event]:
        """The events that a source dates otherwise than the list does."""
        return [one for one in self.events.values() if self.otherwise(one.id)]

    def dated_by(self, least: int, most: int = 10**6) -> list[Event]:
        """Return the events that so many sources date."""
        return [one for one in self.events.values() if least <= len(self.sources(one.id, DATED)) <= most]

    @property
    def unlike(self) -> list[Event]:
        """The events that several sources date, and not equally exactly."""
        return [
            one
            for one in self.dated_by(2)
            if len({self.exactly(one.id, source) for source in self.sources(one.id, DATED)}) > 1
        ]

    @property
    def told_by_some(self) -> list[Event]:
        """The events that a source dates or names, while another that was written after them is silent."""
        return [
            one for one in self.events.values() if self.sources(one.id, *TOLD) and self.sources(one.id, NOT_MENTIONED)
        ]

    @property
    def unheard_of(self) -> list[Event]:
        """The events that no source dates or names."""
        return [one for one in self.events.values() if not self.sources(one.id, *TOLD)]

    def evidence(self, events: Iterable[Event], *ways: str) -> list[Span]:
        """Return the passages that tell of some events, in some ways or in any."""
        wanted = {one.id for one in events}
        return [one.passage for one in self.mentions if one.event in wanted and (not ways or one.how in ways)]

    def exact(self, *kinds: str) -> list[DateExpr]:
        """Return the dates of some precisions."""
        return [one for one in self.dates if precision(one.edtf) in kinds]

    def most_dated(self) -> list[str]:
        """Return the titles of the events that most sources date, if more than one does."""
        most = max((len(self.sources(name, DATED)) for name in self.events), default=0)
        return [one.title for one in self.dated_by(max(most, 2), most)]

    def count_silences(self) -> Counter[str]:
        """Return in how many cells of event and source a source is silent, by the reason."""
        return Counter(self.ways.values())

    def of_themes(self, themes: Collection[str], passages: Iterable[Span] | None = None) -> Timeline:
        """Return what belongs to some themes: their events, and the dates in some passages, or all.

        Where no theme is named, all events stay; a theme may have none. Raises `ValueError` for one that there is not.
        """
        known = the_knowledge().themes
        if unknown := [theme for theme in themes if theme not in known]:
            raise ValueError(f"there is no theme {unknown[0]!r}; seeds/knowledge/themes has {', '.join(known)}.")
        events = {name: one for name, one in self.events.items() if not themes or set(themes) & set(one.themes)}
        mentions = [one for one in self.mentions if one.event in events]
        if passages is None:
            return replace(self, events=events, mentions=mentions)
        inside = list(passages)
        dates, everywhere = within(self.dates, inside), within(self.everywhere, inside)
        return replace(self, dates=dates, everywhere=everywhere, events=events, mentions=mentions)


def read_timeline(
    corpus: Mapping[str, Document],
    spans: Spans,
    known: Knowledge | None = None,
    *,
    zones: Sequence[str] = RUNNING_TEXT,
) -> Timeline:
    """Return what some sources date, name and pass over. `spans` are all that was found in them, zones apart."""
    known = known or the_knowledge()
    events = load_events(known.themes)
    mentions: list[EventMention] = []
    voices: dict[str, Voice] = {}
    for source, doc in corpus.items():
        dates = [one for one in spans.dates if one.source == source]
        quotes = [one for one in spans.quotes if one.source == source]
        there = find_event_mentions(doc, dates, events.values(), zones=zones)
        told: list[Span] = [*dates, *there]
        voices |= {span.ref: voice for span, voice in zip(told, find_voices(doc, told, quotes, known), strict=True)}
        mentions += there
    return Timeline(
        corpus=corpus,
        dates=[one for one in spans.dates if one.zone in zones],
        events=events,
        mentions=mentions,
        voices=voices,
        everywhere=list(spans.dates),
    )


def voiced(timeline: Timeline, span: Span) -> str:
    """Return in whose voice a date or a name stands, in the reader's words."""
    voice = timeline.voices[span.ref]
    return VOICED[voice.kind] if voice.kind == "own" else f"{VOICED[voice.kind]} {voice.speaker or 'someone not named'}"


def claims_table(timeline: Timeline, events: Iterable[Event] | None = None, *, silent: bool = True) -> pd.DataFrame:
    """Return, for each event, the sources under one another: how they date it, in whose voice, in which passage.

    A source has a row for each date that it gives an event; one that only names it, or is silent, has one row.
    """
    rows = []
    for event in timeline.events.values() if events is None else events:
        title = f"{event.title} ({event.when})"
        for source in timeline.corpus:
            how = timeline.how(event.id, source)
            told = [one for one in timeline.told.get((event.id, source), []) if one.how in (how, OTHERWISE)]
            for one in {(one.how, one.edtf): one for one in reversed(told)}.values():
                exact = [one.edtf or "–", precision(one.edtf) if one.edtf else "–", voiced(timeline, one)]
                rows.append([title, timeline.label(source), one.how, one, *exact, one.passage])
            if not told and silent:
                rows.append([title, timeline.label(source), how, *["–"] * 5])
    return pd.DataFrame(rows, columns=CLAIMS)


def timeline_table(timeline: Timeline) -> pd.DataFrame:
    """Return a row per date of the sources, earliest first: precision, words, source, voice, event; unresolved last."""
    titles: dict[str, list[str]] = defaultdict(list)
    for one in timeline.mentions:
        if one.how == DATED:
            titles[one.ref].append(timeline.events[one.event].title)
    order = list(timeline.corpus)
    dates = sorted(
        timeline.dates,
        key=lambda one: (
            not one.edtf,
            bounds(one.edtf) if one.edtf else (0, 0),
            one.edtf,
            order.index(one.source),
            one.start,
        ),
    )
    rows = [
        [
            one.edtf or "not resolved",
            precision(one.edtf),
            one,
            timeline.label(one.source),
            voiced(timeline, one),
            "; ".join(titles[one.ref]) or "–",
            seen_from(timeline.corpus[one.source].source, one.edtf) or "–",
        ]
        for one in dates
    ]
    return pd.DataFrame(rows, columns=TIMELINE)


def written(source: Source) -> tuple[int, int, bool]:
    """Return the first and last day on which a text may have been issued, and whether the last is open.

    Where it is open, the first is not before the latest event that the text tells. Units: day numbers. A source
    without any date gives the first and last day there are.
    """
    low, high = bounds(source.issued or "0001/..")
    is_open = not source.issued or ".." in source.issued
    return _told_until(source, low) if is_open else low, high, is_open


def _told_until(source: Source, low: int) -> int:
    return max(low, bounds(source.latest)[0]) if source.latest else low


def seen_from(source: Source, edtf: str) -> str:
    """Return whether a date lies before a text, in its own days or ahead of it; "" where the text has no date.

    Ahead is only what is later than the last day on which the text can have been issued.
    """
    if not edtf or not (source.issued or source.latest):
        return ""
    (low, high), (first, last, is_open) = bounds(edtf), written(source)
    if is_open and low > first:
        return UNSURE
    return AHEAD if low > last else EARLIER if high < first else AROUND


def ahead_table(timeline: Timeline) -> pd.DataFrame:
    """Return the dates that lie ahead of their texts, in any part of the page: plans, expectations, later additions."""
    rows = []
    for one in timeline.everywhere:
        doc = timeline.corpus[one.source]
        if seen_from(doc.source, one.edtf) == AHEAD:
            row = [doc.source.label, doc.source.issued or doc.source.latest, one, one.edtf, one.zone]
            rows.append([*row, voiced(timeline, one), around(doc, one)])
    return pd.DataFrame(rows, columns=LATER)


def around(doc: Document, span: Span) -> Span:
    """Return the paragraph's line of a passage as received: from the stop before it to the stop after it."""
    places = [(doc.raw.rfind(mark, 0, span.start), len(mark)) for mark in (". ", "\n\n", "? ", "! ")]
    before = max((at + length for at, length in places if at >= 0), default=0)
    stops = [at for mark in (". ", ".\n", "\n\n") if (at := doc.raw.find(mark, span.end)) >= 0]
    return doc.mark_raw(Span, min(before, span.start), max(min(stops, default=len(doc.raw)), span.end))


def omissions_table(timeline: Timeline, events: Iterable[Event] | None = None) -> pd.DataFrame:
    """Return a row per event: who dates it, otherwise or not, who names it, who is silent, and who wrote before it.

    Silence says nothing about why: a text may have another subject.
    """
    rows = []
    for event in timeline.events.values() if events is None else events:
        ways = ((NAMED,), (ONE_LIKE, SAME_TIME), (NOT_MENTIONED,), (NOT_KNOWN,), (WRITTEN_BEFORE,))
        dated = timeline.labels(timeline.sources(event.id, DATED))
        who = [dated, timeline.otherwise(event.id)]
        who += [timeline.labels(timeline.sources(event.id, *some)) for some in ways]
        rows.append([event.title, event.when, *(", ".join(names) or "–" for names in who)])
    return pd.DataFrame(rows, columns=OMISSIONS)


def precision_table(timeline: Timeline) -> pd.DataFrame:
    """Return a row per precision and a column per source: how many of its dates are so exact; unresolved ones last."""
    exact = {one.ref: precision(one.edtf) for one in timeline.dates}
    kinds = [kind for kind in (*EXACTNESS, "not resolved") if kind in exact.values()]
    return pd.DataFrame(
        {
            "Precision": kind,
            **{
                timeline.label(source): sum(one.source == source and exact[one.ref] == kind for one in timeline.dates)
                for source in timeline.corpus
            },
        }
        for kind in kinds
    )
