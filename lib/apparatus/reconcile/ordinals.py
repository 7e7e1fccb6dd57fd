"""Ordinals held against counts, against the years from which they count, and against what is listed before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from apparatus.model import DateExpr, Quantity, Span
from apparatus.reconcile.counted import Counted
from apparatus.reconcile.events import speaking_day
from apparatus.reconcile.intervals import of_quantity, spoken
from apparatus.reconcile.record import AGREES, DIFFERS, Comparison
from apparatus.reconcile.texts import Corpus, Placed, Text, inside

REACH = 30  # characters between a count and the ordinal that follows it
SERIAL = frozenset({"season", "edition", "festival", "year", "term", "tournament", "conference", "congress"})
YEARS_GAP = re.compile(r"\s*(?:,|and|,\s?and|&)\s*")


def next_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row for “eight airports and a ninth”: the ordinal is the count's next number."""
    for text in corpus.texts.values():
        for place in text.numbers:
            if place.span.kind != "ordinal" or isinstance(place.span.value, tuple):
                continue
            sentence = text.sentence(place.start)
            for one in inside(text.numbers, (sentence[0], place.start)):
                counted = numbers.get(one.span.ref)
                gap = text.text[one.end : place.start]
                listed = len(gap) <= REACH and re.search(r"\b(?:and|with) (?:a|an|another|the) (?:\w+ )?$", gap)
                if counted and listed and counted.unit.rstrip("s") == place.span.unit:
                    yield _next_row(counted, place.span)


def _next_row(one: Counted, ordinal: Quantity) -> Comparison:
    value, follows = float(ordinal.value if not isinstance(ordinal.value, tuple) else 0), of_quantity(one.number)[1] + 1
    return Comparison(
        rule="next in order",
        stated=(one.number, ordinal),
        says=f"{one.number.words} · {ordinal.words}",
        recomputed=f"the next is number {spoken(follows)}",
        difference=spoken(abs(value - follows)),
        verdict=AGREES if value == follows else DIFFERS,
        unit=one.unit,
        given=(value, value),
        against=(follows, follows),
    )


def serial_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row for “the 17th season” of something yearly “since 2003”, in a text of the year that this gives.

    Only what fits is taken, or is one off in a sentence that gives but one date: a series may have skipped years, and
    “since” may be said of something else.
    """
    for text in corpus.texts.values():
        base = speaking_day(text)
        for one in text.numbers if base else ():
            value = one.span.value
            if one.span.kind != "ordinal" or one.span.unit not in SERIAL or isinstance(value, tuple) or not base:
                continue
            sentence = text.sentence(one.start)
            places = [place for place in (text.before(sentence), sentence, text.after(sentence)) if place]
            dates = [each.span for place in places for each in inside(text.dates, place)]
            dates += [each.span for each in text.dates if _says_since(text, each)]
            for date in dates:
                if date.kind == "year" and date.edtf and int(date.edtf) + value - 1 == base.when[0].year:
                    yield _serial_row(one.span.words, (one.span, date), value, int(date.edtf), base.when[0].year)
                    break
            else:
                yield from _one_off(corpus, text, one, base.when[0].year)


def _says_since(text: Text, one: Placed[DateExpr]) -> bool:
    return text.text[max(0, one.start - 8) : one.start].rstrip().lower().endswith("since")


def _serial_row(words: str, stated: tuple[Span, ...], value: float, first: int, year: int) -> Comparison:
    return Comparison(
        rule="number and year",
        stated=stated,
        says=words,
        recomputed=f"{year - first + 1}: one a year from {first} to {year}",
        difference=str(abs(round(value - (year - first + 1)))),
        verdict=AGREES if value == year - first + 1 else DIFFERS,
        unit="year",
        given=(value, value),
        against=(year - first + 1, year - first + 1),
    )


def _one_off(corpus: Corpus, text: Text, one: Placed[Quantity], year: int) -> Iterator[Comparison]:
    """Yield the row of “came in 2011 and begins the tenth season” in a text of 2019: the count is one off."""
    dates = [each.span for each in inside(text.dates, text.sentence(one.start)) if each.span.edtf]
    single = len(dates) == 1 and dates[0].start < one.span.start and one.span.unit != "year"
    if single and not isinstance(one.span.value, tuple) and dates[0].edtf[:4].isdigit():
        first = int(dates[0].edtf[:4])
        if first < year and abs(first + one.span.value - 1 - year) == 1:
            yield _serial_row(one.span.words, (one.span, dates[0]), one.span.value, first, year)


def listed_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row for “the sixth title, after 1996, 2001, 2002, 2011 and 2015”: so many years before, and one more."""
    for text in corpus.texts.values():
        for one in text.numbers:
            if one.span.kind != "ordinal" or isinstance(one.span.value, tuple) or one.span.value <= 2:
                continue
            sentence = text.sentence(one.start)
            for place in filter(None, (sentence, text.after(sentence))):
                years = _years(text, place[0] if place != sentence else one.end, place[1])
                if len(years) > 1 and corpus.facts.cues["earlier"].search(
                    text.text, max(place[0], one.end), years[0].start
                ):
                    yield _listed_row(one.span, [each.span for each in years])
                    break


def _years(text: Text, start: int, end: int) -> list[Placed[DateExpr]]:
    """Return the first run of years that only commas and “and” part."""
    run: list[Placed[DateExpr]] = []
    for each in inside(text.dates, (start, end)):
        if each.span.kind != "year" or (run and not YEARS_GAP.fullmatch(text.text[run[-1].end : each.start])):
            if len(run) > 1:
                break
            run = []
        if each.span.kind == "year":
            run.append(each)
    return run


def _listed_row(ordinal: Quantity, years: list[DateExpr]) -> Comparison:
    value, count = float(ordinal.value if not isinstance(ordinal.value, tuple) else 0), float(len(years) + 1)
    return Comparison(
        rule="next in order",
        stated=(ordinal, *years),
        says=f"{ordinal.words}, after {', '.join(each.words for each in years)}",
        recomputed=f"{len(years)} listed before it: number {spoken(count)}",
        difference=spoken(abs(value - count)),
        verdict=AGREES if value == count else DIFFERS,
        given=(value, value),
        against=(count, count),
    )
