"""Tables of fixed columns from records. A cell may hold a span or several: whoever shows it makes the links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from apparatus.evaluate import load_gold, score
from apparatus.model import Document, Mention, Quantity, Quotation, Span
from apparatus.reading import Reading, Spans
from apparatus.themes import term_counts
from apparatus.words import count_words

NEAR = 200  # characters from a number in which the words that it is about stand
VOICE = {"own": "own voice", "source": "own voice", "reported": "reports", "quoted": "quotes"}


def overview_table(reading: Reading) -> pd.DataFrame:
    """Return a row per source: its words, its passages on the theme, and what is recognised in them."""
    spans = reading.spans
    return pd.DataFrame(
        {
            "Source": doc.source.label,
            "Words": count_words(doc),
            "Passages on the theme": len(reading.of(source)) or "silent",
            "In quotation marks": sum(one.source == source for one in spans.quotes),
            "Numbers": sum(one.source == source for one in spans.numbers),
            "Dates": sum(one.source == source for one in spans.dates),
            "References": sum(any(place.source == source for place in one.passages) for one in reading.references),
        }
        for source, doc in reading.corpus.items()
    )


def terms_table(reading: Reading) -> pd.DataFrame:
    """Return a row per strand of the theme and a column per source: how many passages hold it; 0 is a silence."""
    counts = term_counts(reading.passages, reading.theme, reading.corpus)
    return pd.DataFrame(
        {"Strand": term.label, **{reading.label(source): counts[source][term.label] for source in reading.corpus}}
        for term in reading.theme.terms
    )


def voice_words(reading: Reading, span: Span) -> str:
    """Return in whose voice a span stands, in the reader's words: own voice, reports X, quotes X."""
    voice = reading.voice_of[span.ref]
    return f"{VOICE[voice.kind]} {voice.speaker or 'someone not named'}" if voice.kind != "own" else VOICE["own"]


def quotes_table(reading: Reading, quotes: Sequence[Quotation]) -> pd.DataFrame:
    """Return a row per quotation: who is quoted saying what, where."""
    return pd.DataFrame(
        [
            {
                "Source": reading.label(quote.source),
                "Speaker": quote.speaker or "not named",
                "Words quoted": quote,
                "As": {"direct": "speech", "term": "a term"}[quote.type],
                "Told by": quote.cue or "no cue",
            }
            for quote in quotes
        ],
        columns=["Source", "Speaker", "Words quoted", "As", "Told by"],
    )


def numbers_table(reading: Reading, numbers: Sequence[Quantity]) -> pd.DataFrame:
    """Return a row per number: as written, the source's words beside it, its unit, and in whose voice it stands."""
    return pd.DataFrame(
        [
            {
                "Source": reading.label(number.source),
                "As written": number,
                "Words beside it": _beside(reading.corpus[number.source], number),
                "Unit": number.unit,
                "Voice": voice_words(reading, number),
            }
            for number in numbers
        ],
        columns=["Source", "As written", "Words beside it", "Unit", "Voice"],
    )


def _beside(doc: Document, number: Quantity) -> Span | str:
    """Return the words that a number is taken to be about, where they stand nearest to it; never a label of ours."""
    place = doc.view.from_raw(number.start, number.end)
    if not number.what or not place:
        return "none"
    words = re.compile(r"\W+".join(map(re.escape, number.what.split())), re.IGNORECASE)
    found = words.finditer(doc.view.text, max(0, place[0] - NEAR), place[1] + NEAR)
    spots = sorted((max(place[0] - one.end(), one.start() - place[1]), one.span()) for one in found)
    whole = [spot for _, spot in spots if len(list(doc.pieces(*spot))) == 1]
    return doc.mark(Span, *whole[0]) if whole else f"“{number.what}”"


def counts_of(numbers: Iterable[Quantity], *units: str) -> list[Quantity]:
    """Return the numbers that count something: of some units, or of any but shares, lengths of time and labels."""
    return [
        one for one in numbers if one.kind == "quantity" and (one.unit in units if units else one.unit != "percent")
    ]


def scores_table(reading: Reading) -> pd.DataFrame:
    """Return how well each kind of span is recognised where hand annotation exists, in the sources read.

    Precision is the share of found spans that are right, recall the share of annotated spans that are found, F1 their
    harmonic mean; a span is right when both its ends are.
    """
    found: dict[str, Sequence[Span]] = {
        "numbers": reading.everything.numbers,
        "dates": reading.everything.dates,
        "quotes": reading.everything.quotes,
    }
    rows = []
    for kind, spans in found.items():
        scored = score(spans, [one for one in load_gold(kind) if one["source"] in reading.corpus])
        rows.append(
            {
                "Kind": kind,
                "Annotated": scored.n_gold,
                "Precision": f"{scored.precision:.2f}",
                "Recall": f"{scored.recall:.2f}",
                "F1": f"{scored.f1:.2f}",
            }
        )
    return pd.DataFrame(rows)


def corpus_table(corpus: Mapping[str, Document], spans: Spans) -> pd.DataFrame:
    """Return a row per source: when it was issued, its words, and the number of spans of each kind."""
    return pd.DataFrame(
        {
            "Source": doc.source.label,
            "Issued (EDTF)": doc.source.issued,
            "Words": count_words(doc),
            "Sections": len(doc.sections),
            "Quotations": sum(one.source == source for one in spans.quotes),
            "Numbers": sum(one.source == source for one in spans.numbers),
            "Dates": sum(one.source == source for one in spans.dates),
            "Names": sum(one.source == source for one in spans.mentions),
        }
        for source, doc in corpus.items()
    )


def zones_table(corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per kind of zone other than running text, and a column per source: the number of blocks."""
    kinds = dict.fromkeys(zone.kind for doc in corpus.values() for zone in doc.zones if zone.kind != "body")
    return pd.DataFrame(
        {"Part": kind, **{doc.source.label: sum(zone.kind == kind for zone in doc.zones) for doc in corpus.values()}}
        for kind in kinds
    )


def themes_table(corpus: Mapping[str, Document], passages: Mapping[str, Sequence[Span]]) -> pd.DataFrame:
    """Return a row per theme and a column per source: the number of passages; 0 is a silence."""
    return pd.DataFrame(
        {
            "Theme": theme,
            **{doc.source.label: sum(one.source == source for one in found) for source, doc in corpus.items()},
        }
        for theme, found in passages.items()
    )


def namings(mentions: Iterable[Mention], corpus: Mapping[str, Document]) -> list[Mention]:
    """Return the mentions, in order, without those in brackets right behind another name of the same thing."""
    kept: list[Mention] = []
    last: Mention | None = None
    for one in sorted(mentions, key=lambda mention: (mention.source, mention.start)):
        again = last and (last.source, last.entity) == (one.source, one.entity)
        if not (again and last and corpus[one.source].raw[last.end : one.start].split() == ["("]):
            kept.append(one)
        last = one
    return kept
