"""Rates: so many a day, per head or on average, worked out from what is counted and what it is counted by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from apparatus.lexicon import stems
from apparatus.reconcile.amounts import PARTS, RELATIVE, Amount, Window, fit, worked
from apparatus.reconcile.record import Comparison
from apparatus.reconcile.texts import Corpus

PER = re.compile(r"\s?(?:\w+\s)?(?:an?|per|each|every)\s(\w+)")
EACH = re.compile(r"(?:\s\w+){0,2}\s(?:each|apiece|on average|times)\b")
AVERAGE = re.compile(r"\b(?:an average of|on average|each|of)\s$")


def rate_rows(corpus: Corpus, window: Window) -> Iterator[Comparison]:
    """Yield a row for each rate of a sentence that two counts near it give, or three numbers of which two multiply.

    A rate that nothing near it gives has no row: its terms need not be stated.
    """
    for rate in window.here:
        if rate.unit in PARTS or not rate.value:
            continue
        of = _denominator(window, rate)
        if of is None:
            continue
        for whole, count in _pairs(window, rate, of):
            (low, high), (least, most) = whole.room, count.room
            if least <= 0 or (min(rate.value, count.value) <= 1 and rate.step >= 1):
                continue
            found = (low / most, high / least)
            if verdict := fit(rate, found, whole.value / count.value):
                yield worked("rate", (rate, whole, count), found, verdict)
                break


def _denominator(window: Window, rate: Amount) -> str | None:
    """Return the word for what a rate is counted by, "" where it is an average of something, None for no rate."""
    if rate.per:
        return rate.per
    behind = window.behind(rate)
    match = PER.match(behind)
    if match and not re.match(r"\s(?:an?\s)?(?:year|month|week)\s(?:ago|later|earlier)", behind):
        return match[1].lower()
    if EACH.match(behind) or (AVERAGE.search(window.before(rate)) and "average" in behind + window.before(rate)):
        return ""
    return None


def _pairs(window: Window, rate: Amount, of: str) -> Iterator[tuple[Amount, Amount]]:
    counts = [one for one in window.near if one.span is not rate.span and one.unit not in RELATIVE]
    counts.sort(key=lambda one: abs(one.start - rate.start))
    beside = window.beside(rate)
    for whole, count in [*permutations(counts, 2), *((head, one) for head in window.heads for one in beside)]:
        if (whole.value <= count.value and rate.step >= 1) or whole is count or count.value < 2:
            continue
        if rate.unit and count.unit == rate.unit == whole.unit:
            continue
        if (of and not _is_named(count, of)) or (not of and count not in beside):
            continue
        yield whole, count


def _is_named(count: Amount, of: str) -> bool:
    return bool(stems([of]) & stems(re.findall(r"\w+", f"{count.unit} {count.words}")))
