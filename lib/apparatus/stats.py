"""Statistics of what was counted, with their uncertainty."""

from __future__ import annotations

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
