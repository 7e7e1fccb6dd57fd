"""How much of the ledger is right, and how much of what people marked is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from apparatus.corpus import read_document
from apparatus.entries import read_entries, read_jsonl
from apparatus.evaluate import GOLD
from apparatus.knowledge import Knowledge
from apparatus.marked import COVERED, UNSEEN, load_marked
from apparatus.model import Document, Source
from apparatus.paths import READINGS
from apparatus.reading import find_spans
from apparatus.reconcile import find_ledger
from apparatus.reconcile.decisions import FILE, MEASURED
from apparatus.reconcile.record import UNCHECKED, Comparison

FIGURES = READINGS / "unseen-figures"
RELATION = {
    **dict.fromkeys(("id", "relation", "verdict", "cause", "note"), str),
    "passages": [{"source": str, "start": int, "end": int, "exact": str}],
}
Marked = Mapping[str, Any]


@dataclass(frozen=True)
class LedgerScore:
    """Relations that people marked, and the rows that hold them.

    `right` are found with the verdict marked, `placed` with another one, `missed` not at all.
    """

    right: tuple[tuple[Marked, Comparison], ...]
    placed: tuple[tuple[Marked, Comparison], ...]
    missed: tuple[Marked, ...]

    @property
    def n_marked(self) -> int:
        """How many relations are marked."""
        return len(self.right) + len(self.placed) + len(self.missed)

    @property
    def recall(self) -> float:
        """The share of the marked relations that are found with their verdict."""
        return len(self.right) / self.n_marked if self.n_marked else 0.0

    @property
    def recall_of_places(self) -> float:
        """The share of the marked relations that are found, whatever the verdict."""
        return (len(self.right) + len(self.placed)) / self.n_marked if self.n_marked else 0.0


def load_relations(folder: Path = GOLD) -> list[Marked]:
    """Return the relations that people marked in the texts of a folder, in the file's order."""
    return [entry for _, entry in read_jsonl(folder / "reconciliation.jsonl", RELATION)]


def score_ledger(found: Iterable[Comparison], marked: Sequence[Marked]) -> LedgerScore:
    """Return which marked relations the rows hold: a row shares two of the passages, or the only one.

    Passages are shared that have a character in common. A row may hold several marked relations.
    """
    rows = list(found)
    by_source: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for index, row in enumerate(rows):
        for span in row.stated:
            by_source[span.source].append((span.start, span.end, index))
    right, placed, missed = [], [], []
    for one in marked:
        holding = [rows[index] for index in _holding(one, by_source)]
        fitting = [row for row in holding if row.verdict == one["verdict"]]
        if fitting:
            right.append((one, fitting[0]))
        elif holding:
            placed.append((one, holding[0]))
        else:
            missed.append(one)
    return LedgerScore(tuple(right), tuple(placed), tuple(missed))


def _holding(one: Marked, by_source: Mapping[str, list[tuple[int, int, int]]]) -> list[int]:
    shared: dict[int, int] = defaultdict(int)
    for passage in one["passages"]:
        spans = by_source.get(passage["source"], ())
        for index in {index for start, end, index in spans if start < passage["end"] and passage["start"] < end}:
            shared[index] += 1
    needed = min(2, len(one["passages"]))
    return sorted((index for index, count in shared.items() if count >= needed), key=lambda index: -shared[index])


def load_figure_texts(folder: Path = FIGURES) -> dict[str, Document]:
    """Return the texts made up to measure how figures are held against each other, by file name."""
    docs = {}
    for _, entry in read_entries(folder / "about.toml", "coverage", COVERED, beside={"made": str}):
        name = entry["source"]
        with (folder / name).open(encoding="utf-8", newline="") as file:
            docs[name] = read_document(Source(id=name, file=name, issued=entry["issued"]), file.read())
    return docs


def score_marked(rows: Iterable[Comparison], known: Knowledge) -> dict[str, LedgerScore]:
    """Return the score of the ledger in each set of marked texts. `rows` is the ledger of the corpus."""
    scores = {"corpus": score_ledger(rows, load_relations())}
    for texts, docs, folder in (
        ("unseen texts", load_marked()[1].docs, UNSEEN),
        ("unseen figures", load_figure_texts(), FIGURES),
    ):
        found = find_ledger(docs, find_spans(docs, known), known, decisions=[])
        scores[texts] = score_ledger(found, load_relations(folder))
    return scores


def score_table(rows: Iterable[Comparison], known: Knowledge, path: Path = READINGS / FILE) -> pd.DataFrame:
    """Return a row per set of marked texts and measurement: how many relations are marked, found, found right.

    The first measurement is the one on which the rules had no influence: they were written before the marks were read,
    and mended after it.
    """
    first = {
        one["texts"]: one
        for _, one in read_entries(path, "measured", MEASURED, beside={"who": str, "decision": [dict]})
    }
    lines = []
    for texts, now in score_marked(rows, known).items():
        placed = len(now.right) + len(now.placed)
        if then := first.get(texts):
            lines.append((texts, "first, before mending", then["marked"], then["found"], then["right"]))
        lines.append((texts, "after mending", now.n_marked, placed, len(now.right)))
    columns = ["Texts", "Measured", "Relations marked", "Found", "With the verdict marked"]
    frame = pd.DataFrame(lines, columns=columns)
    for name, column in (("Recall of places", "Found"), ("Recall with verdict", "With the verdict marked")):
        pairs = zip(frame[column], frame[columns[2]], strict=True)
        frame[name] = [f"{right / marked:.2f}" if marked else "–" for right, marked in pairs]
    return frame


def precision(rows: Iterable[Comparison]) -> tuple[int, int]:
    """Return (confirmed, decided): how many of the relations that rules found were confirmed by hand.

    Only relations count: a row that says why a number cannot be recomputed claims none.
    """
    decided = [row for row in rows if row.verdict != UNCHECKED and row.decision]
    return sum(row.decision == "confirmed" for row in decided), len(decided)
