"""Lengths of time counted back from a day, and lengths held against ranges of dates for the same period."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from apparatus.edtf_days import days as bounds
from apparatus.lexicon import stems
from apparatus.model import DateExpr, Span
from apparatus.reconcile.counted import Counted
from apparatus.reconcile.events import Base, Named, dates_within, named_day, speaking_day, within
from apparatus.reconcile.intervals import interval
from apparatus.reconcile.lengths import length_row
from apparatus.reconcile.record import DIFFERS, Comparison
from apparatus.reconcile.texts import WORD, Corpus, Interval, Placed, Text
from apparatus.reconcile.when import Days, dates_in_words, elapsed

CLOSE = 25  # characters between a length of time and the word that says how it is counted
NEAR = 45  # characters on either side of a range of dates whose words say of what period it is
FAR = 300  # characters between a length of time and the dates between which it lies
SUBJECT = 3  # rare words that two paragraphs share when they are on one subject
ALIKE = 2  # words by which a sentence farther off is found to speak of the same
FACTOR = 1.5  # a range more than so many times as long or as short is of another period
BEFORE = re.compile(r"\s(?:before|prior to)\s(?=\w)")  # what follows is that from which it is counted
Events = Mapping[str, list[Named]]
Origin = tuple[str, Span]


def back_rows(corpus: Corpus, numbers: Mapping[str, Counted], events: Events, used: set[str]) -> Iterator[Comparison]:
    """Yield a row for each length counted back from a day to an event or a date that the text names.

    What stands in the same sentence is what the length is counted to, so that it can differ. A beginning looked for
    farther off, in the paragraph or by the words, is taken only where it fits: a length that fits nothing is not
    called wrong.
    """
    for one in numbers.values():
        if (
            one.number.kind != "duration"
            or one.number.unit not in ("month", "year", "decade", "day")
            or one.ref in used
        ):
            continue
        cue = _cue(corpus, one)
        base = _base(one, cue)
        if base is None or (not cue and not one.noun):
            continue
        row = _counted_to(corpus, one, base, events, cue)
        if row and "anniversary" not in one.number.what:
            yield row


def later_rows(corpus: Corpus, numbers: Mapping[str, Counted], used: set[str]) -> Iterator[Comparison]:
    """Yield a row for “eleven years later” and the like between two dates near it that are so far apart.

    Only dates that give the length are taken, of the same sentence or the ones beside it.
    """
    for one in numbers.values():
        if one.number.kind != "duration" or one.ref in used or one.number.unit not in ("day", "week", "month", "year"):
            continue
        text, words = one.text, one.text.text[max(0, one.place.start - CLOSE) : one.place.end + CLOSE]
        cued = any(corpus.facts.cues[cue].search(words) for cue in ("later", "after", "ago", "lasting"))
        if not cued and not re.search(r"\b(?:for|in|within)\s(?:\w+\s)?$", words[: min(CLOSE, one.place.start)]):
            continue
        places = [place for place in (text.before(one.sentence), one.sentence, text.after(one.sentence)) if place]
        dates = [date.span for place in places for date in dates_within(text, place)]
        base = speaking_day(text)
        ago = corpus.facts.cues["ago"].match(text.text, one.place.end + 1)
        row = _between_dates(one, dates, base) or _between_dates(one, [] if ago else _on_both_sides(text, one), None)
        if row:
            yield row


def _on_both_sides(text: Text, one: Counted) -> list[DateExpr]:
    """Return the last date before a length of time and the first one behind it, a paragraph away at most."""
    before = dates_within(text, (max(0, one.place.start - FAR), one.place.start))
    behind = dates_within(text, (one.place.end, one.place.end + FAR))
    return [date.span for date in (*before[-1:], *behind[:1])]


def _between_dates(one: Counted, dates: list[DateExpr], base: Base | None) -> Comparison | None:
    for first, last in combinations(sorted(dates, key=lambda date: bounds(date.edtf)), 2):
        found = elapsed(bounds(first.edtf), bounds(last.edtf), one.number.unit)
        row = _length(
            one, found, (one.number, first, last), f"{dates_in_words(first.edtf)} to {dates_in_words(last.edtf)}"
        )
        if found[0] > 0 and found[1] - found[0] <= 2 and row.verdict != DIFFERS:
            return row
    for first in dates if base else ():
        assert base
        found = _between(bounds(first.edtf), base.when, one.number.unit)
        row = _length(one, found, (one.number, first), f"{dates_in_words(first.edtf)} to {base.words}")
        if found[0] > 0 and found[1] - found[0] <= 2 and row.verdict != DIFFERS:
            return row
    return None


def _length(one: Counted, found: tuple[float, float], stated: tuple[Span, ...], how: str) -> Comparison:
    return length_row("time counted back", one.number, found, stated, how)


def _cue(corpus: Corpus, one: Counted) -> str:
    """Return how a length of time is counted: "ago", "last", "after", "lasting", or "" where nothing says so."""
    text, place = one.text.text, one.place
    cues = corpus.facts.cues
    if behind := cues["ago"].match(text, place.end + 1):
        return "ago" if behind[0].lower() == "ago" else "prior"
    before = text[max(one.sentence[0], place.start - CLOSE) : place.start]
    if cues["last"].search(before):
        return "last"
    if re.search(r"\bafter\s$", before, re.I):
        return "after"
    return "lasting" if cues["lasting"].search(before) else ""


def _base(one: Counted, cue: str) -> Base | None:
    if before := BEFORE.match(one.text.text, one.place.end):
        dates = dates_within(one.text, (before.end(), before.end() + 1))
        return Base(bounds(dates[0].span.edtf), dates_in_words(dates[0].span.edtf), dates[0].span) if dates else None
    back = 2 if cue == "prior" else 0
    earlier = named_day(one.text, one.place.start, back=back) if cue in ("prior", "last") else None
    spoken = speaking_day(one.text)
    if _is_spoken_before(one):
        earlier = spoken = named_day(one.text, one.place.start, back=one.text.paragraph_number(one.place.start))
    if cue == "last" and earlier and spoken and earlier.when[1] > spoken.when[1]:
        return spoken
    return earlier or spoken


def _is_spoken_before(one: Counted) -> bool:
    """Tell a length of time in speech quoted by a text whose date is not known: the speaker counts from a day told."""
    return one.text.doc.source.issued.endswith("..") and one.text.quoted(one.place.start)


def _counted_to(corpus: Corpus, one: Counted, base: Base, events: Events, cue: str) -> Comparison | None:
    if cue in ("ago", "last", "after", "prior"):
        here = _origins(one.text, one.sentence, events, one, base)
        if here:
            rows = [row for row in (_row(one, origin, base, here) for origin in here) if _is_alike(row)]
            return min(rows, key=lambda row: (row.verdict == DIFFERS, row.recomputed), default=None)
    for origin in _far_origins(corpus, one, events, base, cue):
        row = _row(one, origin, base)
        if row.verdict != DIFFERS:
            return row
    return None


def _is_alike(row: Comparison) -> bool:
    """Tell whether a length and what the dates give are near enough to be of one thing."""
    stated, found = row.given[1] if row.given else 0.0, row.against[1] if row.against else 0.0
    return bool(stated and found) and max(stated / found, found / stated) <= FACTOR


def _origins(text: Text, place: Interval, events: Events, one: Counted, base: Base) -> list[Origin]:
    """Return the dated events and the dates named in an interval that lie before the base and are not it."""
    found: list[Origin] = [(event.dated.when, event.span) for event in within(events[text.id], place)]
    dates = [
        date.span for date in dates_within(text, place) if date.span.kind != "decade" and date.span is not base.span
    ]
    found += [(date.edtf, date) for date in dates]
    return [(_start(when), span) for when, span in found if bounds(when)[0] < base.when[0] and span.ref != one.ref]


def _start(edtf: str) -> str:
    """Return the beginning of what has no end."""
    return edtf.split("/")[0] if edtf.endswith("..") else edtf


def _far_origins(corpus: Corpus, one: Counted, events: Events, base: Base, cue: str) -> Iterator[Origin]:
    """Yield what a length may be counted to: in its paragraph, in the one before, or where the same is spoken of."""
    text = one.text
    paragraph = text.paragraph(one.place.start)
    if cue and cue != "lasting":
        yield from _origins(text, paragraph, events, one, base)
        index = text.paragraph_number(one.place.start)
        if index:
            yield from _origins(text, text.blocks[index - 1], events, one, base)
    words = one.noun | _beside(corpus, one)
    stems_of = [places for stem in sorted(words) for places in _alike(text, stem)]
    shared = Counter(place for places in stems_of for place in places if place != one.sentence)
    for _, place in sorted((-count, place) for place, count in shared.items() if count >= ALIKE):
        here = _origins(text, place, events, one, base)
        yield from here or _origins(text, text.paragraph(place[0]), events, one, base)


def _alike(text: Text, stem: str) -> Iterator[list[Interval]]:
    """Yield the sentences of a stem, and of those that differ in its last letter: stable, stability."""
    yield from (places for other, places in text.by_stem.items() if other[:4] == stem[:4] and len(stem) == len(other))


def _beside(corpus: Corpus, one: Counted) -> frozenset[str]:
    """Return the stems of the words beside a number that say what lasted."""
    text, place = one.text.text, one.place
    window = text[max(one.sentence[0], place.start - 2 * NEAR) : place.start]
    return frozenset(stems(WORD.findall(window)) - corpus.common)


def _row(one: Counted, origin: Origin, base: Base, others: Sequence[Origin] = ()) -> Comparison:
    start = bounds(origin[0])
    found = _between(start, base.when, one.number.unit)
    same = [span for when, span in others if when[:4] == origin[0][:4] and span is not origin[1]]
    stated = (one.number, origin[1], *same, *([base.span] if base.span else []))
    how = f"{dates_in_words(origin[0])} to {base.words}"
    return length_row("time counted back", one.number, found, stated, how)


def _between(start: Days, end: Days, unit: str) -> tuple[float, float]:
    low, high = elapsed(start, end, unit)
    return max(0.0, low), high


def period_rows(corpus: Corpus, numbers: Mapping[str, Counted], used: set[str]) -> Iterator[Comparison]:
    """Yield a row per length of years and range of years that tell of one period, by the words beside both."""
    ranges, periods = list(_ranges(corpus)), _same_periods(corpus)
    by_stem: dict[str, list[tuple[Text, Placed[DateExpr]]]] = defaultdict(list)
    for text, date, words in ranges:
        for stem in words:
            by_stem[stem].append((text, date))
    for one in numbers.values():
        if one.number.kind == "duration" and one.number.unit in ("year", "decade") and one.ref not in used:
            if _cue(corpus, one) in ("ago", "after"):
                continue
            found = {date.span.ref: date.span for stem in one.noun for _, date in by_stem[stem]}
            same = {other.ref: other for pair in periods for date, other in permutations(pair) if date.ref in found}
            for span in (found | same).values():
                yield from _period_row(one, span)


def _ranges(corpus: Corpus) -> Iterator[tuple[Text, Placed[DateExpr], frozenset[str]]]:
    """Yield the ranges of years with the stems of the words beside them."""
    for text in corpus.texts.values():
        for date in text.dates:
            if date.span.kind == "range" and re.fullmatch(r"\d{4}/\d{4}", date.span.edtf):
                low, high = text.sentence(date.start)
                window = text.text[max(low, date.start - 2 * NEAR) : min(high, date.end + NEAR)]
                yield text, date, frozenset(stems(WORD.findall(window))) - corpus.plain


def _period_row(one: Counted, date: DateExpr) -> Iterator[Comparison]:
    first, last = (int(year) for year in date.edtf.split("/"))
    size = 10 if one.number.unit == "decade" else 1
    years = (last - first) / size
    high = interval(one.number.value, one.number.modifier)[1]
    if years and high and max(years / high, high / years) <= FACTOR:
        yield length_row(
            "two lengths of one period", one.number, (years, years), (one.number, date), f"the range {date.words}"
        )


def range_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per two ranges of years of one text that share an end and tell of one period."""
    for one, other in _same_periods(corpus):
        yield _range_row(one, other, one.edtf.split("/"), other.edtf.split("/"))


def _same_periods(corpus: Corpus) -> list[tuple[DateExpr, DateExpr]]:
    found = []
    by_text: dict[str, list[tuple[Text, Placed[DateExpr], frozenset[str]]]] = defaultdict(list)
    for text, date, words in _ranges(corpus):
        by_text[text.id].append((text, date, words))
    for ranges in by_text.values():
        for (text, one, words), (_, other, others) in combinations(ranges, 2):
            years, more = one.span.edtf.split("/"), other.span.edtf.split("/")
            if (years[0] == more[0] or years[1] == more[1]) and _one_subject(corpus, text, one, other, words & others):
                found.append((one.span, other.span))
    return found


def _one_subject(
    corpus: Corpus, text: Text, one: Placed[DateExpr], other: Placed[DateExpr], words: frozenset[str]
) -> bool:
    paragraphs = [text.stems(text.paragraph(date.start)) - corpus.plain for date in (one, other)]
    same_part = one.span.section == other.span.section
    return same_part and len(paragraphs[0] & paragraphs[1]) >= (SUBJECT if words else 2 * SUBJECT)


def _range_row(one: DateExpr, other: DateExpr, years: list[str], more: list[str]) -> Comparison:
    gaps = [abs(int(a) - int(b)) for a, b in zip(years, more, strict=True)]
    return Comparison(
        rule="two ranges of one period",
        stated=(one, other),
        says=f"{one.words} · {other.words}",
        recomputed="the beginnings differ" if gaps[0] else "the ends differ" if gaps[1] else "the same years",
        difference=str(max(gaps)),
        verdict=DIFFERS if max(gaps) else "agrees",
        unit="year",
        given=(int(years[0]), int(years[1])),
        against=(int(more[0]), int(more[1])),
    )
