"""How much work code does, on any machine the same: its calls are counted, no time is taken."""

import cProfile
from collections.abc import Callable
from typing import Any


def count_calls(work: Callable[..., Any], *arguments: Any) -> int:
    """The calls of functions, also of built-in ones, that work(*arguments) makes."""
    profile = cProfile.Profile()
    profile.runcall(work, *arguments)
    return sum(entry.callcount for entry in profile.getstats())


def check_growth(work: Callable[..., Any], make: Callable[[int], tuple[Any, ...]], size: int, times: int) -> None:
    """Raise unless work(*make(size * times)) takes nearer to `times` the calls of work(*make(size)) than to its square.

    What is made once and kept is made before, by the work on an eighth.
    """
    work(*make(size // 8))
    small, large = (count_calls(work, *make(one)) for one in (size, size * times))
    assert large < times**1.5 * small, f"{large / small:.0f} times the calls for {times} times as much"
