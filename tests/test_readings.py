import json
import shutil
from pathlib import Path

import pytest

from apparatus.errors import DataError
from apparatus.knowledge import load_knowledge
from apparatus.model import Source
from apparatus.paths import KNOWLEDGE, READINGS
from apparatus.readings import later_than, load_codings, load_references
from five import CORPUS

QUESTIONS = load_knowledge().questions
FIRST_REFERENCE = json.loads((READINGS / "references.jsonl").read_text(encoding="utf-8").splitlines()[0])
FIRST_CODING = json.loads((READINGS / "codings" / "coder-1.jsonl").read_text(encoding="utf-8").splitlines()[0])

FIRST_PASSAGE = FIRST_CODING["evidence"][0]
SILENT = {"code": "silent", "silent_reason": "not-addressed", "evidence": []}


def references_with(tmp_path: Path, **changes: object) -> Path:
    file = tmp_path / "references.jsonl"
    file.write_text(json.dumps(FIRST_REFERENCE | changes), encoding="utf-8")
    return file


def codings_with(tmp_path: Path, **changes: object) -> Path:
    (tmp_path / "coder.jsonl").write_text(json.dumps(FIRST_CODING | changes), encoding="utf-8")
    return tmp_path


def test_every_reference_and_coding_resolves() -> None:
    lines = (READINGS / "references.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(load_references(CORPUS)) == len(lines)
    codings = load_codings(CORPUS, QUESTIONS)
    assert {(one.question, one.source) for one in codings} == {(q, s) for q in QUESTIONS for s in CORPUS}


def test_an_offset_moved_by_one_is_caught(tmp_path: Path) -> None:
    file = references_with(tmp_path, start=FIRST_REFERENCE["start"] + 1, end=FIRST_REFERENCE["end"] + 1)
    with pytest.raises(DataError, match=r"references\.jsonl, line 1: air-bulletin-2024-02 has .* not 'he secured"):
        load_references(CORPUS, file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"relation": "supports"}, "relation 'supports' is none of confirms, qualifies, contradicts, context"),
        ({"source": "nowhere"}, "source 'nowhere' is none of air-bulletin-2024-02, .*; use one of these"),
        ({"theme": "elections"}, "theme 'elections' is none of election, .*; use one of these"),
        ({"verified": "yes"}, "verified 'yes' is none of search, general-knowledge; use one of these"),
        ({"quote": "he secured 92.13% of the votes"}, "not 'he secured 92.13% of the votes'; give the offsets"),
        ({"quote": "", "end": FIRST_REFERENCE["start"]}, "has '' at .*; give the offsets of these words"),
    ],
)
def test_a_faulty_reference_says_what_is_wrong(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    file = references_with(tmp_path, **changes)
    with pytest.raises(DataError, match=message):
        load_references(CORPUS, file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": "no-such"}, "the codebook has no question 'no-such'"),
        ({"code": "landslide"}, "has no position 'landslide'"),
        ({"evidence": []}, "is coded without a passage"),
        ({"voice": "chorus"}, "the voice is 'chorus'"),
        ({"voice": "reported"}, "words are reported of nobody; name the speaker"),
        ({"voice": "reported", "speaker": "the mayor"}, "the voice is 'reported', but its passages are source"),
        ({"source": "nowhere"}, "source 'nowhere' is none of .*; use one of these"),
        ({"also": [FIRST_PASSAGE | {"code": "landslide"}]}, "has no position 'landslide'"),
        ({"confidence": 4}, "the confidence is 4; it is 3, 2 or 1"),
        ({"silent_reason": "mentioned"}, "silent_reason 'mentioned' is none of"),
        ({"code": "silent", "silent_reason": "mentioned"}, "a silent source has a passage; code the position"),
        (SILENT | {"silent_reason": ""}, "silent_reason '' is none of predates, mentioned, not-addressed"),
        (SILENT | {"silent_reason": "predates"}, "goes up to 2024-02-29, .* of 2024-02-07; .* is not 'predates'"),
        (SILENT | {"source": "bayramov-article"}, "goes up to 2021-09-24, .* of 2024-02-07; .* is 'predates'"),
        ({"evidence": [FIRST_PASSAGE | {"exact": "Voters"}]}, "not 'Voters'; give the offsets of these words"),
    ],
)
def test_a_faulty_coding_says_what_is_wrong(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_codings(CORPUS, QUESTIONS, codings_with(tmp_path, **changes))


def test_a_cell_coded_twice_or_not_at_all_is_named(tmp_path: Path) -> None:
    lines = (READINGS / "codings" / "coder-1.jsonl").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "coder-2.jsonl"
    file.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"line 201: 'election-result' is coded twice in air-bulletin-2024-02; keep one"
    ):
        load_codings(CORPUS, QUESTIONS, tmp_path)
    file.write_text("\n".join(lines[1:]), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"coder-2\.jsonl: 'election-result' is not coded in air-bulletin-2024-02; code"
    ):
        load_codings(CORPUS, QUESTIONS, tmp_path)


def test_a_source_that_a_coder_did_not_read_is_no_fault(tmp_path: Path) -> None:
    lines = (READINGS / "codings" / "coder-1.jsonl").read_text(encoding="utf-8").splitlines()
    some = [line for line in lines if json.loads(line)["source"] != "eadaily-2024-10-02"]
    (tmp_path / "coder-2.jsonl").write_text("\n".join(some), encoding="utf-8")
    assert {one.source for one in load_codings(CORPUS, QUESTIONS, tmp_path)} == CORPUS.keys() - {"eadaily-2024-10-02"}


def test_a_reference_given_twice_is_named(tmp_path: Path) -> None:
    file = tmp_path / "references.jsonl"
    file.write_text("\n".join([json.dumps(FIRST_REFERENCE)] * 2), encoding="utf-8")
    with pytest.raises(DataError, match=r"line 2: the id 'cec-final-result' stands twice; give each reference its own"):
        load_references(CORPUS, file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "election-early"', 'id = "election-result"', "question 'election-result': the id stands twice"),
        ('theme = "khojaly"', 'theme = "khojali"', "there is no theme 'khojali'; did you mean 'khojaly'"),
        ('id = "election"', 'id = "elections"', "there is no theme 'elections'; did you mean 'election'"),
        ('event = "2023-12"', 'event = "2023-13"', "event: '2023-13' is no EDTF date"),
        ('why = "', 'whey = "', "unknown field 'whey'; did you mean 'why'"),
        ('code = "rule-extended"', 'code = "popular-mandate"', "the code 'popular-mandate' is taken already"),
    ],
)
def test_a_faulty_question_of_the_codebook_says_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    book = folder / "codebook.toml"
    book.write_text(book.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_knowledge(folder)


@pytest.mark.parametrize(
    ("issued", "latest", "dates", "words"),
    [
        ("2023-10-03", "2023-10-03", "2023-10-04", "published after this text"),
        ("2023-10-03", "2023-10-03", "2023-10-03", ""),
        ("2023-10-03", "2023-10-03", "2023-10", ""),
        ("2024-02", "2024-02-29", "2024-02-14; 2025", "in part published after this text"),
        ("2021-09-24/..", "2021-09-24", "2024-04", "published after what this text tells of"),
        ("2023-10-03", "2023-10-03", "-", ""),
        ("", "", "2024-04", ""),
    ],
)
def test_whether_a_record_is_later_than_a_text_follows_from_the_dates(
    issued: str, latest: str, dates: str, words: str
) -> None:
    assert later_than(Source(id="x", file="x", label="x", issued=issued, latest=latest), dates) == words


def test_what_came_after_the_documents_contradicts_none(tmp_path: Path) -> None:
    file = references_with(tmp_path, relation="contradicts", after_corpus=True)
    with pytest.raises(DataError, match=r"line 1: what came after a text cannot contradict it"):
        load_references(CORPUS, file)


def test_a_reference_dated_in_words_is_named(tmp_path: Path) -> None:
    file = references_with(tmp_path, reference={**FIRST_REFERENCE["reference"], "date": "2024-02; undated"})
    with pytest.raises(DataError, match=r"line 1: 'undated' is no EDTF date"):
        load_references(CORPUS, file)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "references.jsonl"
    file.write_text('{"id": "x",}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"references\.jsonl, line 1: this is no JSON object"):
        load_references(CORPUS, file)


def test_references_of_sources_left_out_are_left_out() -> None:
    one = {"eadaily-2024-10-02": CORPUS["eadaily-2024-10-02"]}
    chosen = load_references(one)
    assert chosen
    assert all(place.source in one for reference in chosen for place in reference.passages)
