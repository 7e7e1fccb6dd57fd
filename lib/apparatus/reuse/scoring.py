"""How well reuse that was found agrees with pairs that people marked."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from apparatus.corpus import read_document
from apparatus.entries import read_entries, read_jsonl
from apparatus.errors import DataError
from apparatus.evaluate import GOLD, Record, Score, load_coverage
from apparatus.files import read_raw
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Reuse, Source
from apparatus.paths import READINGS
from apparatus.reuse import KINDS, find_reuse, to_gold
from apparatus.stats import f1_interval

UNSEEN = READINGS / "unseen-reuse"
FIRST = READINGS / "reuse-scores.toml"
NAMES = ("corpus, given part", "corpus, rest", "texts never met")
EDGES = (1.0, 0.8, 0.5)
FIELDS = ("a_source", "a_start", "a_end", "b_source", "b_start", "b_end", "kind")
PAIR = {name: int if name.endswith(("start", "end")) else str for name in FIELDS}
SCORED = {"texts": str, "edges": float, "marked": int, "found": int, "right": int, "why": str}


@dataclass(frozen=True, eq=False)
class MarkedReuse:
    """Marked pairs, and what was found in the same texts."""

    name: str
    gold: list[Record]
    found: list[Record]


def load_pairs(path: Path, docs: Mapping[str, Document]) -> list[Record]:
    """Return marked pairs. Raises `DataError` for a place outside its text, and for a kind that there is not."""
    pairs = []
    for where, pair in read_jsonl(path, PAIR, {"note": str}):
        for side in ("a", "b"):
            source, start, end = (pair[f"{side}_{name}"] for name in ("source", "start", "end"))
            if source in docs and not 0 <= start < end <= len(docs[source].raw):
                raise DataError(f"{where}: {source} has no passage {start}-{end}; give the offsets of one.")
        if pair["kind"] not in KINDS:
            raise DataError(f"{where}: the kind {pair['kind']!r} is none of {', '.join(KINDS)}; mend it.")
        if pair["a_source"] in docs and pair["b_source"] in docs:
            pairs.append(pair)
    return pairs


def measure_reuse(corpus: Mapping[str, Document], known: Knowledge) -> list[MarkedReuse]:
    """Return what is marked and found: the part of the corpus that was given, the rest of it, and texts never met.

    The rules were made with the first. The other two were scored once before anything was mended by them, see
    `seeds/readings/reuse-scores.toml`.
    """
    coverage = load_coverage(GOLD / "reuse-coverage.toml")
    found = [to_gold(one) for one in find_reuse(corpus, known)]
    given, rest = (
        [one for one in found if covers(coverage, one)],
        [one for one in found if not covers(coverage, one)],
    )
    unseen = _unseen()
    never_met = [to_gold(one) for one in find_reuse(unseen, known)]
    return [
        MarkedReuse(NAMES[0], load_pairs(GOLD / "reuse.jsonl", corpus), given),
        MarkedReuse(NAMES[1], load_pairs(GOLD / "reuse-rest.jsonl", corpus), rest),
        MarkedReuse(NAMES[2], load_pairs(UNSEEN / "pairs.jsonl", unseen), never_met),
    ]


def _unseen() -> dict[str, Document]:
    paths = sorted(UNSEEN.glob("*.txt"))
    return {path.name: read_document(Source(id=path.name, file=path.name), read_raw(path)) for path in paths}


def covers(coverage: Mapping[str, int], pair: Record) -> bool:
    """Tell whether both passages of a pair begin in the marked part of their texts; one not named is marked whole."""
    return all(pair[f"{side}_start"] < coverage.get(pair[f"{side}_source"], sys.maxsize) for side in ("a", "b"))


def score_reuse(
    found: Iterable[Reuse | Record],
    gold: Sequence[Record],
    coverage: Mapping[str, int] | None = None,
    *,
    iou: float = 0.8,
    kinds: bool = True,
) -> Score:
    """Return how pairs that were found agree with pairs that are marked, each with one other at most.

    Two pairs agree when the passages on either side overlap by `iou` at least, intersection over union in characters;
    1 is the same edges; with `kinds` the kind must be the same too. Of several ways the closest pairs are matched
    first. With `coverage`, only pairs count of which both passages begin in the marked part.
    Source: intersection over union after Jaccard 1901.
    """
    records = [one if isinstance(one, dict) else to_gold(one) for one in found]
    records = [one for one in records if coverage is None or covers(coverage, one)]
    by_texts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(records):
        by_texts[one["a_source"], one["b_source"]].append(at)
    close = sorted(
        (-overlap, number, at)
        for number, mark in enumerate(gold)
        for at in by_texts[mark["a_source"], mark["b_source"]]
        if (overlap := _overlap(mark, records[at])) >= iou and overlap and (not kinds or _same_kind(mark, records[at]))
    )
    matched: dict[int, int] = {}
    used: set[int] = set()
    for _, number, at in close:
        if number not in matched and at not in used:
            matched[number] = at
            used.add(at)
    return Score(
        tuple((gold[number], records[at]) for number, at in sorted(matched.items())),
        tuple(mark for number, mark in enumerate(gold) if number not in matched),
        tuple(one for at, one in enumerate(records) if at not in used),
    )


def _same_kind(mark: Record, one: Record) -> bool:
    return bool(mark["kind"] == one["kind"])


def _overlap(one: Record, other: Record) -> float:
    return min(_iou(one, other, side) for side in ("a", "b"))


def _iou(one: Record, other: Record, side: str) -> float:
    start, end = f"{side}_start", f"{side}_end"
    common = min(one[end], other[end]) - max(one[start], other[start])
    return float(max(0, common) / (max(one[end], other[end]) - min(one[start], other[start])))


def reuse_score_table(measured: Iterable[MarkedReuse], *, level: float = 0.95, draws: int = 2000) -> pd.DataFrame:
    """Return a row per set of marked pairs and strictness of edges: precision, recall, F1 with its interval.

    The interval is a bootstrap over pairs, marked or found: its ends are those of the share `level` of the draws.
    """
    rows = []
    for one in measured:
        for iou in EDGES:
            result = score_reuse(one.found, one.gold, iou=iou)
            low, high = f1_interval(_counts(result), level=level, draws=draws)
            rows.append(
                {
                    "Pairs": one.name,
                    "Edges": "the same" if iou == 1 else f"overlap of {iou:.0%}",
                    "Marked": result.n_gold,
                    "Found": result.n_found,
                    "Precision": f"{result.precision:.2f}",
                    "Recall": f"{result.recall:.2f}",
                    f"F1 ({level:.0%} interval)": f"{result.f1:.2f} ({low:.2f} to {high:.2f})",
                    "F1, any kind": f"{score_reuse(one.found, one.gold, iou=iou, kinds=False).f1:.2f}",
                }
            )
    return pd.DataFrame(rows)


def _counts(result: Score) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    rows = [(1, 1, 1)] * len(result.pairs) + [(0, 0, 1)] * len(result.misses) + [(0, 1, 0)] * len(result.extras)
    return np.array(rows or [(0, 0, 0)], dtype=np.int64)


def load_first_scores(path: Path = FIRST) -> list[Record]:
    """Return how well reuse was found the first time that the rules met each set of marked pairs."""
    entries = []
    for where, entry in read_entries(path, "score", SCORED):
        if entry["texts"] not in NAMES:
            raise DataError(f"{where}: the texts {entry['texts']!r} are none of {', '.join(NAMES)}; use one of these.")
        entries.append(entry)
    return entries


def first_scores_table(measured: Iterable[MarkedReuse], path: Path = FIRST) -> pd.DataFrame:
    """Return a row per score on pairs the rules had not met: F1 the first time, and today, after mending."""
    sets = {one.name: one for one in measured}
    rows = []
    for entry in load_first_scores(path):
        one = sets[entry["texts"]]
        first = 2 * entry["right"] / (entry["marked"] + entry["found"])
        rows.append(
            {
                "Pairs": entry["texts"],
                "Edges": f"overlap of {entry['edges']:.0%}",
                "F1 when first met": f"{first:.2f}",
                "F1 now": f"{score_reuse(one.found, one.gold, iou=entry['edges']).f1:.2f}",
            }
        )
    return pd.DataFrame(rows)


def reuse_errors_table(corpus: Mapping[str, Document], measured: Iterable[MarkedReuse], *, iou: float) -> pd.DataFrame:
    """Return a row per disagreement with the marked pairs: marked and not found so, or found and not marked so."""
    docs = {**corpus, **_unseen()}
    rows = []
    for one in measured:
        result = score_reuse(one.found, one.gold, iou=iou)
        for what, pairs in (("marked, not found so", result.misses), ("found, not marked so", result.extras)):
            for pair in sorted(pairs, key=lambda pair: [pair[name] for name in FIELDS]):
                words = [_words(docs, pair, side) for side in ("a", "b")]
                rows.append({"Pairs": one.name, "What": what, "Kind": pair["kind"], "a": words[0], "b": words[1]})
    return pd.DataFrame(rows, columns=["Pairs", "What", "Kind", "a", "b"])


def _words(docs: Mapping[str, Document], pair: Record, side: str) -> str:
    return " ".join(docs[pair[f"{side}_source"]].raw[pair[f"{side}_start"] : pair[f"{side}_end"]].split())
