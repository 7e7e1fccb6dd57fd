"""What keeps company with a name: the words near some terms, and how much more often than elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from apparatus.keyness import Counts, p_words
from apparatus.model import Span, Term
from apparatus.sentences import sentences_of
from apparatus.stats import adjusted, log_dice, log_likelihood, p_values
from apparatus.words import Word


@dataclass(frozen=True)
class Collocate:
    """A form that stands near some terms: where it does, how often elsewhere, G2, p-value, logDice."""

    form: str
    beside: tuple[Span, ...]
    elsewhere: int
    g2: float
    p: float
    dice: float
    kept: bool


def find_collocates(
    counts: Counts,
    terms: Sequence[Term],
    *,
    window: int = 5,
    least: int = 3,
    level: float = 0.95,
    correction: str = "Benjamini-Hochberg",
) -> list[Collocate]:
    """Return the forms that stand near some terms, all variants taken together, the closest company first.

    Near is up to `window` words before or after, in the same sentence. G2 compares the words near the terms with all
    others of the corpus; a form counts once however many terms it is near. Those fewer than `least` are not tested.
    Source: G2, Dunning 1993; logDice, Rychlý 2008.
    """
    nodes, beside = _neighbours(counts, terms, window)
    near = Counter(counts.words[source][at][2] for source, places in beside.items() for at in places)
    forms = sorted(form for form, count in near.items() if count >= least)
    if not forms:
        return []
    total = sum(len(words) for words in counts.words.values()) - sum(map(len, nodes.values()))
    size = near.total()
    all_of = {form: sum(len(places.get(form, ())) for places in counts.places.values()) for form in forms}
    here = np.array([near[form] for form in forms])
    everywhere = np.array([all_of[form] for form in forms])
    inside = np.array([_among(counts, form, nodes) for form in forms])
    there = everywhere - here - inside
    g2 = log_likelihood(here, size, there, total - size)
    p = adjusted(p_values(g2), correction)
    dice = log_dice(here, len(terms), everywhere)
    more = here * (total - size) > there * size
    found = [
        Collocate(
            form,
            tuple(_spans_near(counts, form, beside)),
            int(there[at]),
            float(g2[at]),
            float(p[at]),
            float(dice[at]),
            bool(p[at] <= 1 - level),
        )
        for at, form in enumerate(forms)
        if more[at]
    ]
    return sorted(found, key=lambda one: (not one.kept, -one.dice, one.form))


def _neighbours(counts: Counts, terms: Iterable[Term], window: int) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Return by source the words of which the terms consist, and those near them in their sentences."""
    nodes: dict[str, set[int]] = {source: set() for source in counts.words}
    beside: dict[str, set[int]] = {source: set() for source in counts.words}
    starts = {source: [word[0] for word in words] for source, words in counts.words.items()}
    for term in terms:
        doc, words = counts.corpus[term.source], counts.words[term.source]
        place = doc.view.from_raw(term.start, term.end)
        if place is None:
            continue
        first, last = _held(words, starts[term.source], *place)
        low, high = sentences_of(doc).at(place[0])
        nodes[term.source].update(range(first, last))
        low_at, high_at = bisect_left(starts[term.source], low), bisect_left(starts[term.source], high)
        beside[term.source].update(range(max(low_at, first - window), first))
        beside[term.source].update(range(last, min(high_at, last + window)))
    return nodes, {source: places - nodes[source] for source, places in beside.items()}


def _held(words: Sequence[Word], starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return the ordinals between which lie the words that overlap an interval."""
    first = bisect_left(starts, start)
    if first and words[first - 1][1] > start:
        first -= 1
    return first, bisect_left(starts, end)


def _among(counts: Counts, form: str, nodes: Mapping[str, set[int]]) -> int:
    return sum(at in nodes[source] for source, places in counts.places.items() for at in places.get(form, ()))


def _spans_near(counts: Counts, form: str, beside: Mapping[str, set[int]]) -> Iterator[Span]:
    for source, places in counts.places.items():
        yield from counts.spans(source, [at for at in places.get(form, ()) if at in beside[source]])


def collocates_table(counts: Counts, collocates: Sequence[Collocate]) -> pd.DataFrame:
    """Return a row per collocate: how often near and elsewhere, in which sources, G2, p-value, logDice, passages."""
    rows = [
        {
            "Word": one.form,
            "Near": len(one.beside),
            "Elsewhere": one.elsewhere,
            "In": ", ".join(dict.fromkeys(counts.corpus[span.source].source.label for span in one.beside)),
            "G2": f"{one.g2:.1f}",
            "p, corrected": p_words(one.p),
            "logDice": f"{one.dice:.1f}",
            "Passages": list(one.beside),
        }
        for one in collocates
    ]
    columns = ["Word", "Near", "Elsewhere", "In", "G2", "p, corrected", "logDice", "Passages"]
    return pd.DataFrame(rows, columns=columns)
