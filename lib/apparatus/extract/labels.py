"""Numbers that count nothing: labels ("Resolution 822"), names ("Seven Dials"), addresses, numerals of pages."""

from __future__ import annotations

import re

from apparatus.extract.amounts import Amount
from apparatus.extract.nouns import Nouns
from apparatus.lexicon import Lexicon, alternatives

LABELS = re.compile(r"[\w.:&’'-] $")
NUMERO = re.compile(r"\bNo\. $")
BEFORE = re.compile(r"(?:(?<=[\s(“\"‘'«])|^)((?:[A-Z][\w’'-]* )*)([a-z]?[A-Z][\w&-]*\.?):? (?:No\.? )?$")
OPENING = re.compile(r"(?:^|[.!?…:][”\"’»)]*|\n|[“\"‘«(])[\s“\"‘«(]*$|(?:^|\n)[-–—•*] ?$")
ADDRESS = re.compile(r"://|www\.|@|\.(?:com|org|net|html?|php|pdf)\b|/\w+/|^#")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
ENTRY = re.compile(r"(?:\d+|[IVX]+)\.? [A-Z][^.!?]* ")  # of a list of contents, before its page
IN_PLACE = re.compile(r"\b(?:in|at|from|near|to|of|around|across) $", re.IGNORECASE)
OLDEST = 120
AGED = re.compile(r"\b(?:[Aa]ged|[Aa]ges?|age of|ages of|(?:man|woman|boy|girl|child|youth) of)(?: between)? $")
UNDER = re.compile(r"(?:under|over|above|below) ", re.IGNORECASE)
PERSON = re.compile(r"\b(?:those|anyone|everyone|anybody|someone|people|of them|of whom) $")
IS_AGED = re.compile(
    r"(?:\b(?:who|[Hh]e|[Ss]he|I) (?:is|was|am|turned|turns)|\bI[’']m|\b(?:[Hh]e|[Ss]he)[’']s)(?: now| just| only)? $"
)
NAMED = re.compile(r"(?<![\w’'-])([A-Z][\w’'-]+)(?: [A-Z][\w’'-]+){0,2} \($")
APPOSED = re.compile(r"[A-Z][\w’'-]+, $")
ENDS = re.compile(r"[,.;)]|[”\"]| (?:and|when|but|years)\b|$")
SCORE = re.compile(r"\d(?:,|;| [-–])? $")
PART_OF_DAY = re.compile(r" (?:in the (?:morning|afternoon|evening|early hours)|at night)\b")
AT_HOUR = re.compile(r"\b(?:about|after|around|at|before|between|by|from|since|till|until) $", re.IGNORECASE)
HALF_AND = re.compile(r"(?:half|quarter) (?:past|to) $", re.IGNORECASE)


class Labels:
    """Tells by the words of one lexicon what a number labels, and what a number is only a part of."""

    def __init__(self, lexicon: Lexicon, nouns: Nouns) -> None:
        """Take the word classes that matter from the lexicon."""
        grammar = lexicon.grammar
        self.nouns, self.known, self.formations = nouns, grammar["label"], grammar["formation"]
        self.low = re.compile(rf"(?<!\w){alternatives(grammar['low_label'])} $")
        self.street = re.compile(rf" {alternatives(grammar['named_by_rank'])}\b(?! [A-Z])")
        self.house = re.compile(rf"(?: [A-Z][\w’'-]*){{1,3}} {alternatives(grammar['street'])}\b(?! [A-Z])")
        self.dated = grammar["dated_title"]
        self.prefixes = grammar["prefix"]
        self.formulas = grammar["formula"]
        self.no_label = {
            word.capitalize() for word in (*lexicon.weekdays, *lexicon.months, *lexicon.modifiers)
        } | grammar["no_name"]
        working = alternatives(grammar["of_hours"])
        kin = alternatives(grammar["kin"])
        self.kin = re.compile(
            rf"\b(?:my|his|her|their|our|\w+[’']s) (?:\w+ )?{kin} (?:is|was|are|were|turned|turns)(?: now| just)? $",
            re.IGNORECASE,
        )
        self.hours = re.compile(rf"\b{working}(?: [a-z]+){{0,3}} from (?:\d{{1,2}} to )?$", re.IGNORECASE)

    def before(self, text: str, at: int) -> tuple[int, bool] | None:
        """Return where the label of a number begins and whether it is a known one: "Polling Station 14"."""
        context = text[max(0, at - 60) : at]
        if not LABELS.search(context[-2:]):
            return None
        if low := self.low.search(context):
            return at - len(context) + low.start(), False
        match = BEFORE.search(context)
        if not match:
            return None
        start = at - len(context) + match.start(2)
        word, listed = match[2], match[0].find(":") >= 0
        previous = re.search(r"([A-Z][a-z]+) $", match[1])
        if (word in self.known or (previous and previous[0] + word in self.known)) and not listed:
            whole = previous and (
                previous[1].endswith("ing")
                or previous[0] + word in self.known
                or (word.startswith("No") and previous[1] in self.known)
            )
            return start - (len(previous[0]) if previous and whole else 0), True
        if word in self.no_label or word.lower() in self.nouns.stop or (listed and not word.isupper()):
            return None
        if word.isupper() and not listed and not re.search("[a-z]", text[max(0, start - 30) : start]):
            return None  # a line in capitals
        opens = OPENING.search(text, max(0, start - 4), start)
        scored = opens or SCORE.search(text, max(0, start - 5), start)
        if word in self.nouns.places and (scored or IN_PLACE.search(text, max(0, start - 8), start)):
            return None
        return None if opens and self.nouns.is_adjective(word.lower()) else (start, False)

    def is_dated(self, text: str, start: int, end: int) -> bool:
        """Tell a title whose number may be a year: "the Bribery Act 2010"."""
        return text[start:end].rstrip() in self.dated

    def formation_end(self, text: str, at: int, end: int) -> int:
        """Return where a body that an ordinal names ends ("93rd Mechanized Brigade"), or 0."""
        places = [at + word.end() for word in re.finditer(r"\w+", text[at:end]) if word[0] in self.formations]
        return places[-1] if places else 0

    def fits_words(self, text: str, label: tuple[int, bool], at: int) -> bool:
        """Tell whether number words are labelled: "Chapter Seven", "number one"."""
        return (label[1] and text[at].isupper()) or text.endswith("number ", 0, at)

    def is_name(self, text: str, start: int, end: int, *, rank: bool) -> bool:
        """Tell number words that are part of a name: "Seven Dials", "the Chicago Seven", "Third Street"."""
        if rank and self.street.match(text, end):
            return True
        if not text[start].isupper() or rank or is_headline(text, start):
            return False
        if any(word[:1].isupper() for word in re.split("[ -]", text[start:end])[1:]):
            return True
        if not OPENING.search(text, max(0, start - 4), start):
            return True
        after, unit = self.nouns.counted(text, end, single=False)
        if after == end:
            return bool(re.match(r" [A-Z][a-z]", text[end : end + 3]))
        noun = re.fullmatch(r"(?: [A-Z][a-z]+)* ([A-Z][a-z]+)", text[end:after])
        return noun is not None and unit == noun[1].lower() and noun[1] not in self.nouns.lexicon.units

    def is_no_code(self, text: str, start: int, end: int) -> bool:
        """Tell a chemical formula or a part of an address from a label of letters and digits."""
        prefix = text[start:end].partition("-")[0].lower()
        return text[start:end] in self.formulas or prefix in self.prefixes or self.is_address(text, start, end)

    def is_age(self, text: str, number: int, start: int, end: int, amount: Amount) -> bool:
        """Tell an age without its unit: "Jean Martin, 54,", "aged 12", "who is 81", "nurses under 35"."""
        high = amount.value[1] if isinstance(amount.value, tuple) else amount.value
        if high > OLDEST or amount.vague:
            return False
        if text.startswith(")", end) and (named := NAMED.search(text, max(0, start - 50), start)):
            return named[1] in self.nouns.lexicon.first_names
        if text[start - 1 : start] != " ":
            return False
        if AGED.search(text, max(0, start - 20), start):
            return True
        if start < number and UNDER.match(text, start) and not amount.scale > 1:
            older = high >= 10 and PERSON.search(text, max(0, start - 20), start)
            return bool(older) or self._is_person(text, start, child=high < 10)
        if not ENDS.match(text, end):
            return False
        if IS_AGED.search(text, max(0, start - 24), start) or self.kin.search(text, max(0, start - 60), start):
            return True
        if isinstance(amount.value, tuple):
            return False
        apposed = (
            not amount.worded and text[max(0, start - 2) : start] == ", " and text[end : end + 1] in (",", ".", ";")
        )
        return apposed and bool(APPOSED.search(text, max(0, start - 24), start) or self._is_person(text, start - 2))

    def _is_person(self, text: str, at: int, *, child: bool = False) -> bool:
        word = text[max(0, at - 24) : at].rstrip().rpartition(" ")[2]
        unit = self.nouns.lexicon.units.get(word.lower())
        return unit is not None and unit.one and (unit.name == "children" or not child)

    def is_address(self, text: str, start: int, end: int) -> bool:
        """Tell a number inside a web or mail address, or a word of letters and digits mixed."""
        before = "" if text[start - 1 : start].isspace() else " ".join(text[max(0, start - 80) : start].split()[-1:])
        after = "" if text[end : end + 1].isspace() else " ".join(text[end : end + 80].split(maxsplit=1)[:1])
        if not before:
            return "@" in after
        return bool(ADDRESS.search(before) or "@" in after or ("/" in before and "." in before))

    def is_numeral(self, text: str, start: int, end: int) -> bool:
        """Tell whether digits number a page, an item of a list, or a paragraph of an article ("19(2)")."""
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        if before == ". " and NUMERO.search(text, max(0, start - 5), start):
            return False
        if self.house.match(text, end) or (before[-1:] == "(" and before[:1].isalnum()):
            return True
        if before == "" or before.endswith("\n"):
            return after[:1] in ("\n", "") or bool(re.match(r"[.)] ", after))
        if not re.match(r"\s*(?:\n|$)", text[end : end + 3]):
            return False
        line = text[max(0, start - 120) : start].rpartition("\n")[2]
        return bool(re.search(r"[ .…\t]{2}$", before) or ENTRY.fullmatch(line))

    def is_clock(self, text: str, amount: Amount) -> bool:
        """Tell hours: "half past six", "at two in the morning", "open from 9 to 5"; a year in words."""
        start, end, value = amount.start, amount.end, amount.value
        if amount.worded and HALF_AND.search(text, max(0, start - 13), start):
            return True
        if isinstance(value, tuple):
            return amount.worded and "-" in text[start:end] and value[0] in (17, 18, 19, 20)
        if not 0 < value <= 12:
            return False
        if PART_OF_DAY.match(text, end) and AT_HOUR.search(text, max(0, start - 8), start):
            return True
        return bool(self.hours.search(text, max(0, start - 60), start))


def is_headline(text: str, at: int) -> bool:
    """Tell whether most words of a line begin with a capital, so that capitals say nothing there."""
    line = text[max(0, at - 150) : at].rpartition("\n")[2] + text[at : at + 150].partition("\n")[0]
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    return (
        not re.search(r"[.!?](?: |$)", line)
        and len(words) > 2
        and sum(word[0].isupper() for word in words) > 0.7 * len(words)
    )


def roman_value(numeral: str) -> int:
    """Return the value of a Roman numeral.

    >>> roman_value("XIV")
    14
    """
    values = [ROMAN_VALUES[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
