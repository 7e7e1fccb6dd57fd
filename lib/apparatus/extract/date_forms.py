"""The forms in which English writes a date, as one pattern; the name of the group that matched tells the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import merge
from typing import NamedTuple

import ahocorasick

from apparatus.lexicon import Lexicon, alternatives

DIGITS = re.compile(r"\d(?:\d{3}|0['’-]?s|[./-]\d|(?:st|nd|rd|th)\b)")
BEFORE_NAME, BEFORE_DIGITS = 48, 16  # how far before a name, or a number, the date to which it belongs may begin
WORDS = ("quarter", "half", "centur", "AD", "CE", "BC", "A.D.", "B.C.")  # one stands where there is no other name

YEAR, END = r"(?:1[0-9]|20)\d\d", r"(?!\w|[.,]\d|%)"
COMING = r"(?:(?<=[Bb]y )|(?<=to )|(?<=ntil )|(?<=till )|(?<=year ))21\d\d"  # a year as yet only forecast
FOUR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
DAYS = re.compile(r"(?<![\d'’‘])\d{1,2}(?!\d)")
DAY_IN_WORDS = re.compile("[a-z-]+(?= of [A-Z])")
DAY = r"(?<![\d.,])(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
DASH, UNTIL = r" ?[-–—] ?", r",? (?:to|until|till|through) "
JOIN = rf"(?:{DASH}|{UNTIL}|/)"
PART = r"(?:(?:[Ee]arly|[Ll]ate|[Mm]id)(?:[- ]to[- ](?:mid|late))?[- ])"
FISCAL = r"(?:(?:[Ff]iscal|[Ff]inancial) (?:year )?|FY ?)"
SAID = rf"(?:(?:,? ?|,? of (?:the year )?|-){YEAR}{END})"
SHORT = r"(?:(?: of)? ['’‘]\d\d(?!\w))"
NEAR = r"(?:,? (?:of |in )?(?:the )?(?:this|last|next|same|that|previous|following|current) year\b)"
RELATIVE = r"(?:[Ll]ast|[Nn]ext|[Tt]his)"
TENS = "(?:[Tt]wenty-|[Tt]hirty-)"
HUNDRED = r"centur(?:y|ies)(?: (?:AD|BCE?|CE|A\.D\.|B\.C\.))?"
ERA = r"(?:AD|BCE?|CE|A\.D\.|B\.C\.(?:E\.)?)"


Form = tuple[str, re.Match[str]]  # the name of a form, and what has it


def _written(words: Iterable[str]) -> set[str]:
    return {form for word in words for form in (word.capitalize(), word.upper())}


def _ordinals(lexicon: Lexicon) -> list[str]:
    return [word for word, value in lexicon.numbers.ordinal.items() if 0 < value <= 30]


class Grammar(NamedTuple):
    """The words of dates as regular expressions."""

    month: str
    weekday: str
    season: str
    feast: str
    ordinal: str


@lru_cache(maxsize=4)
def grammar_of(lexicon: Lexicon) -> Grammar:
    """Return the patterns of the words; months in title case or capitals."""
    month = alternatives(_written(lexicon.months))
    season = alternatives([*lexicon.seasons, *(word.capitalize() for word in lexicon.seasons)])
    ranks = _ordinals(lexicon)
    ordinal = rf"(?:\d\d?(?:st|nd|rd|th)|{TENS}?{alternatives([*ranks, *(word.capitalize() for word in ranks)])})"
    weekday = alternatives(_day_names(lexicon))
    return Grammar(f"{month}(?!\\w)", f"{weekday}(?!\\w)", f"{season}(?!\\w)", alternatives(lexicon.feasts), ordinal)


def _day_names(lexicon: Lexicon) -> set[str]:
    names = (word.upper() for word in lexicon.weekdays if word.endswith("day"))  # "SAT" and "SUN" are other things
    return {word.capitalize() for word in lexicon.weekdays}.union(names)


@lru_cache(maxsize=4)
def date_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """Return the one pattern of every form, the longer forms before the shorter that begin them."""
    words = grammar_of(lexicon)
    forms = _numeric() | _days(words) | _longer(words)
    body = "|".join(f"(?P<{name}>{form})" for name, form in forms.items())
    cell = r"\d{4}-[01]\d-[0-3]\d\b|\d\d?[./]\d\d?[./]\d{4}\b"  # may follow a comma that parts two columns
    return re.compile(rf"(?<![\w$€£#@/])(?<!\d\.)(?:(?<!\d,)|(?={cell}))(?:{body})(?:(?!\w)|(?=T\d))(?!-year)")


def _numeric() -> dict[str, str]:
    return {
        "iso": r"(?:1[5-9]|20)\d\d(?P<sign>[-/.])(?:0[1-9]|1[0-2])(?P=sign)(?:0[1-9]|[12]\d|3[01])",
        "numeric": r"(?<![\d./-])\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:(?:1[5-9]|20)\d\d|(?<=/)\d\d)(?!\d|[/.-]\d)",
    }


def _span(first: str, last: str = "") -> str:
    """Return the pattern of a range; a preposition before it lets "to", "until" or "and" join."""
    last = last or first
    return rf"(?:[Bb]etween {first} and {last}|[Ff]rom {first}{UNTIL}{last}|{first}{JOIN}{last})"


def _days(words: Grammar) -> dict[str, str]:
    """Return the forms with one day, several days of a month, two of two months; day first (d) or month first (m)."""
    month, weekday, year = words.month, rf"(?:(?:{RELATIVE} )?{words.weekday},? )?", rf"(?:,? (?:of )?{YEAR}{END})"
    days = rf"{DAY}(?:{JOIN}| and | or ){DAY}"
    some = rf"(?:[Bb]etween (?:the )?{DAY} and (?:the )?{DAY}|[Ff]rom (?:the )?{DAY}{UNTIL}(?:the )?{DAY}"
    tail = rf"(?:{SAID}|{NEAR})?"
    return {
        "feast": rf"{words.feast}(?:{SAID}|{NEAR})?",
        "dm_dm": _span(rf"{weekday}{DAY} (?:of )?{month}{year}?"),
        "md_md": _span(rf"{weekday}{month} {DAY}{year}?"),
        "dd_m": rf"{some}|(?:{DAY}, ){{0,9}}{days}) (?:of )?{month}{tail}",
        "m_dd": (
            rf"(?:[Bb]etween {month} {DAY} and {DAY}|[Ff]rom {month} {DAY}{UNTIL}{DAY}"
            rf"|{month} (?:{DAY}, ){{0,9}}{days})(?! ?{month}){tail}"
        ),
        "dm": (
            rf"(?:(?:{RELATIVE} )?{words.weekday},? (?:the )?)?(?:{DAY} (?:of )?{month}{tail}"
            rf"|{DAY}-{month}(?:-{YEAR}{END}|-\d\d(?!\d))?|(?<!\b[Aa] )(?<!one ){words.ordinal} of {month}{tail})"
        ),
        "md": rf"{weekday}{month} (?:the )?{DAY}(?: ?,? {YEAR}{END}|{NEAR})?",
    }


def _longer(words: Grammar) -> dict[str, str]:
    """Return the forms of months, quarters, halves, seasons, years, decades and centuries, and the weekday."""
    month, season, near = words.month, words.season, r"(?: of (?:this|last|next) year)"
    decade, year = r"(?:1[0-9]|20)\d0['’-]?s", rf"{PART}?{YEAR}{END}"
    quarter = r"(?:Q[1-4]|[1-4]Q|(?:first|second|third|fourth|last|final|[1-4](?:st|nd|rd|th)) quarter)"
    dated = rf"{month}(?:,? (?:of )?{YEAR}{END})"
    century = rf"{words.ordinal}(?:(?:-? and |{DASH}| or | to ){words.ordinal})?[ -]{HUNDRED}"
    tens = rf"(?:{PART}?(?:{decade}|['’‘][1-9]0s)|{PART}[2-9]0s|(?<=the )[2-9]0s|(?<=0s and )[2-9]0s)\b"
    decades = rf"(?:[Bb]etween|[Ff]rom) the {PART}?{decade}(?:{UNTIL}| and )(?:the )?{PART}?{decade}"
    return {
        "m_m": _span(rf"{PART}?{month}(?:,? (?:of )?{YEAR}{END})?"),
        "mixed": rf"[Ff]rom (?:{dated}{UNTIL}{year}|{year}{UNTIL}{dated})",
        "quarter": rf"{quarter}(?:,?(?: of|-)? ?{YEAR}{END}|{near})",
        "half": rf"(?:(?:first|second) half|H[12],?)(?:(?: of|) {YEAR}{END}|{near})",
        "season": rf"(?:{PART}?{season}(?:(?: of|,)? {YEAR}(?:[-/–]\d\d)?{END}|{SHORT})|{RELATIVE} {season})",
        "my": rf"{PART}?{month}(?:{SAID}|{NEAR}|{SHORT})",
        "month": rf"(?:{PART}|{RELATIVE} )?{month}",
        "century": rf"{PART}?{century}",
        "era": rf"(?:(?:AD|A\.D\.) ?\d{{1,4}}(?:{DASH}\d{{1,4}})?|\d{{1,4}}(?:{DASH}\d{{1,4}})? ?{ERA})",
        "decade": rf"(?:{decades}|{tens}(?:{DASH}(?:{tens}|\d0s))?)",
        "yy": rf"{FISCAL}?(?:{_span(year)}|{YEAR}[/–-]\d\d{END}(?![-–/]\d))",
        "year": rf"(?:(?:{PART}|{FISCAL})?{YEAR}|{COMING}){END}",
        "week": _span(words.weekday),
        "weekday": rf"(?:{RELATIVE} )?{words.weekday}",
        "day": r"(?<=[Oo]n the )(?:[12]?1st|2?2nd|2?3rd|[12]?[4-9]th|[123]0th|1[123]th)",
    }


def date_forms(text: str, lexicon: Lexicon) -> Iterator[Form]:
    """Yield what has the form of a date. Only near names and digits, without which there is none, is it looked for."""
    pattern, begins, done = date_pattern(lexicon), _begins(lexicon), 0
    names = ((at + 1 - length, BEFORE_NAME) for at, length in _names(lexicon).iter(text))
    digits = ((match.start(), BEFORE_DIGITS) for match in DIGITS.finditer(text))
    for at, reach in merge(names, digits):
        for first in begins.finditer(text, max(done, at - reach), at + reach):
            if first.start() > at:
                break
            if first.start() >= done and (match := pattern.match(text, first.start())):
                yield str(match.lastgroup), match
                done = match.end()
        done = max(done, at + 1)


@lru_cache(maxsize=4)
def _begins(lexicon: Lexicon) -> re.Pattern[str]:
    words = "twenty-|thirty-|from|between|early|late|mid|last|next|this|final|fiscal|financial"
    return re.compile(rf"[\dA-Z'’‘]|{'|'.join([*_ordinals(lexicon), *lexicon.seasons])}|{words}")


@lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    seasons = (form for word in lexicon.seasons for form in (word, word.capitalize()))
    for form in (*_written(lexicon.months), *_day_names(lexicon), *seasons, *lexicon.feasts, *WORDS):
        automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton
