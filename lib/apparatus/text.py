"""Reading text with a map back to the text as received."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

UNACCENTED = str.maketrans("ıİəƏøØłŁđĐ", "iIeEoOlLdD")
Places = NDArray[np.int32]


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
        return cls(raw[start:end], np.arange(start, end, dtype=np.int32), np.arange(start + 1, end + 1, dtype=np.int32))

    @classmethod
    def standing_for(cls, text: str, start: int, end: int) -> View:
        """Return a view of `text` in which every character stands for the whole raw interval."""
        starts, ends = np.empty((2, len(text)), dtype=np.int32)
        starts.fill(start)
        ends.fill(end)
        return cls(text, starts, ends)

    @classmethod
    def join(cls, views: Iterable[View]) -> View:
        """Return the views one after another, in the order of reading, which need not be that of the raw text."""
        views = list(views) or [cls.of("")]
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
        return self.replace(_new_words(re.finditer(pattern, self.text), replacement))

    def replace(self, places: Iterable[tuple[int, int, str]]) -> View:
        """Return the view with new words at intervals of its own, given in order as (start, end, words).

        Each new character stands for the whole interval. All are set in one pass, so that a text full of them costs
        no more than its length.
        """
        parts: list[str] = []
        starts, ends, sizes = array("i"), array("i", [0]), array("i")
        for start, end, words in places:
            parts += (self.text[ends[-1] : start], words)
            starts.append(start)
            ends.append(end)
            sizes.append(len(words))
        if not starts:
            return self
        starts.append(len(self))
        parts.append(self.text[ends[-1] :])
        places_now = self._moved(*(np.frombuffer(each, dtype=np.int32) for each in (starts, ends, sizes)))
        return View("".join(parts), *places_now)

    def _moved(self, starts: Places, ends: Places, sizes: Places) -> tuple[Places, Places]:
        """Return the starts and ends of the view with new words.

        Shapes: `starts` and `ends` are those of the replaced intervals and the text's own end and beginning: old
        words run from `ends[i]` to `starts[i]`, new ones of `sizes[i]` characters follow.
        """
        lengths, shifts = np.zeros((2, 2 * len(sizes) + 1), dtype=np.int32)
        lengths[::2], lengths[1::2] = starts - ends, sizes
        at = np.cumsum(lengths, dtype=np.int32) - lengths
        shifts[::2] = ends - at[::2]
        old = np.repeat(shifts, lengths)
        old += np.arange(len(old), dtype=np.int32)
        new = np.arange(sizes.sum()) + np.repeat(at[1::2] - np.cumsum(sizes) + sizes, sizes)
        old[new] = np.repeat(starts[:-1], sizes)
        first = self.starts[old]
        old[new] = np.repeat(ends[1:] - 1, sizes)
        return first, self.ends[old]

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
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(self.starts, kind="stable")

    @cached_property
    def _sorted_starts(self) -> Places:
        return self.starts[self._order]

    def from_raw(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the view shows `raw[start:end]`, or None where it shows nothing of it."""
        low, high = np.searchsorted(self._sorted_starts, np.array([start, end], dtype=np.int32))
        shown = self._order[low:high]
        return (int(shown.min()), int(shown.max()) + 1) if len(shown) else None

    def runs(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return every unbroken interval of the view that shows some of `raw[start:end]`, in reading order."""
        low, high = np.searchsorted(self._sorted_starts, np.array([start, end], dtype=np.int32))
        shown = np.sort(self._order[low:high])
        parts = np.split(shown, np.flatnonzero(np.diff(shown) > 1) + 1)
        return [(int(part[0]), int(part[-1]) + 1) for part in parts if len(part)]


def _new_words(
    matches: Iterable[re.Match[str]], replacement: str | Callable[[re.Match[str]], str]
) -> Iterator[tuple[int, int, str]]:
    plain = isinstance(replacement, str) and "\\" not in replacement
    for match in matches:
        if match.start() == match.end():
            raise ValueError(f"the pattern {match.re.pattern!r} matches the empty string")
        if isinstance(replacement, str):
            yield *match.span(), replacement if plain else match.expand(replacement)
        else:
            yield *match.span(), replacement(match)


def unaccented(text: str) -> str:
    """Return a text without the accents and the like of its letters.

    >>> unaccented("Erdoğan, Łódź")
    'Erdogan, Lodz'
    """
    plain = unicodedata.normalize("NFD", text.translate(UNACCENTED))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the interval without white space at its ends.

    >>> trim(" a b ", 0, 5)
    (1, 4)
    """
    words = text[start:end].lstrip()
    start = end - len(words)
    return start, start + len(words.rstrip())
