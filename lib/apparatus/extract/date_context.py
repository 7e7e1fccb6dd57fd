"""What a document tells about a date it gives in part: its day of issue, the dates stated round it, the tense."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from apparatus.extract.date_forms import YEAR, Form, grammar_of
from apparatus.extract.phrases import stops
from apparatus.lexicon import Lexicon, alternatives
from apparatus.model import Document

Year = tuple[int | None, str]  # a year, and the rule that gave it
UNKNOWN: Year = (None, "")
WEEK, RECENT, SOON, HALF, FAR, YEAR_AGO = (timedelta(days=days) for days in (7, 14, 80, 180, 300, 400))
HEAD, TAIL = 1500, 300  # where a document says when it was issued
NEAR_BEFORE, NEAR_AFTER = 150, 120  # how far from a date the verb may stand that tells its time
LONG = 3000  # how far a date with its year reaches, within its paragraph
MODAL = r"(?:will|shall|would|can|must|should|may|might|could)"
DATELINE_BEFORE = re.compile(r"(?:^|\n)(?![^\n]*[.!?] [A-Z])[^\n]{0,90}$")
NO_DATELINE = re.compile(
    r"\b(?:on|in|of|since|until|till|by|from|before|after|to|and|for|the|late|dated) (?:the )?$", re.I
)
ISSUED = re.compile(r"\b(?:posted|published|issued|released|filed|updated)(?: on| at)?:? $", re.IGNORECASE)
THE = re.compile(r"(?<!\w)the $", re.IGNORECASE)
RANKED = re.compile(r"\d\d?(?:st|nd|rd|th)")
PLANS = re.compile(r"(?:\w (?:on|from|by|until|till|through)|\bFrom) $")
CHANGED = re.compile(r"updat|revis|modifi|access|retriev|print|review", re.IGNORECASE)  # says less than a date of issue
DATELINE_AFTER = re.compile(r"[ .]*(?:$|\n|[-–—/|:;)\]]|\(|,? (?:at )?\d{1,2}[:.]\d\d)")
CLAUSE = re.compile(
    r"(?:^|[,;:–—(“\"] ?|\b(?:that|and|but|where|when|while) )(?:(?:on|in|by|from|until) )?(?:the )?$", re.IGNORECASE
)


def safe_day(year: int, month: int, day: int) -> date:
    """Return a day, the last of its month where the month is shorter."""
    year = min(max(year, 2), 9998)
    return date(year, month, min(day, monthrange(year, month)[1]))


@lru_cache(maxsize=4)
def _tenses(lexicon: Lexicon) -> re.Pattern[str]:
    coming, past = (alternatives(lexicon.grammar[name]) for name in ("coming", "past"))
    rest = r"(?:not |also |only |then |soon )?(?:be |have been |have )?(?:[a-z]+ly )?[a-z]+"
    ahead = rf"{MODAL} {rest}|(?:(?:is|are|was|were) )?to (?:be|have been|have) (?:[a-z]+ly )?[a-z]+|{coming}"
    ed = r"(?!need|indeed|hundred)[a-z]{2,}ed"
    return re.compile(rf"\b(?:(?P<coming>{ahead})|(?P<past>{past}|{ed})|(?P<bare>to [a-z]+))\b|(?P<will>['’]ll\b)")


@dataclass
class Context:
    """The dates that a document states, and where its reading has come to."""

    doc: Document
    lexicon: Lexicon
    forms: Sequence[Form]
    stated: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    anchor: tuple[int, date] | None = None  # the last date with its year
    named: int | None = None  # the last year stated
    bare: tuple[int, int] | None = None  # the place of the last "in 1066", and the year

    def __post_init__(self) -> None:
        """Read the document's day of issue, and the days that it states with their year."""
        self.text = self.doc.view.text
        self.months = re.compile(rf"\b{grammar_of(self.lexicon).month}")
        self.tenses = _tenses(self.lexicon)
        after = rf"(?:,? (?:and|or|to|but) (?:on |in )?|, )(?:\d\d?(?:st|nd|rd|th)? (?:of )?)?({self.months.pattern})"
        self.after = re.compile(rf"{after}(?: \d\d?(?:st|nd|rd|th)?\b)?,? ({YEAR})(?!\w)")
        for form, match in self.forms:
            if form in ("dm", "md") and (whole := self._whole(match[0])):
                self.stated.setdefault((whole.month, whole.day), set()).add(whole.year)
        self.day_first = self._order()
        self.years = {year for years in self.stated.values() for year in years}
        self.issued, self.day_known = self._issue()

    def _order(self) -> bool | None:
        """Return whether the numeric dates that can be read in one way only have the day first, None if they differ."""
        orders = set()
        for form, match in self.forms:
            if form == "numeric" and "." not in match[0]:
                first, second = map(int, re.split("[/-]", match[0])[:2])
                if (first > 12) != (second > 12):
                    orders.add(first > 12)
        return orders.pop() if len(orders) == 1 else None

    def month_in(self, text: str) -> int:
        """Return the first month that a text names."""
        name = self.months.search(text)
        assert name
        return self.lexicon.months[name[0].lower()]

    def _whole(self, text: str) -> date | None:
        year, days = re.search(YEAR, text), re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)
        return safe_day(int(year[0]), self.month_in(text), int(days[0])) if year and days and int(days[0]) else None

    def _issue(self) -> tuple[date | None, bool]:
        """Return the day from which the document is read, and whether it is stated to the day."""
        if stated := re.match(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-(\d\d))?", self.doc.source.issued):
            year, month = int(stated[1]), int(stated[2] or 12)
            return safe_day(year, month, int(stated[3] or 31) or 1), len(self.doc.source.issued) == 10
        months, changed = [], None
        for form, match in self.forms:
            if HEAD < match.start() < len(self.text) - TAIL or not self._is_dateline(match):
                continue
            if form == "iso":
                return safe_day(*map(int, re.findall(r"\d+", match[0])[:3])), True
            if form in ("dm", "md") and (whole := self._whole(match[0])):
                if not CHANGED.search(self.text, max(0, match.start() - 30), match.start()):
                    return whole, True
                changed = changed or whole
            if form == "my" and (year_said := re.search(YEAR, match[0])):
                months.append(safe_day(int(year_said[0]), self.month_in(match[0]), 31))
        return (changed, True) if changed else (months[0] if months else None, False)

    def _is_dateline(self, match: re.Match[str]) -> bool:
        """Tell a date that stands in a line of its own or at the head of a report from one in a sentence."""
        before = self.text[max(0, match.start() - 100) : match.start()]
        return ISSUED.search(before) is not None or (
            DATELINE_BEFORE.search(before) is not None
            and NO_DATELINE.search(before) is None
            and DATELINE_AFTER.match(self.text, match.end()) is not None
        )

    def note(self, start: int, fields: dict[str, Any], *, is_point: bool) -> None:
        """Remember a date that was read, when it has a year of its own: it helps to read what follows.

        What only tells since when, or which one ("the July 2014 battle"), is no place in time to go on from.
        """
        parts = re.search(r"(?:^|/)(\d{4})(?:-(\d\d))?(?:-(\d\d))?$", fields["edtf"])
        if not parts or fields["rule"] not in ("stated", "date before it"):
            return
        self.named = int(parts[1])
        before = self.text[max(0, start - 6) : start]
        if fields["kind"] == "year" and before.endswith(("In ", "in ")):
            self.bare = (start, self.named)
        aside = before == "since " or (THE.search(before) and not RANKED.match(self.text, start))
        if is_point and fields["kind"] in ("day", "month", "range") and parts[2] and not aside:
            self.anchor = (start, safe_day(self.named, int(parts[2]), int(parts[3] or 15)))

    def year_of(self, start: int, end: int, month: int, day: int | None = None) -> Year:
        """Return the year that a month, or a day of a month, means where it has none, and the rule that says so."""
        if said := self.after.match(self.text, end, end + 60):
            later = self.lexicon.months[said[1].lower()]
            return int(said[2]) - (month > later), "year stated after it"
        years = self.stated.get((month, day or 0), set())
        if len(years) == 1:
            return next(iter(years)), "same day with its year elsewhere"
        word = self.text[start : start + 5].split(" ")[0].lower()
        from_issue = self._from_issue(start, end, month, day, word)
        if word in ("last", "next", "this"):
            return from_issue
        if self._anchored(start):
            near = self._nearest(month, day).year
            if near == from_issue[0] or not self._is_news(from_issue[0], start, end, month, day):
                return near, "date before it"
        if self._follows_year(start):
            assert self.bare
            return self.bare[1], "year named before"
        if not self.issued and len(self.years) == 1:
            return next(iter(self.years)), "the only year of the document's dates"
        return from_issue

    def _anchored(self, start: int) -> bool:
        place = self.anchor[0] if self.anchor else -LONG
        if self.bare and self.bare[0] > place and self._follows_year(start):
            return False
        return start - place < LONG and "\n\n" not in self.text[place:start]

    def _follows_year(self, start: int) -> bool:
        """Tell whether a bare year is what a date goes by: "In 1066 he landed on 28 September"."""
        if not self.bare or start - self.bare[0] > LONG:
            return False
        between = self.text[self.bare[0] : start]
        heads = self.text[self.bare[0] - 3] == "I" and len(between) < NEAR_BEFORE
        return "\n\n" not in between and (
            not self.issued or (heads and next(stops(between, 0, len(between)), None) is None)
        )

    def _nearest(self, month: int, day: int | None) -> date:
        """Return the month or day that lies nearest to the date before it."""
        assert self.anchor
        at = self.anchor[1]
        days = (safe_day(year, month, day or 15) for year in (at.year - 1, at.year, at.year + 1))
        return min(days, key=lambda one: abs(one - at))

    def _is_news(self, year: int | None, start: int, end: int, month: int, day: int | None) -> bool:
        """Tell whether a date is to be counted from the date of issue although another date stands before it."""
        if year is None or not self.issued or not self.anchor:
            return False
        if day is None and start - self.anchor[0] > 2 * NEAR_BEFORE:
            return True
        if day and abs(self._nearest(month, day) - self.anchor[1]) <= WEEK:
            return False
        at = safe_day(year, month, day or self.issued.day)
        recent = RECENT if start - self.anchor[0] < NEAR_BEFORE else SOON
        if at <= self.issued:
            return self.issued - at <= recent or (self.anchor[1] <= at and self.issued - self.anchor[1] <= YEAR_AGO)
        return self.tense(start, end)[0] != "past" and (
            self.anchor[1].year < self.issued.year or at - self.issued <= RECENT
        )

    def _from_issue(self, start: int, end: int, month: int, day: int | None, word: str) -> Year:
        if not self.issued:
            return UNKNOWN
        issued = self.issued
        at = safe_day(issued.year, month, day or issued.day)
        past = at if at <= issued else safe_day(at.year - 1, month, day or issued.day)
        coming = safe_day(past.year + 1, month, day or issued.day)
        if word == "this":
            return issued.year, "counted from the date of issue"
        if word == "last" and past == issued:
            return past.year - 1, "last before the date of issue"
        tense, strong = self.tense(start, end)
        if tense == "coming" and self._tells_which(start, end):
            tense = ""
        ahead = (tense == "coming" and past != issued and coming - issued <= FAR) or (
            not (tense == "past" and strong)
            and coming - issued < (SOON if tense else 2 * SOON)
            and issued - past > HALF
        )
        if word == "next" or (ahead and word != "last"):
            return coming.year, "next after the date of issue"
        return past.year, "last before the date of issue"

    def _tells_which(self, start: int, end: int) -> bool:
        """Tell a date before a noun ("the January 27 order"), to which the verb of the sentence does not apply."""
        noun = re.match(r" ([a-z]{3,})", self.text[end : end + 20])
        return (
            THE.search(self.text, max(0, start - 6), start) is not None
            and noun is not None
            and noun[1] not in self.lexicon.grammar["function"]
        )

    def tense(self, start: int, end: int) -> tuple[str, bool]:
        """Return "past", "coming" or "" by the nearest verb of the clause, and whether that stands close by."""
        first, last = max(0, start - NEAR_BEFORE), end + NEAR_AFTER
        for stop in stops(self.text, first, last):
            if stop.end() <= start:
                first = stop.end()
            elif stop.start() >= end:
                last = stop.start()
                break
        before = self.text[first:start].rpartition(";")[2]
        last = end + len(self.text[end:last].partition(";")[0])
        if re.search(r"\bsince (?:last |the )?$", before):
            return "past", True
        found = [(cue.lastgroup, len(before) - cue.end()) for cue in self.tenses.finditer(before)]
        cues = [cue for cue in found if cue[0] != "bare"]
        after = next((cue for cue in self.tenses.finditer(self.text, end, last) if cue.lastgroup != "bare"), None)
        if after and (not cues or CLAUSE.search(before)):
            return ("past" if after.lastgroup == "past" else "coming"), CLAUSE.search(before) is not None
        if not cues:
            return "", False
        return ("past" if cues[-1][0] == "past" else "coming"), cues[-1][1] < 16

    def near_year(self, word: str) -> Year:
        """Return the year meant by "this", "same" or another word before "year"."""
        steps = {"same": 0, "that": 0, "previous": -1, "following": 1}
        if word in steps:
            return (self.named + steps[word], "year named before") if self.named else UNKNOWN
        if not self.issued:
            return UNKNOWN
        return self.issued.year + {"this": 0, "current": 0, "last": -1, "next": 1}[
            word
        ], "counted from the date of issue"

    def season_year(self, word: str, code: int) -> Year:
        """Return the year of the last, this or next season; a winter has the year in which it begins."""
        if not self.issued:
            return UNKNOWN
        year, month, rule = self.issued.year, self.issued.month, "counted from the date of issue"
        last_month = (code - 20) * 3 + 2
        over = month > last_month if code < 24 else month < 12
        if word == "last":
            return (year if over and code < 24 else year - 1), rule
        return year + (word == "next" and over and code < 24), rule

    def weekday(self, start: int, end: int, number: int, word: str) -> date | None:
        """Return the day that a weekday means, seen from the day of issue."""
        if not self.issued or not self.day_known:
            return None
        back = (self.issued.isoweekday() - number) % 7
        tense, strong = self.tense(start, end)
        said = tense == "past" and strong
        plans = not tense and PLANS.search(self.text, max(0, start - 10), start)  # "Schools reopen on Monday"
        ahead = back and (tense == "coming" or plans or (not said and (back == 6 or word == "this")))
        if word == "next" or (ahead and word != "last"):
            return self.issued + timedelta(days=(-back) % 7 or 7)
        return self.issued - timedelta(days=back or 7 * (word == "last"))


def easter(year: int) -> date:
    """Return Easter Sunday in the Western reckoning. Source: Meeus, *Astronomical Algorithms*, 1991, chapter 8."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
