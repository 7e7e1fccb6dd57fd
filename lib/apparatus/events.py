"""Events that sources date, name or pass over, and where they do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apparatus.corpus import UNDIVIDED
from apparatus.edtf_days import days
from apparatus.entries import check_edtf, near, read_entries
from apparatus.errors import DataError
from apparatus.model import DateExpr, Document, Span
from apparatus.paths import KNOWLEDGE
from apparatus.sentences import sentences_of
from apparatus.text import trim
from apparatus.themes import RUNNING_TEXT

DATED, NAMED, SAME_TIME = "dates it", "names it, gives no date", "same time, not named"
DECADE = 3660  # days: a longer date tells a period in which an event lies, and does not date it
SHORT = 31  # days: in a longer event a day may be that of anything
BRIEF = 4  # days: only of so short an event does a date speak that stands without its name
TEXT = ("id", "title", "when", "why", "source")
FIELDS = dict.fromkeys(TEXT, str) | {key: [str] for key in ("names", "examples", "themes")}
OPTIONAL = {"recurs": bool, "without": [str]}


@dataclass(frozen=True)
class Event:
    """Something that happened, or was to happen. `when` is EDTF; `pattern` finds how texts call it."""

    id: str
    title: str
    when: str
    pattern: re.Pattern[str]
    recurs: bool
    themes: tuple[str, ...]
    why: str
    source: str


@dataclass(frozen=True, kw_only=True)
class EventMention(Span):
    """A date or a name of an event. `how`: dates it, names it, or same time; `passage` is the sentence it is in."""

    event: str
    how: str
    edtf: str = ""
    passage: Span


def load_events(themes: Collection[str], path: Path = KNOWLEDGE / "events.toml") -> dict[str, Event]:
    """Return the events by id, earliest first. Raises `DataError` where an entry does not match its own examples."""
    events: dict[str, Event] = {}
    for where, entry in read_entries(path, "event", FIELDS, OPTIONAL):
        if entry["id"] in events:
            raise DataError(f"{where}: the id stands twice; give each event its own.")
        if unknown := [theme for theme in entry["themes"] if theme not in themes]:
            raise DataError(f"{where}: there is no theme {unknown[0]!r}{near(unknown[0], themes)}")
        check_edtf(entry["when"], f"{where}, when")
        events[entry["id"]] = Event(
            id=entry["id"],
            title=entry["title"],
            when=entry["when"],
            pattern=_names(entry, where),
            recurs=entry.get("recurs", False),
            themes=tuple(entry["themes"]),
            why=entry["why"],
            source=entry["source"],
        )
    return dict(sorted(events.items(), key=lambda one: (bounds(one[1].when), one[0])))


def _names(entry: dict[str, Any], where: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(entry['names'])})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{where}: {error} in a regular expression; mend it.") from None
    if missed := [example for example in entry["examples"] if not pattern.search(example)]:
        raise DataError(f"{where}: its names do not find its example {missed[0]!r}; mend one of them.")
    if wrong := [words for words in entry.get("without", []) if pattern.search(words)]:
        raise DataError(f"{where}: its names find {wrong[0]!r}, which they should not; mend one of them.")
    return pattern


def bounds(edtf: str) -> tuple[int, int]:
    """Return the first and the last day of an EDTF date, as day numbers; an open end is the last day there is.

    >>> low, high = bounds("2020-09-27/2020-11-10")
    >>> high - low
    44
    """
    first, last = days(edtf)
    return first.toordinal(), last.toordinal()


def precision(edtf: str) -> str:
    """Return how exactly a date is told: day, days, month, months, season, year, years, decade, century or open.

    >>> [precision(one) for one in ("2024-02-07", "2024-02", "1994/2020", "199X", "2024-02-14/..", "")]
    ['day', 'month', 'years', 'decade', 'open', 'not resolved']
    """
    if not edtf:
        return "not resolved"
    if ".." in edtf:
        return "open"
    if "/" in edtf:
        return _of_one(max(edtf.split("/"), key=len)) + "s"
    return _of_one(edtf)


def _of_one(edtf: str) -> str:
    plain = edtf.strip("?~%")
    if "X" in plain:
        return "decade" if plain.count("X") == 1 else "century"
    if len(plain) == 7 and int(plain[5:]) > 12:
        return "season"
    return {4: "year", 7: "month", 10: "day"}.get(len(plain), "year")


def find_event_mentions(
    doc: Document, dates: Sequence[DateExpr], events: Iterable[Event], *, zones: Sequence[str] = RUNNING_TEXT
) -> list[EventMention]:
    """Return where a document dates or names events, in reading order, then by event.

    A sentence dates an event where it names it beside a date that fits: one that holds the event, lies in it, or, for
    an event of more than a month, falls on its first or last day. A period of more than ten years is no date of an
    event within it. A day inside an event of a few days, in a sentence that does not name it, is of the same time only.
    """
    events, found = list(events), []
    for start, end, there in _sentences_with_dates(doc, dates, zones):
        passage = _passage(doc, start, end)
        for event in events:
            names = list(event.pattern.finditer(doc.view.text, start, end))
            fitting = [one for one in there if one.edtf and _fits(one.edtf, event, named=bool(names))]
            how = DATED if names else SAME_TIME
            found += [_mention(one, event, how, passage) for one in fitting]
            if names and not fitting and not event.recurs:
                place = next(doc.pieces(*names[0].span()))
                found.append(doc.mark(EventMention, *place, event=event.id, how=NAMED, passage=passage))
    return found


def _mention(one: DateExpr, event: Event, how: str, passage: Span) -> EventMention:
    place = {name: getattr(one, name) for name in ("source", "start", "end", "exact", "section", "zone", "reading")}
    return EventMention(**place, event=event.id, how=how, edtf=one.edtf, passage=passage)


def _sentences_with_dates(
    doc: Document, dates: Sequence[DateExpr], zones: Sequence[str]
) -> Iterator[tuple[int, int, list[DateExpr]]]:
    """Yield the sentences of the view, each with the dates in it."""
    shown = ((doc.view.from_raw(one.start, one.end), one) for one in dates)
    places = sorted(((place[0], one) for place, one in shown if place), key=lambda pair: pair[0])
    sentences, at = sentences_of(doc), 0
    for first, last, zone in doc.paragraphs():
        for start, end in [(first, last)] if zone in UNDIVIDED else sentences.within(first, last):
            there = []
            while at < len(places) and places[at][0] < end:
                there += [places[at][1]] if places[at][0] >= start else []
                at += 1
            if zone in zones:
                yield start, end, there


def _passage(doc: Document, start: int, end: int) -> Span:
    """Return a sentence, or its longest piece where the text as received takes it apart."""
    parts = (trim(doc.view.text, *part) for part in doc.pieces(start, end))
    return doc.mark(Span, *max(parts, key=lambda part: part[1] - part[0]))


def _fits(edtf: str, event: Event, *, named: bool) -> bool:
    (low, high), (first, last) = bounds(edtf), bounds(event.when)
    if high < first or low > last:
        return False
    inside = first <= low and high <= last
    if not named:
        return inside and last - first < BRIEF
    if inside and last - first > SHORT:
        return low == first or high == last
    return high - low <= max(last - first, DECADE)
