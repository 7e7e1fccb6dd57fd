"""How alike two passages are: the weight of the words they share, and where in many texts to look for such passages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from apparatus.reuse.words import Rewording, Unit

SAME_SENSE = 0.5  # of a word kept, where another word of the same sense stands for it
FORMULA = 64  # places: what stands in more of them is a formula of the genre, and no sign of copying
COMMON = 32  # units: a key that stands in more of them is no help in looking for a pair
PROMISING = 1.0  # weight of such keys from which on two sentences are compared
NEAR = 3  # words: two that stand together within so many on both sides are a key to look up
Place = tuple[int, int]  # of a unit: the text's place in the corpus, the unit's in the text
IN_A_ROW = 0.25  # of three words in a row that both have, small words with them: what a rewriter left standing


@dataclass(frozen=True)
class Bag:
    """The words of a passage: the weights of each stem, their sum, and each three words in a row with their weight.

    `senses` are those of each stem, `meant` the stems of each sense.
    """

    stems: dict[str, list[float]]
    total: float
    rows: dict[tuple[str, str, str], float]
    senses: dict[str, frozenset[str]]
    meant: dict[str, list[str]]


@dataclass(frozen=True)
class Likeness:
    """How alike two passages are. `shared`: the weight of the words in common; `share`: as a part of all, 0 to 1."""

    shared: float
    share: float


class Weights:
    """The weight of each word in a corpus, and with it the likeness of two passages.

    A word weighs log((N + 1) / (n + 1/2)) / log(N + 2), where n of N sentences hold it: near 0 for one that all hold,
    near 1 for one that a single sentence of many holds.
    Source: inverse document frequency after Spärck Jones 1972, over sentences.
    """

    def __init__(self, texts: Iterable[Sequence[Unit]], rewording: Rewording) -> None:
        """Count in how many sentences each word stands."""
        self.rewording = rewording
        self.held: Counter[str] = Counter()
        self.rows: Counter[tuple[str, str, str]] = Counter()
        self.sentences = 0
        for units in texts:
            self.sentences += len(units)
            for unit in units:
                self.held.update(set(unit.stems))
                self.rows.update(set(unit.rows))
        self.most = log(self.sentences + 2)

    def of(self, stem: str) -> float:
        """Return the weight of a word, from 0 to 1."""
        return self._weight(self.held[stem])

    def _weight(self, held: int) -> float:
        return max(0.0, log((self.sentences + 1) / (held + 0.5)) / self.most)

    def bag(self, unit: Unit) -> Bag:
        """Return the words of a unit, weighed."""
        stems: dict[str, list[float]] = defaultdict(list)
        for word in unit.words:
            if word.stem:
                stems[word.stem].append(word.share * self.of(word.stem))
        rows = {row: self._weight(self.rows[row]) for row in unit.rows}
        senses = {stem: self.rewording.senses[stem] for stem in stems if stem in self.rewording.senses}
        meant: dict[str, list[str]] = defaultdict(list)
        for stem, of in senses.items():
            for sense in of:
                meant[sense].append(stem)
        return Bag(dict(stems), sum(map(sum, stems.values())), rows, senses, meant)

    def likeness(self, one: Bag, other: Bag) -> Likeness:
        """Return the likeness of two bags: shared weight over the geometric mean of their weights."""
        total = sqrt(one.total * other.total)
        if not total:
            return Likeness(0.0, 0.0)
        both = one.stems.keys() & other.stems.keys()
        shared = sum(sum(map(min, one.stems[stem], other.stems[stem])) for stem in sorted(both))
        shared += SAME_SENSE * self._reworded(one, other)
        shared += IN_A_ROW * sum(weight for row, weight in one.rows.items() if row in other.rows)
        return Likeness(shared, min(1.0, shared / total))

    def _reworded(self, one: Bag, other: Bag) -> float:
        """Return the weight of the words for which the other side has one of the same sense, each used once."""
        used: set[str] = set()
        found = 0.0
        for stem, senses in one.senses.items():
            if stem in other.stems:
                continue
            mates = {mate for sense in senses for mate in other.meant.get(sense, ())} - used - one.stems.keys()
            if mates:
                weight, mate = max((min(one.stems[stem][0], other.stems[mate][0]), mate) for mate in mates)
                found += weight
                used.add(mate)
        return found


def keys_of(unit: Unit) -> set[tuple[str, ...]]:
    """Return what a unit is looked up by: each word, and each two words that stand near each other in any order."""
    stems = unit.stems
    keys: set[tuple[str, ...]] = {(stem,) for stem in stems}
    for at, one in enumerate(stems):
        keys.update((min(one, other), max(one, other)) for other in stems[at + 1 : at + 1 + NEAR] if other != one)
    return keys


def find_candidates(texts: Sequence[Sequence[Unit]], weights: Weights) -> dict[tuple[int, int], list[Place]]:
    """Return for each two texts the pairs of units that share rare keys of enough weight together.

    A key that stands in more than `COMMON` units is left out, so that the time grows with the number of words.
    """
    units = [(text, at, sorted(keys_of(unit))) for text, units in enumerate(texts) for at, unit in enumerate(units)]
    held = Counter(key for _, _, keys in units for key in keys)
    before: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    found: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for text, number, keys in units:
        near: dict[Place, float] = defaultdict(float)
        for key in keys:
            if 1 < held[key] <= COMMON:
                weight = sum(map(weights.of, key))
                for place in before[key]:
                    near[place] += weight
                before[key].append((text, number))
        for (other, at), weight in near.items():
            if weight >= PROMISING:
                found[other, text].append((at, number))
    return {pair: sorted(places) for pair, places in found.items()}
