"""Calendar expressions, as EDTF."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from apparatus.extract.date_forms import date_pattern, month_pattern, near_dates
from apparatus.extract.phrases import KEPT, Found, mark_all, sentences_of
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, alternatives
from apparatus.model import DateExpr, Document

Day = tuple[int, int, int]
SOON = timedelta(days=60)
FUTURE = re.compile(
    r"\b(will|shall|scheduled|slated|planned|plans? to|set to|expected|upcoming|forthcoming|due|to be held|next|until"
    r"|ahead of)\b"
)
BEFORE_MONTH = re.compile(
    r"\b(in|since|until|by|from|of|and|to|during|each|every|before|after|through) (?:the )?$", re.IGNORECASE
)
BEFORE_YEAR = re.compile(r"\b(?:in|since|until|by|from|of|before|after|year|\() ?$", re.IGNORECASE)
UNCERTAIN = ("about", "around", "circa", "over", "under")  # stand before years as well as before counts


def find_dates(doc: Document, known: Knowledge) -> list[DateExpr]:
    """Return every calendar expression of a document, a partial one resolved from the document's own context.

    `rule` names what resolved it; what nothing resolves has edtf "" and kind "unresolved". A year inside a name
    ("UEFA Euro 2020") is no date.  Source: EDTF, ISO 8601-2:2019, level 1.
    """
    return mark_all(doc, DateExpr, view_dates(doc, known))


@lru_cache(maxsize=KEPT)
def view_dates(doc: Document, known: Knowledge) -> tuple[Found, ...]:
    """Return the dates of a document in view offsets, for those who must know where a number is a date."""
    pattern = date_pattern(known.lexicon)
    reader = _Reader(doc, known.lexicon)
    found = []
    for start, end in near_dates(doc.view.text, known.lexicon):
        for match in pattern.finditer(doc.view.text, start, end):
            if fields := reader.read(match):
                found.append((*match.span(), fields))
    return tuple(found)


@dataclass
class _Reader:
    """Reads the matches of one document, in order: an earlier date helps to read a later one."""

    doc: Document
    lexicon: Lexicon
    full: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    last: tuple[int, Day] | None = None

    def __post_init__(self) -> None:
        self.text = self.doc.view.text
        self.sentences = sentences_of(self.doc)
        month = month_pattern(self.lexicon)
        self.months = re.compile(rf"\b{month}")
        modifiers = alternatives(word for word in self.lexicon.modifiers if word.isalpha() and word not in UNCERTAIN)
        self.counters = re.compile(rf"(?:{modifiers}|[$€£]|[Tt]otal of) ?$")
        for match in re.finditer(rf"\b(?:({month}) (\d\d?),? |(\d\d?) ({month}),? )(\d{{4}})\b", self.text):
            name, day = (match[1], match[2]) if match[1] else (match[4], match[3])
            self.full.setdefault((self.lexicon.months[name.lower()], int(day)), set()).add(int(match[5]))
        self.issued = self._issued()

    def _issued(self) -> date | None:
        """Return the day the document is read from: the catalog's, else the first full date of its opening."""
        stated = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", self.doc.source.issued)
        if stated:
            year, month = int(stated[1]), int(stated[2] or 12)
            return _day(year, month, int(stated[3]) if stated[3] else monthrange(year, month)[1])
        head = self.text[:1500]
        for match in date_pattern(self.lexicon).finditer(head):
            if match.lastgroup == "iso":
                return _day(*map(int, re.split("[-/]", match[0])))
            if match.lastgroup in ("md", "dm") and (said := re.search(r"\d{4}", match[0])):
                month, days = self._month_day(match[0])
                return _day(int(said[0]), month, days[0])
        return None

    def read(self, match: re.Match[str]) -> dict[str, Any] | None:
        """Return edtf, kind and rule of a match, or None where it is no date."""
        form = next(name for name, value in match.groupdict().items() if value is not None and name != "mark")
        fields: dict[str, Any] | None = getattr(self, f"_{form}")(match)
        if fields and fields["kind"] == "day" and fields["edtf"]:
            year, month, day = map(int, fields["edtf"].split("-"))
            self.last = (match.start(), (year, month, day))
        elif fields and fields["kind"] == "month" and fields["rule"] == "stated":
            year, month = map(int, fields["edtf"].split("-"))
            self.last = (match.start(), (year, month, 15))
        return fields

    def _month_day(self, text: str) -> tuple[int, list[int]]:
        names = self.months.findall(text)
        days = [int(day) for day in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)]
        return self.lexicon.months[names[0].lower()], days

    def _year_of(self, match: re.Match[str], month: int, day: int) -> tuple[int | None, str]:
        """Return the year that a month and day without one mean, and the rule that says so."""
        said = re.findall(r"(?<!\d)\d{4}(?!\d)", match[0])
        if said:
            return int(said[-1]), "stated"
        if near := re.search(r"(this|last|next|same|that) year", match[0]):
            return self._near_year(near[1], match.start())
        years = self.full.get((month, day), set())
        if len(years) == 1:
            return next(iter(years)), "same day with its year elsewhere"
        if self.last and "\n\n" not in self.text[self.last[0] : match.start()]:
            y, m, d = self.last[1]
            at = date(y, m, min(d, 28))
            return min((y - 1, y, y + 1), key=lambda one: abs(_day(one, month, min(day, 28)) - at)), "date before it"
        return self._from_issue(match, month, day)

    def _from_issue(self, match: re.Match[str], month: int, day: int) -> tuple[int | None, str]:
        if not self.issued:
            return None, ""
        this = _day(self.issued.year, month, day)
        past = this if this <= self.issued else _day(this.year - 1, month, day)
        coming = _day(past.year + 1, month, day)
        words = match[0].split()[0].lower()
        start, end = self.sentences.at(match.start())
        future = FUTURE.search(self.text[start:end]) and words != "last"
        if (
            words == "next"
            or (future and past != self.issued)
            or (coming - self.issued < SOON and self.issued - past > 3 * SOON)
        ):
            return coming.year, "next after the date of issue"
        return past.year, "last before the date of issue"

    def _near_year(self, word: str, place: int) -> tuple[int | None, str]:
        if word in ("same", "that"):
            years = re.findall(r"\b(?:1[5-9]|20)\d\d\b", self.text[max(0, place - 600) : place])
            return (int(years[-1]), "year named before") if years else (None, "")
        if not self.issued:
            return None, ""
        return self.issued.year + {"this": 0, "last": -1, "next": 1}[word], "counted from the date of issue"

    def _iso(self, match: re.Match[str]) -> dict[str, Any] | None:
        return _checked(match[0].replace("/", "-"), "day", "stated")

    def _numeric(self, match: re.Match[str]) -> dict[str, Any] | None:
        a, b, year = map(int, re.split(r"[./-]", match[0]))
        if a > 12 or "." in match[0] or a == b:
            return _checked(f"{year}-{b:02}-{a:02}", "day", "stated")
        if b > 12:
            return _checked(f"{year}-{a:02}-{b:02}", "day", "stated")
        return {"edtf": "", "kind": "unresolved", "rule": "day and month not told apart"}

    def _dm(self, match: re.Match[str]) -> dict[str, Any] | None:
        month, days = self._month_day(match[0])
        year, rule = self._year_of(match, month, days[0])
        return _dated(year, f"-{month:02}-{days[0]:02}", "day", rule)

    def _md(self, match: re.Match[str]) -> dict[str, Any] | None:
        return self._dm(match)

    def _dd_m(self, match: re.Match[str]) -> dict[str, Any] | None:
        month, days = self._month_day(match[0])
        year, rule = self._year_of(match, month, days[-1])
        if year is None:
            return _unresolved()
        return _range(f"{year}-{month:02}-{days[0]:02}", f"{year}-{month:02}-{days[-1]:02}", rule)

    def _m_dd(self, match: re.Match[str]) -> dict[str, Any] | None:
        return self._dd_m(match)

    def _dm_dm(self, match: re.Match[str]) -> dict[str, Any] | None:
        names = [self.lexicon.months[name.lower()] for name in self.months.findall(match[0])]
        _, days = self._month_day(match[0])
        year, rule = self._year_of(match, names[1], days[1])
        if year is None:
            return _unresolved()
        said = re.findall(r"(?<!\d)\d{4}(?!\d)", match[0])
        first = int(said[0]) if len(said) == 2 else year - (names[0] > names[1])
        return _range(f"{first}-{names[0]:02}-{days[0]:02}", f"{year}-{names[1]:02}-{days[1]:02}", rule)

    def _md_md(self, match: re.Match[str]) -> dict[str, Any] | None:
        return self._dm_dm(match)

    def _m_m(self, match: re.Match[str]) -> dict[str, Any] | None:
        one, two = (self.lexicon.months[name.lower()] for name in self.months.findall(match[0])[:2])
        said = [int(year) for year in re.findall(r"\d{4}", match[0])]
        first = said[0] if len(said) == 2 else said[-1] - (one > two)
        return _range(f"{first}-{one:02}", f"{said[-1]}-{two:02}", "stated")

    def _quarter(self, match: re.Match[str]) -> dict[str, Any] | None:
        number = re.search(r"[1-4](?=Q|st|nd|rd|th)|(?<=Q)[1-4]|first|second|third|fourth|last|final", match[0])
        assert number
        quarter = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}.get(number[0]) or int(
            number[0]
        )
        year = match[0][-4:]
        return _range(f"{year}-{3 * quarter - 2:02}", f"{year}-{3 * quarter:02}", "stated")

    def _half(self, match: re.Match[str]) -> dict[str, Any] | None:
        first, year = bool(re.search("first|H1", match[0])), match[0][-4:]
        return _range(f"{year}-{'01' if first else '07'}", f"{year}-{'06' if first else '12'}", "stated")

    def _season(self, match: re.Match[str]) -> dict[str, Any] | None:
        name = next(word for word in re.findall(r"[a-z]+", match[0].lower()) if word in self.lexicon.seasons)
        said, word = re.search(r"\d{4}", match[0]), match[0].split()[0].lower()
        if said:
            return _dated(int(said[0]), f"-{self.lexicon.seasons[name]}", "season", "stated")
        year, rule = self._near_year(word, match.start())
        if (
            year is not None
            and word == "last"
            and self.issued
            and self.issued.month > 3 * (self.lexicon.seasons[name] - 20)
        ):
            year += 1
        return _dated(year, f"-{self.lexicon.seasons[name]}", "season", rule)

    def _my(self, match: re.Match[str]) -> dict[str, Any] | None:
        month, _ = self._month_day(match[0])
        year, rule = self._year_of(match, month, 1)
        return _dated(year, f"-{month:02}", "month", rule)

    def _month(self, match: re.Match[str]) -> dict[str, Any] | None:
        name = self.months.findall(match[0])[0]
        before = BEFORE_MONTH.search(self.text, max(0, match.start() - 12), match.start())
        bare = match[0] == name
        if (
            bare
            and (name.isupper() or not before)
            and (
                name.lower() in self.lexicon.ambiguous_months
                or (len(name.rstrip(".")) < 5 and name not in ("June", "July"))
            )
        ):
            return None
        if bare and re.match(r"[ -][A-Z]|['’]s \w|,? \d", self.text[match.end() : match.end() + 5]) and not before:
            return None
        month = self.lexicon.months[name.lower()]
        last_day = 28 if month == 2 else 30
        year, rule = self._from_issue(match, month, min(last_day, self.issued.day) if self.issued else 1)
        if bare and before and before[1].lower() in ("each", "every"):
            return _unresolved()
        return _dated(year, f"-{month:02}", "month", rule)

    def _yy(self, match: re.Match[str]) -> dict[str, Any] | None:
        first, second = re.findall(r"\d{4}|\d\d$", match[0])[:2]
        second = first[:2] + second if len(second) == 2 else second
        return _range(first, second, "stated") if first < second else None

    def _decade(self, match: re.Match[str]) -> dict[str, Any] | None:
        years = re.findall(r"\d+", match[0])
        if len(years) == 2:
            return _range(years[0], str(int(years[1]) + 9), "stated")
        digits = years[0] if len(years[0]) == 4 else "19" + years[0]
        return {
            "edtf": digits[:2] + "XX" if digits.endswith("00") and digits < "2000" else digits[:3] + "X",
            "kind": "decade",
            "rule": "stated",
        }

    def _year(self, match: re.Match[str]) -> dict[str, Any] | None:
        year = match[0][-4:]
        before, after = self.text[max(0, match.start() - 40) : match.start()], self.text[match.end() : match.end() + 40]
        if len(match[0]) == 4 and (self._is_name(before, after) or self._is_count(before, after, year)):
            return None
        return {"edtf": year, "kind": "year", "rule": "stated"}

    def _is_name(self, before: str, after: str) -> bool:
        """Tell a year in a name ("UEFA Euro 2020", "Vision 2030") by the capitalised word right before it."""
        word = re.search(r"(?:^|[\s(“\"])([A-Z][\w-]*)[ -]$", before)
        return word is not None and word[1] not in self.lexicon.grammar["before_year"] and not after.startswith("s")

    def _is_count(self, before: str, after: str, year: str) -> bool:
        """Tell a count of things from a year: "some 2000 people", "among the 1275 taken prisoner"."""
        if self.counters.search(before):
            return True
        word = re.match(r" ?([\w%°]+)", after)
        unit = self.lexicon.units.get(word[1]) if word else None
        if (
            unit
            and (unit.kind != "duration" or year < "1900")
            and not re.search(r"(?:the|in|since|of) $", before, re.I)
        ):
            return True
        return year < "1500" and not BEFORE_YEAR.search(before)

    def _weekday(self, match: re.Match[str]) -> dict[str, Any] | None:
        if re.match(r"s\b|['’]s [A-Z]| [A-Z]|,? \d", self.text[match.end() : match.end() + 5]):
            return None
        if not self.issued or len(self.doc.source.issued) not in (0, 10):
            return _unresolved()
        words = match[0].split()
        number = self.lexicon.weekdays[words[-1].lower()]
        start, end = self.sentences.at(match.start())
        back = (self.issued.isoweekday() - number) % 7
        future = words[0] == "next" or (words[0] != "last" and FUTURE.search(self.text[start:end]) and back)
        day = (
            self.issued + timedelta(days=(-back) % 7 or 7)
            if future
            else self.issued - timedelta(days=back or 7 * (words[0] == "last"))
        )
        return _checked(day.isoformat(), "day", "weekday nearest the date of issue")


def _day(year: int, month: int, day: int) -> date:
    return date(min(max(year, 1), 9999), month, min(day, monthrange(min(max(year, 1), 9999), month)[1]))


def _dated(year: int | None, rest: str, kind: str, rule: str) -> dict[str, Any] | None:
    if year is None:
        return _unresolved()
    return (
        _checked(f"{year}{rest}", kind, rule)
        if kind == "day"
        else {"edtf": f"{year}{rest}", "kind": kind, "rule": rule}
    )


def _unresolved() -> dict[str, Any]:
    return {"edtf": "", "kind": "unresolved", "rule": ""}


def _checked(edtf: str, kind: str, rule: str) -> dict[str, Any] | None:
    """Return the day, or None where the calendar has no such day ("February 30")."""
    try:
        date.fromisoformat(edtf)
    except ValueError:
        return None
    return {"edtf": edtf, "kind": kind, "rule": rule}


def _range(first: str, last: str, rule: str) -> dict[str, Any]:
    return {"edtf": f"{first}/{last}", "kind": "range", "rule": rule}
