"""The ledger of findings: every statement of the book's own, computed, with the passages it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from apparatus.errors import DataError
from apparatus.outputs import FINDING, Notebook, write_atomically
from apparatus.paths import BUILD, NOTEBOOKS, PLAN
from apparatus.plan import load_plan

LEDGER = BUILD / "findings.jsonl"  # of the last run
ACCEPTED = NOTEBOOKS / "findings.jsonl"  # of the last accepted run


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A statement as a run of a notebook shows it.

    `id` is the run and the place on its page, e.g. `election#finding-1a2b3c4d`; `evidence` are the refs of its
    passages, and `words_sha256` is the hash of their words, so that a passage which no longer stands there is seen.
    """

    id: str
    sentence: str
    numbers: Mapping[str, float]
    evidence: tuple[str, ...]
    words_sha256: str
    notebook: str
    cell: str
    main: bool = False


def hash_words(words: Iterable[str]) -> str:
    """Return the hash of the words of some passages, in their order."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def find_findings(runs: Mapping[str, Notebook]) -> Iterator[Finding]:
    """Yield the findings that executed notebooks (run id -> notebook) show, in their order."""
    for run, notebook in runs.items():
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if record := output.get("data", {}).get(FINDING):
                    yield _finding(record | {"id": f"{run}#{record['id']}", "notebook": run, "cell": cell["id"]})


def _finding(record: Mapping[str, Any]) -> Finding:
    return Finding(**{**record, "evidence": tuple(record["evidence"])})


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write the ledger: one JSON object a line, in the order of the book."""
    lines = (json.dumps(asdict(one), sort_keys=True, ensure_ascii=False) + "\n" for one in findings)
    write_atomically(path, "".join(lines).encode())


def read_findings(path: Path) -> list[Finding]:
    """Return every finding of a ledger."""
    return [_finding(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def load_findings(*, path: Path = LEDGER, accepted: Path = ACCEPTED, plan: Path = PLAN) -> list[Finding]:
    """Return the findings of the last run, or of the last accepted one where nothing was run yet.

    Those of pages that gather findings are left out: such a page must not gather its own.
    Raises `DataError` where there is no ledger.
    """
    chosen = path if path.exists() else accepted
    if not chosen.exists():
        raise DataError(f"there is no ledger of findings yet: `make notebooks` writes {path.name}.")
    gathering = {run.id for run in load_plan(plan) if run.gathers}
    return [one for one in read_findings(chosen) if one.notebook not in gathering]


def place_of(ref: str) -> tuple[str, int, int]:
    """Return the source, start and end that a passage's address names.

    >>> place_of("air-bulletin-2024-02:1043-1071")
    ('air-bulletin-2024-02', 1043, 1071)
    """
    source, _, place = ref.rpartition(":")
    start, _, end = place.partition("-")
    return source, int(start), int(end)


def check_findings(findings: Sequence[Finding], texts: Mapping[str, str]) -> None:
    """Raise `DataError` for a finding whose evidence is missing, or not what stands in the texts (id -> raw text)."""
    for one in findings:
        if not one.evidence:
            raise DataError(f"{one.id}: this finding rests on no passage; give `finding` its evidence.")
        words = []
        for ref in one.evidence:
            source, start, end = place_of(ref)
            if source not in texts or not 0 <= start < end <= len(texts[source]):
                raise DataError(f"{one.id}: there is no passage {ref}; run {one.notebook} again (`make notebooks`).")
            words.append(texts[source][start:end])
        if hash_words(words) != one.words_sha256:
            raise DataError(
                f"{one.id}: the words at {', '.join(one.evidence[:3])} are not those that this finding rests on; "
                f"run {one.notebook} again (`make notebooks`)."
            )
