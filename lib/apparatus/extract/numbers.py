"""Numbers in digits and words: quantities, durations, ordinals, identifiers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import ahocorasick

from apparatus.extract.amounts import VULGAR, Amount, Amounts, Value
from apparatus.extract.counting import Counting
from apparatus.extract.dates import view_dates
from apparatus.extract.labels import Labels, roman_value
from apparatus.extract.measures import Measure, Measures
from apparatus.extract.nouns import Nouns
from apparatus.extract.phrases import Found, mark_all
from apparatus.extract.ranges import Ranges
from apparatus.extract.topics import Topics
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, alternatives
from apparatus.model import Document, Quantity

DIGIT_RUN = re.compile(rf"\d+|[{VULGAR}]")
ROMAN = re.compile(r"(?<=[a-z] )(?:[IVXLC]{2,7}|[VX])\b")
CODE = r"[A-Z]{1,6}[a-z]?-?|[A-Z][A-Za-z]{0,10}-"
IS_CODE = re.compile(rf"(?:{CODE})\d|[A-Z][a-z]{{2,3}}\d{{1,3}}$")
HOUR = r"(?:[01]?\d|2[0-4])\.(?:00|15|30|45)"
RATIO = re.compile(r"-to-(?:1|one)\b")
STRING = (  # versions, telephone numbers, numbers with slashes
    r"(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d+(?:\.\d+){2,}|\d+(?:/\d+){2,}"
    r"|\+\d[\d ()-]{5,20}\d|\(\d{2,5}\) \d[\d -]{4,15}\d"
    r"|0\d+(?: \d{2,})+|\d{2,5}(?:-\d{2,7}){2,}|\d+(?:\+\d+)+|\d{3}-0\d{3}"
)
SERIES = re.compile(r"(?:, and |, | and | or | & )(\d{1,5})(?![\d%]|[.,]\d)(?= |[.,;:)]|$)")
YEAR = re.compile(r"(?:1[89]|20)\d\d|21[05]0")
MINUS = re.compile(r"(?:(?<=[\s(])|^)(?:[-−–]|(?<!plus or )[Mm]inus )$")
LETTER_IN_DISGUISE = re.compile(r"[^\W\d_a-zA-Z]")  # "ſ" and the Kelvin sign match "s" and "k" when case is ignored
SUPERLATIVE = re.compile(r"[ -]ever\b|-(?:[a-z]+est|most|worst|least)\b|[ -](?:most|least)(?= [a-z])")
HALF = re.compile(r"half(?: an?)?(?=[ -])(?! *$)", re.IGNORECASE)
HANGING = re.compile(r"- (?:and|or|to) | ?[×x] ?(?=\d)")
METRES = re.compile(r"\dm$")


def find_numbers(doc: Document, known: Knowledge) -> list[Quantity]:
    """Return every number of a document that tells a quantity, duration, rank or label, with its modifier and unit.

    Dates are found first and are no numbers; nor are page numbers and list numerals, clock times, and "one" where
    nothing is counted. A number without a noun takes that of a count before it.
    """
    return mark_all(doc, Quantity, _found(doc, known))


def _found(doc: Document, known: Knowledge) -> Iterator[Found]:
    text, reader = doc.view.text, _reader(known.lexicon)
    counting = Counting(text, known.lexicon, reader.nouns)
    for start, end, fields in reader.find(text, [(start, end) for start, end, _ in view_dates(doc, known)]):
        yield start, end, counting.complete(start, end, fields)


@lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> _Reader:
    return _Reader(lexicon)


class _Reader:
    """The patterns of one lexicon, and the reading of what they match."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon, self.nouns, self.amounts = lexicon, Nouns(lexicon), Amounts(lexicon)
        self.measures, self.labels = Measures(lexicon), Labels(lexicon, self.nouns)
        self.ranges, self.topics = Ranges(self.amounts, self.measures), Topics(lexicon)
        n = lexicon.numbers
        several = alternatives(lexicon.grammar["several"])
        self.lead = re.compile(
            rf"(?<!\w)(?:[+(]|an? \w+ and a |(?:half )?an? |half |{several} |{CODE})$", re.IGNORECASE
        )
        self.calendar = re.compile(rf" {alternatives(lexicon.grammar['calendar_part'])}\b")
        self.pattern = self._pattern()
        self.priced = re.compile(rf"(?P<number>{self.amounts.digits})", re.IGNORECASE)
        self.words = ahocorasick.Automaton()
        for word in (*n.cardinal, *n.ordinal, *n.magnitude, *n.many, *n.part):
            for form in (word, word.capitalize(), word.upper()):
                self.words.add_word(form, len(form))
        self.words.make_automaton()

    def _pattern(self) -> re.Pattern[str]:
        """Return the one pattern of all numbers; the name of the group that matched tells the form."""
        n, amounts = self.lexicon.numbers, self.amounts
        cardinal, magnitude = alternatives(n.cardinal), alternatives(n.magnitude)
        tens = alternatives(word for word, value in n.cardinal.items() if value >= 20)
        measure = alternatives(word for word, unit in self.lexicon.units.items() if unit.kind == "measure")
        forms = {
            "code": rf"(?<![\w.,/:@#-])(?:{CODE})\d+(?:[-/+]\d+)*[A-Za-z]?(?!\w|\.\w)",
            "clock": (
                r"(?<!\w)(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d+(?::\d+)+)(?!\d)"
                rf"|(?<!\w)(?:\d{{1,2}}|{cardinal}) o['’]clock"
                rf"|(?<![\w.,$€£¥])(?<!(?-i:[A-Z]){{3}} ){HOUR} ?[-–—] ?{HOUR}"
                rf"(?!\w|\.\d| ?(?:[%°€]|{measure}\b|{magnitude}))"
            ),
            "string": rf"(?<![\w.])(?:{STRING})(?!\w)",
            "ordinal": rf"(?<![\w.])(?:\d+(?:,\d{{3}})*(?:st|nd|rd|th)|(?:{tens}[- ])?{alternatives(n.ordinal)})(?!\w)",
            "fold": rf"(?<!\w)(?:{cardinal}|{magnitude}|\d+(?:\.\d+)?)[ -]?fold\b",
            "halved": rf"(?<!\w)(?:an? \w+ and a half\b|half(?: an? |-)(?!{magnitude}\b)\w+)",
            "many": rf"(?<!\w){amounts.vague}",
            "part": (
                rf"(?<!\w)(?:(?:{cardinal}|an?)[ -]{alternatives(n.part)}(?![\w-])"
                rf"|(?:{cardinal}|\d+) (?:in|out of) (?:every )?(?:{cardinal}|\d+)\b"
                rf"|one \w+ (?:in|out of) (?:every )?(?:{cardinal}|\d+)\b(?! (?!in |of |is |was |has )[a-z]+s\b)"
                r"|half\b(?! an? |-)|\d+/\d+(?![/\d]))"
            ),
            "number": rf"(?<![\w.])(?:{amounts.digits}|{amounts.words})",
            "roman": rf"(?-i:{ROMAN.pattern})",
        }
        return re.compile("|".join(f"(?P<{name}>{form})" for name, form in forms.items()), re.IGNORECASE)

    def find(self, text: str, dates: list[tuple[int, int]]) -> Iterator[Found]:
        """Yield the numbers of a text, none of them in a date; the pattern is tried only where one may stand."""
        places = [match.start() for pattern in (DIGIT_RUN, ROMAN) for match in pattern.finditer(text)]
        places += [end + 1 - length for end, length in self.words.iter(text)]
        starts = [start for start, _ in dates]
        done = 0
        for place in sorted(places):
            if place < done or (text[place].isalpha() and text[place - 1 : place].isalnum()):
                continue
            following = bisect_left(starts, place + 1)
            done = max(done, dates[following - 1][1] if following else 0)
            if place < done:
                continue
            match = self._match(text, place, done, starts[following] if following < len(starts) else len(text))
            if not match:
                continue
            done_before, done = done, match.end()
            for start, end, fields in self.read(text, match):
                if start >= done_before:
                    yield start, end, fields
                    done_before = done = end

    def _match(self, text: str, place: int, done: int, limit: int) -> re.Match[str] | None:
        if text[place - 1 : place].isalpha() and text[place].isdigit() and self.measures.is_priced(text, place):
            return self.priced.match(text, place, limit)
        lead = self.lead.search(text, max(done, place - 24), place)
        match = self.pattern.match(text, lead.start(), limit) if lead else None
        match = match if match and match.end() > place else self.pattern.match(text, place, limit)
        return None if match and LETTER_IN_DISGUISE.search(match[0].strip(VULGAR)) else match

    def read(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield the numbers of one match."""
        form = match.lastgroup
        if form == "number":
            yield from self._number(text, match.start(), match.end())
        elif form == "ordinal":
            yield from self._ordinal(text, match)
        elif form == "part":
            yield from self._part(text, match)
        elif form == "halved":
            yield from self._halved(text, match)
        elif form == "many" and (
            many := self.amounts.many(match.start(), match[0], followed=text.startswith(" of ", match.end()))
        ):
            yield from self._measured(text, many)
        elif form == "fold":
            amount = self.amounts.read(text, match.start(), match.end() - 4 - (text[match.end() - 5] in " -"))
            if amount:
                start, modifier = self.measures.modifier(text, match.start(), lasts=False)
                yield start, match.end(), _fields("quantity", amount.value, modifier, "times")
        elif form in ("code", "roman"):
            yield from self._code(text, match)

    def _code(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield a label of letters and digits ("F-16"), or of a known noun and a Roman numeral ("Chapter VII")."""
        if match.lastgroup == "roman":
            label = self.labels.before(text, match.start())
            if label and label[1]:
                what = text[label[0] : match.end()]
                yield label[0], match.end(), _fields("identifier", roman_value(match[0]), what=what)
        elif IS_CODE.match(match[0]) and not self.labels.is_no_code(text, match.start(), match.end()):
            digits = re.findall(r"\d+", match[0])
            yield *match.span(), _fields("identifier", int(digits[0][:18]), what=match[0])

    def _ordinal(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        word, start = match[0].casefold(), match.start()
        digits = re.match(r"[\d,]+", word)
        value = int(digits[0].replace(",", "")[:18]) if digits else self._rank(word)
        best = SUPERLATIVE.match(text, match.end())
        end, unit = self.nouns.ranked(text, best.end() if best else match.end())
        what = self.topics.of(text, start, match.end(), end) if end > match.end() else ""
        if (digits or text[start].isupper()) and (body := self.labels.formation_end(text, match.end(), end)):
            yield start, body, _fields("identifier", value, what=text[start:body])
            return
        if not digits and not self.nouns.is_rank(text, start, match.end(), word):
            return
        if self.labels.is_name(text, start, match.end(), rank=True):
            return
        if text.startswith("-", end):
            end, unit = self.nouns.ranked_compound(text, end, word=not digits)
            if not unit and not digits:
                return
        if not unit and not digits and not self.nouns.is_bare_rank(text, start, end):
            return
        if self.calendar.match(text, match.end()) or unit in self.lexicon.weekdays:
            return
        unit = unit or self.nouns.of_what(text, end) or self.nouns.placing(text, start, end)
        yield start, end, _fields("ordinal", value, unit=unit, what=what)

    def _rank(self, word: str) -> int:
        *tens, last = re.split("[- ]", word)
        return sum(self.lexicon.numbers.cardinal[ten] for ten in tens) + self.lexicon.numbers.ordinal[last]

    def _part(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield a share: "two-thirds of", "half the", "one in four nurses", "3/4"; else the number it begins with."""
        share = self._share(text, match)
        if share is None and "/" in match[0]:
            label = self.labels.before(text, match.start())
            if label and label[1]:
                number = int(re.split("/", match[0])[0][:18])
                yield label[0], match.end(), _fields("identifier", number, what=text[label[0] : match.end()])
            return
        if share is None:
            rank = self.pattern.match(text, match.start() + len(match[0].split(" ")[0]) + 1)
            if rank and rank.lastgroup == "ordinal":
                yield from self._ordinal(text, rank)
            else:
                yield from self._number(text, match.start(), match.end())
            return
        start, modifier = self.measures.modifier(text, match.start(), lasts=False)
        end = match.end()
        if re.search(" (?:in|out of) ", match[0]):
            end = self.nouns.counted(text, end, single=False)[0]
        elif match[0].casefold() == "half" and not (modifier != "exact" or self.nouns.is_half(text, start, end)):
            return
        what = self.topics.of(text, start, match.end(), end)
        yield start, end, _fields("quantity", round(share, 4), modifier, "share", what)

    def _share(self, text: str, match: re.Match[str]) -> float | None:
        words, n = re.split("[ -]", match[0].casefold()), self.lexicon.numbers
        if "/" in match[0]:
            above, below = (int(part[:9]) for part in match[0].split("/"))
            fits = below <= 10 or text.startswith(" of", match.end())
        elif "in" in words or "of" in words:
            above, below = (n.cardinal.get(word) or int(word[:9]) for word in (words[0], words[-1]))
            fits = below <= 10 or below in (12, 20) or below % 50 == 0
            span = self.measures.unit(text, Amount(match.end(), match.end(), below))
            fits = fits and not (span and span.kind == "duration")
        else:
            above, below = n.cardinal.get(words[0], 1), n.part[words[-1]]
            modified = self.measures.modifier(text, match.start(), lasts=False)[1] != "exact"
            part = modified or self.nouns.is_part(text, match.start(), match.end())
            fits = words[0] not in ("a", "an") or (below != 2 and part)
        return above / below if fits and 0 < above < below else None

    def _halved(self, text: str, match: re.Match[str]) -> Iterator[Found]:
        """Yield "an hour and a half" and "half a year"."""
        article = HALF.match(match[0])
        value, lead = (0.5, article.end()) if article else (1.5, match[0].index(" "))
        measure = self.measures.unit(text, Amount(match.start(), match.start() + lead, value, worded=True))
        if not measure:
            return
        end = measure.end if article else match.end()
        start, modifier = self.measures.modifier(text, match.start(), lasts=measure.kind == "duration")
        what = self.topics.of(text, start, end, end)
        yield start, end, _fields(measure.kind, value, modifier, measure.unit, what)

    def _number(self, text: str, start: int, end: int) -> Iterator[Found]:
        amount = self.amounts.read(text, start, end)
        if amount and METRES.match(text, amount.end - 2, amount.end) and not self._is_million(text, amount):
            amount = self.amounts.read(text, start, amount.end - 1)
        if amount and text.startswith("-odd", amount.end):
            amount = replace(amount, end=amount.end + 4, vague=True)
        if amount and (ratio := RATIO.match(text, amount.end)):
            yield start, ratio.end(), _fields("quantity", amount.value, unit="ratio")
        elif amount:
            yield from self._measured(text, self.ranges.beginning(text, amount) or amount)

    def _is_million(self, text: str, amount: Amount) -> bool:
        """Tell "€2m" and "2m passengers" from the metres of "a 2m wall"."""
        if self.measures.currency(text, amount.start)[1]:
            return True
        end = self.nouns.counted(text, amount.end, single=False)[0]
        return self.measures.unit(text, amount) is not None or (text.startswith(" ", amount.end) and end > amount.end)

    def _measured(self, text: str, amount: Amount) -> Iterator[Found]:
        """Yield a cardinal with what stands round it: modifier, currency, unit or counted noun; or nothing."""
        if self._counts_nothing(text, amount):
            return
        start, currency = self.measures.currency(text, amount.start)
        measure = self._unit(text, amount, has_currency=bool(currency))
        label = None if currency else self._label(text, amount, measure)
        if label is not None:
            if label >= 0:
                yield from self._labelled(text, label, amount)
            return
        if amount.worded and self.labels.is_name(text, amount.start, amount.end, rank=False):
            return
        unit, kind, end = currency + measure.unit, measure.kind, measure.end
        end -= text[end - 1 : end] in ("'", "’") and not self.nouns.is_owner(text, start, end)
        first, value = self._signed(text, amount, start)
        start, end, modifier = self.measures.extent(text, amount, first, end, lasts=kind == "duration")
        if not unit and modifier != "exact" and amount.end < end:
            end, unit = self.nouns.counted(text, end, single=False)
        if not unit and self.labels.is_age(text, first, start, end, amount):
            unit, kind = "year", "duration"
        if modifier == "exact" and not unit and YEAR.fullmatch(text, start, end):
            return
        if amount.worded and not self._word_counts(text, amount, measure, modifier):
            return
        whole = "" if unit else self.nouns.of_what(text, end)
        what = whole or self.topics.of(text, start, amount.end, end)
        yield start, end, _fields(kind, value, modifier, unit or whole, what)

    @staticmethod
    def _signed(text: str, amount: Amount, start: int) -> tuple[int, Value]:
        """Return where a number begins with its minus, and its value."""
        value = amount.value
        signed = text[start - 1 : start] in ("-", "−", "–") or text.endswith("inus ", 0, start)
        if not signed or amount.vague or isinstance(value, tuple):
            return start, value
        minus = MINUS.search(text, max(0, start - 16), start)
        return (minus.start(), -value) if minus and (not amount.worded or len(minus[0]) > 1) else (start, value)

    def _label(self, text: str, amount: Amount, measure: Measure) -> int | None:
        """Return where the label of a number begins; -1 for a part of a name ("Python 3.12"), None without one."""
        label = self.labels.before(text, amount.start)
        if not label or (amount.worded and not self.labels.fits_words(text, label, amount.start)):
            return None
        start, known = label
        if not known and measure.unit:
            return None
        if self.labels.is_dated(text, start, amount.start) and YEAR.fullmatch(text, amount.start, amount.end):
            return -1
        if isinstance(amount.value, tuple) and not known:
            return None
        if known or amount.worded:
            return start
        if not re.fullmatch(r"\d+(?:\.\d+)?", text[amount.start : amount.end]):
            return None
        whole = text[amount.start : amount.end].isdigit() and not YEAR.fullmatch(text, amount.start, amount.end)
        return start if whole else -1

    def _labelled(self, text: str, start: int, amount: Amount) -> Iterator[Found]:
        """Yield a label and the further numbers of its series: "Resolutions 822, 853, 874 and 884"."""
        yield start, amount.end, _fields("identifier", amount.value, what=text[start : amount.end])
        at = amount.end
        while (match := SERIES.match(text, at)) and not self.nouns.counted(text, match.end(), single=False)[1]:
            yield *match.span(1), _fields("identifier", int(match[1]))
            at = match.end()

    def _unit(self, text: str, amount: Amount, *, has_currency: bool) -> Measure:
        """Return where the unit or the counted noun ends, its name and the kind of number it makes."""
        if has_currency:
            end, rate = self.measures.rate(text, amount.end)
            return Measure(end, rate, "quantity")
        if measure := self.measures.measured(text, amount):
            return measure
        at = amount.end + (3 if amount.vague and text.startswith(" of ", amount.end) else 0)
        if hanging := HANGING.match(text, at):
            further = self.amounts.read(text, hanging.end(), min(len(text), hanging.end() + 60))
            measure = self._unit(text, further, has_currency=False) if further else None
            return Measure(at, measure.unit if measure else "", measure.kind if measure else "quantity")
        end, name = self.nouns.counted(text, at, single=amount.value == 1)
        if end == at:
            return Measure(*self.measures.per_rate(text, amount.end), "quantity")
        per, rate = self.measures.per_rate(text, end)
        return Measure(per, name + rate, "quantity")

    def _counts_nothing(self, text: str, amount: Amount) -> bool:
        """Tell whether a number numbers a page or an item, or is part of an address, a time or a word."""
        start, end = amount.start, amount.end
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        if self.labels.is_clock(text, amount) and not self.measures.currency(text, start)[1]:
            return not self.measures.unit(text, amount)
        if amount.worded:
            return before.endswith("-") and before[:1].isalpha()
        if self.labels.is_numeral(text, start, end) or self.labels.is_address(text, start, end):
            return True
        if self.measures.currency(text, start)[1]:
            return False
        glued = re.match(r"[A-Za-z_@]|['’]s", after) and not self.measures.unit(text, amount)
        abbreviated = before[-1:] in ("'", "’") and end - start == 2
        return bool(glued) or abbreviated or (before.endswith("-") and before[0].isalpha())

    def _word_counts(self, text: str, amount: Amount, measure: Measure, modifier: str) -> bool:
        """Tell a count ("one civilian", "one day") from the pronoun and the determiner ("one of the most")."""
        if amount.value == 0 and not measure.unit:
            return modifier != "exact" or text.endswith((" to ", " from ", " at "), 0, amount.start)
        if amount.value != 1 or modifier in ("at_least", "at_most", "less_than", "nearly"):
            return True
        if not measure.unit:
            return self.nouns.bare_one_counts(text, amount.start, amount.end)
        if self.measures.unit(text, amount):
            return not self.measures.is_adverbial(text, amount, measure)
        return self.nouns.one_counts(text, amount.start, measure.end, measure.unit)


def _fields(kind: str, value: Value, modifier: str = "exact", unit: str = "", what: str = "") -> dict[str, Any]:
    return {"kind": kind, "value": value, "modifier": modifier, "unit": unit, "what": what}
