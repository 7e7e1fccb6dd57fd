"""The independent references beside the passages that they bear on: counted by relation, never added into a grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from apparatus.corpus import choose, load_corpus
from apparatus.knowledge import load_headings
from apparatus.model import Bearing, Document, Reference, Span
from apparatus.readings import RELATIONS, VERIFIED, load_references

SEEN = {"search": "seen in a search result", "general-knowledge": "not looked up"}
LATER = "After the documents"
TELLS_LATER = "tells of what came after it"
COUNTS = ["References", *(relation.capitalize() for relation in RELATIONS), LATER]


class Referenced(Protocol):
    """What has references: a theme's reading, or the records of all themes."""

    @property
    def corpus(self) -> Mapping[str, Document]: ...  # noqa: D102

    @property
    def references(self) -> list[Reference]: ...  # noqa: D102


@dataclass(frozen=True, eq=False, kw_only=True)
class Records:
    """The references that bear on some sources. `headings` has the title of each theme that they are filed under."""

    corpus: Mapping[str, Document]
    references: list[Reference]
    headings: Mapping[str, str]

    def label(self, source: str) -> str:
        """Return what readers call a source."""
        return self.corpus[source].source.label

    def labels(self, sources: Iterable[str]) -> list[str]:
        """Return what readers call some sources."""
        return [self.label(source) for source in sources]


@dataclass(frozen=True)
class Place:
    """A passage, and the references that bear on exactly these words, in the order of the file; with these alone."""

    passage: Span
    references: tuple[Reference, ...]

    @property
    def relations(self) -> set[str]:
        """The ways in which they bear on it."""
        return {one.relation for one in self.references}


def read_references(
    sources: Sequence[str] = (),
    *,
    themes: Sequence[str] = (),
    relations: Sequence[str] = (),
    later_records: bool = True,
) -> Records:
    """Return the references of some themes and relations, or of all, that bear on some sources, or on all.

    Without `later_records`, those of what came after the documents are left out.
    Raises `ValueError` for a source, theme or relation that does not exist.
    """
    headings = load_headings()
    for name, values, known in (("theme", themes, list(headings)), ("relation", relations, RELATIONS)):
        if unknown := [value for value in values if value not in known]:
            raise ValueError(f"there is no {name} {unknown[0]!r}; it is one of {', '.join(known)}")
    corpus = choose(load_corpus(), sources)
    chosen = [
        one
        for one in _bearing_as(load_references(corpus), relations or RELATIONS)
        if (not themes or one.theme in themes) and (later_records or not one.after_corpus)
    ]
    used = {one.theme for one in chosen}
    titles = {theme: title for theme, title in headings.items() if theme in (themes or used)}
    return Records(corpus=corpus, references=chosen, headings=titles)


def relating(records: Referenced, *relations: str) -> list[Reference]:
    """Return the references counted under one of some relations, with the passages that have it; later ones apart."""
    counted = (one for one in records.references if one.relation in relations and not one.after_corpus)
    return _bearing_as(counted, relations)


def _bearing_as(references: Iterable[Reference], relations: Sequence[str]) -> list[Reference]:
    """Return the references with only those of their passages that they bear on in one of some ways."""
    kept = ((one, tuple(place for place in one.passages if place.relation in relations)) for one in references)
    return [replace(one, passages=places) for one, places in kept if places]


def bearing_on(records: Referenced, source: str) -> list[Reference]:
    """Return the references that bear on a source, with only those of their passages that are of it."""
    kept = ((one, tuple(place for place in one.passages if place.source == source)) for one in records.references)
    return [replace(one, passages=places) for one, places in kept if places]


def later(records: Referenced) -> list[Reference]:
    """Return the references of what came after the documents."""
    return [one for one in records.references if one.after_corpus]


def passages_of(references: Iterable[Reference]) -> list[Span]:
    """Return the passages that some references bear on, each once."""
    return list({place.ref: place for one in references for place in one.passages}.values())


def places_of(records: Referenced, *, least: int = 1) -> list[Place]:
    """Return the passages that at least so many references bear on, in the order of the texts."""
    order = list(records.corpus)
    spans = sorted(passages_of(records.references), key=lambda span: (order.index(span.source), span.start, span.end))
    bearing: dict[str, list[Reference]] = {}
    for reference in records.references:
        for place in reference.passages:
            bearing.setdefault(place.ref, []).append(replace(reference, passages=(place,)))
    places = [Place(span, tuple(dict.fromkeys(bearing[span.ref]))) for span in spans]
    return [place for place in places if len(place.references) >= least]


def references_table(records: Referenced) -> pd.DataFrame:
    """Return a row per reference: the words it bears on, how, what it finds, who says so; later records last.

    A reference that bears in several ways, or was published after some of the texts only, has a row for each.
    """
    rows = [
        {
            "Words of the source": list(reference.passages),
            "Source": ", ".join(dict.fromkeys(records.corpus[one.source].source.label for one in reference.passages)),
            "The record": reference.relation,
            "What it says": reference.finding,
            "Reference": described(reference),
            "Later": "; ".join([*_later(reference), *[TELLS_LATER] * reference.after_corpus]),
        }
        for reference in sorted(_parted(records.references), key=lambda one: one.after_corpus)
    ]
    columns = ["Words of the source", "Source", "The record", "What it says", "Reference", "Later"]
    return pd.DataFrame(rows, columns=columns)


def _parted(references: Iterable[Reference]) -> list[Reference]:
    """Return the references, each once for every way in which it bears on words and is later than their text."""
    parts: list[Reference] = []
    for one in references:
        ways: dict[tuple[str, str], list[Bearing]] = {}
        for place in one.passages:
            ways.setdefault((place.relation, place.later), []).append(place)
        parts += [replace(one, passages=tuple(places)) for places in ways.values()]
    return parts


def _later(reference: Reference) -> list[str]:
    return [words for words in dict.fromkeys(place.later for place in reference.passages) if words]


def described(reference: Reference) -> list[object]:
    """Return a cell that names a record: organisation, title and date, its identifier, and how it was verified."""
    identifier = [f"{reference.identifier};"] if reference.identifier.strip("-") else []
    return [reference, *identifier, f"{SEEN[reference.verified]}."]


def passages_table(places: Iterable[Place], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per passage with all that bears on it; what came after the documents stands in a column apart."""
    columns = ["Source", "Words of the source", "References", "What the records say", LATER]
    rows = [
        {
            "Source": corpus[place.passage.source].source.label,
            "Words of the source": place.passage,
            "References": len(place.references),
            "What the records say": _said(one for one in place.references if not one.after_corpus),
            LATER: _said(one for one in place.references if one.after_corpus),
        }
        for place in places
    ]
    return pd.DataFrame(rows, columns=columns)


def _said(references: Iterable[Reference]) -> list[object]:
    return [part for one in references for part in _record(one)]


def _record(one: Reference) -> list[object]:
    return [f"▪ {', '.join([one.relation, *_later(one)])}: {one.finding}", *described(one)]


def balance_table(records: Records) -> pd.DataFrame:
    """Return a row per theme: its references by relation, those of what came after the documents counted apart.

    The counts say how many records were gathered and how they bear on single passages. They are no grade of a theme
    or a source: what was gathered is no sample, and one record may weigh more than several.
    """
    themes = {
        title: [one for one in records.references if one.theme == theme] for theme, title in records.headings.items()
    }
    rows = [{"Theme": title, **_counts(found)} for title, found in themes.items()]
    return pd.DataFrame(rows, columns=["Theme", *COUNTS])


def sources_table(records: Referenced) -> pd.DataFrame:
    """Return a row per source: the passages with a reference, and the references by relation.

    A reference that bears on several sources counts in each of them, as it bears on that source's words.
    """
    rows = []
    for source, doc in records.corpus.items():
        found = bearing_on(records, source)
        rows.append({"Source": doc.source.label, "Passages": len(passages_of(found)), **_counts(found)})
    return pd.DataFrame(rows, columns=["Source", "Passages", *COUNTS])


def _counts(references: Sequence[Reference]) -> dict[str, int]:
    before = [one.relation for one in references if not one.after_corpus]
    by_relation = {relation.capitalize(): before.count(relation) for relation in RELATIONS}
    return {"References": len(references), **by_relation, LATER: len(references) - len(before)}


def verified_table(records: Referenced) -> pd.DataFrame:
    """Return a row per way in which records were verified, with the number of references."""
    ways = [one.verified for one in records.references]
    rows = [{"How it was verified": words, "References": ways.count(way)} for way, words in VERIFIED.items()]
    return pd.DataFrame(rows)
