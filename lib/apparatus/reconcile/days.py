"""Weekdays against the calendar, events against their recorded dates, and what lies after the text that tells it."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from apparatus.edtf_days import days as bounds
from apparatus.model import DateExpr
from apparatus.reconcile.aligned import Pair, tells_the_same
from apparatus.reconcile.editions import Edition
from apparatus.reconcile.events import Named, dates_within, is_after_cue, own_date, speaking_day
from apparatus.reconcile.facts import Dated
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, Comparison
from apparatus.reconcile.texts import EDITORIAL, Corpus, Interval, Placed, Text, inside
from apparatus.reconcile.when import dates_in_words, in_words, overlap, years_apart

BESIDE = re.compile(r"[\s(]*(?:(?:of|in|on|from|dated|during|between|for)\s+)?(?:the\s+)?")
NEAR_DAY = 6  # days between a bare weekday and the date that it stands for
CUED = 90  # characters before a date in which “following” or “since” stands
CROWD = 40
ALIKE = 2
Events = Mapping[str, list[Named]]


def weekday_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per weekday: it stands with its date, or alone, and then another date of the text says which day.

    The date that is set beside it is the full date in a sentence that tells the same, else the text's own.
    """
    names = corpus.known.lexicon.weekdays
    for text in corpus.texts.values():
        own = own_date(text)
        for one in text.dates:
            word = re.match(r"\w+", one.span.exact)
            if not word or word[0].lower() not in names or one.span.kind != "day" or not one.span.edtf:
                continue
            alone = len(one.span.words.split()) == 1
            same = _same_elsewhere(corpus, text, one) if alone else None
            before = _full_before(text, one) if one.span.rule == "date before it" else None
            coming = _coming(corpus, text, one)
            yield coming or _weekday_row(one.span, names[word[0].lower()], same, before or own)


def _coming(corpus: Corpus, text: Text, one: Placed[DateExpr]) -> Comparison | None:
    """Return the row of a weekday that is still to come, though its date has it only in a year that is over."""
    base, day = speaking_day(text), bounds(one.span.edtf)[0]
    planned = _is_planned(corpus, text, text.sentence(one.start))
    if not base or not planned or one.span.rule != "the year of its weekday" or day >= base.when[0]:
        return None
    with contextlib.suppress(ValueError):  # 29 February is not in every year
        coming = min(each for year in (0, 1) if (each := day.replace(year=base.when[0].year + year)) >= base.when[0])
        own = own_date(text)
        return Comparison(
            rule="weekday",
            stated=(one.span, own) if own else (one.span,),
            says=one.span.words,
            recomputed=f"{in_words(coming)} is a {coming:%A}; only {day.year} has it on that weekday",
            difference="another weekday",
            verdict=IMPOSSIBLE,
            why="Gregorian calendar",
        )
    return None


def _full_before(text: Text, one: Placed[DateExpr]) -> DateExpr | None:
    """Return the date in full from which one without a year has its year: the last of that year before it."""
    earlier = [each.span for each in text.dates if each.start < one.start and each.span.kind == "day"]
    same_year = (each for each in reversed(earlier) if each.edtf[:4] == one.span.edtf[:4])
    return next((each for each in same_year if each.rule == "stated"), None)


def _same_elsewhere(corpus: Corpus, text: Text, one: Placed[DateExpr]) -> DateExpr | None:
    """Return the first full date within a week of a bare weekday in another sentence, which tells the same.

    The text's own date is none: a report tells on its day what was on another.
    """
    (day, _), own, sentence = bounds(one.span.edtf), speaking_day(text), text.sentence(one.start)
    words = corpus.rare(text, sentence)
    for other in text.dates:
        if other.span.kind != "day" or other.span.rule != "stated" or (own and bounds(other.span.edtf) == own.when):
            continue
        place = text.sentence(other.start)
        near = place != sentence and abs((bounds(other.span.edtf)[0] - day).days) <= NEAR_DAY
        if near and tells_the_same(words, corpus.rare(text, place), one_text=True):
            return other.span
    return None


def _weekday_row(span: DateExpr, number: int, same: DateExpr | None, own: DateExpr | None) -> Comparison:
    day = bounds((same or span).edtf)[0]
    other = same or own
    fits = day.isoweekday() == number
    apart = f"; {in_words(bounds(own.edtf)[0])} was a {bounds(own.edtf)[0]:%A}" if own and own.kind == "day" else ""
    return Comparison(
        rule="weekday",
        stated=(span,) if other is None or other is span else (span, other),
        says=span.words if same is None else f"{span.words} · {same.words}",
        recomputed=f"{in_words(day)} was a {day:%A}" + (apart if same is None and other is not span else ""),
        difference="0" if fits else "another weekday",
        verdict=AGREES if fits else IMPOSSIBLE,
        why="Gregorian calendar",
    )


def order_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row for what is told as past but dated after the text itself. Furniture of a page is left out."""
    for text in corpus.texts.values():
        base = speaking_day(text)
        if not base or text.doc.source.issued.endswith(".."):
            continue
        labels = [bounds(one.span.edtf)[1] for one in text.dates if one.span.edtf and one.span.zone in EDITORIAL]
        last = max([base.when[1], *labels])  # a page may have been changed after its issue, and says so
        for one in text.dates:
            if one.span.zone not in ("body", "caption", "heading") or not one.span.edtf:
                continue
            sentence = text.sentence(one.start)
            told = _told_before(corpus, text, one, sentence[0])
            if bounds(one.span.edtf)[0] > last and told and not _is_planned(corpus, text, sentence):
                yield Comparison(
                    rule="order of time",
                    stated=(one.span, text.span(*told.span())),
                    says=f"{told[0]} … {one.span.words}",
                    recomputed=f"after {base.words}",
                    difference=f"{(bounds(one.span.edtf)[0] - base.when[1]).days} days",
                    verdict=IMPOSSIBLE,
                    why="told as past, though it lies after the text's own date",
                )


def _told_before(corpus: Corpus, text: Text, one: Placed[DateExpr], low: int) -> re.Match[str] | None:
    """Return the verb of the past before a date, where no stop, no other verb behind “and” and no number parts them."""
    told = None
    for match in corpus.facts.cues["happened"].finditer(text.text, max(low, one.start - CUED), one.start):
        told = match
    gap = text.text[told.end() : one.start] if told else ""
    return None if re.search(r"[,;:\d]|\b(?:and|or|to|until|by)\b", gap) else told


def sequence_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per paragraph that tells two days or more in the order of time, and for each “since” or “following”.

    Telling something earlier later is no fault, so a paragraph out of order has no row. But what comes after a date
    cannot be dated before it.
    """
    for text in corpus.texts.values():
        for block in text.blocks:
            if text.zones[block[0]] in EDITORIAL:
                continue
            dates = [one for one in dates_within(text, block) if one.span.kind in ("day", "month", "range")]
            firsts = [bounds(one.span.edtf)[0] for one in dates]
            if len(set(firsts)) > 1 and firsts == sorted(firsts):
                yield _sequence_row(text, [one.span for one in dates])
        yield from _after_rows(corpus, text)


def _sequence_row(text: Text, dates: Sequence[DateExpr]) -> Comparison:
    days = (bounds(dates[-1].edtf)[0] - bounds(dates[0].edtf)[0]).days
    return Comparison(
        rule="order of time",
        stated=tuple(dates),
        says=" · ".join(one.words for one in dates),
        recomputed=f"each is later than the one before, {days} days in all",
        difference="0",
        verdict=AGREES,
    )


def _after_rows(corpus: Corpus, text: Text) -> Iterator[Comparison]:
    """Yield a row per “told on A, following B” and “A, since B”: B must not be the later one."""
    for sentence in {text.sentence(one.start): None for one in text.dates}:
        dates = dates_within(text, sentence)
        fine = [one for one in dates if one.span.kind in ("day", "month", "range")]
        earlier = [one for one in fine if is_after_cue(corpus, text, one)]
        main = next((one for one in reversed(fine) if earlier and one.start < earlier[0].start), None)
        if main:
            latest, day = max(bounds(one.span.edtf)[0] for one in earlier), bounds(main.span.edtf)[1]
            if latest > day and not _is_told_after(corpus, text, main, sentence):
                continue
            yield Comparison(
                rule="order of time",
                stated=(main.span, *(one.span for one in earlier)),
                says=f"{main.span.words}, after {', '.join(one.span.words for one in earlier)}",
                recomputed=f"{(day - latest).days} days later",
                difference=f"{max(0, (latest - day).days)} days",
                verdict=AGREES if latest <= day else IMPOSSIBLE,
            )


def _is_told_after(corpus: Corpus, text: Text, main: Placed[DateExpr], sentence: Interval) -> bool:
    """Tell whether “following” or “since” stands right behind a date, so that no other verb can lie between them."""
    behind = text.text[main.end : sentence[1]].lstrip(" ,()")
    return bool(corpus.facts.cues["after"].match(behind)) and not _is_planned(corpus, text, sentence)


def _is_planned(corpus: Corpus, text: Text, sentence: Interval) -> bool:
    return bool(corpus.facts.cues["planned"].search(text.text, *sentence))


def same_day_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per day that passages which speak of the same give more than once."""
    by_day: dict[str, list[tuple[Text, Placed[DateExpr]]]] = defaultdict(list)
    for text in corpus.texts.values():
        for one in text.dates:
            if one.span.kind in ("day", "range") and one.span.edtf and "-" in one.span.edtf:
                by_day[one.span.edtf].append((text, one))
    for edtf, members in by_day.items():
        linked = {
            one.span.ref: one.span
            for first, second in combinations(members[:CROWD], 2)
            if _speak_of_one(corpus, first, second)
            for one in (first[1], second[1])
        }
        if linked:
            yield Comparison(
                rule="two dates for one event",
                stated=tuple(linked.values()),
                says=" · ".join(dict.fromkeys(one.words for one in linked.values())),
                recomputed=dates_in_words(edtf),
                difference="0",
                verdict=AGREES,
            )


def _speak_of_one(corpus: Corpus, first: tuple[Text, Placed[DateExpr]], second: tuple[Text, Placed[DateExpr]]) -> bool:
    places = [text.sentence(one.start) for text, one in (first, second)]
    if first[0] is second[0] and places[0] == places[1]:
        return False
    stems = [text.stems(place) - corpus.plain for (text, _), place in zip((first, second), places, strict=True)]
    rare = [corpus.rare(text, place) for (text, _), place in zip((first, second), places, strict=True)]
    return len(rare[0] & rare[1]) >= ALIKE or len(stems[0] & stems[1]) > ALIKE


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
        named = event.start <= one.start < event.end and one.span.kind != "year"  # “the 2020 war” dates nothing
        if behind or before or named:
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
            if span.kind == other.kind and not overlap(when, edtf) and not _are_two(pair):
                yield _twice_row(span, other, DIFFERS)


def _are_two(pair: Pair) -> bool:
    """Tell whether two like sentences are of two occasions: numbered differently, or told in one paragraph."""
    sides = ((pair.text, pair.place), (pair.other_text, pair.other))
    numbers = [[one.span for one in inside(text.numbers, place)] for text, place in sides]
    one, other = ({each.value for each in spans if each.kind == "ordinal"} for spans in numbers)
    told_together = pair.text is pair.other_text and pair.text.paragraph(pair.place[0]) == pair.text.paragraph(
        pair.other[0]
    )
    return told_together or bool(one and other and not one & other)


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
