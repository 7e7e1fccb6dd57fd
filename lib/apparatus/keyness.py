"""Which words set a text apart from the others, and how evenly it spreads them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from apparatus.extract.mentions import view_names
from apparatus.extract.phrases import mark_all
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Span
from apparatus.stats import (
    adjusted,
    deviation_of_proportions,
    least_counts,
    log_likelihood,
    log_ratio,
    p_values,
)
from apparatus.words import COUNTED, Word, paragraphs_of, words_in

UNITS = ("word", "paragraph")
PER = 10_000
RATES = (2, 10, 50)  # per ten thousand words: a rare word, one of the subject, a common one
SHOWN = 3  # passages of a row
AFTER_NAME = re.compile(r"['’]s\b")
KEYNESS_COLUMNS = ("Source", "Word", "Here", "Elsewhere", "G2", "p, corrected", "Log ratio", "DPnorm", "First passages")


@dataclass(frozen=True, eq=False)
class Counts:
    """Every word of a corpus in reading order, and where each form stands among them, by source.

    The unit of counting is a word, or a paragraph: then a form counts once in each that holds it, and no more.
    Shapes: `places` and `paragraphs` hold ordinal numbers of `words`, and for each word that of its paragraph.
    """

    corpus: Mapping[str, Document]
    unit: str
    words: dict[str, list[Word]]
    places: dict[str, dict[str, list[int]]]
    paragraphs: dict[str, list[int]]

    def count(self, source: str, form: str) -> int:
        """Return how often a source has a form: in words, or in paragraphs that hold it."""
        found = self.places[source].get(form, [])
        return len(found) if self.unit == "word" else len({self.paragraphs[source][at] for at in found})

    def total(self, source: str) -> int:
        """Return the number of units of a source."""
        return len(self.words[source]) if self.unit == "word" else len(set(self.paragraphs[source]))

    def others(self, source: str) -> list[str]:
        """Return the other sources."""
        return [other for other in self.words if other != source]

    def spans(self, source: str, places: Iterable[int]) -> list[Span]:
        """Return the passages of some words of a source."""
        words = [self.words[source][at] for at in places]
        return mark_all(self.corpus[source], Span, [(start, end, {}) for start, end, _ in words], whole=True)

    def parts(self, source: str, parts: int) -> NDArray[np.int64]:
        """Return for each word of a source the number of its part: one of so many equal ones, or with 0 its section."""
        words = self.words[source]
        if parts:
            return np.arange(len(words)) * parts // max(len(words), 1)
        doc = self.corpus[source]
        sections = [doc.section_at(int(doc.view.starts[start])) for start, _, _ in words]
        numbers = {section: at for at, section in enumerate(dict.fromkeys(sections))}
        return np.array([numbers[section] for section in sections], np.int64)


def count_forms(
    corpus: Mapping[str, Document],
    known: Knowledge,
    *,
    unit: str = "word",
    merge: bool = True,
    zones: tuple[str, ...] = COUNTED,
) -> Counts:
    """Return every word of a corpus with its places. With `merge`, all spellings of a name are one word.

    A name is what the gazetteer knows: "the OTS" and "Organization of Turkic States" are one and the same. Else what
    sets texts apart would be how they spell. Raises `ValueError` for a unit that is neither word nor paragraph.
    """
    if unit not in UNITS:
        raise ValueError(f"the unit is {unit!r}; it is one of {', '.join(UNITS)}")
    counts = Counts(corpus, unit, {}, {}, {})
    for source, doc in corpus.items():
        words: list[Word] = []
        paragraphs: list[int] = []
        for number, found in enumerate(_by_paragraph(doc, known, merge, zones)):
            words += found
            paragraphs += [number] * len(found)
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, (_, _, form) in enumerate(words):
            places[form].append(at)
        counts.words[source], counts.places[source], counts.paragraphs[source] = words, dict(places), paragraphs
    return counts


def _by_paragraph(doc: Document, known: Knowledge, merge: bool, zones: tuple[str, ...]) -> Iterator[list[Word]]:
    names = [(start, end, name.entity) for start, end, name in view_names(doc, known)] if merge else []
    for start, end in paragraphs_of(doc, zones):
        inside = names[bisect_left(names, (start,)) : bisect_left(names, (end,))]
        yield list(_with_names(doc.view.text, start, end, inside))


def _with_names(text: str, start: int, end: int, names: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a paragraph, each name as one word; what a compound adds to a name is a word of its own."""
    for name in names:
        yield from words_in(text, start, name[0])
        yield name
        after = AFTER_NAME.match(text, name[1])
        start = after.end() if after else name[1]
    yield from words_in(text, start, end)


@dataclass(frozen=True)
class Keyword:
    """A form that a source uses more or less than the others: its counts, G2, p-value, log ratio, spread.

    `kept` where it survives the correction for many tests; `spread` is DPnorm, near 1 for a word of a single part.
    """

    source: str
    form: str
    here: int
    there: int
    g2: float
    p: float
    ratio: float
    low: float
    high: float
    spread: float
    kept: bool

    @property
    def clear(self) -> bool:
        """Whether the interval of the log ratio lies wholly on one side of no difference."""
        return self.low > 0 or self.high < 0


def find_keywords(
    counts: Counts,
    source: str,
    *,
    least: int = 5,
    level: float = 0.95,
    correction: str = "Benjamini-Hochberg",
    parts: int = 10,
) -> list[Keyword]:
    """Return the forms of a corpus as a source uses them beside the others, those least likely by chance first.

    Forms that the corpus has fewer than `least` times are not tested: nothing could be said of them. Intervals of
    those kept are widened for having been chosen out of many, or they would miss more often than they say.
    Source: G2, Dunning 1993; log ratio, Hardie 2014; intervals after selection, Benjamini and Yekutieli 2005.
    """
    others = counts.others(source)
    forms = sorted({form for places in counts.places.values() for form in places})
    here = np.array([counts.count(source, form) for form in forms])
    there = np.array([sum(counts.count(other, form) for other in others) for form in forms])
    tested = here + there >= least
    forms, here, there = [form for form, test in zip(forms, tested, strict=True) if test], here[tested], there[tested]
    if not forms or not others:
        return []
    sizes = (counts.total(source), sum(counts.total(other) for other in others))
    g2 = log_likelihood(here, sizes[0], there, sizes[1])
    p = adjusted(p_values(g2), correction)
    kept = p <= 1 - level
    ratio, low, high = log_ratio(here, sizes[0], there, sizes[1], level=level)
    if kept.any():
        wide = log_ratio(here, sizes[0], there, sizes[1], level=1 - (1 - level) * kept.sum() / len(forms))
        low, high = np.where(kept, wide[1], low), np.where(kept, wide[2], high)
    spread = [dispersion(counts, source, form, parts=parts)[1] for form in forms]
    columns = (
        here.tolist(),
        there.tolist(),
        *(one.tolist() for one in (g2, p, ratio, low, high)),
        spread,
        kept.tolist(),
    )
    found = [Keyword(source, form, *values) for form, *values in zip(forms, *columns, strict=True)]
    return sorted(found, key=lambda one: (one.p, -abs(one.ratio), one.form))


def dispersion(counts: Counts, source: str, form: str, *, parts: int = 10) -> tuple[float, float]:
    """Return DP and DPnorm of a form in a source, over equal parts of it, or with `parts` 0 over its sections."""
    numbers = counts.parts(source, parts)
    size = int(numbers.max(initial=0)) + 1
    found = np.bincount(numbers[counts.places[source].get(form, [])], minlength=size)
    return deviation_of_proportions(found, np.bincount(numbers, minlength=size))


def keyness_table(counts: Counts, keywords: Sequence[Keyword]) -> pd.DataFrame:
    """Return a row per keyword: counts with their rates, G2, corrected p-value, log ratio with its interval, spread.

    Units: rates are per ten thousand words, or shares of the paragraphs where these are counted.
    """
    rows = []
    for one in keywords:
        elsewhere = sum(counts.total(other) for other in counts.others(one.source))
        values = (
            counts.corpus[one.source].source.label,
            one.form,
            f"{one.here:,} ({_rate(counts, one.here, counts.total(one.source))})",
            f"{one.there:,} ({_rate(counts, one.there, elsewhere)})",
            f"{one.g2:.1f}",
            p_words(one.p),
            f"{one.ratio:+.1f} ({one.low:+.1f} to {one.high:+.1f})",
            f"{one.spread:.2f}" if one.here else "none here",
            counts.spans(one.source, counts.places[one.source].get(one.form, [])[:SHOWN]),
        )
        rows.append(dict(zip(KEYNESS_COLUMNS, values, strict=True)))
    return pd.DataFrame(rows, columns=KEYNESS_COLUMNS)


def p_words(p: float) -> str:
    """Return a p-value as tables show it."""
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}"


def first_passages(counts: Counts, keywords: Iterable[Keyword]) -> list[Span]:
    """Return where each keyword stands first in its source; one that the source lacks has no place."""
    firsts = ((one.source, counts.places[one.source].get(one.form, [])[:1]) for one in keywords)
    return [span for source, places in firsts for span in counts.spans(source, places)]


def _rate(counts: Counts, count: int, total: int) -> str:
    """Return a count per ten thousand words, or the share of the paragraphs."""
    share = count / total if total else 0.0
    return f"{PER * share:.1f}" if counts.unit == "word" else f"{share:.0%}"


def dispersion_table(counts: Counts, forms: Iterable[str], *, parts: int = 10) -> pd.DataFrame:
    """Return a row per form and source that has it: its count, in how many parts it stands, DP and DPnorm.

    Source: Gries 2008; Lijffijt and Gries 2012.
    """
    rows = []
    for form in forms:
        for source, places in counts.places.items():
            if form in places:
                numbers = counts.parts(source, parts)
                plain, norm = dispersion(counts, source, form, parts=parts)
                rows.append(
                    {
                        "Word": form,
                        "Source": counts.corpus[source].source.label,
                        "Count": len(places[form]),
                        "In parts": f"{len(set(numbers[places[form]].tolist()))} of {int(numbers.max()) + 1}",
                        "DP": f"{plain:.2f}",
                        "DPnorm": f"{norm:.2f}",
                        "First passages": counts.spans(source, places[form][:SHOWN]),
                    }
                )
    return pd.DataFrame(rows, columns=["Word", "Source", "Count", "In parts", "DP", "DPnorm", "First passages"])


def detectable_table(counts: Counts, *, tests: int, level: float = 0.95) -> pd.DataFrame:
    """Return a row per source and rate of a word elsewhere: from which count here a difference would be seen.

    Seen is what has the p-value that the first of so many `tests` must have. Between the counts given, and for a word
    that is not missed even where it is absent, nothing can be concluded.
    Units: rates are per ten thousand words of the other sources.
    """
    p = (1 - level) / max(tests, 1)
    rows = []
    for source in counts.words:
        here, there = counts.total(source), sum(counts.total(other) for other in counts.others(source))
        for rate in RATES if there else ():
            usual = round(rate * there / PER)
            low, high = least_counts(here, usual, there, p=p)
            rows.append(
                {
                    "Source": counts.corpus[source].source.label,
                    "Elsewhere per 10,000": rate,
                    "As often, it would stand here": f"{rate * here / PER:.1f} times",
                    "Seen as more from": f"{high} times",
                    "That is a log ratio of": f"{float(log_ratio(high, here, usual, there)[0]):+.1f}",
                    "Seen as less from": "never" if low < 0 else "its absence" if low == 0 else f"{low} times",
                }
            )
    return pd.DataFrame(rows)
