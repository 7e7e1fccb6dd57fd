"""The texts in which people marked what is to be found: a part of the corpus, and texts that the rules never met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apparatus.corpus import load_corpus, read_document
from apparatus.entries import read_entries, read_jsonl
from apparatus.evaluate import GOLD, Record, load_gold
from apparatus.model import Document, Source
from apparatus.paths import READINGS

UNSEEN = READINGS / "unseen"
PEERS = READINGS / "peers"
COVERED = {"source": str, "until": int, "issued": str}
KINDS = ("numbers", "dates", "quotes")


@dataclass(frozen=True, eq=False)
class Marked:
    """Marked texts: the documents, up to which code point each is marked, and the marked spans of each kind."""

    name: str
    docs: Mapping[str, Document]
    coverage: Mapping[str, int]
    gold: Mapping[str, list[Record]]


def load_marked(corpus: Mapping[str, Document] | None = None) -> list[Marked]:
    """Return the marked texts: those of the corpus with which the rules were written, and those never seen."""
    return [
        _marked("corpus", GOLD, load_corpus() if corpus is None else corpus),
        load_unseen(),
    ]


def load_unseen(folder: Path = UNSEEN) -> Marked:
    """Return the marked texts that the rules never met while they were made."""
    return _marked("unseen texts", folder, None)


def _marked(name: str, folder: Path, docs: Mapping[str, Document] | None) -> Marked:
    needed = COVERED if docs is None else {"source": str, "until": int}
    entries = [entry for _, entry in read_entries(folder / "coverage.toml", "coverage", needed)]
    if docs is None:
        docs = {entry["source"]: _read(folder / entry["source"], entry["issued"]) for entry in entries}
    coverage = {entry["source"]: entry["until"] for entry in entries if entry["source"] in docs}
    gold = {kind: [span for span in load_gold(kind, folder) if span["source"] in docs] for kind in KINDS}
    return Marked(name, docs, coverage, gold)


def _read(path: Path, issued: str) -> Document:
    with path.open(encoding="utf-8", newline="") as file:
        return read_document(Source(id=path.name, file=path.name, issued=issued, label=path.stem), file.read())


def load_peers(kind: str) -> dict[str, list[Record]]:
    """Return what other tools found in the marked texts, by tool and version. `make peers` writes these files."""
    found: dict[str, list[Record]] = {}
    for _, span in read_jsonl(PEERS / f"{kind}.jsonl"):
        found.setdefault(span["tool"], []).append(span)
    return found
