"""The marked-up examples in cases/*.toml: what is marked is found, with its fields, and nothing else is."""

import re
import tomllib
from pathlib import Path

import pytest

from apparatus.corpus import read_document
from apparatus.extract import KINDS
from apparatus.knowledge import the_knowledge
from apparatus.model import Source

FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
KNOWN_KINDS = ("numbers", "dates", "quotes", "mentions", "terms", "sentences")


def load(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))["case"]


def cases():
    for path in FILES:
        if path.stem in KNOWN_KINDS:
            for number, case in enumerate(load(path), start=1):
                marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
                yield pytest.param(path.stem, case, id=f"{path.stem}-{number}", marks=marks)


def unmark(text):
    """Return the text without its marks, and the interval of each mark."""
    intervals, plain, at = [], "", 0
    for mark in re.finditer("⟦(.*?)⟧", text, re.DOTALL):
        plain += text[at : mark.start()]
        intervals.append((len(plain), len(plain) + len(mark[1])))
        plain, at = plain + mark[1], mark.end()
    return plain + text[at:], intervals


@pytest.mark.parametrize(("kind", "case"), list(cases()))
def test_the_marked_passages_and_no_others_are_found(kind, case):
    raw, intervals = unmark(case["text"])
    doc = read_document(Source(id="case", file="case.txt", issued=case.get("date", "")), raw)
    found = KINDS[kind](doc, the_knowledge())
    assert [span.exact for span in found] == [raw[slice(*interval)] for interval in intervals]
    assert [(span.start, span.end) for span in found] == intervals
    for span, fields in zip(found, case.get("marks", []), strict=False):
        for name, value in fields.items():
            expected = tuple(value) if isinstance(value, list) else value
            assert getattr(span, name) == expected, f"{name} of {span.exact!r}"


@pytest.mark.parametrize("path", [path for path in FILES if path.stem in KNOWN_KINDS[:-1]], ids=lambda path: path.stem)
def test_a_fifth_of_the_cases_must_find_nothing(path):
    negative = [case for case in load(path) if "⟦" not in case["text"]]
    assert len(load(path)) >= 25
    assert len(negative) >= len(load(path)) / 5


def test_a_case_whose_mark_is_shifted_fails():
    with pytest.raises(AssertionError):
        test_the_marked_passages_and_no_others_are_found("dates", {"text": "in⟦ 2020⟧"})
