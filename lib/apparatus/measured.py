"""What the symmetry test compares: each measure of a corpus, as passages with what is read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from apparatus.entries import near
from apparatus.extract import KINDS
from apparatus.extract.quotes import find_quotes
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon
from apparatus.model import Document, Span
from apparatus.parties import Parties, load_parties
from apparatus.sentences import KEPT
from apparatus.themes import find_passages
from apparatus.voices import Speech, find_speech, find_voices

Corpus = Mapping[str, Document]
Measure = Callable[[Corpus, Knowledge], Sequence[Span]]
VOICED = ("quotes", "numbers", "dates", "mentions")


@dataclass(frozen=True, kw_only=True)
class Voiced(Span):
    """A number, date, quotation or name, and the voice in which it stands."""

    of: str
    voice: str
    speaker: str
    cue: str


@dataclass(frozen=True, kw_only=True)
class SpokenFor(Span):
    """A piece of speech, the party for which it is spoken, by what kind of speaker. Units: `length` in words."""

    party: str
    by: str
    length: int


def find_kind(kind: str) -> Measure:
    """Return the measure that finds a kind of span."""
    return lambda corpus, known: [span for doc in corpus.values() for span in KINDS[kind](doc, known)]


def find_theme(theme: str) -> Measure:
    """Return the measure that finds the passages on a theme."""
    return lambda corpus, known: [span for doc in corpus.values() for span in find_passages(doc, known.themes[theme])]


def find_voiced(corpus: Corpus, known: Knowledge) -> list[Voiced]:
    """Return each quotation, number, date and name with its voice."""
    found = []
    for doc in corpus.values():
        quotes = find_quotes(doc, known)
        spans = [(kind, span) for kind in VOICED for span in KINDS[kind](doc, known)]
        voices = find_voices(doc, [span for _, span in spans], quotes, known)
        for (kind, span), voice in zip(spans, voices, strict=True):
            told = {"of": kind, "voice": voice.kind, "speaker": voice.speaker, "cue": voice.cue}
            found.append(doc.mark_raw(Voiced, span.start, span.end, **told))
    return found


def find_pieces(corpus: Corpus, known: Knowledge) -> list[Speech]:
    """Return the running text in pieces of one voice each."""
    return [piece for doc in corpus.values() for piece in _pieces(doc, known)]


@lru_cache(maxsize=KEPT)
def _pieces(doc: Document, known: Knowledge) -> tuple[Speech, ...]:
    return tuple(find_speech(doc, find_quotes(doc, known), known))


def find_spoken_for(corpus: Corpus, known: Knowledge) -> list[SpokenFor]:
    """Return each piece of speech with the party for which its speaker speaks."""
    parties = _parties(known.lexicon)
    found = []
    for piece in find_pieces(corpus, known):
        doc = corpus[piece.source]
        speaker = parties.speaker(piece.speaker, issued=doc.source.issued)
        told = {"party": speaker.party, "by": speaker.kind, "length": piece.length}
        found.append(doc.mark_raw(SpokenFor, piece.start, piece.end, **told))
    return found


@lru_cache(maxsize=4)
def _parties(lexicon: Lexicon) -> Parties:
    return load_parties(lexicon)


def forget(known: Knowledge, entity: str) -> Knowledge:
    """Return the knowledge without the names of one entity: a tilt made on purpose, to see that it is seen.

    Raises `ValueError` for an entity that the gazetteer does not have.
    """
    if entity not in known.lexicon.stems:
        raise ValueError(f"the gazetteer has no {entity!r}{near(entity, known.lexicon.stems)}")
    names = tuple(name for name in known.lexicon.names if name.entity != entity)
    return replace(known, lexicon=replace(known.lexicon, names=names))


def measures(known: Knowledge) -> dict[str, Measure]:
    """Return every measure that is compared, by its name."""
    kinds = {kind: find_kind(kind) for kind in KINDS}
    themes = {f"theme {theme.title}": find_theme(theme.id) for theme in known.themes.values()}
    speech: dict[str, Measure] = {"voices": find_voiced, "speech": find_pieces, "spoken for": find_spoken_for}
    return {**kinds, **speech, **themes}


def choose_measures(known: Knowledge, names: Sequence[str] = ()) -> dict[str, Measure]:
    """Return the measures named, or all where none is. Raises `ValueError` for one that is none."""
    every = measures(known)
    if unknown := [name for name in names if name not in every]:
        raise ValueError(f"there is no measure {unknown[0]!r}{near(unknown[0], every)}")
    return {name: measure for name, measure in every.items() if not names or name in names}
