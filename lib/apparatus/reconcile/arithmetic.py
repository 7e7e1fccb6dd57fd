"""Arithmetic inside a sentence: a share of two counts, a change from one value to another, a sum, an age, a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations

from apparatus.model import Quantity, Span
from apparatus.reconcile.counted import PEOPLE, Counted
from apparatus.reconcile.events import dates_within, speaking_day
from apparatus.reconcile.intervals import apart, grain, interval, meet, of_quantity, spoken, spoken_range
from apparatus.reconcile.lengths import length_row
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, ROUNDS, Comparison, Range
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text, inside
from apparatus.reconcile.when import DAYS, bounds, dates_in_words, elapsed

OF = re.compile(r"[^,;.]{0,30}?\b(?:of|out of)\s(?:the\s|all\s|some\s|a total of\s)?(?:\w+\s)?")
OF_FIRST = re.compile(r"(?<!total )(?<!number )\b[Oo](?:ut o)?f\s(?:the\s|all\s)?$")
TO = re.compile(r"[^,;.]{0,20}?\sto\s(?:\w+\s)?")
FROM = re.compile(r"\bfrom\s(?:\w+\s)?$")
BESIDE = 60  # characters between a share or a difference and the values it is of
Numbers = Mapping[str, Counted]


def sentence_rows(corpus: Corpus, numbers: Numbers, used: set[str]) -> Iterator[Comparison]:
    """Yield the rows of the arithmetic that a sentence does itself."""
    for text in corpus.texts.values():
        for sentence, places in _by_sentence(text, numbers):
            yield from _shares(text, places)
            yield from _changes(corpus, text, sentence, places)
            yield from _sums(corpus, text, sentence, places)
            yield from _remaining(corpus, text, sentence, places)
        yield from _far_shares(text, numbers)
        yield from _ages(corpus, text)
        yield from (row for row in _ranges(text) if row.stated[0].ref not in used)


def _by_sentence(text: Text, numbers: Numbers) -> Iterator[tuple[Interval, list[Placed[Quantity]]]]:
    groups: dict[Interval, list[Placed[Quantity]]] = {}
    for place in text.numbers:
        if place.span.ref in numbers and place.span.kind == "quantity":
            groups.setdefault(text.sentence(place.start), []).append(place)
    yield from groups.items()


def _shares(text: Text, places: Sequence[Placed[Quantity]]) -> Iterator[Comparison]:
    """Yield the rows of “45 of 60 pupils (75%)”, of “76% of the 2,150 voters, or 1,634”, and of “45 of 60” alone."""
    for index, (one, other) in enumerate(pairwise(places)):
        found = _part_and_base(text, one, other)
        if found is None:
            continue
        part, base = found
        rows = []
        for third in [*places[max(0, index - 1) : index], *places[index + 2 : index + 3]]:
            percents = [each for each in (part, third) if each.span.unit == "percent"]
            counts = [each for each in (part, third) if each.span.unit != "percent"]
            if len(percents) == 1 and base.span.unit != "percent" and _together(text, one, other, third):
                rows.append(_share_row(percents[0].span, counts[0].span, base.span))
        if not rows and _can_be_part(part.span, base.span):
            rows.append(_part_row(part.span, base.span))
        yield from rows


def _together(text: Text, one: Placed[Quantity], other: Placed[Quantity], third: Placed[Quantity]) -> bool:
    """Tell whether a third number stands close to two others, with no stop between."""
    gap = text.text[third.end : one.start] if third.start < one.start else text.text[other.end : third.start]
    return len(gap) <= BESIDE and not re.search(r"[;.:)]", gap)


def _part_and_base(
    text: Text, one: Placed[Quantity], other: Placed[Quantity]
) -> tuple[Placed[Quantity], Placed[Quantity]] | None:
    gap = text.text[one.end : other.start]
    if OF_FIRST.search(text.text[max(0, one.start - 15) : one.start]) and re.fullmatch(r"[^;.]{0,60},\s", gap):
        return other, one
    return (one, other) if OF.fullmatch(gap) else None


def _can_be_part(part: Quantity, base: Quantity) -> bool:
    same = part.unit == base.unit or (part.unit in PEOPLE and base.unit in PEOPLE)
    single = not isinstance(part.value, tuple) and not isinstance(base.value, tuple)
    return same and single and part.unit != "percent"


def _part_row(part: Quantity, base: Quantity) -> Comparison:
    (low, high), (_, most) = of_quantity(part), of_quantity(base)
    return Comparison(
        rule="part of a total",
        stated=(base, part),
        says=f"{part.words} of {base.words}",
        recomputed=f"{spoken(100 * low / most)} percent; {spoken(max(0.0, most - low))} in no named part",
        difference=spoken(max(0.0, low - most)),
        verdict=IMPOSSIBLE if low > most else AGREES,
        unit=base.unit,
        given=(most, most),
        against=(low, high),
    )


def _single(number: Quantity) -> float:
    """Return the value of a number, 0 where it is a range."""
    return 0.0 if isinstance(number.value, tuple) else float(number.value)


def _far_shares(text: Text, numbers: Numbers) -> Iterator[Comparison]:
    """Yield the rows of “2.1 million, about 11 per cent of it” where the base stands elsewhere in the text.

    A base that does not fit is not looked for: there is no telling of which of several the share is meant to be.
    """
    counts = [one.span for one in text.numbers if one.span.ref in numbers and one.span.kind == "quantity"]
    for part, percent in pairwise(counts):
        near = part.end < percent.start <= part.end + BESIDE and percent.unit == "percent" != part.unit
        if not near or not re.fullmatch(r"[^;.]{0,25}(?:,|\bor|\()\s?", text.doc.raw[part.end : percent.start]):
            continue
        for base in counts:
            larger = base.unit == part.unit and of_quantity(base)[0] > of_quantity(part)[1]
            if larger and abs(base.start - part.start) > 0:
                row = _share_row(percent, part, base)
                if row.verdict != DIFFERS:
                    yield row
                    break


def _remaining(
    corpus: Corpus, text: Text, sentence: Interval, places: Sequence[Placed[Quantity]]
) -> Iterator[Comparison]:
    """Yield the rows of “convicted on four of six counts and acquitted on the remaining two”; only where it adds up."""
    before = text.before(sentence)
    around = [*inside(text.numbers, before), *places] if before else list(places)
    for rest in places:
        words = text.text[max(sentence[0], rest.start - 20) : rest.end + 12]
        if not corpus.facts.cues["remaining"].search(words):
            continue
        singles = [(one.span, _single(one.span)) for one in around if one is not rest and _single(one.span)]
        for (part, least), (total, most) in permutations(singles, 2):
            if not _single(rest.span) or least + _single(rest.span) != most:
                continue
            yield Comparison(
                rule="part of a total",
                stated=(total, part, rest.span),
                says=f"{total.words}: {part.words}, {rest.span.words}",
                recomputed=f"{spoken(most)}: the sum",
                difference="0",
                verdict=AGREES,
                unit=total.unit,
                given=of_quantity(total),
                against=of_quantity(total),
            )
            return


def _share_row(percent: Quantity, part: Quantity, base: Quantity) -> Comparison:
    (low, high), (least, most) = of_quantity(part), of_quantity(base)
    found = (100 * low / most, 100 * high / least) if least else (0.0, 0.0)
    given = _room(percent)
    fits = ROUNDS if percent.modifier != "exact" else AGREES
    verdict = IMPOSSIBLE if low > most else fits if meet(found, given) else DIFFERS
    return Comparison(
        rule="share of a base",
        stated=(percent, part, base),
        says=f"{percent.words}: {part.words} of {base.words}",
        recomputed=f"{spoken_range(*found)} percent",
        difference=spoken(apart(found, given)),
        verdict=verdict,
        unit="percent",
        given=given,
        against=found,
    )


def _room(number: Quantity) -> Range:
    """Return the interval of a number, with the half step that rounding leaves."""
    low, high = interval(number.value, number.modifier)
    half = grain(high) / 2 if number.modifier == "exact" else grain(high)
    half = min(half, 0.5) if number.unit == "percent" else half
    return low - half, high + half


def _changes(
    corpus: Corpus, text: Text, sentence: Interval, places: Sequence[Placed[Quantity]]
) -> Iterator[Comparison]:
    """Yield the rows of “rose by 25% from 400 to 500 tonnes” and of “fell 12 percent to 340 from 386”."""
    if not corpus.facts.cues["changed"].search(text.text, *sentence):
        return
    for first, last, span in _pairs(text, places):
        for change in places:
            beside = min(abs(change.start - span[1]), abs(span[0] - change.end)) <= BESIDE
            by = re.search(r"\b(?:by|of|up|down)\s$", text.text[max(0, change.start - 8) : change.start])
            if not by and "percent" not in change.span.unit:
                continue
            if beside and not span[0] <= change.start < span[1] and not isinstance(change.span.value, tuple):
                row = _change_row(
                    change.span, first, last, [one.span for one in places if span[0] <= one.start < span[1]]
                )
                if row:
                    yield row


def _pairs(text: Text, places: Sequence[Placed[Quantity]]) -> Iterator[tuple[float, float, Interval]]:
    """Yield (first value, last value, interval) of each “from A to B” and “to B from A”."""
    for one in places:
        if isinstance(one.span.value, tuple) and FROM.search(text.text[max(0, one.start - 15) : one.start]):
            yield *one.span.value, (one.start, one.end)
    for one, other in pairwise(places):
        if isinstance(one.span.value, tuple) or isinstance(other.span.value, tuple):
            continue
        gap, before = text.text[one.end : other.start], text.text[max(0, one.start - 15) : one.start]
        if FROM.search(before) and TO.fullmatch(gap):
            yield one.span.value, other.span.value, (one.start, other.end)
        elif re.search(r"\bto\s$", before) and re.fullmatch(r"[^,;.]{0,20}?\sfrom\s", gap):
            yield other.span.value, one.span.value, (one.start, other.end)


def _change_row(change: Quantity, first: float, last: float, values: list[Quantity]) -> Comparison | None:
    unit = values[0].unit
    if change.unit == "percent" and unit != "percent" and first:
        found = 100 * abs(last - first) / first
    elif change.unit == unit or (unit == "percent" and "percent" in change.unit):
        found = abs(last - first)
    else:
        return None
    given = _room(change)
    verdict = AGREES if meet(given, (found, found)) else DIFFERS
    return Comparison(
        rule="change",
        stated=(change, *values),
        says=f"{change.words}: {spoken(first)} to {spoken(last)}",
        recomputed=f"{spoken(found)} {change.unit}",
        difference=spoken(apart(given, (found, found))),
        verdict=verdict,
        unit=change.unit,
        given=given,
        against=(found, found),
    )


def _sums(corpus: Corpus, text: Text, sentence: Interval, places: Sequence[Placed[Quantity]]) -> Iterator[Comparison]:
    """Yield the rows of “12 cows, 8 goats and 5 sheep, a total of 25 animals”."""
    for index, total in enumerate(places):
        before = text.text[places[index - 1].end if index else sentence[0] : total.start]
        behind = text.text[total.end : total.end + 12]
        told = corpus.facts.cues["total"].search(before[-25:]) or corpus.facts.cues["total"].match(behind.lstrip())
        parts = [one.span for one in places[:index] if one.span.unit not in ("percent",)]
        if told and len(parts) > 1 and not isinstance(total.span.value, tuple):
            low, high = (sum(of_quantity(one)[side] for one in parts) for side in (0, 1))
            given = of_quantity(total.span)
            yield Comparison(
                rule="part of a total",
                stated=(total.span, *parts),
                says=f"{total.span.words}: {', '.join(one.words for one in parts)}",
                recomputed=f"{spoken_range(low, high)}: the sum",
                difference=spoken(apart(given, (low, high))),
                verdict=AGREES if meet(given, (low, high)) else DIFFERS,
                unit=total.span.unit,
                given=given,
                against=(low, high),
            )


def _ages(corpus: Corpus, text: Text) -> Iterator[Comparison]:
    """Yield the rows of ages and anniversaries whose beginning the same sentence or the next ones date."""
    base = speaking_day(text)
    for one in text.numbers if base else ():
        words = text.text[max(0, one.start - 8) : one.end + 8]
        age = one.span.unit == "year" and corpus.facts.cues["age"].search(words)
        numbered = one.span.kind == "ordinal" and one.span.unit == "anniversary"
        if not (age or numbered) or isinstance(one.span.value, tuple):
            continue
        sentence, cue = text.sentence(one.start), "founded" if numbered else "born"
        for place in filter(None, (sentence, text.before(sentence), text.after(sentence))):
            birth = next((each for each in dates_within(text, place) if _is_born(corpus, text, each.start, cue)), None)
            if birth and base:
                found = elapsed(bounds(birth.span.edtf), base.when, "year")
                how = f"{dates_in_words(birth.span.edtf)} to {base.words}"
                yield length_row("anniversary" if numbered else "age", one.span, found, (one.span, birth.span), how)
                break


def _is_born(corpus: Corpus, text: Text, at: int, cue: str) -> bool:
    return bool(corpus.facts.cues[cue].search(text.text, max(text.sentence(at)[0], at - 40), at))


def _ranges(text: Text) -> Iterator[Comparison]:
    """Yield the rows of “26 years, from 1952 to 1978” and “the three-day fair, 12 to 14 May”."""
    for one in text.numbers:
        if one.span.kind != "duration" or isinstance(one.span.value, tuple) or one.span.unit not in DAYS:
            continue
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
