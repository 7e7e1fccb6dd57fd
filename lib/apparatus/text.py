"""Reading text with a map back to the text as received."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class View:
    """A reading text in which every character knows the raw characters it stands for.

    Normalisation composes `sub` and `join`; offsets are carried along, never searched for again.
    Units: code points, half-open.  Shapes: `starts` and `ends` have one entry per character of `text`.

    >>> view = View.of("ter-\\n\\nritories").sub(r"-\\n\\n", "")
    >>> view.text, view.to_raw(0, 11)
    ('territories', (0, 14))
    """

    text: str
    starts: Places
    ends: Places

    @classmethod
    def of(cls, raw: str, start: int = 0, end: int | None = None) -> View:
        """Return the view that shows `raw[start:end]` unchanged."""
        end = len(raw) if end is None else end
        return cls(raw[start:end], np.arange(start, end), np.arange(start + 1, end + 1))

    @classmethod
    def standing_for(cls, text: str, start: int, end: int) -> View:
        """Return a view of `text` in which every character stands for the whole raw interval."""
        return cls(text, np.full(len(text), start), np.full(len(text), end))

    @classmethod
    def join(cls, views: Iterable[View]) -> View:
        """Return the views one after another, in the order of reading, which need not be that of the raw text."""
        views = [cls.of(""), *views]
        return cls(
            "".join(view.text for view in views),
            np.concatenate([view.starts for view in views]),
            np.concatenate([view.ends for view in views]),
        )

    def __len__(self) -> int:
        """Return the number of characters of the reading text."""
        return len(self.text)

    def cut(self, start: int, end: int) -> View:
        """Return the part of the view between two of its own offsets."""
        return View(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def sub(self, pattern: str | re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> View:
        """Return the view with every match replaced; each new character stands for the whole match.

        `replacement` is a template or a function, as in `re.sub`. Raises `ValueError` where an empty match would
        have to stand for no raw character at all.
        """
        parts, last = [], 0
        for match in re.finditer(pattern, self.text):
            if match.start() == match.end():
                raise ValueError(f"the pattern {pattern!r} matches the empty string")
            new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
            start, end = int(self.starts[match.start()]), int(self.ends[match.end() - 1])
            parts += [self.cut(last, match.start()), View.standing_for(new, start, end)]
            last = match.end()
        return View.join([*parts, self.cut(last, len(self))]) if parts else self

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw interval from the first to the last character shown.

        What the raw text holds in between comes along, say a caption set inside a sentence.
        Raises `ValueError` for an empty interval and for one that runs backwards in the raw text;
        `Document.pieces` takes such an interval apart.
        """
        if not 0 <= start < end <= len(self):
            raise ValueError(f"no interval {start}-{end} in a view of {len(self)} characters")
        if bisect_right(self.jumps, start) < bisect_left(self.jumps, end):
            raise ValueError(f"the interval {start}-{end} of the view runs backwards in the raw text")
        return int(self.starts[start]), int(self.ends[end - 1])

    @cached_property
    def jumps(self) -> list[int]:
        """The offsets at which reading goes back to an earlier place of the raw text."""
        return [int(at) for at in np.flatnonzero(np.diff(self.starts) < 0) + 1]

    @cached_property
    def _order(self) -> Places:
        return np.argsort(self.starts, kind="stable")

    @cached_property
    def _sorted_starts(self) -> Places:
        return self.starts[self._order]

    def from_raw(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the view shows `raw[start:end]`, or None where it shows nothing of it."""
        low, high = np.searchsorted(self._sorted_starts, [start, end])
        shown = self._order[low:high]
        return (int(shown.min()), int(shown.max()) + 1) if len(shown) else None


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the interval without white space at its ends.

    >>> trim(" a b ", 0, 5)
    (1, 4)
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
