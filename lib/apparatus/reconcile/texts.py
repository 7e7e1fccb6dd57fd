"""The texts with everything that stands in them, placed: what is in a sentence, a paragraph, near a number."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic

from apparatus.knowledge import Knowledge
from apparatus.lexicon import stems
from apparatus.model import DateExpr, Document, Mention, Quantity, Quotation, Span, SpanT
from apparatus.reading import Spans
from apparatus.reconcile.facts import Facts
from apparatus.sentences import sentences_of

WORD = re.compile(r"[^\W\d_]{4,}")
SMALL = re.compile(r"(?<![^\W_])[a-z][^\W\d_]{3,}")
COMMON = 0.05  # a stem in more than this share of the sentences says little about what a sentence is on
SUBJECTS = 5  # names by which a text is known
FEW = 6  # but one in no more sentences than this always counts
ANCHORS = ("event", "place", "treaty")
EDITORIAL = ("title", "byline", "furniture", "contents")

Interval = tuple[int, int]


@dataclass(frozen=True)
class Placed(Generic[SpanT]):
    """A span with its place in the reading text. Units: view code points."""

    start: int
    end: int
    span: SpanT


class Text:
    """A document whose spans can be asked for by place."""

    def __init__(self, doc: Document, spans: Spans) -> None:
        """Place every span of the document once."""
        self.doc, self.text, self.id = doc, doc.view.text, doc.source.id
        self.sentences = sentences_of(doc)
        self.blocks = sorted((start, end) for start, end, _ in doc.blocks)
        self.zones = {start: zone for start, _, zone in doc.blocks}
        self.numbers: list[Placed[Quantity]] = self._place(spans.numbers)
        self.dates: list[Placed[DateExpr]] = self._place(spans.dates)
        self.mentions: list[Placed[Mention]] = self._place(spans.mentions)
        self.quotes: list[Placed[Quotation]] = self._place(spans.quotes)
        self._stems: dict[Interval, frozenset[str]] = {}

    def _place(self, spans: Iterable[SpanT]) -> list[Placed[SpanT]]:
        placed = ((self.doc.view.from_raw(one.start, one.end), one) for one in spans if one.source == self.id)
        return sorted((Placed(*at, one) for at, one in placed if at), key=lambda one: (one.start, one.end))

    def paragraph(self, at: int) -> Interval:
        """Return the paragraph that holds a place."""
        return self.blocks[self.paragraph_number(at)]

    def paragraph_number(self, at: int) -> int:
        """Return which paragraph holds a place, counted from 0."""
        return max(bisect_right(self.blocks, (at, len(self.text))) - 1, 0)

    def sentence(self, at: int) -> Interval:
        """Return the sentence that holds a place, inside its paragraph."""
        (start, end), (low, high) = self.sentences.at(at), self.paragraph(at)
        return max(start, low), min(end, high)

    def before(self, sentence: Interval) -> Interval | None:
        """Return the sentence before one, in its paragraph."""
        low, _ = self.paragraph(sentence[0])
        return self.sentence(sentence[0] - 2) if sentence[0] - 2 > low else None

    def after(self, sentence: Interval) -> Interval | None:
        """Return the sentence after one, in its paragraph."""
        _, high = self.paragraph(sentence[0])
        return self.sentence(sentence[1] + 1) if sentence[1] + 1 < high else None

    def stems(self, place: Interval) -> frozenset[str]:
        """Return the stems of the longer words of an interval."""
        if place not in self._stems:
            self._stems[place] = frozenset(stems(WORD.findall(self.text, *place)))
        return self._stems[place]

    def span(self, start: int, end: int) -> Span:
        """Return the passage between two places of the reading text; its first piece where columns tear it."""
        first, last = next(self.doc.pieces(start, end))
        return self.doc.mark(Span, first, last)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The names that the text has most often: what it is about."""
        counts = Counter(one.span.entity for one in self.mentions)
        ranked = sorted(counts, key=lambda entity: (-counts[entity], entity))
        return frozenset(ranked[:SUBJECTS])

    @cached_property
    def by_stem(self) -> Mapping[str, list[Interval]]:
        """The sentences in which each stem stands."""
        found: dict[str, list[Interval]] = defaultdict(list)
        for place in self.all_sentences():
            for stem in self.stems(place):
                found[stem].append(place)
        return found

    def all_sentences(self) -> Iterator[Interval]:
        """Yield every sentence of the running text."""
        for start, end in self.blocks:
            if self.zones[start] not in EDITORIAL:
                yield from self.sentences.within(start, end)

    def quoted(self, at: int) -> bool:
        """Tell whether a place stands inside somebody's quoted speech."""
        index = bisect_right(self.quotes, at, key=lambda one: one.start) - 1
        return index >= 0 and at < self.quotes[index].end and self.quotes[index].span.type == "direct"


def inside(placed: Sequence[Placed[SpanT]], place: Interval) -> list[Placed[SpanT]]:
    """Return what begins in an interval."""
    key: Callable[[Placed[SpanT]], int] = lambda one: one.start  # noqa: E731
    return list(placed[bisect_left(placed, place[0], key=key) : bisect_left(placed, place[1], key=key)])


@dataclass(frozen=True, eq=False)
class Corpus:
    """All texts read together, with what is known. `texts` are by source id, in the order of the documents' ids."""

    texts: Mapping[str, Text]
    known: Knowledge
    facts: Facts

    @cached_property
    def frequency(self) -> Counter[str]:
        """In how many sentences each stem stands."""
        return Counter(
            stem for text in self.texts.values() for place in text.all_sentences() for stem in text.stems(place)
        )

    @cached_property
    def plain(self) -> frozenset[str]:
        """The stems that never say what a passage is on: function words, numerals, times, names of countries."""
        lexicon = self.known.lexicon
        peoples = [name.name for name in lexicon.names if name.kind in ("country", "people")]
        numerals = [*lexicon.numbers.cardinal, *lexicon.numbers.ordinal, *lexicon.numbers.magnitude]
        times = [word for word, unit in lexicon.units.items() if unit.kind == "duration"]
        names = stems(part for name in peoples for part in name.split()) - self.small
        words = [*numerals, *times, *lexicon.months, *lexicon.grammar["function"]]
        return frozenset(stems(part for word in words for part in word.split()) | names)

    @cached_property
    def small(self) -> frozenset[str]:
        """The stems of the words written small: “liberation” is not Liberia, which has the same stem."""
        return frozenset(stems(word for text in self.texts.values() for word in SMALL.findall(text.text)))

    @cached_property
    def common(self) -> frozenset[str]:
        """The plain stems, and those that stand in so many sentences that they tell little about one."""
        count = sum(1 for text in self.texts.values() for _ in text.all_sentences())
        limit = max(FEW, COMMON * count)
        return frozenset(stem for stem, number in self.frequency.items() if number > limit) | self.plain

    def rare(self, text: Text, place: Interval) -> frozenset[str]:
        """Return the stems of an interval that say what it is on."""
        return text.stems(place) - self.common

    @cached_property
    def measures(self) -> frozenset[str]:
        """The names of currencies and of units of measure, in which anything can be given."""
        units = self.known.lexicon.units.values()
        return frozenset(unit.name for unit in units if unit.kind in ("currency", "measure"))

    @cached_property
    def countries(self) -> Mapping[str, str]:
        """The country that each people belongs to."""
        names = self.known.lexicon.names
        return {name.entity: name.note for name in names if name.kind == "people" and name.note}


def read_texts(corpus: Mapping[str, Document], spans: Spans, known: Knowledge, facts: Facts) -> Corpus:
    """Return the texts of a corpus with their spans placed; the order of the documents makes no difference."""
    by_source: dict[str, Spans] = {source: Spans([], [], [], []) for source in corpus}
    for kind in ("quotes", "numbers", "dates", "mentions"):
        for one in getattr(spans, kind):
            if one.source in by_source:
                getattr(by_source[one.source], kind).append(one)
    return Corpus({source: Text(corpus[source], by_source[source]) for source in sorted(corpus)}, known, facts)


def anchors(text: Text, place: Interval) -> frozenset[str]:
    """Return the events, places and treaties named in an interval."""
    return frozenset(one.span.entity for one in inside(text.mentions, place) if one.span.kind in ANCHORS)
