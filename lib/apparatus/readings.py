"""What people marked: independent references, and coders' readings of the contested questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from apparatus.corpus import load_catalog
from apparatus.edtf_days import days
from apparatus.entries import check_edtf, check_fields, near, read_jsonl
from apparatus.errors import DataError
from apparatus.knowledge import Question, load_headings
from apparatus.model import Bearing, Coding, Document, Evidence, Position, Reference, Source, SpanT
from apparatus.paths import READINGS

RELATIONS = ("confirms", "qualifies", "contradicts", "context")
VERIFIED = {
    "search": "Seen in a search result, often a mirror, not in the original document.",
    "general-knowledge": "General knowledge, not looked up.",
}
VOICES = ("source", "reported")
SILENCES = ("predates", "mentioned", "not-addressed")
PLACE = {"source": str, "quote": str, "start": int, "end": int, "occurrences": int}
BEARING = {**PLACE, "relation": str}
REFERENCE = {
    **BEARING,
    **dict.fromkeys(("id", "theme", "finding", "verified", "evidence_words", "note"), str),
    "also": [BEARING],
    "reference": dict.fromkeys(("organisation", "title", "date", "identifier"), str),
    "search_evidence": [str],
    "after_corpus": bool,
}
WORDS = {"start": int, "end": int, "exact": str, "voice": str}
BESIDE_WORDS = {"section": str, "speaker": str}
CELL = {"question": str, "source": str, "code": str}
BESIDE_CELL = {
    **dict.fromkeys(("voice", "note", "silent_reason", "speaker"), str),
    "confidence": int,
    **{key: [dict] for key in ("evidence", "also", "rejects")},
}


def passage(
    corpus: Mapping[str, Document],
    entry: Mapping[str, Any],
    where: str,
    *,
    source: str,
    words: str,
    record: type[SpanT],
    **fields: Any,
) -> SpanT:
    """Return the passage a record points to. Raises `DataError` where its words are not at its offsets."""
    doc, start, end = corpus[source], entry["start"], entry["end"]
    if not words or doc.raw[start:end] != words:
        raise DataError(
            f"{where}: {source} has {doc.raw[start:end]!r} at {start}-{end}, not {words!r}; "
            f"give the offsets of these words."
        )
    return doc.mark_raw(record, start, end, **fields)


def load_references(corpus: Mapping[str, Document], path: Path = READINGS / "references.jsonl") -> list[Reference]:
    """Return the independent references that bear on words of the corpus, in the file's order.

    A reference may bear on several passages, and on each in another way. Those of sources left out of `corpus` are
    left out too.
    Raises `DataError` for an id given twice, for a relation, theme, way of verifying or source that does not exist,
    for what came after the documents and is said to contradict one, for a date that is not EDTF, and where words are
    not at their offsets.
    """
    catalog, themes = load_catalog(), load_headings()
    references: list[Reference] = []
    ids: set[str] = set()
    for where, entry in read_jsonl(path, REFERENCE):
        if entry["id"] in ids:
            raise DataError(f"{where}: the id {entry['id']!r} stands twice; give each reference its own.")
        ids.add(entry["id"])
        places = (entry, *entry["also"])
        for field, value, known in (
            *(("source", place["source"], list(catalog)) for place in places),
            *(("relation", place["relation"], RELATIONS) for place in places),
            ("theme", entry["theme"], list(themes)),
            ("verified", entry["verified"], list(VERIFIED)),
        ):
            _check_known(field, value, known, where)
        _check_record(entry, where)
        dates = entry["reference"]["date"]
        passages = tuple(
            passage(
                corpus, place, where, source=place["source"], words=place["quote"], record=Bearing,
                relation=place["relation"], later=later_than(corpus[place["source"]].source, dates),
            )
            for place in places
            if place["source"] in corpus
        )  # fmt: skip
        if passages:
            references.append(_reference(entry, passages))
    return references


def _check_record(entry: Mapping[str, Any], where: str) -> None:
    for one in _dates(entry["reference"]["date"]):
        check_edtf(one, where)
    if entry["after_corpus"] and any(place["relation"] == "contradicts" for place in (entry, *entry["also"])):
        raise DataError(f"{where}: what came after a text cannot contradict it; write the relation as 'context'.")


def _dates(dates: str) -> list[str]:
    return [one for one in dates.split("; ") if one.strip("-")]


def later_than(source: Source, dates: str) -> str:
    """Return in words that a record was published after a source, or in part; "" where it was not, or no date tells.

    `dates` is one EDTF date or several, as "2024-04-19; 2024-05-24". A source of open date, which may be later than all
    that it tells of, is compared by the latest that it tells of, and the words say so.
    """
    after = [written_before(source, one) for one in _dates(dates)]
    if not any(after):
        return ""
    dated = source.issued and days(source.issued)[1] < date.max
    return f"{'' if all(after) else 'in part '}published after {'this text' if dated else 'what this text tells of'}"


def _check_known(field: str, value: str, known: Sequence[str], where: str) -> None:
    if value not in known:
        raise DataError(f"{where}: {field} {value!r} is none of {', '.join(known)}; use one of these.")


def _reference(entry: Mapping[str, Any], passages: tuple[Bearing, ...]) -> Reference:
    return Reference(
        **{name: entry[name] for name in ("id", "theme", "finding", "verified", "evidence_words", "note")},
        **{name: entry["reference"][name] for name in ("organisation", "title", "date", "identifier")},
        search_evidence=tuple(entry["search_evidence"]),
        after_corpus=entry["after_corpus"],
        passages=passages,
    )


def load_codings(
    corpus: Mapping[str, Document], questions: Mapping[str, Question], folder: Path = READINGS / "codings"
) -> list[Coding]:
    """Return every coder's reading of every question in the sources of `corpus`. The coder is the file's name.

    A coder who read a source read every question in it; a source that a coder did not read is left out.
    Raises `DataError` for a coding that breaks the coding rules where a program can see it.
    """
    catalog, codings = load_catalog(), []
    for path in sorted(folder.glob("*.jsonl")):
        seen: set[tuple[str, str]] = set()
        for where, entry in read_jsonl(path, CELL, BESIDE_CELL):
            cell = (entry["question"], entry["source"])
            _check_known("source", entry["source"], list(catalog), where)
            _check_words(entry, where)
            if entry["question"] not in questions:
                raise DataError(f"{where}: the codebook has no question {entry['question']!r}; mend one of them.")
            if cell in seen:
                raise DataError(f"{where}: {cell[0]!r} is coded twice in {cell[1]}; keep one of them.")
            seen.add(cell)
            if entry["source"] in corpus:
                codings.append(_coding(corpus, questions[entry["question"]], path.stem, entry, where))
        _check_whole(seen, questions, path.name)
    return codings


def _check_words(entry: Mapping[str, Any], where: str) -> None:
    for name, needed in (("evidence", WORDS), ("also", {**WORDS, "code": str}), ("rejects", {**WORDS, "code": str})):
        for one in entry.get(name, ()):
            check_fields(one, f"{where}, {name}", needed, BESIDE_WORDS)


def _check_whole(seen: Collection[tuple[str, str]], questions: Mapping[str, Question], name: str) -> None:
    for source in sorted({source for _, source in seen}):
        if missing := [question for question in questions if (question, source) not in seen]:
            raise DataError(
                f"{name}: {missing[0]!r} is not coded in {source}; "
                f"code every question of a source, as silent where it takes no position."
            )


def _coding(
    corpus: Mapping[str, Document], question: Question, coder: str, entry: Mapping[str, Any], where: str
) -> Coding:
    _check_codes(question, entry, where)
    _check_silence(question, corpus[entry["source"]].source, entry, where)
    others = {
        name: tuple(_position(corpus, entry["source"], other, [other], where) for other in entry.get(name, ()))
        for name in ("also", "rejects")
    }
    held = None if entry["code"] == "silent" else _held(corpus, entry, where)
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


def _check_codes(question: Question, entry: Mapping[str, Any], where: str) -> None:
    codes = [position.code for position in question.positions]
    others = [other["code"] for name in ("also", "rejects") for other in entry.get(name, ())]
    for code in [*others, *([] if entry["code"] == "silent" else [entry["code"]])]:
        if code not in codes:
            raise DataError(f"{where}: question {question.id!r} has no position {code!r}{near(code, codes)}")


def _check_silence(question: Question, source: Source, entry: Mapping[str, Any], where: str) -> None:
    """Silence has a reason and no passage; `predates` is no judgement, it follows from two dates."""
    evidence, reason = entry.get("evidence"), entry.get("silent_reason", "")
    if entry["code"] != "silent" and not evidence:
        raise DataError(f"{where}: {entry['code']!r} is coded without a passage; give the words, or code it silent.")
    if entry["code"] == "silent" and evidence:
        raise DataError(f"{where}: a silent source has a passage; code the position it takes, or take it out.")
    if entry["code"] == "silent" or reason:
        _check_known("silent_reason", reason, SILENCES if entry["code"] == "silent" else (), where)
    before = written_before(source, question.event)
    if (reason == "predates") != before:
        dates = f"{source.id} goes up to {source.latest or 'no date in the catalog'}, "
        dates += f"the event asked about is of {question.event or 'no date'}"
        raise DataError(f"{where}: {dates}; the reason of silence is {'' if before else 'not '}'predates'.")


def written_before(source: Source, event: str) -> bool:
    """Return whether the latest that a source tells of is earlier than an event: its last day before the first one.

    A source without a `latest` date, or a question about no event, is before nothing.
    """
    if not (source.latest and event):
        return False
    return days(source.latest)[1] < days(event)[0]


def _held(corpus: Mapping[str, Document], entry: Mapping[str, Any], where: str) -> Position:
    if entry.get("confidence") not in (1, 2, 3):
        raise DataError(f"{where}: the confidence is {entry.get('confidence')!r}; it is 3, 2 or 1.")
    held = _position(corpus, entry["source"], entry, entry["evidence"], where)
    voices = {one.voice for one in held.evidence}
    if held.voice != ("source" if "source" in voices else "reported"):
        raise DataError(
            f"{where}: the voice is {held.voice!r}, but its passages are {' and '.join(sorted(voices))}; "
            f"it is 'source' if one of them is."
        )
    return held


def _position(
    corpus: Mapping[str, Document], source: str, entry: Mapping[str, Any], evidence: list[Mapping[str, Any]], where: str
) -> Position:
    for one in (entry, *evidence):
        if one.get("voice") not in VOICES:
            raise DataError(f"{where}: the voice is {one.get('voice')!r}; it is 'source' or 'reported'.")
        if one["voice"] == "reported" and not one.get("speaker"):
            raise DataError(f"{where}: words are reported of nobody; name the speaker, or give the voice as 'source'.")
    spans = tuple(
        passage(
            corpus, one, where, source=source, words=one["exact"],
            record=Evidence, voice=one["voice"], speaker=one.get("speaker", ""),
        )
        for one in evidence
    )  # fmt: skip
    speakers = dict.fromkeys(one["speaker"] for one in (entry, *evidence) if one.get("speaker"))
    return Position(code=entry["code"], voice=entry["voice"], speaker=", ".join(speakers), evidence=spans)
