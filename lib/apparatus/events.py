"""Events that sources date, name or pass over, and where they do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

DATED, OTHERWISE, NAMED = "dates it", "dates it otherwise", "names it, gives no date"
ONE_LIKE, SAME_TIME = "names one of its kind, gives no date", "same time, not named"
DECADE = 3660  # days: a longer date tells a period in which an event lies, and does not date it
SHORT = 31  # days: in a longer event a day may be that of anything
BRIEF = 4  # days: only of so short an event does a date speak that stands without its name
TEXT = ("id", "title", "when", "why", "source")
FIELDS = dict.fromkeys(TEXT, str) | {key: [str] for key in ("names", "examples", "themes")}
OPTIONAL = {"recurs": bool, "others": bool, "without": [str]}
BEHIND = re.compile(r"\s+(?:dated|of)(?:\s+the\s+\w+\s+of)?\s+|\s*\(")  # what ties a date to the name before it
HELD = re.compile(r"\s+(?:(?:was|were)\s+)?(?:adopted|began|dated|held|signed|took\s+place)\s+(?:in|on)\s+")
OUTER = re.compile(r"(?:^|\b(?:at|during|in)\s+)(?:(?:an?|his|her|its|the|their)\s+)?", re.IGNORECASE)
BEFORE = re.compile(r"(?:\b(?:an?|his|her|its|the|their)|['’]s)\s+$", re.IGNORECASE)
ELSEWHERE = re.compile(r";|\bthat\b")  # what parts a date from a name that follows it: it dates the saying


@dataclass(frozen=True)
class Event:
    """Something that happened, or was to happen. `when` is EDTF; `pattern` finds how texts call it.

    `recurs`: the name alone does not tell which occasion is meant. `others`: the name alone means this one, but with
    a date more than a month away it is that of another.
    """

    id: str
    title: str
    when: str
    pattern: re.Pattern[str]
    recurs: bool
    others: bool
    themes: tuple[str, ...]
    why: str
    source: str


@dataclass(frozen=True, kw_only=True)
class EventMention(Span):
    """A date or a name of an event. `how` is one of the five ways above; `passage` is the sentence it is in."""

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
            others=entry.get("others", False),
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


@dataclass(frozen=True)
class _Sentence:
    """A sentence with the dates in it and the names of each event. Units: view code points."""

    start: int
    end: int
    paragraph: int
    dates: list[tuple[tuple[int, int], DateExpr]]
    names: dict[str, list[tuple[int, int]]]


def find_event_mentions(
    doc: Document, dates: Sequence[DateExpr], events: Iterable[Event], *, zones: Sequence[str] = RUNNING_TEXT
) -> list[EventMention]:
    """Return where a document dates or names events, in reading order, then by event.

    A sentence dates an event where it names it beside a date that fits: one that holds the event, lies in it, or, for
    an event of more than a month, falls on its first or last day. A period of more than ten years is no date of an
    event within it. Of several such dates the nearest counts, and none that belongs to another event or to a saying.
    It dates it otherwise where a date that does not fit is tied to the name itself ("the flood of 1998").
    A day that fits in the sentence before, and dates nothing there, is that of an event named without a date. A day
    inside an event of a few days, in a sentence that does not name it, is of the same time only.
    """
    known = {one.id: one for one in events}
    found: list[EventMention] = []
    before: _Sentence | None = None
    for there in _sentences_with_dates(doc, dates, known, zones):
        for event in known.values():
            found += _tell(doc, event, there, before, known)
        before = there
    return found


def _tell(
    doc: Document, event: Event, there: _Sentence, before: _Sentence | None, known: Mapping[str, Event]
) -> list[EventMention]:
    passage = _passage(doc, there.start, there.end)
    if event.id not in there.names:
        same = [one for _, one in there.dates if one.edtf and _fits(one.edtf, event, named=False)]
        return [_mention(one, event, SAME_TIME, passage) for one in same]
    told = [_mention(one, event, DATED, passage) for one in _own(doc.view.text, event, there, known)]
    bare, otherwise = _otherwise(doc.view.text, event, there)
    if not event.recurs:
        told += [_mention(one, event, OTHERWISE, passage) for one in otherwise if _is_meant(one.edtf, event)]
    if told or not bare or (event.recurs and there.dates):
        return told
    if before and not event.recurs and (carried := _carried(doc.view.text, event, there, before, known)):
        return [_mention(carried, event, DATED, _passage(doc, before.start, there.end))]
    place = next(doc.pieces(*bare[0]))
    how = ONE_LIKE if event.recurs else NAMED
    return [doc.mark(EventMention, *place, event=event.id, how=how, passage=passage)]


def _mention(one: DateExpr, event: Event, how: str, passage: Span) -> EventMention:
    place = {name: getattr(one, name) for name in ("source", "start", "end", "exact", "section", "zone", "reading")}
    return EventMention(**place, event=event.id, how=how, edtf=one.edtf, passage=passage)


def _own(text: str, event: Event, there: _Sentence, known: Mapping[str, Event]) -> list[DateExpr]:
    """Return the dates of a sentence that fit an event named in it, and are of that event."""
    fitting = [(place, one) for place, one in there.dates if one.edtf and _fits(one.edtf, event, named=True)]
    own = []
    for place, one in fitting:
        rivals = [at for at, _ in fitting if at != place]
        for name, places in there.names.items():
            if name != event.id and _fits(one.edtf, known[name], named=True):
                rivals += places
        if any(_belongs(text, place, name, rivals) for name in there.names[event.id]):
            own.append(one)
    return own


def _belongs(text: str, date: tuple[int, int], name: tuple[int, int], rivals: Iterable[tuple[int, int]]) -> bool:
    """Return whether nothing stands between a date and a name that the date rather goes with."""
    start, end = min(date[1], name[1]), max(date[0], name[0])
    if start > end:
        return True
    if date < name and ELSEWHERE.search(text, start, end):
        return False
    return not any((start <= low and high <= end) or (low < date[1] and date[0] < high) for low, high in rivals)


def _otherwise(text: str, event: Event, there: _Sentence) -> tuple[list[tuple[int, int]], list[DateExpr]]:
    """Return the names of an event without a date of another time, and the dates of another time tied to a name."""
    (first, last), bare, otherwise = bounds(event.when), [], []
    dated = [(place, one, bounds(one.edtf)) for place, one in there.dates if one.edtf]
    other = [(place, one) for place, one, (low, high) in dated if high < first or low > last]
    for name in there.names[event.id]:
        tied = [one for place, one in other if _is_tied(text, there.start, name, place)]
        otherwise += [one for one in tied if one not in otherwise]
        bare += [] if tied else [name]
    return bare, otherwise


def _is_meant(edtf: str, event: Event) -> bool:
    """Return whether a name with a date of another time means an event, and not another of its name."""
    (low, high), (first, last) = bounds(edtf), bounds(event.when)
    return not event.others or max(first - high, low - last) <= SHORT


def _is_tied(text: str, start: int, name: tuple[int, int], date: tuple[int, int]) -> bool:
    """Return whether a date is part of the phrase of a name.

    "On" and "in" tie it only where the phrase stands at the head of its sentence, or behind "at", "during" or "in":
    in "recognised the flood in 2012" the year is that of the verb.
    """
    if date[1] <= name[0]:
        return text[date[1] : name[0]].isspace() and bool(BEFORE.search(text[start : date[0]]))
    between = text[name[1] : max(date[0], name[1])]
    if BEHIND.fullmatch(between) or HELD.fullmatch(between):
        return True
    heads = (one.end() for one in OUTER.finditer(text[start : name[0]]))
    return between.strip() in ("in", "on") and name[0] - start in heads


def _carried(
    text: str, event: Event, there: _Sentence, before: _Sentence, known: Mapping[str, Event]
) -> DateExpr | None:
    """Return the only day of the sentence before, where it fits an event and dates no other there."""
    if there.dates or there.paragraph != before.paragraph or len(before.dates) != 1:
        return None
    _, day = before.dates[0]
    if precision(day.edtf) not in ("day", "days") or not _fits(day.edtf, event, named=True):
        return None
    taken = any(day in _own(text, known[name], before, known) for name in before.names)
    return None if taken else day


def _sentences_with_dates(
    doc: Document, dates: Sequence[DateExpr], known: Mapping[str, Event], zones: Sequence[str]
) -> Iterator[_Sentence]:
    """Yield the sentences of the view, each with the dates in it and the names of events."""
    shown = ((doc.view.from_raw(one.start, one.end), one) for one in dates)
    places = sorted(((place, one) for place, one in shown if place), key=lambda pair: pair[0][0])
    sentences, at = sentences_of(doc), 0
    for first, last, zone in doc.paragraphs():
        for start, end in [(first, last)] if zone in UNDIVIDED else sentences.within(first, last):
            there = []
            while at < len(places) and places[at][0][0] < end:
                there += [places[at]] if places[at][0][0] >= start else []
                at += 1
            if zone in zones:
                names = {
                    name: found
                    for name, one in known.items()
                    if (found := [match.span() for match in one.pattern.finditer(doc.view.text, start, end)])
                }
                yield _Sentence(start, end, first, there, names)


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
