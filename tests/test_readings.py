import json
from pathlib import Path

import pytest

from apparatus.corpus import load_corpus
from apparatus.errors import DataError
from apparatus.knowledge import load_knowledge
from apparatus.paths import READINGS
from apparatus.readings import load_codings, load_references

CORPUS = load_corpus()
QUESTIONS = load_knowledge().questions
FIRST_REFERENCE = json.loads((READINGS / "references.jsonl").read_text(encoding="utf-8").splitlines()[0])
FIRST_CODING = json.loads((READINGS / "codings" / "coder-1.jsonl").read_text(encoding="utf-8").splitlines()[0])


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
    ],
)
def test_a_faulty_coding_says_what_is_wrong(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_codings(CORPUS, QUESTIONS, codings_with(tmp_path, **changes))


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
