"""The blocks of a text as they are read: cleaned, unwrapped, and sentences broken by pages made whole."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from apparatus.structure import HIDDEN, LONGEST_WORD, RUNNING, WORD_BEFORE, Block, cut_word, is_finished
from apparatus.text import View, trim

WORD_AFTER = re.compile(rf"\w{{1,{LONGEST_WORD}}}")
INVISIBLE = re.compile(f"[{HIDDEN}]")
BLANKS = "\t\v\f\x1c-\x1f \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
GAP = re.compile(rf"[{BLANKS}{HIDDEN}](?:(?<! )|(?=[{BLANKS}{HIDDEN}]))[{BLANKS}{HIDDEN}]*")  # all but a single space


def paragraphs(raw: str, blocks: Sequence[Block]) -> Iterator[tuple[str, View]]:
    """Yield (zone, view) for each paragraph: broken sentences made whole, what stood between the halves set after."""
    waiting: list[tuple[str, View]] = []
    whole = _Paragraph()
    for block, view in zip(blocks, _shown(raw, blocks), strict=True):
        if block.kind == RUNNING and whole.views and (block.join or not whole.finished):
            whole.add(view)
        elif block.kind != RUNNING and whole.views and not whole.finished:
            waiting.append((block.kind, view))
        else:
            yield from whole.read(waiting)
            waiting, whole = [], _Paragraph()
            if block.kind == RUNNING:
                whole.add(view)
            else:
                yield block.kind, view
    yield from whole.read(waiting)


class _Paragraph:
    """Running text that grows block by block; only its end is looked at, so that growing costs no more than reading."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.finished: bool | None = None

    def add(self, view: View) -> None:
        """Add a block, mending a word that was cut by a hyphen or repeated as a catchword."""
        word = self._cut_word()
        if word:
            self._drop(len(word) + 1 if view.text.startswith(word) else 1)
        elif self.views:
            end = int(self.views[-1].ends[-1])
            self.views.append(View.standing_for(" ", end, end + 1))
        self.views.append(view)
        finished = is_finished(view.text, 0, len(view))
        self.finished = finished if finished is not None else self.finished and not word

    def read(self, waiting: Iterable[tuple[str, View]]) -> Iterator[tuple[str, View]]:
        """Yield the paragraph, if there is one, and then what stood between its blocks."""
        if self.views:
            yield RUNNING, self.views[0] if len(self.views) == 1 else View.join(self.views)
        yield from waiting

    def _cut_word(self) -> str:
        end = ""
        for view in reversed(self.views if self.views and self.views[-1].text.endswith("-") else ()):
            end = view.text[-LONGEST_WORD - 1 :] + end
            if len(end) > LONGEST_WORD or (len(end) > 1 and not end[0].isalnum()):
                break
        return cut_word(end, 0, len(end))

    def _drop(self, count: int) -> None:
        while count:
            last = self.views.pop()
            if len(last) > count:
                self.views.append(last.cut(0, len(last) - count))
            count -= min(count, len(last))


def _shown(raw: str, blocks: Sequence[Block]) -> Iterator[View]:
    """Yield the blocks as they are read: nothing invisible in them, blanks made one space, wrapped lines joined."""
    view = View.of(raw).sub(GAP, lambda gap: INVISIBLE.sub("", gap[0]) and " ")
    ordered = sorted(blocks)
    view = view.replace(_line_breaks(raw, view.text, zip(*_places(view, ordered), strict=True)))
    yield from (view.cut(*trim(view.text, start, end)) for start, end in zip(*_places(view, blocks), strict=True))


def _places(view: View, blocks: Sequence[Block]) -> tuple[list[int], list[int]]:
    edges = np.array([(block.start, block.end) for block in blocks], dtype=np.int32).reshape(-1, 2)
    starts, ends = np.searchsorted(view.starts, edges.T)
    return starts.tolist(), ends.tolist()


def _line_breaks(raw: str, text: str, blocks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield each break of a wrapped line and what is read there: a space, or what is left of a hyphen."""
    written: Compounds | None = None
    for first, last in blocks:
        at = text.find("\n", first, last)
        while at >= 0:
            start, end = _blanks_round(text, at, first, last)
            word = cut_word(text, first, start)
            after = WORD_AFTER.match(text, end, last)
            if word and after:
                written = written or Compounds(raw)
                yield start - 1, end, "-" if written.have(word, after.group()) else ""
            else:
                yield start, end, " "
            at = text.find("\n", end, last)


def _blanks_round(text: str, at: int, first: int, last: int) -> tuple[int, int]:
    start = end = at
    while start > first and text[start - 1].isspace():
        start -= 1
    while end < last and text[end].isspace():
        end += 1
    return start, end


class Compounds:
    """The words with a hyphen inside that a text writes, and not only at the end of a line."""

    def __init__(self, raw: str) -> None:
        """Collect them once; every question after that is a binary search."""
        found: dict[str, set[str]] = {}
        for hyphen in re.finditer(r"-(?=\w)", raw):
            before = WORD_BEFORE.search(raw, max(0, hyphen.start() - LONGEST_WORD), hyphen.start())
            after = WORD_AFTER.match(raw, hyphen.end())
            if before and after:
                found.setdefault(before.group(), set()).add(after.group())
        self.after = {before: sorted(words) for before, words in found.items()}

    def have(self, before: str, after: str) -> bool:
        """Tell whether the text writes both words with a hyphen between them, the second perhaps with an ending."""
        words = self.after.get(before, [])
        at = bisect_left(words, after)
        return at < len(words) and words[at].startswith(after)
