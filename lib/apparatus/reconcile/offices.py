"""Persons with their offices held against tenures, and names of bodies held against each other and their history."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from apparatus.lexicon import stems
from apparatus.model import Mention, Span
from apparatus.reconcile.aligned import Pair
from apparatus.reconcile.events import dates_within, speaking_day
from apparatus.reconcile.facts import BodyName, Office
from apparatus.reconcile.record import AGREES, DIFFERS, REASONS, UNCHECKED, Comparison
from apparatus.reconcile.texts import WORD, Corpus, Interval, Placed, Text, inside
from apparatus.reconcile.when import bounds, dates_in_words, overlap

REACH = 90  # characters before a name in which its office begins
GAP = 45  # characters between an office and the name of its holder
BEFORE = 25  # characters before an office in which “then” or “former” stands
GOVERNED = 3  # words behind a body's name among which its act is named


@dataclass(frozen=True, eq=False)
class Holder:
    """A person named with an office: when, as the text has it, and by what it was dated."""

    text: Text
    mention: Mention
    office: Office
    span: Span
    when: str
    how: str
    former: bool


def holder_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per text, person, office and verdict: was the office held at the time of which the text speaks?"""
    groups: dict[tuple[str, str, str, str], list[Holder]] = defaultdict(list)
    for text in corpus.texts.values():
        for holder in _holders(corpus, text):
            groups[text.id, holder.mention.entity, holder.office.name, _verdict(holder)].append(holder)
    for (_, _, _, verdict), members in groups.items():
        yield _holder_row(members, verdict)


def _holders(corpus: Corpus, text: Text) -> Iterator[Holder]:
    by_person: dict[str, list[Office]] = defaultdict(list)
    for office in corpus.facts.offices:
        for person in dict.fromkeys(person for person, _ in office.held):
            by_person[person].append(office)
    for mention in text.mentions:
        for office in by_person.get(mention.span.entity, ()):
            match = _office_beside(text, mention, office)
            if match:
                yield _dated_holder(corpus, text, mention, office, match)


def _office_beside(text: Text, mention: Placed[Mention], office: Office) -> tuple[int, int] | None:
    """Return where an office stands before a name (“Chancellor A. B.”) or right behind it (“A. B., Chancellor”)."""
    low = max(text.sentence(mention.start)[0], mention.start - REACH)
    for match in office.words.finditer(text.text, low, mention.start):
        gap = text.text[match.end() : mention.start]
        if len(gap) <= GAP and not re.search(r"[.;:]|\bto\b|\bthat\b|\bwith\b", gap):
            return match.span()
    behind = office.words.match(text.text, mention.end + 2)
    if behind is None:
        behind = re.compile(office.words.pattern, re.I).search(text.text, mention.end, mention.end + REACH)
    if behind and re.fullmatch(r",\s+(?:the\s+)?", text.text[mention.end : behind.start()]):
        return behind.span()
    return None


def _dated_holder(corpus: Corpus, text: Text, mention: Placed[Mention], office: Office, at: tuple[int, int]) -> Holder:
    cues, sentence = corpus.facts.cues, text.sentence(mention.start)
    words = text.text[max(sentence[0], at[0] - BEFORE) : at[1]]
    dates = dates_within(text, sentence)
    base = speaking_day(text)
    now = f"{base.when[0]}/{base.when[1]}" if base else ""
    span = text.span(at[0], mention.end) if at[0] < mention.start else text.span(mention.start, at[1])
    if cues["then"].search(words):
        earlier = [one for one in text.dates if one.span.edtf and one.start < mention.start]
        dates = dates or [one for one in earlier if one.span.section == mention.span.section][-1:]
        when = dates[-1].span.edtf if dates else ""
        return Holder(text, mention.span, office, span, when, "the time of which the text tells", former=False)
    if cues["former"].search(words):
        return Holder(text, mention.span, office, span, now, "the text's own date", former=True)
    fitting = [one.span.edtf for one in dates if _held(office, mention.span.entity, one.span.edtf)]
    if fitting and not _held(office, mention.span.entity, now):
        return Holder(text, mention.span, office, span, fitting[0], "the date in the sentence", former=False)
    return Holder(text, mention.span, office, span, now, "the text's own date", former=False)


def _held(office: Office, person: str, when: str) -> bool:
    return bool(when) and any(overlap(tenure, when) for one, tenure in office.held if one == person)


def _verdict(holder: Holder) -> str:
    if not holder.when:
        return UNCHECKED
    held = _held(holder.office, holder.mention.entity, holder.when)
    return AGREES if held != holder.former else DIFFERS


def _holder_row(members: list[Holder], verdict: str) -> Comparison:
    holder = members[0]
    tenures = [when for person, when in holder.office.held if person == holder.mention.entity]
    return Comparison(
        rule="office held",
        stated=tuple(one.span for one in members),
        says=holder.span.words,
        recomputed=f"{holder.mention.entity}, {holder.office.name}: {'; '.join(map(dates_in_words, tenures))}",
        difference="0" if verdict == AGREES else _gap(tenures, holder.when) if holder.when else "",
        verdict=verdict,
        reason="" if holder.when else "beginning or end not stated",
        why=f"held against {dates_in_words(holder.when) if '/' not in holder.when else ''} {holder.how}".replace(
            "  ", " "
        )
        + f"; {holder.office.source}",
    )


def _gap(tenures: list[str], when: str) -> str:
    """Return by how many days a time lies outside the nearest tenure."""
    first, last = bounds(when)
    days = [max((first - end).days, (begin - last).days) for begin, end in map(bounds, tenures)]
    return f"{max(0, min(days))} days"


def body_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield a row per text and name of a body that is unclear, or that was in use only for a time."""
    for text in corpus.texts.values():
        for body in corpus.facts.bodies:
            places = [match.span() for match in body.words.finditer(text.text)]
            if places and body.kind == "unclear":
                yield _unclear_row(body, [text.span(*place) for place in places])
            elif places:
                yield from _renamed_rows(text, body, places)


def _unclear_row(body: BodyName, spans: list[Span]) -> Comparison:
    return Comparison(
        rule="name of a body",
        stated=tuple(spans),
        says=spans[0].words,
        recomputed=body.other,
        verdict=UNCHECKED,
        reason="name fits two bodies",
        why=f"{REASONS['name fits two bodies']}: {body.why} {body.source}",
    )


def _renamed_rows(text: Text, body: BodyName, places: list[Interval]) -> Iterator[Comparison]:
    """Yield a row per verdict: by the dates in the sentences that name the body, else by the text's own date."""
    base = speaking_day(text)
    now = f"{base.when[0]}/{base.when[1]}" if base else ""
    in_use = f"{body.since}/.." if body.since else f"../{body.until}"
    groups: dict[bool, list[Span]] = defaultdict(list)
    for place in places:
        dates = [one.span.edtf for one in dates_within(text, text.sentence(place[0]))]
        if dates:
            groups[any(overlap(in_use, when) for when in dates)].append(text.span(*place))
    if not groups and now and body.until:
        groups[overlap(in_use, now)].append(text.span(*places[0]))
    for fits, spans in sorted(groups.items()):
        unique = {span.ref: span for span in spans}
        yield Comparison(
            rule="name of a body",
            stated=tuple(unique.values()),
            says=spans[0].words,
            recomputed=f"in use {'since' if body.since else 'until'} {dates_in_words(body.since or body.until)}"
            + (f"; then {body.other}" if body.until else f"; before: {body.other}" if body.other else ""),
            difference="0" if fits else "out of use",
            verdict=AGREES if fits else DIFFERS,
            why=body.source,
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
