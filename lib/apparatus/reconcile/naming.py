"""Names of bodies and persons held against each other, against when they were in use, and against what they mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from apparatus.edtf_days import days as bounds
from apparatus.lexicon import stems
from apparatus.model import DateExpr, Mention, Span
from apparatus.reconcile.aligned import Pair
from apparatus.reconcile.events import dates_within, speaking_day
from apparatus.reconcile.facts import BodyName
from apparatus.reconcile.record import AGREES, DIFFERS, REASONS, UNCHECKED, Comparison
from apparatus.reconcile.texts import WORD, Corpus, Interval, Text, inside
from apparatus.reconcile.when import dates_in_words, said_bounds
from apparatus.text import unaccented

GOVERNED = 3  # words behind a body's name among which its act is named


def body_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per text and name of a body that is unclear or wrong, or that was in use only for a time."""
    for text in corpus.texts.values():
        for body in corpus.facts.bodies:
            places = [match.span() for match in body.words.finditer(text.text)]
            if places and body.kind == "renamed":
                yield from _renamed_rows(corpus, text, body, places)
            elif places:
                yield _other_name_row(corpus, body, [text.span(*place) for place in places])


def _other_name_row(corpus: Corpus, body: BodyName, spans: list[Span]) -> Comparison:
    """Return the row of a name that is none: beside the first passage of the corpus that has one it can mean."""
    clear = _first_named(corpus, body.fits)
    checked = clear is not None or body.kind == "misnamed"
    return Comparison(
        rule="name of a body",
        stated=(*spans, clear) if clear else tuple(spans),
        says=f"{spans[0].words} · {clear.words}" if clear else spans[0].words,
        recomputed=body.other,
        difference="another name" if checked else "",
        verdict=DIFFERS if checked else UNCHECKED,
        reason="" if checked else "name fits two bodies",
        why=f"{body.why} {body.source}" if checked else f"{REASONS['name fits two bodies']}: {body.why} {body.source}",
    )


def _first_named(corpus: Corpus, names: tuple[str, ...]) -> Span | None:
    found = (one.span for text in corpus.texts.values() for one in text.mentions if one.span.exact in names)
    return next(found, None)


def _renamed_rows(corpus: Corpus, text: Text, body: BodyName, places: list[Interval]) -> Iterator[Comparison]:
    """Yield a row per verdict: by the dates in the sentences that name the body, else by the text's own date."""
    in_use = bounds(f"{body.since}/.." if body.since else f"../{body.until}")
    groups: dict[bool, list[Span]] = defaultdict(list)
    for place in places:
        dates = [one.span for one in dates_within(text, text.sentence(place[0]))]
        if dates:
            fits = any(_in_use(in_use, one) for one in dates)
            groups[fits] += [text.span(*place), *([] if fits else dates[:1])]
    base = speaking_day(text)
    if not groups and base and body.until:
        fits = in_use[0] <= base.when[1] and base.when[0] <= in_use[1]
        newer = _first_named(corpus, body.fits)
        groups[fits] = [text.span(*places[0]), *([newer] if newer else [])]
    for fits, spans in sorted(groups.items()):
        yield _renamed_row(body, list({span.ref: span for span in spans}.values()), fits=fits)


def _in_use(in_use: tuple[object, object], one: DateExpr) -> bool:
    first, last = said_bounds(one.words, one.edtf)
    return bool(in_use[0] <= last and first <= in_use[1])  # type: ignore[operator]


def _renamed_row(body: BodyName, spans: list[Span], *, fits: bool) -> Comparison:
    then = f"; then {body.other}" if body.until else f"; before: {body.other}" if body.other else ""
    return Comparison(
        rule="name of a body",
        stated=tuple(spans),
        says=" · ".join(dict.fromkeys(span.words for span in spans)),
        recomputed=f"in use {'since' if body.since else 'until'} {dates_in_words(body.since or body.until)}{then}",
        difference="0" if fits else "out of use",
        verdict=AGREES if fits else DIFFERS,
        why=body.source,
    )


def spelling_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per text and person whose full name it spells in several ways, accents and capitals apart."""
    for text in corpus.texts.values():
        spelled: dict[str, dict[str, Mention]] = defaultdict(dict)
        for one in text.mentions:
            words = unaccented(one.span.words).lower().split()
            if one.span.kind == "person" and len(words) > 1 and len(words[0]) > 2:
                spelled[one.span.entity].setdefault(words[-1], one.span)
        for names in spelled.values():
            if len(names) > 1:
                yield Comparison(
                    rule="two spellings of one name",
                    stated=tuple(names.values()),
                    says=" · ".join(one.words for one in names.values()),
                    recomputed=f"one person: {next(iter(names.values())).entity}",
                    difference=f"{len(names)} spellings",
                    verdict=DIFFERS,
                )


def two_names_rows(pairs: list[Pair]) -> Iterator[Comparison]:
    """Yield a row where two passages that tell the same give one act to two bodies: “A's decision”, “B's decision”."""
    for pair in pairs:
        ones, others = _doers(pair.text, pair.place, pair.shared), _doers(pair.other_text, pair.other, pair.shared)
        for act in sorted(ones.keys() & others.keys()):
            if ones[act][0].words == others[act][0].words:
                continue
            names = [{one.entity for one in ones[act]}, {one.entity for one in others[act]}]
            yield Comparison(
                rule="two names for one act",
                stated=(ones[act][0], others[act][0]),
                says=f"{ones[act][0].words} · {others[act][0].words}",
                recomputed="one body" if names[0] & names[1] else f"{min(names[0])} · {min(names[1])}",
                difference="0" if names[0] & names[1] else "two bodies",
                verdict=AGREES if names[0] & names[1] else DIFFERS,
            )
            break


def _doers(text: Text, place: Interval, shared: frozenset[str]) -> dict[str, list[Mention]]:
    """Return the bodies of a sentence by the shared word that they govern."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for one in inside(text.mentions, place):
        if one.span.kind == "body":
            behind = re.split(r"[,;.]|\band\b", text.text[one.end : min(place[1], one.end + 40)])[0]
            words = WORD.findall(behind)
            for stem in stems(words[:GOVERNED]) & shared:
                found[stem].append(one.span)
    return found
