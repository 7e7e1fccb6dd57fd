"""Figures of a theme read in the sources, in the order in which a theme's page shows them."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from apparatus.figures.style import (
    COLOURS,
    MARKERS,
    MUTED,
    PALE,
    add_legend,
    canvas,
    labels_of,
    name_columns,
    name_rows,
    number_section,
    write_silent,
)
from apparatus.model import Document, Mention, Quantity, Span
from apparatus.reading import Reading

BEHIND = 36  # characters shown behind a number that is written alone


def plot_places(reading: Reading) -> Axes:
    """Return a strip per source that shows where in the text its passages on the theme stand.

    Units: percent of the text's characters. The bars' height is the weight of the terms; sections are banded.
    """
    axes = canvas(0.75 + 0.62 * len(reading.corpus))
    for row, (source, doc) in enumerate(reading.corpus.items()):
        length = len(doc.raw) / 100
        _bands(axes, row, doc.sections, length)
        axes.hlines(row + 0.32, 0, 100, color=MUTED, linewidth=0.6)
        for passage in reading.of(source):
            height = 0.18 + 0.1 * min(passage.weight, 4)
            width = max((passage.end - passage.start) / length, 0.5)
            axes.bar(passage.start / length, height, width, bottom=row + 0.32 - height, align="edge", color=COLOURS[0])
        if not reading.of(source):
            write_silent(axes, 50, row)
    name_rows(axes, labels_of(reading.corpus))
    axes.set_xlim(0, 100)
    axes.set_xlabel("place in the text (% of its characters)")
    return axes


def _bands(axes: Axes, row: int, sections: Sequence[Span], length: float) -> None:
    for count, section in enumerate(sections if len(sections) > 1 else ()):
        start, end = section.start / length, section.end / length
        axes.fill_between([start, end], row - 0.42, row + 0.32, color=PALE if count % 2 else "white", linewidth=0)
        number_section(axes, start, end, row - 0.4, section.section, va="top", color=MUTED)


def plot_terms(counts: pd.DataFrame) -> Axes:
    """Return a matrix of strands or themes by sources: the dot's area is the number of passages, a cross is a silence.

    Shapes: a row per strand or theme, named in the first column, then a column per source.
    """
    strands, sources = list(counts.iloc[:, 0]), list(counts.columns[1:])
    axes = canvas(1.1 + 0.42 * len(strands))
    largest = max(int(counts[sources].to_numpy().max()), 1)
    for row, (_, values) in enumerate(counts.iterrows()):
        for column, source in enumerate(sources):
            number = int(values[source])
            if number:
                axes.scatter(column, row, s=40 + 460 * number / largest, color=COLOURS[0], alpha=0.85, linewidth=0)
                axes.annotate(
                    str(number), (column, row), (13, 0), textcoords="offset points", va="center", fontsize=8.5
                )
            else:
                axes.scatter(column, row, s=22, marker="x", color=MUTED, linewidth=0.9)
    name_rows(axes, strands)
    name_columns(axes, sources)
    return axes


def plot_quantities(
    corpus: Mapping[str, Document], numbers: Sequence[Quantity], *, own: Collection[Quantity] = ()
) -> Axes:
    """Return a dot per number on a logarithmic axis, with the words as written; shape and colour tell the source.

    Filled: in the source's own voice, which `own` holds; open: in words that it quotes or reports. A number written
    several times alike in one source and voice is drawn once. Units: those of the numbers. Ranges are lines.
    """
    voiced = {(one.source, words_of_number(corpus, one), one in own): one for one in numbers}
    shown = sorted(voiced.items(), key=lambda item: (-_bounds(item[1])[1], item[0]))
    axes = canvas(1.15 + 0.26 * max(len(shown), 1))
    sources = list(corpus)
    for row, ((source, _, in_own_voice), number) in enumerate(shown):
        low, high = _bounds(number)
        which = sources.index(source)
        fill = COLOURS[which] if in_own_voice else "white"
        axes.plot([low, high], [row, row], color=COLOURS[which], linewidth=2)
        axes.scatter(high, row, facecolor=fill, edgecolor=COLOURS[which], marker=MARKERS[which], s=34, zorder=3)
    labels = [textwrap.shorten(words, 40, placeholder="…") for (_, words, _), _ in shown]
    axes.set_yticks(range(len(shown)), labels, fontsize=8)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.set_xlabel("number as stated (logarithmic axis)\nfilled: own voice; open: reported, quoted", fontsize=8)
    for which, source in enumerate(sources):
        if any(one.source == source for one in numbers):
            axes.scatter([], [], color=COLOURS[which], marker=MARKERS[which], label=corpus[source].source.label)
    if shown:
        add_legend(axes)
    return axes


def words_of_number(corpus: Mapping[str, Document], number: Quantity) -> str:
    """Return a number as written, with the words that follow it where it is written alone."""
    words = " ".join(number.exact.split())
    if len(words.split()) > 1:
        return words
    behind = corpus[number.source].raw[number.end : number.end + BEHIND].rpartition(" ")[0]
    return " ".join((words + re.split(r"[.,;:()]|\n\n", behind)[0]).split())


def _bounds(number: Quantity) -> tuple[float, float]:
    low, high = number.value if isinstance(number.value, tuple) else (number.value, number.value)
    return max(low, 0.5), max(high, 0.5)


def plot_names(corpus: Mapping[str, Document], mentions: Sequence[Mention]) -> Axes:
    """Return a strip per source that shows where each spelling of a name stands in its text.

    Units: percent of the text's characters. Spellings differ by marker and colour; the legend gives their number.
    """
    axes = canvas(1.3 + 0.6 * len(corpus))
    counts = Counter(mention.exact for mention in mentions)
    common = [name for name, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[: len(MARKERS) - 1]]
    shown = {name: [one for one in mentions if one.exact == name] for name in common}
    shown["other spellings"] = [one for one in mentions if one.exact not in common]
    for at, (name, chosen) in enumerate((name, chosen) for name, chosen in shown.items() if chosen):
        places = [100 * one.start / len(corpus[one.source].raw) for one in chosen]
        rows = [list(corpus).index(one.source) + 0.3 - 0.1 * at for one in chosen]
        axes.scatter(
            places, rows, s=20, color=COLOURS[at], marker=MARKERS[at], label=f"{name} ({len(chosen)})", alpha=0.85
        )
    for row, source in enumerate(corpus):
        if not any(mention.source == source for mention in mentions):
            write_silent(axes, 50, row, "not named")
    name_rows(axes, labels_of(corpus))
    axes.set_xlim(-1, 101)
    axes.set_xlabel("place in the text (% of its characters)")
    add_legend(axes)
    return axes


def plot_zones(corpus: Mapping[str, Document]) -> Axes:
    """Return a strip per source that shows which parts of its text are not running text.

    Units: percent of the text's characters.
    """
    axes = canvas(1.3 + 0.5 * len(corpus))
    kinds = list(dict.fromkeys(zone.kind for doc in corpus.values() for zone in doc.zones if zone.kind != "body"))
    hatches = ("", "///", "...", "xx", "\\\\\\", "++", "oo", "--")
    for row, doc in enumerate(corpus.values()):
        length = len(doc.raw) / 100
        axes.barh(row, 100, height=0.6, color=PALE)
        for zone in doc.zones:
            if zone.kind != "body":
                at = kinds.index(zone.kind)
                width = max((zone.end - zone.start) / length, 0.4)
                axes.barh(
                    row,
                    width,
                    left=zone.start / length,
                    height=0.6,
                    color=COLOURS[at % 8],
                    hatch=hatches[at % 8],
                    edgecolor="white",
                    linewidth=0,
                )
    for at, kind in enumerate(kinds):
        axes.bar(0, 0, color=COLOURS[at % 8], hatch=hatches[at % 8], edgecolor="white", label=kind)
    axes.bar(0, 0, color=PALE, label="running text")
    name_rows(axes, labels_of(corpus))
    axes.set_xlim(0, 100)
    axes.set_xlabel("place in the text (% of its characters)")
    add_legend(axes)
    return axes
