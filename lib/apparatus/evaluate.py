"""How well spans that were found agree with spans that people marked."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apparatus.errors import DataError
from apparatus.model import Span
from apparatus.paths import READINGS

GOLD = READINGS / "gold"
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Score:
    """Agreement with the gold. `misses` are marked and not found, `extras` found and not marked."""

    precision: float
    recall: float
    f1: float
    n_gold: int
    n_found: int
    misses: tuple[dict[str, Any], ...] = ()
    extras: tuple[dict[str, Any], ...] = ()


def load_gold(kind: str, folder: Path = GOLD) -> list[dict[str, Any]]:
    """Return the marked spans of a kind, corrected where corrections.toml says so and why.

    Raises `DataError` for a correction that fits no marked span.
    """
    gold = [json.loads(line) for line in (folder / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines() if line]
    for change in tomllib.loads((folder / "corrections.toml").read_text(encoding="utf-8")).get("correction", []):
        if change["kind"] == kind:
            gold = _corrected(gold, change)
    return sorted(gold, key=lambda span: (span["source"], span["start"]))


def _corrected(gold: list[dict[str, Any]], change: dict[str, Any]) -> list[dict[str, Any]]:
    if change.get("add"):
        return [*gold, change["add"]]
    at = [span for span in gold if f"{span['source']}:{span['start']}-{span['end']}" == change["ref"]]
    if len(at) != 1 or not change.get("why"):
        raise DataError(
            f"corrections.toml, {change['ref']!r}: nothing of the kind {change['kind']!r} is marked there, "
            "or the reason (`why`) is missing; mend it."
        )
    kept = [span for span in gold if span is not at[0]]
    return kept if change.get("remove") else [*kept, at[0] | change["set"]]


@cache
def load_coverage(path: Path = GOLD / "coverage.toml") -> dict[str, int]:
    """Return up to which code point people marked each source. Sources not named are not marked."""
    return {entry["source"]: entry["until"] for entry in tomllib.loads(path.read_text(encoding="utf-8"))["coverage"]}


def score(found: Iterable[Span | dict[str, Any]], gold: Sequence[dict[str, Any]], fields: Sequence[str] = ()) -> Score:
    """Return precision, recall and F1 of what was found: same source, start and end, and the same in `fields`.

    Only the part of a source that people marked counts; a span that begins there belongs to it.
    Source: precision and recall after van Rijsbergen 1979; F1 is their harmonic mean.
    """
    coverage = load_coverage()
    records = [span if isinstance(span, dict) else asdict(span) for span in found]
    records = [span for span in records if span["start"] < coverage.get(span["source"], 0)]
    have, want = Counter(_key(span, fields) for span in records), Counter(_key(span, fields) for span in gold)
    right = sum((have & want).values())
    precision, recall = right / len(records) if records else 0.0, right / len(gold) if gold else 0.0
    return Score(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if right else 0.0,
        n_gold=len(gold),
        n_found=len(records),
        misses=tuple(span for span in gold if not have[_key(span, fields)]),
        extras=tuple(span for span in records if not want[_key(span, fields)]),
    )


def _key(span: dict[str, Any], fields: Sequence[str]) -> Key:
    return (span["source"], span["start"], span["end"], *(_plain(span.get(field)) for field in fields))


def _plain(value: Any) -> Any:
    """Return a value that compares equal to its JSON form: a range is a tuple here and a list there."""
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, int | float) else value
