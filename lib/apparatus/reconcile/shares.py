"""Shares of a base: a percentage or a fraction in words, the part and the whole that it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, permutations, zip_longest

from apparatus.lexicon import stems
from apparatus.reconcile.amounts import BOUNDS, NEAREST, RELATIVE, Amount, Window, alike, fit, judged, worked
from apparatus.reconcile.counted import PEOPLE
from apparatus.reconcile.intervals import meet, spoken
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, REASONS, UNCHECKED, Comparison, Range
from apparatus.reconcile.texts import WORD, Corpus

NOT_AND = r"(?:\s(?!(?:and|or|an?|each|every|with|has|have)\b)[\w’']+){0,3}"
WORDS = r"(?:(?!(?:and|or|in|on|for|from|them|these|those|which|whom)\b)[\w’']+\s){0,3}"
OF = re.compile(NOT_AND + r"\s(?:of|out of)\s(?:the\s|all\s|some\s|a total of\s)?" + WORDS)
THE = r"(?:the\s|all\s|its\s|their\s)?"
OF_FIRST = re.compile(rf"(?<!total )(?<!number )\b[Oo](?:ut o)?f\s{THE}$")
OPENS = re.compile(rf"Of\s{THE}")
IN_TURN = re.compile(r"[^;.]{0,60},\s")
OPENED = re.compile(r"[^;.,]{0,60}\s")
OR = re.compile(r"[^;.]{0,40}?(?:,|\bor|\()\s?(?:or\s)?")
NOUN = re.compile(r"\s(?:of|in)\s(?:the|its|their|all)\s(\w+)")
SAME = re.compile(r"\sof\s(?:the\s|its\s|their\s|all\s)?\w+(?:\s\w+)?,?\s\(?(?:or\s)?")
OF_THE = re.compile(r"\sof\s(?:the|these|those)\s((?:\w+\s?){1,2})")
ALL_BUT = re.compile(r"\ball but\s$")
TOGETHER = re.compile(r"\b(?:the two|together|combined|both|between them)\b")
CLOSELY = 0.02  # how far, of itself, a fraction in words may be from what a base far off gives
LEAST = 10  # a base: of less, shares fit by chance
BESIDE = 60  # characters between a share and the part and base that it is of


def ratio(part: Amount, base: Amount, share: Amount) -> tuple[Range, float]:
    """Return what a part and a base give, as a range and as they stand, in the unit of a share."""
    scale = 100.0 if share.unit == "percent" else 1.0
    (low, high), (least, most) = part.room, base.room
    return (scale * low / most, scale * high / least), scale * part.value / base.value


def fitting_share(window: Window, share: Amount, bases: dict[str, Amount]) -> Comparison | None:
    """Return the row of a share that a part and a base near it give, or that the same share in other words gives.

    A base far off is taken only where it fits. `bases` collects the bases by the noun that stands for them (“of the
    population”).
    """
    if share.is_range:
        return None
    if row := _said_twice(window, share):
        return row
    for part, base in _pairs(window, share):
        if not 0 < part.value <= base.value or base.room[0] <= 0 or part.span is base.span:
            continue
        found, exactly = ratio(part, base, share)
        if verdict := fit(share, found, exactly):
            if noun := NOUN.match(window.behind(share)):
                bases.setdefault(noun[1].lower(), base)
            return worked("share of a base", (share, part, base), found, verdict)
    return None


def _pairs(window: Window, share: Amount) -> Iterator[tuple[Amount, Amount]]:
    """Yield the parts and bases that a share may be of, nearest first.

    One of them stands right beside the share, unless it is given to a tenth and so fits nothing by chance.
    """
    counts = [one for one in window.near if one.unit not in RELATIVE and one.span is not share.span]
    counts = sorted((one for one in counts if not one.is_time), key=lambda one: abs(one.start - share.start))
    beside = window.beside(share)
    for part, base in permutations(counts[:NEAREST], 2):
        loose = part.sentence == base.sentence == share.sentence and not (part.fixed or base.fixed)
        close = part in beside or base in beside or (share.step < 1 and share.unit == "percent")
        if close and base.value >= LEAST and (loose or alike(part, base)):
            yield _rest(window, part, base), base
    yield from _far(window, share, [one for one in beside if one in counts])


def _far(window: Window, share: Amount, beside: list[Amount]) -> Iterator[tuple[Amount, Amount]]:
    """Yield the part beside a share, or “the two” before it taken together, with the large amounts of the text."""
    counts = [one for one in window.near if one.unit not in RELATIVE and one.start < share.start]
    if TOGETHER.search(window.text.text, *window.sentence) and len(counts) > 1:
        one, other = counts[-2:]
        both = replace(one, value=one.value + other.value, step=max(one.step, other.step))
        yield from ((both, base) for base in window.heads if alike(one, base))
    heads = window.heads if share.modifier not in BOUNDS else ()
    for part in [one for one in beside if one.sentence == share.sentence] or beside[:1]:
        first, last = sorted((part, share), key=lambda one: one.start)
        if share.unit == "share" and re.search(r"[;:.]", window.text.text[first.end : last.start]):
            continue
        for base in heads:
            near = share.unit == "percent" or abs(part.value / base.value - share.value) <= CLOSELY * share.value
            if near and (base.unit == part.unit or _people(part, base)):
                yield part, base


def _people(part: Amount, base: Amount) -> bool:
    return part.unit in PEOPLE and base.unit in PEOPLE


def _rest(window: Window, part: Amount, base: Amount) -> Amount:
    """Return a part, or what is left of the base where the text says “all but” it."""
    if ALL_BUT.search(window.text.text[max(0, part.start - 10) : part.start]):
        return replace(part, value=base.value - part.value)
    return part


def share_said(window: Window, share: Amount, bases: dict[str, Amount]) -> Comparison | None:
    """Return the row of “45 of the 60 pupils (80%)” and of “45, 80% of the pupils”, which do not fit.

    What is said to be a share of a noun is held against the base that other shares of that noun gave.
    """
    counts = [one for one in window.here if one.unit not in RELATIVE]
    text = window.text.text
    for one, other in pairwise(counts):
        pair = _part_of(window, one, other)
        if pair and _close(text, one, other, share) and pair[0].value <= pair[1].value:
            return _wrong(share, *pair)
    noun, beside = NOUN.match(window.behind(share)), window.beside(share)[:1]
    base_of = bases.get(noun[1].lower()) if noun else None
    if not base_of or not beside or beside[0].sentence != share.sentence or not alike(beside[0], base_of):
        return None
    close = OR.fullmatch(text[beside[0].end : share.start])
    return _wrong(share, beside[0], base_of) if close and beside[0].value < base_of.value else None


def _part_of(window: Window, one: Amount, other: Amount) -> tuple[Amount, Amount] | None:
    """Return (part, base) of “45 of the 60” and of “of the 60 pupils, 45”; “two shifts of 23” are no part of them."""
    gap, before = window.text.text[one.end : other.start], window.before(one)
    if (OF_FIRST.search(before) and IN_TURN.fullmatch(gap)) or (OPENS.fullmatch(before) and OPENED.fullmatch(gap)):
        return other, one
    of_size = gap.strip() == "of" and other.bare and not one.bare
    return (one, other) if OF.fullmatch(gap) and not of_size else None


def _close(text: str, one: Amount, other: Amount, share: Amount) -> bool:
    gap = text[share.end : one.start] if share.start < one.start else text[other.end : share.start]
    return len(gap) <= BESIDE and not re.search(r"[;.:)]", gap)


def _wrong(share: Amount, part: Amount, base: Amount) -> Comparison:
    found, exactly = ratio(part, base, share)
    return worked("share of a base", (share, part, base), found, judged(share, found, exactly))


def _said_twice(window: Window, share: Amount) -> Comparison | None:
    """Return the row of “more than a third of the pupils, 31 per cent”: one share in two ways."""
    later = [one for one in window.here if one.unit == "percent" and one.start > share.end]
    if share.unit != "share" or not later or not SAME.fullmatch(window.text.text[share.end : later[0].start]):
        return None
    low, high = (end / 100 for end in later[0].room)
    verdict = fit(share, (low, high), later[0].value / 100) or DIFFERS
    return worked("said again", (share, later[0]), (low, high), verdict)


def open_share(corpus: Corpus, window: Window, share: Amount) -> Comparison | None:
    """Return the row of a share and the count that it belongs to, whose base nothing states: what the base would be."""
    for part in window.beside(share):
        first, last = sorted((part, share), key=lambda one: one.start)
        gap = window.text.text[first.end : last.start]
        together = part.sentence == share.sentence and len(gap) <= BESIDE and not re.search(r"[;.]", gap)
        if (
            not together
            or (part.unit in corpus.known.lexicon.units and part.fixed and part.step < 1000)
            or not share.value
        ):
            continue
        base = part.value / (share.value / 100 if share.unit == "percent" else share.value)
        return replace(
            worked("share of a base", (share, part), share.room, UNCHECKED, how=f"the base would be {spoken(base)}"),
            difference="", reason="base not stated", why=REASONS["base not stated"], given=(), against=(),
        )  # fmt: skip
    return None


def part_rows(corpus: Corpus, window: Window) -> Iterator[Comparison]:
    """Yield a row for “45 of the 60 pupils”, and for “41 of the vouchers” of which a count stands before it."""
    counts = [one for one in window.here if one.unit not in RELATIVE]
    for one, other in zip_longest(counts, counts[1:]):
        pair = _part_of(window, one, other) if other and alike(one, other) else None
        if pair:
            yield _part_row(*pair)
        elif base := _counted_before(corpus, window, one):
            yield _part_row(one, base)


def _part_row(part: Amount, base: Amount) -> Comparison:
    """Return the row of a part and its whole: a part is no more than that."""
    inside, left = meet(part.room, (0, base.room[1])), max(0.0, base.room[1] - part.room[0])
    share = spoken(100 * part.value / base.value) if base.value else "0"
    return worked(
        "part of a total", (base, part), part.room, AGREES if inside else IMPOSSIBLE,
        says=f"{part.words} of {base.words}", how=f"{share} percent; {spoken(left)} in no named part",
    )  # fmt: skip


def _counted_before(corpus: Corpus, window: Window, part: Amount) -> Amount | None:
    """Return the larger count of the nouns of “41 of the payment vouchers” in the sentences before it."""
    match = OF_THE.match(window.behind(part, BESIDE))
    nouns = stems(WORD.findall(match[1])) - corpus.plain if match else frozenset()
    for base in reversed([one for one in window.near if one.start < part.start]) if nouns else ():
        larger = base.value > part.value and not base.fixed and base.sentence != part.sentence
        if larger and nouns & stems(WORD.findall(f"{base.unit} {base.words}")):
            return base
    return None
