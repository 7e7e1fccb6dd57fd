"""Which passages of a source concern a theme, and how that was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apparatus.corpus import find_sentences
from apparatus.knowledge import Theme, ThemeTerm
from apparatus.model import Document, Sentence, Span, SpanT

RUNNING_TEXT = ("body", "heading", "caption")
UNITS = ("sentence", "context", "paragraph")


@dataclass(frozen=True, kw_only=True)
class Passage(Span):
    """A sentence, or a piece of one, that concerns a theme: its weight and the labels of the terms that say so."""

    theme: str
    weight: int
    terms: tuple[str, ...]


def find_passages(
    doc: Document, theme: Theme, *, unit: str = "context", threshold: int = 2, zones: Sequence[str] = RUNNING_TEXT
) -> list[Passage]:
    """Return the sentences of a document that concern a theme, in reading order.

    Each different term of the theme that a unit holds adds its weight, once; the unit concerns the theme when
    the sum reaches the threshold. With `sentence` the unit is a sentence. With `paragraph` it is a paragraph, which
    brings all its sentences. With `context` it is a sentence, and a sentence that holds any term also counts when
    its paragraph reaches twice the threshold, since a text need not name its subject in every sentence.
    """
    if threshold < 1:
        raise ValueError(f"the threshold is {threshold}; it is 1 or more")
    if unit not in UNITS:
        raise ValueError(f"the unit is {unit!r}; it is one of {', '.join(UNITS)}")
    paragraphs: dict[int, dict[int, list[Sentence]]] = {}
    for sentence in find_sentences(doc, *zones):
        paragraphs.setdefault(sentence.paragraph, {}).setdefault(sentence.number, []).append(sentence)
    return [
        _passage(piece, theme, terms)
        for sentences in paragraphs.values()
        for pieces, terms in _decide(list(sentences.values()), theme, unit, threshold)
        for piece in pieces
    ]


def _decide(
    sentences: list[list[Sentence]], theme: Theme, unit: str, threshold: int
) -> Iterator[tuple[list[Sentence], list[ThemeTerm]]]:
    """Yield the sentences of one paragraph that concern the theme, as their pieces, each with the terms it holds."""
    held = [_terms(pieces, theme) for pieces in sentences]
    whole = _weight({term for terms in held for term in terms})
    for pieces, terms in zip(sentences, held, strict=True):
        chosen = {
            "sentence": _weight(terms) >= threshold,
            "context": _weight(terms) >= threshold or (bool(terms) and whole >= 2 * threshold),
            "paragraph": whole >= threshold,
        }
        if chosen[unit]:
            yield pieces, terms


def _terms(pieces: Iterable[Sentence], theme: Theme) -> list[ThemeTerm]:
    words = " ".join(piece.words for piece in pieces)
    return [term for term in theme.terms if term.pattern.search(words)]


def _weight(terms: Iterable[ThemeTerm]) -> int:
    return sum(term.weight for term in terms)


def _passage(piece: Sentence, theme: Theme, terms: list[ThemeTerm]) -> Passage:
    return Passage(
        source=piece.source,
        start=piece.start,
        end=piece.end,
        exact=piece.exact,
        reading=piece.reading,
        section=piece.section,
        zone=piece.zone,
        theme=theme.id,
        weight=_weight(terms),
        terms=tuple(term.label for term in terms),
    )


def within(spans: Iterable[SpanT], passages: Iterable[Span]) -> list[SpanT]:
    """Return the spans that overlap one of the passages, in their order. Time: linear after sorting.

    >>> from apparatus.model import Span
    >>> [a, b] = [Span(source="s", start=i, end=i + 2, exact="ab") for i in (0, 8)]
    >>> within([a, b], [Span(source="s", start=7, end=9, exact="ab")]) == [b]
    True
    """
    places: dict[str, set[int]] = {}
    for passage in passages:
        places.setdefault(passage.source, set()).update(range(passage.start, passage.end))
    return [span for span in spans if not places.get(span.source, set()).isdisjoint(range(span.start, span.end))]


def term_counts(passages: Iterable[Passage], theme: Theme, sources: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
    """Return how many passages of each source hold each term: source -> label -> count, terms in the theme's order."""
    counts = {source: dict.fromkeys((term.label for term in theme.terms), 0) for source in sources}
    for passage in passages:
        for label in passage.terms:
            counts[passage.source][label] += 1
    return counts
