"""The figure of how well the texts are read."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from apparatus.figures.style import COLOURS, MARKERS, PALE, add_legend, canvas
from apparatus.quality import MEASURED, Quality


def plot_quality(qualities: Sequence[Quality], intervals: Sequence[tuple[float, float]]) -> Axes:
    """Return a row per kind and tool: F1 in each set of marked texts, with its interval; hollow where overlap suffices.

    Shapes: `intervals` has one (low, high) per quality.
    """
    names = list(dict.fromkeys((MEASURED[one.kind], one.tool) for one in qualities))
    sets = list(dict.fromkeys(one.marked.name for one in qualities))
    axes = canvas(1.1 + 0.36 * len(names))
    for one, (low, high) in zip(qualities, intervals, strict=True):
        which = sets.index(one.marked.name)
        row = names.index((MEASURED[one.kind], one.tool)) + 0.24 * which - 0.12
        axes.plot([low, high], [row, row], color=COLOURS[which], linewidth=1.6)
        axes.scatter(
            one.overlapping.f1, row, edgecolor=COLOURS[which], facecolor="white", marker=MARKERS[which], s=30, zorder=3
        )
        axes.scatter(one.exact.f1, row, color=COLOURS[which], marker=MARKERS[which], s=34, zorder=4)
    for which, name in enumerate(sets):
        axes.scatter([], [], color=COLOURS[which], marker=MARKERS[which], label=name)
    axes.set_yticks(range(len(names)), [f"{kind}: {tool}" for kind, tool in names], fontsize=8)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.04)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.set_xlabel("F1")
    add_legend(axes)
    return axes
