"""Figures of what independent records say: by theme and source, and by place in the text. A mark is a record."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from matplotlib.axes import Axes

from apparatus.figures.style import COLOURS, MUTED, PALE, add_legend, canvas, name_columns
from apparatus.model import Reference
from apparatus.readings import RELATIONS
from apparatus.references import LATER, Records, Referenced, bearing_on

SIGNS = {
    "confirms": ("o", COLOURS[0], COLOURS[0]),
    "qualifies": ("^", COLOURS[4], COLOURS[4]),
    "contradicts": ("X", COLOURS[1], COLOURS[1]),
    "context": ("s", "white", COLOURS[7]),
}
ACROSS, STEP, LINE, GAP = 6, 0.125, 0.11, 0.26  # marks in a line of a cell; then of columns, inches, inches
LANE = 0.155  # inches


def plot_records(records: Records) -> Axes:
    """Return a matrix of themes by sources with a mark per reference; its sign is how it bears on the source's words.

    What came after the documents stands in the last column. A reference that bears on several sources is marked in
    each of them.
    """
    columns = [(doc.source.label, _on(records, source)) for source, doc in records.corpus.items()]
    columns.append((LATER, [one for one in records.references if one.after_corpus]))
    tops, height = _tops(records, [found for _, found in columns])
    axes = canvas(1.15 + height)
    for theme, top in tops.items():
        axes.axhline(top - GAP / 2, color=PALE, linewidth=0.6)
        for column, (_, found) in enumerate(columns):
            _marks(axes, column, top, [one for one in found if one.theme == theme])
    axes.axvline(len(columns) - 1.5, color=MUTED, linewidth=0.6, linestyle=":")
    name_columns(axes, [label for label, _ in columns])
    middles = [(top + end - GAP) / 2 for top, end in pairwise([*tops.values(), height])]
    axes.set_yticks(middles, [_fill(records.headings[theme]) for theme in tops], fontsize=8, va="center")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(height, -GAP / 2)
    axes.tick_params(axis="x", labelsize=8)
    _explain(axes)
    return axes


def _on(records: Referenced, source: str) -> list[Reference]:
    return [one for one in bearing_on(records, source) if not one.after_corpus]


def _tops(records: Records, columns: Sequence[Sequence[Reference]]) -> tuple[dict[str, float], float]:
    """Return where each theme's marks begin, and where all end; a theme is as high as its fullest cell or its title."""
    tops: dict[str, float] = {}
    height = 0.0
    for theme in records.headings:
        tops[theme] = height
        most = max(sum(one.theme == theme for one in found) for found in columns)
        lines = max(ceil(most / ACROSS), _fill(records.headings[theme]).count("\n") + 1)
        height += GAP + LINE * max(lines - 1, 1)
    return tops, height


def _marks(axes: Axes, column: int, top: float, references: Sequence[Reference]) -> None:
    ordered = sorted(references, key=lambda one: RELATIONS.index(one.relation))
    for place, reference in enumerate(ordered):
        marker, face, edge = SIGNS[reference.relation]
        x, y = column - 0.34 + STEP * (place % ACROSS), top + LINE * (place // ACROSS)
        axes.scatter(x, y, s=17, marker=marker, facecolor=face, edgecolor=edge, linewidth=0.8)


def _fill(title: str) -> str:
    words, lines = title.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 16:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def plot_bearing(records: Records) -> Axes:
    """Return a strip per source and relation with a mark at each passage that a reference bears on.

    Units: percent of the text's characters. What came after the documents has a line of its own. Where nothing is
    marked nothing was gathered: that confirms nothing.
    """
    lanes = [*RELATIONS, LATER]
    axes = canvas(1.2 + len(records.corpus) * (len(lanes) + 1.1) * LANE)
    names: dict[float, str] = {}
    for row, (source, doc) in enumerate(records.corpus.items()):
        top = row * (len(lanes) + 1.1)
        axes.text(0, top - 0.75, doc.source.label, weight="bold", fontsize=8, va="center")
        for at, lane in enumerate(lanes):
            names[top + at] = lane.lower()
            axes.hlines(top + at, 0, 100, color=PALE, linewidth=0.8, zorder=0)
            for reference in records.references:
                for place in reference.passages:
                    if place.source == source and lane == (LATER if reference.after_corpus else place.relation):
                        _mark(axes, place.start * 100 / len(doc.raw), top + at, place.relation)
    axes.set_yticks(list(names), list(names.values()), fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(max(names, default=0) + 0.8, -1.4)
    axes.set_xlim(-1.5, 101.5)
    axes.set_xlabel("place in the text (% of its characters)")
    _explain(axes)
    return axes


def _mark(axes: Axes, x: float, y: float, relation: str) -> None:
    marker, face, edge = SIGNS[relation]
    axes.scatter(x, y, s=17, marker=marker, facecolor=face, edgecolor=edge, linewidth=0.8, alpha=0.85)


def _explain(axes: Axes) -> None:
    for relation, (marker, face, edge) in SIGNS.items():
        axes.scatter([], [], s=22, marker=marker, facecolor=face, edgecolor=edge, linewidth=0.8, label=relation)
    add_legend(axes)
