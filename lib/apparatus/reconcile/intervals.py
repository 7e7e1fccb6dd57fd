"""Stated numbers as intervals: what “over 100”, “nearly 30” or “about one million” leaves open."""

from __future__ import annotations

import math

from apparatus.model import Quantity
from apparatus.reconcile.record import AGREES, DIFFERS, ROUNDS, Range

EXACT = "exact"


def grain(value: float) -> float:
    """Return the place of the last digit that is not 0: how finely a number is stated.

    >>> grain(5400), grain(63), grain(1_000_000), grain(92.12)
    (100.0, 1.0, 1000000.0, 0.01)
    """
    if value == 0:
        return 1.0
    if value != int(value):
        return round(10.0 ** -len(f"{value:.6f}".rstrip("0").split(".")[1]), 6)
    digits = str(int(abs(value)))
    return 10.0 ** (len(digits) - len(digits.rstrip("0")))


def interval(value: float | tuple[float, float], modifier: str = EXACT) -> Range:
    """Return the values that a stated number is understood to leave open.

    “Over 100” is also true of 606, but nobody who means 606 says so: it is read as up to the next number as round as
    itself, 200. “Nearly” reaches half a step down, “about” half a step to both sides.

    >>> interval(100, "more_than"), interval(30, "nearly"), interval(5400, "about")
    ((100, 200.0), (25.0, 30), (5350.0, 5450.0))
    """
    if isinstance(value, tuple):
        return value
    step = grain(value)
    return {
        "more_than": (value, value + step),
        "at_least": (value, value + step),
        "less_than": (value - step, value),
        "at_most": (value - step, value),
        "nearly": (value - step / 2, value),
        "about": (value - step / 2, value + step / 2),
    }.get(modifier, (value, value))


def of_quantity(number: Quantity, size: float = 1.0) -> Range:
    """Return the interval of a number, each unit of which is `size` of the unit wanted."""
    low, high = interval(number.value, number.modifier)
    return low * size, high * size


def meet(one: Range, other: Range) -> bool:
    """Tell whether two intervals share a value."""
    return one[0] <= other[1] and other[0] <= one[1]


def compare(one: Quantity, other: Quantity, sizes: tuple[float, float] = (1.0, 1.0)) -> str:
    """Return how two statements of one quantity stand to each other.

    They agree where value and modifier are the same. They round where the intervals meet, or where one, stated
    without a modifier but with noughts at its end, is the other rounded to them; 37 months are rounded to three years.
    """
    first, second = of_quantity(one, sizes[0]), of_quantity(other, sizes[1])
    if math.isclose(first[0], second[0]) and math.isclose(first[1], second[1]):
        return AGREES
    coarse = max(sizes) / 2 if sizes[0] != sizes[1] else 0.0
    near = meet((first[0] - coarse, first[1] + coarse), second)
    if near or is_rounded(one, sizes[0], second) or is_rounded(other, sizes[1], first):
        return ROUNDS
    return DIFFERS


def is_rounded(number: Quantity, size: float, other: Range) -> bool:
    """Tell whether an exact round number is one of `other` rounded: 30 of 27, but not 35 of 33."""
    if number.modifier != EXACT or isinstance(number.value, tuple):
        return False
    half = grain(number.value) / 2 * size
    round_enough = grain(number.value) >= 10 or size >= 3650
    return round_enough and meet((number.value * size - half, number.value * size + half), other)


def apart(one: Range, other: Range) -> float:
    """Return how far two intervals are apart; 0 where they meet.

    >>> apart((31, 31), (32, 32)), apart((100, 200), (106, 106))
    (1, 0)
    """
    return max(0, other[0] - one[1], one[0] - other[1])


def spoken(value: float) -> str:
    """Return a number as it is shown: thousands apart, two digits behind the point at most.

    >>> spoken(4951612.4), spoken(13.809), spoken(45.0)
    ('4,951,612', '13.81', '45')
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def spoken_range(low: float, high: float) -> str:
    """Return an interval as it is shown, one number where its ends look alike."""
    return spoken(low) if spoken(low) == spoken(high) else f"{spoken(low)} to {spoken(high)}"
