"""The one house style of figures: colour-blind safe, never by colour alone, legible at the width of a phone."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from apparatus.model import Document

INK, MUTED, PALE = "#1b1b1b", "#6b6b6b", "#ececec"
# Okabe and Ito's colours (2008), told apart by all common kinds of colour vision; markers repeat the distinction
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a8a")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.dpi": 200,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "svg.hashsalt": "apparatus",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
WIDTH = 4.8  # inches: at 200 dots each, words of 9 points stay legible on a phone


def canvas(height: float) -> Axes:
    """Return empty axes of the house style. Units: `height` in inches."""
    plt.style.use(STYLE)
    _, axes = plt.subplots(figsize=(WIDTH, height))
    return axes


def labels_of(corpus: Mapping[str, Document]) -> list[str]:
    """Return what readers call the sources."""
    return [doc.source.label for doc in corpus.values()]


def name_rows(axes: Axes, labels: Sequence[str], *, width: int = 17) -> None:
    """Give the rows of a figure their names, first row on top. Units: `width` in characters."""
    axes.set_yticks(range(len(labels)), [textwrap.fill(label, width, break_on_hyphens=False) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def name_columns(axes: Axes, labels: Sequence[str]) -> None:
    """Give the columns of a matrix their names, on top."""
    axes.set_xticks(range(len(labels)), [textwrap.fill(label, 9, break_on_hyphens=False) for label in labels])
    axes.set_xlim(-0.5, len(labels) - 0.4)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0, labelsize=8)
    axes.spines["bottom"].set_visible(False)


def number_section(axes: Axes, start: float, end: float, height: float, number: str, **look: Any) -> None:
    """Write a section's number over its part of a strip of 100, where it is wide enough for it."""
    if end - start > 1.6 * len(number) + 1:
        axes.text((start + end) / 2, height, number, ha="center", fontsize=8, **look)


def write_silent(axes: Axes, x: float, y: float, word: str = "silent") -> None:
    """Write a word where there is nothing to show."""
    axes.text(x, y, word, ha="center", va="center", color=MUTED, style="italic")


def add_legend(axes: Axes) -> None:
    """Set the legend above the axes, where anything is marked in them."""
    if labels := axes.get_legend_handles_labels()[1]:
        columns = 1 if max(map(len, labels)) > 24 else 2
        axes.figure.legend(loc="outside upper left", ncols=columns, frameon=False, fontsize=8)
