"""What people marked: independent references, and coders' readings of the contested questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apparatus.corpus import load_catalog
from apparatus.errors import DataError
from apparatus.knowledge import Question
from apparatus.model import Coding, Document, Position, Reference, Span
from apparatus.paths import READINGS

RELATIONS = ("confirms", "qualifies", "contradicts", "context")
VOICES = ("source", "reported")


def read_jsonl(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where, record) for each line of a JSONL file; `where` names file and line for an error message."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}, line {number}"
        try:
            yield where, json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{where}: this is no JSON object ({error.msg}); mend the line.") from None


def passage(corpus: Mapping[str, Document], entry: Mapping[str, Any], where: str, *, source: str, words: str) -> Span:
    """Return the passage a record points to. Raises `DataError` where its words are not at its offsets."""
    doc, start, end = corpus[source], entry["start"], entry["end"]
    if doc.raw[start:end] != words:
        raise DataError(
            f"{where}: {source} has {doc.raw[start:end]!r} at {start}-{end}, not {words!r}; "
            f"give the offsets of these words."
        )
    return doc.mark_raw(Span, start, end)


def load_references(corpus: Mapping[str, Document], path: Path = READINGS / "references.jsonl") -> list[Reference]:
    """Return the independent references that bear on words of the corpus, in the file's order.

    A reference may bear on several passages. Those of sources left out of `corpus` are left out too.
    Raises `DataError` for a relation or source that does not exist, and where words are not at their offsets.
    """
    catalog = load_catalog()
    references = []
    for where, entry in read_jsonl(path):
        if unknown := [place["source"] for place in (entry, *entry["also"]) if place["source"] not in catalog]:
            raise DataError(f"{where}: the catalog has no source {unknown[0]!r}; use one of {', '.join(catalog)}.")
        if entry["relation"] not in RELATIONS:
            raise DataError(f"{where}: relation {entry['relation']!r} is none of {', '.join(RELATIONS)}.")
        passages = tuple(
            passage(corpus, place, where, source=place["source"], words=place["quote"])
            for place in (entry, *entry["also"])
            if place["source"] in corpus
        )
        if passages:
            references.append(_reference(entry, passages))
    return references


def _reference(entry: Mapping[str, Any], passages: tuple[Span, ...]) -> Reference:
    return Reference(
        **{name: entry[name] for name in ("id", "theme", "relation", "finding", "verified", "evidence_words", "note")},
        **{name: entry["reference"][name] for name in ("organisation", "title", "date", "identifier")},
        search_evidence=tuple(entry["search_evidence"]),
        after_corpus=entry["after_corpus"],
        passages=passages,
    )


def load_codings(
    corpus: Mapping[str, Document], questions: Mapping[str, Question], folder: Path = READINGS / "codings"
) -> list[Coding]:
    """Return every coder's reading of every question in the sources of `corpus`. The coder is the file's name."""
    return [
        _coding(corpus, questions, path.stem, entry, where)
        for path in sorted(folder.glob("*.jsonl"))
        for where, entry in read_jsonl(path)
        if entry["source"] in corpus
    ]


def _coding(
    corpus: Mapping[str, Document], questions: Mapping[str, Question], coder: str, entry: Mapping[str, Any], where: str
) -> Coding:
    question = questions.get(entry["question"])
    if question is None:
        raise DataError(f"{where}: the codebook has no question {entry['question']!r}; mend one of them.")
    codes = {position.code for position in question.positions}
    used = [entry["code"], *(other["code"] for name in ("also", "rejects") for other in entry.get(name, ()))]
    if unknown := [code for code in used if code not in codes | {"silent"}]:
        raise DataError(
            f"{where}: question {question.id!r} has no position {unknown[0]!r}; use one of {sorted(codes)}."
        )
    if entry["code"] != "silent" and not entry.get("evidence"):
        raise DataError(f"{where}: {entry['code']!r} is coded without a passage; give the words, or code it silent.")
    others = {
        name: tuple(_position(corpus, entry["source"], other, [other], where) for other in entry.get(name, ()))
        for name in ("also", "rejects")
    }
    held = _position(corpus, entry["source"], entry, entry["evidence"], where) if entry["code"] != "silent" else None
    return Coding(
        coder=coder,
        question=question.id,
        source=entry["source"],
        code=entry["code"],
        silent_reason=entry.get("silent_reason", ""),
        confidence=entry.get("confidence", 0),
        voice=entry.get("voice", ""),
        held=held,
        note=entry.get("note", ""),
        **others,
    )


def _position(
    corpus: Mapping[str, Document], source: str, entry: Mapping[str, Any], evidence: list[Mapping[str, Any]], where: str
) -> Position:
    if entry.get("voice") not in VOICES:
        raise DataError(f"{where}: the voice is {entry.get('voice')!r}; it is 'source' or 'reported'.")
    speakers = dict.fromkeys(one["speaker"] for one in (entry, *evidence) if one.get("speaker"))
    spans = tuple(passage(corpus, one, where, source=source, words=one["exact"]) for one in evidence)
    return Position(code=entry["code"], voice=entry["voice"], speaker=", ".join(speakers), evidence=spans)
