"""One `find_<kind>(doc, known)` per kind of span, all of one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from apparatus.corpus import find_sentences, read_document
from apparatus.extract.dates import find_dates
from apparatus.extract.mentions import find_mentions
from apparatus.extract.numbers import find_numbers
from apparatus.extract.quotes import find_quotes
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Sentence, Source, Span

Finder = Callable[[Document, Knowledge], Sequence[Span]]


def _sentences(doc: Document, known: Knowledge) -> list[Sentence]:
    return sorted(find_sentences(doc), key=lambda sentence: sentence.start)


KINDS: dict[str, Finder] = {
    "numbers": find_numbers,
    "dates": find_dates,
    "quotes": find_quotes,
    "mentions": find_mentions,
    "sentences": _sentences,
}


def find(kind: str, corpus: dict[str, Document], known: Knowledge) -> list[Span]:
    """Return the spans of a kind in all documents, in the corpus's order and then by place."""
    finder = _finder(kind)
    return [span for doc in corpus.values() for span in finder(doc, known)]


def find_in_files(kind: str, paths: Iterable[Path], known: Knowledge, *, date: str = "") -> Iterator[dict[str, Any]]:
    """Yield the spans of a kind in text files, as the gold writes them; `source` is the file's name.

    The files need not be in the catalog; a directory is read file by file. `date` is their date of issue, in EDTF.
    Raises `ValueError` in one sentence for a file that is missing or is no UTF-8 text.
    """
    finder = _finder(kind)
    for path in _files(paths):
        raw = read_raw(path)
        if raw.strip():
            doc = read_document(Source(id=path.name, file=path.name, issued=date), raw)
            for span in finder(doc, known):
                yield to_gold(span)


def to_gold(span: Span) -> dict[str, Any]:
    """Return a span as the gold writes it: its place, then the kind's own fields, then where it stands."""
    fields = asdict(span)
    place = {name: fields.pop(name) for name in ("source", "start", "end", "exact")}
    where = {name: fields.pop(name) for name in ("section", "zone")}
    del fields["reading"]
    return place | fields | where


def read_raw(path: Path) -> str:
    """Return the text of a file with its newlines untouched. Raises `ValueError` where it is no UTF-8 text."""
    if not path.exists():
        raise ValueError(f"{path}: there is no such file.")
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError(f"{path} is UTF-16, not UTF-8; convert it first.")
    if b"\0" in data:
        raise ValueError(f"{path} holds NUL bytes: it is no text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 (byte {error.start}); convert it first.") from None


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file())
        else:
            yield path


def _finder(kind: str) -> Finder:
    if kind not in KINDS:
        raise ValueError(f"There is no kind {kind!r}; kinds are {', '.join(KINDS)}.")
    return KINDS[kind]
