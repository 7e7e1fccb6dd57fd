"""Persons who are named with an office, held against the tenures that a record gives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from apparatus.edtf_days import days as bounds
from apparatus.model import DateExpr, Mention, Span
from apparatus.reconcile.events import dates_within, is_after_cue, own_date, speaking_day
from apparatus.reconcile.facts import Office
from apparatus.reconcile.record import AGREES, DIFFERS, UNCHECKED, Comparison
from apparatus.reconcile.texts import Corpus, Placed, Text
from apparatus.reconcile.when import dates_in_words, overlap

REACH = 90  # characters before a name in which its office begins
NOW = "the text's own date"
TOLD = "the time of which the text tells"
LATER = "; “then” may also be said of a later time, when the office was held"
GAP = 45  # characters between an office and the name of its holder
BEFORE = 25  # characters before an office in which “then” or “former” stands


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
    date: DateExpr | None = None


def holder_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield the rows of persons named with an office: was it held at the time of which the text speaks?

    The offices of a text that were held at its own date make one row; each other case has its own.
    """
    for text in corpus.texts.values():
        groups: dict[tuple[str, ...], list[Holder]] = defaultdict(list)
        for holder in _holders(corpus, text):
            plain = _verdict(holder) == AGREES and holder.how == NOW and not holder.former
            groups[("",) if plain else (holder.mention.entity, holder.office.name, _verdict(holder))].append(holder)
        for key, members in groups.items():
            yield _now_row(members) if key == ("",) else _holder_row(members[:1], key[2])


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
        date = _told_of(corpus, text, mention, dates)
        return Holder(text, mention.span, office, span, date.edtf if date else "", TOLD, former=False, date=date)
    if cues["former"].search(words):
        date = dates[-1].span if dates else own_date(text)
        return Holder(text, mention.span, office, span, now, NOW, former=True, date=date)
    fitting = [one.span for one in dates if _held(office, mention.span.entity, one.span.edtf)]
    if fitting and (fitting[0].kind == "day" or not _held(office, mention.span.entity, now)):
        how = "the date in the sentence"
        return Holder(text, mention.span, office, span, fitting[0].edtf, how, former=False, date=fitting[0])
    return Holder(text, mention.span, office, span, now, NOW, former=False, date=own_date(text))


def _told_of(corpus: Corpus, text: Text, mention: Placed[Mention], dates: list[Placed[DateExpr]]) -> DateExpr | None:
    """Return the date of what is told: the last one of the sentence, else before it; no “since” or “after”."""
    earlier = [one for one in text.dates if one.span.edtf and one.start < mention.start]
    here = [one for one in earlier if one.span.section == mention.span.section]
    told = (one.span for one in reversed(dates or here) if not is_after_cue(corpus, text, one))
    return next(told, None)


def _held(office: Office, person: str, when: str) -> bool:
    return bool(when) and any(overlap(tenure, when) for one, tenure in office.held if one == person)


def _verdict(holder: Holder) -> str:
    if not holder.when:
        return UNCHECKED
    held = _held(holder.office, holder.mention.entity, holder.when)
    return AGREES if held != holder.former else DIFFERS


def _now_row(members: list[Holder]) -> Comparison:
    held = dict.fromkeys(f"{one.mention.entity}, {one.office.name}" for one in members)
    date = members[0].date
    return Comparison(
        rule="office held",
        stated=(*(one.span for one in members), *([date] if date else [])),
        says=" · ".join(dict.fromkeys(one.span.words for one in members)),
        recomputed=f"all in office at {NOW}: {'; '.join(held)}",
        difference="0",
        verdict=AGREES,
        why="; ".join(dict.fromkeys(one.office.source for one in members)),
    )


def _holder_row(members: list[Holder], verdict: str) -> Comparison:
    holder = members[0]
    tenures = [when for person, when in holder.office.held if person == holder.mention.entity]
    day = f"{dates_in_words(holder.when)}, " if holder.when and holder.how != NOW else ""
    later = holder.how == TOLD and verdict == DIFFERS and _is_later(tenures, holder.when)
    return Comparison(
        rule="office held",
        stated=(*(one.span for one in members), *([holder.date] if holder.date else [])),
        says=holder.span.words,
        recomputed=f"{holder.mention.entity}, {holder.office.name}: {'; '.join(map(dates_in_words, tenures))}",
        difference="0" if verdict == AGREES else _gap(tenures, holder.when) if holder.when else "",
        verdict=verdict,
        reason="" if holder.when else "beginning or end not stated",
        why=f"held against {day}{holder.how}{LATER if later else ''}; {holder.office.source}",
    )


def _is_later(tenures: list[str], when: str) -> bool:
    return any(bounds(one)[0] > bounds(when)[1] for one in tenures)


def _gap(tenures: list[str], when: str) -> str:
    """Return by how many days a time lies outside the nearest tenure."""
    first, last = bounds(when)
    days = [max((first - end).days, (begin - last).days) for begin, end in map(bounds, tenures)]
    return f"{max(0, min(days))} days"
