"""Days of the calendar: what a short year, a short month and Easter mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date


def safe_day(year: int, month: int, day: int) -> date:
    """Return a day, the last of its month where the month is shorter."""
    year = min(max(year, 2), 9998)
    return date(year, month, min(day, monthrange(year, month)[1]))


def in_full(year: int) -> int:
    """Return a year of two digits in full: '30 to '99 are of the last century, '00 to '29 of this one."""
    return year + (1900 if year >= 30 else 2000)


def numeric(text: str) -> tuple[int, int, int]:
    """Return the numbers of a date in digits, the year last and in full."""
    first, second, year = map(int, re.split("[./-]", text))
    return first, second, year if year > 99 else in_full(year)


def easter(year: int) -> date:
    """Return Easter Sunday in the Western reckoning. Source: Meeus, *Astronomical Algorithms*, 1991, chapter 8."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
