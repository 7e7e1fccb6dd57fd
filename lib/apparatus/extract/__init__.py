"""One `find_<kind>(doc, known)` per kind of span, all of one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from apparatus.corpus import find_sentences, read_document
from apparatus.edtf_days import days
from apparatus.extract.dates import find_dates
from apparatus.extract.mentions import find_mentions
from apparatus.extract.numbers import find_numbers
from apparatus.extract.quotes import find_quotes
from apparatus.extract.terms import find_terms
from apparatus.files import Refuse, read_files, stop
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Sentence, Source, Span
from apparatus.paths import KNOWLEDGE
from apparatus.structure import load_zone_rules

Finder = Callable[[Document, Knowledge], Sequence[Span]]


def _sentences(doc: Document, known: Knowledge) -> list[Sentence]:
    return sorted(find_sentences(doc), key=lambda sentence: sentence.start)


KINDS: dict[str, Finder] = {
    "numbers": find_numbers,
    "dates": find_dates,
    "quotes": find_quotes,
    "mentions": find_mentions,
    "terms": find_terms,
    "sentences": _sentences,
}


def find(kind: str, corpus: dict[str, Document], known: Knowledge) -> list[Span]:
    """Return the spans of a kind in all documents, in the corpus's order and then by place."""
    finder = _finder(kind)
    return [span for doc in corpus.values() for span in finder(doc, known)]


def find_in_files(
    kind: str, paths: Iterable[Path], known: Knowledge, *, date: str = "", refuse: Refuse = stop
) -> Iterator[dict[str, Any]]:
    """Yield the spans of a kind in text files, as the gold writes them; `source` is the file's name.

    The files need not be in the catalog; a directory is read with all below it. `date` is their date of issue, in EDTF.
    Raises `ValueError` in one sentence for a kind or a date that is none, and for a file that is missing
    or is no UTF-8 text, unless `refuse` takes it.
    """
    finder = _finder(kind)
    check_date(date)
    rules = load_zone_rules(KNOWLEDGE / "zones.toml")
    for name, raw in read_files(paths, refuse):
        for span in finder(read_document(Source(id=name, file=name, issued=date), raw, rules), known):
            yield to_gold(span)


def check_date(date: str) -> None:
    """Raise `ValueError` in one sentence for a date of issue that is no EDTF."""
    if date:
        days(date)


def to_gold(span: Span) -> dict[str, Any]:
    """Return a span as the gold writes it: its place, then the kind's own fields, then where it stands."""
    fields = asdict(span)
    place = {name: fields.pop(name) for name in ("source", "start", "end", "exact")}
    where = {name: fields.pop(name) for name in ("section", "zone")}
    del fields["reading"]
    return place | fields | where


def _finder(kind: str) -> Finder:
    if kind not in KINDS:
        raise ValueError(f"There is no kind {kind!r}; kinds are {', '.join(KINDS)}.")
    return KINDS[kind]
