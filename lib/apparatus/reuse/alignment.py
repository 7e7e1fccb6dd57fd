"""Which sentences and clauses of one text answer which of another: likeness, and the company of neighbours alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from apparatus.reuse.likeness import Bag, Likeness, Weights
from apparatus.reuse.repeats import shares_verb
from apparatus.reuse.words import CLAUSE, Unit

SEED = Likeness(1.5, 0.25)  # from which on the neighbours of a pair are looked at
WEAKEST = Likeness(0.7, 0.12)  # a link in a chain
ALONE = Likeness(4.0, 0.90)  # a link without neighbours: nearly the same words
RELATED = Likeness(2.3, 0.30)  # the same, near chains between the same two texts
LINKED = 0.42  # likeness and support that make a link
REPEATED = Likeness(3.0, 0.75)  # a sentence that a text says twice: it speaks of its subject all the time
SUPPORTING = Likeness(0.7, 0.15)
ALONG = 0.45  # what a neighbour in the same order adds
MOST = 0.45  # of a neighbour's likeness counts
FADING = 0.2  # of what a neighbour says, with each step to it
GAP = 5  # sentences: the longest way from a gap to the links beside it
STEPS = (1, 2)  # sentences to a neighbour, on either side
REACH = 3  # sentences: how far from a seed links are looked for
CHAIN = 2  # links within reach of each other make a chain
CHAINED = 1.0  # their likeness together, at least
RELATED_BRIEF = Likeness(1.2, 0.55)  # the same for short sentences
DISTRICT = 12  # sentences: how far from a chain
SHORTEST = 4  # words of a clause
WON = 0.5  # weight of shared words that a cut wins, after what it takes from sentences linked before
CLAUSE_ALIKE = Likeness(0.7, 0.15)
GAIN = 0.16  # likeness that such a clause brings at least, to all concerned
COST = 0.1  # of a cut: any takes away words that had no answer
ACROSS_COST = 0.1  # more, where the clauses come in the opposite order
BY_NEIGHBOURS = 0.7  # of what neighbours say counts where pairs compete for a sentence
NONE = Likeness(0.0, 0.0)
Pair = tuple[int, int]


@dataclass(frozen=True)
class Link:
    """Two units, or clauses of units, that answer each other."""

    one: Unit
    other: Unit
    likeness: Likeness


def reaches(found: Likeness, least: Likeness) -> bool:
    """Tell whether a likeness is enough in both respects."""
    return found.shared >= least.shared and found.share >= least.share


def is_related(found: Likeness) -> bool:
    """Tell whether a likeness is enough near a chain between the same texts."""
    return reaches(found, RELATED) or reaches(found, RELATED_BRIEF)


class Table:
    """The likeness of the units of two texts, reckoned where it is asked for. `same`: a text beside itself."""

    def __init__(
        self, one: Sequence[Unit], other: Sequence[Unit], texts: tuple[str, str], weights: Weights, *, same: bool
    ) -> None:
        """Take the units and the texts they stand in; nothing is reckoned yet."""
        self.one, self.other, self.texts, self.weights, self.same = one, other, texts, weights, same
        self._known: dict[Pair, Likeness] = {}
        self._bags: dict[tuple[int, int, int], Bag] = {}

    def at(self, i: int, j: int) -> Likeness:
        """Return the likeness of two units by their places; none outside the texts, and of a unit to itself."""
        if not (0 <= i < len(self.one) and 0 <= j < len(self.other)) or (self.same and i >= j):
            return NONE
        if (i, j) not in self._known:
            self._known[i, j] = self.of(self.one[i], self.other[j])
        return self._known[i, j]

    def of(self, one: Unit, other: Unit) -> Likeness:
        """Return the likeness of two units or parts of units."""
        return self.weights.likeness(self._bag(0, one), self._bag(1, other))

    def units(self, i: int, j: int) -> tuple[Unit, Unit]:
        """Return two units by their places."""
        return self.one[i], self.other[j]

    def link(self, i: int, j: int) -> Link:
        """Return the link between two whole units."""
        return Link(self.one[i], self.other[j], self.at(i, j))

    def _bag(self, side: int, unit: Unit) -> Bag:
        key = (side, unit.start, unit.end)
        if key not in self._bags:
            self._bags[key] = self.weights.bag(unit)
        return self._bags[key]


def support_of(pair: Pair, at: Callable[[int, int], Likeness]) -> float:
    """Return what the neighbours say for a pair: sentences next to both that are alike, before and after."""
    return ALONG * (_arm(pair, 1, at) + _arm(pair, -1, at))


def _arm(pair: Pair, way: int, at: Callable[[int, int], Likeness]) -> float:
    best = 0.0
    for step, other in product(STEPS, STEPS):
        found = at(pair[0] + way * step, pair[1] + way * other)
        if reaches(found, SUPPORTING):
            best = max(best, min(found.share, MOST) / (1 + FADING * (step + other - 2)))
    return best


def align(table: Table, seeds: Iterable[Pair]) -> list[Link]:
    """Return the links between two texts, given pairs of units to begin from.

    A sentence has one partner, or several with a clause for each. A pair needs likeness, or likeness and neighbours
    alike: that the same matter follows in the same order is what tells a rewording from two texts on one subject.
    """
    pairs = _around(table, seeds)
    if table.same:
        return [table.link(*pair) for pair in sorted(pairs) if reaches(table.at(*pair), REPEATED)]
    kept = _in_chains(table, _choose(table, pairs))
    if not kept:
        return []
    links = _Links(table, _fill(table, kept, pairs))
    for i, j in sorted(_around(table, kept), key=lambda pair: (-table.at(*pair).share, pair)):
        links.offer(i, j)
    return links.all


def _around(table: Table, seeds: Iterable[Pair]) -> set[Pair]:
    near = range(-REACH, REACH + 1)
    return {
        (i + up, j + down)
        for i, j in seeds
        if reaches(table.at(i, j), SEED)
        for up, down in product(near, near)
        if table.at(i + up, j + down).share >= WEAKEST.share
    }


def _choose(table: Table, pairs: Iterable[Pair]) -> list[Pair]:
    """Return the best pairs, each unit in one of them only: the most alike first, with what their neighbours say.

    In the second round only pairs chosen in the first are neighbours.
    """
    pairs = sorted(pairs)
    linked = []
    for pair in pairs:
        found = table.at(*pair)
        if is_related(found) or (reaches(found, WEAKEST) and found.share + support_of(pair, table.at) >= LINKED):
            linked.append(pair)
    chosen = _ranked(table, linked, table.at)
    return _ranked(table, linked, _among(table, chosen))


def _ranked(table: Table, pairs: Iterable[Pair], at: Callable[[int, int], Likeness]) -> list[Pair]:
    ranks = {pair: table.at(*pair).share + BY_NEIGHBOURS * support_of(pair, at) for pair in pairs}
    return _each_once(sorted(ranks, key=lambda pair: (-ranks[pair], pair)))


def _among(table: Table, chosen: Iterable[Pair]) -> Callable[[int, int], Likeness]:
    known = set(chosen)
    return lambda i, j: table.at(i, j) if (i, j) in known else NONE


def _each_once(pairs: Iterable[Pair]) -> list[Pair]:
    chosen: list[Pair] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for i, j in pairs:
        if i not in used[0] and j not in used[1]:
            chosen.append((i, j))
            used[0].add(i)
            used[1].add(j)
    return chosen


def _in_chains(table: Table, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that hang together in chains, and those alike enough to stand alone."""
    kept = {
        pair
        for chain in _chains(pairs)
        if len(chain) >= CHAIN and sum(table.at(*pair).share for pair in chain) >= CHAINED
        for pair in chain
    }
    lone = [pair for pair in pairs if pair not in kept]
    near = [pair for pair in lone if is_related(table.at(*pair)) and _is_near(pair, kept)]
    alike = [pair for pair in lone if reaches(table.at(*pair), ALONE) and shares_verb(*table.units(*pair))]
    return sorted(kept.union(near, alike))


def _fill(table: Table, kept: Sequence[Pair], pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs with those that fill a gap between them: units left over on both sides."""
    used = {i for i, _ in kept}, {j for _, j in kept}
    free = [pair for pair in pairs if pair[0] not in used[0] and pair[1] not in used[1]]
    free = [pair for pair in free if _is_between(table, pair, kept)]
    return sorted([*kept, *_each_once(sorted(free, key=lambda pair: (-table.at(*pair).share, pair)))])


def _is_between(table: Table, pair: Pair, kept: Sequence[Pair]) -> bool:
    """Tell a gap between two links in order, of sentences that are somewhat alike."""
    near = [(pair[0] - i, pair[1] - j) for i, j in kept if max(abs(pair[0] - i), abs(pair[1] - j)) <= GAP]
    in_order = any(min(way) > 0 for way in near) and any(max(way) < 0 for way in near)
    return in_order and reaches(table.at(*pair), SUPPORTING)


def _is_near(pair: Pair, kept: Iterable[Pair]) -> bool:
    return any(abs(pair[0] - i) <= DISTRICT and abs(pair[1] - j) <= DISTRICT for i, j in kept)


def _chains(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield the groups of pairs that are within reach of each other on both sides."""
    left = set(pairs)
    near = range(-REACH, REACH + 1)
    for first in sorted(pairs):
        if first not in left:
            continue
        left.remove(first)
        chain, at = [first], 0
        while at < len(chain):
            i, j = chain[at]
            beside = sorted(pair for pair in ((i + up, j + down) for up, down in product(near, near)) if pair in left)
            left.difference_update(beside)
            chain += beside
            at += 1
        yield chain


class _Links:
    """The links so far; a further pair is taken where clauses can be given to it without loss to those before."""

    def __init__(self, table: Table, pairs: Iterable[Pair]) -> None:
        self.table = table
        self.parts: dict[Pair, tuple[Unit, Unit]] = {(i, j): (table.one[i], table.other[j]) for i, j in pairs}

    @property
    def all(self) -> list[Link]:
        """The links in the order of the first text."""
        links = [Link(one, other, self.table.of(one, other)) for one, other in self.parts.values()]
        return sorted(links, key=lambda link: (link.one.start, link.other.start))

    def offer(self, i: int, j: int) -> None:
        """Take a pair of which one unit or both are taken, where cutting these brings more than it costs."""
        of_one, of_other = [pair for pair in self.parts if pair[0] == i], [pair for pair in self.parts if pair[1] == j]
        beside = all(abs(pair[0] - i) + abs(pair[1] - j) <= 2 for pair in (*of_one, *of_other))
        if not (of_one or of_other) or not beside or max(len(of_one), len(of_other)) > 1 or (i, j) in self.parts:
            return
        best, most = {}, GAIN
        ways = product(self._ways(0, i, j, of_one), self._ways(1, j, i, of_other))
        for (mine, left, cost), (yours, right, more) in ways:
            changed = {pair: (left, self.parts[pair][1]) for pair in of_one if left}
            changed |= {pair: (self.parts[pair][0], right) for pair in of_other if right}
            gain = self._gain(changed, mine, yours) - cost - more
            if gain > most:
                best, most = {**changed, (i, j): (mine, yours)}, gain
        self.parts.update(best)

    def _ways(self, side: int, at: int, facing: int, mates: list[Pair]) -> list[tuple[Unit, Unit | None, float]]:
        """Return how a unit can be had: whole where it is free, else each clause of it; what is left; what it costs."""
        if not mates:
            return [((self.table.one, self.table.other)[side][at], None, 0.0)]
        later = facing > mates[0][1 - side]
        return [
            way
            for first, last in clauses(self.parts[mates[0]][side], self.table.texts[side])
            for way in ((last, first, COST + (not later) * ACROSS_COST), (first, last, COST + later * ACROSS_COST))
        ]

    def _gain(self, changed: dict[Pair, tuple[Unit, Unit]], mine: Unit, yours: Unit) -> float:
        new = self.table.of(mine, yours)
        if not reaches(new, CLAUSE_ALIKE):
            return 0.0
        before = [self.table.of(*self.parts[pair]) for pair in changed]
        after = [self.table.of(*parts) for parts in changed.values()]
        won = new.shared + sum(one.shared for one in after) - sum(one.shared for one in before)
        if won < WON or not all(reaches(one, WEAKEST) for one in after):
            return 0.0
        return new.share + sum(one.share for one in after) - sum(one.share for one in before)


def clauses(unit: Unit, text: str) -> list[tuple[Unit, Unit]]:
    """Return the ways to cut a unit in two where a clause may begin, each part of some words."""
    ways = []
    for match in CLAUSE.finditer(text, unit.start, unit.end):
        first, last = unit.part(unit.start, match.start()), unit.part(match.end(), unit.end)
        if min(len(first.words), len(last.words)) >= SHORTEST:
            ways.append((first, last))
    return ways
