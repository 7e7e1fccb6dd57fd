"""The words by which numbers, dates, quotations and names are recognised: `seeds/knowledge`, checked and frozen."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apparatus.entries import Shape, read_entries, read_words
from apparatus.errors import DataError

WORD_FIELDS = ("words", "before", "after", "cardinal", "ordinal", "magnitude", "short", "many", "part")
FIELDS: dict[str, Shape] = {
    **dict.fromkeys(("name", "kind", "about", "day", "holder"), str),
    **{key: [str] for key in (*WORD_FIELDS, "examples", "also", "found", "near", "but_near")},
    **dict.fromkeys(("value", "most", "easter", "since", "until"), int),
    **dict.fromkeys(("one", "ambiguous"), bool),
}
NEEDED = {  # besides a name and examples; `words` unless the file has them under other fields
    "number-words.toml": ("value",),
    "units.toml": ("words", "kind"),
    "months.toml": ("words", "value"),
    "weekdays.toml": ("words", "value"),
    "seasons.toml": ("words", "value"),
    "reporting.toml": ("words", "kind"),
    "first-names.toml": ("words", "before"),
    "offices.toml": ("words", "holder"),
}
COLUMNS = ["entity", "kind", "name", "note"]
ORDER = {  # the order in which a person finds an entry: by name, unless the file says otherwise
    "number-words.toml": ("value", "name"),
    "units.toml": ("kind", "name"),
    "months.toml": ("value",),
    "weekdays.toml": ("value",),
    "seasons.toml": ("value",),
    "reporting.toml": ("kind", "name"),
}


@dataclass(frozen=True)
class Unit:
    """What a number counts or measures. `kind`: count currency duration measure. `one`: with it even "one" counts."""

    name: str
    kind: str
    one: bool = False


@dataclass(frozen=True)
class NumberWords:
    """The value of each number word. `many` and its like are intervals, `part` holds divisors."""

    cardinal: dict[str, int]
    ordinal: dict[str, int]
    magnitude: dict[str, int]
    short: dict[str, int]
    many: dict[str, tuple[int, int]]
    part: dict[str, int]

    def rank(self, word: str) -> int:
        """Return the rank that an ordinal in digits or words tells ("21", "twenty-first"), or 0."""
        tens, _, unit = word.lower().rpartition("-")
        return int(word) if word.isdigit() else self.ordinal.get(unit, 0) + self.cardinal.get(tens, 0)


@dataclass(frozen=True)
class Office:
    """An office that names its holder: "President of Azerbaijan". `since` and `until` are years, 0 for open."""

    holder: str
    since: int
    until: int


@dataclass(frozen=True)
class Name:
    """One spelling of the gazetteer."""

    entity: str
    kind: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Homonym:
    """What else a name of the gazetteer names: `also` says of what sort, `near` beside which words."""

    also: tuple[str, ...]
    near: tuple[str, ...]
    but_near: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Units, modifiers, number words, months, reporting words, titles and the gazetteer."""

    numbers: NumberWords
    modifiers: dict[str, str]
    modifiers_after: dict[str, str]
    units: dict[str, Unit]
    currencies: dict[str, str]
    months: dict[str, int]
    ambiguous_months: frozenset[str]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    feasts: dict[str, str | int]  # "12-26", or days from Easter Sunday
    grammar: dict[str, frozenset[str]]
    reporting: dict[str, dict[str, str]]
    titles: dict[str, frozenset[str]]
    first_names: dict[str, str]
    gendered: dict[str, str]
    offices: dict[str, tuple[Office, ...]]
    names: tuple[Name, ...]
    homonyms: dict[str, Homonym]

    @cached_property
    def title_words(self) -> frozenset[str]:
        """Every word that stands in a title."""
        return frozenset(part for words in self.titles.values() for word in words for part in word.split())

    @cached_property
    def common_words(self) -> frozenset[str]:
        """Every capitalised word that is in no name: titles, months, days, seasons, what begins a sentence."""
        calendar = (*self.months, *self.weekdays, *self.seasons)
        words = {word.capitalize() for word in (*self.grammar["function"], *calendar)}
        return frozenset(word for word in words | self.grammar["no_name"] | self.title_words if word[:1].isupper())

    @cached_property
    def adjective_words(self) -> frozenset[str]:
        """Every name of a people: what may stand before a surname without being a first name."""
        return frozenset(name.name for name in self.names if name.kind == "people")

    @cached_property
    def places(self) -> frozenset[str]:
        """Every name of a place or country that is one word."""
        return frozenset(name.name for name in self.names if name.kind in ("place", "country") and " " not in name.name)

    @cached_property
    def listed(self) -> dict[str, Name]:
        """Every spelling of the gazetteer."""
        return {name.name: name for name in self.names}

    @cached_property
    def person_words(self) -> frozenset[str]:
        """Every word of the names of persons."""
        return frozenset(word for name in self.names if name.kind == "person" for word in name.name.split())

    @cached_property
    def stems(self) -> dict[str, set[str]]:
        """The stems of all words by which each entity is named."""
        words: dict[str, set[str]] = {}
        for name in self.names:
            words.setdefault(name.entity, set()).update(stems(re.split("[ -]", name.name)))
        return words

    @cached_property
    def month_names(self) -> frozenset[str]:
        """The names of the months in full and in lower case."""
        return frozenset(max((word for word in self.months if self.months[word] == of), key=len) for of in range(1, 13))

    @cached_property
    def adjectives(self) -> dict[str, str]:
        """The adjective of each country, as the gazetteer's row of its people notes it."""
        return {name.note: name.name for name in self.names if name.kind == "people" and name.note}


def alternatives(words: Iterable[str]) -> str:
    """Return the regular expression for any of the words, the longest first; without words, one that finds nothing.

    >>> alternatives(["Jan", "Jan."])
    '(?:Jan\\\\.|Jan)'
    """
    escaped = [re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))]
    return f"(?:{'|'.join(escaped)})" if escaped else "(?!)"


def stems(words: Iterable[str]) -> set[str]:
    """Return the beginnings of words, by which the spellings of one word are alike.

    >>> sorted(stems(["Organisation", "Organization", "Court"]))
    ['court', 'organ']
    """
    return {word[:5].lower() for word in words}


def load_lexicon(folder: Path) -> Lexicon:
    """Return the lexicon of a folder. Raises `DataError` where an entry does not match its own examples."""
    numbers = _entries(folder / "number-words.toml", "number")
    units = _entries(folder / "units.toml", "unit")
    modifiers = _entries(folder / "modifiers.toml", "modifier")
    months = _entries(folder / "months.toml", "month")
    titles = _entries(folder / "titles.toml", "title")
    genders = _entries(folder / "first-names.toml", "gender")
    reporting: dict[str, dict[str, str]] = {}
    for entry in _entries(folder / "reporting.toml", "word"):
        reporting.setdefault(entry["kind"], {}).update(dict.fromkeys(entry["words"], entry["name"]))
    return Lexicon(
        numbers=_number_words(numbers),
        modifiers={word: entry["name"] for entry in modifiers for word in entry["words"]},
        modifiers_after={word: entry["name"] for entry in modifiers for word in entry.get("after", [])},
        units={w: Unit(e["name"], e["kind"], e.get("one", False)) for e in units for w in e["words"]},
        currencies={word: entry["name"] for entry in units for word in entry.get("before", [])},
        months=_values(months),
        ambiguous_months=frozenset(entry["name"].lower() for entry in months if entry.get("ambiguous")),
        weekdays=_values(_entries(folder / "weekdays.toml", "weekday")),
        seasons=_values(_entries(folder / "seasons.toml", "season")),
        feasts=_feasts(folder / "feasts.toml"),
        grammar=_grammar(folder / "grammar.toml"),
        reporting=reporting,
        titles={entry["name"]: frozenset(entry["words"]) for entry in titles},
        first_names={word: entry["name"] for entry in genders for word in entry["words"]},
        gendered={word: entry["name"] for entry in genders for word in entry["before"]},
        offices=_offices(folder / "offices.toml"),
        names=tuple(_names(folder / "gazetteer.csv")),
        homonyms=_homonyms(folder / "homonyms.toml"),
    )


def _number_words(entries: list[dict[str, Any]]) -> NumberWords:
    def of(field: str) -> dict[str, Any]:
        return {word: entry["value"] for entry in entries for word in entry.get(field, [])}

    for entry in entries:
        if "many" in entry and "most" not in entry:
            raise DataError(f"number-words.toml, number {entry['name']!r}: the field 'most' is missing; add it.")
    many = {word: (entry["value"], entry["most"]) for entry in entries for word in entry.get("many", [])}
    return NumberWords(of("cardinal"), of("ordinal"), of("magnitude"), of("short"), many, of("part"))


def _values(entries: list[dict[str, Any]]) -> dict[str, int]:
    return {word.lower(): entry["value"] for entry in entries for word in entry["words"]}


def _feasts(path: Path) -> dict[str, str | int]:
    entries = _entries(path, "feast")
    for entry in entries:
        if ("day" in entry) == ("easter" in entry):
            raise DataError(f"{path.name}, feast {entry['name']!r}: give its day, or else its days from Easter.")
    return {word: entry["day" if "day" in entry else "easter"] for entry in entries for word in entry["words"]}


def _grammar(path: Path) -> dict[str, frozenset[str]]:
    return {entry["name"]: frozenset(entry["words"]) for entry in _entries(path, "class", shadows=True)}


def _homonyms(path: Path) -> dict[str, Homonym]:
    return {
        word: Homonym(*(tuple(entry.get(field, ())) for field in ("also", "near", "but_near")))
        for entry in _entries(path, "homonym")
        for word in entry["words"]
    }


def _offices(path: Path) -> dict[str, tuple[Office, ...]]:
    offices: dict[str, tuple[Office, ...]] = {}
    for entry in _entries(path, "office", shadows=True):
        office = Office(entry["holder"], entry.get("since", 0), entry.get("until", 0))
        for word in entry["words"]:
            offices[word] = (*offices.get(word, ()), office)
    return offices


def _entries(path: Path, key: str, *, shadows: bool = False) -> list[dict[str, Any]]:
    """Return the entries of a file, once each is found to match its examples and none to repeat another's word."""
    needed = ("name", "examples", *NEEDED.get(path.name, ("words",)))
    entries: list[dict[str, Any]] = []
    owner: dict[tuple[str, str, str], str] = {}
    for where, entry in read_entries(path, key, {name: FIELDS[name] for name in needed}, FIELDS):
        entries.append(entry)
        if not entry["examples"]:
            raise DataError(f"{where}: at least one example is needed; add it.")
        pattern = _pattern(entry)
        for example in entry["examples"]:
            if not pattern.search(example):
                raise DataError(f"{where} does not match its example {example!r}; mend one of them.")
        for field, word in _words(entry):
            first = owner.setdefault((field, entry["kind"] if key == "word" else "", word), entry["name"])
            if first != entry["name"] and not shadows:
                raise DataError(f"{where}: {word!r} belongs to {first!r} already; keep it in one entry.")
        unsorted = [field for field in WORD_FIELDS if entry.get(field, []) != sorted(entry.get(field, []))]
        if unsorted and path.name not in ("months.toml", "weekdays.toml"):
            raise DataError(f"{where}: {unsorted[0]} are not in order; sort them.")
    _check_order(path, entries)
    return entries


def _words(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in WORD_FIELDS:
        for word in entry.get(field, []):
            yield field, word


def _pattern(entry: dict[str, Any]) -> re.Pattern[str]:
    """Return what finds any word of an entry, not inside another word; digits may touch it ("5bn", "$5")."""
    return re.compile(rf"(?<![^\W\d]){alternatives(word for _, word in _words(entry))}(?![^\W\d])")


def _check_order(path: Path, entries: list[dict[str, Any]]) -> None:
    keys = [tuple(entry[field] for field in ORDER.get(path.name, ("name",))) for entry in entries]
    for before, after in itertools.pairwise(keys):
        if before > after:
            raise DataError(f"{path.name}: {after[-1]!r} stands after {before[-1]!r}; keep the entries in order.")


def _names(path: Path) -> Iterator[Name]:
    """Yield the spellings of the gazetteer. Raises `DataError` for a spelling of two entities, or rows out of order."""
    rows = list(csv.DictReader(read_words(path).split("\n")))
    for number, row in enumerate(rows, start=2):
        if list(row) != COLUMNS or None in row.values() or not (row["entity"] and row["kind"] and row["name"]):
            raise DataError(f"{path.name}, row {number}: give it {', '.join(COLUMNS)}; only the note may be empty.")
    owner: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for row in rows:
        where = f"{path.name}, {row['name']!r}"
        if owner.setdefault(row["name"], row["entity"]) != row["entity"]:
            raise DataError(f"{where} names {owner[row['name']]!r} and {row['entity']!r}; keep one.")
        if kinds.setdefault(row["entity"], row["kind"]) != row["kind"]:
            raise DataError(f"{where}: {row['entity']!r} is a {kinds[row['entity']]} elsewhere; give it one kind.")
        yield Name(row["entity"], row["kind"], row["name"], row["note"])
    order = [(row["kind"], row["entity"], row["name"]) for row in rows]
    for before, after in itertools.pairwise(order):
        if before >= after:
            raise DataError(f"{path.name}: {after[2]!r} stands after {before[2]!r}; sort by kind, entity, name.")
