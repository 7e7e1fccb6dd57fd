"""What only looks like a date: years in names and counts, months that are persons, weekdays that recur."""

from __future__ import annotations

import re
from functools import lru_cache

from apparatus.lexicon import Lexicon, alternatives

MONTH_BEFORE = re.compile(
    r"\b(?:in|since|until|till|by|from|of|and|to|or|during|before|after|through|throughout|ending|around)(?: the)? $",
    re.IGNORECASE,
)
SHORT_BEFORE = re.compile(r"\b(?:in|since|until|till|by|from|to) $", re.IGNORECASE)
TIME_ONLY = re.compile(r"\b(?:in|since|until|till|during|throughout|before) $", re.IGNORECASE)
ON_DAY = re.compile(r"\b(?:on|by|until|till|since|from|before|after|last|next|this|of|late|early|for) $", re.IGNORECASE)
RECURS = re.compile(
    r"\b(?:every|each|any|some|a|one|alternate|most|per|first|second|third|fourth)(?: other| single)? $", re.IGNORECASE
)
OLD_YEAR = re.compile(
    r"\b(?:in|since|until|by|from|of|before|after|year|around|circa|c\.|ca\.|fl\.|[bdr]\.|between|and|\() ?$", re.I
)
HOLDS_YEAR = re.compile(r"\b(?:the|in|since|of|by|until|before|after|during|from|its|this|that|to|between) $", re.I)
MEASURES = r"(?:[Tt]otal|[Pp]opulation|[Nn]umber|[Ss]um|[Aa]verage|[Hh]eight|[Dd]epth|[Ll]ength|[Ss]core)"
CLOCK = re.compile(r" ?(?:GMT|UTC|BST|CET|CEST|EST|EDT|PST|hrs|hours?|local time)\b")
UNCERTAIN = ("about", "around", "circa", "over", "under")  # stand before years as well as before counts
WORD_BEFORE = re.compile(r"(?:^|[\s(“\"‘])([^\W\d_][\w.-]*)[ -]$")
SERIES = re.compile(r"\b([^\W\d_]+\.?) \d{3,4}(?:, \d{3,4})*(?:,? (?:and|or|to) |, )$")
ADDRESS = re.compile(r" (?:[A-Z]\w+ ){1,2}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)\b")
CELL = re.compile(r"\s*\|")  # of a table
COUNTS_ON = ("of", "and", "or", "in", "at", "from", "out", "to")  # after a rank that is no day
WINDOW = 40


def is_no_year(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a bare year in a name, a label or a count from a date."""
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    if CELL.match(after):
        return False
    if text[start:end] >= "2100":
        word = re.match(r" ?([\w$€£%°]+)", after)
        counts = word is not None and word[1] not in lexicon.grammar["function"]
        return counts or not lexicon.grammar["change"].isdisjoint(before.split()[-3:])
    if is_labelled(text, start, lexicon):
        return True
    return _is_name(before, after, lexicon) or _is_count(before, after, text[start:end], lexicon)


def is_labelled(text: str, start: int, lexicon: Lexicon) -> bool:
    """Tell what a label numbers ("room 1984", "pp. 1700-1702") or a title follows ("the novel 1984") from a year."""
    before = text[max(0, start - WINDOW) : start]
    label, work = lexicon.grammar["label"], lexicon.grammar["work"]
    words = [found[1] for pattern in (SERIES, WORD_BEFORE) if (found := pattern.search(before))]
    return any(word.capitalize() in label or word.lower() in work or word in ("p.", "pp.") for word in words)


def _is_name(before: str, after: str, lexicon: Lexicon) -> bool:
    """Tell a year in a name ("UEFA Euro 2020") or a number ("555-2014", "2016/679") by what stands beside it."""
    if ADDRESS.match(after) or re.search(r"\d-$", before) or re.match(r"/\d", after):
        return True
    word = WORD_BEFORE.search(before)
    if not word or "." in word[1] or word[1].islower():
        return False
    return word[1].capitalize() not in lexicon.grammar["before_year"]


def _is_count(before: str, after: str, year: str, lexicon: Lexicon) -> bool:
    """Tell a count or a clock time from a year: "some 2000 people", "among the 1275 taken prisoner", "1530 GMT"."""
    if CLOCK.match(after) or _counters(lexicon).search(before):
        return True
    word = re.match(r" ?([\w%°]+)", after)
    if word and not HOLDS_YEAR.search(before):
        unit = lexicon.units.get(word[1])
        if unit and (unit.kind != "duration" or year < "1900"):
            return True
        if year.endswith("00") and after[0] == " " and word[1].islower() and word[1] not in lexicon.grammar["function"]:
            return True
    return year < "1500" and not OLD_YEAR.search(before)


@lru_cache(maxsize=4)
def _counters(lexicon: Lexicon) -> re.Pattern[str]:
    modifiers = alternatives(word for word in lexicon.modifiers if word.isalpha() and word not in UNCERTAIN)
    return re.compile(rf"(?:\b{modifiers}|[$€£]|{MEASURES} of) ?$")


def is_no_month(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a month without a day or year from a person ("June Carter"), a verb ("May") or a march."""
    name, before, after = text[start:end], text[max(0, start - 16) : start], text[end : end + 12]
    if RECURS.search(before):
        return True
    if re.match(r"[ -][A-Z][a-z]|['’]s [A-Z]", after) and not TIME_ONLY.search(before):
        return True
    word = WORD_BEFORE.search(before)
    if word and word[1].istitle() and word[1] not in lexicon.grammar["before_year"]:
        return True  # "Theresa May", "Black September"
    short = name.lower() not in lexicon.month_names
    verb = re.match(" ([a-z]+(?:ed|id|ld))\\b", after)
    if verb and verb[1] in lexicon.reporting["verb"] and not MONTH_BEFORE.search(before):
        return True  # "April told us"
    stands = (SHORT_BEFORE if short and name[-1] != "." else MONTH_BEFORE).search(before)
    if short or name.lower() in lexicon.ambiguous_months:
        noun = name[1:].islower() and re.search(r"\b(?:the|that|this|its|['’]s) $", before, re.IGNORECASE)
        return name.isupper() or not (stands or (noun and re.match(r" (?!of|for|on|to|in\b)[a-z]", after)))
    return re.match(r",? \d", after) is not None and not stands


def is_surname(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell the surname in "Karen March" from a month, by the first name before it."""
    if text[start:end].split()[0].lower() not in lexicon.ambiguous_months:
        return False
    before = text[max(0, start - WINDOW) : start]
    word = WORD_BEFORE.search(before)
    if not word or word[1] not in lexicon.first_names:
        return False
    begins = not re.search(r"[\w,;] $", before[: word.start(1)])  # "Mark May 5 in your diary"
    return not (begins and re.match(r"\w+ \d\d?\b", text[start:end]))


def is_no_day(text: str, end: int, lexicon: Lexicon) -> bool:
    """Tell the rank in "on the 22nd floor" or "on the 5th of the list" from a day of the month."""
    after = re.match(r"(,? \d)| ([^\W\d_]+)|-", text[end : end + WINDOW])
    if not after:
        return False
    return after[2] is None or after[2] in COUNTS_ON or after[2] not in lexicon.grammar["function"]


def is_no_weekday(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a weekday that recurs ("every Monday") or stands in a name ("Sunday Times") from a day."""
    before, after = text[max(0, start - 20) : start], text[end : end + 5]
    if RECURS.search(before):
        return True
    word = WORD_BEFORE.search(before)
    if word and word[1] in lexicon.grammar["named_day"]:
        return True
    stands = ON_DAY.search(before) is not None or text[start:end].split()[0] in ("last", "next", "this", "Last", "Next")
    abbreviated = "." not in text[start:end] and len(text[start:end].split()[-1]) < 6
    return not stands and (abbreviated or re.match(r" [A-Z]|,? \d", after) is not None)
