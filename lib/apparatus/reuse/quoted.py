"""The same utterance quoted in several places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from apparatus.knowledge import Knowledge
from apparatus.reuse.repeats import rows_of, runs, sharing
from apparatus.reuse.words import Unit, Worded, tells_little
from apparatus.sentences import sentences_of
from apparatus.text import trim

LEAST = 4  # words in common
ROW = 3  # words in a row by which another quotation of the same words is looked up
SAME = 0.7  # of the words of the shorter one stand in the longer one, in the same order
MATTER = 2  # of the words in common carry matter and are no names
WHOLE = 16  # words: a quotation so short is one, whatever stops stand in it
Pair = tuple[int, int]


@dataclass(frozen=True)
class SharedQuote:
    """Two sentences quoted, or pieces of one, of the same utterance. `share`: words in common, of those of both."""

    one: Unit
    other: Unit
    share: float


def find_spoken(text: Worded) -> list[Unit]:
    """Return the sentences that a document quotes as speech, or pieces of them; `at` tells the quotation."""
    view, found = text.doc.view.text, []
    for start, end in text.spoken:
        parts = [trim(view, *part) for part in sentences_of(text.doc).within(start, end)]
        if len(text.unit(start, end).words) <= WHOLE:
            parts = [(start, end)]
        found += [text.unit(*part, at=start) for part in parts if part[0] < part[1]]
    return found


def find_shared_quotes(spoken: Sequence[Sequence[Unit]]) -> dict[Pair, list[SharedQuote]]:
    """Return for each two texts of a corpus, or one and itself, what both quote."""
    units = (((text, at), unit) for text, units in enumerate(spoken) for at, unit in enumerate(units))
    shared: dict[Pair, list[SharedQuote]] = defaultdict(list)
    for (text, at), (other_text, other_at) in sharing((place, rows_of(unit.forms, ROW)) for place, unit in units):
        one, other = spoken[text][at], spoken[other_text][other_at]
        same_speech = text == other_text and one.at == other.at
        if not same_speech and (share := share_of(one, other)):
            shared[text, other_text].append(SharedQuote(one, other, share))
    return shared


def share_of(one: Unit, other: Unit) -> float:
    """Return the words that two quotations have in common, of those of both; 0 where they are not one utterance."""
    rows = [(start, size) for start, _, size in runs(one.forms, other.forms) if size > 1]
    common = [one.words[start + step] for start, size in rows for step in range(size)]
    least = max(LEAST, SAME * min(len(one.words), len(other.words)))
    if len(common) < least or sum(word.stem != "" and word.share == 1.0 for word in common) < MATTER:
        return 0.0
    return 2 * len(common) / (len(one.words) + len(other.words))


def beside(unit: Unit, quotes: Sequence[Unit], text: Worded, known: Knowledge) -> Unit:
    """Return what a unit holds beside some quotations: the longest piece, without the marks and commas at its ends.

    Nothing where it hardly says more than who speaks.
    """
    inside = sorted((quote.start, quote.end) for quote in quotes if quote.start < unit.end and unit.start < quote.end)
    if not inside:
        return unit
    edges = [unit.start, *(edge for place in inside for edge in place), unit.end]
    pieces = [_bare(text, start, end, unit.at) for start, end in list(pairwise(edges))[::2] if start < end]
    piece = max(pieces, key=lambda piece: len(piece.words), default=unit)
    return Unit(unit.at, unit.start, unit.start, ()) if piece is unit or tells_little(piece.words, known) else piece


def _bare(text: Worded, start: int, end: int, at: int) -> Unit:
    words = text.unit(start, end).words
    if not words:
        return Unit(at, start, start, ())
    last = words[-1].end
    stop = text.doc.view.text[last:end].lstrip()[:1]
    return text.unit(words[0].start, last + 1 if stop in {".", "!", "?"} else last, at)
