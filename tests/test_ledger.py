"""The ledger of findings: each resolves byte for byte, and a planted fault is named with what to do."""

import json
from dataclasses import replace

import pytest

from apparatus.corpus import the_corpus
from apparatus.errors import DataError
from apparatus.ledger import (
    ACCEPTED,
    Finding,
    check_findings,
    find_findings,
    hash_words,
    load_findings,
    read_findings,
    write_findings,
)
from apparatus.outputs import FINDING
from tiny import House, code, notebook

TEXTS = {"a": "Turnout was 76.43% that day."}
GOOD = Finding(
    id="election#finding-1",
    sentence="The turnout is given as 76.43%.",
    numbers={"turnout": 76.43},
    evidence=("a:12-18",),
    words_sha256=hash_words(["76.43%"]),
    notebook="election",
    cell="turnout",
)


def test_a_finding_of_a_notebook_is_found_with_its_run_and_cell():
    record = {"id": "finding-1", "sentence": GOOD.sentence, "numbers": GOOD.numbers, "evidence": ["a:12-18"]}
    record["words_sha256"] = GOOD.words_sha256
    cell = code("turnout", "1") | {"outputs": [{"output_type": "display_data", "data": {FINDING: record}}]}
    assert list(find_findings({"election": notebook(cell)})) == [GOOD]


def test_findings_are_written_and_read_again_without_those_of_the_page_that_gathers_them(tmp_path):
    house = House(tmp_path)
    house.add("start", entry="gathers = true")
    path, own = tmp_path / "findings.jsonl", replace(GOOD, id="start#finding-1", notebook="start")
    write_findings([own, GOOD], path)
    assert read_findings(path) == [own, GOOD]
    assert load_findings(path=path, plan=house.plan) == [GOOD]
    assert load_findings(path=tmp_path / "none", accepted=path, plan=house.plan) == [GOOD]
    with pytest.raises(DataError, match="make notebooks"):
        load_findings(path=tmp_path / "none", accepted=tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"evidence": ()}, "rests on no passage; give `finding` its evidence"),
        ({"evidence": ("b:1-2",)}, "there is no passage b:1-2"),
        ({"evidence": ("a:12-900",)}, "there is no passage a:12-900"),
        ({"evidence": ("a:7-7",)}, "there is no passage a:7-7"),
        ({"evidence": ("a:13-19",)}, "are not those that this finding rests on"),
    ],
)
def test_a_finding_whose_evidence_does_not_resolve_is_refused(change, complaint):
    check_findings([GOOD], TEXTS)
    with pytest.raises(DataError, match="election#finding-1") as error:
        check_findings([replace(GOOD, **change)], TEXTS)
    assert complaint in str(error.value)


def test_a_changed_text_is_seen():
    with pytest.raises(DataError, match="make notebooks"):
        check_findings([GOOD], {"a": TEXTS["a"].replace("76.43", "76.73")})


def test_every_accepted_finding_rests_on_words_that_stand_in_the_texts():
    findings = read_findings(ACCEPTED)
    check_findings(findings, {name: doc.raw for name, doc in the_corpus().items()})
    ids = [json.dumps(one.id) for one in findings]
    assert len(ids) == len(set(ids)), "two findings of one page share their sentence; word one of them differently"
