"""Weekdays against the calendar, events against their recorded dates, and what lies after the text that tells it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from apparatus.model import DateExpr
from apparatus.reconcile.aligned import Pair
from apparatus.reconcile.editions import Edition
from apparatus.reconcile.events import Named, dates_within, speaking_day
from apparatus.reconcile.facts import Dated
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, Comparison
from apparatus.reconcile.texts import Corpus, Placed, Text, inside
from apparatus.reconcile.when import bounds, dates_in_words, in_words, overlap, years_apart

BESIDE = re.compile(r"[\s(]*(?:(?:of|in|on|from|dated|during|between|for)\s+)?(?:the\s+)?")
NEAR_DAY = 6
ALIKE = 2
Events = Mapping[str, list[Named]]


def weekday_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per weekday that stands with its date, or with another passage that dates the same."""
    names = corpus.known.lexicon.weekdays
    for text in corpus.texts.values():
        for one in text.dates:
            word = re.match(r"\w+", one.span.exact)
            if not word or word[0].lower() not in names or one.span.kind != "day" or not one.span.edtf:
                continue
            alone = len(one.span.words.split()) == 1
            other = _same_elsewhere(corpus, text, one) if alone else one.span
            if other:
                yield _weekday_row(one.span, other)


def _same_elsewhere(corpus: Corpus, text: Text, one: Placed[DateExpr]) -> DateExpr | None:
    """Return the nearest full date within a week of a bare weekday whose sentence speaks of the same."""
    day = bounds(one.span.edtf)[0]
    words = corpus.rare(text, text.sentence(one.start))
    for other in text.dates:
        full = other.span.kind == "day" and other is not one and other.span.rule == "stated"
        near = full and abs((bounds(other.span.edtf)[0] - day).days) <= NEAR_DAY
        if near and len(words & corpus.rare(text, text.sentence(other.start))) >= ALIKE:
            return other.span
    return None


def _weekday_row(span: DateExpr, other: DateExpr) -> Comparison:
    day = bounds(other.edtf)[0]
    word = re.match(r"\w+", span.exact)
    same = bool(word) and f"{day:%A}".lower().startswith(word[0].lower()[:3] if word else "")
    return Comparison(
        rule="weekday",
        stated=(span,) if span is other else (span, other),
        says=span.words if span is other else f"{span.words} · {other.words}",
        recomputed=f"{in_words(day)} was a {day:%A}",
        difference="0" if same else "another weekday",
        verdict=AGREES if same else IMPOSSIBLE,
        why="Gregorian calendar",
    )


def order_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row for what is told as past but dated after the text itself. Furniture of a page is left out."""
    for text in corpus.texts.values():
        base = speaking_day(text)
        if not base or text.doc.source.issued.endswith(".."):
            continue
        for one in text.dates:
            if one.span.zone not in ("body", "caption", "heading") or not one.span.edtf:
                continue
            sentence = text.sentence(one.start)
            told = corpus.facts.cues["happened"].search(text.text, sentence[0], one.start)
            planned = corpus.facts.cues["planned"].search(text.text, *sentence)
            if bounds(one.span.edtf)[0] > base.when[1] and told and not planned:
                yield Comparison(
                    rule="order of time",
                    stated=(one.span, text.span(*told.span())),
                    says=f"{told[0]} … {one.span.words}",
                    recomputed=f"after {base.words}",
                    difference=f"{(bounds(one.span.edtf)[0] - base.when[1]).days} days",
                    verdict=IMPOSSIBLE,
                    why="told as past, though it lies after the text's own date",
                )


def dated_rows(corpus: Corpus, events: Events) -> Iterator[Comparison]:
    """Yield a row per text and event that it dates right beside its name, against the record's date."""
    for text in corpus.texts.values():
        groups: dict[tuple[str, bool], list[tuple[Named, DateExpr]]] = defaultdict(list)
        for event in events[text.id]:
            for date in _dates_beside(text, event):
                groups[event.dated.name, _fits(event.dated, date.edtf)].append((event, date))
        for (_, fits), members in groups.items():
            yield _dated_row(members, fits)


def _dates_beside(text: Text, event: Named) -> Iterator[DateExpr]:
    sentence = text.sentence(event.start)
    for one in dates_within(text, sentence):
        behind = event.end <= one.start and BESIDE.fullmatch(text.text[event.end : one.start])
        before = one.end <= event.start and re.fullmatch(r"\s(?:the )?", text.text[one.end : event.start])
        if behind or before or event.start <= one.start < event.end:
            yield one.span


def _fits(dated: Dated, edtf: str) -> bool:
    return any(overlap(when, edtf) for when in (dated.when, *(stage for stage, _ in dated.stages)))


def _dated_row(members: list[tuple[Named, DateExpr]], fits: bool) -> Comparison:
    (event, date), dated = members[0], members[0][0].dated
    stage = next((what for when, what in dated.stages if overlap(when, date.edtf)), "")
    by_stage = fits and not overlap(dated.when, date.edtf)
    return Comparison(
        rule="date of an event",
        stated=tuple(span for pair in members for span in (pair[0].span, pair[1])),
        says=f"{event.span.words}, {date.words}",
        recomputed=f"{dates_in_words(dated.when)}" + (f"; {dates_in_words(date.edtf)}: {stage}" if by_stage else ""),
        difference=str(0 if fits else years_apart(dated.when, date.edtf)),
        verdict=AGREES if fits else DIFFERS,
        why=dated.source,
        unit="year",
        given=(float(date.edtf[:4]),) * 2 if date.edtf[:4].isdigit() else (),
        against=(float(dated.when[:4]),) * 2,
    )


def told_twice_rows(pairs: list[Pair]) -> Iterator[Comparison]:
    """Yield a row per two passages that tell the same: do the dates in them agree?"""
    for pair in pairs:
        ones = {one.span.edtf: one.span for one in inside(pair.text.dates, pair.place) if one.span.edtf}
        others = {one.span.edtf: one.span for one in inside(pair.other_text.dates, pair.other) if one.span.edtf}
        for edtf, span in ones.items():
            same = [other for when, other in others.items() if overlap(when, edtf)]
            if same:
                yield _twice_row(span, same[0], AGREES)
        if len(ones) == len(others) == 1:
            (when, span), (edtf, other) = next(iter(ones.items())), next(iter(others.items()))
            if not overlap(when, edtf):
                yield _twice_row(span, other, DIFFERS)


def event_twice_rows(corpus: Corpus, events: Events, editions: Sequence[Edition]) -> Iterator[Comparison]:
    """Yield a row per event or session and two texts that date it: do the dates agree?"""
    dates: dict[str, dict[str, DateExpr]] = defaultdict(dict)
    for one in editions:
        if one.date:
            dates[f"{one.series.name} {one.number}"].setdefault(one.text.id, one.date)
    for text in corpus.texts.values():
        for event in events[text.id]:
            for date in _dates_beside(text, event):
                dates[event.dated.name].setdefault(text.id, date)
    for name in sorted(dates):
        for first, second in combinations(dates[name].values(), 2):
            yield _twice_row(first, second, AGREES if overlap(first.edtf, second.edtf) else DIFFERS)


def _twice_row(one: DateExpr, other: DateExpr, verdict: str) -> Comparison:
    gap = abs((bounds(one.edtf)[0] - bounds(other.edtf)[0]).days) if verdict == DIFFERS else 0
    return Comparison(
        rule="two dates for one event",
        stated=(one, other),
        says=f"{one.words} · {other.words}",
        recomputed=f"{dates_in_words(one.edtf)} · {dates_in_words(other.edtf)}",
        difference=f"{gap} days" if gap else "0",
        verdict=verdict,
    )
