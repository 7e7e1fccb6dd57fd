"""Dates as days, and the lengths of time between them."""

from __future__ import annotations

from datetime import date

from apparatus.edtf_days import days as bounds

Days = tuple[date, date]
YEAR = 365.2425
DAYS = {"day": 1.0, "night": 1.0, "week": 7.0, "month": YEAR / 12, "year": YEAR, "decade": 10 * YEAR}
DAYS["century"] = 100 * YEAR


def said_bounds(words: str, edtf: str) -> Days:
    """Return the first and the last day of a date, where “early” and “late” leave half of a decade or a century.

    >>> said_bounds("early 1990s", "199X")
    (datetime.date(1990, 1, 1), datetime.date(1994, 12, 31))
    """
    first, last = bounds(edtf)
    middle = (first.year + last.year) // 2
    if last.year - first.year >= 9 and words.lower().startswith("early"):
        return first, date(middle, 12, 31)
    if last.year - first.year >= 9 and words.lower().startswith("late"):
        return date(middle + 1, 1, 1), last
    return first, last


def overlap(one: str, other: str) -> bool:
    """Tell whether two EDTF dates share a day."""
    (first, last), (begin, end) = bounds(one), bounds(other)
    return first <= end and begin <= last


def years_apart(one: str, other: str) -> int:
    """Return how many calendar years the nearest years of two EDTF dates are apart."""
    (first, last), (begin, end) = bounds(one), bounds(other)
    return max(0, begin.year - last.year, first.year - end.year)


def elapsed(start: Days, end: Days, unit: str) -> tuple[float, float]:
    """Return the least and the greatest length of time between two dates, in days, months, years…

    >>> [round(one, 1) for one in elapsed(bounds("1992-02-26"), bounds("2024-02"), "year")]
    [31.9, 32.0]
    """
    size = DAYS[unit]
    return (end[0] - start[1]).days / size, (end[1] - start[0]).days / size


def in_words(day: date) -> str:
    """Return a day as a reader writes it.

    >>> in_words(date(2020, 9, 27))
    '27 September 2020'
    """
    return f"{day.day} {day:%B} {day.year}"


def dates_in_words(edtf: str) -> str:
    """Return an EDTF date as a reader writes it: a day, a month, a year or from one to another.

    >>> dates_in_words("2020-09-27/2020-11-10"), dates_in_words("2024-02"), dates_in_words("1992/2020")
    ('27 September 2020 to 10 November 2020', 'February 2024', '1992 to 2020')
    """
    parts = []
    for part in edtf.split("/"):
        if part in ("", ".."):
            parts.append("now")
        elif len(part) == 4:
            parts.append(part)
        else:
            first, _ = bounds(part)
            parts.append(f"{first:%B} {first.year}" if len(part) == 7 else in_words(first))
    return " to ".join(parts)
