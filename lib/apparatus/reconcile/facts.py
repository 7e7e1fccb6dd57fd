"""What is known that texts can be held against: `seeds/knowledge`, checked and frozen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apparatus.entries import Shape, check_edtf, read_entries
from apparatus.errors import DataError
from apparatus.events import FIELDS as EVENT
from apparatus.events import OPTIONAL as BESIDE_EVENT
from apparatus.paths import KNOWLEDGE

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Series:
    """Numbered sessions or editions and their years. `labels` find the number inside a label ("COP29")."""

    name: str
    words: Pattern
    labels: Pattern | None
    beside: Pattern | None
    first: tuple[tuple[int, int], ...]
    every: int
    opens: str
    closes: str
    source: str
    tests: tuple[tuple[str, str], ...]

    def year(self, number: int) -> int | None:
        """Return the year of a session or edition, or None where the series does not give it."""
        anchors = [pair for pair in self.first if pair[0] <= number]
        if not anchors:
            return None
        start, year = anchors[-1]
        return year + (number - start) * self.every if self.every or number == start else None

    def when(self, number: int) -> str:
        """Return the time of a session or edition in EDTF, or ""."""
        year = self.year(number)
        if year is None:
            return ""
        return f"{year}-{self.opens}/{year + 1}-{self.closes}" if self.opens else str(year)


@dataclass(frozen=True)
class Dated:
    """An event or a treaty that a record dates. `stages` are other dates at which a text may rightly put it."""

    name: str
    entity: str
    words: Pattern | None
    when: str
    stages: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Office:
    """An office as it stands beside a name, and who held it when."""

    name: str
    words: Pattern
    held: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Ratio:
    """A share of a base, or a rate of two counts: `one` is the share or what is divided, `other` the base."""

    kind: str
    name: str
    one: Pattern
    other: Pattern
    part: Pattern | None


@dataclass(frozen=True)
class BodyName:
    """A name of a body that is unclear, or was in use only for a time."""

    kind: str
    name: str
    words: Pattern
    since: str
    until: str
    fits: tuple[str, ...]
    source: str
    why: str

    @property
    def other(self) -> str:
        """The other names, in words."""
        return " or ".join(self.fits)


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that texts are held against beside each other. `cues` and `acts` are words, by what they say."""

    cues: Mapping[str, Pattern]
    acts: Mapping[str, Pattern]
    series: tuple[Series, ...]
    dated: tuple[Dated, ...]
    offices: tuple[Office, ...]
    ratios: tuple[Ratio, ...]
    bodies: tuple[BodyName, ...]


def load_facts(folder: Path = KNOWLEDGE) -> Facts:
    """Return what a folder knows to hold texts against. Raises `DataError` where an entry misses its own example."""
    words = _entries(folder / "comparing.toml", "class", ("words", "why"))
    events = _events(folder)
    return Facts(
        {one["name"]: any_of(one["words"]) for one in words if one["kind"] == "cue"},
        {one["name"]: any_of(one["words"]) for one in words if one["kind"] == "act"},
        tuple(map(_series, _entries(folder / "series.toml", "series", ("words", "first", "every", "source", "why")))),
        tuple(_dated(entry, events) for entry in _entries(folder / "dated.toml", "dated", ())),
        tuple(map(_office, _entries(folder / "offices-held.toml", "office", ("words", "held", "source")))),
        tuple(map(_ratio, _entries(folder / "ratios.toml", "ratio", ("why",)))),
        tuple(map(_body, _entries(folder / "confusable.toml", "name", ("words", "source", "why")))),
    )


@cache
def the_facts() -> Facts:
    """Return what `seeds/knowledge` knows to hold texts against, read once."""
    return load_facts()


def any_of(words: Iterable[str]) -> Pattern:
    """Return what finds any of some regular expressions at word edges, without regard to capitals."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(words, key=lambda one: (-len(one), one)))})(?![^\W_])", re.I)


FIELDS: dict[str, Shape] = {
    **dict.fromkeys(("name", "kind", "source", "why", "opens", "closes", "entity", "event", "when"), str),
    **dict.fromkeys(("since", "until", "before", "after"), str),
    **{
        key: [str]
        for key in ("words", "labels", "beside", "share", "base", "part", "over", "under", "fits", "examples")
    },
    "first": [(int, int)],
    "also": [(int, int)],
    "stages": [(str, str)],
    "every": int,
    "tests": [{"text": str, "verdict": str}],
    "held": [{"person": str, "when": str}],
}
ORDER = {"comparing.toml", "ratios.toml", "confusable.toml"}  # sorted by kind, then name


def _entries(path: Path, key: str, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the entries of a file, once each has its fields, its place in the order, and matches its examples."""
    named = ("name", "kind", *needed) if path.name in ORDER else ("name", *needed)
    entries: list[dict[str, Any]] = []
    before: tuple[str, ...] = ()
    for where, entry in read_entries(path, key, {name: FIELDS[name] for name in named}, FIELDS):
        entries.append(entry)
        place = (entry["kind"], entry["name"]) if path.name in ORDER else (entry["name"],)
        if place < before:
            raise DataError(f"{path.name}: {place[-1]!r} stands after {before[-1]!r}; keep the entries in order.")
        before = place
        words = [word for field in ("words", "share", "base", "over", "under") for word in entry.get(field, ())]
        _check(words, entry.get("examples", ()), where)
    return entries


def _check(words: list[str], examples: Iterable[str], where: str) -> None:
    try:
        pattern = any_of(words)
    except re.error as error:
        raise DataError(f"{where}: its words are no regular expression ({error}); mend them.") from None
    for example in examples:
        if words and not pattern.search(example):
            raise DataError(f"{where} does not match its example {example!r}; mend one of them.")


def _optional(entry: Mapping[str, Any], field: str) -> Pattern | None:
    return any_of(entry[field]) if entry.get(field) else None


def _series(entry: dict[str, Any]) -> Series:
    pairs = sorted((int(number), int(year)) for number, year in [*entry["first"], *entry.get("also", ())])
    labels = [label.replace("{n}", r"(?P<n>\d{1,3})") for label in entry.get("labels", ())]
    return Series(
        entry["name"],
        any_of(entry["words"]),
        any_of(labels) if labels else None,
        _optional(entry, "beside"),
        tuple(pairs),
        entry["every"],
        entry.get("opens", ""),
        entry.get("closes", ""),
        entry["source"],
        tuple((test["text"], test["verdict"]) for test in entry.get("tests", ())),
    )


def _events(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the date and its source of each event of the timeline, by its id."""
    entries = (entry for _, entry in read_entries(folder / "events.toml", "event", EVENT, BESIDE_EVENT))
    return {one["id"]: (one["when"], one["source"]) for one in entries}


def _dated(entry: dict[str, Any], events: Mapping[str, tuple[str, str]]) -> Dated:
    where = f"dated.toml, dated {entry['name']!r}"
    if ("event" in entry) == ("when" in entry) or ("when" in entry) != ("source" in entry):
        raise DataError(f"{where}: give the `event` of events.toml, or else `when` and `source`.")
    if entry.get("event", "") not in ("", *events):
        raise DataError(f"{where}: events.toml has no event {entry['event']!r}; give the id of one.")
    when, source = events[entry["event"]] if "event" in entry else (entry["when"], entry["source"])
    stages = tuple((day, what) for day, what in entry.get("stages", ()))
    for date in (when, *(day for day, _ in stages)):
        check_edtf(date, where)
    if not (entry.get("entity") or entry.get("words")):
        raise DataError(f"{where}: give its `entity` or the `words` that find it.")
    return Dated(entry["name"], entry.get("entity", ""), _optional(entry, "words"), when, stages, source)


def _office(entry: dict[str, Any]) -> Office:
    held = tuple((one["person"], one["when"]) for one in entry["held"])
    for _, when in held:
        check_edtf(when, f"offices-held.toml, office {entry['name']!r}")
    return Office(entry["name"], any_of(entry["words"]), held, entry["source"])


def _ratio(entry: dict[str, Any]) -> Ratio:
    names = ("share", "base") if entry["kind"] == "share" else ("over", "under")
    if missing := [name for name in names if not entry.get(name)]:
        raise DataError(f"ratios.toml, ratio {entry['name']!r}: the field {missing[0]!r} is missing; add it.")
    one, other = (any_of(entry[name]) for name in names)
    return Ratio(entry["kind"], entry["name"], one, other, _optional(entry, "part"))


def _body(entry: dict[str, Any]) -> BodyName:
    fits = tuple(one for one in (entry.get("before"), entry.get("after"), *entry.get("fits", ())) if one)
    since, until = entry.get("since", ""), entry.get("until", "")
    for date in (since, until):
        check_edtf(date, f"confusable.toml, name {entry['name']!r}")
    return BodyName(
        entry["kind"], entry["name"], any_of(entry["words"]), since, until, fits, entry["source"], entry["why"]
    )
