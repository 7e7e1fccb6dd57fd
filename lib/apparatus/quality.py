"""How well each kind is recognised, with its uncertainty, beside other tools on the same texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from apparatus.evaluate import Record, Score, count_by_block, score
from apparatus.extract import find
from apparatus.knowledge import Knowledge
from apparatus.marked import KINDS, Marked, load_peers
from apparatus.model import Span
from apparatus.stats import f1_interval
from apparatus.text import unaccented

OURS = "Apparatus"
MEASURES = {"numbers": ("value",), "dates": ("edtf",), "quotes": ()}
MEASURED = {"numbers": "Numbers", "dates": "Dates", "quotes": "Quotations"}
FIELDS = {"numbers": ("kind", "unit", "modifier"), "dates": ("kind",), "quotes": ("type", "speaker")}
SHOWN = {"numbers": ("value",), "dates": ("edtf",), "quotes": ("type", "speaker")}
BESIDE = 40  # characters shown on either side of a miss


@dataclass(frozen=True)
class Quality:
    """How one tool reads one kind in one set of marked texts: both ends right (`exact`), or any overlap."""

    marked: Marked
    kind: str
    tool: str
    exact: Score
    overlapping: Score

    def interval(self, *, level: float, draws: int, seed: int) -> tuple[float, float]:
        """Return the bootstrap interval of F1, both ends right."""
        counts = count_by_block(self.exact, self.marked.docs, self.marked.coverage)
        return f1_interval(counts, level=level, draws=draws, seed=seed)


def measure(marked: Sequence[Marked], known: Knowledge) -> list[Quality]:
    """Return the quality of every kind in each set of marked texts, ours first, then that of each peer."""
    return [
        Quality(
            texts,
            kind,
            tool,
            exact=score(found, texts.gold[kind], MEASURES[kind], coverage=texts.coverage),
            overlapping=score(found, texts.gold[kind], MEASURES[kind], coverage=texts.coverage, overlap=True),
        )
        for texts in marked
        if texts.coverage
        for kind in KINDS
        for tool, found in _found(kind, texts, known)
    ]


def _found(kind: str, marked: Marked, known: Knowledge) -> Iterator[tuple[str, Sequence[Span | Record]]]:
    yield OURS, find(kind, dict(marked.docs), known)
    yield from load_peers(kind).items()


def chosen(qualities: Iterable[Quality], tools: Sequence[str]) -> list[Quality]:
    """Return ours and those of some tools, or of all where none is named. Raises `ValueError` for one not measured."""
    qualities = list(qualities)
    known = dict.fromkeys(one.tool for one in qualities)
    if unknown := [tool for tool in tools if tool not in known]:
        raise ValueError(f"there is no tool {unknown[0]!r}; measured are {', '.join(known)}")
    return [one for one in qualities if not tools or one.tool in (OURS, *tools)]


def quality_table(qualities: Iterable[Quality], intervals: Iterable[tuple[float, float]], level: float) -> pd.DataFrame:
    """Return a row per kind, tool and set of texts: precision, recall, F1 with its interval, F1 by overlap."""
    rows: list[dict[str, Any]] = [
        {
            "Kind": MEASURED[one.kind],
            "Tool": one.tool,
            "Texts": one.marked.name,
            "Marked": one.exact.n_gold,
            "Precision": f"{one.exact.precision:.2f}",
            "Recall": f"{one.exact.recall:.2f}",
            f"F1 ({level:.0%} interval)": f"{one.exact.f1:.2f} ({low:.2f} to {high:.2f})",
            "By overlap": f"{one.overlapping.f1:.2f}",
        }
        for one, (low, high) in zip(qualities, intervals, strict=True)
    ]
    kinds, tools = list(MEASURED.values()), list(dict.fromkeys(row["Tool"] for row in rows))
    return pd.DataFrame(sorted(rows, key=lambda row: (kinds.index(row["Kind"]), tools.index(row["Tool"]))))


def fields_table(qualities: Iterable[Quality]) -> pd.DataFrame:
    """Return a row per field and a column per set of texts: the share right, of the spans whose ends are right.

    The speaker is counted of all marked direct quotations, found or not.
    """
    shares: dict[str, dict[str, str]] = {}
    for one in ours(qualities):
        for field in FIELDS[one.kind]:
            share, n = (
                speaker_share(one.exact) if field == "speaker" else (one.exact.share(field), len(one.exact.pairs))
            )
            shares.setdefault(f"{one.kind}: {field}", {})[one.marked.name] = f"{share:.2f} (n = {n})"
    return pd.DataFrame({"Field": field, **columns} for field, columns in shares.items())


def speaker_share(result: Score) -> tuple[float, int]:
    """Return the share of marked direct quotations whose speaker is right, accents apart, and how many are marked."""
    direct = [(mark, found) for mark, found in result.pairs if mark["type"] == "direct"]
    n = len(direct) + sum(mark["type"] == "direct" for mark in result.misses)
    return sum(unaccented(mark["speaker"]) == unaccented(found["speaker"]) for mark, found in direct) / max(1, n), n


def sources_table(qualities: Iterable[Quality]) -> pd.DataFrame:
    """Return a row per marked text: F1 of each kind there, with the number of marked spans."""
    rows = []
    for texts, group in _by_texts(ours(qualities)).items():
        for source in texts.coverage:
            row = {"Texts": texts.name, "Source": texts.docs[source].source.label}
            for one in group:
                part = _of(one.exact, source)
                row[MEASURED[one.kind]] = f"{part.f1:.2f} (n = {part.n_gold})" if part.n_gold + part.n_found else "none"
            rows.append(row)
    return pd.DataFrame(rows)


def errors_table(qualities: Iterable[Quality]) -> pd.DataFrame:
    """Return a row per disagreement of ours with the marking, in context: a span not found, not marked, or a field."""
    rows = [
        (one, span, what, ", ".join(str(span[field]) or "nothing" for field in SHOWN[one.kind]))
        for one in ours(qualities)
        for what, spans in (("marked, not found", one.exact.misses), ("found, not marked", one.exact.extras))
        for span in spans
    ]
    rows += [
        (one, mark, f"another {field}", f"{found[field] or 'nothing'}, marked {mark[field] or 'nothing'}")
        for one in ours(qualities)
        for field in FIELDS[one.kind]
        for mark, found in one.exact.differing(field)
    ]
    return pd.DataFrame(
        [
            {
                "Kind": MEASURED[one.kind],
                "Source": one.marked.docs[span["source"]].source.label,
                "Passage": _in_context(span, one.marked),
                "What": what,
                "Read as": read,
            }
            for one, span, what, read in rows
        ],
        columns=["Kind", "Source", "Passage", "What", "Read as"],
    )


def ours(qualities: Iterable[Quality]) -> list[Quality]:
    """Return the qualities of our own rules."""
    return [one for one in qualities if one.tool == OURS]


def _of(result: Score, source: str) -> Score:
    return Score(
        tuple(pair for pair in result.pairs if pair[0]["source"] == source),
        tuple(span for span in result.misses if span["source"] == source),
        tuple(span for span in result.extras if span["source"] == source),
    )


def _by_texts(qualities: Iterable[Quality]) -> dict[Marked, list[Quality]]:
    grouped: dict[Marked, list[Quality]] = {}
    for one in qualities:
        grouped.setdefault(one.marked, []).append(one)
    return grouped


def _in_context(span: Record, marked: Marked) -> list[object]:
    doc, start, end = marked.docs[span["source"]], span["start"], span["end"]
    before, words, after = (
        " ".join(doc.raw[slice(*place)].split())
        for place in ((max(0, start - BESIDE), start), (start, end), (end, end + BESIDE))
    )
    passage = doc.mark_raw(Span, start, end) if doc.source.sha256 else f"“{words}”"
    return [f"…{before}", passage, f"{after}…"]  # a text outside the catalog has no page in the reader
