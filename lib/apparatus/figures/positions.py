"""Figures of the contested questions: who takes which position, who is silent and why, who speaks beside whom."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from math import ceil
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from apparatus.figures.style import (
    COLOURS,
    INK,
    MUTED,
    PALE,
    add_legend,
    canvas,
    labels_of,
    name_columns,
    name_rows,
)
from apparatus.knowledge import Question
from apparatus.model import Coding
from apparatus.positions import Coded, first_codings

ROW = 0.29  # inches
NAME = 22  # characters in a line of a question's name
SILENT = {
    "predates": ("<", 20, "silent: written before it"),
    "mentioned": (".", 34, "silent: only mentions it"),
    "not-addressed": ("x", 14, "silent: does not raise it"),
}
DOTS = 8  # in a line of a pair's cell


def plot_positions(coded: Coded, *, differ: Collection[tuple[str, str]] = ()) -> Axes:
    """Return the matrix of contested questions by sources; within a question the same letter is the same position.

    Filled: held in the source's own voice; open: only reported of someone. A small figure is the confidence where it
    is not the full one. Silence has a sign for each of its reasons; nothing at all: not coded, or left out. `differ`
    has the (question, source) that coders read differently. Several themes are set apart by their titles.
    """
    rows, heads = _rows(coded.questions)
    cells = {cell: coding for cell, coding in first_codings(coded).items() if cell[0] in rows}
    signs = _signs(list(cells.values()), bool(differ))
    axes = canvas(0.95 + 0.16 * ceil(len(signs) / 2) + ROW * (max(rows.values(), default=0) + 1.5))
    for question in coded.questions:
        y = rows[question.id]
        axes.axhline(y + 0.5, color=PALE, linewidth=0.6, zorder=0)
        for column, source in enumerate(coded.corpus):
            coding = cells.get((question.id, source))
            if coding:
                _cell(axes, column, y, coding, question)
            if (question.id, source) in differ:
                axes.annotate("≠", (column - 0.1, y), (-14, 0), textcoords="offset points", va="center", fontsize=8)
    names = [textwrap.fill(one.name, NAME, break_long_words=False) for one in coded.questions]
    axes.set_yticks([rows[one.id] for one in coded.questions], names, fontsize=8, linespacing=0.95)
    for y, title in heads:
        place: dict[str, Any] = {"xycoords": ("figure fraction", "data"), "in_layout": False}
        axes.annotate(title, (0.01, y + 0.12), weight="bold", fontsize=8, va="center", **place)
    axes.set_ylim(max(rows.values(), default=0) + 0.6, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    name_columns(axes, labels_of(coded.corpus))
    for sign in signs:
        axes.scatter([], [], **sign)
    if signs:
        axes.figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=8, handletextpad=0.2)
    return axes


def _rows(questions: Sequence[Question]) -> tuple[dict[str, float], list[tuple[float, str]]]:
    """Return the height of each question's row, and the titles of the themes with theirs, where there are several."""
    rows: dict[str, float] = {}
    heads: list[tuple[float, str]] = []
    several = len({question.theme for question in questions}) > 1
    y = 0.0
    for at, question in enumerate(questions):
        if several and (not at or questions[at - 1].theme != question.theme):
            heads.append((y, question.heading))
            y += 1
        rows[question.id] = y
        y += 1
    return rows, heads


def _cell(axes: Axes, column: int, y: float, coding: Coding, question: Question) -> None:
    x = column - 0.1
    if coding.held is None:
        marker, size, _ = SILENT[coding.silent_reason]
        axes.scatter(x, y, s=size, marker=marker, color=MUTED, linewidth=0.8)
        return
    letter = question.letter(coding.code)
    colour, own = COLOURS[(ord(letter) - ord("A")) % len(COLOURS)], coding.voice == "source"
    axes.scatter(x, y, s=165, facecolor=colour if own else "white", edgecolor=colour, linewidth=1.3, zorder=2)
    axes.text(
        x, y, letter, ha="center", va="center_baseline", color="white" if own else INK, weight="bold", fontsize=8
    )  # fmt: skip
    beside = [f"+{question.letter(one.code)}" for one in coding.also]
    beside += [f"¬{question.letter(one.code)}" for one in coding.rejects]
    notes = ((3.5, str(coding.confidence) if coding.confidence < 3 else ""), (-4, " ".join(beside)))
    for rise, words in notes:
        axes.annotate(words, (x, y), (8, rise), textcoords="offset points", va="center", fontsize=8)


def _signs(codings: Sequence[Coding], differ: bool) -> list[dict[str, Any]]:
    """Return how to draw each sign that is used, and no others, with what it means."""
    voices, reasons = {one.voice for one in codings if one.held}, {one.silent_reason for one in codings}
    big, small = {"s": 60, "linewidth": 1}, {"s": 26, "color": INK, "linewidth": 1}
    signs: list[tuple[bool, dict[str, Any]]] = [
        ("source" in voices, {**big, "color": COLOURS[0], "label": "position, in the source's own voice"}),
        (
            "reported" in voices,
            {**big, "facecolor": "white", "edgecolor": COLOURS[0], "label": "position, only reported of someone"},
        ),
        (
            any(0 < one.confidence < 3 for one in codings),
            {**small, "marker": "$2$", "label": "confidence, where it is below 3"},
        ),
        (any(one.also for one in codings), {**small, "marker": "$+$", "label": "also held elsewhere in the text"}),
        (any(one.rejects for one in codings), {**small, "marker": r"$\neg$", "label": "cited and rejected"}),
        (differ, {**small, "marker": r"$\neq$", "label": "coders read it differently"}),
    ]
    for reason, (marker, size, label) in SILENT.items():
        look = {"marker": marker, "s": size, "color": MUTED, "linewidth": 0.8, "label": label}
        signs.append((reason in reasons, look))
    return [look for used, look in signs if used]


def plot_pairs(pairs: pd.DataFrame, silence: pd.DataFrame) -> Axes:
    """Return a triangle of sources by sources with a mark per question on which both speak: a dot for the same
    position, a cross for different ones. The diagonal counts the questions on which a source speaks at all.

    Shapes: `pairs` as `pairs_table`, `silence` as `silence_table` gives them.
    """
    labels = list(silence["Source"])
    axes = canvas(0.95 + 0.6 * len(labels))
    for at, (_, row) in enumerate(silence.iterrows()):
        axes.text(at, at, f"{row['Own voice'] + row['Only reported']}", ha="center", va="center", color=MUTED)
    for _, pair in pairs.iterrows():
        column, line = labels.index(pair["And"]), labels.index(pair["Source"])
        same, different = int(pair["The same"]), int(pair["Different ones"])
        for place in range(same + different):
            x = column - 0.38 + 0.11 * (place % DOTS)
            y = line + 0.18 * (place // DOTS) - 0.09 * ((same + different - 1) // DOTS)
            alike = place < same
            axes.scatter(
                x, y, s=13 if alike else 15, marker="o" if alike else "x", color=COLOURS[0 if alike else 1], linewidth=1
            )
        if not same + different:
            axes.text(column, line, "none", ha="center", va="center", color=MUTED, style="italic", fontsize=8)
    name_rows(axes, labels)
    name_columns(axes, labels)
    axes.scatter([], [], s=13, color=COLOURS[0], label="the same position")
    axes.scatter([], [], s=15, marker="x", color=COLOURS[1], linewidth=1, label="different positions")
    axes.scatter([], [], s=40, marker="$12$", color=MUTED, linewidth=0.3, label="questions it takes a position on")
    add_legend(axes)
    return axes
