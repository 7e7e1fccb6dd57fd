"""Figures of who speaks: along each text, in how many words, and about whom."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from apparatus.figures.style import COLOURS, INK, MARKERS, MUTED, PALE, canvas, name_columns, name_rows, write_silent
from apparatus.speaking import NO_PARTY, NOT_NAMED, Speaking, words_of
from apparatus.voices import Speech

HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")
LEAST_WIDTH = 0.25  # percent of a row: a word in a long text must still be seen
OTHERS = "other parties and names"
ACROSS = 30  # squares in a line of `plot_voices`


def plot_score(speaking: Speaking, *, shown: int = 3) -> Axes:
    """Return a strip per source, read like a score: its own voice is the line, quotes stand above, reports below.

    Units: percent of the words of its running text. Colour and hatching tell for whom the speaker speaks: the `shown`
    parties with most words, the others together, and speakers without a name.
    """
    parties = _parties_by_words(speaking, shown)
    axes = canvas(1.15 + 0.62 * len(speaking.corpus) + 0.12 * len(parties))
    for row, source in enumerate(speaking.corpus):
        pieces = speaking.of(source)
        total, at = max(words_of(pieces), 1), 0
        axes.hlines(row, 0, 100, color=MUTED, linewidth=1.1)
        for piece in pieces:
            if piece.voice != "own":
                _note(axes, row, 100 * at / total, 100 * piece.length / total, piece, _which(speaking, piece, parties))
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
        axes.text(102, place, word, va="center", fontsize=7, color=MUTED)
    patches = [
        Patch(facecolor=COLOURS[at], hatch=HATCHES[at], edgecolor="white", linewidth=0, label=party)
        for at, party in enumerate(parties)
    ]
    axes.figure.legend(handles=patches, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    return axes


def _parties_by_words(speaking: Speaking, shown: int) -> list[str]:
    words = speaking.by_party()
    named = [party for party in words if party not in (NOT_NAMED, NO_PARTY)]
    rest = [OTHERS] if len(named) > shown or NO_PARTY in words else []
    return [*named[:shown], *rest, *([NOT_NAMED] if NOT_NAMED in words else [])]


def _which(speaking: Speaking, piece: Speech, parties: Sequence[str]) -> int:
    party = speaking.party(piece)
    return parties.index(party if party in parties else OTHERS)


def _note(axes: Axes, row: int, start: float, width: float, piece: Speech, which: int) -> None:
    quoted = piece.voice == "quoted"
    axes.bar(
        start, -0.36 if quoted else 0.24, max(width, LEAST_WIDTH), bottom=row - 0.03 if quoted else row + 0.03,
        align="edge", color=COLOURS[which], hatch=HATCHES[which], edgecolor="white", linewidth=0,
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
    name_rows(axes, speakers)
    name_columns(axes, spoken)
    wrapped = [textwrap.fill(party, 11, break_long_words=False) for party in spoken]
    axes.set_xticks(range(len(spoken)), wrapped, fontsize=7.2)
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


def plot_voices(shares: pd.DataFrame) -> Axes:
    """Return rows of marks per source, each so many words: its own prose pale, each speaker's in a form of its own.

    Shapes: columns Source, Voice, Words. Units: words; how many a mark stands for is told below the axis.
    """
    voices = list(dict.fromkeys(shares.sort_values("Words", ascending=False, kind="stable")["Voice"]))
    voices.sort(key=lambda voice: voice != "own prose")
    sources = list(dict.fromkeys(shares["Source"]))
    words = shares.groupby(["Source", "Voice"], sort=False)["Words"].sum()
    each = _words_a_mark(int(words.groupby(level=0).sum().max()) if len(words) else 1)
    marks = {one: _marks(words, one, voices, each) for one in sources}
    lines = [max(-(-len(marks[one]) // ACROSS), 1) for one in sources]
    axes = canvas(0.9 + 0.115 * (sum(lines) + 2 * len(lines)) + 0.17 * len(voices))
    tops = [sum(lines[:row]) + 2 * row for row in range(len(sources))]
    for one, top in zip(sources, tops, strict=True):
        _rows_of_marks(axes, top, marks[one])
    for at, voice in enumerate(voices):
        axes.scatter([], [], s=22, marker=_form(at), label=voice, color=_colour(at))
    name_rows(axes, sources)
    names = [textwrap.fill(one, 17, break_on_hyphens=False) for one in sources]
    axes.set_yticks([top + (count - 1) / 2 for top, count in zip(tops, lines, strict=True)], names)
    axes.set_ylim(sum(lines) + 2 * len(lines) - 2, -1)
    axes.set_xlim(-1, ACROSS)
    axes.set_xticks([])
    axes.spines["bottom"].set_color(PALE)
    axes.set_xlabel(f"a mark: {each} words of the passages, or a rest of them")
    axes.figure.legend(loc="outside upper left", ncols=1, frameon=False, fontsize=8)
    return axes


def _rows_of_marks(axes: Axes, top: int, marks: Sequence[int]) -> None:
    for at in sorted(set(marks)):
        places = [place for place, which in enumerate(marks) if which == at]
        across, down = [place % ACROSS for place in places], [top + place // ACROSS for place in places]
        axes.scatter(across, down, s=13, marker=_form(at), color=_colour(at), linewidth=0)
    if not marks:
        axes.text(0, top, "silent", va="center", color=MUTED, style="italic")


def _form(voice: int) -> str:
    return MARKERS[(voice - 1) % len(MARKERS)] if voice else "s"


def _colour(voice: int) -> str:
    return COLOURS[(voice - 1) % len(COLOURS)] if voice else "#c9d6df"


def _words_a_mark(most: int) -> int:
    """Return how many words a mark stands for, so that no source needs more than eight lines."""
    return next(each for each in (5, 10, 20, 25, 50, 100, 250, 500, 1000, 10**9) if most / each <= 8 * ACROSS)


def _marks(words: pd.Series[int], source: str, voices: Sequence[str], each: int) -> list[int]:
    """Return the voice of each mark of a source; every voice that has a word has a mark."""
    return [at for at, voice in enumerate(voices) for _ in range(-(-int(words.get((source, voice), 0)) // each))]
