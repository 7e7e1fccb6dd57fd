"""Lengths of time and years held against tenures and terms of office, and against each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from apparatus.edtf_days import days as bounds
from apparatus.lexicon import stems
from apparatus.model import DateExpr
from apparatus.reconcile.counted import Counted
from apparatus.reconcile.events import speaking_day
from apparatus.reconcile.lengths import length_row
from apparatus.reconcile.record import AGREES, DIFFERS, Comparison
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text, inside
from apparatus.reconcile.when import dates_in_words, elapsed

AS = re.compile(r"\sas(?:\s[\w-]+){1,3}")  # behind a length of time: “six years as the prime minister”
OTHER_TERM = "only years that give the length are taken: they bear it out, and cannot speak against it"
CUED = 60  # characters before “since” in which the office or power stands
Tenure = tuple[str, str, str]


def office_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row for “20 years of presidency” and for “in power since 2003”, with the tenure of the person named."""
    since: dict[Tenure, list[DateExpr]] = defaultdict(list)
    for text in corpus.texts.values():
        for date in text.dates:
            tenure = _since(corpus, text, date)
            if tenure:
                since[tenure].append(date.span)
                yield _since_row(date.span, tenure)
    for one in numbers.values():
        if one.number.kind == "duration":
            behind = AS.match(one.text.text, one.place.end, one.sentence[1])
            noun = one.noun | one.text.stems(behind.span()) if behind else one.noun
            base, tenure = speaking_day(one.text), _tenure(corpus, one.text, one.sentence, noun)
            if base and tenure:
                first = bounds(tenure[1])[0]
                found = elapsed((first, first), base.when, one.number.unit)
                how = f"{tenure[0]}, {dates_in_words(tenure[1])}, to {base.words}"
                stated = (one.number, *since[tenure])
                yield length_row("time in office", one.number, found, stated, how, f"tenure: {tenure[2]}")


def _since(corpus: Corpus, text: Text, date: Placed[DateExpr]) -> Tenure | None:
    """Return the tenure of “in power since 2003”."""
    low, _ = sentence = text.sentence(date.start)
    before = text.text[max(low, date.start - CUED) : date.start]
    if date.span.kind != "year" or not before.rstrip().lower().endswith("since"):
        return None
    return _tenure(corpus, text, sentence) if corpus.facts.cues["in office"].search(before) else None


def _since_row(date: DateExpr, tenure: Tenure) -> Comparison:
    year = bounds(tenure[1])[0].year
    gap = abs(int(date.edtf) - year)
    return Comparison(
        rule="time in office",
        stated=(date,),
        says=f"since {date.words}",
        recomputed=f"{year}: {tenure[0]}, {dates_in_words(tenure[1])}",
        difference=str(gap),
        verdict=DIFFERS if gap else AGREES,
        why=f"tenure: {tenure[2]}",
        unit="year",
        given=(int(date.edtf),) * 2,
        against=(year, year),
    )


def _tenure(corpus: Corpus, text: Text, sentence: Interval, noun: Collection[str] | None = None) -> Tenure | None:
    """Return (person and office, EDTF, source) of the first person in a sentence who still holds an office.

    Where stems of a noun are given, it is the office that they name: “presidency” and “President of …”.
    """
    for mention in inside(text.mentions, sentence):
        for office in corpus.facts.offices:
            for person, when in office.held:
                named = noun is None or stems(office.name.partition(" of ")[0].split()) <= set(noun)
                if named and person == mention.span.entity and when.endswith(".."):
                    return f"{person}, {office.name}", when, office.source
    return None


def term_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row for “a seven-year term” between an inauguration and the next regular election that texts date.

    Only years that give the length are taken: other elections and inaugurations are of other terms.
    """
    begun, due = _years_with(corpus, "term begun"), _years_with(corpus, "term due", "planned")
    for one in numbers.values():
        if one.number.unit == "year" and "term" in one.number.what and not isinstance(one.number.value, tuple):
            fitting = [
                (first, last)
                for first in begun
                for last in due
                if int(last.edtf[:4]) - int(first.edtf[:4]) == one.number.value
            ]
            if fitting:
                first, last = fitting[0]
                found = (one.number.value, one.number.value)
                more = [span for pair in fitting for span in pair]
                how = f"{first.edtf[:4]} to {last.edtf[:4]}, another term of the office"
                yield length_row("time in office", one.number, found, (one.number, *more), how, OTHER_TERM)


def _years_with(corpus: Corpus, *cues: str) -> list[DateExpr]:
    """Return the years and months of the sentences in which all of some cues stand."""
    return [
        one.span
        for text in corpus.texts.values()
        for one in text.dates
        if one.span.kind in ("year", "month")
        and all(corpus.facts.cues[cue].search(text.text, *text.sentence(one.start)) for cue in cues)
    ]
