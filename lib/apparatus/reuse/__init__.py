"""What texts share: passages of one that repeat or reword a passage of another, or of the same text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apparatus.corpus import read_document
from apparatus.extract import check_date
from apparatus.files import Refuse, read_files, stop
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Reuse, Source, Span
from apparatus.paths import KNOWLEDGE
from apparatus.reuse.alignment import Link, Pair, Table, align
from apparatus.reuse.likeness import Weights, find_candidates
from apparatus.reuse.quoted import SharedQuote, beside, find_shared_quotes, find_spoken
from apparatus.reuse.repeats import find_copied, find_repeats, has_run, narrow
from apparatus.reuse.words import Unit, Worded, load_rewording, read_worded
from apparatus.structure import load_zone_rules
from apparatus.themes import within

KINDS = ("verbatim", "paraphrase", "shared_quote")


@dataclass(frozen=True)
class _Shared:
    """What is known of two texts, or of one and itself, before they are laid side by side."""

    seeds: list[Pair] = field(default_factory=list)
    quotes: list[SharedQuote] = field(default_factory=list)
    repeats: list[Pair] = field(default_factory=list)


def find_reuse(
    corpus: Mapping[str, Document], known: Knowledge, *, kinds: Sequence[str] = KINDS, least: float = 0.0
) -> list[Reuse]:
    """Return the passages that repeat or reword a passage of another text, or of the same one, by place.

    `verbatim`: eight words in a row are the same. `shared_quote`: both quote one utterance as speech. `paraphrase`:
    the same matter in other words, known by its likeness and, above all, by neighbours that answer each other in the
    same order. Inside one text only repetition counts, since a text speaks of its subject all the time. A passage is
    a sentence, or a clause where a sentence answers two, or words copied from one sentence into another; names, titles
    and words without a verb hardly count. Which passage was written first, this does not say: see `precedence`.
    Raises `ValueError` for a kind that there is not.
    """
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"There is no kind of reuse {unknown[0]!r}; kinds are {', '.join(KINDS)}.")
    found = _find(list(corpus.values()), known)
    return [one for one in found if one.kind in kinds and one.score >= least]


def find_reuse_in_files(
    paths: Iterable[Path], known: Knowledge, *, date: str = "", refuse: Refuse = stop
) -> Iterator[dict[str, Any]]:
    """Yield what text files share, and each repeats, as the gold writes it; `source` is the file's name.

    Files are read as `find_in_files` reads them; `a` is the earlier file, or the earlier place of one file.
    Raises `ValueError` in one sentence for a date that is none, and for a file that cannot be read unless `refuse`
    takes it.
    """
    check_date(date)
    rules = load_zone_rules(KNOWLEDGE / "zones.toml")
    texts = read_files(paths, refuse)
    docs = [read_document(Source(id=name, file=name, issued=date), raw, rules) for name, raw in texts]
    yield from map(to_gold, _find(docs, known))


def to_gold(one: Reuse) -> dict[str, Any]:
    """Return a reuse as the gold writes it: the two places, the kind, the score."""
    places = {
        f"{side}_{name}": getattr(span, name)
        for side, span in (("a", one.a), ("b", one.b))
        for name in ("source", "start", "end")
    }
    return places | {"kind": one.kind, "score": round(one.score, 4)}


def within_passages(found: Iterable[Reuse], passages: Iterable[Span]) -> list[Reuse]:
    """Return the reuse of which one passage or the other overlaps one of some passages, say those on a theme."""
    found, passages = list(found), list(passages)
    inside = {span.ref for span in within([span for one in found for span in (one.a, one.b)], passages)}
    return [one for one in found if one.a.ref in inside or one.b.ref in inside]


def _find(docs: Sequence[Document], known: Knowledge) -> list[Reuse]:
    texts = [read_worded(doc, known) for doc in docs]
    weights = Weights([text.units for text in texts], load_rewording())
    found = []
    for (one, other), shared in _find_shared(texts, weights).items():
        for first, last, kind, score in _compare(texts[one], texts[other], shared, weights, known):
            spans = [(one, _span(docs[one], first)), (other, _span(docs[other], last))]
            if one == other:
                spans.sort(key=lambda side: side[1].start)
            (at, a), (place, b) = spans
            found.append((at, a.start, place, b.start, kind, Reuse(a=a, b=b, kind=kind, score=score)))
    return [reuse for *_, reuse in sorted(found, key=lambda each: each[:5])]


def _find_shared(texts: Sequence[Worded], weights: Weights) -> dict[Pair, _Shared]:
    """Return for each two texts that have anything in common, or one and itself, where to look."""
    units = [text.units for text in texts]
    shared: dict[Pair, _Shared] = {}
    for pair, seeds in find_candidates(units, weights).items():
        shared.setdefault(pair, _Shared()).seeds.extend(seeds)
    for pair, quotes in find_shared_quotes([find_spoken(text) for text in texts]).items():
        shared.setdefault(pair, _Shared()).quotes.extend(quotes)
    for (text, at), (other, place) in find_repeats(units):
        shared.setdefault((text, other), _Shared()).repeats.append((at, place))
    return shared


def _compare(
    one: Worded, other: Worded, shared: _Shared, weights: Weights, known: Knowledge
) -> Iterator[tuple[Unit, Unit, str, float]]:
    """Yield what two texts share: first the utterances that both quote, then what is alike beside these."""
    for quote in shared.quotes:
        yield quote.one, quote.other, "shared_quote", quote.share
    units = one.units, other.units
    if shared.quotes:
        units = (
            tuple(beside(unit, [quote.one for quote in shared.quotes], one, known) for unit in one.units),
            tuple(beside(unit, [quote.other for quote in shared.quotes], other, known) for unit in other.units),
        )
    table = Table(*units, (one.doc.view.text, other.doc.view.text), weights, same=one is other)
    links = align(table, shared.seeds)
    linked = {(link.one.at, link.other.at) for link in links}
    for pair in shared.repeats:
        if pair not in linked:
            copied = find_copied(*table.units(*pair), table.texts)
            links += [Link(a, b, table.of(a, b)) for a, b in copied]
    for link in links:
        score = min(1.0, link.likeness.share)
        a = narrow(link.one, link.other, table.texts[0], known)
        b = narrow(link.other, link.one, table.texts[1], known)
        yield a, b, "verbatim" if has_run(a, b) else "paraphrase", score


def _span(doc: Document, unit: Unit) -> Span:
    """Return the place of a unit; of one torn apart and set out of order, the longest piece."""
    pieces = [(unit.start, unit.end)]
    if any(unit.start < jump < unit.end for jump in doc.view.jumps):
        pieces = sorted(doc.pieces(unit.start, unit.end), key=lambda piece: piece[0] - piece[1])
    return doc.mark(Span, *pieces[0])
