"""Where two passages have the same words in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import TypeVar

from rapidfuzz.distance import Indel, Opcode

from apparatus.knowledge import Knowledge
from apparatus.reuse.likeness import FORMULA
from apparatus.reuse.words import CLAUSE, Unit, Word, load_rewording, small_words

VERBATIM = 8  # words in a row the same. Source: seeds/readings/guidelines.md
MATTER = 3  # words in such a run that are no names and carry matter: titles and names of bodies repeat by themselves
MOST = 0.6  # of the shorter sentence stands in the other one in the same words: then the two answer each other
ALL = 0.9  # of both sentences: one is the other, said again
LONG = 12  # words repeated that count however little of their sentences they are; most turns of phrase are shorter
TELLING = 4  # of these words carry matter and are no names
NEAR = 2  # words from an end of a repetition to that of a clause within it
SHORTEST = 5  # words, at least, of a clause joined on
JOINED = re.compile(r",\s+(?=(?:and|but|while|whereas|so|yet)\s)")
SIGN = re.compile(r",\s+")
Row = tuple[str, ...]
Place = tuple[int, int]
Places = tuple[Place, Place]  # from and to, in one and in the other
PlaceT = TypeVar("PlaceT", int, tuple[int, int])


def runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the words in a row that two passages share, as (place in one, place in other, words), in order."""
    blocks: Iterable[Opcode] = Indel.opcodes(list(one), list(other)) if one and other else ()
    return [(code.src_start, code.dest_start, code.src_end - code.src_start) for code in blocks if code.tag == "equal"]


def rows_of(forms: Sequence[str], size: int) -> set[Row]:
    """Return each so many words in a row."""
    return set(zip(*(forms[step:] for step in range(size)), strict=False))


def sharing(rows: Iterable[tuple[PlaceT, Iterable[Row]]]) -> list[tuple[PlaceT, PlaceT]]:
    """Return the pairs of places, given in order with their rows of words, that have one in common.

    A row that stands in more than `FORMULA` places is a formula, and left out.
    """
    places: dict[Row, list[PlaceT]] = defaultdict(list)
    for place, found in rows:
        for row in found:
            places[row].append(place)
    return sorted({pair for found in places.values() if len(found) <= FORMULA for pair in combinations(found, 2)})


def has_run(one: Unit, other: Unit) -> bool:
    """Tell whether two passages have so many words in a row in common as make a repetition word for word."""
    return not rows_of(one.forms, VERBATIM).isdisjoint(rows_of(other.forms, VERBATIM))


def find_copied(one: Unit, other: Unit, texts: tuple[str, str]) -> Iterator[tuple[Unit, Unit]]:
    """Yield the passages that two sentences share word for word: the whole ones, or what one has from the other.

    Words that are little of their sentences count where they are many. A verb is among them: a title, a list of names
    and most set phrases have none. They end where a clause does, if one ends near, else with the last word in common.
    """
    if not has_run(one, other):
        return
    if sum(size for _, _, size in runs(one.forms, other.forms)) >= ALL * max(len(one.words), len(other.words)):
        yield one, other
        return
    for (start, end), (first, last) in _stretches(one.forms, other.forms):
        most = end - start >= MOST * len(one.words) or last - first >= MOST * len(other.words)
        many, words = min(end - start, last - first) >= LONG, one.words[start:end]
        if (most or many) and sum(map(_counts, words)) >= TELLING and any(word.verb for word in words):
            a, b = _clauses(one, start, end, texts[0]), _clauses(other, first, last, texts[1])
            if has_run(a, b):
                yield a, b


def _stretches(one: Sequence[str], other: Sequence[str]) -> list[Places]:
    """Return where both have the same words in a row, as (from, to): rows with few words between them are one."""
    found: list[Places] = []
    for start, first, size in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        if size < 2:
            continue
        place = (start, start + size), (first, first + size)
        while found and (joined := _as_one(found[-1], place)):
            place = joined
            found.pop()
        found.append(place)
    return found


def _as_one(before: Places, after: Places) -> Places | None:
    """Return two stretches as one where no more words lie between them than either has."""
    apart = max(start - end for (_, end), (start, _) in zip(before, after, strict=True))
    if apart > min(end - start for start, end in (*before, *after)):
        return None
    return (before[0][0], after[0][1]), (before[1][0], after[1][1])


def shares_verb(one: Unit, other: Unit) -> bool:
    """Tell whether a verb is among the rows of words that two passages share: long names and set phrases have none."""
    rows = [(start, start + size) for start, _, size in runs(one.forms, other.forms) if size > 1]
    return any(word.verb for row in rows for word in one.words[slice(*row)])


def _clauses(unit: Unit, start: int, end: int, text: str) -> Unit:
    """Return the words of a unit from one to another, without a few at either end that belong to another clause."""
    joints = list(CLAUSE.finditer(text, unit.start, unit.end))
    begins = {unit.before(joint.end()): joint.end() for joint in joints} | {0: unit.start}
    ends = {unit.before(joint.start()): joint.start() for joint in joints} | {len(unit.words): unit.end}
    first = next((begins[at] for at in range(start, start + NEAR + 1) if at in begins), unit.words[start].start)
    last = next((ends[at] for at in range(end, end - NEAR - 1, -1) if at in ends), unit.words[end - 1].end)
    return unit.part(first, last)


def find_repeats(texts: Sequence[Sequence[Unit]]) -> list[tuple[Place, Place]]:
    """Return the pairs of sentences, in one text or two, that share a run of words with matter in it."""
    units = (((text, at), unit) for text, units in enumerate(texts) for at, unit in enumerate(units))
    return sharing((place, set(_rows(unit))) for place, unit in units)


def _rows(unit: Unit) -> Iterator[Row]:
    words = unit.words
    for at in range(len(words) - VERBATIM + 1):
        row = words[at : at + VERBATIM]
        if sum(map(_counts, row)) >= MATTER:
            yield tuple(word.form for word in row)


def _counts(word: Word) -> bool:
    """Tell a word that carries matter and is no name."""
    return word.stem != "" and word.share == 1.0


def narrow(one: Unit, other: Unit, text: str, known: Knowledge) -> Unit:
    """Return a passage without what the other one has no word of: a last clause joined on, a first adverbial.

    The adverbial is left out only where the rest is repeated word for word.
    """
    while (cut := _last_joined(one, text)) and not _answered(one.part(cut.end(), one.end), other):
        one = one.part(one.start, cut.start())
    while (sign := SIGN.search(text, one.start, one.end)) and has_run(one, other) and shares_verb(one, other):
        first = one.part(one.start, sign.start())
        if _answered(first, other) or first.words[0].form not in small_words(known):
            break
        one = one.part(sign.end(), one.end)
    return one


def _last_joined(unit: Unit, text: str) -> re.Match[str] | None:
    """Return the last place where a clause is joined on to the unit by a comma and a word."""
    found = list(JOINED.finditer(text, unit.start, unit.end))
    long = [match for match in found if len(unit.part(match.end(), unit.end).words) >= SHORTEST]
    return long[-1] if long and len(unit.part(unit.start, long[-1].start()).words) >= SHORTEST else None


def _answered(part: Unit, other: Unit) -> bool:
    """Tell whether any word of matter, or one of its senses, stands in the other passage."""
    senses = load_rewording().senses
    there = set(other.stems)
    meant = {sense for stem in there for sense in senses.get(stem, ())}
    return any(stem in there or not meant.isdisjoint(senses.get(stem, ())) for stem in part.stems)
