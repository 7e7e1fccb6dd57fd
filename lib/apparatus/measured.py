"""What the symmetry test compares: each measure of a corpus, as passages with what is read in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from apparatus.entries import near
from apparatus.events import Event, find_event_mentions, load_events
from apparatus.extract import KINDS
from apparatus.keyness import count_forms, find_keywords
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon
from apparatus.model import Document, Span
from apparatus.parties import Parties, load_parties
from apparatus.reading import Spans
from apparatus.reconcile import find_ledger
from apparatus.reuse import find_reuse
from apparatus.themes import find_passages
from apparatus.voices import Speech, find_speech, find_voices

Corpus = Mapping[str, Document]
Measure = Callable[[Corpus, Knowledge], Sequence[Span]]
VOICED = ("quotes", "numbers", "dates", "mentions")
DIGITS = 6  # of a statistic: what the last bits of a float say is no reading


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


@dataclass(frozen=True, kw_only=True)
class Weighed(Span):
    """The first place of a form in a source, and how the source uses the form beside the others."""

    of: str
    here: int
    there: int
    g2: float
    ratio: float
    spread: float
    kept: bool


@dataclass(frozen=True, kw_only=True)
class Shared(Span):
    """A passage that repeats or rewords another one: the words of the other, its source, and how.

    How alike the two are is left out: a longer name makes a little difference to it.
    """

    of: str
    other: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Reckoned(Span):
    """The first passage of a row of the ledger: the rule, what it was held against, and how that came out."""

    of: str
    against: str
    verdict: str
    recomputed: str
    difference: str


@dataclass(frozen=True, kw_only=True)
class Dated(Span):
    """A date or a name of an event."""

    of: str
    how: str


@lru_cache(maxsize=256)
def found(kind: str, doc: Document, known: Knowledge) -> tuple[Span, ...]:
    """Return the spans of a kind in a document, looked for once."""
    return tuple(KINDS[kind](doc, known))


def find_kind(kind: str) -> Measure:
    """Return the measure that finds a kind of span."""
    return lambda corpus, known: [span for doc in corpus.values() for span in found(kind, doc, known)]


def find_theme(theme: str) -> Measure:
    """Return the measure that finds the passages on a theme."""
    return lambda corpus, known: [span for doc in corpus.values() for span in find_passages(doc, known.themes[theme])]


def all_spans(corpus: Corpus, known: Knowledge) -> Spans:
    """Return every quotation, number, date and name of a corpus."""
    return Spans(**{kind: list(find_kind(kind)(corpus, known)) for kind in VOICED})  # type: ignore[arg-type]


def find_voiced(corpus: Corpus, known: Knowledge) -> list[Voiced]:
    """Return each quotation, number, date and name with its voice."""
    told: list[Voiced] = []
    for doc in corpus.values():
        quotes = all_spans({doc.source.id: doc}, known).quotes
        spans = [(kind, span) for kind in VOICED for span in found(kind, doc, known)]
        voices = find_voices(doc, [span for _, span in spans], quotes, known)
        for (kind, span), voice in zip(spans, voices, strict=True):
            fields = {"of": kind, "voice": voice.kind, "speaker": voice.speaker, "cue": voice.cue}
            told.append(doc.mark_raw(Voiced, span.start, span.end, **fields))
    return told


def find_pieces(corpus: Corpus, known: Knowledge) -> list[Speech]:
    """Return the running text in pieces of one voice each."""
    return [piece for doc in corpus.values() for piece in _pieces(doc, known)]


@lru_cache(maxsize=256)
def _pieces(doc: Document, known: Knowledge) -> tuple[Speech, ...]:
    return tuple(find_speech(doc, all_spans({doc.source.id: doc}, known).quotes, known))


def find_spoken_for(corpus: Corpus, known: Knowledge) -> list[SpokenFor]:
    """Return each piece of speech with the party for which its speaker speaks."""
    parties = _parties(known.lexicon)
    spoken = []
    for piece in find_pieces(corpus, known):
        doc = corpus[piece.source]
        speaker = parties.speaker(piece.speaker, issued=doc.source.issued)
        fields = {"party": speaker.party, "by": speaker.kind, "length": piece.length}
        spoken.append(doc.mark_raw(SpokenFor, piece.start, piece.end, **fields))
    return spoken


def find_weighed(corpus: Corpus, known: Knowledge) -> list[Weighed]:
    """Return the forms that each source uses, weighed against the others, where each stands first."""
    counts = count_forms(corpus, known)
    weighed = []
    for source, doc in corpus.items():
        for one in find_keywords(counts, source):
            for place in counts.spans(source, counts.places[source].get(one.form, [])[:1]):
                numbers = {name: round(getattr(one, name), DIGITS) for name in ("g2", "ratio", "spread")}
                fields = {"of": one.form, "here": one.here, "there": one.there, "kept": one.kept}
                weighed.append(doc.mark_raw(Weighed, place.start, place.end, **fields, **numbers))
    return weighed


def find_shared(corpus: Corpus, known: Knowledge) -> list[Shared]:
    """Return each passage that repeats or rewords another one, with the other's words."""
    return [
        corpus[one.source].mark_raw(Shared, one.start, one.end, of=other.words, other=other.source, kind=reuse.kind)
        for reuse in find_reuse(corpus, known)
        for one, other in ((reuse.a, reuse.b), (reuse.b, reuse.a))
    ]


def find_reckoned(corpus: Corpus, known: Knowledge) -> list[Reckoned]:
    """Return the rows of the ledger of figures as the rules find them, without the decisions made by hand."""
    rows = find_ledger(corpus, all_spans(corpus, known), known, decisions=())
    reckoned = []
    for row in rows:
        first = row.stated[0]
        fields = {name: getattr(row, name) for name in ("verdict", "recomputed", "difference")}
        fields |= {"of": row.rule, "against": " | ".join(span.words for span in row.stated[1:])}
        reckoned.append(corpus[first.source].mark_raw(Reckoned, first.start, first.end, **fields))
    return reckoned


def find_dated(corpus: Corpus, known: Knowledge) -> list[Dated]:
    """Return where a text dates or names one of the events on file."""
    events = _events(tuple(known.themes)).values()
    return [
        doc.mark_raw(Dated, one.start, one.end, of=one.event, how=one.how)
        for doc in corpus.values()
        for one in find_event_mentions(doc, all_spans({doc.source.id: doc}, known).dates, events)
    ]


@lru_cache(maxsize=4)
def _parties(lexicon: Lexicon) -> Parties:
    return load_parties(lexicon)


@lru_cache(maxsize=4)
def _events(themes: tuple[str, ...]) -> dict[str, Event]:
    return load_events(themes)


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
    more: dict[str, Measure] = {
        "voices": find_voiced,
        "speech": find_pieces,
        "spoken for": find_spoken_for,
        "keywords": find_weighed,
        "shared passages": find_shared,
        "ledger of figures": find_reckoned,
        "events": find_dated,
    }
    return {**kinds, **more, **themes}


def choose_measures(known: Knowledge, names: Sequence[str] = ()) -> dict[str, Measure]:
    """Return the measures named, or all where none is. Raises `ValueError` for one that is none."""
    every = measures(known)
    if unknown := [name for name in names if name not in every]:
        raise ValueError(f"there is no measure {unknown[0]!r}{near(unknown[0], every)}")
    return {name: measure for name, measure in every.items() if not names or name in names}
