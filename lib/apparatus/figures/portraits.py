"""The figure of one source: what it speaks of, from its first to its last character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from apparatus.figures.style import COLOURS, MUTED, PALE, canvas, name_rows, number_section, write_silent
from apparatus.model import Document, Span
from apparatus.themes import Passage


def plot_map(doc: Document, passages: Mapping[str, Sequence[Passage]]) -> Axes:
    """Return a strip per theme (title -> passages) that shows where in one text it is spoken of.

    Units: percent of the text's characters. A bar is a sentence, taller where more terms of the theme meet; sections
    are banded, with their numbers on top.
    """
    axes = canvas(0.95 + 0.36 * len(passages))
    length = len(doc.raw) / 100
    _sections(axes, doc.sections, length, len(passages))
    for row, found in enumerate(passages.values()):
        axes.hlines(row + 0.4, 0, 100, color=MUTED, linewidth=0.5)
        for one in found:
            height = 0.2 + 0.14 * min(one.weight, 4)
            width = max((one.end - one.start) / length, 0.4)
            axes.bar(one.start / length, height, width, bottom=row + 0.4 - height, align="edge", color=COLOURS[0])
        if not found:
            write_silent(axes, 50, row + 0.1)
    name_rows(axes, list(passages))
    axes.set_ylim(len(passages) - 0.5, -0.75)
    axes.set_xlim(0, 100)
    axes.set_xlabel("place in the text (% of its characters)")
    return axes


def _sections(axes: Axes, sections: Sequence[Span], length: float, rows: int) -> None:
    for count, section in enumerate(sections if len(sections) > 1 else ()):
        start, end = section.start / length, section.end / length
        axes.fill_between([start, end], -0.75, rows - 0.5, color=PALE if count % 2 else "white", linewidth=0, zorder=0)
        number_section(axes, start, end, -0.7, section.section, va="top", color=MUTED)
