"""How well the voices that rules read agree with those that people coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from apparatus.knowledge import Knowledge
from apparatus.model import Coding, Document, Evidence, Quotation, Span
from apparatus.positions import evidence_in
from apparatus.stats import alpha_interval, krippendorff_alpha
from apparatus.voices import Voice, find_voices

SCORE = ["What is compared", "Passages", "Alike", "Share alike", "Alpha", "Interval of alpha"]
DIFFERENT = ["Source", "Passage", "Coded", "Read by rule"]


@dataclass(frozen=True)
class Coded:
    """A passage whose voice a person coded, and the voice and speaker that the rules read in it."""

    span: Span
    question: str
    coded: str
    coded_speaker: str
    found: str
    found_speaker: str


def read_coded(
    corpus: Mapping[str, Document], quotes: Iterable[Quotation], known: Knowledge, codings: Iterable[Coding]
) -> list[Coded]:
    """Return every passage that a coder gave as evidence, each once per coder, with its coded and its found voice.

    Coders told apart the source's own voice and a reported one; quoted speech counts as reported.
    """
    marked = {(coding.coder, one.ref): (one, coding.question) for coding in codings for one in evidence_in([coding])}
    quotes, voices = list(quotes), dict[str, Voice]()
    for source, doc in corpus.items():
        spans = [one for one, _ in marked.values() if one.source == source]
        there = [quote for quote in quotes if quote.source == source]
        voices |= {span.ref: voice for span, voice in zip(spans, find_voices(doc, spans, there, known), strict=True)}
    return [_coded(one, question, voices[one.ref]) for one, question in marked.values() if one.source in corpus]


def _coded(one: Evidence, question: str, voice: Voice) -> Coded:
    found = "source" if voice.kind == "own" else "reported"
    return Coded(one, question, one.voice, one.speaker, found, voice.speaker)


def voice_score_table(coded: Sequence[Coded]) -> pd.DataFrame:
    """Return how far rules and coders agree: on the voice, and, where both see another's words, on whose they are.

    Alpha is agreement beyond chance; its interval draws questions again, since passages of one question are alike.
    Source: Krippendorff 2011, see `stats.krippendorff_alpha`.
    """
    both = [one for one in coded if one.coded == one.found == "reported"]
    voice = [(one.coded, one.found, one.question) for one in coded]
    speaker = [(one.coded_speaker, one.found_speaker or "nobody", one.question) for one in both]
    rows = [_row("own voice or another's", voice), _row("whose words, where both see another's", speaker)]
    return pd.DataFrame([row for row in rows if row[1]], columns=SCORE)


def _row(name: str, pairs: Sequence[tuple[str, str, str]]) -> list[object]:
    alike = sum(first == second for first, second, _ in pairs)
    if not pairs:
        return [name, 0, 0, "", "", ""]
    ratings = [[one[side] for one in pairs] for side in (0, 1)]
    low, high = alpha_interval(ratings, clusters=[one[2] for one in pairs])
    alpha = krippendorff_alpha(ratings)
    share = f"{alike / len(pairs):.2f}"
    between = "undefined" if np.isnan(low) else f"{low:.2f} to {high:.2f}"
    return [name, len(pairs), alike, share, f"{alpha:.2f}", between]


def missed_speech(coded: Sequence[Coded]) -> dict[str, list[Span]]:
    """Return whom coders hear in passages that the rules take for the source's own voice, with these passages."""
    missed: dict[str, list[Span]] = {}
    for one in coded:
        if one.coded == "reported" and one.found == "source":
            missed.setdefault(one.coded_speaker or "nobody", []).append(one.span)
    return dict(sorted(missed.items()))


def different_voices(coded: Sequence[Coded], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return the passages in which rules and coders see different voices, in the order of the texts."""
    words = {"source": "own voice", "reported": "another's words"}
    order = list(corpus)
    found = sorted(
        (one for one in coded if one.coded != one.found),
        key=lambda one: (order.index(one.span.source), one.span.start, one.span.end),
    )
    return pd.DataFrame(
        [
            [
                corpus[one.span.source].source.label,
                one.span,
                ": ".join(filter(None, [words[one.coded], one.coded_speaker])),
                ": ".join(filter(None, [words[one.found], one.found_speaker])),
            ]
            for one in found
        ],
        columns=DIFFERENT,
    )
