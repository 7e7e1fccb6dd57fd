"""Figures of the ledger: verdicts by rule, stated against recomputed, and one quantity as several passages state it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from apparatus.figures.style import COLOURS, INK, MARKERS, MUTED, PALE, STYLE, WIDTH, add_legend, canvas, write_silent
from apparatus.model import Document, Quantity
from apparatus.reconcile.intervals import interval, spoken, spoken_range
from apparatus.reconcile.ledger import rows_with_values
from apparatus.reconcile.record import VERDICTS, Comparison, Range
from apparatus.reconcile.when import DAYS

SIGNS = {verdict: (COLOURS[at], MARKERS[at]) for at, verdict in enumerate(reversed(VERDICTS))}
LABEL = 36  # characters of a row's name
Rung = tuple[str, Range, dict[str, float]]


def plot_verdicts(counts: pd.DataFrame) -> Axes:
    """Return a matrix of rules by verdicts: the dot's area is the number of rows, a cross says that there is none.

    Shapes: a row per rule, named in the first column, then a column per verdict.
    """
    if counts.empty:
        return _empty("nothing is held against anything")
    verdicts, largest = list(counts.columns[1:]), int(counts.iloc[:, 1:].to_numpy().max(initial=1))
    axes = canvas(0.9 + 0.25 * len(counts))
    for at, (_, row) in enumerate(counts.iterrows()):
        for column, verdict in enumerate(verdicts):
            number = int(row[verdict])
            if not number:
                axes.scatter(column, at, s=14, marker="x", color="#a8a8a8", linewidth=0.8)
                continue
            colour, marker = SIGNS[verdict]
            axes.scatter(column, at, s=24 + 190 * number / largest, color=colour, marker=marker, linewidth=0)
            axes.annotate(str(number), (column, at), (11, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(counts)), list(counts.iloc[:, 0]), fontsize=8)
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xticks(range(len(verdicts)), [verdict.replace("not ", "not\n") for verdict in verdicts], fontsize=8)
    axes.set_xlim(-0.5, len(verdicts) - 0.4)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return axes


def _empty(sentence: str) -> Axes:
    """Return axes that say why there is nothing in them."""
    axes = canvas(0.8)
    axes.set_axis_off()
    write_silent(axes, 0.5, 0.5, sentence)
    return axes


def plot_stated(rows: Sequence[Comparison]) -> Axes:
    """Return a row per comparison of two amounts: the vaguer one in percent of the more exact one.

    A line spans what the vaguer words leave open. The sign stands where the two come nearest: on the line of 100 they
    can both be true. Units: percent of the middle of the more exact side.
    """
    shown = sorted(rows_with_values(rows), key=lambda row: (_percent(row), row.says))
    if not shown:
        return _empty("no row has two amounts to compare")
    axes = canvas(1.2 + 0.26 * len(shown))
    axes.axvline(100, color=INK, linewidth=0.9, zorder=1)
    for at, row in enumerate(shown):
        colour, marker = SIGNS[row.verdict]
        nearest, low, high = _percent(row)
        axes.plot([low, high], [at, at], color=colour, linewidth=2.2, alpha=0.45, solid_capstyle="butt", zorder=2)
        axes.scatter(nearest, at, color=colour, marker=marker, s=34, zorder=3)
    for verdict in VERDICTS:
        if any(row.verdict == verdict for row in shown):
            axes.scatter([], [], color=SIGNS[verdict][0], marker=SIGNS[verdict][1], label=verdict)
    axes.set_yticks(range(len(shown)), [_name(row) for row in shown], fontsize=8)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.set_xlabel("vaguer figure, in % of the more exact")
    add_legend(axes)
    return axes


def _percent(row: Comparison) -> tuple[float, float, float]:
    """Return (point nearest to the exact side, lowest, highest) of the vaguer side, in percent of the exact one."""
    assert row.given
    assert row.against
    exact, vague = sorted((row.given, row.against), key=lambda side: side[1] - side[0])
    middle = sum(exact) / 2 or 1.0
    low, high = (100 * side / middle for side in vague)
    return min(max(100.0, low), high), low, high


def _name(row: Comparison) -> str:
    """Return what is compared: both wordings, or the wording and what was computed."""
    unit = f"{row.unit}s" if row.unit in DAYS else row.unit
    computed = "" if " · " in row.says else f" · {spoken_range(*(round(side, 1) for side in row.against))} {unit}"
    return textwrap.shorten(row.says + computed, LABEL, placeholder="…")


def plot_ladders(groups: Sequence[Sequence[Quantity]], corpus: Mapping[str, Document]) -> Axes:
    """Return a panel per quantity with a rung per wording: the value and what the wording leaves open, by source.

    Units: those of the numbers, each panel with its own axis; years where lengths of time are given in several units.
    """
    if not groups:
        return _empty("no quantity is stated in two ways")
    plt.style.use(STYLE)
    rungs = [_rungs(group) for group in groups]
    heights = [len(one) + 1.4 for one in rungs]
    figure, panels = plt.subplots(
        len(groups), 1, figsize=(WIDTH, 0.8 + 0.23 * sum(heights)), height_ratios=heights, squeeze=False
    )
    sources = list(corpus)
    for axes, one, group in zip(panels[:, 0], rungs, groups, strict=True):
        _panel(axes, one, sources)
        axes.set_title(_unit(group), loc="right", fontsize=8, color=MUTED, style="italic", pad=2)
    last: Axes = panels[-1, 0]
    last.set_xlabel("value stated (each quantity has its own axis)")
    for which, source in enumerate(sources):
        if any(number.source == source for group in groups for number in group):
            last.scatter([], [], **_sign(which), label=corpus[source].source.label)
    handles, labels = last.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
    return last


def _panel(axes: Axes, rungs: Sequence[Rung], sources: Sequence[str]) -> None:
    for at, (_, (low, high), places) in enumerate(rungs):
        axes.plot([low, high], [at, at], color="#c4c4c4", linewidth=5, solid_capstyle="butt", zorder=1)
        for step, source in enumerate(sorted(places, key=sources.index)):
            which = sources.index(source)
            offset = 0.3 * (step - (len(places) - 1) / 2)
            axes.scatter(places[source], at + offset, **_sign(which), s=30, zorder=3)
    names = [textwrap.shorten(words, LABEL, placeholder="…") for words, _, _ in rungs]
    axes.set_yticks(range(len(rungs)), names)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: spoken(value)))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_ylim(-0.8, len(rungs) - 0.2)
    axes.margins(x=0.08)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)


def _sign(which: int) -> dict[str, Any]:
    """Return the colour and the marker of a source; the ninth has the colour of the first and another marker."""
    turn, at = divmod(which, len(COLOURS))
    return {"color": COLOURS[at], "marker": MARKERS[(at + turn) % len(MARKERS)]}


def _unit(group: Sequence[Quantity]) -> str:
    """Return the unit that most statements of a quantity have; years for lengths of time in several units."""
    units = [number.unit for number in group]
    if group[0].kind == "duration":
        return f"{units[0]}s" if len(set(units)) == 1 else "years"
    return max(sorted(set(units)), key=units.count)


def _rungs(group: Sequence[Quantity]) -> list[Rung]:
    """Return (words, what they leave open, source -> value) for each wording of a quantity, lowest first."""
    several = len({number.unit for number in group}) > 1
    found: dict[tuple[object, str, str], Rung] = {}
    for number in group:
        size = DAYS[number.unit] / DAYS["year"] if several and number.kind == "duration" else 1.0
        low, high = (side * size for side in interval(number.value, number.modifier))
        value = high if isinstance(number.value, tuple) else number.value * size
        rung = found.setdefault((number.value, number.modifier, number.unit), (number.words, (low, high), {}))
        rung[2][number.source] = value
    return sorted(found.values(), key=lambda rung: (rung[1], rung[0]))
