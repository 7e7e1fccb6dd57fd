"""Everything that a run reads, read and held against everything else: a fault is told before anything is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apparatus.corpus import load_catalog, load_corpus
from apparatus.entries import read_jsonl, read_toml
from apparatus.errors import DataError
from apparatus.evaluate import GOLD, load_coverage
from apparatus.events import load_events
from apparatus.extract.terms import check_contrasts
from apparatus.knowledge import load_knowledge
from apparatus.marked import KINDS, load_marked, load_peers
from apparatus.model import Document
from apparatus.parties import load_groups, load_parties
from apparatus.paths import KNOWLEDGE, READINGS, TEXTS
from apparatus.plan import load_plan
from apparatus.readings import load_codings, load_references
from apparatus.reconcile.decisions import load_decisions
from apparatus.reconcile.facts import load_facts
from apparatus.reconcile.scoring import load_figure_texts, load_relations
from apparatus.reuse.scoring import load_first_scores, load_pairs
from apparatus.reuse.words import load_rewording
from apparatus.swaps import load_swaps

OF_TEXTS = ("*.toml", "*.jsonl", "codings/*.jsonl", "gold/*.toml", "gold/*.jsonl")  # what people marked in the texts
NAMES_SOURCE = ("source", "a_source", "b_source")


class Counts(NamedTuple):
    """How much was checked."""

    texts: int
    references: int
    codings: int


def check_everything() -> Counts:
    """Return how many texts, references and codings there are, once all data are found to be in order.

    Raises `DataError` for the first fault. That readings speak of texts which are not there comes first, since it is
    one fault of many entries: an analyst who takes a text out of the catalog is told all that hangs on it.
    """
    check_sources(load_catalog())
    corpus, known = load_corpus(), load_knowledge()
    if strays := sorted({path.name for path in TEXTS.iterdir()} - {doc.source.file for doc in corpus.values()}):
        raise DataError(f"seeds/texts/{strays[0]} has no record; describe it in seeds/catalog.toml, or take it out.")
    check_contrasts(corpus, known)
    load_events(known.themes)
    load_parties(known.lexicon)
    load_groups()
    load_swaps()
    load_facts()
    load_rewording()
    load_decisions()
    _check_gold(corpus)
    load_plan()
    return Counts(len(corpus), len(load_references(corpus)), len(load_codings(corpus, known.questions)))


def check_sources(
    catalog: Mapping[str, object], folder: Path = READINGS, swaps: Path = KNOWLEDGE / "swaps.toml"
) -> None:
    """Raise `DataError` where what people marked, decided or coded is of a text that the catalog does not have."""
    missing: set[tuple[str, str]] = set()
    for path in [*sorted(path for pattern in OF_TEXTS for path in folder.glob(pattern)), swaps]:
        records = [one for _, one in read_jsonl(path)] if path.suffix == ".jsonl" else [read_toml(path)]
        missing.update((source, path.name) for source in _sources(records) if source not in catalog)
    if missing:
        first, *others = sorted({source for source, _ in missing})
        files = ", ".join(sorted({name for source, name in missing if source == first}))
        also = f" The same holds for {', '.join(others)}." if others else ""
        raise DataError(
            f"{files}: catalog.toml has no source {first!r}; take out what is said of it, mend its name, or describe "
            f"the text in the catalog.{also}"
        )


def _sources(value: object, field: str = "") -> Iterator[str]:
    """Yield the ids of sources in a record, at whatever depth."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _sources(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _sources(inner, field)
    elif isinstance(value, str) and field in (*NAMES_SOURCE, "ref", "refs"):
        yield value.split(":")[0]


def _check_gold(corpus: Mapping[str, Document]) -> None:
    """Raise `DataError` where marked words are not at their offsets, or a file of marks or scores is faulty."""
    load_coverage()
    load_coverage(GOLD / "reuse-coverage.toml")
    load_figure_texts()
    load_first_scores()
    for name in ("reuse.jsonl", "reuse-rest.jsonl"):
        load_pairs(GOLD / name, corpus)
    for kind in KINDS:
        load_peers(kind)
    for one in load_relations():
        _check_words(f"gold/reconciliation.jsonl, {one['id']}", corpus, one["passages"])
    for texts in load_marked(corpus):
        for kind, spans in texts.gold.items():
            _check_words(f"{texts.name}, {kind}.jsonl", texts.docs, spans)


def _check_words(where: str, docs: Mapping[str, Document], spans: Iterable[Mapping[str, Any]]) -> None:
    for one in spans:
        there = docs[one["source"]].raw[one["start"] : one["end"]]
        if there != one["exact"]:
            raise DataError(
                f"{where}: {one['source']} has {there!r} at {one['start']}-{one['end']}, not {one['exact']!r}; "
                "give the offsets of these words."
            )
