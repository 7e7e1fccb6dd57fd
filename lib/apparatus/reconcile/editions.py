"""Numbered sessions and editions held against their years, and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from apparatus.model import DateExpr, Quantity
from apparatus.reconcile.events import dates_within
from apparatus.reconcile.facts import Series
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, REASONS, UNCHECKED, Comparison
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text
from apparatus.reconcile.when import dates_in_words, overlap, years_apart

REACH = 45  # characters between an ordinal and the name of the series that it numbers


@dataclass(frozen=True, eq=False)
class Edition:
    """A session or an edition named by its number, and the date beside it, where there is one."""

    text: Text
    sentence: Interval
    series: Series
    number: int
    span: Quantity
    date: DateExpr | None


def find_editions(corpus: Corpus) -> list[Edition]:
    """Return every number of a known series, with the date that its sentence gives it."""
    found = []
    for text in corpus.texts.values():
        places = [(place, *_series_of(corpus, text, place)) for place in text.numbers]
        known = [(place, series, number) for place, series, number in places if series]
        for index, (place, series, number) in enumerate(known):
            follows = known[index + 1][0].start if index + 1 < len(known) else len(text.text)
            sentence = text.sentence(place.start)
            date = _date_of(text, place, sentence, min(follows, sentence[1]))
            found.append(Edition(text, sentence, series, number, place.span, date))
    return found


def _series_of(corpus: Corpus, text: Text, place: Placed[Quantity]) -> tuple[Series | None, int]:
    sentence = text.sentence(place.start)
    best: tuple[int, Series | None, int] = (REACH, None, 0)
    for series in corpus.facts.series:
        if series.labels and (match := series.labels.fullmatch(place.span.words)):
            return series, int(match["n"])
        if place.span.kind != "ordinal" or isinstance(place.span.value, tuple):
            continue
        if series.beside and not series.beside.search(text.text, *sentence):
            continue
        match = series.words.search(text.text, place.start, sentence[1])
        if match and match.start() - place.end < best[0]:
            best = (match.start() - place.end, series, int(place.span.value))
    return best[1], best[2]


def _date_of(text: Text, place: Placed[Quantity], sentence: Interval, stop: int) -> DateExpr | None:
    """Return the first date behind a number and before the next one; else the last date before it."""
    dates = dates_within(text, sentence)
    behind = [one.span for one in dates if place.end <= one.start < stop]
    before = [one.span for one in dates if one.end <= place.start]
    return behind[0] if behind else before[-1] if before else None


def edition_rows(editions: Sequence[Edition]) -> Iterator[Comparison]:
    """Yield a row per text, session or edition, and verdict: does the series give the year stated?

    A session named without a date goes with the same text's dated mentions of it, if there are any.
    """
    alongside = {one.span.ref for members in _by_sentence(editions).values() for one in members}
    groups: dict[tuple[str, str, int], list[Edition]] = defaultdict(list)
    for one in editions:
        groups[one.text.id, one.series.name, one.number].append(one)
    for members in groups.values():
        dated = [one for one in members if one.date and one.series.when(one.number)]
        by_verdict: dict[str, list[Edition]] = defaultdict(list)
        for one in dated:
            by_verdict[_verdict(one)].append(one)
        undated = [one for one in members if one not in dated]
        for verdict, fitting in sorted(by_verdict.items()):
            yield _row(fitting, undated if verdict == min(by_verdict) else [], verdict)
        if not dated and not alongside.issuperset(one.span.ref for one in members):
            yield _undated_row(members)


def _verdict(one: Edition) -> str:
    assert one.date
    return AGREES if overlap(one.series.when(one.number), one.date.edtf) else IMPOSSIBLE


def _row(members: list[Edition], undated: list[Edition], verdict: str) -> Comparison:
    one = members[0]
    assert one.date
    when = one.series.when(one.number)
    dates = dict.fromkeys(each.date for each in members if each.date)
    year, stated = float(when[:4]), float(one.date.edtf[:4])
    return Comparison(
        rule="number and year",
        stated=(*(each.span for each in members), *dates, *(each.span for each in undated)),
        says=f"{one.span.words}, {one.date.words}",
        recomputed=f"number {one.number} of {one.series.name}: {dates_in_words(when)}",
        difference=str(years_apart(when, one.date.edtf) or (1 if verdict == IMPOSSIBLE else 0)),
        verdict=verdict,
        why=one.series.source,
        unit="year",
        given=(stated, stated),
        against=(year, year),
    )


def _undated_row(members: list[Edition]) -> Comparison:
    return Comparison(
        rule="number and year",
        stated=tuple(each.span for each in members),
        says=members[0].span.words,
        recomputed=f"number {members[0].number} of {members[0].series.name}: {_when(members[0])}",
        verdict=UNCHECKED,
        reason="year not stated",
        why=REASONS["year not stated"],
    )


def _when(one: Edition) -> str:
    when = one.series.when(one.number)
    return dates_in_words(when) if when else "a year that is not known here"


def alongside_rows(editions: Sequence[Edition]) -> Iterator[Comparison]:
    """Yield a row per sentence that names sessions of several series without a date: are they of one year?"""
    for members in _by_sentence(editions).values():
        years = sorted({one.series.year(one.number) or 0 for one in members})
        yield Comparison(
            rule="number and year",
            stated=tuple(one.span for one in members),
            says=" · ".join(one.span.words for one in members),
            recomputed=", ".join(f"{one.span.words}: {one.series.year(one.number)}" for one in members),
            difference=str(years[-1] - years[0]),
            verdict=AGREES if len(years) == 1 else DIFFERS,
            why="; ".join(dict.fromkeys(one.series.source for one in members)),
            unit="year",
            given=(years[0], years[0]),
            against=(years[-1], years[-1]),
        )


def _by_sentence(editions: Sequence[Edition]) -> dict[tuple[str, Interval], list[Edition]]:
    """Return the undated sessions of known year, where a sentence names some of several series."""
    groups: dict[tuple[str, Interval], list[Edition]] = defaultdict(list)
    for one in editions:
        if one.date is None and one.series.year(one.number):
            groups[one.text.id, one.sentence].append(one)
    return {key: members for key, members in groups.items() if len({one.series.name for one in members}) > 1}


def same_day_rows(editions: Sequence[Edition]) -> Iterator[Comparison]:
    """Yield a row where two sessions of one series carry one day: at most one of them can have met then.

    Where the series excludes the day of one of them, `edition_rows` says so: one slip makes one row.
    """
    days: dict[tuple[str, str], dict[int, Edition]] = defaultdict(dict)
    for one in editions:
        if one.date and one.date.kind == "day" and _verdict(one) == AGREES:
            days[one.series.name, one.date.edtf].setdefault(one.number, one)
    for (name, day), numbered in days.items():
        for first, second in combinations(numbered.values(), 2):
            assert first.date
            assert second.date
            yield Comparison(
                rule="one day, two numbers",
                stated=(first.span, first.date, second.span, second.date),
                says=f"{first.span.words} · {second.span.words}, both {dates_in_words(day)}",
                recomputed=f"{name}: at most one of them met on that day",
                difference=str(abs(first.number - second.number)),
                verdict=IMPOSSIBLE,
                why=first.series.source,
                unit="number",
                given=(first.number, first.number),
                against=(second.number, second.number),
            )
