"""Does the reading tilt? Each measure on a text and on its mirror, the same text with its parties exchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import pandas as pd

from apparatus.corpus import read_document
from apparatus.knowledge import Knowledge
from apparatus.measured import Corpus, Measure, find_kind, find_spoken_for, measures
from apparatus.model import Document, Span, SpanT, Term
from apparatus.paths import KNOWLEDGE, READINGS
from apparatus.structure import Decisions, ZoneRule, load_decisions, load_zone_rules
from apparatus.swaps import Accepted, Swaps
from apparatus.text import View

OURS = ("source", "theme", "kind", "rule", "cue", "edtf")  # fields whose words are the book's, not the text's


@dataclass(frozen=True, eq=False)
class Mirror:
    """A document with its parties exchanged, and the map of its text to the original's."""

    original: Document
    doc: Document
    view: View
    swaps: Swaps


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


@lru_cache(maxsize=4)
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
    if isinstance(span, Term):
        changed["variant"] = _variant(span, str(changed["exact"]), mirror.swaps, known)
    return replace(span, **changed)  # type: ignore[arg-type]


def _variant(term: Term, exact: str, swaps: Swaps, known: Knowledge) -> str:
    """Return the variant that a term of the mirror stands for; in words that stayed, or name both sides, its own."""
    other = swaps.exchange(term.variant)
    return other if term.exact != exact and other in known.contrasts[term.contrast].labels else term.variant


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
    others = " | ".join([getattr(span, "of", ""), getattr(span, "against", "")])
    return span.start, span.end, str(_plain(others))


def _unlike(one: Span | None, other: Span | None) -> bool:
    """Tell spans that differ; in words joined over a break only white space may."""
    if one is None or other is None:
        return one is not other
    return any(_plain(getattr(one, field.name)) != _plain(getattr(other, field.name)) for field in fields(one))


def _plain(value: object) -> object:
    """Return a field as it is compared: white space does not matter, nor the order of the words in a list of them."""
    return " | ".join(sorted(" ".join(value.split()).split(" | "))) if isinstance(value, str) else value


def _reason(difference: Difference, accepted: Iterable[Accepted]) -> str:
    """Return the reason given for a difference: for its measure, in its source, with its words."""
    span = difference.span
    for one in accepted:
        fits = one.measure == difference.measure and one.source in ("", span.source)
        told = not one.words or any(words in span.words for words in one.words)
        if fits and told and (not one.of or getattr(span, "contrast", getattr(span, "of", "")) in one.of):
            return one.why
    return ""


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


def chosen_comparisons(comparisons: Iterable[Comparison], *names: str) -> list[Comparison]:
    """Return the comparisons of some measures."""
    return [one for one in comparisons if one.measure in names]


def passages_of(comparisons: Iterable[Comparison]) -> list[Span]:
    """Return the passages that are read otherwise in the mirror, each once."""
    return list({each.span.ref: each.span for one in comparisons for each in one.differences}.values())


def first_of(spans: Iterable[SpanT], most: int) -> list[SpanT]:
    """Return the first passages of each source: enough to look at, where there are hundreds of a kind."""
    kept: dict[str, list[SpanT]] = {}
    for span in spans:
        kept.setdefault(span.source, []).append(span)
    return [span for found in kept.values() for span in found[:most]]


def swaps_table(corpus: Corpus, swaps: Swaps) -> pd.DataFrame:
    """Return a row per pair of names that change places: each side's, and where it first stands in the texts."""
    first: dict[str, Span] = {}
    for doc in corpus.values():
        for start, end, _ in swaps.places(doc.raw):
            words = " ".join(doc.raw[start:end].split())
            if words in swaps.partner and words not in first:
                first[words] = doc.mark_raw(Span, start, end)
    pairs = [(old, new) for old, new in swaps.partner.items() if old in swaps.left and {old, new} & first.keys()]
    return pd.DataFrame({"One side": first.get(old, old), "The other": first.get(new, new)} for old, new in pairs)


def symmetry_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Return a row per measure: what it finds in the texts and in their mirrors, how much of it is alike."""
    rows = []
    for measure in dict.fromkeys(one.measure for one in comparisons):
        ours = [one for one in comparisons if one.measure == measure]
        unexplained = sum(len(one.unexplained) for one in ours)
        rows.append(
            {
                "Measure": measure,
                "In the texts": sum(one.here for one in ours),
                "In the mirrors": sum(one.there for one in ours),
                "Alike": sum(one.equal for one in ours),
                "Otherwise, with a reason": sum(len(one.differences) for one in ours) - unexplained,
                "Otherwise, without": unexplained,
            }
        )
    return pd.DataFrame(rows)


def reasons_table(comparisons: Iterable[Comparison], *, examples: int = 3) -> pd.DataFrame:
    """Return a row per measure and reason: how many passages are read otherwise, why, and some of them."""
    found: dict[tuple[str, str], list[Span]] = {}
    for each in (each for one in comparisons for each in one.differences if each.why):
        found.setdefault((each.measure, each.why), []).append(each.span)
    return pd.DataFrame(
        {"Measure": measure, "Passages": len(spans), "Why": why, "For example": _some(spans, examples)}
        for (measure, why), spans in found.items()
    )


def _some(spans: Iterable[Span], most: int) -> list[Span]:
    """Return the first spans, no words twice."""
    return list({span.words: span for span in reversed(list(spans))}.values())[::-1][:most]


def differences_table(comparisons: Iterable[Comparison], corpus: Corpus) -> pd.DataFrame:
    """Return a row per passage that is read otherwise in the mirror without a reason: what is read where."""
    rows = [
        {
            "Measure": each.measure,
            "Source": corpus[each.span.source].source.label,
            "Passage": each.span,
            "In the text": _read(each.here, [f"{name}: {value}" for name, value, _ in each.fields]),
            "In the mirror": _read(each.there, [f"{name}: {value}" for name, _, value in each.fields]),
        }
        for one in comparisons
        for each in one.unexplained
    ]
    return pd.DataFrame(rows, columns=["Measure", "Source", "Passage", "In the text", "In the mirror"])


def _read(span: Span | None, fields: list[str]) -> str:
    return "not found" if span is None else "; ".join(fields) or "found"


def _pairs(named: Counter[str], swaps: Swaps, known: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield the entities that are each other's counterpart, the commonest first; of each pair the second side first."""
    seen: set[str] = set()
    for entity in sorted(named, key=lambda one: (-named[one], one)):
        other = counterpart(entity, swaps, known)
        if other != entity and entity not in seen:
            seen |= {entity, other}
            yield (other, entity) if swaps.is_left(entity) else (entity, other)


def sides_table(corpus: Corpus, known: Knowledge, swaps: Swaps, *, shown: int = 4) -> pd.DataFrame:
    """Return a row per pair of names: how often each stands in the texts and in their mirrors, the commonest first.

    The first row is of the parties, which the table of swaps names first; the last one counts the words spoken for
    them. Units: names, and words. Where the reading does not tilt, the mirrors' counts are those of the texts
    exchanged.
    """
    mirrored = {source: mirror.doc for source, mirror in mirror_corpus(corpus, swaps).items()}
    readings = ((corpus, known), (mirrored, exchange_offices(known, swaps)))
    named = [Counter(one.entity for one in find_kind("mentions")(*reading)) for reading in readings]  # type: ignore[attr-defined]
    other, one = next(iter(swaps.partner.items()))
    pairs = list(dict.fromkeys([(one, other), *_pairs(named[0], swaps, known)]))[:shown]
    rows = [
        ("named", left, right, named[0][left], named[0][right], named[1][left], named[1][right])
        for left, right in pairs
    ]
    spoken = [Counter[str](), Counter[str]()]
    for words, reading in zip(spoken, readings, strict=True):
        for piece in find_spoken_for(*reading):
            words[piece.party] += piece.length
    rows.append(("words spoken for", one, other, spoken[0][one], spoken[0][other], spoken[1][one], spoken[1][other]))
    columns = ["What", "One", "Other", "One, texts", "Other, texts", "One, mirrors", "Other, mirrors"]
    return pd.DataFrame(rows, columns=columns)
