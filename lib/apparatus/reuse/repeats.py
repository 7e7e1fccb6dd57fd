"""Where two passages have the same words in a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel, Opcode

from apparatus.knowledge import Knowledge
from apparatus.reuse.likeness import FORMULA
from apparatus.reuse.words import Unit, load_rewording, small_words

VERBATIM = 8  # words in a row the same. Source: seeds/readings/guidelines.md
MATTER = 3  # words in such a run that are no names and carry matter: titles and names of bodies repeat by themselves
MOST = 0.6  # of the shorter passage stands in the other one in the same words: less is a turn of phrase
CLAUSE = 5  # words, at least, of a clause joined on
JOINED = re.compile(r",\s+(?=(?:and|but|while|whereas|so|yet)\s)")
SIGN = re.compile(r",\s+")
Row = tuple[str, ...]
Place = tuple[int, int]


def longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words in a row two passages have in common, at most."""
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the words in a row that two passages share, as (place in one, place in other, words), in order."""
    blocks: Iterable[Opcode] = Indel.opcodes(list(one), list(other)) if one and other else ()
    return [(code.src_start, code.dest_start, code.src_end - code.src_start) for code in blocks if code.tag == "equal"]


def has_run(one: Unit, other: Unit) -> bool:
    """Tell whether two passages have so many words in a row in common as make a repetition word for word."""
    rows = {tuple(one.forms[at : at + VERBATIM]) for at in range(len(one.forms) - VERBATIM + 1)}
    return any(tuple(other.forms[at : at + VERBATIM]) in rows for at in range(len(other.forms) - VERBATIM + 1))


def repeats(one: Unit, other: Unit) -> bool:
    """Tell whether what two passages share word for word is most of the shorter one."""
    if not has_run(one, other):
        return False
    common = sum(size for _, _, size in runs(one.forms, other.forms) if size > 1)
    return common >= MOST * min(len(one.words), len(other.words))


def find_repeats(texts: Sequence[Sequence[Unit]]) -> Iterator[tuple[Place, Place]]:
    """Yield the pairs of sentences, in one text or two, that share a run of words with matter in it.

    A run that stands in more than `FORMULA` places is a formula, and left out.
    """
    places: dict[Row, list[Place]] = defaultdict(list)
    for text, units in enumerate(texts):
        for at, unit in enumerate(units):
            for row in sorted(set(_rows(unit))):
                places[row].append((text, at))
    seen: set[tuple[Place, Place]] = set()
    for found in places.values():
        if 1 < len(found) <= FORMULA:
            seen.update((one, other) for at, other in enumerate(found) for one in found[:at])
    yield from sorted(seen)


def _rows(unit: Unit) -> Iterator[Row]:
    words = unit.words
    for at in range(len(words) - VERBATIM + 1):
        row = words[at : at + VERBATIM]
        if sum(word.stem != "" and word.share == 1.0 for word in row) >= MATTER:
            yield tuple(word.form for word in row)


def narrow(one: Unit, other: Unit, text: str, known: Knowledge) -> Unit:
    """Return a passage without what the other one has no word of: a last clause joined on, a first adverbial.

    The adverbial is left out only where the rest is repeated word for word.
    """
    while (cut := _last_joined(one, text)) and not _answered(one.part(cut.end(), one.end), other):
        one = one.part(one.start, cut.start())
    while (sign := SIGN.search(text, one.start, one.end)) and repeats(one, other):
        first = one.part(one.start, sign.start())
        if _answered(first, other) or first.words[0].form not in small_words(known):
            break
        one = one.part(sign.end(), one.end)
    return one


def _last_joined(unit: Unit, text: str) -> re.Match[str] | None:
    """Return the last place where a clause is joined on to the unit by a comma and a word."""
    found = list(JOINED.finditer(text, unit.start, unit.end))
    long = [match for match in found if len(unit.part(match.end(), unit.end).words) >= CLAUSE]
    return long[-1] if long and len(unit.part(unit.start, long[-1].start()).words) >= CLAUSE else None


def _answered(part: Unit, other: Unit) -> bool:
    """Tell whether any word of matter, or one of its senses, stands in the other passage."""
    senses = load_rewording().senses
    there = set(other.stems)
    meant = {sense for stem in there for sense in senses.get(stem, ())}
    return any(stem in there or not meant.isdisjoint(senses.get(stem, ())) for stem in part.stems)
