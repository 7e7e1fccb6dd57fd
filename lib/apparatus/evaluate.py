"""How well spans that were found agree with spans that people marked."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apparatus.entries import Shape, read_entries, read_jsonl
from apparatus.errors import DataError
from apparatus.model import Document, Span
from apparatus.paths import READINGS

GOLD = READINGS / "gold"
Record = dict[str, Any]
MARKED = {"source": str, "start": int, "end": int, "exact": str}
MARKED_AS: dict[str, dict[str, Shape]] = {
    "numbers": {"kind": str, "value": float | list, "modifier": str, "unit": str, "what": str},
    "dates": {"edtf": str, "kind": str},
    "quotes": {"type": str, "speaker": str, "quotee_source": str},
}
CORRECTION = {"ref": str, "set": dict, "add": dict, "remove": bool}


@dataclass(frozen=True)
class Score:
    """Agreement with the gold: `pairs` of (marked, found), `misses` marked only, `extras` found only."""

    pairs: tuple[tuple[Record, Record], ...] = ()
    misses: tuple[Record, ...] = ()
    extras: tuple[Record, ...] = ()

    @property
    def n_gold(self) -> int:
        """How many spans are marked."""
        return len(self.pairs) + len(self.misses)

    @property
    def n_found(self) -> int:
        """How many spans were found."""
        return len(self.pairs) + len(self.extras)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return len(self.pairs) / self.n_found if self.n_found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found."""
        return len(self.pairs) / self.n_gold if self.n_gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * len(self.pairs) / (self.n_gold + self.n_found) if self.pairs else 0.0

    def differing(self, field: str) -> list[tuple[Record, Record]]:
        """Return the pairs that do not agree in a field."""
        return [(a, b) for a, b in self.pairs if _plain(a.get(field)) != _plain(b.get(field))]

    def share(self, field: str) -> float:
        """Return the share of the pairs that agree in a field too."""
        return 1 - len(self.differing(field)) / len(self.pairs) if self.pairs else 0.0


def load_gold(kind: str, folder: Path = GOLD) -> list[Record]:
    """Return the marked spans of a kind, corrected where corrections.toml says so and why.

    Raises `DataError` for a correction that fits no marked span.
    """
    gold = [entry for _, entry in read_jsonl(folder / f"{kind}.jsonl", MARKED, MARKED_AS[kind])]
    for _, change in read_entries(folder / "corrections.toml", "correction", {"kind": str, "why": str}, CORRECTION):
        if change["kind"] == kind:
            gold = _corrected(gold, change)
    return sorted(gold, key=lambda span: (span["source"], span["start"]))


def _corrected(gold: list[Record], change: Record) -> list[Record]:
    if change.get("add"):
        return [*gold, change["add"]]
    at = [span for span in gold if f"{span['source']}:{span['start']}-{span['end']}" == change.get("ref")]
    if len(at) != 1 or not change.get("why"):
        raise DataError(
            f"corrections.toml, {change.get('ref', '(no ref)')!r}: nothing of the kind {change['kind']!r} is marked "
            "there, or the reason (`why`) is missing; mend it."
        )
    kept = [span for span in gold if span is not at[0]]
    return kept if change.get("remove") else [*kept, at[0] | change.get("set", {})]


@cache
def load_coverage(path: Path = GOLD / "coverage.toml") -> dict[str, int]:
    """Return up to which code point people marked each source. Sources not named are not marked."""
    return {one["source"]: one["until"] for _, one in read_entries(path, "coverage", {"source": str, "until": int})}


def score(
    found: Iterable[Span | Record],
    gold: Sequence[Record],
    fields: Sequence[str] = (),
    *,
    coverage: Mapping[str, int] | None = None,
    overlap: bool = False,
) -> Score:
    """Return how what was found agrees with what is marked: same source, same ends, and the same in `fields`.

    With `overlap`, spans that share a character agree too, each with one other at most. Only the part of a source
    that people marked counts; a span that begins there belongs to it.
    Source: precision and recall after van Rijsbergen 1979; F1 is their harmonic mean.
    """
    coverage = load_coverage() if coverage is None else coverage
    records = [span if isinstance(span, dict) else asdict(span) for span in found]
    left: dict[str, list[Record]] = defaultdict(list)
    for span in records:
        if span["start"] < coverage.get(span["source"], 0):
            left[span["source"]].append(span)
    pairs, misses = [], []
    for mark in gold:
        same = next((span for span in left[mark["source"]] if _agrees(mark, span, fields, overlap)), None)
        if same is None:
            misses.append(mark)
        else:
            left[mark["source"]].remove(same)
            pairs.append((mark, same))
    return Score(tuple(pairs), tuple(misses), tuple(span for spans in left.values() for span in spans))


def _agrees(mark: Record, span: Record, fields: Sequence[str], overlap: bool) -> bool:
    if overlap:
        near = mark["start"] < span["end"] and span["start"] < mark["end"]
    else:
        near = (mark["start"], mark["end"]) == (span["start"], span["end"])
    return near and all(_plain(mark.get(field)) == _plain(span.get(field)) for field in fields)


def _plain(value: Any) -> Any:
    """Return a value that compares equal to its JSON form: a range is a list there, a third 0.333 or 0.3333."""
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if isinstance(value, int | float):
        return round(float(value), 2) if abs(value) < 1 else float(value)
    return value


def count_by_block(result: Score, docs: Mapping[str, Document], coverage: Mapping[str, int]) -> NDArray[np.int64]:
    """Return how many spans were right, found and marked in each block of the marked parts of the texts.

    Shapes: a row per block (a paragraph, heading or caption of the text as received), three columns.
    """
    starts = {source: [zone.start for zone in docs[source].zones] for source in coverage if source in docs}
    rows = {
        (source, at): [0, 0, 0]
        for source, places in starts.items()
        for at, start in enumerate(places)
        if start < coverage[source]
    }

    for column, spans in enumerate(_columns(result)):
        for span in spans:
            rows[span["source"], max(0, bisect_right(starts[span["source"]], span["start"]) - 1)][column] += 1
    return np.array(list(rows.values()), dtype=np.int64).reshape(-1, 3)


def _columns(result: Score) -> Iterator[list[Record]]:
    right = [mark for mark, _ in result.pairs]
    yield right
    yield [*right, *result.extras]
    yield [*right, *result.misses]
