"""A rewording word by word: what was kept, put in another form, exchanged, moved, dropped and added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from apparatus.knowledge import Knowledge
from apparatus.model import Document, Reuse, Span
from apparatus.reuse.words import Rewording, Word, load_rewording, plain_words

CHANGES = ("kept", "other form", "exchanged", "moved", "dropped", "added")
NAMES = {"dropped": "in a only", "added": "in b only"}  # as readers see them: which text is older is not said
SAME, SAME_STEM, SAME_SENSE = 1.0, 0.9, 0.7  # how good it is to set two words beside each other
SMALL = 0.3  # of it for words that carry no matter
EXCHANGED = 4  # words: where so few stand between words kept, on either side, they stand for one another
Pair = tuple[Word | None, Word | None]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of some words in a row: `a` in the one passage, `b` in the other, `words` of a and of b."""

    kind: str
    a: Span | None
    b: Span | None
    words: tuple[int, int]


def word_changes(corpus: Mapping[str, Document], known: Knowledge, reuse: Reuse) -> list[Change]:
    """Return what changed between the two passages, every word of both in exactly one change, in the order of `a`.

    Words are set beside each other in order so that most are the same, or have one stem, or one sense (see
    `seeds/knowledge/rewording.toml`). A few words that stand beside a word of matter in both are exchanged for one
    another where both sides have as many words of matter, and names for names; others are dropped and added. `moved`:
    kept at another place. `a` is only the first of the two: it need not be the older text.
    Source: alignment of sequences after Needleman and Wunsch 1970.
    """
    docs = corpus[reuse.a.source], corpus[reuse.b.source]
    one, other = (plain_words(doc, span, known) for doc, span in zip(docs, (reuse.a, reuse.b), strict=True))
    kinds = _kinds(_aligned(one, other, load_rewording()))
    groups = [(kind, [pair for _, pair in group]) for kind, group in groupby(kinds, key=lambda each: each[0])]
    return [_change(docs, kind, pairs) for kind, group in groups for pairs in _in_rows(kind, group)]


def _change(docs: tuple[Document, Document], kind: str, pairs: Sequence[Pair]) -> Change:
    sides = [[pair[side] for pair in pairs if pair[side]] for side in (0, 1)]
    spans = [_span(doc, [word for word in side if word]) for doc, side in zip(docs, sides, strict=True)]
    return Change(kind=kind, a=spans[0], b=spans[1], words=(len(sides[0]), len(sides[1])))


def _span(doc: Document, words: Sequence[Word]) -> Span | None:
    return doc.mark(Span, words[0].start, words[-1].end) if words else None


def _aligned(one: Sequence[Word], other: Sequence[Word], rewording: Rewording) -> list[Pair]:
    """Return the words of both in order, those set beside each other that are the same or mean the same."""
    gains = np.array([[_gain(a, b, rewording) for b in other] for a in one]).reshape(len(one), len(other))
    best = np.zeros((len(one) + 1, len(other) + 1))
    for i in range(len(one)):
        for j in range(len(other)):
            best[i + 1, j + 1] = max(best[i, j] + gains[i, j], best[i, j + 1], best[i + 1, j])
    return list(_back(one, other, gains, best))[::-1]


def _back(
    one: Sequence[Word], other: Sequence[Word], gains: NDArray[np.float64], best: NDArray[np.float64]
) -> Iterator[Pair]:
    i, j = len(one), len(other)
    while i or j:
        if i and j and gains[i - 1, j - 1] > 0 and best[i, j] == best[i - 1, j - 1] + gains[i - 1, j - 1]:
            i, j = i - 1, j - 1
            yield one[i], other[j]
        elif j and (not i or best[i, j] == best[i, j - 1]):
            j -= 1
            yield None, other[j]
        else:
            i -= 1
            yield one[i], None


def _gain(one: Word, other: Word, rewording: Rewording) -> float:
    if one.form == other.form:
        return SAME if one.stem else SAME * SMALL
    if not one.stem or not other.stem:
        return 0.0
    if one.stem == other.stem:
        return SAME_STEM
    senses = rewording.senses
    return SAME_SENSE * (not senses.get(one.stem, frozenset()).isdisjoint(senses.get(other.stem, ())))


def _kinds(pairs: Sequence[Pair]) -> Iterator[tuple[str, Pair]]:
    """Yield each pair with its kind; what stands in a gap is exchanged, moved, or dropped and added."""
    loose = [_stems(pairs, side) for side in (0, 1)]
    moved = loose[0] & loose[1]
    groups = [(is_gap, list(group)) for is_gap, group in groupby(pairs, key=lambda pair: None in pair)]
    for at, (is_gap, group) in enumerate(groups):
        if not is_gap:
            yield from ((_kind(pair), pair) for pair in group)
            continue
        gap = sorted(group, key=lambda pair: pair[0] is None)
        beside = [*(kept[-1] for _, kept in groups[:at][-1:]), *(kept[0] for _, kept in groups[at + 1 : at + 2])]
        exchanged = any(map(_stem, beside)) and _may_stand_for(gap) and not any(_stem(pair) in moved for pair in gap)
        for pair in gap:
            if _stem(pair) in moved:
                yield "moved", pair
            elif exchanged:
                yield "exchanged", pair
            else:
                yield "dropped" if pair[0] else "added", pair


def _may_stand_for(gap: Sequence[Pair]) -> bool:
    """Tell whether few words stand on either side, as many of matter on the one as on the other, names for names."""
    sides = [[pair[side] for pair in gap if pair[side]] for side in (0, 1)]
    matter = [[word for word in side if word and word.stem] for side in sides]
    names = [any(word and word.share < 1 for word in side) for side in sides]
    few = min(map(len, sides)) > 0 and max(map(len, sides)) <= EXCHANGED
    return few and len(matter[0]) == len(matter[1]) and names[0] == names[1]


def _stem(pair: Pair) -> str:
    word = pair[0] or pair[1]
    return word.stem if word else ""


def _stems(pairs: Iterable[Pair], side: int) -> set[str]:
    return {word.stem for pair in pairs if (word := pair[side]) and word.stem and None in pair}


def _kind(pair: Pair) -> str:
    one, other = pair
    if one and other and one.form == other.form:
        return "kept"
    return "other form" if one and other and one.stem == other.stem else "exchanged"


def _in_rows(kind: str, pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Yield the pairs that make one change: words exchanged singly stay single, a gap is one."""
    if kind in ("kept", "dropped", "added") or any(None in pair for pair in pairs):
        yield pairs
    else:
        yield from ([pair] for pair in pairs)


def count_changes(changes: Iterable[Change]) -> dict[str, int]:
    """Return how many words there are of each kind of change: those of `a`, and of `b` those added."""
    counts = dict.fromkeys(CHANGES, 0)
    for change in changes:
        counts[change.kind] += change.words[1] if change.kind == "added" else change.words[0]
    return counts


def sum_changes(rewordings: Iterable[tuple[Reuse, Sequence[Change]]]) -> dict[str, int]:
    """Return how many words there are of each kind of change in all pairs, "other form" as `form`, and `whole` of a."""
    counts = count_changes(change for _, changes in rewordings for change in changes)
    counts["form"] = counts.pop("other form")
    return counts | {"whole": sum(counts.values()) - counts["added"]}
