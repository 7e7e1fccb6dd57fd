import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from apparatus.corpus import read_document
from apparatus.evaluate import Score, count_by_block, score
from apparatus.marked import KINDS, PEERS, load_marked, load_peers
from apparatus.model import Source
from apparatus.quality import OURS, Quality, chosen, speaker_share
from apparatus.stats import f1_interval


def span(start, end, **fields):
    return {"source": "one", "start": start, "end": end, **fields}


def test_an_overlap_is_right_only_where_it_is_asked_for():
    found, marked = [span(5, 9, value=4)], [span(0, 9, value=4)]
    assert score(found, marked, ("value",), coverage={"one": 100}).f1 == 0
    assert score(found, marked, ("value",), coverage={"one": 100}, overlap=True).f1 == 1


def test_each_span_is_counted_once_by_overlap():
    result = score([span(0, 9)], [span(0, 4), span(5, 9)], coverage={"one": 100}, overlap=True)
    assert (len(result.pairs), len(result.misses), len(result.extras)) == (1, 1, 0)


def test_the_share_of_a_field_is_of_the_pairs():
    marked = [span(0, 4, unit="day"), span(5, 9, unit="km"), span(20, 24, unit="km")]
    result = score([span(0, 4, unit="day"), span(5, 9, unit="")], marked, coverage={"one": 100})
    assert (result.share("unit"), result.n_gold) == (0.5, 3)
    assert result.differing("unit") == [(marked[1], span(5, 9, unit=""))]


def test_spans_are_counted_in_the_block_where_they_begin():
    doc = read_document(Source(id="one", file="one"), "First paragraph here.\n\nSecond paragraph there.")
    result = score([span(0, 5), span(30, 33)], [span(0, 5), span(23, 29)], coverage={"one": 46})
    assert count_by_block(result, {"one": doc}, {"one": 46}).tolist() == [[1, 1, 1], [0, 1, 1]]


def test_an_interval_holds_the_score_and_is_wider_for_fewer_blocks():
    few = np.array([[1, 1, 1], [0, 1, 1], [2, 2, 3]] * 4)
    many = np.tile(few, (20, 1))
    low, high = f1_interval(few)
    assert 0 < low < 2 * 3 / (4 + 5) < high < 1
    narrow = f1_interval(many)
    assert narrow[1] - narrow[0] < high - low
    assert f1_interval(many, seed=1) == narrow != f1_interval(many, seed=2)


def test_without_errors_the_interval_is_a_point():
    assert f1_interval(np.array([[1, 1, 1], [3, 3, 3]])) == (1, 1)


def test_a_speaker_is_missed_with_its_quotation():
    marked = [span(0, 4, type="direct", speaker="A"), span(5, 9, type="direct", speaker="B"), span(9, 11, type="term")]
    found = [span(0, 4, type="direct", speaker="A")]
    assert speaker_share(score(found, marked, coverage={"one": 100})) == (0.5, 2)


def test_a_tool_that_was_not_measured_is_refused():
    quality = Quality(load_marked()[0], "dates", OURS, Score(), Score())
    assert chosen([quality], []) == [quality]
    with pytest.raises(ValueError, match="no tool 'datefindr'"):
        chosen([quality], ["datefindr"])


def test_marked_texts_hold_what_is_marked():
    for texts in load_marked():
        for kind in KINDS:
            assert texts.gold[kind]
            for one in texts.gold[kind]:
                assert texts.docs[one["source"]].raw[one["start"] : one["end"]] == one["exact"]
                assert one["start"] < texts.coverage[one["source"]]


def test_what_peers_found_is_what_they_find(tmp_path):
    command = [sys.executable, Path(__file__).parent / "peers.py", tmp_path]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
    for kind in KINDS:
        found = (tmp_path / f"{kind}.jsonl").read_text(encoding="utf-8")
        assert found == (PEERS / f"{kind}.jsonl").read_text(encoding="utf-8"), "say: make peers"
        assert load_peers(kind)
