"""How well the extractors agree with what people marked: thresholds that only rise (tests/thresholds.toml)."""

import math
import tomllib
from functools import cache

import pytest

from apparatus.knowledge import the_knowledge
from apparatus.marked import load_marked
from apparatus.paths import ROOT
from apparatus.quality import FIELDS, measure, ours, speaker_share

FILE = ROOT / "tests" / "thresholds.toml"


@cache
def figures() -> dict[tuple[str, str, str], float]:
    """Every score of ours: F1 of each kind in each set of texts, and the share right of each field."""
    found = {}
    for one in ours(measure(load_marked(), the_knowledge())):
        found[one.marked.name, one.kind, "F1"] = one.exact.f1
        for field in FIELDS[one.kind]:
            share = speaker_share(one.exact)[0] if field == "speaker" else one.exact.share(field)
            found[one.marked.name, one.kind, field] = share
    return found


def thresholds() -> dict[tuple[str, str, str], float]:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["threshold"]
    return {(entry["texts"], entry["kind"], entry["what"]): entry["least"] for entry in entries}


def fault(score: float, least: float) -> str:
    """What is wrong with a score and its threshold, which is the score cut to two digits; "" where nothing is."""
    if score < least:
        return f"{score:.4f} is below {least}"
    cut = math.floor(score * 100 + 1e-9) / 100
    return f"{score:.4f} is above its threshold {least}: raise that to {cut}" if cut > least else ""


@pytest.mark.parametrize("what", thresholds(), ids=" ".join)
def test_a_score_holds_its_threshold_and_the_threshold_rises_with_it(what):
    assert fault(figures()[what], thresholds()[what]) == ""


def test_every_score_has_a_threshold():
    assert set(thresholds()) == set(figures())


def test_the_check_sees_a_fall_and_a_threshold_left_behind():
    assert fault(0.97, 0.98) == "0.9700 is below 0.98"
    assert fault(0.987, 0.97) == "0.9870 is above its threshold 0.97: raise that to 0.98"
    assert fault(0.987, 0.98) == fault(1.0, 1.0) == ""
