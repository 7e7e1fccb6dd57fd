"""What a document tells about a date it gives in part: its day of issue, the dates stated round it, the tense."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from apparatus.extract.calendar_days import numeric, safe_day
from apparatus.extract.date_forms import DAY_IN_WORDS, DAYS, FOUR, PART, Form, grammar_of
from apparatus.lexicon import Lexicon, alternatives
from apparatus.model import Document
from apparatus.sentences import stops

Year = tuple[int | None, str]  # a year, and the rule that gave it
Point = tuple[int | None, int | None, int | None]  # year, month, day, as far as they are said
UNKNOWN: Year = (None, "")
AS_ISSUED, WEEKDAY = "day nearest the date of issue", "weekday nearest the date of issue"
WEEK, RECENT, MONTH, SOON, FAR, YEAR_AGO = (timedelta(days=days) for days in (7, 14, 31, 80, 300, 400))
HEAD, TAIL = 1500, 300  # where a document says when it was issued
NEAR_BEFORE, NEAR_AFTER = 150, 120  # how far from a date the verb may stand that tells its time
CLOSE = 16  # how close before a date a verb leaves no doubt
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
PLACE_BEFORE = re.compile(r"(?:^|\n)[ *]*[A-Z][^\n.:;!?()]{1,60}, $")  # "GENEVA, 18 August 2024 — "
REPORT_AFTER = re.compile(r"(?: ?\([^()\n]{2,40}\))? ?(?:--|[—–-]) ?[A-Z\d“\"]|(?: ?\([^()\n]{2,40}\)) [A-Z“\"]")
STEP = re.compile(r"\b(?:(following)|previous|preceding) $", re.IGNORECASE)
SPEAKS = re.compile(r"([a-z]+) (?:(?:late|early|on) )*$")
HEADS = re.compile(
    r"(?:^|\n|[.!?…;:–—][\"'”’»)]* |[\"“«(])(?:[A-Z][a-z]+ )?(?:in|on|by|during)(?: the)? $", re.IGNORECASE
)
SPEECH = re.compile(r"[^\n“«\"]{0,40}[,:] ?[“«\"][^”»\"]*$")
CLAUSE = re.compile(
    r"(?:^|[,;:–—(“\"] ?|\b(?:that|and|but|where|when|while) )(?:(?:on|in|by|from|until) )?(?:the )?$", re.IGNORECASE
)


@lru_cache(maxsize=4)
def _tenses(lexicon: Lexicon) -> re.Pattern[str]:
    coming, past = (alternatives(lexicon.grammar[name]) for name in ("coming", "past"))
    rest = r"(?:not |also |only |then |soon )?(?:be |have been |have )?(?:[a-z]+ly )?[a-z]+"
    ahead = rf"{MODAL} {rest}|(?:(?:is|are|was|were) )?to (?:be|have been|have) (?:[a-z]+ly )?[a-z]+|{coming}"
    ed = r"(?<!to )(?!need|indeed|hundred)[a-z]{2,}ed"
    return re.compile(rf"\b(?:{ahead}|(?P<past>{past}|{ed}))\b|['’]ll\b")


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
    last: tuple[int, re.Match[str]] | None = None  # the place of the last date, its year, month and day
    month: tuple[int, date, int] | None = None  # the last date with a month: its place, the month, the day

    def __post_init__(self) -> None:
        """Read the document's day of issue, and the days that it states with their year."""
        self.text = self.doc.view.text
        self.months = re.compile(rf"\b{grammar_of(self.lexicon).month}")
        self.weekday_before = re.compile(rf"\b({grammar_of(self.lexicon).weekday}),? \(?$")
        self.tenses = _tenses(self.lexicon)
        after = rf"(?:,? (?:and|or|to|but) (?:on |in )?|, )(?:\d\d?(?:st|nd|rd|th)? (?:of )?)?({self.months.pattern})"
        self.after = re.compile(rf"{after}(?: \d\d?(?:st|nd|rd|th)?\b)?,? ({FOUR.pattern})(?!\w)")
        for form, match in self.forms:
            if form in ("dm", "md") and (whole := self._day(match[0])):
                self.stated.setdefault((whole.month, whole.day), set()).add(whole.year)
        self.day_first = self._order()
        self.years = {year for years in self.stated.values() for year in years}
        own = rf" (?:in|of) (?:the )?{PART}?(?:{self.months.pattern},? )?({FOUR.pattern})"
        self.own_year = re.compile(own)
        self.issued, self.day_known = self._issue()
        if dateline := self._dateline():
            self.issued, self.day_known = dateline, True

    def _order(self) -> bool | None:
        """Return whether the numeric dates that can be read in one way only have the day first, None if they differ.

        A weekday beside a date tells how it is to be read: "Wednesday (2/3/2022)".
        """
        orders = set()
        for match in (match for form, match in self.forms if form == "numeric" and "." not in match[0]):
            first, second, year = numeric(match[0])
            name = self.weekday_before.search(self.text, max(0, match.start() - 16), match.start())
            weekday = name and self.lexicon.weekdays[name[1].lower()]
            read = {True: (second, first), False: (first, second)}  # month and day
            fit = [
                order
                for order, (month, day) in read.items()
                if 0 < month <= 12 and day and weekday in (None, safe_day(year, month, day).isoweekday())
            ]
            if len(fit) == 1:
                orders.add(fit[0])
        return orders.pop() if len(orders) == 1 else None

    def point(self, text: str) -> Point:
        """Return the year, month and day that a text says."""
        month, year, day = self.months.search(text), FOUR.search(text), DAYS.search(text) or DAY_IN_WORDS.search(text)
        return (
            int(year[0]) if year else None,
            self.lexicon.months[month[0].lower()] if month else None,
            self.lexicon.numbers.rank(day[0]) if day and month else None,
        )

    def _day(self, text: str) -> date | None:
        year, month, day = self.point(text)
        return safe_day(year, month, day) if year and month and day else None

    def _issue(self) -> tuple[date | None, bool]:
        """Return the day from which the document is read, and whether it is stated to the day."""
        if stated := re.match(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-(\d\d))?", self.doc.source.issued):
            year, month = int(stated[1]), int(stated[2] or 12)
            return safe_day(year, month, int(stated[3] or 31) or 1), stated[3] is not None
        months: list[date] = []
        changed = None
        for form, match in self.forms:
            if HEAD < match.start() < len(self.text) - TAIL or not self._is_dateline(match):
                continue
            if form == "iso":
                return safe_day(*map(int, re.findall(r"\d+", match[0])[:3])), True
            if form in ("dm", "md") and (whole := self._day(match[0])):
                if not CHANGED.search(self.text, max(0, match.start() - 30), match.start()):
                    return whole, True
                changed = changed or whole
            if form == "my" and (last := self._day(f"{match[0]} 31")):
                months.append(last)
        return (changed, True) if changed else (months[0] if months else None, False)

    def _is_dateline(self, match: re.Match[str]) -> bool:
        """Tell a date that stands in a line of its own or at the head of a report from one in a sentence."""
        before = self.text[max(0, match.start() - 100) : match.start()]
        return ISSUED.search(before) is not None or (
            DATELINE_BEFORE.search(before) is not None
            and NO_DATELINE.search(before) is None
            and DATELINE_AFTER.match(self.text, match.end()) is not None
        )

    def _dateline(self) -> date | None:
        """Return the day in the one dateline of a report, which tells more than a date given for many files."""
        found = set()
        for form, match in self.forms:
            if form not in ("dm", "md") or not REPORT_AFTER.match(self.text, match.end()):
                continue
            if PLACE_BEFORE.search(self.text[max(0, match.start() - 70) : match.start()]):
                year, month, day = self.point(match[0])
                assert month and day
                if year or self.issued:
                    found.add(safe_day(year or self._last_before(month, day), month, day))
                if match.start() > HEAD:
                    return None
        return found.pop() if len(found) == 1 else None

    def _last_before(self, month: int, day: int) -> int:
        assert self.issued
        return self.issued.year - (safe_day(self.issued.year, month, day) > self.issued + WEEK)

    def note(self, start: int, fields: dict[str, Any], *, is_point: bool) -> None:
        """Remember a date that was read, when it has a year of its own: it helps to read what follows.

        What only tells since when, or which one ("the July 2014 battle"), is no place in time to go on from.
        """
        parts = re.search(r"(?:^|/)(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?|-2[1-4])?$", fields["edtf"])
        if not parts:
            return
        self.last = (start, parts)
        if parts[2] and fields["rule"] not in (AS_ISSUED, WEEKDAY):
            self.month = (start, date(int(parts[1]) or 1, int(parts[2]), 1), int(parts[3] or 1))
        if fields["rule"] not in ("stated", "date before it"):
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

    def on_weekday(self, text: str, said: Year, month: int, day: int) -> Year:
        """Return the year in which a day is the weekday that a text names, if that is the year beside the one meant."""
        name, (year, rule) = re.match(r"(?:\w+ )?([A-Z][a-z]+\.?),? ", text), said
        weekday = self.lexicon.weekdays.get(name[1].lower()) if name else None
        if not weekday or not year or rule == "stated":
            return said
        fit = [one for one in (year, year - 1, year + 1) if safe_day(one, month, day).isoweekday() == weekday]
        return said if not fit or fit[0] == year else (fit[0], "the year of its weekday")

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
        if at <= self.issued:
            return self.issued - at <= RECENT or (self.anchor[1] <= at and self.issued - self.anchor[1] <= YEAR_AGO)
        return self.tense(start, end)[0] != "past"

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
        within = FAR if tense == "coming" else SOON if tense else 2 * SOON
        ahead = coming - issued <= within and not (tense == "past" and strong)
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
        if re.search(r"\bsince (?:last |the )?$", before):
            return "past", True
        cue = after = self.tenses.search(self.text, end, last)
        begins = CLAUSE.search(before) is not None
        if not (after and begins):
            cue = next(reversed(list(self.tenses.finditer(before))), after)
        if not cue:
            return "", False
        strong = begins if cue is after else len(before) - cue.end() < CLOSE
        return ("past" if cue.lastgroup == "past" else "coming"), strong

    def near_year(self, word: str) -> Year:
        """Return the year meant by "this", "same" or another word before "year"."""
        step = {"previous": -1, "last": -1, "following": 1, "next": 1}.get(word, 0)
        if word in ("same", "that", "previous", "following"):
            return (self.named + step, "year named before") if self.named else UNKNOWN
        return (self.issued.year + step, "counted from the date of issue") if self.issued else UNKNOWN

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

    def weekday(self, start: int, end: int, number: int, word: str) -> tuple[date | None, str]:
        """Return the day that a weekday means, seen from the day of issue, or the date that it follows, and how."""
        before = self.text[max(0, start - 12) : start]
        if (step := STEP.search(before)) or (word == "next" and THE.search(before)):
            return self._step(start, number, -1 if step and not step[1] else 1), "date before it"
        if not self.issued or not self.day_known or self._is_of_another_time(start, end):
            return None, ""
        back = (self.issued.isoweekday() - number) % 7
        tense, strong = self.tense(start, end)
        said = tense == "past" and strong
        plans = not tense and PLANS.search(self.text, max(0, start - 10), start)  # "Schools reopen on Monday"
        ahead = back and (tense == "coming" or plans or (not said and (back == 6 or word == "this")))
        if word == "next" or (ahead and word != "last"):
            return self.issued + timedelta(days=(-back) % 7 or 7), WEEKDAY
        return self.issued - timedelta(days=back or 7 * (word == "last")), WEEKDAY

    def _step(self, start: int, number: int, way: int) -> date | None:
        """Return the first such weekday after, or before, the day named last: "the following Monday"."""
        if not self.last or not self.last[1][3] or not self._is_near(self.last[0], start):
            return None
        day, _ = self._last_days(self.last[1])
        return day + way * timedelta(days=way * (number - day.isoweekday()) % 7 or 7)

    def _last_days(self, parts: re.Match[str]) -> tuple[date, date]:
        """Return the first and the last day of a date."""
        year, month, day = parts.groups()
        return (
            safe_day(int(year), int(month or 1), int(day or 1)),
            safe_day(int(year), int(month or 12), int(day or 31)),
        )

    def _is_near(self, place: int, start: int) -> bool:
        return start - place < LONG and "\n\n" not in self.text[place:start]

    def _is_of_another_time(self, start: int, end: int) -> bool:
        """Tell a weekday whose sentence, or the speech round it, has a date far from the day of issue."""
        assert self.issued
        if said := self.own_year.match(self.text, end, end + 40):
            return abs(int(said[1]) - self.issued.year) > 1
        if not self.last or start - self.last[0] > HEAD:
            return False
        at = self.last[0]
        first, last = self._last_days(self.last[1])
        if first - MONTH <= self.issued <= last + MONTH:
            return False
        if SPEECH.match(self.text[at:start]):
            return True
        speaks = SPEAKS.search(self.text, max(0, start - 30), start)
        return (
            HEADS.search(self.text[max(0, at - 24) : at]) is not None
            and not (speaks and speaks[1] in self.lexicon.reporting["verb"])
            and next(stops(self.text, at, start), None) is None
        )

    def month_of(self, start: int, end: int, day: int) -> tuple[Year, int]:
        """Return the year and month of "on the 23rd": those of the date before it, or of the issue."""
        if self.month and self._is_near(self.month[0], start):
            at = self.month[1] + MONTH * (day < self.month[2])
            return (at.year, "date before it"), at.month
        if not self.issued:
            return UNKNOWN, 1
        over = self.day_known and day > self.issued.day and self.tense(start, end)[0] != "coming"
        at = self.issued.replace(day=1) - timedelta(days=over)
        return (at.year, AS_ISSUED), at.month
