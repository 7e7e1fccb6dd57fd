"""Statistics of what was counted, with their uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import erfc, nan, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

CORRECTIONS = ("Benjamini-Hochberg", "Holm")
Floats = NDArray[np.float64]


def wilson_interval(successes: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a share, say of how many of `n` uses are in the own voice. With n = 0 it is (0, 1).

    Source: Wilson 1927, "Probable Inference"; recommended for small n by Newcombe 1998, method 3.

    >>> [round(end, 4) for end in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    z = _z(level)
    share, spread = successes / n, z * z / n
    middle = share + spread / 2
    half = z * sqrt((share * (1 - share) + spread / 4) / n)
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return (0.0 if successes == 0 else low), (1.0 if successes == n else high)


def log_likelihood(here: ArrayLike, words_here: ArrayLike, there: ArrayLike, words_there: ArrayLike) -> Floats:
    """Return G2: how far a word's counts in two texts depart from one rate in both. 0 is none; it has no sign.

    All four cells count, the word and the other words in each text, as in Dunning; the shorter formula of Rayson and
    Garside leaves out the other words, and gives nearly the same for rare ones.
    Shapes: counts of words and the number of words of each text; they are broadcast.
    Source: Dunning 1993, "Accurate Methods for the Statistics of Surprise and Coincidence"; Rayson and Garside 2000.

    >>> round(float(log_likelihood(110, 2552, 111, 29225)), 2)  # "the swiss", table 1 of Dunning
    270.72
    """
    a, m, b, n = np.broadcast_arrays(*(np.asarray(one, float) for one in (here, words_here, there, words_there)))
    rate = (a + b) / (m + n)
    observed = np.stack([a, m - a, b, n - b])
    expected = np.stack([m * rate, m * (1 - rate), n * rate, n * (1 - rate)])
    terms = np.zeros_like(observed)
    held = observed > 0
    terms[held] = observed[held] * np.log(observed[held] / expected[held])
    return np.asarray(np.maximum(2 * terms.sum(axis=0), 0))


def p_values(g2: ArrayLike) -> Floats:
    """Return how often chance alone would give so large a G2: the tail of chi-square with one degree of freedom.

    For counts of a few words they are somewhat too small; an exact test would be stricter.
    """
    values = np.asarray(g2, float)
    return np.array([erfc(sqrt(one / 2)) for one in values.ravel()]).reshape(values.shape)


def adjusted(p: ArrayLike, correction: str = "Benjamini-Hochberg") -> Floats:
    """Return p-values corrected for being many: those at or below q may be kept at level q.

    Benjamini-Hochberg keeps the expected share of false ones among the kept below q, Holm the chance of any at all.
    Source: Benjamini and Hochberg 1995; Holm 1979.
    """
    if correction not in CORRECTIONS:
        raise ValueError(f"there is no correction {correction!r}; it is one of {', '.join(CORRECTIONS)}")
    p = np.asarray(p, float)
    count = len(p)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, count + 1)
    if correction == "Holm":
        steps = np.maximum.accumulate(p[order] * (count - rank + 1))
    else:
        steps = np.minimum.accumulate((p[order] * count / rank)[::-1])[::-1]
    corrected = np.empty(count)
    corrected[order] = np.minimum(steps, 1)
    return corrected


def log_ratio(
    here: ArrayLike, words_here: ArrayLike, there: ArrayLike, words_there: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Return how many doublings more often a word stands here than there, and the ends of its interval.

    1 is twice as often, -1 half as often. A count of 0 is taken as a half, or nothing could be divided.
    Source: Hardie 2014, "Log Ratio"; the interval is that of a ratio of two rates, Katz and others 1978.

    >>> [round(float(one), 2) for one in log_ratio(20, 1000, 10, 1000)]
    [1.0, -0.09, 2.09]
    """
    counts = [np.asarray(one, float) for one in (here, there)]
    a, b = (np.where(one == 0, 0.5, one) for one in counts)
    m, n = np.asarray(words_here, float), np.asarray(words_there, float)
    ratio = np.log2((a / m) / (b / n))
    half = _z(level) * np.sqrt(1 / a - 1 / m + 1 / b - 1 / n) / np.log(2)
    return ratio, ratio - half, ratio + half


def least_counts(words_here: int, there: int, words_there: int, *, p: float) -> tuple[int, int]:
    """Return the counts of a word at which a text's difference from the others would be seen at a p-value.

    The first is the greatest count that is notably low, -1 where not even its absence would be; the second the
    least that is notably high. What lies between them cannot be told from chance, however different the rates look.
    """
    counts = np.arange(words_here + 1)
    seen = p_values(log_likelihood(counts, words_here, there, words_there)) <= p
    usual = there * words_here / words_there
    low, high = np.flatnonzero(seen & (counts < usual)), np.flatnonzero(seen & (counts > usual))
    return (int(low[-1]) if len(low) else -1), (int(high[0]) if len(high) else words_here + 1)


def deviation_of_proportions(counts: ArrayLike, sizes: ArrayLike) -> tuple[float, float]:
    """Return Gries's DP and its norm: 0 for a word spread over the parts as their sizes are, near 1 for one in a part.

    nan for a word that does not occur. The norm reaches 1 whatever the number of parts.
    Shapes: the word's count in each part, and the part's size in words.
    Source: Gries 2008, "Dispersions and Adjusted Frequencies in Corpora"; Lijffijt and Gries 2012 for the norm.

    >>> [round(one, 2) for one in deviation_of_proportions([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])]  # Gries 2008
    [0.18, 0.22]
    """
    found, expected = np.asarray(counts, float), np.asarray(sizes, float)
    if not found.sum():
        return nan, nan
    share = expected / expected.sum()
    deviation = float(np.abs(found / found.sum() - share).sum() / 2)
    most = 1 - float(share.min())
    return deviation, (deviation / most if most else 0.0)


def log_dice(together: ArrayLike, first: ArrayLike, second: ArrayLike) -> Floats:
    """Return how strongly two words keep company: 14 where one never stands without the other, 1 less for each halving.

    It does not depend on the length of the text. Shapes: how often both stand together, and how often each stands.
    Source: Rychlý 2008, "A Lexicographer-Friendly Association Score".
    """
    both, a, b = (np.asarray(one, float) for one in (together, first, second))
    return np.asarray(14 + np.log2(2 * both / (a + b)))


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"the level is {level}; it lies between 0 and 1, as 0.95 does")
    return NormalDist().inv_cdf((1 + level) / 2)


def _drawn(count: int, draws: int, seed: int) -> NDArray[np.int64]:
    """Return how often each of some things is chosen when as many are drawn with replacement: a row per draw."""
    return np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)


def _ends(values: Floats, level: float) -> tuple[float, float]:
    """Return the ends of the middle share `level` of some values, nan of none."""
    if not len(values):
        return nan, nan
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


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
    return _ends(f1, level)


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
    chosen = _drawn(len(places), draws, seed)
    found = _alpha(chosen @ (belongs @ codes), chosen @ (belongs @ same))
    return _ends(found[~np.isnan(found)], level)


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
    seen, expected = (_drawn(len(names), draws, seed) @ sums).T
    found = 1 - seen[expected > 0] / expected[expected > 0]
    return float(1 - sums[:, 0].sum() / sums[:, 1].sum()), _ends(found, level)


def _paired(ratings: Sequence[Sequence[str | None]]) -> tuple[Floats, Floats]:
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


def _alpha(codes: Floats, same: Floats) -> Floats:
    """Return alpha for each row of totals: n(c), and the sum of the matching coincidences o(cc). nan if undefined."""
    total = codes.sum(axis=1)
    chance = total**2 - (codes**2).sum(axis=1)
    found = np.full(len(total), nan)
    varied = chance > 1e-9
    found[varied] = 1 - (total - 1)[varied] * (total - same)[varied] / chance[varied]
    return found
