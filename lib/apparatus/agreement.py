"""How far coders agree, cell by cell; nothing is averaged into one reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan, nan

import pandas as pd

from apparatus.knowledge import Question
from apparatus.model import Coding
from apparatus.positions import SILENCE, VOICE, Coded, coders_of, evidence_words, position_name
from apparatus.stats import alpha_interval, alpha_within, krippendorff_alpha

SPEAKS, POSITION, PASSAGES = "speaks or is silent", "the position, where coders see one", "passages that overlap"
AGREEMENT = ["What is compared", "Questions", "Cells", "Alike", "Alpha", "Interval"]
DIFFERENCES = ["Question", "Source", "Differ in", "Coder", "Position", "Voice", "Passages", "Note"]
ALL, UNCOUNTED = "all", "all but those answered by counting"


@dataclass(frozen=True)
class Cell:
    """One question in one source, as each coder who read it codes it; by the coder's name."""

    question: Question
    source: str
    codings: tuple[Coding, ...]

    @property
    def held(self) -> list[Coding]:
        """The codings that see a position."""
        return [one for one in self.codings if one.held]


def cells_of(coded: Coded) -> list[Cell]:
    """Return the open cells: those that a source could have spoken on, since it was not written before the event."""
    readings: dict[tuple[str, str], list[Coding]] = {}
    for coding in sorted(coded.codings, key=lambda one: one.coder):
        if coding.silent_reason != "predates":
            readings.setdefault((coding.question, coding.source), []).append(coding)
    return [
        Cell(question, source, tuple(readings[question.id, source]))
        for question in coded.questions
        for source in coded.corpus
        if (question.id, source) in readings
    ]


def difference(cell: Cell) -> str:
    """Return in what the coders of a cell differ first, in the order of the coding rules, or ""."""
    spoken = {bool(one.held) for one in cell.codings}
    if len(spoken) > 1:
        return SPEAKS
    seen = {
        "the position": {one.code for one in cell.codings},
        "the reason of silence": {one.silent_reason for one in cell.codings},
        "the voice": {one.voice for one in cell.codings},
    }
    for name, values in seen.items():
        if len(values) > 1:
            return name
    apart = any(not _overlap(*pair) for pair in combinations(cell.held, 2))
    return "the passages" if apart else ""


def differing(coded: Coded) -> set[tuple[str, str]]:
    """Return the (question, source) that coders read differently."""
    return {(cell.question.id, cell.source) for cell in cells_of(coded) if difference(cell)}


def agreement_table(coded: Coded) -> pd.DataFrame:
    """Return a row per comparison and set of questions: the cells compared, those alike, alpha and its interval.

    First whether a source speaks or is silent, over the open cells; then the position, over the cells in which several
    coders see one; then whether their passages overlap, for every two coders. Questions answered by counting, which
    hardly anyone misreads, are also left out; and each theme is taken alone. Alpha of the positions compares coders
    with the chance inside each question, see `alpha_within`. Questions are drawn again for the interval, at 95%.
    With one coder there is nothing to compare, and the table says so.
    """
    cells = cells_of(coded)
    coders = coders_of(coded.codings)
    scopes = {
        ALL: cells,
        UNCOUNTED: [cell for cell in cells if not cell.question.mechanical],
        **{
            question.heading: [cell for cell in cells if cell.question.theme == question.theme]
            for question in coded.questions
        },
    }
    if len(coders) < 2:
        return pd.DataFrame([[SPEAKS, ALL, len(cells), "no second coder", "", ""]], columns=AGREEMENT)
    compared = [
        compare(scope, chosen, coders)
        for compare in (_speaking, _positions, _passages)
        for scope, chosen in scopes.items()
    ]
    return pd.DataFrame(compared, columns=AGREEMENT)


def _speaking(scope: str, cells: Sequence[Cell], coders: Sequence[str]) -> dict[str, object]:
    chosen = [cell for cell in cells if len(cell.codings) > 1]
    ratings = _ratings(chosen, coders, lambda coding: "speaks" if coding.held else "silent")
    alpha = krippendorff_alpha(ratings)
    interval = alpha_interval(ratings, clusters=[cell.question.id for cell in chosen])
    alike = sum(len({bool(one.held) for one in cell.codings}) == 1 for cell in chosen)
    return _row(SPEAKS, scope, len(chosen), alike, alpha, interval)


def _positions(scope: str, cells: Sequence[Cell], coders: Sequence[str]) -> dict[str, object]:
    chosen = [cell for cell in cells if len(cell.held) > 1]
    ratings = _ratings(chosen, coders, lambda coding: coding.code if coding.held else None)
    alpha, interval = alpha_within(ratings, [cell.question.id for cell in chosen])
    alike = sum(len({one.code for one in cell.held}) == 1 for cell in chosen)
    return _row(POSITION, scope, len(chosen), alike, alpha, interval)


def _passages(scope: str, cells: Sequence[Cell], coders: Sequence[str]) -> dict[str, object]:
    chosen = [cell for cell in cells if len(cell.held) > 1]
    alike = sum(all(_overlap(*pair) for pair in combinations(cell.held, 2)) for cell in chosen)
    return _row(PASSAGES, scope, len(chosen), alike)


def _row(
    what: str, scope: str, cells: int, alike: int, alpha: float = nan, interval: tuple[float, float] = (nan, nan)
) -> dict[str, object]:
    return {
        "What is compared": what,
        "Questions": scope,
        "Cells": cells,
        "Alike": alike,
        "Alpha": "not defined" if isnan(alpha) and what != PASSAGES else "" if isnan(alpha) else f"{alpha:.2f}",
        "Interval": "" if isnan(interval[0]) else f"{interval[0]:.2f} to {interval[1]:.2f}",
    }


def _ratings(
    cells: Sequence[Cell], coders: Sequence[str], code: Callable[[Coding], str | None]
) -> list[list[str | None]]:
    """Return a row per coder and a column per cell."""
    read = [{one.coder: code(one) for one in cell.codings} for cell in cells]
    return [[codes.get(coder) for codes in read] for coder in coders]


def _overlap(first: Coding, second: Coding) -> int:
    """Return how many characters the passages of two codings share."""
    return len(_characters(first) & _characters(second))


def _characters(coding: Coding) -> set[int]:
    spans = coding.held.evidence if coding.held else ()
    return {place for span in spans for place in range(span.start, span.end)}


def agreement_words(coded: Coded) -> str:
    """Return how far the coders agree, in a sentence; with one coder, that there is nothing to compare."""
    coders = coders_of(coded.codings)
    if len(coders) < 2:
        return "With one coder there is no agreement to measure: another coder may read the texts otherwise"
    rows = {row["What is compared"]: row for _, row in agreement_table(coded).iterrows() if row["Questions"] == ALL}
    parts = [
        f"{words} in {rows[what]['Alike']} of {rows[what]['Cells']} cells"
        + (f" (alpha {rows[what]['Alpha']}, interval {rows[what]['Interval']})" if rows[what]["Interval"] else "")
        for what, words in (
            (SPEAKS, "on whether a source speaks"),
            (POSITION, "on the position, where several see one,"),
            (PASSAGES, "and mark passages that overlap"),
        )
    ]
    return f"They agree {', '.join(parts)}"


def differences_table(coded: Coded) -> pd.DataFrame:
    """Return a row per coder for each cell that coders read differently, with the passages of each; none is the right.

    Differences are to be talked over by the coders, not averaged. Source: seeds/readings/coding-rules.md.
    """
    rows = [
        {
            "Question": cell.question.name,
            "Source": coded.corpus[cell.source].source.label,
            "Differ in": difference(cell),
            "Coder": coding.coder,
            "Position": position_name(cell.question, coding.held) if coding.held else SILENCE[coding.silent_reason],
            "Voice": VOICE[coding.voice] if coding.held else "",
            "Passages": evidence_words(coding.held) if coding.held else [],
            "Note": coding.note,
        }
        for cell in cells_of(coded)
        if difference(cell)
        for coding in cell.codings
    ]
    return pd.DataFrame(rows, columns=DIFFERENCES)
