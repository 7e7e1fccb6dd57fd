"""Figures of who speaks: along each text, in how many words, and about whom."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from apparatus.figures.style import COLOURS, INK, MUTED, canvas, name_columns, name_rows, write_silent
from apparatus.speaking import NO_PARTY, NOT_NAMED, Speaking, words_of
from apparatus.voices import Speech

# A party looks the same on every page: its place among all parties gives both, whose numbers have no common factor
HUES = (COLOURS[1], COLOURS[0], *COLOURS[2:6])
HATCHES = ("////", "", "....", "xxxx", "\\\\\\\\", "++++", "||||", "----", "oooo", "//..", "\\\\--", "xx..", "||..")
LEAST_WIDTH = 0.25  # percent of a row: a word in a long text must still be seen
OTHERS = "other parties and names"
Look = dict[str, Any]


def plot_score(speaking: Speaking, *, shown: int = 3) -> Axes:
    """Return a strip per source, read like a score: its own voice is the line, quotes stand above, reports below.

    Units: percent of the words of its running text. Colour and hatching tell for whom the speaker speaks, and are
    a party's own on every page: the `shown` parties with most words, the others together, speakers without a name.
    """
    looks = {party: _look(speaking, party) for party in _parties_by_words(speaking, shown)}
    axes = canvas(1.15 + 0.62 * len(speaking.corpus) + 0.12 * len(looks))
    for row, source in enumerate(speaking.corpus):
        pieces = speaking.of(source)
        total, at = max(words_of(pieces), 1), 0
        axes.hlines(row, 0, 100, color=MUTED, linewidth=1.1)
        for piece in pieces:
            if piece.voice != "own":
                look = looks.get(speaking.party(piece)) or looks[OTHERS]
                _note(axes, row, 100 * at / total, 100 * piece.length / total, piece, look)
            at += piece.length
        given = 100 * words_of(one for one in pieces if one.voice != "own") / total
        axes.text(102, row, f"{given:.0f}%", va="center", fontsize=8.5, color=INK)
        if not pieces:
            write_silent(axes, 50, row - 0.2)
    name_rows(axes, [speaking.label(source) for source in speaking.corpus])
    axes.set_xlim(-0.5, 114)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("place in the text (% of its words)")
    for place, word in ((-0.3, "quoted"), (0.3, "reported")):
        axes.text(102, place, word, va="center", fontsize=8, color=MUTED)
    patches = [Patch(**look, label=party) for party, look in looks.items()]
    axes.figure.legend(handles=patches, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    return axes


def _parties_by_words(speaking: Speaking, shown: int) -> list[str]:
    words = speaking.by_party()
    named = [party for party in words if party not in (NOT_NAMED, NO_PARTY)]
    rest = [OTHERS] if len(named) > shown or NO_PARTY in words else []
    return [*named[:shown], *rest, *([NOT_NAMED] if NOT_NAMED in words else [])]


def _look(speaking: Speaking, party: str) -> Look:
    """Return the colour and hatching of a party; black is nobody named, grey the others together."""
    if party in (NOT_NAMED, OTHERS):
        colour, hatch = (INK, "ooo") if party == NOT_NAMED else (COLOURS[7], "**")
    else:
        at = speaking.parties.order[party]
        colour, hatch = HUES[at % len(HUES)], HATCHES[at % len(HATCHES)]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0}


def _note(axes: Axes, row: int, start: float, width: float, piece: Speech, look: Look) -> None:
    quoted = piece.voice == "quoted"
    axes.bar(
        start, -0.36 if quoted else 0.24, max(width, LEAST_WIDTH), bottom=row - 0.03 if quoted else row + 0.03,
        align="edge", **look,
    )  # fmt: skip


def plot_about(about: pd.DataFrame, *, least: int = 1, columns: int = 5) -> Axes:
    """Return a matrix of who speaks by who is spoken of: a dot's area is the number of words that name them.

    Shapes: the columns of `speaking.about_table`. Parties spoken of in fewer than `least` words are left out, and all
    but the `columns` most spoken of. A cross: nothing said. Units: words.
    """
    kept = about[about["Words"] >= least]
    speakers = list(kept.groupby("Speaks for", sort=False)["Words"].sum().sort_values(ascending=False).index)
    spoken = list(kept.groupby("About", sort=False)["Words"].sum().sort_values(ascending=False, kind="stable").index)
    spoken = spoken[:columns]
    axes = canvas(1.15 + 0.44 * max(len(speakers), 1))
    largest = max(about["Words"].max() if len(about) else 1, 1)
    if not speakers:
        write_silent(axes, 0.5, 0.5)
        return axes
    words = {(row["Speaks for"], row["About"]): int(row["Words"]) for _, row in kept.iterrows()}
    for row, speaker in enumerate(speakers):
        for column, party in enumerate(spoken):
            _dot(axes, column, row, words.get((speaker, party), 0), largest, of_oneself=speaker == party)
    name_rows(axes, speakers, width=12)
    name_columns(axes, spoken)
    wrapped = [textwrap.fill(party, 11, break_long_words=False) for party in spoken]
    axes.set_xticks(range(len(spoken)), wrapped, fontsize=8)
    axes.set_xlim(-0.5, max(len(spoken), 1) - 0.3)
    axes.text(
        0, -0.03, "rows: who speaks; columns: who is spoken of; open: of oneself", transform=axes.transAxes, fontsize=8,
        color=MUTED, va="top",
    )  # fmt: skip
    return axes


def _dot(axes: Axes, column: int, row: int, words: int, largest: int, *, of_oneself: bool) -> None:
    if not words:
        axes.scatter(column, row, s=16, marker="x", color=MUTED, linewidth=0.7)
        return
    size = 14 + 620 * words / largest
    axes.scatter(column, row, s=size, linewidth=1.2, color="white" if of_oneself else COLOURS[0], edgecolor=COLOURS[0])
    inside = size > 360
    axes.annotate(
        f"{words:,}", (column, row), (0 if inside else 4 + size**0.5 / 2, 0), textcoords="offset points", va="center",
        ha="center" if inside else "left", fontsize=8, color="white" if inside and not of_oneself else INK,
    )  # fmt: skip
