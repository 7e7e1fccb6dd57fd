"""Figures of what texts share: ribbons between two texts, and a rewording word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from apparatus.figures.style import COLOURS, INK, MUTED, PALE, canvas, number_section
from apparatus.model import Document, Reuse, Section
from apparatus.reuse.changes import NAMES, Change

Curve = list[tuple[float, float]]

KINDS = {"paraphrase": "in other words", "verbatim": "word for word", "shared_quote": "both quote it"}
LOOK = {  # colour and hatch: the kinds differ by both
    "paraphrase": (COLOURS[0], ""),
    "verbatim": (COLOURS[1], "/////"),
    "shared_quote": (COLOURS[6], ""),
}
STRIP = 0.09  # height of a strip, of that of the axes
CELLS = {  # what became of a word: fill, edge and hatch
    "kept": (COLOURS[0], COLOURS[0], ""),
    "other form": (COLOURS[5], COLOURS[0], "......"),
    "exchanged": ("white", COLOURS[1], "/////"),
    "moved": (COLOURS[3], INK, ""),
    "dropped": (PALE, "#c9c9c9", ""),
}


def plot_ribbons(corpus: Mapping[str, Document], found: Sequence[Reuse], above: str, below: str) -> Axes:
    """Return two texts as strips, each from its first to its last character, with a ribbon between shared passages.

    Ribbons that do not cross keep their order; sections are banded. Units: percent of each text's characters.
    """
    axes = canvas(3.7)
    for source, bottom in ((above, 1 - STRIP), (below, 0.0)):
        _strip(axes, corpus[source], bottom)
    pairs = [one for one in found if {one.a.source, one.b.source} == {above, below}]
    for one in sorted(pairs, key=lambda one: (list(LOOK).index(one.kind), one.a.start)):
        sides = (one.a, one.b) if one.a.source == above else (one.b, one.a)
        ends = [side.start / len(corpus[side.source].raw) * 100 for side in sides]
        lengths = [max(0.35, (side.end - side.start) / len(corpus[side.source].raw) * 100) for side in sides]
        _ribbon(axes, ends, lengths, one.kind)
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.16, 1.16)
    axes.set_axis_off()
    shown = [kind for kind in KINDS if any(one.kind == kind for one in pairs)]
    patches = [
        Patch(facecolor=LOOK[kind][0], alpha=0.75, hatch=LOOK[kind][1], edgecolor="white", label=KINDS[kind])
        for kind in shown
    ]
    axes.figure.legend(handles=patches, loc="outside upper left", ncols=3, frameon=False, fontsize=8)
    return axes


def _strip(axes: Axes, doc: Document, bottom: float) -> None:
    """Draw a text: its running text dark, its sections banded and numbered, its name beside."""
    length, on_top = len(doc.raw) / 100, bottom > 0
    axes.fill_between([0, 100], bottom, bottom + STRIP, color=PALE, linewidth=0)
    for count, section in enumerate(doc.sections if len(doc.sections) > 1 else ()):
        _section(axes, section, count, length, bottom)
    axes.plot([0, 100, 100, 0, 0], [bottom, bottom, bottom + STRIP, bottom + STRIP, bottom], color=MUTED, linewidth=0.6)
    words = doc.source.label or doc.source.id
    axes.text(
        0, bottom + STRIP + 0.03 if on_top else bottom - 0.03, words, va="bottom" if on_top else "top", fontsize=9,
        weight="bold",
    )  # fmt: skip
    end = f"{len(doc.raw):,} characters"
    axes.text(
        100, bottom + STRIP + 0.03 if on_top else bottom - 0.03, end, ha="right", va="bottom" if on_top else "top",
        fontsize=8, color=MUTED,
    )  # fmt: skip


def _section(axes: Axes, section: Section, count: int, length: float, bottom: float) -> None:
    start, end = section.start / length, section.end / length
    axes.fill_between([start, end], bottom, bottom + STRIP, color="#d4d4d4" if count % 2 else "white", linewidth=0)
    number_section(axes, start, end, bottom + STRIP / 2, section.number, va="center")


def _ribbon(axes: Axes, starts: Sequence[float], lengths: Sequence[float], kind: str) -> None:
    (top, low), (wide, narrow) = starts, lengths
    upper, lower = 1 - STRIP, STRIP
    middle = (upper + lower) / 2
    left: Curve = [(top, upper), (top, middle), (low, middle), (low, lower)]
    right: Curve = [(low + narrow, lower), (low + narrow, middle), (top + wide, middle), (top + wide, upper)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    colour, hatch = LOOK[kind]
    path = Path([*left, *right, left[0]], codes)
    axes.add_patch(PathPatch(path, facecolor=colour, alpha=0.6, edgecolor="white", linewidth=0.3, hatch=hatch))
    for start, length, bottom in ((top, wide, upper), (low, narrow, 0.0)):
        axes.fill_between([start, start + length], bottom, bottom + STRIP, color=colour, linewidth=0, alpha=0.9)


def plot_rewording(rewordings: Sequence[tuple[Reuse, Sequence[Change]]]) -> Axes:
    """Return a line of cells per passage of `a`, a cell per word in its order: what became of it in `b`.

    A plus sign stands under the place where `b` has words of its own; it grows with their number.
    """
    axes = canvas(1.2 + 0.125 * len(rewordings))
    for row, (_, changes) in enumerate(rewordings):
        _cells(axes, row, changes)
    axes.set_ylim(len(rewordings) - 0.3, -0.8)
    axes.set_xlim(-0.5, None)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("words of the passage of a, in order")
    axes.set_ylabel("passages of a, in the order of the text")
    legend = [
        Patch(facecolor=face, edgecolor=edge, hatch=hatch, label=NAMES.get(kind, kind))
        for kind, (face, edge, hatch) in CELLS.items()
    ]
    plus = Line2D([], [], marker="+", color=INK, linestyle="", label=NAMES["added"])
    axes.figure.legend(handles=[*legend, plus], loc="outside upper left", ncols=3, frameon=False, fontsize=8)
    return axes


def _cells(axes: Axes, row: int, changes: Sequence[Change]) -> None:
    """Draw the words of one passage of `a`, and a sign where `b` has words of its own."""
    at = 0
    for change in changes:
        if change.kind == "added":
            axes.scatter(at, row + 0.3, s=5 + 5 * change.words[1], marker="+", color=INK, linewidth=0.7, zorder=3)
            continue
        face, edge, hatch = CELLS[change.kind]
        cells = [(at + word + 0.06, 0.88) for word in range(change.words[0])]
        axes.broken_barh(cells, (row - 0.34, 0.5), facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.4)
        at += change.words[0]
