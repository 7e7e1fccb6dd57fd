"""Does the reading tilt? Each measure on a text and on its mirror, the same text with its parties exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from apparatus.corpus import read_document
from apparatus.extract import KINDS
from apparatus.extract.quotes import find_quotes
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Span, SpanT
from apparatus.paths import KNOWLEDGE, READINGS
from apparatus.structure import Decisions, ZoneRule, load_decisions, load_zone_rules
from apparatus.swaps import Accepted, Swaps
from apparatus.text import View
from apparatus.themes import find_passages
from apparatus.voices import find_voices

Corpus = Mapping[str, Document]
Measure = Callable[[Corpus, Knowledge], Sequence[Span]]
VOICED = ("quotes", "numbers", "dates", "mentions")
OURS = ("source", "theme", "kind", "rule", "cue", "edtf")  # fields whose words are the book's, not the text's


@dataclass(frozen=True, eq=False)
class Mirror:
    """A document with its parties exchanged, and the map of its text to the original's."""

    original: Document
    doc: Document
    view: View
    swaps: Swaps


@dataclass(frozen=True, kw_only=True)
class Voiced(Span):
    """A number, date, quotation or name, and the voice in which it stands."""

    of: str
    voice: str
    speaker: str
    cue: str


@dataclass(frozen=True)
class Difference:
    """A passage that is read otherwise in the mirror: `here` in the text, `there` in the mirror, turned back.

    None where it is not found at all. Both are places of the original text. `why` is the reason given for it under
    seeds/knowledge/swaps.toml, "" where there is none.
    """

    measure: str
    here: Span | None
    there: Span | None
    why: str = ""

    @property
    def span(self) -> Span:
        """The passage, as it stands in the original text."""
        span = self.here or self.there
        assert span is not None
        return span

    @property
    def fields(self) -> list[tuple[str, object, object]]:
        """The fields in which the readings differ: name, value in the text, value in the mirror turned back."""
        if self.here is None or self.there is None:
            return []
        pairs = [(one.name, getattr(self.here, one.name), getattr(self.there, one.name)) for one in fields(self.here)]
        return [(name, one, other) for name, one, other in pairs if one != other]


@dataclass(frozen=True)
class Comparison:
    """A measure of one text and of its mirror: how many spans each has, and how many are each other's mirror."""

    measure: str
    source: str
    here: int
    there: int
    equal: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> list[Difference]:
        """The differences for which no reason is given."""
        return [one for one in self.differences if not one.why]


def mirror_document(
    doc: Document, swaps: Swaps, *, rules: Iterable[ZoneRule] = (), decisions: Decisions | None = None
) -> Mirror:
    """Return a document read anew from its text with the parties exchanged.

    The record's author is exchanged too, since the text's "I" is his; so are the words of decisions by hand.
    """
    view = swaps.view(doc.raw)
    source = replace(doc.source, author=swaps.exchange(doc.source.author))
    decided = _exchanged(decisions, doc.raw, view) if decisions else None
    return Mirror(doc, read_document(source, view.text, rules, decided), view, swaps)


def mirror_corpus(corpus: Corpus, swaps: Swaps) -> dict[str, Mirror]:
    """Return the mirror of each document of a corpus, read by the same rules and decisions as the corpus."""
    rules, decided = load_zone_rules(KNOWLEDGE / "zones.toml"), load_decisions(READINGS / "zones.toml")
    return {
        source: mirror_document(doc, swaps, rules=rules, decisions=decided.get(source))
        for source, doc in corpus.items()
    }


def _exchanged(decisions: Decisions, raw: str, view: View) -> Decisions:
    """Return decisions about a text as decisions about its mirror: the words that stand where theirs stood."""

    def words_of(words: str) -> str:
        at = raw.find(words)
        place = view.from_raw(at, at + len(words)) if at >= 0 else None
        return view.text[slice(*place)] if place else words

    tables = (decisions.zone, decisions.move, decisions.join)
    return Decisions(
        *([{name: words_of(words) for name, words in entry.items()} for entry in table] for table in tables)
    )


def exchange_offices(known: Knowledge, swaps: Swaps) -> Knowledge:
    """Return the knowledge for reading a mirror: the same, but that the other side's leader holds each office.

    Who is president where is a fact about a state, not a way of reading, so it is exchanged with the names. That
    each office of one side is known on the other, too, is tested apart.
    """
    offices = {
        swaps.exchange(words): tuple(replace(one, holder=swaps.exchange(one.holder)) for one in holders)
        for words, holders in known.lexicon.offices.items()
    }
    return replace(known, lexicon=replace(known.lexicon, offices=offices))


def turn_back(span: SpanT, mirror: Mirror, known: Knowledge) -> SpanT:
    """Return a span of the mirror as a span of the original: its place, its words, and whom its fields name."""
    start, end = mirror.view.to_raw(span.start, span.end)
    changed: dict[str, object] = {"start": start, "end": end, "exact": mirror.original.raw[start:end]}
    for one in fields(span):
        value = getattr(span, one.name)
        if isinstance(value, str) and one.name not in (*OURS, *changed):
            changed[one.name] = counterpart(value, mirror.swaps, known)
    return replace(span, **changed)  # type: ignore[arg-type]


def counterpart(words: str, swaps: Swaps, known: Knowledge) -> str:
    """Return what stands for words or for an entity; an entity that bears the names of both sides stands for itself."""
    if words in swaps.entities:
        return swaps.entities[words]
    other = swaps.exchange(words)
    entities = known.lexicon.stems
    return words if words in entities and other not in entities else other


def compare(measure: str, here: Sequence[Span], there: Sequence[Span], source: str, swaps: Swaps) -> Comparison:
    """Return how a measure's spans of a text agree with those of its mirror, turned back."""
    places, others = ({_place(one): one for one in spans} for spans in (here, there))
    found = [
        Difference(measure, one, other)
        for place in sorted(places.keys() | others.keys())
        if _unlike(one := places.get(place), other := others.get(place))
    ]
    explained = tuple(replace(one, why=_reason(one, swaps.accepted)) for one in found)
    equal = len(places.keys() & others.keys()) - sum(bool(one.here and one.there) for one in found)
    return Comparison(measure, source, len(here), len(there), equal, explained)


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, getattr(span, "of", "")


def _unlike(one: Span | None, other: Span | None) -> bool:
    """Tell spans that differ; in words joined over a break only white space may."""
    if one is None or other is None:
        return one is not other
    return any(_plain(getattr(one, field.name)) != _plain(getattr(other, field.name)) for field in fields(one))


def _plain(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _reason(difference: Difference, accepted: Iterable[Accepted]) -> str:
    """Return the reason given for a difference: for its measure, in its source, with its words."""
    span = difference.span
    for one in accepted:
        fits = one.measure == difference.measure and one.source in ("", span.source)
        if fits and any(words in span.words for words in one.words):
            return one.why
    return ""


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


def measures(known: Knowledge) -> dict[str, Measure]:
    """Return every measure that is compared, by its name."""
    kinds = {kind: find_kind(kind) for kind in KINDS}
    themes = {f"theme {theme.title}": find_theme(theme.id) for theme in known.themes.values()}
    return {**kinds, "voices": find_voiced, **themes}


def compare_all(
    corpus: Corpus, known: Knowledge, swaps: Swaps, chosen: Mapping[str, Measure] | None = None
) -> Iterator[Comparison]:
    """Yield the comparison of each measure for each text."""
    mirrors = mirror_corpus(corpus, swaps)
    mirrored = {source: mirror.doc for source, mirror in mirrors.items()}
    exchanged = exchange_offices(known, swaps)
    for name, measure in (chosen or measures(known)).items():
        here, there = measure(corpus, known), measure(mirrored, exchanged)
        for source, mirror in mirrors.items():
            back = [turn_back(span, mirror, known) for span in there if span.source == source]
            yield compare(name, [span for span in here if span.source == source], back, source, swaps)
