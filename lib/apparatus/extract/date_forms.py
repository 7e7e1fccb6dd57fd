"""The forms in which English writes a date, as one pattern; the name of the group that matched tells the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from heapq import merge

import ahocorasick

from apparatus.lexicon import Lexicon, alternatives

DIGITS = re.compile(r"\d(?:\d{3}|0['’]?s|[./-]\d)")
REACH = 64  # no date is longer
YEAR, DAY, DASH = r"(?:1[0-9]|20)\d\d", r"(?<![\d.,])(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%])", r" ?[-–—] ?"
PART = r"(?:[Ee]arly|[Ll]ate|[Mm]id(?:dle of)?)[- ]"
END = r"(?!\w|[.,]\d|%)"
SAID = rf"(?:(?:,? ?|,? of |-){YEAR}{END})"
NEAR = r" (?:this|last|next|of (?:the same|this|last|next|that)) year"
AND = r" and (?=.{0,30}\d{4})"
QUARTER = r"(?:Q[1-4]|[1-4]Q|(?:first|second|third|fourth|last|final|[1-4](?:st|nd|rd|th)) quarter)"
TO_YEAR = rf"(?:{DASH}|/| to | until | through | till )"


@lru_cache(maxsize=4)
def month_pattern(lexicon: Lexicon) -> str:
    """Return the regular expression of any month, in title case or capitals."""
    return rf"{alternatives({form for word in lexicon.months for form in (word.capitalize(), word.upper())})}(?!\w)"


@lru_cache(maxsize=4)
def date_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """Return the one pattern that finds every form."""
    weekday = alternatives(word.capitalize() for word in lexicon.weekdays)
    season = alternatives([*lexicon.seasons, *(word.capitalize() for word in lexicon.seasons)])
    forms = _numeric() | _days(month_pattern(lexicon), weekday) | _longer(month_pattern(lexicon), season)
    forms["weekday"] = rf"(?:(?:last|next|this) )?{weekday}"
    body = "|".join(f"(?P<{name}>{form})" for name, form in forms.items())
    return re.compile(rf"(?<![\w$€£#@/])(?<!\d[.,])(?:{body})(?!\w)(?!-year)")


def _numeric() -> dict[str, str]:
    return {
        "iso": r"(?:1[5-9]|20)\d\d[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])(?!\d)",
        "numeric": r"(?<![\d./-])\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:1[5-9]|20)\d\d(?![\d/-])",
    }


def _days(month: str, weekday: str) -> dict[str, str]:
    """Return the forms with one day, two days of a month, two of two months; day first (d) or month first (m)."""
    either = "(?:[Ff]rom |[Bb]etween )"
    paired = r"(?:[Bb]etween|[Ff]rom) (?=[^-–—]{0,20} (?:and|to) )"
    return {
        "dm_dm": rf"{either}?{DAY} (?:of )?{month}{SAID}?(?:{DASH}| to |{AND}){DAY} (?:of )?{month}{SAID}?",
        "md_md": rf"{either}?{month} {DAY}(?:, {YEAR})?(?:{DASH}| to |{AND}){month} {DAY}{SAID}?",
        "dd_m": rf"(?:{paired})?{DAY}(?:{DASH}| to | and | or |/){DAY} (?:of )?{month}(?:{SAID}|{NEAR})?",
        "m_dd": rf"(?:{paired})?{month} {DAY}(?:{DASH}| to | and |/){DAY}(?! ?{month})(?:{SAID}|{NEAR})?",
        "dm": rf"(?:{weekday},? )?(?:the )?{DAY} (?:of )?{month}(?:{SAID}|{NEAR})?",
        "md": rf"(?:{weekday},? )?{month} (?:the )?{DAY}(?: ?,? {YEAR}{END}|{NEAR})?",
    }


def _longer(month: str, season: str) -> dict[str, str]:
    """Return the forms of months, quarters, halves, seasons, years and decades, the longer before the shorter."""
    decade = r"(?:1[0-9]|20)\d0['’]?s"
    return {
        "m_m": rf"(?:(?:[Ff]rom|[Bb]etween) )?{month}{SAID}?(?:{DASH}| to | and ){month}{SAID}",
        "quarter": rf"{QUARTER},?(?: of|-)? ?{YEAR}{END}",
        "half": rf"(?:(?:first|second) half of|H[12],?) {YEAR}{END}",
        "season": rf"(?:(?:{PART})?{season}(?: of|,)? {YEAR}(?:[-/]\d\d)?{END}|(?:last|next|this) {season}\b)",
        "my": rf"(?:{PART})?{month}(?:{SAID}|{NEAR})",
        "month": rf"(?:{PART}|last |next |this )?{month}(?! \d)",
        "yy": (
            rf"(?:[Ff]rom |[Bb]etween )(?:(?:early|late|mid)[- ])?{YEAR}(?:{TO_YEAR}| and ){YEAR}{END}"
            rf"|{YEAR}{TO_YEAR}{YEAR}{END}|{YEAR}[/–-]\d\d{END}(?![-–/])"
        ),
        "decade": rf"(?:{PART})?(?:{decade}|['’‘][1-9]0s)\b(?:{DASH}(?:{PART})?{decade}\b)?",
        "year": rf"(?:{PART})?{YEAR}{END}",
    }


def near_dates(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the stretches round the names and digits without which there is no date: the rest need not be searched."""
    names = ((at + 1 - length, at + 1) for at, length in _names(lexicon).iter(text))
    start = end = 0
    for first, last in merge((match.span() for match in DIGITS.finditer(text)), names):
        if first - REACH > end:
            if end:
                yield start, end
            start = max(0, first - REACH)
        end = max(end, last + REACH)
    if end:
        yield start, min(end, len(text))


@lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word in (*lexicon.months, *lexicon.weekdays, *lexicon.seasons):
        for form in (word, word.capitalize(), word.upper()):
            automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton
