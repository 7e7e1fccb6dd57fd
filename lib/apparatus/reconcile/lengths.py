"""Lengths of time held against dates: events, anniversaries, what is counted back, offices, periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from apparatus.edtf_days import days as bounds
from apparatus.model import DateExpr, Quantity, Span
from apparatus.reconcile.events import Base, Named, dates_within, speaking_day, within
from apparatus.reconcile.facts import Dated
from apparatus.reconcile.intervals import apart, grain, interval, meet, spoken_range
from apparatus.reconcile.record import AGREES, DIFFERS, ROUNDS, Comparison, Range
from apparatus.reconcile.texts import Corpus, Placed, Text
from apparatus.reconcile.when import DAYS, dates_in_words, elapsed

CLOSE = 25  # characters between a length of time and the word that says how it is counted
NAME = 60  # characters: how long the name of an event can be before the length that it holds
Events = Mapping[str, list[Named]]


def length_verdict(number: Quantity, found: Range) -> str:
    """Return how a stated length stands to a computed one, both in the unit stated.

    Completed and begun units both count: 32 years is anything from 31.5 to less than 33. A modifier, or a number of
    tens or decades, leaves the room of a rounded number: “three decades” is 25 to 35 years. An anniversary does not.
    """
    low, high = interval(number.value, number.modifier)
    if meet((low - 0.5, high + 0.99), found):
        return AGREES if number.modifier == "exact" and number.unit != "decade" else ROUNDS
    step = 1.0 if number.unit == "decade" else grain(high)
    round_enough = number.kind == "duration" and (step >= 10 or number.unit == "decade")
    if round_enough and meet((low - step / 2, high + step / 2), found):
        return ROUNDS
    return DIFFERS


def length_row(
    rule: str, number: Quantity, found: Range, stated: tuple[Span, ...], how: str, why: str = ""
) -> Comparison:
    """Return the row of one length of time against what dates give."""
    verdict = length_verdict(number, found)
    gap = 0.0 if verdict == AGREES else apart(interval(number.value, number.modifier), found)
    unit = number.unit if number.unit in DAYS else "year"
    return Comparison(
        rule=rule,
        stated=stated,
        says=number.words,
        recomputed=f"{spoken_range(*(round(one, 1) for one in found))} {unit}s: {how}",
        difference=f"{round(gap, 1):g}",
        verdict=verdict,
        why=why,
        unit=unit,
        given=interval(number.value, number.modifier),
        against=found,
    )


def event_rows(corpus: Corpus, events: Events) -> tuple[list[Comparison], set[str]]:
    """Return a row per event and length that stands in its name or at it, over all texts; and the numbers used."""
    groups: dict[tuple[str, object, str], list[Quantity]] = defaultdict(list)
    known: dict[str, Dated] = {}
    for text in corpus.texts.values():
        for one in text.numbers:
            event = _event_at(text, one, events[text.id]) if one.span.kind == "duration" else None
            if event and not isinstance(one.span.value, tuple):
                known[event.dated.name] = event.dated
                groups[event.dated.name, one.span.value, one.span.unit].append(one.span)
    rows = [_event_row(corpus, known[name], members) for (name, _, _), members in groups.items()]
    return rows, {number.ref for members in groups.values() for number in members}


def _event_at(text: Text, one: Placed[Quantity], events: list[Named]) -> Named | None:
    """Return the event in whose name a length of time stands, or which its paragraph tells where both last a night."""
    for event in within(events, (one.start - NAME, one.end + 2)):
        if one.start < event.end:
            return event
    if (one.span.value, one.span.unit) == (1, "night"):
        near = within(events, text.paragraph(one.start))
        return next((event for event in near if _days(event.dated) == 1), None)
    return None


def _days(dated: Dated) -> int:
    first, last = bounds(dated.when)
    return (last - first).days


def _event_row(corpus: Corpus, dated: Dated, numbers: list[Quantity]) -> Comparison:
    days, size = _days(dated), DAYS[numbers[0].unit]
    own = _own_dates(corpus, dated, {number.source for number in numbers})
    return length_row(
        "length of an event",
        numbers[0],
        (days / size, (days + (numbers[0].unit == "day")) / size),
        (*numbers, *own),
        f"{dates_in_words(dated.when)}, the last day counted or not",
        f"the dates are those of {dated.source}" + ("; the texts give them too" if own else ""),
    )


def _own_dates(corpus: Corpus, dated: Dated, sources: set[str]) -> list[DateExpr]:
    """Return the first places where a text itself dates the beginning and the end of an event."""
    found: dict[tuple[str, str], DateExpr] = {}
    for source in sorted(sources):
        for one in corpus.texts[source].dates:
            if one.span.edtf and one.span.edtf in (dated.when, *dated.when.split("/")):
                found.setdefault((source, one.span.edtf), one.span)
    return list(found.values())


def lasting_rows(corpus: Corpus, used: set[str]) -> Iterator[Comparison]:
    """Yield a row for “which lasted 44 days” between two days that its paragraph names as beginning and end."""
    for text in corpus.texts.values():
        for one in text.numbers:
            if one.span.kind != "duration" or one.span.ref in used or isinstance(one.span.value, tuple):
                continue
            near = text.text[max(0, one.start - CLOSE // 2) : one.start]
            if corpus.facts.cues["lasting"].search(near):
                ends = [_cued(corpus, text, one.start, cue) for cue in ("began", "ended")]
                if ends[0] and ends[1] and ends[0].edtf < ends[1].edtf:
                    yield _lasting_row(one.span, ends[0], ends[1])


def _cued(corpus: Corpus, text: Text, at: int, cue: str) -> DateExpr | None:
    """Return the day in a paragraph in whose sentence something begins or ends."""
    for one in dates_within(text, text.paragraph(at)):
        if one.span.kind == "day" and corpus.facts.cues[cue].search(text.text, *text.sentence(one.start)):
            return one.span
    return None


def _lasting_row(number: Quantity, first: DateExpr, last: DateExpr) -> Comparison:
    low, _ = elapsed(bounds(first.edtf), bounds(last.edtf), number.unit)
    one_more = 1 / DAYS[number.unit]
    how = f"{dates_in_words(first.edtf)} to {dates_in_words(last.edtf)}, the last day counted or not"
    return length_row("length of an event", number, (low, low + one_more), (number, first, last), how)


def anniversary_rows(corpus: Corpus, events: Events) -> Iterator[Comparison]:
    """Yield a row per text and numbered anniversary of a dated event."""
    for text in corpus.texts.values():
        groups: dict[tuple[str, object], list[tuple[Quantity, Named]]] = defaultdict(list)
        for one in text.numbers:
            words = text.text[one.start : min(one.end + CLOSE, text.sentence(one.start)[1])]
            if "anniversary" in words:
                event = next(iter(within(events[text.id], (one.end, one.end + 2 * CLOSE))), None)
                if event:
                    groups[event.dated.name, one.span.value].append((one.span, event))
        base = speaking_day(text)
        for members in groups.values():
            if base:
                yield _anniversary_row(corpus, members, base)


def _anniversary_row(corpus: Corpus, members: list[tuple[Quantity, Named]], base: Base) -> Comparison:
    number, event = members[0]
    first = bounds(event.dated.when)[0]
    years = float(base.when[0].year - first.year)
    stated = (*(one for one, _ in members), *_own_dates(corpus, event.dated, {number.source}))
    value = number.value if not isinstance(number.value, tuple) else number.value[1]
    return Comparison(
        rule="anniversary",
        stated=stated,
        says=number.words,
        recomputed=f"{years:g} years: {dates_in_words(event.dated.when)} to {base.words}",
        difference=f"{abs(years - value):g}",
        verdict=AGREES if value == years else DIFFERS,
        why=f"the date of the event is that of {event.dated.source}",
        unit="year",
        given=(value, value),
        against=(years, years),
    )
