"""EDTF dates as days. The parser takes some milliseconds for a date, so each is parsed once.

Source: Extended Date/Time Format, ISO 8601-2:2019.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import date
from functools import lru_cache
from typing import Any

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException


@lru_cache(maxsize=16384)
def days(edtf: str) -> tuple[date, date]:
    """Return the first and the last day of a date.

    An open end, and a year that Python's calendar lacks, is the first or the last day of that calendar.

    Raises `ValueError` for what is no EDTF date.

    >>> days("2020-02")
    (datetime.date(2020, 2, 1), datetime.date(2020, 2, 29))
    """
    try:
        with redirect_stdout(io.StringIO()):  # 2024-1X makes the parser print, and then fail with an AttributeError
            parsed = parse_edtf(edtf)
        return _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, AttributeError, TypeError):
        raise ValueError(f"{edtf!r} is no EDTF date; write e.g. 2024-02-07, 2024-02 or 2024.") from None


def _day(moment: Any) -> date:
    year = moment if isinstance(moment, float) else moment[0]
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(*moment[:3])
