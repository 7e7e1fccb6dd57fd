"""Passages that answer each other as a table of fixed columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from apparatus.model import Document, Reuse
from apparatus.reuse.drift import UNKNOWN, precedence

KINDS = {"verbatim": "word for word", "paraphrase": "in other words", "shared_quote": "the same utterance quoted"}
COLUMNS = ["Text a", "Passage a", "Text b", "Passage b", "How", "Likeness", "Issued first"]


def reuse_table(found: Iterable[Reuse], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per two passages that answer each other: both, how, how alike from 0 to 1, which text is older."""
    rows = []
    for one in found:
        a, b = corpus[one.a.source].source, corpus[one.b.source].source
        first = precedence(a, b)
        issued = "one text" if a == b else UNKNOWN if first == UNKNOWN else corpus[first].source.label
        rows.append([a.label, one.a, b.label, one.b, KINDS[one.kind], f"{one.score:.2f}", issued])
    return pd.DataFrame(rows, columns=COLUMNS)
