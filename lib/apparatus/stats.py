"""Statistics of what was counted, with their uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray


def f1_interval(
    counts: NDArray[np.int64], *, level: float = 0.95, draws: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """Return the bootstrap interval of F1: blocks of text are drawn again, since errors in one are not independent.

    Shapes: `counts` has a row per block of text and three columns: right, found, marked. Where nothing was wrong in
    any block the interval is the point 1.
    Source: percentile bootstrap, Efron and Tibshirani 1993, chapter 13.
    """
    chosen = np.random.default_rng(seed).integers(0, len(counts), size=(draws, len(counts)))
    right, found, marked = counts[chosen].sum(axis=1).T
    f1 = np.divide(2 * right, found + marked, out=np.zeros(draws), where=found + marked > 0)
    low, high = np.quantile(f1, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def krippendorff_alpha(ratings: Sequence[Sequence[str | None]]) -> float:
    """Return the agreement of coders beyond chance, for categories without an order: 1 is perfect, 0 is chance.

    A unit with fewer than two codes says nothing about agreement and is left out. Where no unit has two codes, or
    all codes are one category, agreement beyond chance is undefined: nan.
    Shapes: a row per coder and a column per unit; None where a coder gave no code.
    Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part C.

    >>> round(krippendorff_alpha(["abbc", "abcc"]), 3)
    0.667
    """
    codes, same = _paired(ratings)
    return float(_alpha(codes.sum(axis=0)[None], same.sum()[None])[0])


def alpha_interval(
    ratings: Sequence[Sequence[str | None]],
    *,
    clusters: Sequence[str] | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> tuple[float, float]:
    """Return the bootstrap interval of Krippendorff's alpha: units are drawn again with all their codes.

    `clusters` names for each unit the group it belongs to, such as its question; then groups are drawn, since units
    of one group are not independent. Draws in which alpha is undefined are left out; where all are, the ends are nan.
    With perfect agreement both ends are 1, however few the units: the bootstrap does not see what was never observed.
    Shapes: as `krippendorff_alpha`; `clusters` has an entry per column.
    Source: percentile bootstrap, Efron and Tibshirani 1993, chapter 13; for clusters Field and Welsh 2007.
    """
    codes, same = _paired(ratings)
    if clusters is not None and len(clusters) != len(codes):
        raise ValueError(f"there are {len(codes)} units and {len(clusters)} clusters; each unit has one cluster")
    groups = list(range(len(codes))) if clusters is None else list(clusters)
    places = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    belongs = np.zeros((len(places), len(groups)))
    belongs[[places[group] for group in groups], range(len(groups))] = 1
    if not places:
        return nan, nan
    chosen = np.random.default_rng(seed).multinomial(len(places), np.full(len(places), 1 / len(places)), size=draws)
    found = _alpha(chosen @ (belongs @ codes), chosen @ (belongs @ same))
    found = found[~np.isnan(found)]
    if not len(found):
        return nan, nan
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def alpha_within(
    ratings: Sequence[Sequence[str | None]],
    groups: Sequence[str],
    *,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> tuple[float, tuple[float, float]]:
    """Return alpha over groups that have categories of their own, and its bootstrap interval: groups are drawn again.

    The disagreements seen, and those expected by chance inside each group, are summed over the groups before they are
    divided. If the categories of all groups were thrown together, two codes would hardly ever agree by chance, and
    alpha would only repeat the share of agreement. A group in which all codes are alike adds nothing to either sum.
    Shapes: as `krippendorff_alpha`; `groups` has an entry per column. nan where chance expects no disagreement at all.
    Source: the ratio of Krippendorff 2011, part C, with both disagreements summed over strata.

    >>> round(alpha_within(["aabb", "abbb"], ["first"] * 4)[0], 3)
    0.533
    """
    names = list(dict.fromkeys(groups))
    sums = np.zeros((len(names), 2))
    for at, name in enumerate(names):
        inside = [column for column, group in enumerate(groups) if group == name]
        codes, same = _paired([[row[column] for column in inside] for row in ratings])
        total = codes.sum()
        expected = (total**2 - (codes.sum(axis=0) ** 2).sum()) / max(total - 1, 1)
        sums[at] = total - same.sum(), expected
    if not sums[:, 1].any():
        return nan, (nan, nan)
    weights = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    seen, expected = (weights @ sums).T
    found = 1 - seen[expected > 0] / expected[expected > 0]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(1 - sums[:, 0].sum() / sums[:, 1].sum()), (float(low), float(high))


def _paired(ratings: Sequence[Sequence[str | None]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each unit how often each category was given, and the share of its pairs of codes that agree.

    Shapes: units by categories; units. Both are 0 for a unit without a pair.
    """
    if len({len(row) for row in ratings}) > 1:
        raise ValueError("the coders have rows of different lengths; each has an entry per unit, None where not coded")
    units = [Counter(code for code in unit if code is not None) for unit in zip(*ratings, strict=True)]
    names = sorted({code for unit in units for code in unit})
    codes = np.array([[unit[name] for name in names] for unit in units], float).reshape(len(units), len(names))
    size = codes.sum(axis=1)
    codes[size < 2] = 0
    same = (codes * (codes - 1)).sum(axis=1) / np.maximum(size - 1, 1)
    return codes, same


def _alpha(codes: NDArray[np.float64], same: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return alpha for each row of totals: n(c), and the sum of the matching coincidences o(cc). nan if undefined."""
    total = codes.sum(axis=1)
    chance = total**2 - (codes**2).sum(axis=1)
    found = np.full(len(total), nan)
    varied = chance > 1e-9
    found[varied] = 1 - (total - 1)[varied] * (total - same)[varied] / chance[varied]
    return found
