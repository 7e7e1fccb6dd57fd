"""Where sentences end: one reading of stops for the marking of sentences and for the context of a place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from apparatus.entries import check_fields, read_entries, read_toml
from apparatus.errors import DataError
from apparatus.model import Document
from apparatus.paths import KNOWLEDGE

KEPT = 8  # documents whose sentences are remembered, because several kinds of span need them
FAR = 1500  # as much of a sentence as is looked at on either side: a text without stops must not cost more
LONGEST_ABBREVIATION = 12
MARKER = 16  # characters: the longest mark of an entry, "Article 112"

NOTE = r"(?:\[\w{1,7}\]|[⁰¹²³⁴-⁹]|(?<=[a-z][.!?])\d{1,3}(?=\s))"  # the number of a note, set after the stop
STOP = re.compile(
    rf"[.!?…][\"'”’»“«)\]]*{NOTE}*(?:\s?[”»])?"
    r"(?:\s+(?=(?:[^\w.!?…,;:]|\.\.\.|…){0,6}(\w))|(?<=[a-z][a-z][.!?])(?=([A-Z])))"
    r"|\n\n"
)
WORD = re.compile(r"\w+")
ENTRY_MARK = re.compile(
    r"\W*(?:(?:[A-Z][a-z]{1,5}\.|Article|Chapter|Part|Section) \d{1,3}|\d{1,2}|[A-Za-z]|[ivx]{1,5}|[IVX]{1,5})?\W*"
)
LETTERS = re.compile(r"(?:[^\W\d_]{1,2}\.)*[^\W\d_]\.?[^\W\d_]?")
NUMERAL = re.compile(r"\d|(?!I\b)[IVXLC]+\b")
SMALL_BEFORE_CAPITAL = re.compile(r"[a-z]{1,2}[-’']?[A-Z]")  # al-Hariri, iPhone
SET_IN = 150  # characters: the longest rest of a quotation whose stops do not break the sentence round it
GOES_ON = re.compile(rf"[^“”«»„\"\n]{{0,{SET_IN}}}(?:[”»]|(?<=\S)\") [a-z]")
SOURCE_BEHIND = re.compile(r"\([^()\n]{1,80}\)[.,;]")  # “It fell.” (Smith 1955).
SHORTEST = 20  # characters: where an hour stops before that, it begins an entry of a list
CLOSED = re.compile('["”’»“]')
ABBREVIATION = {"name": str, "ends": str, "words": [str], "examples": [str]}
REPORTING = {"name": str, "kind": str, "words": [str], "examples": [str]}
OPENS = re.compile(r"\w[^“”«»„\"]*[\s(][“«\"][^“”«»„\"]*$")


@dataclass(frozen=True)
class Abbreviation:
    """When the stop of an abbreviation ends a sentence all the same.

    `before` are words before which it does not, `after` words after which it does.
    """

    name: str
    ends: str
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True)
class Stops:
    """What `seeds/knowledge/abbreviations.toml` knows of stops."""

    abbreviations: dict[str, Abbreviation]
    opening: frozenset[str]
    attribution: re.Pattern[str]

    def find(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Yield the ends of sentences; the stop of an initial or a title ends none."""
        last = start
        for match in STOP.finditer(text, start, end):
            if self._ends(text, last, match):
                yield match
                last = match.end()

    def _ends(self, text: str, last: int, match: re.Match[str]) -> bool:
        """Tell whether a stop ends the sentence that began at `last`."""
        at, mark = match.start(), match[0]
        if "\n" in mark:
            return True
        if at - last < MARKER and ENTRY_MARK.fullmatch(text, last, at):
            return False
        next_at = match.start(1) if match[1] else match.end()
        if text[next_at].islower() and not SMALL_BEFORE_CAPITAL.match(text, next_at):
            return len(mark) == 2 and self._begins_small(text, at, next_at)
        if match[2] and not self._opens(text, next_at):
            return False
        if mark[0] == "." and text[at - 1] != ".":
            if not self._ends_word(text, last, match, next_at):
                return False
        elif CLOSED.search(mark) and self.attribution.match(text, next_at):
            return False
        if SOURCE_BEHIND.match(text, match.end()):
            return False
        return not _is_set_in(text, max(last, at - SET_IN), at, match.end())

    def _begins_small(self, text: str, at: int, next_at: int) -> bool:
        """Tell a sentence that was begun with a small letter by its first word and by a whole word before the stop."""
        before = text[max(0, at - 3) : at]
        if text[at] != "." or len(before) < 3 or not before.isalpha():
            return False
        word, first = self._word_before(text, 0, at), WORD.match(text, next_at)
        return word not in self.abbreviations and first is not None and first[0].capitalize() in self.opening

    def _opens(self, text: str, at: int) -> bool:
        """Tell a word that begins a sentence from the initial "I." or "A."."""
        word = WORD.match(text, at)
        return word is not None and word[0] in self.opening and text[word.end() : word.end() + 1] != "."

    def _ends_word(self, text: str, last: int, match: re.Match[str], next_at: int) -> bool:
        """Tell whether the stop after a word is more than the stop of an abbreviation."""
        if len(match[0]) > 2 and CLOSED.search(match[0]):
            return True
        word = self._word_before(text, last, match.start())
        known = self.abbreviations.get(word)
        if not known and len(word) > 1:
            known = self.abbreviations.get(word.lower() if word.istitle() else word.capitalize())
        if known:
            return self._ends_abbreviation(known, text, last, match, next_at)
        if len(word) == 1 and word.islower():
            return not text[next_at].isdigit()
        return not (LETTERS.fullmatch(word) and ("." in word or word.isupper())) or self._opens(text, next_at)

    @staticmethod
    def _word_before(text: str, last: int, at: int) -> str:
        if text[at - 1] == " ":  # "Mr . Hale", as machines translate
            at -= 1
        low = max(last, at - LONGEST_ABBREVIATION)
        return text[max(low, text.rfind(" ", low, at) + 1) : at].lstrip("([\"'“”‘’«„").rsplit("-")[-1]

    def _ends_abbreviation(self, known: Abbreviation, text: str, last: int, match: re.Match[str], next_at: int) -> bool:
        if known.ends == "not before a number":
            return not NUMERAL.match(text, next_at) and not match[0][1:2].isdigit()
        if known.ends == "not before":
            word = WORD.match(text, next_at)
            is_entry = match.start() - last <= SHORTEST and (text[last].isdigit() or not self._opens(text, next_at))
            return not is_entry and (word is None or word[0] not in known.before)
        if known.ends == "after":
            words = text[max(last, match.start() - 2 * LONGEST_ABBREVIATION) : match.start()].split()
            return len(words) > 1 and words[-2] in known.after
        return known.ends == "before an opening word" and self._opens(text, next_at)


def _is_set_in(text: str, low: int, at: int, after: int) -> bool:
    """Tell a stop inside a quotation round which a sentence goes on: he said “I won. We won!” and left."""
    if text.rfind('"', low, at) < 0 and text.rfind("“", low, at) < 0 and text.rfind("«", low, at) < 0:
        return False
    return bool(GOES_ON.match(text, after) and OPENS.search(text, low, at))


@cache
def load_stops(folder: Path = KNOWLEDGE) -> Stops:
    """Return what a folder knows of stops.

    Raises `DataError` for a word of two entries and for an example that is broken in two.
    """
    table = read_toml(folder / "abbreviations.toml")
    check_fields(table, "abbreviations.toml", {"opening": [str], "abbreviation": [dict]})
    for entry in table["abbreviation"]:
        where = f"abbreviations.toml, abbreviation {entry.get('name', '')!r}"
        check_fields(entry, where, ABBREVIATION, {"before": [str], "after": [str]})
    reporting = read_entries(folder / "reporting.toml", "word", REPORTING)
    verbs = [re.escape(word) for _, entry in reporting if entry["kind"] == "verb" for word in entry["words"]]
    name = rf"(?!(?:{'|'.join(table['opening'])})\b)(?:[A-Z][\w’'-]*\.? ){{1,5}}"
    known = Stops({}, frozenset(table["opening"]), re.compile(rf"{name}(?:{'|'.join(verbs)})\b"))
    for entry in table["abbreviation"]:
        before, after = (frozenset(entry.get(side, ())) for side in ("before", "after"))
        abbreviation = Abbreviation(entry["name"], entry["ends"], before, after)
        for word in entry["words"]:
            if known.abbreviations.setdefault(word, abbreviation) is not abbreviation:
                raise DataError(
                    f"abbreviations.toml, {entry['name']!r}: {word!r} belongs to {known.abbreviations[word].name!r} "
                    "already; keep it in one entry."
                )
    for entry in table["abbreviation"]:
        for example in entry["examples"]:
            if any(True for _ in known.find(example, 0, len(example))):
                raise DataError(
                    f"abbreviations.toml, {entry['name']!r} breaks its example {example!r}; mend one of them."
                )
    return known


def stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the ends of sentences: each match begins at the stop and ends where the next sentence begins."""
    return load_stops().find(text, start, end)


@lru_cache(maxsize=KEPT)
def sentences_of(doc: Document) -> Sentences:
    """Return the sentences of a document's view."""
    return Sentences(doc.view.text)


class Sentences:
    """The sentences of a text; every question after the first reading is a binary search."""

    def __init__(self, text: str) -> None:
        """Find the stops once."""
        self.starts = [0, *(match.end() for match in stops(text, 0, len(text)))]
        self.length = len(text)

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the intervals of the sentences between two places."""
        cuts = self.starts[bisect_right(self.starts, start) : bisect_left(self.starts, end)]
        yield from pairwise([start, *cuts, end])

    def at(self, place: int) -> tuple[int, int]:
        """Return the interval of the sentence that holds a place, or what of it is near."""
        index = bisect_right(self.starts, place) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self.length
        return max(self.starts[index], place - FAR), min(end, place + FAR)

    def before(self, place: int) -> tuple[int, int] | None:
        """Return the interval of the sentence before the one that holds a place."""
        start, _ = self.at(place)
        return self.at(start - 1) if start else None
