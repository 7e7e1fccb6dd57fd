"""Sentences that tell the same thing in two places, found by the rare words that they share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from apparatus.reconcile.texts import Corpus, Interval, Text

LONG = (5, 0.4)  # rare words that two sentences must share, and what share of the shorter one's they must be
SHORT = (3, 0.6)  # the same for captions and other short sentences of one text
CROWD = 30  # a word that stands in more sentences than this brings no two of them together


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sentences that tell the same, and the stems that they share."""

    text: Text
    place: Interval
    other_text: Text
    other: Interval
    shared: frozenset[str]


def find_pairs(corpus: Corpus) -> list[Pair]:
    """Return the pairs of sentences that tell the same, between texts and within one.

    Copied and reworded passages alike share their rare words; word order and the rest may differ.
    """
    sentences = [(text, place) for text in corpus.texts.values() for place in text.all_sentences()]
    words = [corpus.rare(text, place) for text, place in sentences]
    postings: dict[str, list[int]] = defaultdict(list)
    for index, stems in enumerate(words):
        for stem in stems:
            postings[stem].append(index)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for indices in postings.values():
        for pair in combinations(indices if len(indices) <= CROWD else (), 2):
            counts[pair] += 1
    found = []
    for one, other in sorted(pair for pair, count in counts.items() if count >= SHORT[0]):
        if tells_the_same(words[one], words[other], one_text=sentences[one][0] is sentences[other][0]):
            found.append(Pair(*sentences[one], *sentences[other], words[one] & words[other]))
    return found


def tells_the_same(one: frozenset[str], other: frozenset[str], *, one_text: bool) -> bool:
    """Tell whether two sentences tell the same, by their rare words; short ones only within one text."""
    count, shorter = len(one & other), min(len(one), len(other))
    forms = (LONG, SHORT) if one_text else (LONG,)
    return any(count >= least and count >= share * shorter for least, share in forms)
