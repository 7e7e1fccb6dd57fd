"""What a row of the ledger is, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from apparatus.model import Span

AGREES, ROUNDS, DIFFERS = "agrees", "rounds", "differs"
IMPOSSIBLE, UNCHECKED = "impossible", "not recomputable"
VERDICTS = (IMPOSSIBLE, DIFFERS, ROUNDS, AGREES, UNCHECKED)
CAUSES = (
    "",
    "slip of the source",
    "slip of the translation",
    "dispute about facts",
    "different base or scope",
    "not decided",
)

RULES = {
    "said again": "one quantity is stated in several places: do the values agree?",
    "part of a total": "parts are named with their total: do they fit into it?",
    "names counted": "a count stands beside the names of what it counts: are there as many?",
    "numbers counted": "a count of documents stands against the numbers by which the documents are listed",
    "next in order": "an ordinal follows a count: is it the next number?",
    "share of a base": "a percentage and its base give a count",
    "change": "a difference stands beside the two values that it is of",
    "age": "an age stands with the date from which it counts",
    "rate": "two counts give a rate",
    "length of an event": "a length of time stands for an event: do its dates give that length?",
    "anniversary": "an anniversary is numbered: how many years lie between the event and the day of speaking?",
    "time counted back": "a length of time is counted back from a day: does it reach the event?",
    "time in office": "a length of time or a year is given for an office: do the dates of the tenure give it?",
    "two lengths of one period": "a length of time and a range of dates are given for one period",
    "two ranges of one period": "two ranges of dates are given for one period",
    "number and year": "a session or an edition is numbered and dated: does the series give that year?",
    "one day, two numbers": "two sessions of one series carry one day",
    "weekday": "a weekday stands with a date: does the calendar give it?",
    "order of time": "something is told that lies after the text's own date",
    "date of an event": "a text dates an event that a record dates too",
    "two dates for one event": "two passages that tell the same give different dates",
    "office held": "a person is named with an office at a time: was it held then?",
    "name of a body": "a body is named: is the name clear, and was it in use?",
    "two names for one act": "two passages tell one act of two bodies",
    "two spellings of one name": "a text spells one person's name in several ways",
    "no comparison": "nothing in the texts or the records bears on the number",
}

COUNTS = ("part of a total", "names counted", "numbers counted", "next in order")
ARITHMETIC = (*COUNTS, "share of a base", "rate", "change")
LENGTHS = (
    "length of an event",
    "anniversary",
    "age",
    "time counted back",
    "time in office",
    "two lengths of one period",
)
SERIES = ("two ranges of one period", "number and year", "one day, two numbers", "weekday")
RECORDED = ("number and year", "weekday", "date of an event", "office held", "name of a body")  # held against a record
NAMING = ("office held", "name of a body", "two names for one act", "two spellings of one name")

REASONS = {
    "a label": "the number is part of a name or a label; it counts nothing",
    "being first": "it says what came first; the texts do not list what came before",
    "refers back": "it points to what the text named before, and the names there do not make up the number",
    "an aim": "an aim or a forecast: the figure is of a time after the text",
    "base not stated": "a share whose base the texts do not state",
    "beginning or end not stated": "a length of time whose beginning or end the texts do not date",
    "derived": "follows from figures stated; the texts state nothing to hold it against",
    "stands alone": "stated once, and no other figure of the texts bears on it",
    "year not stated": "a numbered session or edition without a year beside it",
    "name fits two bodies": "the name fits more than one body",
}

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A row of the ledger: what is stated where, what it was held against, and how that came out.

    `given` and `against` are both sides as intervals in `unit`, so that they can be drawn; () where there is none.
    `cause`, `decision` and `decided` come from `seeds/readings/reconciliation.toml`, never from a rule.
    """

    rule: str
    stated: tuple[Span, ...]
    says: str
    verdict: str
    recomputed: str = ""
    difference: str = ""
    why: str = ""
    reason: str = ""
    unit: str = ""
    given: Range | tuple[()] = ()
    against: Range | tuple[()] = ()
    cause: str = ""
    decision: str = ""
    decided: str = ""

    @property
    def refs(self) -> frozenset[str]:
        """The addresses of the passages."""
        return frozenset(span.ref for span in self.stated)

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources whose passages the row holds, in the order of the passages."""
        return tuple(dict.fromkeys(span.source for span in self.stated))
