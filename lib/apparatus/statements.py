"""What the statements of the chapters rest on, chapter by chapter and text by text."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from apparatus.ledger import Finding, place_of
from apparatus.model import Document, Span
from apparatus.plan import heading, load_plan


def rests_on(findings: Iterable[Finding], corpus: Mapping[str, Document]) -> list[Span]:
    """Return the passages of a corpus that some findings rest on, by place: no passage is put before the others."""
    places = sorted({place_of(ref) for one in findings for ref in one.evidence})
    return [corpus[source].mark_raw(Span, start, end) for source, start, end in places if source in corpus]


def statements_table(findings: Sequence[Finding], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per chapter, in the order of the book: its statements, and how many of them rest on each source."""
    titles = {run.id: run.title or heading(run.path) for run in load_plan()}
    rows = []
    for chapter in dict.fromkeys(one.notebook for one in findings):
        made = [one for one in findings if one.notebook == chapter]
        on = Counter(source for one in made for source in {place_of(ref)[0] for ref in one.evidence})
        shares = {doc.source.label: on[source] for source, doc in corpus.items()}
        rows.append({"Chapter": titles[chapter], "Statements": len(made), **shares})
    return pd.DataFrame(rows, columns=["Chapter", "Statements", *(doc.source.label for doc in corpus.values())])


def runs_table(findings: Sequence[Finding], *, digits: int = 12) -> pd.DataFrame:
    """Return a row per chapter that makes statements: its notebook, the parameters it was run with, and a hash.

    The hash is that of its statements, their numbers and their passages, cut to some digits: two copies of the book
    whose hashes agree say the same, from the same words.
    """
    rows = []
    for run in load_plan():
        made = [one for one in findings if one.notebook == run.id]
        if made:
            lines = "".join(json.dumps(asdict(one), sort_keys=True, ensure_ascii=False) + "\n" for one in made)
            parameters = ", ".join(f"{name} = {value!r}" for name, value in run.parameters.items())
            rows.append(
                {
                    "Chapter": run.title or heading(run.path),
                    "Notebook": run.notebook,
                    "Parameters": parameters or "its own",
                    "Statements": len(made),
                    "sha256 of the statements": hashlib.sha256(lines.encode()).hexdigest()[:digits],
                }
            )
    return pd.DataFrame(rows)
