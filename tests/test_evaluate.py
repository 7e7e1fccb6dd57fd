import json

import pytest

from apparatus.errors import DataError
from apparatus.evaluate import load_coverage, load_gold, score

MARKED = {"source": "eadaily-2024-10-02", "start": 10, "end": 14, "exact": "2020", "edtf": "2020", "kind": "year"}


def test_what_is_marked_and_found_alike_scores_one():
    result = score([MARKED], [MARKED], ("edtf",))
    assert (result.precision, result.recall, result.f1) == (1, 1, 1)


def test_an_offset_moved_by_one_is_a_miss_and_an_extra():
    result = score([MARKED | {"start": 11}], [MARKED])
    assert result.f1 == 0
    assert result.misses == (MARKED,)
    assert result.extras[0]["start"] == 11


def test_a_wrong_field_counts_only_where_it_is_asked_for():
    found = [MARKED | {"edtf": "2021"}]
    assert score(found, [MARKED]).f1 == 1
    assert score(found, [MARKED], ("edtf",)).f1 == 0


def test_precision_and_recall_are_told_apart():
    result = score([MARKED, MARKED | {"start": 20, "end": 24}], [MARKED])
    assert (result.precision, result.recall, result.n_found, result.n_gold) == (0.5, 1, 2, 1)


def test_a_range_found_as_a_tuple_equals_the_list_of_the_gold():
    assert score([MARKED | {"value": (1, 2)}], [MARKED | {"value": [1, 2]}], ("value",)).f1 == 1


def test_what_lies_outside_the_marked_part_is_left_out():
    beyond = MARKED | {"source": "air-bulletin-2024-02", "start": 30000, "end": 30004}
    assert score([MARKED, beyond, MARKED | {"source": "unmarked"}], [MARKED]).n_found == 1


def test_the_gold_lies_inside_its_coverage():
    coverage = load_coverage()
    for kind in ("numbers", "dates", "quotes"):
        assert all(span["start"] < coverage[span["source"]] for span in load_gold(kind))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dates.jsonl").write_text(json.dumps(MARKED) + "\n", encoding="utf-8")

    def write(corrections):
        (tmp_path / "corrections.toml").write_text(corrections, encoding="utf-8")
        return tmp_path

    return write


CORRECTION = '[[correction]]\nkind = "dates"\nref = "eadaily-2024-10-02:10-14"\nwhy = "a slip"\n'


def test_a_correction_replaces_a_field(folder):
    (span,) = load_gold("dates", folder(CORRECTION + 'set = { edtf = "2019" }'))
    assert span["edtf"] == "2019"


def test_a_correction_removes_a_span(folder):
    assert load_gold("dates", folder(CORRECTION + "remove = true")) == []


def test_a_correction_adds_a_span(folder):
    add = (
        '[[correction]]\nkind = "dates"\nwhy = "left out"\nadd = { source = "eadaily-2024-10-02", start = 1, end = 5 }'
    )
    assert [span["start"] for span in load_gold("dates", folder(add))] == [1, 10]


def test_a_correction_that_fits_no_span_stops(folder):
    with pytest.raises(DataError, match=r"9-14"):
        load_gold("dates", folder(CORRECTION.replace("10-14", "9-14") + "remove = true"))


def test_a_correction_without_a_reason_stops(folder):
    with pytest.raises(DataError, match="the field 'why' is missing"):
        load_gold("dates", folder(CORRECTION.replace('why = "a slip"\n', "") + "remove = true"))
