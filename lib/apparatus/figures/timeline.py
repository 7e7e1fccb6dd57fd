"""Figures of time: what each source dates and how exactly, and how sources tell of the same events."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import sqrt

from matplotlib.axes import Axes

from apparatus.events import DATED, NAMED, ONE_LIKE, OTHERWISE, SAME_TIME, Event, bounds
from apparatus.figures.style import COLOURS, INK, MUTED, PALE, canvas, name_columns
from apparatus.timeline import NOT_KNOWN, WRITTEN_BEFORE, Timeline, written

Scale = Callable[[float], float]
MONTH = 31  # days: what is longer is drawn as a bar
UNLIKE = r"$\neq$"  # the sign of a date that is not the list's
STEP = 0.11  # inches that a date needs
FORMS = {  # how a precision looks in the matrix: marker, size, and its words in the legend
    "day": ("o", 46, "a day"),
    "days": ("o", 46, "days"),
    "month": ("s", 40, "a month"),
    "months": ("s", 40, "months"),
    "season": ("s", 40, "a season"),
    "year": ("D", 34, "a year"),
    "years": ("D", 34, "years"),
    "decade": ("^", 44, "a decade"),
}


def plot_timeline(timeline: Timeline) -> Axes:
    """Return time running downwards, a column per source: a day is a dot, a month a square, the rest bars.

    The scale is not even: months and years that hold many dates take more room, empty years hardly any. The horizontal
    line is when a source was issued, a band where that is uncertain; what lies below it, ahead of the text, is shaded,
    but not where nobody knows until when the text was written.
    """
    spans = {source: _intervals(timeline, source) for source in timeline.corpus}
    scale, years, height = _scale([one for found in spans.values() for one in set(found)], list(spans.values()))
    axes = canvas(1.2 + height)
    for column, source in enumerate(timeline.corpus):
        _issue(axes, column, timeline, source, scale, height)
        _dates(axes, column, spans[source], scale)
    places = [scale(date(year, 1, 1).toordinal()) for year in years]
    axes.set_yticks(places, [str(year) for year in years], fontsize=8)
    axes.hlines(places, -0.5, len(timeline.corpus) - 0.5, color=PALE, linewidth=0.6, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    name_columns(axes, timeline.labels(timeline.corpus))
    axes.set_ylim(height, -0.05)
    axes.scatter([], [], s=16, color=COLOURS[1], linewidth=0, label="a day")
    axes.scatter([], [], s=20, color=COLOURS[2], marker="s", linewidth=0, label="days, a month")
    axes.plot([], [], color=COLOURS[0], alpha=0.55, linewidth=3, label="longer")
    axes.plot([], [], color=INK, linewidth=1.3, label="issued")
    axes.plot([], [], color=INK, linewidth=1, linestyle=(0, (1, 2)), label="issued then or later")
    axes.fill_between([], [], [], color="#f0f0f0", label="ahead of the text")
    axes.figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=8)
    return axes


def _intervals(timeline: Timeline, source: str) -> list[tuple[int, int]]:
    return sorted({bounds(one.edtf) for one in timeline.dates if one.source == source and one.edtf})


def _scale(
    every: Sequence[tuple[int, int]], columns: Sequence[Sequence[tuple[int, int]]]
) -> tuple[Scale, list[int], float]:
    """Return a map from days to inches, the years to name, and the whole height.

    A month takes as much room as the source with most dates in it needs; a year that holds a date takes a line.
    """
    days = [day for one in every for day in one] or [date(2000, 1, 1).toordinal()]
    first, last = date.fromordinal(min(days)).year, date.fromordinal(max(days)).year
    edges: list[int] = []
    heights: list[float] = []
    for year in range(first, last + 2):
        dated = any(date.fromordinal(one[0]).year == year or date.fromordinal(one[1]).year == year for one in every)
        months = [date(year, month, 1).toordinal() for month in range(1, 13)]
        room = [_room(month, columns) for month in months]
        least = STEP * 1.6 if dated else STEP / 4
        spare = max(least - sum(room), 0) / 12
        edges += months
        heights += [one + spare for one in room]
    places = [0.0]
    for one in heights:
        places.append(places[-1] + one)
    edges.append(edges[-1] + MONTH)

    def scale(day: float) -> float:
        at = min(max(bisect_right(edges, day) - 1, 0), len(heights) - 1)
        return places[at] + heights[at] * min(max((day - edges[at]) / (edges[at + 1] - edges[at]), 0.0), 1.0)

    named = [
        year
        for year in range(first, last + 1)
        if scale(date(year + 1, 1, 1).toordinal()) - scale(date(year, 1, 1).toordinal()) > STEP
    ]
    return scale, named, places[-1]


def _room(month: int, columns: Sequence[Sequence[tuple[int, int]]]) -> float:
    counts = [sum(0 <= low - month < MONTH and high - low <= MONTH for low, high in found) for found in columns]
    return STEP * sqrt(max(counts, default=0)) * 1.6 if max(counts, default=0) else 0.0


def _issue(axes: Axes, column: int, timeline: Timeline, source: str, scale: Scale, height: float) -> None:
    """Mark when a source was issued, and shade what lies ahead of it."""
    low, high, is_open = written(timeline.corpus[source].source)
    left, right = column - 0.44, column + 0.44
    top, end = scale(low), scale(low + 1 if is_open else high + 1)
    if is_open:
        axes.plot([column, column], [end, height], color=INK, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
    else:
        axes.fill_between([left, right], end, height, color="#f0f0f0", linewidth=0, zorder=0)
    months = not is_open and high - low > 1
    if months:
        axes.fill_between([left, right], top, end, color="#c8c8c8", linewidth=0, zorder=0.5)
    axes.hlines([top, end] if months else [end], left, right, color=INK, linewidth=1.3, zorder=2)


def _dates(axes: Axes, column: int, found: Sequence[tuple[int, int]], scale: Scale) -> None:
    bars: list[float] = []
    last: list[float] = []
    for low, high in found:
        top, end = scale(low), scale(high + 1)
        if high - low > MONTH:
            level = next((at for at, until in enumerate(bars) if until <= top), len(bars))
            bars[level : level + 1] = [end + 0.02]
            x = column - 0.38 + 0.075 * min(level, 4)
            axes.plot([x, x], [top, end], color=COLOURS[0], linewidth=3, alpha=0.55, solid_capstyle="butt", zorder=3)
            continue
        level = next((at for at, until in enumerate(last) if until <= top), len(last))
        last[level : level + 1] = [top + STEP * 0.8]
        is_day = high - low < 1
        axes.scatter(
            column + 0.08 + 0.1 * min(level, 3), (top + end) / 2, s=16 if is_day else 20, zorder=4, linewidth=0,
            marker="o" if is_day else "s", color=COLOURS[1] if is_day else COLOURS[2],
        )  # fmt: skip


def plot_events(timeline: Timeline, events: Iterable[Event]) -> Axes:
    """Return a matrix of events by sources, in the order of time: the form tells how exactly a source dates an event.

    "≠": dates it otherwise than the list; open circle: names it without a date; grey open circle: names one of its
    kind; small dot: a date of the same time without its name; cross: silent; "?": silent, and nobody knows which came
    first; "earlier": the source was written before the event.
    """
    shown = list(events)
    titles = [textwrap.wrap(f"{one.title}, {_when(one)}", 34) for one in shown]
    places, at = [], 0.0
    for lines in titles:
        places.append(at + 0.5 * len(lines))
        at += len(lines) + 0.45
    axes = canvas(1.3 + 0.124 * max(at, 1))
    for place, event in zip(places, shown, strict=True):
        axes.axhline(place, color=PALE, linewidth=0.6, zorder=0)
        for column, source in enumerate(timeline.corpus):
            ways = {one.how for one in timeline.told.get((event.id, source), [])}
            if ways >= {DATED, OTHERWISE}:
                _tell(axes, column + 0.25, place, OTHERWISE, "")
            _tell(axes, column, place, timeline.how(event.id, source), timeline.exactly(event.id, source))
    axes.set_yticks(places, ["\n".join(lines) for lines in titles], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    name_columns(axes, timeline.labels(timeline.corpus))
    axes.tick_params(axis="x", labelsize=8)
    axes.set_ylim(at + 0.2, -0.6)
    axes.set_xlim(-0.5, len(timeline.corpus) - 0.5)
    _legend(axes, {timeline.exactly(one.id, source) for one in shown for source in timeline.corpus})
    return axes


def _when(event: Event) -> str:
    """Return an event's date in short: its day, or its first and last, as EDTF."""
    return event.when.replace("/", " to ")


def _tell(axes: Axes, column: float, place: float, how: str, exactly: str) -> None:
    if how == DATED:
        marker, size, _ = FORMS.get(exactly, FORMS["year"])
        axes.scatter(column, place, s=size, marker=marker, color=COLOURS[0], linewidth=0, zorder=3)
    elif how == OTHERWISE:
        axes.scatter(column, place, s=60, marker=UNLIKE, color=COLOURS[1], linewidth=0, zorder=3)
    elif how in (NAMED, ONE_LIKE):
        ink = COLOURS[0] if how == NAMED else MUTED
        axes.scatter(column, place, s=40, marker="o", facecolor="white", edgecolor=ink, linewidth=1.2, zorder=3)
    elif how == SAME_TIME:
        axes.scatter(column, place, s=9, marker="o", color=COLOURS[0], zorder=3)
    elif how == WRITTEN_BEFORE:
        axes.text(column, place, "earlier", ha="center", va="center", fontsize=8, color=MUTED, style="italic")
    elif how == NOT_KNOWN:
        axes.scatter(column, place, s=30, marker="$?$", color=MUTED, linewidth=0, zorder=3)
    else:
        axes.scatter(column, place, s=14, marker="x", color=MUTED, linewidth=0.7)


def _legend(axes: Axes, exact: set[str]) -> None:
    forms: dict[tuple[str, int], list[str]] = {FORMS[one][:2]: [] for one in FORMS if one in exact}
    for one in FORMS:
        if one in exact:
            forms[FORMS[one][:2]].append(FORMS[one][2])
    for (marker, size), words in forms.items():
        axes.scatter([], [], s=size, marker=marker, color=COLOURS[0], linewidth=0, label=f"dated: {' or '.join(words)}")
    axes.scatter([], [], s=60, marker=UNLIKE, color=COLOURS[1], linewidth=0, label="dated otherwise")
    axes.scatter([], [], s=40, facecolor="white", edgecolor=COLOURS[0], linewidth=1.2, label="named, not dated")
    axes.scatter([], [], s=40, facecolor="white", edgecolor=MUTED, linewidth=1.2, label="one of its kind")
    axes.scatter([], [], s=9, color=COLOURS[0], label="a date of that time")
    axes.scatter([], [], s=14, marker="x", color=MUTED, linewidth=0.7, label="silent")
    axes.scatter([], [], s=30, marker="$?$", color=MUTED, linewidth=0, label="order not known")
    axes.figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=8)
