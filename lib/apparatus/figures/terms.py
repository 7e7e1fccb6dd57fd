"""Figures of names and words: where in a text each name stands, which words set a text apart, how it spreads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from apparatus.contrasts import Contrast
from apparatus.figures.style import (
    COLOURS,
    INK,
    MARKERS,
    MUTED,
    PALE,
    add_legend,
    canvas,
    labels_of,
    name_rows,
    write_silent,
)
from apparatus.keyness import Counts, Keyword, dispersion
from apparatus.model import Document
from apparatus.terms import OWN, Use, of_contrast

FARTHEST = 10  # doublings shown on an axis; what goes beyond ends in an arrow
SPOTS = ((4, 3, "left"), (4, -9, "left"), (-4, 3, "right"), (-4, -9, "right"), (0, 7, "center"), (0, -13, "center"))


def plot_contrast(corpus: Mapping[str, Document], contrast: Contrast, uses: Sequence[Use]) -> Axes:
    """Return a strip per source that shows where in its text each name of one thing stands, and in whose voice.

    Units: percent of the text's characters. Filled: the source's own voice; open: reported, quoted, set apart or
    denied. A name stands as listed, for all its forms.
    """
    mine = of_contrast(uses, contrast)
    groups = _groups(contrast, mine)
    axes = canvas(0.75 + 0.19 * ((len(groups) + 1) // 2) + 0.62 * len(corpus))
    step = 0.7 / max(len(groups), 1)
    for row, (source, doc) in enumerate(corpus.items()):
        axes.axhspan(row - 0.4, row + 0.4, color=PALE, linewidth=0, zorder=0)
        if not any(use.term.source == source for use in mine):
            write_silent(axes, 50, row, "not named")
        for at, found in enumerate(groups.values()):
            places = [use for use in found if use.term.source == source]
            _marks(axes, places, len(doc.raw), row - 0.35 + step * (at + 0.5), at)
    for at, (name, found) in enumerate(groups.items()):
        axes.scatter([], [], s=26, color=COLOURS[at], marker=MARKERS[at], label=f"{name} ({len(found)})")
    name_rows(axes, labels_of(corpus))
    axes.set_xlim(-1.5, 101.5)
    axes.set_xlabel("place in the text (% of its characters)\nfilled: own voice; open: any other use")
    if groups:
        add_legend(axes)
    return axes


def _groups(contrast: Contrast, uses: Sequence[Use]) -> dict[str, list[Use]]:
    """Return the uses by variant, the commonest by name and the rest as one, in the order of the contrast's file."""
    counts = Counter(use.term.variant for use in uses)
    ranked = sorted(counts, key=lambda label: (-counts[label], contrast.labels.index(label)))
    named = ranked if len(ranked) <= len(MARKERS) else ranked[: len(MARKERS) - 1]
    groups = {label: [use for use in uses if use.term.variant == label] for label in contrast.labels if label in named}
    if rest := [use for use in uses if use.term.variant not in named]:
        groups["other names"] = rest
    return groups


def _marks(axes: Axes, uses: Sequence[Use], length: int, height: float, at: int) -> None:
    for own in (False, True):
        places = [100 * use.term.start / length for use in uses if (use.how == OWN) == own]
        fill, edge = (COLOURS[at], "white") if own else ("white", COLOURS[at])
        axes.scatter(
            places, [height] * len(places), s=32 if own else 24, marker=MARKERS[at], facecolor=fill, edgecolor=edge,
            linewidth=0.7 if own else 1.2, zorder=3,
        )  # fmt: skip


def plot_keyness(counts: Counts, keywords: Mapping[str, Sequence[Keyword]]) -> Axes:
    """Return a row per word that sets a source apart: how many doublings more or less often it stands there.

    Shapes: `keywords` are those shown, by source. Units: log ratio, in doublings; the line is its interval, ending in
    an arrow where it goes on. The area is the count in the source, open where the interval crosses no difference; a
    cross is a word that the source does not have.
    """
    rows = list(_rows(counts, keywords))
    axes = canvas(1.0 + 0.195 * len(rows))
    axes.axvline(0, color=MUTED, linewidth=0.8)
    for row, (name, one) in enumerate(rows):
        if one is None:
            axes.text(-FARTHEST, row, name, va="center", fontsize=8.5, weight="bold" if name[0] != "–" else "normal")
            continue
        _interval(axes, row, one)
    axes.set_yticks([row for row, (_, one) in enumerate(rows) if one], [name for name, one in rows if one], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.7)
    axes.set_xlim(-FARTHEST - 0.3, FARTHEST + 0.3)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.set_xlabel("log ratio, in doublings\n← less often          more often →", fontsize=8.5)
    _explain(axes, [one for _, one in rows if one])
    return axes


def _rows(counts: Counts, keywords: Mapping[str, Sequence[Keyword]]) -> Iterator[tuple[str, Keyword | None]]:
    """Yield the rows of a figure of keyness: a source's name, then its words, or that there are none."""
    for source, found in keywords.items():
        yield counts.corpus[source].source.label, None
        yield from ((one.form, one) for one in sorted(found, key=lambda one: (-one.ratio, one.form)))
        if not found:
            yield "– no word survives the correction", None


def _interval(axes: Axes, row: int, one: Keyword) -> None:
    colour = COLOURS[0] if one.ratio > 0 else COLOURS[1]
    low, high = max(one.low, -FARTHEST), min(one.high, FARTHEST)
    axes.plot([low, high], [row, row], color=colour, linewidth=1.1)
    for end, beyond, marker in ((low, one.low, "<"), (high, one.high, ">")):
        if end != beyond:
            axes.scatter(end, row, s=14, color=colour, marker=marker)
    if not one.here:
        axes.scatter(one.ratio, row, s=26, color=colour, marker="x", zorder=3)
        return
    size = 16 + 2.2 * min(one.here, 40)
    axes.scatter(one.ratio, row, s=size, facecolor=colour if one.clear else "white", edgecolor=colour, zorder=3)


def _explain(axes: Axes, keywords: Sequence[Keyword]) -> None:
    """Add a legend of the signs that are used."""
    signs: tuple[tuple[bool, dict[str, Any], str], ...] = (
        (any(one.here and one.clear for one in keywords), {"color": INK}, "interval on one side of 0"),
        (any(one.here and not one.clear for one in keywords), {"facecolor": "white", "edgecolor": INK}, "it crosses 0"),
        (not all(one.here for one in keywords), {"color": INK, "marker": "x"}, "not in the source"),
    )
    for used, look, label in signs:
        if used:
            axes.scatter([], [], s=26, label=label, **look)
    if keywords:
        axes.figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=8, handletextpad=0.1)


def plot_dispersion(
    counts: Counts, source: str, keywords: Sequence[Keyword], *, parts: int = 10, least: int = 5
) -> Axes:
    """Return a dot per word of a source: how often it stands there, and how unevenly it is spread over its parts.

    Units: the count, on a logarithmic axis; DPnorm, 0 for an even spread and 1 for a word of the smallest part alone.
    Squares are those of the keywords given for whose name there is room, the first of them first.
    """
    axes = canvas(3.4)
    found = [form for form in sorted(counts.places[source]) if len(counts.places[source][form]) >= least]
    points = {
        form: (len(counts.places[source][form]), dispersion(counts, source, form, parts=parts)[1]) for form in found
    }
    most = max((x for x, _ in points.values()), default=least)
    axes.set_xscale("log")
    axes.set_xlim(least * 0.8, most * 1.6)
    axes.set_ylim(-0.03, 1.07)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if least <= tick <= most]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("times in the source")
    axes.set_ylabel("DPnorm: ← even   in one place →")
    axes.scatter(*_columns(points.values()), s=9, color=COLOURS[7], alpha=0.45, linewidth=0)
    forms = [form for form in dict.fromkeys(one.form for one in keywords) if form in points]
    shown = _label(axes, {form: points[form] for form in forms})
    axes.scatter(*_columns(points[form] for form in shown), s=22, color=COLOURS[0], marker="s", zorder=3)
    return axes


def _columns(points: Iterable[tuple[int, float]]) -> tuple[list[int], list[float]]:
    points = list(points)
    return [x for x, _ in points], [y for _, y in points]


def _label(axes: Axes, points: Mapping[str, tuple[int, float]]) -> list[str]:
    """Write names beside points, the first points first, and return those for which there was room."""
    figure = axes.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    taken: list[Bbox] = []
    shown = []
    for form, point in points.items():
        x, y = axes.transData.transform(point)
        dot = Bbox.from_bounds(x - 6, y - 6, 12, 12)
        for right, up, side in SPOTS if not dot.count_overlaps(taken) else ():
            text = axes.annotate(form, point, (right, up), textcoords="offset points", ha=side, fontsize=8, color=INK)
            box = text.get_window_extent().padded(3)
            if _fits(box, axes) and not box.count_overlaps(taken):
                taken += [box, dot]
                shown.append(form)
                break
            text.remove()
    return shown


def _fits(box: Bbox, axes: Axes) -> bool:
    frame = axes.get_window_extent()
    return bool(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1)
