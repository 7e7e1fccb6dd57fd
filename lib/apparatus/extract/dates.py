"""Calendar expressions, as EDTF."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from apparatus.extract.calendar_days import easter, in_full, numeric, safe_day
from apparatus.extract.date_context import Context, Point, Year
from apparatus.extract.date_forms import DASH, FOUR, UNTIL, Form, date_forms
from apparatus.extract.date_lookalikes import (
    RECURS,
    is_labelled,
    is_no_day,
    is_no_month,
    is_no_weekday,
    is_no_year,
    is_surname,
)
from apparatus.extract.phrases import Found, mark_all
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon
from apparatus.model import DateExpr, Document
from apparatus.sentences import KEPT

Fields = dict[str, Any]
Match = re.Match[str]
LISTED = re.compile(r"(?:, | and | or |/)(?=\d\d?(?!\d))")
LISTED_DAY = re.compile(r"(?<![\d'’‘])(\d{1,2})(?!\d)(?:st|nd|rd|th)?")
JOINED = re.compile(rf"{UNTIL}| and | or |/|{DASH}")
PREPOSITION = re.compile("(?:between|from) (?:the )?", re.IGNORECASE)  # helps to see a range, and is no part of it
NEAR = re.compile(r"\b(this|last|next|same|that|previous|following|current) year")
COUNTED = re.compile(r" (?:[a-z]+s|people|men|women|children|percent|per cent)\b")
OWN_AGE = re.compile(r"\b(?:his|her|their|my|your|our) (?:early|late|mid)?[- ]?$", re.IGNORECASE)


def find_dates(doc: Document, known: Knowledge) -> list[DateExpr]:
    """Return every calendar expression of a document, a partial one resolved from the document's own context.

    `rule` names what resolved it; what nothing resolves has edtf "" and kind "unresolved". A year inside a name
    ("UEFA Euro 2020") is no date, nor is what recurs ("every Monday").  Source: EDTF, ISO 8601-2:2019, level 1.
    """
    return mark_all(doc, DateExpr, view_dates(doc, known))


@lru_cache(maxsize=KEPT)
def view_dates(doc: Document, known: Knowledge) -> tuple[Found, ...]:
    """Return the dates of a document in view offsets, for those who must know where a number is a date."""
    forms = list(date_forms(doc.view.text, known.lexicon))
    reader = _Reader(doc, known.lexicon, forms)
    return tuple(found for form in forms for found in reader.read(*form))


class _Reader:
    """Reads the forms of one document, in order: an earlier date helps to read a later one."""

    def __init__(self, doc: Document, lexicon: Lexicon, forms: list[Form]) -> None:
        self.text = doc.view.text
        self.lexicon = lexicon
        self.context = Context(doc, lexicon, forms)

    def read(self, form: str, match: Match) -> list[Found]:
        """Return the dates of a match with edtf, kind and rule; none where it only looks like a date."""
        read = getattr(self, f"_{form}")(match)
        before = PREPOSITION.match(match[0])
        start = match.start() + (before.end() if before else 0)
        found = [(start, match.end(), read)] if isinstance(read, dict) else read or []
        for start, _, fields in found:
            self.context.note(start, fields, is_point=form not in ("quarter", "half", "season"))
        return found

    def _year(self, match: Match) -> Fields | None:
        if len(match[0]) == 4 and is_no_year(self.text, *match.span(), self.lexicon):
            return None
        return _dated((int(match[0][-4:]), "stated"))

    def _iso(self, match: Match) -> Fields | None:
        year, month, day = map(int, re.split("[-/.]", match[0]))
        return _dated((year, "stated"), month, day)

    def _numeric(self, match: Match) -> Fields | None:
        first, second, year = numeric(match[0])
        if second > 12:
            return _dated((year, "stated"), first, second)
        if first > 12 or "." in match[0] or first == second:
            return _dated((year, "stated"), second, first)
        if self.context.day_first is None:
            return _read("", "unresolved", "day and month not told apart")
        month, day = (second, first) if self.context.day_first else (first, second)
        return _dated((year, "as the other dates of the document"), month, day)

    def _said_year(self, match: Match, month: int, day: int | None) -> Year:
        """Return the year of a date from its own words, or from the document."""
        if said := FOUR.findall(match[0]):
            return int(said[-1]), "stated"
        if short := re.search(r"(?:['’‘]|[a-z]-)(\d\d)$", match[0]):
            return in_full(int(short[1])), "stated"
        if near := NEAR.search(match[0]):
            return self.context.near_year(near[1])
        return self.context.year_of(*match.span(), month, day)

    def _dm(self, match: Match) -> Fields | list[Found] | None:
        _, month, day = self.context.point(match[0])
        assert month and day
        if is_surname(self.text, *match.span(), self.lexicon):
            return None
        if read := self._month_before_count(match):
            return read
        said = self.context.on_weekday(match[0], self._said_year(match, month, day), month, day)
        return _dated(said, month, day)

    _md = _dm

    def _month_before_count(self, match: Match) -> list[Found] | None:
        """Return the month alone of "in May 12 soldiers were killed"."""
        name = self.context.months.match(match[0])
        before = self.text[max(0, match.start() - 3) : match.start()].lower()
        if not name or before != "in " or match[0][-1].isalpha() or FOUR.search(match[0]):
            return None
        if not COUNTED.match(self.text, match.end()):
            return None
        start, end = match.start(), match.start() + name.end()
        month = self.lexicon.months[name[0].lower()]
        read = _dated(self.context.year_of(start, end, month), month)
        return [(start, end, read)] if read else None

    def _dd_m(self, match: Match) -> Fields | list[Found] | None:
        _, month, _ = self.context.point(match[0])
        days = list(LISTED_DAY.finditer(match[0]))
        numbers = [int(day[1]) for day in days]
        assert month
        said = self._said_year(match, month, numbers[-1])
        if PREPOSITION.match(match[0]) or not LISTED.search(match[0]) or _in_a_row(numbers):
            return self._range((None, month, numbers[0]), (said[0], month, numbers[-1]), said[1])
        starts = [0, *(day.start() for day in days[1:])]
        ends = [*(day.end() for day in days[:-1]), len(match[0])]
        read = [_dated(said, month, day) for day in numbers]
        at = match.start()
        return [(at + start, at + end, one) for start, end, one in zip(starts, ends, read, strict=True) if one]

    _m_dd = _dd_m

    def _dm_dm(self, match: Match) -> Fields | None:
        """Read a range of two points of any form; what one of them leaves out, the other says."""
        words = PREPOSITION.sub("", match[0])
        first, last = (self.context.point(part) for part in JOINED.split(words, maxsplit=1))
        rule = "stated"
        if last[0] is None and first[0] is not None:
            last = (first[0] + ((first[1] or 0) > (last[1] or 0)), *last[1:])
        elif last[0] is None:
            assert last[1]
            year, rule = self.context.year_of(*match.span(), last[1], last[2])
            last = (year, *last[1:])
        return self._range(first, last, rule)

    _md_md = _m_m = _mixed = _dm_dm

    def _range(self, first: Point, last: Point, rule: str) -> Fields | None:
        if last[0] is None:
            return _unresolved()
        year = first[0] or last[0] - ((first[1] or 0, first[2] or 0) >= (last[1] or 1, last[2] or 1))
        ends = [_edtf((year, *first[1:])), _edtf(last)]
        if None in ends or str(ends[0]) > str(ends[1]):
            return None
        return _read(f"{ends[0]}/{ends[1]}", "range", rule)

    def _yy(self, match: Match) -> Fields | None:
        if is_labelled(self.text, match.start(), self.lexicon):
            return None
        first, second = re.findall(r"\d{4}|\d\d$", match[0])[:2]
        if len(second) == 2 and second <= first[2:] and "-" in match[0] and "01" <= second <= "12":
            return _read(f"{first}-{second}", "month", "stated")
        second = first[:2] + second if len(second) == 2 else second
        return _read(f"{first}/{second}", "range", "stated") if first < second else None

    def _my(self, match: Match) -> Fields | None:
        _, month, _ = self.context.point(match[0])
        assert month
        if is_surname(self.text, *match.span(), self.lexicon):
            return None
        return _dated(self._said_year(match, month, None), month)

    def _month(self, match: Match) -> Fields | None:
        bare = self.context.months.match(match[0]) is not None
        if bare and is_no_month(self.text, *match.span(), self.lexicon):
            return None
        return self._my(match)

    def _feast(self, match: Match) -> Fields | None:
        if re.match(r" [A-Z]", self.text[match.end() : match.end() + 2]) or RECURS.search(
            self.text[max(0, match.start() - 16) : match.start()]
        ):
            return None
        when = next(day for word, day in self.lexicon.feasts.items() if match[0].startswith(word))
        issued = self.context.issued or date(2000, 1, 1)
        day = _feast_in(issued.year, when)
        year, rule = self._said_year(match, day.month, day.day)
        day = _feast_in(year or day.year, when)
        return _dated((year, rule), day.month, day.day)

    def _period(self, match: Match, months: int) -> Fields:
        """Read the nth part of a year as a range of months; a part without a number is the last."""
        first = match[0].split()[0]
        part = next(filter(None, map(self.lexicon.numbers.rank, re.findall("[1-4]|[a-z]+", first))), 12 // months)
        year, rule = self._said_year(match, months * part, None)
        if not year:
            return _unresolved()
        return _read(f"{year:04}-{months * (part - 1) + 1:02}/{year:04}-{months * part:02}", "range", rule)

    def _quarter(self, match: Match) -> Fields:
        return self._period(match, 3)

    def _half(self, match: Match) -> Fields:
        return self._period(match, 6)

    def _season(self, match: Match) -> Fields | list[Found] | None:
        name = next(word for word in re.findall(r"[A-Za-z]+", match[0]) if word.lower() in self.lexicon.seasons)
        code = self.lexicon.seasons[name.lower()]
        if name[0].isupper() and re.search(r"[A-Z]\w+ $", self.text[max(0, match.start() - 16) : match.start()]):
            said = FOUR.search(match[0])  # "the Prague Spring of 1968"
            return said and [(match.start() + said.start(), match.end(), _read(said[0], "year", "stated"))]
        if match[0][-1].isdigit():
            year, rule = self._said_year(match, 1, None)
        elif self.text.startswith((" in ", " of "), match.end()):
            return None  # "this fall in prices"
        else:
            year, rule = self.context.season_year(match[0].split()[0].lower(), code)
        return _read(f"{year:04}-{code}", "range", rule) if year else _unresolved()

    def _decade(self, match: Match) -> Fields | None:
        if OWN_AGE.search(self.text[max(0, match.start() - 12) : match.start()]):
            return None
        decades = [number if len(number) == 4 else "19" + number for number in re.findall(r"\d+", match[0])]
        if len(decades) == 2:
            return _read(f"{decades[0]}/{int(decades[1]) + 9}", "range", "stated") if decades[0] < decades[1] else None
        whole = decades[0].endswith("00") and decades[0] < "2000"
        return _read(decades[0][:2] + "XX" if whole else decades[0][:3] + "X", "decade", "stated")

    def _century(self, match: Match) -> Fields | None:
        before = "B" in match[0]
        words = re.findall(r"\d+(?=st|nd|rd|th)|(?:[Tt]wenty-)?[A-Za-z]+", match[0])
        ranks = [rank for word in words if (rank := self.lexicon.numbers.rank(word))]
        if not all(0 < rank <= 21 for rank in ranks):
            return None
        if len(ranks) == 1:
            return _read(f"{'-' * before}{ranks[0] - 1:02}XX", "range", "stated")
        if before or ranks[0] >= ranks[1]:
            return None
        return _read(f"{ranks[0] - 1:02}00/{ranks[1] - 1:02}99", "range", "stated")

    def _era(self, match: Match) -> Fields | None:
        numbers = [int(number) for number in re.findall(r"\d+", match[0])]
        if "B" in match[0]:
            years = [f"-{number - 1:04}" if number > 1 else "0000" for number in numbers]
        else:
            years = [f"{number:04}" for number in numbers]
        if not all(numbers) or (len(numbers) == 2 and (numbers[0] > numbers[1]) != ("B" in match[0])):
            return None
        return _read("/".join(years), "range" if len(years) == 2 else "year", "stated")

    def _week(self, match: Match) -> Fields:
        first, last = (self.lexicon.weekdays[name.lower()] for name in re.findall(r"[A-Z][A-Za-z]+\.?", match[0])[-2:])
        day, rule = self.context.weekday(*match.span(), last, "")
        if not day:
            return _unresolved()
        return _read(f"{day - timedelta(days=(last - first) % 7)}/{day}", "range", rule)

    def _weekday(self, match: Match) -> Fields | None:
        if is_no_weekday(self.text, *match.span(), self.lexicon):
            return None
        words = match[0].split()
        number = self.lexicon.weekdays[words[-1].lower()]
        day, rule = self.context.weekday(*match.span(), number, words[0].lower())
        return _read(day.isoformat(), "day", rule) if day else _unresolved()

    def _day(self, match: Match) -> Fields | None:
        if is_no_day(self.text, match.end(), self.lexicon):
            return None
        day = int(match[0][:-2])
        return _dated(*self.context.month_of(*match.span(), day), day)


def _in_a_row(numbers: list[int]) -> bool:
    return all(second - first == 1 for first, second in pairwise(numbers))


def _feast_in(year: int, when: str | int) -> date:
    if isinstance(when, int):
        return easter(year) + timedelta(days=when)
    return safe_day(year, int(when[:2]), int(when[3:]))


def _read(edtf: str, kind: str, rule: str) -> Fields:
    return {"edtf": edtf, "kind": kind, "rule": rule}


def _unresolved() -> Fields:
    return _read("", "unresolved", "")


def _dated(said: Year, month: int | None = None, day: int | None = None) -> Fields | None:
    """Return the fields of a point in time, or None where the calendar has no such day ("February 30")."""
    year, rule = said
    if not year:
        return _unresolved()
    edtf = _edtf((year, month, day))
    return _read(edtf, "day" if day else "month" if month else "year", rule) if edtf else None


def _edtf(point: Point) -> str | None:
    year, month, day = point
    if month is None or day is None:
        return f"{year:04}-{month:02}" if month else f"{year:04}"
    try:
        return date(year or 0, month, day).isoformat()
    except ValueError:
        return None
