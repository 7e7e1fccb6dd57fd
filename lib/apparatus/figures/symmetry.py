"""The figure of the symmetry test: two sides that change places in the mirror."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from apparatus.figures.style import COLOURS, MUTED, PALE, canvas

LEAST_GAP = 9  # percent: labels nearer than this would touch
STEP = 3.0  # from one pair to the next, where the lines of a pair are one wide


def plot_exchange(sides: pd.DataFrame) -> Axes:
    """Return a cross per pair of names: each side's share in the texts, on the left, and in their mirrors.

    Units: percent of the pair. In a reading that does not tilt each line ends where the other begins. Shapes:
    `sides` as from `symmetry.sides_table`.
    """
    axes = canvas(0.55 + 1.85 * ((len(sides) + 1) // 2))
    rows = (len(sides) + 1) // 2
    for at, (_, pair) in enumerate(sides.iterrows()):
        _cross(axes, at % 2 * STEP, (rows - 1 - at // 2) * 172, pair)
    axes.set_xlim(-0.75, STEP + 1.75)
    axes.set_ylim(-26, rows * 172 - 18)
    axes.axis("off")
    return axes


def _cross(axes: Axes, left: float, base: float, pair: pd.Series) -> None:
    axes.vlines([left, left + 1], base, base + 100, color=PALE, linewidth=6)
    axes.text(left - 0.28, base + 137, pair["What"], fontsize=8, color=MUTED)
    for side, mark in enumerate("●■"):
        name = pair[("One", "Other")[side]]
        axes.text(left - 0.28, base + 124 - 12 * side, f"{mark} {name}", fontsize=8, color=COLOURS[side])
    ends = [[pair["One, texts"], pair["Other, texts"]], [pair["One, mirrors"], pair["Other, mirrors"]]]
    shares = [[100 * count / max(sum(counts), 1) for count in counts] for counts in ends]
    for side, (colour, style, marker) in enumerate(((COLOURS[0], "-", "o"), (COLOURS[1], "--", "s"))):
        places = [base + shares[0][side], base + shares[1][side]]
        axes.plot([left, left + 1], places, style, color=colour, marker=marker, markersize=5, linewidth=1.6)
    for end, (place, turn) in enumerate(((left, -1), (left + 1, 1))):
        apart = max(0.0, LEAST_GAP - abs(shares[end][0] - shares[end][1])) / 2
        for side in (0, 1):
            up = (
                apart
                if shares[end][side] >= shares[end][1 - side] and (side or shares[end][0] != shares[end][1])
                else -apart
            )
            axes.text(
                place + turn * 0.1, base + shares[end][side] + up, f"{ends[end][side]:,}",
                ha="right" if turn < 0 else "left", va="center", fontsize=8, color=COLOURS[side],
            )  # fmt: skip
    for place, word in ((left, "texts"), (left + 1, "mirrors")):
        axes.text(place, base - 8, word, ha="center", va="top", fontsize=8, color=MUTED)
