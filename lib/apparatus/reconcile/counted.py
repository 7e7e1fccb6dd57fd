"""What a number counts, as far as its sentence tells: of whom, what happened to them, where, done or planned."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from apparatus.lexicon import stems
from apparatus.model import Quantity
from apparatus.reconcile.facts import Facts
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text, anchors, inside
from apparatus.reconcile.when import DAYS

PEOPLE = frozenset({"people", "children", "women", "men", "families"})
PERSONS = ("individuals", "people", "persons", "citizens", "civilians", "members")  # nouns that single nobody out
GENERIC = frozenset({"people", "countries", "percent", "times", "duration"})  # units that say little of what is counted
LIST_GAP = re.compile(r"[\s,;]*(?:(?:and|as well as|or)\s+)?")
OWN = 40  # characters: how far before a number its own words reach
WORDS = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, eq=False)
class Counted:
    """A number with what it counts. `noun` are the stems of its noun phrase, `act` what befell the people counted.

    `back`: a length of time counted back from a day (“five months ago”), which says when, not how long.
    """

    text: Text
    place: Placed[Quantity]
    sentence: Interval
    unit: str
    size: float
    noun: frozenset[str]
    act: str
    planned: bool
    again: bool
    here: frozenset[str]
    around: frozenset[str]
    named: frozenset[str]
    listed: frozenset[str]
    subjects: frozenset[str]
    specific: bool
    back: bool

    @property
    def number(self) -> Quantity:
        """The number itself."""
        return self.place.span

    @property
    def ref(self) -> str:
        """The number's address."""
        return self.place.span.ref


def read_numbers(corpus: Corpus) -> dict[str, Counted]:
    """Return every number that counts or measures, by its address, with what it counts."""
    found = {}
    for text in corpus.texts.values():
        for place in text.numbers:
            if place.span.kind in ("quantity", "duration"):
                found[place.span.ref] = _read(corpus, text, place)
    return found


def _read(corpus: Corpus, text: Text, place: Placed[Quantity]) -> Counted:
    sentence, number = text.sentence(place.start), place.span
    unit, size = _unit(number)
    before = text.text[max(sentence[0], place.start - OWN) : place.start].split()
    own = text.text[place.start : place.end]
    act = _act(corpus.facts, text, place, sentence) if unit in PEOPLE or unit in ("media", "interviews") else ""
    companions = [one.span.unit for one in inside(text.numbers, sentence) if one is not place]
    paragraph = text.paragraph(place.start)
    return Counted(
        text, place, sentence, unit, size,
        noun=_noun(corpus, number),
        act=act,
        planned=_planned(corpus.facts, text, place, sentence),
        again=bool(corpus.facts.cues["again"].search(" ".join([*before[-1:], own]))),
        here=corpus.rare(text, sentence),
        around=corpus.rare(text, paragraph),
        named=anchors(text, paragraph),
        listed=frozenset(companions),
        subjects=frozenset(one.span.entity for one in inside(text.mentions, paragraph)),
        specific=_is_specific(corpus, number, unit),
        back=number.kind == "duration" and bool(corpus.facts.cues["ago"].match(text.text, place.end + 1)),
    )  # fmt: skip


def _is_specific(corpus: Corpus, number: Quantity, unit: str) -> bool:
    """Tell whether the unit says what is counted: villages, children, months; not people, percent, dollars, years."""
    if unit == "duration":
        return number.unit not in ("year", "decade", "century")
    return bool(unit) and unit not in GENERIC and unit.split("/")[0] not in corpus.measures


def _unit(number: Quantity) -> tuple[str, float]:
    """Return the unit in which numbers are held against each other, and how many of it one of the number's unit is."""
    if number.kind == "duration":
        return "duration", DAYS.get(number.unit, 1.0)
    return number.unit, 1.0


def _noun(corpus: Corpus, number: Quantity) -> frozenset[str]:
    words = stems(WORDS.findall(f"{number.exact} {number.what}"))
    return frozenset(words - stems([number.unit, *PERSONS]) - corpus.plain)


def _planned(facts: Facts, text: Text, place: Placed[Quantity], sentence: Interval) -> bool:
    """Tell whether the words before a number, or the date behind it, put it into the future."""
    ahead = inside(text.dates, (place.end, min(sentence[1], place.end + 2 * OWN)))
    issued = text.doc.source.issued or text.doc.source.latest
    if issued and any(one.span.edtf[:4] > issued[:4] for one in ahead if one.span.edtf):
        return True
    window = text.text[max(sentence[0], place.start - 2 * OWN) : min(sentence[1], place.end + OWN // 2)]
    return bool(facts.cues["planned"].search(window))


def _act(facts: Facts, text: Text, place: Placed[Quantity], sentence: Interval) -> str:
    """Return what befell the people whom a number counts.

    “The massacre of 600” and “killing 12” say it right before the number; else it is the next such word behind it,
    which a list shares (“60 children, 100 women and 70 old people were killed”); else the last one before it.
    """
    found = acts_in(facts, text.text[sentence[0] : sentence[1]])
    start, end = place.start - sentence[0], place.end - sentence[0]
    starts = [at for at, _, _ in found]
    later = bisect_left(starts, start)
    if later and _is_close(text.text[sentence[0] + found[later - 1][1] : place.start]):
        return found[later - 1][2]
    if later < len(found) and (found[later][0] < end or not _is_broken(text, sentence, end, found[later][0])):
        return found[later][2]
    return found[later - 1][2] if later else ""


def _is_close(gap: str) -> bool:
    return len(gap) <= 12 and not re.search(r"[,;.]", gap)


def _is_broken(text: Text, sentence: Interval, start: int, end: int) -> bool:
    """Tell whether a semicolon or a dash parts a number from a word behind it."""
    return bool(re.search(r"[;–—:]", text.text[sentence[0] + start : sentence[0] + end]))


@lru_cache(maxsize=4096)
def acts_in(facts: Facts, sentence: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words of a sentence that say what befell people: (start, end, act)."""
    found = ((*match.span(), act) for act, words in facts.acts.items() for match in words.finditer(sentence))
    return tuple(sorted(found))


def with_act(counted: Counted, act: str) -> Counted:
    """Return a number with the act of the total that it is a part of."""
    return replace(counted, act=act) if act else counted


def lists(text: Text, numbers: Sequence[Placed[Quantity]]) -> Iterator[list[Placed[Quantity]]]:
    """Yield the runs of numbers that only commas, “and” and their own nouns part."""
    run: list[Placed[Quantity]] = []
    for place in numbers:
        gap = text.text[run[-1].end : place.start] if run else ""
        if run and LIST_GAP.fullmatch(gap):
            run.append(place)
            continue
        if run:
            yield run
        run = [place]
    if run:
        yield run
