import json
from collections.abc import Callable
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import pytest

from apparatus.agreement import (
    ALL,
    PASSAGES,
    POSITION,
    SPEAKS,
    UNCOUNTED,
    agreement_table,
    agreement_words,
    cells_of,
    differences_table,
    differing,
)
from apparatus.figures import plot_pairs, plot_positions
from apparatus.model import Span
from apparatus.paths import NOTEBOOKS, READINGS
from apparatus.positions import (
    CELLS,
    Matrix,
    cells_table,
    disputed,
    evidence_in,
    evidence_of,
    first_codings,
    pairs_table,
    position_key,
    positions_on,
    positions_table,
    questions_table,
    read_positions,
    shared,
    silence_table,
    single,
    unheard,
)
from apparatus.reading import read_theme, resolves
from apparatus.readings import written_before
from apparatus.stats import alpha_within, krippendorff_alpha
from five import FIVE

FIRST = READINGS / "codings" / "coder-1.jsonl"
MATRIX = read_positions(FIVE)
Entry = dict[str, Any]


def entry(entries: list[Entry], question: str, source: str) -> Entry:
    return next(one for one in entries if (one["question"], one["source"]) == (question, source))


def planted(entries: list[Entry]) -> None:
    """Four disagreements: on speaking, on the position, on the reason of a silence, on the passages."""
    silent = entry(entries, "cop29-fossil-host", "eadaily-2024-10-02")
    place = dict(silent["evidence"][0])
    for name in ("voice", "confidence", "evidence"):
        del silent[name]
    silent |= {"code": "silent", "silent_reason": "mentioned"}
    entry(entries, "treaty-delay", "caspian-news-2023-10-03")["code"] = "no-single-party"
    entry(entries, "treaty-delay", "bayramov-article")["silent_reason"] = "mentioned"
    entry(entries, "peace-already", "eadaily-2024-10-02")["evidence"] = [place]


def two_coders(folder: Path, change: Callable[[list[Entry]], None] = planted) -> Matrix:
    """The first coder's file, and beside it a second that is the first with changes."""
    lines = FIRST.read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    change(entries)
    (folder / "coder-1.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "coder-2.jsonl").write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    return read_positions(folder=folder)


def rows_of(matrix: Matrix, questions: str) -> dict[str, Any]:
    table = agreement_table(matrix)
    return {row["What is compared"]: row for _, row in table[table["Questions"] == questions].iterrows()}


def test_every_cell_has_a_reading_and_every_passage_its_words() -> None:
    table = cells_table(MATRIX)
    assert list(table.columns) == CELLS
    assert len(table) == len(MATRIX.questions) * len(MATRIX.corpus)
    assert resolves(MATRIX.corpus, evidence_in(MATRIX.codings))
    assert all(
        cell for cell, position in zip(table["Passages"], table["Position"], strict=True) if position[0].isupper()
    )


def test_silence_has_its_reason_and_earlier_texts_are_known_by_their_dates() -> None:
    questions = {one.id: one for one in MATRIX.questions}
    for coding in MATRIX.codings:
        before = written_before(MATRIX.corpus[coding.source].source, questions[coding.question].event)
        assert before == (coding.silent_reason == "predates")
    counts = silence_table(MATRIX).set_index("Source").sum(axis=1)
    assert set(counts) == {len(MATRIX.questions)}


@pytest.mark.parametrize(
    ("latest", "event", "before"),
    [
        ("2021-09-24", "2021-09-25", True),
        ("2021-09-24", "2021-09-24", False),
        ("2024-02", "2024-02-07", False),
        ("2023-10-03", "2023-12", True),
        ("2023-12-15", "2023-12", False),
        ("2021-09-24/..", "2023-12", False),
        ("", "2023-12", False),
        ("2021-09-24", "", False),
    ],
)
def test_a_text_is_before_an_event_when_its_last_day_is(latest: str, event: str, before: bool) -> None:
    source = replace(next(iter(MATRIX.corpus.values())).source, latest=latest)
    assert written_before(source, event) is before


def test_whose_words_a_passage_is_stands_after_it() -> None:
    table = cells_table(MATRIX).set_index(["Question", "Source"])
    mixed = table[table["Voice"] == "own voice"]["Passages"]
    assert any(isinstance(part, str) and part.startswith("(reports ") for cell in mixed for part in cell)
    assert all(isinstance(cell[0], Span) for cell in mixed)


def test_positions_also_held_and_rejected_are_shown_with_their_passages() -> None:
    table = cells_table(MATRIX)
    for name, number in (("Also", sum(len(one.also) for one in MATRIX.codings)), ("Rejects", None)):
        cells = [cell for cell in table[name] if cell]
        assert all(isinstance(cell[0], str) and isinstance(cell[1], Span) for cell in cells)
        assert number is None or len(cells) == number


def test_questions_fall_into_those_disputed_shared_and_heard_by_one_or_none() -> None:
    kinds = [{one.id for one in kind(MATRIX)} for kind in (disputed, shared, unheard)]
    assert sum(map(len, kinds)) == len(set.union(*kinds)) == len(MATRIX.questions)
    assert {one.id for one in single(MATRIX)} <= kinds[2]
    assert list(questions_table(MATRIX)["Different positions"]) == sorted(
        questions_table(MATRIX)["Different positions"], reverse=True
    )
    assert evidence_of(MATRIX, shared(MATRIX))


def test_pairs_do_not_depend_on_the_order_of_the_texts() -> None:
    backwards = replace(MATRIX, corpus=dict(reversed(MATRIX.corpus.items())))
    counted = [
        {frozenset((row.iloc[0], row.iloc[1])): tuple(row.iloc[2:]) for _, row in pairs_table(one).iterrows()}
        for one in (MATRIX, backwards)
    ]
    assert counted[0] == counted[1]
    assert all(both == same + apart for both, same, apart in counted[0].values())


def test_a_key_says_what_every_letter_of_the_matrix_stands_for_and_no_other() -> None:
    key = position_key(MATRIX)
    assert list(key) == [question.name for question in MATRIX.questions]
    for question in MATRIX.questions:
        read = [one for one in first_codings(MATRIX).values() if one.question == question.id]
        letters = {question.letter(one.code) for each in read for one in (each.held, *each.also, *each.rejects) if one}
        assert {words[0] for words in key[question.name]} == letters


def test_one_text_alone_has_no_pairs_and_no_dispute() -> None:
    alone = read_positions(["daily-sabah-oped"], themes=["khojaly"])
    assert pairs_table(alone).empty
    assert disputed(alone) == shared(alone) == []
    assert unheard(alone) == alone.questions
    plot_pairs(pairs_table(alone), silence_table(alone))
    plot_positions(alone)


def test_limits_take_positions_out_and_never_turn_them_into_silence() -> None:
    reported = MATRIX.limited(["reported"], 1)
    assert {one.voice for one in reported.codings if one.held} == {"reported"}
    assert sum(not one.held for one in reported.codings) == sum(not one.held for one in MATRIX.codings)
    sure = MATRIX.limited(["source", "reported"], 3)
    assert {one.confidence for one in sure.codings if one.held} == {3}
    [row] = positions_table(replace(reported, questions=MATRIX.questions[:1])).to_dict("records")
    assert row["AIR Center bulletin"] == ["– not coded, or left out"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: read_positions(["nowhere"]), "there is no source 'nowhere'"),
        (lambda: read_positions(themes=["elections"]), "no question is of the theme 'elections'"),
        (lambda: MATRIX.by("coder-9"), "there is no coder 'coder-9'; seeds/readings/codings has coder-1"),
        (lambda: MATRIX.limited(["chorus"], 1), "there is no voice 'chorus'; it is one of source, reported"),
    ],
)
def test_an_unknown_name_is_refused(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


def test_with_one_coder_the_chapter_says_that_there_is_no_agreement() -> None:
    [row] = agreement_table(MATRIX).to_dict("records")
    assert (row["Cells"], row["Alike"]) == (len(cells_of(MATRIX)), "no second coder")
    assert "With one coder there is no agreement to measure" in agreement_words(MATRIX)
    assert differences_table(MATRIX).empty
    assert differing(MATRIX) == set()


def test_cells_written_before_the_event_are_left_out_of_agreement() -> None:
    assert len(cells_of(MATRIX)) == len(MATRIX.codings) - sum(one.silent_reason == "predates" for one in MATRIX.codings)


def test_a_second_coder_who_reads_alike_agrees_wholly(tmp_path: Path) -> None:
    matrix = two_coders(tmp_path, lambda entries: None)
    for row in rows_of(matrix, ALL).values():
        assert row["Cells"] == row["Alike"]
        assert row["Alpha"] in ("1.00", "")
    assert differences_table(matrix).empty


def test_a_second_coder_brings_agreement_and_the_disagreements_cell_by_cell(tmp_path: Path) -> None:
    matrix = two_coders(tmp_path)
    rows = rows_of(matrix, ALL)
    assert (rows[SPEAKS]["Cells"], rows[SPEAKS]["Alike"]) == (185, 184)
    assert (rows[POSITION]["Cells"], rows[POSITION]["Alike"]) == (119, 118)
    assert (rows[PASSAGES]["Cells"], rows[PASSAGES]["Alike"]) == (119, 118)
    assert 0.9 < float(rows[SPEAKS]["Alpha"]) < 1
    assert all(" to " in rows[what]["Interval"] for what in (SPEAKS, POSITION))
    counted = sum(cell.question.mechanical for cell in cells_of(MATRIX))
    assert rows_of(matrix, UNCOUNTED)[SPEAKS]["Cells"] == 185 - counted
    assert "in 184 of 185 cells" in agreement_words(matrix)

    table = differences_table(matrix)
    assert len(table) == 8
    assert list(dict.fromkeys(table["Differ in"])) == [
        "the reason of silence", "the position", "the passages", SPEAKS,
    ]  # fmt: skip
    apart = table[table["Differ in"] == "the passages"]
    assert list(apart["Coder"]) == ["coder-1", "coder-2"]
    first, second = (cell[0] for cell in apart["Passages"])
    assert first.ref != second.ref


def test_nothing_is_averaged(tmp_path: Path) -> None:
    matrix = two_coders(tmp_path)
    assert matrix.coders == ["coder-1", "coder-2"]
    question = next(one for one in matrix.questions if one.id == "treaty-delay")
    codes = [positions_on(matrix.by(coder), question)["caspian-news-2023-10-03"].code for coder in matrix.coders]
    assert codes == ["armenia", "no-single-party"]
    assert positions_on(matrix, question) == positions_on(matrix.by("coder-1"), question)
    assert len(cells_table(matrix)) == 2 * len(cells_table(MATRIX))
    cell = (
        positions_table(matrix)
        .set_index("Question")
        .loc[f"{question.name}: {question.question}", "Caspian News report"]
    )
    assert [part for part in cell if str(part).startswith("[")] == ["[coder-1] ", "[coder-2] "]


def test_the_figure_draws_one_coder_and_marks_where_they_differ(tmp_path: Path) -> None:
    matrix = two_coders(tmp_path)
    texts = [text.get_text() for text in plot_positions(matrix, differ=differing(matrix)).texts]
    assert texts.count("≠") == 4
    assert "≠" not in [text.get_text() for text in plot_positions(MATRIX, differ=differing(MATRIX)).texts]
    assert sum(len(text) == 1 and text.isupper() for text in texts) == sum(bool(one.held) for one in MATRIX.codings)


def test_a_coder_who_read_some_of_the_texts_is_compared_in_those(tmp_path: Path) -> None:
    matrix = two_coders(
        tmp_path, lambda entries: entries.__setitem__(slice(None), [one for one in entries if "oped" in one["source"]])
    )
    assert rows_of(matrix, ALL)[SPEAKS]["Cells"] == len(matrix.questions)
    assert rows_of(matrix, ALL)[SPEAKS]["Alpha"] == "1.00"


def test_a_theme_has_its_questions_and_the_same_readings() -> None:
    reading = read_theme("khojaly")
    part = read_positions(themes=["khojaly"])
    assert [one.id for one in reading.questions] == [one.id for one in part.questions]
    assert positions_table(reading).equals(positions_table(part))
    assert disputed(reading) == disputed(part)


def test_chance_is_counted_inside_each_question() -> None:
    """By hand: 2 disagreements seen; expected (16-8)/3 in the first question and (16-10)/3 in the second."""
    ratings = [["a", "b", "c", "d"], ["a", "b", "d", "d"]]
    alpha, (low, high) = alpha_within(ratings, ["first", "first", "second", "second"])
    assert alpha == pytest.approx(1 - 2 / (8 / 3 + 6 / 3))
    assert low <= alpha <= high
    assert alpha < krippendorff_alpha(ratings)
    assert isnan(alpha_within([["a"], ["a"]], ["first"])[0])


def test_the_chapter_runs_with_a_second_coder_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_coders(tmp_path)
    cells = json.loads((NOTEBOOKS / "contested-questions.ipynb").read_text(encoding="utf-8"))["cells"]
    blocks = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    there = {"folder": tmp_path}
    for block in blocks:
        exec(block.replace("themes=themes)", "themes=themes, folder=folder)"), there)
    shown = capsys.readouterr().out
    assert (
        "Coders who read the sources: coder-1 and coder-2 (2). They agree on whether a source speaks in 184 of 185"
        in shown
    )
    assert len(there["everyone"].coders) == 2  # type: ignore[attr-defined]
    assert len(there["held"]) == sum(bool(one.held) for one in MATRIX.codings)  # type: ignore[arg-type]
