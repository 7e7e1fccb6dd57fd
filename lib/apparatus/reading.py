"""A theme read in the sources: everything recognised in the passages that concern it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apparatus.corpus import choose as choose
from apparatus.corpus import load_corpus
from apparatus.extract.dates import find_dates
from apparatus.extract.mentions import find_mentions
from apparatus.extract.numbers import find_numbers
from apparatus.extract.quotes import find_quotes
from apparatus.knowledge import Knowledge, Question, Theme, load_knowledge
from apparatus.model import (
    Coding,
    DateExpr,
    Document,
    Mention,
    Quantity,
    Quotation,
    Reference,
    Span,
    SpanT,
)
from apparatus.readings import load_codings, load_references
from apparatus.themes import RUNNING_TEXT, Passage, find_passages, within
from apparatus.voices import Voice, find_voices


@dataclass(frozen=True, eq=False)
class Spans:
    """Every span of each kind in a corpus, in the order of the catalog and of each text."""

    quotes: list[Quotation]
    numbers: list[Quantity]
    dates: list[DateExpr]
    mentions: list[Mention]

    def within(self, places: Iterable[Span]) -> Spans:
        """Return those that overlap one of some passages or zones."""
        places = list(places)
        return Spans(
            within(self.quotes, places),
            within(self.numbers, places),
            within(self.dates, places),
            within(self.mentions, places),
        )


@dataclass(frozen=True, eq=False)
class Reading:
    """A theme in a corpus. `spans` are those inside the passages; `everything` those of the whole texts."""

    theme: Theme
    corpus: Mapping[str, Document]
    known: Knowledge
    passages: list[Passage]
    everything: Spans
    spans: Spans
    references: list[Reference]
    codings: list[Coding]

    @property
    def speaking(self) -> list[str]:
        """The ids of the sources that have a passage on the theme."""
        return [source for source in self.corpus if any(passage.source == source for passage in self.passages)]

    @property
    def silent(self) -> list[str]:
        """The ids of the sources that have none."""
        return [source for source in self.corpus if source not in self.speaking]

    @property
    def questions(self) -> list[Question]:
        """The contested questions that belong to the theme."""
        return [question for question in self.known.questions.values() if question.theme == self.theme.id]

    def label(self, source: str) -> str:
        """Return what readers call a source."""
        return self.corpus[source].source.label

    def labels(self, sources: Iterable[str]) -> list[str]:
        """Return what readers call some sources."""
        return [self.label(source) for source in sources]

    def in_own_voice(self, spans: Iterable[SpanT]) -> list[SpanT]:
        """Return the spans that stand in the source's own voice."""
        return [span for span in spans if self.voice_of[span.ref].kind == "own"]

    def holding(self, *strands: str) -> list[Passage]:
        """Return the passages that hold one of some strands of the theme."""
        return [passage for passage in self.passages if not set(strands).isdisjoint(passage.terms)]

    def of(self, source: str) -> list[Passage]:
        """Return the passages of one source."""
        return [passage for passage in self.passages if passage.source == source]

    @cached_property
    def voice_of(self) -> dict[str, Voice]:
        """The voice in which each quotation, number, date and mention of the passages stands, by its ref."""
        found: dict[str, Voice] = {}
        for source, doc in self.corpus.items():
            spans: list[Span] = [
                span
                for kind in (self.spans.quotes, self.spans.numbers, self.spans.dates, self.spans.mentions)
                for span in kind
                if span.source == source
            ]
            quotes = [quote for quote in self.everything.quotes if quote.source == source]
            for span, voice in zip(spans, find_voices(doc, spans, quotes, self.known), strict=True):
                found[span.ref] = voice
        return found


def find_spans(corpus: Mapping[str, Document], known: Knowledge) -> Spans:
    """Return every quotation, number, date and mention of a corpus."""
    docs = corpus.values()
    return Spans(
        quotes=[one for doc in docs for one in find_quotes(doc, known)],
        numbers=[one for doc in docs for one in find_numbers(doc, known)],
        dates=[one for doc in docs for one in find_dates(doc, known)],
        mentions=[one for doc in docs for one in find_mentions(doc, known)],
    )


def read_theme(
    theme: str,
    sources: Sequence[str] = (),
    *,
    unit: str = "context",
    threshold: int = 2,
    zones: Sequence[str] = RUNNING_TEXT,
    later_records: bool = True,
) -> Reading:
    """Return the reading of a theme of `seeds/knowledge/themes` in the sources named, or in all.

    `unit`, `threshold` and `zones` decide which passages concern it, see `find_passages`. References are those
    filed under the theme or bearing on a passage of it; without `later_records`, those of events after the documents
    are left out.
    Raises `ValueError` for an unknown theme, source or unit.
    """
    known = load_knowledge()
    if theme not in known.themes:
        raise ValueError(f"there is no theme {theme!r}; seeds/knowledge/themes has {', '.join(known.themes)}.")
    corpus = choose(load_corpus(), sources)
    chosen = known.themes[theme]
    passages = find_in_all(corpus, chosen, unit=unit, threshold=threshold, zones=zones)
    every = find_spans(corpus, known)
    references = [one for one in load_references(corpus) if one.theme == theme or within(one.passages, passages)]
    codings = load_codings(corpus, known.questions)
    return Reading(
        theme=chosen,
        corpus=corpus,
        known=known,
        passages=passages,
        everything=every,
        spans=every.within(passages),
        references=[one for one in references if later_records or not one.after_corpus],
        codings=[one for one in codings if known.questions[one.question].theme == theme],
    )


def find_in_all(corpus: Mapping[str, Document], theme: Theme, **settings: Any) -> list[Passage]:
    """Return the passages of every document that concern a theme, see `find_passages`."""
    return [passage for doc in corpus.values() for passage in find_passages(doc, theme, **settings)]


def read_corpus(
    sources: Sequence[str] = (), *, zones: Sequence[str] = RUNNING_TEXT
) -> tuple[dict[str, Document], Spans]:
    """Return the documents of some sources, or of all, and every span in some zones of them."""
    corpus = choose(load_corpus(), sources)
    every = find_spans(corpus, load_knowledge())
    return corpus, every.within(zone for doc in corpus.values() for zone in doc.zones if zone.kind in zones)


def read_themes(
    sources: Sequence[str] = (), *, unit: str = "context", threshold: int = 2
) -> tuple[dict[str, Document], dict[str, list[Passage]]]:
    """Return the documents of some sources, or of all, and the passages of every theme, by the theme's title."""
    corpus = choose(load_corpus(), sources)
    themes = load_knowledge().themes.values()
    return corpus, {theme.title: find_in_all(corpus, theme, unit=unit, threshold=threshold) for theme in themes}


def resolves(corpus: Mapping[str, Document], spans: Iterable[Span]) -> bool:
    """Return whether every span's words stand at its offsets in the text as received."""
    return all(corpus[span.source].raw[span.start : span.end] == span.exact for span in spans)


def as_expected(corpus: Mapping[str, Document], spans: Spans) -> list[str]:
    """Return what differs from the numbers of spans that the catalog expects, a sentence each."""
    alarms = []
    kinds: dict[str, Sequence[Span]] = {"quotes": spans.quotes, "numbers": spans.numbers, "dates": spans.dates}
    for source, doc in corpus.items():
        counts = {kind: sum(one.source == source for one in found) for kind, found in kinds.items()}
        counts["sections"] = len(doc.sections)
        for name, (least, most) in doc.source.expected.items():
            if not least <= counts[name] <= most:
                alarms.append(f"{source} has {counts[name]} {name}, the catalog expects {least} to {most}")
    return alarms
