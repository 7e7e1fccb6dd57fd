"""Ages, and lengths of time that stand beside the dates between which they lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from apparatus.edtf_days import days as bounds
from apparatus.model import DateExpr, Quantity, Span
from apparatus.reconcile.events import Base, dates_within, speaking_day
from apparatus.reconcile.intervals import interval
from apparatus.reconcile.lengths import length_row
from apparatus.reconcile.record import DIFFERS, Comparison
from apparatus.reconcile.texts import Corpus, Placed, Text, inside
from apparatus.reconcile.when import DAYS, Days, dates_in_words, elapsed, in_words

BESIDE = 60  # characters between a length of time and its range of dates
SINCE = re.compile(r"[^;.\d]{0,15}\bsince\s(?:the\s)?")
BETWEEN = re.compile(r"\s(?:\w+\s){0,2}?between\s")
TURNS = re.compile(r"\b(?:turn(?:s|ed|ing)?|aged?|celebrated (?:his|her) )\s?$")
WITHIN = re.compile(r"\b(?:in|over|within)\s(?:\w+\s)?$")
WHEN = re.compile(r"[^,;.]{0,15}\bwhen\b")
OFTEN = 2  # so often a text gives a year that a length of time may be counted to, wherever it stands
LONG = 5  # years: shorter lengths of time fit too many pairs of years


def beside_rows(corpus: Corpus, used: set[str]) -> Iterator[Comparison]:
    """Yield the rows of lengths of time whose dates the words set beside them; `used` are those that have theirs."""
    for text in corpus.texts.values():
        yield from _ages(corpus, text)
        for one in text.numbers:
            if one.span.kind != "duration" or isinstance(one.span.value, tuple) or one.span.ref in used:
                continue
            if one.span.unit in DAYS:
                yield from _ranges(text, one)
                if row := _since(text, one) or _between(text, one):
                    yield row


def _since(text: Text, one: Placed[Quantity]) -> Comparison | None:
    """Return the row of “for eleven years, since 2015”, counted to the day from which the text speaks."""
    base, cue = speaking_day(text), SINCE.match(text.text, one.end)
    dates = inside(text.dates, (cue.end(), cue.end() + 1)) if cue else []
    if not base or not dates or not dates[0].span.edtf:
        return None
    found = elapsed(bounds(dates[0].span.edtf), base.when, one.span.unit)
    how = f"{dates_in_words(dates[0].span.edtf)} to {base.words}"
    return length_row("time counted back", one.span, found, (one.span, dates[0].span), how)


def _between(text: Text, one: Placed[Quantity]) -> Comparison | None:
    """Return the row of “the five years between the fire of March 2016 and the flood of May 2022”."""
    if not BETWEEN.match(text.text, one.end):
        return None
    dates = [each.span for each in dates_within(text, (one.end, text.sentence(one.start)[1]))][:2]
    if len(dates) < 2 or bounds(dates[0].edtf)[0] >= bounds(dates[1].edtf)[0]:
        return None
    found = elapsed(bounds(dates[0].edtf), bounds(dates[1].edtf), one.span.unit)
    how = f"{dates_in_words(dates[0].edtf)} to {dates_in_words(dates[1].edtf)}"
    return length_row("time counted back", one.span, found, (one.span, *dates), how)


def far_rows(corpus: Corpus, used: set[str]) -> Iterator[Comparison]:
    """Yield a row for “twelve years ago” and “in eleven years” that lead to a year that the text gives several times.

    Only what fits to the year is taken: counted from the day of speaking, or from another date given in full.
    """
    for text in corpus.texts.values():
        years = Counter(each.span.edtf for each in text.dates if each.span.kind == "year" and each.span.edtf)
        base = speaking_day(text)
        for one in text.numbers if base else ():
            value = one.span.value
            if one.span.unit not in ("month", "year") or one.span.ref in used or isinstance(value, tuple) or not base:
                continue
            least = 12 if one.span.unit == "month" else LONG
            if value >= least and (row := _first_year(corpus, text, one, base, years)):
                yield row


def _first_year(
    corpus: Corpus, text: Text, one: Placed[Quantity], base: Base, years: Counter[str]
) -> Comparison | None:
    before = text.text[max(0, one.start - 15) : one.start]
    ends: list[tuple[Days, DateExpr | None]]
    if one.span.unit == "month":
        often, ends = 1, [(base.when, None)] if corpus.facts.cues["lasting"].search(before) else []
    elif corpus.facts.cues["ago"].match(text.text, one.end + 1):
        often, ends = OFTEN, [(base.when, None)]
    else:
        full = [each.span for each in text.dates if each.span.kind == "day" and each.span.rule == "stated"]
        often, ends = OFTEN, [(bounds(each.edtf), each) for each in full] if WITHIN.search(before) else []
    assert not isinstance(one.span.value, tuple)
    for (day, _), date in ends:
        start = day - timedelta(days=float(one.span.value) * DAYS[one.span.unit])
        first = str(start.year if one.span.unit == "month" else int(day.year - one.span.value))
        if years[first] >= often:
            span = next(each.span for each in text.dates if each.span.edtf == first)
            found, stated = (float(one.span.value),) * 2, (one.span, span, *([date] if date else []))
            how = f"{first} to {in_words(day)}"
            return length_row("time counted back", one.span, found, stated, how)
    return None


def _ages(corpus: Corpus, text: Text) -> Iterator[Comparison]:
    """Yield the rows of ages and anniversaries whose beginning the same sentence or the next ones date.

    They are held against the day of speaking or another date of the sentence. Of an age that somebody had “when”
    something was, and of a beginning in another sentence, only what fits is taken.
    """
    base = speaking_day(text)
    for one in text.numbers if base else ():
        words = text.text[max(0, one.start - 8) : one.end + 8]
        turns = TURNS.search(text.text[max(0, one.start - 20) : one.start])
        age = turns or (one.span.unit == "year" and corpus.facts.cues["age"].search(words))
        numbered = one.span.kind == "ordinal" and one.span.unit == "anniversary"
        if not (age or numbered) or isinstance(one.span.value, tuple):
            continue
        sentence, cue = text.sentence(one.start), "founded" if numbered else "born"
        for place in filter(None, (sentence, text.before(sentence), text.after(sentence))):
            cues = ("born", "founded") if age and place == sentence else (cue,)
            birth = next((each for each in dates_within(text, place) if _is_born(corpus, text, each.start, cues)), None)
            if birth and base:
                rows = [_age_row(one.span, birth.span, end) for end in (base, *_other_days(text, one, birth))]
                here = place == sentence and not WHEN.match(text.text, one.end)
                fitting = [row for row in rows if row.verdict != DIFFERS]
                yield from (fitting or (rows if here else []))[:1]
                break


def _other_days(text: Text, one: Placed[Quantity], birth: Placed[DateExpr]) -> Iterator[Base]:
    """Yield the other dates of the sentence of an age: it may have been reached then (“was 40 years old in 2002”)."""
    for each in dates_within(text, text.sentence(one.start)):
        if each.span is not birth.span:
            yield Base(bounds(each.span.edtf), dates_in_words(each.span.edtf), each.span)


def _age_row(number: Quantity, birth: DateExpr, end: Base) -> Comparison:
    found = elapsed(bounds(birth.edtf), end.when, "year")
    stated = (number, birth, *([end.span] if end.span else []))
    how = f"{dates_in_words(birth.edtf)} to {end.words}"
    return length_row("anniversary" if number.kind == "ordinal" else "age", number, found, stated, how)


def _is_born(corpus: Corpus, text: Text, at: int, cues: Sequence[str]) -> bool:
    low = max(text.sentence(at)[0], at - 40)
    return any(corpus.facts.cues[cue].search(text.text, low, at) for cue in cues)


def _ranges(text: Text, one: Placed[Quantity]) -> Iterator[Comparison]:
    """Yield the rows of “26 years, from 1952 to 1978” and “the three-day fair, 12 to 14 May”."""
    for date in inside(text.dates, text.sentence(one.start)):
        close = min(abs(date.start - one.end), abs(one.start - date.end)) <= BESIDE
        if date.span.kind == "range" and close and ".." not in date.span.edtf:
            row = _range_row(one.span, date.span, date.span.edtf)
            if row:
                yield row


def _range_row(number: Quantity, date: Span, edtf: str) -> Comparison | None:
    first, last = bounds(edtf)
    years = re.fullmatch(r"\d{4}/\d{4}", edtf)
    if years and number.unit in ("year", "decade"):
        length = (last.year - first.year) / (10 if number.unit == "decade" else 1)
        found = (length, length + (1 if number.unit == "year" else 0))
    elif not years and number.unit in ("day", "night", "week", "month"):
        days = (last - first).days
        found = (days / DAYS[number.unit], (days + 1) / DAYS[number.unit])
    else:
        return None
    value = interval(number.value, number.modifier)[1]
    if not found[1] or not value or max(value / found[1], found[1] / value) > 2:
        return None
    return length_row(
        "length of an event", number, found, (number, date), f"{dates_in_words(edtf)}, the last counted or not"
    )
