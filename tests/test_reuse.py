"""Reuse: the marked cases, the score on marked pairs, no reuse where there is none, words, quote drift, precedence."""

import json
import math
import re
import subprocess
import sys
import tomllib
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from apparatus.corpus import read_document, the_corpus
from apparatus.errors import DataError
from apparatus.evaluate import load_coverage
from apparatus.extract import find
from apparatus.files import read_raw
from apparatus.knowledge import the_knowledge
from apparatus.model import Document, Reuse, Source, Span
from apparatus.paths import KNOWLEDGE, READINGS, ROOT
from apparatus.reuse import KINDS, find_reuse, find_reuse_in_files, to_gold, within_passages
from apparatus.reuse.changes import count_changes, word_changes
from apparatus.reuse.drift import find_quote_drift, precedence, quote_drift_table
from apparatus.reuse.scoring import (
    NAMES,
    covers,
    first_scores_table,
    load_pairs,
    measure_reuse,
    reuse_score_table,
    score_reuse,
)
from apparatus.reuse.words import load_rewording, read_worded
from apparatus.themes import find_passages
from work import check_growth

CASES = tomllib.loads((ROOT / "tests" / "cases" / "reuse.toml").read_text(encoding="utf-8"))["case"]
MARK = re.compile(r"⟦(\d+) (?:(verbatim|shared_quote) )?|⟧")
UNSEEN = READINGS / "unseen"


def unmark(text: str) -> tuple[str, list[tuple[str, int, int, str]]]:
    """The text without its marks, and of each mark its number, place and kind."""
    plain, at, marks, opened = "", 0, [], []
    for mark in MARK.finditer(text):
        plain, at = plain + text[at : mark.start()], mark.end()
        if mark[1]:
            opened.append((mark[1], len(plain), mark[2] or "paraphrase"))
        else:
            number, start, kind = opened.pop()
            marks.append((number, start, len(plain), kind))
    return plain + text[at:], marks


def text(raw: str, name: str = "text", **fields: str) -> Document:
    return read_document(Source(id=name, file=f"{name}.txt", **fields), raw)


def both(a: str, b: str) -> dict[str, Document]:
    return {"a": text(a, "a"), "b": text(b, "b")}


def places(found: list[Reuse]) -> list[tuple]:
    return [(one.a.source, one.a.start, one.a.end, one.b.source, one.b.start, one.b.end, one.kind) for one in found]


def case_parameters():
    for case in CASES:
        marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
        yield pytest.param(case, id=case["name"], marks=marks)


def read_case(case: dict) -> tuple[dict[str, Document], list[tuple]]:
    read = {name: unmark(case[name]) for name in ("a", "b") if name in case}
    texts = {name: text(raw, name) for name, (raw, _) in read.items()}
    marks = [(name, *mark) for name, (_, found) in read.items() for mark in found]
    pairs = [
        (one[0], one[2], one[3], other[0], other[2], other[3], one[4])
        for at, one in enumerate(marks)
        for other in marks[at + 1 :]
        if one[1] == other[1]
    ]
    return texts, sorted(pairs)


@pytest.mark.parametrize("case", list(case_parameters()))
def test_the_marked_pairs_and_no_others_are_found(case):
    texts, pairs = read_case(case)
    assert sorted(places(find_reuse(texts, the_knowledge()))) == pairs


def test_a_fifth_of_the_cases_must_find_nothing():
    assert sum("⟦" not in case["a"] for case in CASES) >= len(CASES) / 5


def test_all_cases_together_find_nearly_the_same():
    """Words weigh by how rare they are among all texts read, so that a pair on the edge may fall to the other side."""
    texts, pairs = {}, []
    for number, case in enumerate(CASES):
        if "xfail" not in case:
            some, marked = read_case(case)
            texts |= {f"{name}{number}": text(doc.raw, f"{name}{number}") for name, doc in some.items()}
            pairs += [(f"{pair[0]}{number}", *pair[1:3], f"{pair[3]}{number}", *pair[4:]) for pair in marked]
    found = places(find_reuse(texts, the_knowledge()))
    assert len(set(found) & set(pairs)) >= 0.95 * len(pairs)
    assert len(set(found) & set(pairs)) >= 0.9 * len(found)


@cache
def measured():
    return measure_reuse(the_corpus(), the_knowledge())


@cache
def figures() -> dict[tuple[str, float], float]:
    return {
        (one.name, iou): score_reuse(one.found, one.gold, iou=iou).f1 for one in measured() for iou in (1.0, 0.8, 0.5)
    }


def thresholds() -> dict[tuple[str, float], float]:
    entries = tomllib.loads((ROOT / "tests" / "thresholds.toml").read_text(encoding="utf-8"))["reuse"]
    return {(entry["texts"], entry["edges"]): entry["least"] for entry in entries}


@pytest.mark.parametrize("what", thresholds(), ids=str)
def test_a_score_holds_its_threshold_and_the_threshold_rises_with_it(what):
    assert thresholds()[what] == math.floor(figures()[what] * 100 + 1e-9) / 100


def test_every_score_has_a_threshold_and_the_wanted_ones_are_reached():
    assert thresholds().keys() == figures().keys()
    assert figures()[NAMES[0], 0.8] >= 0.85
    assert min(figures()[NAMES[1], 0.8], figures()[NAMES[2], 0.8]) >= 0.80


def test_the_first_scores_are_kept_beside_those_of_today():
    table = first_scores_table(measured())
    assert list(table["F1 when first met"]) == ["0.73", "0.73", "0.79", "0.89"]
    assert set(reuse_score_table(measured())["Pairs"]) == set(NAMES)


def test_every_passage_stands_at_its_place_and_pairs_come_in_order():
    corpus = the_corpus()
    found = find_reuse(corpus, the_knowledge())
    order = list(corpus)
    keys = [(order.index(one.a.source), one.a.start, order.index(one.b.source), one.b.start) for one in found]
    assert keys == sorted(keys)
    for one in found:
        for span in (one.a, one.b):
            assert span.exact == corpus[span.source].raw[span.start : span.end] != ""
        assert (one.a.source, one.a.start) != (one.b.source, one.b.start)
        assert 0 <= one.score <= 1
        assert one.ref == f"{one.a.ref} {one.b.ref}"


def test_the_order_of_the_texts_decides_only_which_is_a():
    corpus = the_corpus()
    turned = dict(reversed(corpus.items()))
    one, other = (find_reuse(some, the_knowledge()) for some in (corpus, turned))
    assert {frozenset((pair.a.ref, pair.b.ref)) for pair in one} == {
        frozenset((pair.a.ref, pair.b.ref)) for pair in other
    }


def test_texts_that_have_nothing_to_do_with_each_other_share_nothing():
    unseen = {path.name: text(read_raw(path), path.name) for path in sorted(UNSEEN.glob("*.txt"))}
    found = find_reuse({**unseen, **the_corpus()}, the_knowledge())
    assert [one.ref for one in found if one.a.source in unseen or one.b.source in unseen] == []


def test_kinds_and_least_score_choose():
    corpus = the_corpus()
    every = find_reuse(corpus, the_knowledge())
    for kind in KINDS:
        assert find_reuse(corpus, the_knowledge(), kinds=[kind]) == [one for one in every if one.kind == kind]
    assert find_reuse(corpus, the_knowledge(), least=0.5) == [one for one in every if one.score >= 0.5]
    with pytest.raises(ValueError, match="There is no kind of reuse 'copy'; kinds are verbatim, paraphrase"):
        find_reuse(corpus, the_knowledge(), kinds=["copy"])


def test_reuse_is_restricted_to_the_passages_of_a_theme():
    corpus, known = the_corpus(), the_knowledge()
    found = find_reuse(corpus, known)
    passages = [one for doc in corpus.values() for one in find_passages(doc, known.themes["ots-pivot"])]
    inside = within_passages(found, passages)
    assert 0 < len(inside) < len(found)
    assert within_passages(found, []) == []


def test_pairs_of_which_a_passage_is_held_back_count_for_nobody():
    coverage = {"a": 100}
    pair = {
        "a_source": "a",
        "a_start": 10,
        "a_end": 50,
        "b_source": "b",
        "b_start": 900,
        "b_end": 950,
        "kind": "paraphrase",
    }
    assert covers(coverage, pair)
    assert not covers(coverage, pair | {"a_start": 100, "a_end": 120})
    assert score_reuse([pair, pair | {"a_start": 100, "a_end": 120}], [pair], coverage).f1 == 1
    assert score_reuse([pair | {"a_end": 30}], [pair]).f1 == 0
    assert score_reuse([pair | {"a_end": 30}], [pair], iou=0.5).f1 == 1
    assert score_reuse([pair | {"kind": "verbatim"}], [pair]).f1 == 0
    assert score_reuse([pair | {"kind": "verbatim"}], [pair], kinds=False).f1 == 1
    assert score_reuse([pair, pair], [pair]).precision == 0.5


def test_the_gold_is_marked_where_it_says():
    coverage = load_coverage(READINGS / "gold" / "reuse-coverage.toml")
    given = load_pairs(READINGS / "gold" / "reuse.jsonl", the_corpus())
    rest = load_pairs(READINGS / "gold" / "reuse-rest.jsonl", the_corpus())
    assert all(covers(coverage, pair) for pair in given)
    assert not any(covers(coverage, pair) for pair in rest)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"a_end": 10**9}, "has no passage"), ({"kind": "theft"}, "the kind 'theft' is none of")],
)
def test_a_faulty_marked_pair_is_named(tmp_path, change, complaint):
    pair = load_pairs(READINGS / "gold" / "reuse.jsonl", the_corpus())[0] | change
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_pairs(tmp_path / "pairs.jsonl", the_corpus())


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('["absent", "missing"]', '["missing", "absent"]', "'absent': a sense has two words"),
        ('["absent", "missing"]', '["absent"]', "'absent': a sense has two words"),
        ("absent = ", "zebra = ", "not in the order of their names"),
    ],
)
def test_a_slip_in_the_list_of_senses_is_named(tmp_path, old, new, complaint):
    right = (KNOWLEDGE / "rewording.toml").read_text(encoding="utf-8")
    assert old in right
    (tmp_path / "rewording.toml").write_text(right.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_rewording(tmp_path / "rewording.toml")


def test_a_planted_copy_is_found_and_its_removal_noticed():
    words = "Nobody in the valley could remember a winter in which the mill pond had not frozen over even once."
    texts = both(f"Snow fell late. {words} Spring came.", f"The mill is for sale. {words} An heir lives abroad.")
    [one] = find_reuse(texts, the_knowledge())
    assert (one.kind, one.a.exact, one.b.exact) == ("verbatim", words, words)
    assert find_reuse(both(f"Snow fell late. {words}", "The mill is for sale."), the_knowledge()) == []


# Word by word


def changes_of(a: str, b: str) -> list[tuple[str, str, str]]:
    texts = both(a, b)
    spans = [Span(source=name, start=0, end=len(doc.raw), exact=doc.raw) for name, doc in texts.items()]
    found = word_changes(texts, the_knowledge(), Reuse(a=spans[0], b=spans[1], kind="paraphrase", score=0.5))
    return [(one.kind, one.a.exact if one.a else "", one.b.exact if one.b else "") for one in found]


def test_words_are_kept_bent_exchanged_moved_dropped_and_added():
    assert changes_of("The council has approved a costly plan.", "The council approves an expensive plan quickly.") == [
        ("kept", "The council", "The council"),
        ("dropped", "has", ""),
        ("other form", "approved", "approves"),
        ("exchanged", "a costly", "an expensive"),
        ("kept", "plan", "plan"),
        ("added", "", "quickly"),
    ]
    kinds = {
        kind
        for kind, _, _ in changes_of("Bells rang while the old town slept.", "While the old town slept, bells rang.")
    }
    assert kinds == {"kept", "moved"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The council of Turkic States met.", "The council of the met."),
        ("The biased council met in their old hall.", "The biased council met in unfair old hall."),
        ("The council met in a hall.", "The council met in great old and draughty hall."),
    ],
)
def test_what_is_no_like_of_it_stands_in_the_place_of_no_word(a, b):
    assert "exchanged" not in {kind for kind, _, _ in changes_of(a, b)}


def test_the_same_words_are_all_kept():
    assert changes_of("Nothing was said.", "Nothing was said.") == [("kept", "Nothing was said", "Nothing was said")]


def test_every_word_of_both_passages_is_in_one_change():
    corpus, known = the_corpus(), the_knowledge()
    for one in find_reuse(corpus, known)[:20]:
        changes = word_changes(corpus, known, one)
        for side, span in enumerate((one.a, one.b)):
            words = re.findall(r"\w+(?:[-‐‑'’]\w+)*", span.words)
            assert sum(change.words[side] for change in changes) == len(words)
        assert sum(count_changes(changes).values()) > 0


def test_no_two_changes_overlap():
    corpus, known = the_corpus(), the_knowledge()
    for one in find_reuse(corpus, known):
        changes = word_changes(corpus, known, one)
        for spans in ([change.a for change in changes if change.a], [change.b for change in changes if change.b]):
            spans.sort(key=lambda span: span.start)
            assert all(first.end <= last.start for first, last in pairwise(spans))


# Quote drift and precedence


def drift_of(a: str, b: str, issued: tuple[str, str] = ("", "")) -> list:
    texts = {name: text(raw, name, issued=day) for name, raw, day in zip("ab", (a, b), issued, strict=True)}
    return find_quote_drift(texts, find("quotes", texts, the_knowledge()))


LONG = "Ana Ruiz said: “We shall never sell the old harbour to anybody, so help me God.”"
EQUAL = "of the same length, not the same"


@pytest.mark.parametrize(
    ("old", "new", "kinds", "verdict"),
    [
        (", so help me God.", ".", ["only in a"], "a is longer"),
        ("old", "[ancient] old", ["brackets"], "b is longer"),
        ("harbour", "harbor", ["letters"], EQUAL),
        ("harbour", "station", ["words"], EQUAL),
        ("God.", "God!", ["signs"], EQUAL),
        ("“We", '"We', [], "the same, sign by sign"),
    ],
)
def test_quotations_are_compared_sign_by_sign(old, new, kinds, verdict):
    [one] = drift_of(LONG, LONG.replace(old, new))
    assert [change.kind for change in one.changes] == kinds
    assert one.verdict({"a": "a", "b": "b"}) == verdict


def test_who_shortened_whom_is_said_only_where_it_is_known_who_came_first():
    short = "Ana Ruiz said: “We shall never sell the old harbour to anybody.”"
    names = {"a": "The Herald", "b": "The Ledger"}
    [one] = drift_of(LONG, short, ("2024-01-01", "2024-02"))
    assert one.verdict(names) == "The Ledger shortened The Herald"
    [one] = drift_of(LONG, short, ("2024-02", "2024-02-14/.."))
    assert one.verdict(names) == "The Herald is longer"


def test_other_words_of_the_same_speaker_are_no_drift():
    assert drift_of(LONG, "Ana Ruiz said: “We shall sell tickets from Monday on.”") == []


@pytest.mark.parametrize(
    ("a", "b", "first"),
    [
        ("2024-02", "2024-03", "a"),
        ("2024-03", "2024-02", "b"),
        ("2024-02", "2024-02-14/..", "unknown"),
        ("2024", "2024-02", "unknown"),
        ("", "2024-02", "unknown"),
        ("2024-02-01", "2024-02-14/..", "a"),
        ("2024-02-01", "2024-02-01", "unknown"),
    ],
)
def test_what_came_first_is_known_or_is_not(a, b, first):
    assert precedence(Source(id="a", file="a", issued=a), Source(id="b", file="b", issued=b)) == first


def test_a_text_is_not_older_than_the_latest_event_it_tells():
    a = Source(id="a", file="a", issued="2024", latest="2024-06-01")
    assert precedence(a, Source(id="b", file="b", issued="2024-05")) == "b"


def test_the_bulletin_and_the_op_ed_came_in_an_unknown_order():
    corpus = the_corpus()
    assert precedence(corpus["air-bulletin-2024-02"].source, corpus["daily-sabah-oped"].source) == "unknown"
    drifts = find_quote_drift(corpus, find("quotes", corpus, the_knowledge()))
    table = quote_drift_table(corpus, drifts)
    assert len(table) == len(drifts) > 0
    assert not any("shortened" in outcome for outcome in table["Outcome"])


# Any file, any size


@pytest.mark.parametrize("raw", ["", " ", "\n\n", "\ufeff", "“", "A", "\u200b"])
def test_a_text_with_nothing_in_it_shares_nothing(raw):
    assert find_reuse(both(raw, raw), the_knowledge()) == []


@pytest.mark.parametrize("end", ["\r\n\r\n", "\u2028", " 👩\u200d🚀 ", "\t\f", " שלום "])
def test_offsets_count_the_code_points_of_the_file_as_it_is(tmp_path, end):
    words = "Nobody in the valley could remember a winter in which the mill pond had not frozen over even once."
    raws = [f"\ufeffSnow fell late.{end}{words}{end}Spring came.", f"The mill is for sale.{end}{words}"]
    for name, raw in zip("ab", raws, strict=True):
        (tmp_path / name).write_text(raw, encoding="utf-8", newline="")
    [one] = find_reuse_in_files([tmp_path], the_knowledge())
    for side, raw in zip("ab", raws, strict=True):
        assert words.split(",")[0][:60] in raw[one[f"{side}_start"] : one[f"{side}_end"]]


def test_files_of_one_name_are_told_apart_and_bad_ones_refused(tmp_path):
    words = "Nobody in the valley could remember a winter in which the mill pond had not frozen over even once."
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"{words}\n", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\0")
    refused: list[ValueError] = []
    paths = [tmp_path / "two" / "a.txt", tmp_path / "bad.txt", tmp_path / "one" / "a.txt"]
    [found] = find_reuse_in_files(paths, the_knowledge(), refuse=refused.append)
    assert (found["a_source"], found["b_source"], found["kind"]) == ("a.txt", "a.txt", "verbatim")
    assert len(refused) == 1
    with pytest.raises(ValueError, match="is no EDTF date"):
        list(find_reuse_in_files(paths, the_knowledge(), date="soon"))


def test_the_command_writes_the_gold_s_keys(tmp_path):
    words = "Nobody in the valley could remember a winter in which the mill pond had not frozen over even once."
    (tmp_path / "b.txt").write_text(f"A late snow. {words}", encoding="utf-8")
    command = [sys.executable, "-m", "apparatus", "find", "reuse", "-", tmp_path / "b.txt"]
    done = subprocess.run(command, input=f"{words} Spring came.".encode(), capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == {
        "a_source": "-", "a_start": 0, "a_end": len(words), "b_source": "b.txt", "b_start": 13,
        "b_end": 13 + len(words), "kind": "verbatim", "score": 1.0,
    }  # fmt: skip


def make_text(words: list[str], seed: int, sentences: int) -> str:
    draw = np.random.default_rng(seed)
    lines = [" ".join(draw.choice(words, 12)).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(lines)


def test_eight_times_as_many_texts_take_some_eight_times_as_much_work():
    words = [f"{a}{b}{c}o" for a in "bdfgklmnprst" for b in ("a", "e", "i", "u", "or") for c in "bdfgklmnprst"]

    def texts(count):
        return {str(at): text(make_text(words, at, 40), str(at)) for at in range(count)}, the_knowledge()

    check_growth(find_reuse, texts, 10, 8)


@pytest.mark.parametrize("shape", ["“a ‘b’ c” ", "A ", "The boats left. ", "word\n", "Ana Maria Ruiz ", "“We left.” "])
def test_a_text_of_one_thing_over_and_over_takes_work_by_its_length(shape):
    def over_and_over(size):
        return {"a": text(shape * (size // len(shape)))}, the_knowledge()

    check_growth(find_reuse, over_and_over, 40_000, 4)


def test_reuse_of_nothing_changes_nothing_in_what_is_read():
    doc = the_corpus()["daily-sabah-oped"]
    read = read_worded(doc, the_knowledge())
    view = doc.view.text
    assert all(view[word.start : word.end].lower().replace("’", "'") == word.form for word in read.words)
    assert [unit.at for unit in read.units] == list(range(len(read.units)))
    assert to_gold(find_reuse({"a": doc}, the_knowledge())[0]).keys() >= {"a_source", "b_end", "kind", "score"}
