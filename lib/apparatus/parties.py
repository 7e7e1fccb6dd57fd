"""For whom somebody speaks, and the groups of people who have no name of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from apparatus.edtf_days import days
from apparatus.entries import check_edtf, near, read_entries
from apparatus.errors import DataError
from apparatus.extract.phrases import mark_all
from apparatus.lexicon import Lexicon
from apparatus.model import Document, Span
from apparatus.paths import KNOWLEDGE

NAMED = ("person", "body", "state", "name")  # kinds of speakers who are told by name
CAPITAL = re.compile(r".+ \((?P<country>.+)\)")  # "Baku (Azerbaijan)": a capital that stands for its government
PARTY = {
    **dict.fromkeys(("name", "source", "why"), str),
    "bodies": [str],
    "persons": [{"name": str, "office": str, "held": str}],
}
GROUP = {"name": str, "words": [str], "examples": [str], "why": str}
HEAD = re.compile(r" (?:of|in|from|at|for|with|to|close|familiar|on|by|who|that) ")


@dataclass(frozen=True)
class Speaker:
    """Who speaks. `kind`: person, body, state, name (one not in the gazetteer), phrase ("analysts"), nobody.

    `party` is for whom: a state or body of seeds/knowledge/parties.toml, or the body itself; "" for nobody on file.
    `former`: the text was issued after the last office on file was left.
    """

    name: str
    kind: str
    entities: tuple[str, ...] = ()
    party: str = ""
    former: bool = False

    @property
    def named(self) -> bool:
        """Whether the text tells a name, and not a phrase or nobody."""
        return self.kind in NAMED


@dataclass(frozen=True)
class Office:
    """On whose behalf a person speaks, in which office, from when to when (EDTF)."""

    person: str
    party: str
    office: str
    held: str


@dataclass(frozen=True)
class Group:
    """People without a name of their own: residents, displaced people, soldiers."""

    name: str
    pattern: re.Pattern[str]
    why: str


@dataclass(frozen=True, eq=False)
class Parties:
    """Who speaks for whom: bodies and office-holders by their names in the gazetteer."""

    lexicon: Lexicon
    bodies: dict[str, str]
    offices: dict[str, Office]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each entity of the gazetteer."""
        return {name.entity: name.kind for name in self.lexicon.names}

    @cached_property
    def countries(self) -> dict[str, str]:
        """The country of each people."""
        return {name.entity: name.note for name in self.lexicon.names if name.kind == "people" and name.note}

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of every party there can be: those with an entry come first, then other countries and bodies."""
        entered = {*self.bodies.values(), *(office.party for office in self.offices.values())}
        others = {entity for entity, kind in self.kinds.items() if kind in ("country", "body")} - entered
        return {party: at for at, party in enumerate([*sorted(entered), *sorted(others)])}

    def of(self, entity: str) -> str:
        """Return the party that an entity belongs to: a country for its people, office-holders and bodies.

        A body without an entry is a party of its own; a person without one, a place or an event has none: "".
        """
        if entity in self.offices:
            return self.offices[entity].party
        if entity in self.bodies or entity in self.countries:
            return self.bodies.get(entity) or self.countries[entity]
        return entity if self.kinds.get(entity) in ("country", "body") else ""

    def speaker(self, name: str, *, issued: str = "") -> Speaker:
        """Return who a speaker's name is: an entity of the gazetteer, another name, a phrase, or nobody."""
        capital = CAPITAL.fullmatch(name)
        if capital and self.kinds.get(capital["country"]) == "country":
            return Speaker(name, "state", (capital["country"],), capital["country"])
        parts = [name] if name in self.kinds else name.split(" and ")
        if name and all(part in self.kinds for part in parts):
            kinds = {"country": "state", "place": "state", "people": "phrase"}
            found = {self.of(part) for part in parts}
            former = all(self._is_former(part, issued) for part in parts)
            kind = kinds.get(self.kinds[parts[0]], self.kinds[parts[0]])
            return Speaker(name, kind, tuple(parts), found.pop() if len(found) == 1 else "", former)
        head = HEAD.split(name)[0].split()
        return Speaker(name, "nobody" if not name else "name" if head and head[-1][:1].isupper() else "phrase")

    def _is_former(self, entity: str, issued: str) -> bool:
        held = self.offices[entity].held if entity in self.offices else ""
        if not issued or not held or held.endswith("/.."):
            return False
        return days(held)[1] < days(issued)[0]


def load_parties(lexicon: Lexicon, path: Path = KNOWLEDGE / "parties.toml") -> Parties:
    """Return who speaks for whom. Raises `DataError` for a name that is not in the gazetteer or stands twice."""
    kinds = {name.entity: name.kind for name in lexicon.names}
    bodies: dict[str, str] = {}
    offices: dict[str, Office] = {}
    for where, entry in read_entries(path, "party", PARTY):
        _check_kind(entry["name"], ("country", "body"), kinds, where)
        for body in entry["bodies"]:
            _check_kind(body, ("body",), kinds, where)
            _check_new(body, bodies, where)
            bodies[body] = entry["name"]
        for person in entry["persons"]:
            _check_kind(person["name"], ("person",), kinds, where)
            _check_new(person["name"], offices, where)
            check_edtf(person["held"], f"{where}, {person['name']}")
            offices[person["name"]] = Office(person["name"], entry["name"], person["office"], person["held"])
    return Parties(lexicon, bodies, offices)


def _check_kind(entity: str, wanted: tuple[str, ...], kinds: dict[str, str], where: str) -> None:
    if kinds.get(entity) not in wanted:
        said = f"is a {kinds[entity]}" if entity in kinds else f"is not in the gazetteer{near(entity, kinds)[:80]}"
        raise DataError(f"{where}: {entity!r} {said}; give the gazetteer's name of a {' or '.join(wanted)}.")


def _check_new(entity: str, seen: dict[str, Any], where: str) -> None:
    if entity in seen:
        raise DataError(f"{where}: {entity!r} stands twice; give each one party.")


def load_groups(path: Path = KNOWLEDGE / "groups.toml") -> list[Group]:
    """Return the groups of people. Raises `DataError` where an entry does not find its examples, or finds its `not`."""
    groups = []
    for where, entry in read_entries(path, "group", GROUP, {"not": [str]}):
        try:
            pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(entry['words'])})(?!\w)", re.IGNORECASE)
        except re.error as error:
            raise DataError(f"{where}: {error} in a regular expression; mend it.") from None
        for example in entry["examples"]:
            if not pattern.search(example):
                raise DataError(f"{where}: it does not find its example {example!r}; mend one of them.")
        if wrong := [example for example in entry.get("not", []) if pattern.search(example)]:
            raise DataError(f"{where}: it finds {wrong[0]!r}, which it should not; mend one of them.")
        groups.append(Group(entry["name"], pattern, entry["why"]))
    return groups


def find_group(doc: Document, group: Group, *zones: str) -> list[Span]:
    """Return where a document writes of a group, in reading order."""
    paragraphs = doc.paragraphs(*zones)
    matches = (match for start, end, _ in paragraphs for match in group.pattern.finditer(doc.view.text, start, end))
    return mark_all(doc, Span, [(*match.span(), {}) for match in matches])
