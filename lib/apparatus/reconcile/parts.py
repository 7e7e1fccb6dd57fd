"""Parts and totals, names and numbers that a count announces, shares of a base, rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from apparatus.model import Mention, Quantity, Span
from apparatus.reconcile.counted import PEOPLE, Counted, lists, with_act
from apparatus.reconcile.facts import Ratio
from apparatus.reconcile.intervals import apart, grain, interval, meet, of_quantity, spoken, spoken_range
from apparatus.reconcile.record import AGREES, DIFFERS, IMPOSSIBLE, REASONS, UNCHECKED, Comparison
from apparatus.reconcile.texts import Corpus, Interval, Placed, Text, inside

REACH = 30  # characters between a total and the word that opens its parts
AHEAD = 400  # characters: how far behind a number the names or the list that it announces may begin
NAME_GAP = re.compile(r"[\s,;]*(?:(?:and|as well as)\s+)?(?:the\s+)?")
ENUMERATES = re.compile(r"(?:\s*[,:]\s*|\s+(?:of|from|with)\s+)(?:the )?(?:(?:cit\w+|towns|states) of )?")
SOME = re.compile(r",?\s+(?:including|such as|among them)\s+(?:the )?(?:(?:cit\w+|towns|states) of )?")
NAME = r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?"
CAPITALS = re.compile(rf"(?:,|:| of)?\s+(?:the\s)?({NAME}(?:,\s{NAME})*,?\sand\s{NAME})")
POINTS_BACK = re.compile(r"\b(?:the|both|these|those|between)\s(?:\w+\s)?$")


def find_parts(corpus: Corpus, numbers: Mapping[str, Counted]) -> list[tuple[Counted, list[Counted]]]:
    """Return the totals with their parts: “613 people, including 63 children and 106 women”, “26 among the 1,275”."""
    found = []
    for text in corpus.texts.values():
        for run in lists(text, text.numbers):
            parts = [numbers[one.span.ref] for one in run if one.span.ref in numbers]
            total = parts and _total_before(corpus, text, parts[0], numbers)
            if total:
                found.append((total, parts))
            total = parts and _total_behind(corpus, text, parts[-1], numbers)
            if total:
                found.append((total, _outermost(parts, found)))
    return [(total, parts) for total, parts in found if parts]


def _total_before(corpus: Corpus, text: Text, first: Counted, numbers: Mapping[str, Counted]) -> Counted | None:
    earlier = inside(text.numbers, (first.sentence[0], first.place.start))
    if not earlier or earlier[-1].span.ref not in numbers:
        return None
    gap = text.text[earlier[-1].end : first.place.start]
    opens = corpus.facts.cues["including"].search(gap)
    if opens and opens[0].lower() == gap[: opens.end()].lstrip().lower():  # “seven of them” are a part themselves
        opens = None if opens[0].lower().startswith("of") else opens
    return numbers[earlier[-1].span.ref] if opens and len(gap) < 2 * REACH else None


def _total_behind(corpus: Corpus, text: Text, last: Counted, numbers: Mapping[str, Counted]) -> Counted | None:
    later = inside(text.numbers, (last.place.end, last.sentence[1]))
    if not later or later[0].span.ref not in numbers:
        return None
    gap = text.text[last.place.end : later[0].start]
    among = corpus.facts.cues["among"].fullmatch(gap.strip().removesuffix(" the"))
    return numbers[later[0].span.ref] if among else None


def _outermost(parts: list[Counted], found: Sequence[tuple[Counted, list[Counted]]]) -> list[Counted]:
    """Return the parts, or the total that they make up: what is “among” a larger number is the whole group."""
    for total, inner in found:
        if inner and inner[0] is parts[0]:
            return [total]
    return parts


def fits(total: Counted, part: Counted) -> bool:
    """Tell whether a number can be a part of a total: the same unit, or both people."""
    return part.unit == total.unit or (part.unit in PEOPLE and total.unit in PEOPLE)


def give_acts(numbers: Mapping[str, Counted], parts: Sequence[tuple[Counted, list[Counted]]]) -> dict[str, Counted]:
    """Return the numbers, parts of people with the act of their total: what befell the whole befell them."""
    acts = {one.ref: total.act for total, inner in parts for one in inner if fits(total, one) and one.unit in PEOPLE}
    last = {one.ref for total, inner in parts for one in inner if len(inner) == 1 and total.act != one.act}
    return {ref: one if ref in last else with_act(one, acts.get(ref, "")) for ref, one in numbers.items()}


def part_rows(parts: Sequence[tuple[Counted, list[Counted]]]) -> Iterator[Comparison]:
    """Yield a row per total: do its parts fit into it, and what remains?"""
    for total, inner in parts:
        fitting = [one for one in inner if fits(total, one)]
        if not fitting:
            continue
        low, high = (sum(of_quantity(one.number)[side] for one in fitting) for side in (0, 1))
        most = of_quantity(total.number)[1]
        largest = max(of_quantity(one.number)[0] for one in fitting)
        verdict = IMPOSSIBLE if largest > most else DIFFERS if low > most else AGREES
        yield Comparison(
            rule="part of a total",
            stated=(total.number, *(one.number for one in fitting)),
            says=f"{total.number.words}: {', '.join(one.number.words for one in fitting)}",
            recomputed=f"{spoken_range(low, high)} of {spoken(most)}; {spoken(max(0, most - low))} in no named part",
            difference=spoken(max(0, low - most)),
            verdict=verdict,
            why=_part_why(verdict),
            unit=total.unit,
            given=of_quantity(total.number),
            against=(low, high),
        )


def _part_why(verdict: str) -> str:
    return {
        IMPOSSIBLE: "a part is larger than its total",
        DIFFERS: "the parts together are more than the total; they would have to overlap",
        AGREES: "the parts fit into the total",
    }[verdict]


def named_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row for each count beside the names of what it counts, or a list of firstly, secondly."""
    for one in numbers.values():
        if one.number.kind != "quantity" or isinstance(one.number.value, tuple) or one.number.value > 20:
            continue
        row = _enumerated(one) or _back(corpus, one) or _announced(corpus, one)
        if row:
            yield row


def _enumerated(one: Counted) -> Comparison | None:
    """Return the row of “three co-chairs of A, B and C”, or of “300 towns, including A and B”, which may be fewer."""
    text, place = one.text, one.place
    opens = ENUMERATES.match(text.text, place.end, one.sentence[1])
    some = SOME.match(text.text, place.end, one.sentence[1])
    begins = some or opens
    if not begins:
        return _capitals(one)
    run = _run(text, inside(text.mentions, (begins.end() - 1, one.sentence[1])), begins.end())
    if len({each.span.entity for each in run}) < 2:
        return _capitals(one)
    return _count_row(one, run, "some of them named" if some else "the names that follow it", some=bool(some))


def _capitals(one: Counted) -> Comparison | None:
    """Return the row of “three districts, A, B and C” with names that the gazetteer does not know.

    They are as many as the number says, or they are a list behind a colon to the end of its clause.
    """
    text, place = one.text, one.place
    match = CAPITALS.match(text.text, place.end, one.sentence[1])
    count = len(re.split(r",? and |, ", re.sub(r"\s+", " ", match[1]))) if match else 0
    whole = match and match[0].startswith(":") and re.match(r"[.;]|\s*$", text.text[match.end() :])
    if not match or not (whole or count == one.number.value):
        return None
    return _tally(one, [text.span(*match.span(1))], count, "the names that follow it")


def _tally(
    one: Counted, listed: Sequence[Span], count: int, what: str, *, some: bool = False, rule: str = "names counted"
) -> Comparison:
    """Return the row of a number against how many are listed; where only some are, it may be more."""
    low, high = of_quantity(one.number)
    fits = (some or low <= count) and count <= high
    words = ", ".join(span.words for span in listed)
    return Comparison(
        rule=rule,
        stated=(one.number, *listed),
        says=f"{one.number.words} · {words}" if rule == "numbers counted" else one.number.words,
        recomputed=f"{count}: {what}",
        difference="0" if fits else spoken(abs(count - low)),
        verdict=AGREES if fits else IMPOSSIBLE if some else DIFFERS,
        unit=one.unit,
        given=(low, high),
        against=(count, count),
    )


def _run(text: Text, mentions: Sequence[Placed[Mention]], start: int) -> list[Placed[Mention]]:
    run: list[Placed[Mention]] = []
    for each in mentions:
        if each.start < start or not NAME_GAP.fullmatch(text.text[start : each.start]):
            break
        run.append(each)
        start = each.end
    return run


def _count_row(one: Counted, run: Sequence[Placed[Mention]], what: str, *, some: bool = False) -> Comparison:
    first = {each.span.entity: each.span for each in reversed(run)}
    return _tally(one, sorted(first.values(), key=lambda each: each.start), len(first), what, some=some)


def _back(corpus: Corpus, one: Counted) -> Comparison | None:
    """Return the row of “the two countries”: as many countries are named in the sentences just before, no more."""
    if one.unit != "countries" or one.number.value not in (2, 3):
        return None
    text, place = one.text, one.place
    if not POINTS_BACK.search(text.text[max(0, place.start - REACH) : place.start]):
        return None
    named: list[Placed[Mention]] = []
    sentence: Interval | None = (one.sentence[0], one.sentence[1])
    for _ in range(4):
        if sentence is None:
            return None
        here = [each for each in inside(text.mentions, sentence) if each.span.kind in ("country", "people")]
        named = [each for each in here if _country(corpus, each.span)] + named
        countries = {_country(corpus, each.span) for each in named}
        if len(countries) >= one.number.value:
            if len(countries) > one.number.value:
                return None
            first = {_country(corpus, each.span): each for each in reversed(named)}
            return _count_row(one, list(first.values()), "the countries named in the words before or beside it")
        sentence = text.before(sentence)
    return None


def _country(corpus: Corpus, mention: Mention) -> str:
    return mention.entity if mention.kind == "country" else corpus.countries.get(mention.entity, "")


def _announced(corpus: Corpus, one: Counted) -> Comparison | None:
    """Return the row of “two factors. Firstly … Secondly …”."""
    cues, text = corpus.facts.cues, one.text
    found: list[Span] = []
    sentence = text.after(one.sentence)
    while sentence and sentence[0] - one.place.end < 2 * AHEAD:
        cue = "first" if not found else "second"
        match = cues[cue].match(text.text, sentence[0])
        if match and (found or match.group().lower() != "first" or text.text[match.end()] == ","):
            found.append(text.span(*match.span()))
        sentence = text.after(sentence)
    return _tally(one, found, len(found), "the list that follows") if len(found) > 1 else None


def label_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row where documents are counted in one place and listed by their numbers in another, of one year."""
    for text in corpus.texts.values():
        labels = [one for one in text.numbers if one.span.kind == "identifier"]
        for run in lists(text, labels):
            if len(run) > 1:
                noun = re.sub(r"[\d\W]+", "", run[0].span.what).lower()
                for one in numbers.values():
                    if noun and one.unit.startswith(noun) and _same_year(text, run, one):
                        listed = [each.span for each in run]
                        yield _tally(one, listed, len(run), "the numbers listed", rule="numbers counted")


def _same_year(text: Text, run: Sequence[Placed[Quantity]], one: Counted) -> bool:
    sentence = text.sentence(run[0].start)
    years = {each.span.edtf[:4] for each in inside(text.dates, sentence) if each.span.edtf}
    others = {each.span.edtf[:4] for each in inside(one.text.dates, one.sentence) if each.span.edtf}
    return bool(years & others)


def ratio_rows(corpus: Corpus, numbers: Mapping[str, Counted]) -> Iterator[Comparison]:
    """Yield a row for each share whose base its paragraph states, and for each rate of two counts of it."""
    by_paragraph: dict[tuple[str, Interval], list[Counted]] = {}
    for one in numbers.values():
        if one.number.kind == "quantity" and not isinstance(one.number.value, tuple):
            by_paragraph.setdefault((one.text.id, one.text.paragraph(one.place.start)), []).append(one)
    for group in by_paragraph.values():
        for ratio in corpus.facts.ratios:
            shares = ratio.kind == "share"
            ones = [one for one in group if (one.unit == "percent") == shares and _beside(one, ratio.one)]
            others = [one for one in group if one.unit != "percent" and _beside(one, ratio.other)]
            for one in ones:
                for other in others[:1]:
                    if one is not other:
                        yield _ratio_row(ratio, one, other, [each for each in group if each not in (one, other)])


def _beside(one: Counted, words: re.Pattern[str]) -> bool:
    """Tell whether words stand in a number's own words or close to it, with no other number between."""
    text, place = one.text.text, one.place
    before = inside(one.text.numbers, (one.sentence[0], place.start))
    after = inside(one.text.numbers, (place.end, one.sentence[1]))
    low = max(one.sentence[0], place.start - REACH, before[-1].end if before else 0)
    high = min(one.sentence[1], place.end + REACH, after[0].start if after else len(text))
    return bool(words.search(text[low:high]))


def _ratio_row(ratio: Ratio, one: Counted, other: Counted, rest: Sequence[Counted]) -> Comparison:
    """Return the row of a share or a rate, held against the count that it gives where that is stated beside it."""
    (low, high), (least, most) = of_quantity(one.number), of_quantity(other.number)
    part = next((each for each in rest if ratio.part and _beside(each, ratio.part)), None)
    if ratio.kind == "share":
        half = grain(high) / 2
        found = ((low - half) / 100 * least, (high + half) / 100 * most)
        says, value = f"{one.number.words} of {other.number.words}", (low + high) / 200 * (least + most) / 2
    else:
        found, part = (low / most, high / least), None
        says, value = f"{one.number.words} · {other.number.words}", low / most
    given = interval(part.number.value, part.number.modifier) if part else ()
    verdict = UNCHECKED if not given else AGREES if meet(given, found) else DIFFERS
    return Comparison(
        rule="share of a base" if ratio.kind == "share" else "rate",
        stated=(one.number, other.number, *([part.number] if part else [])),
        says=says,
        recomputed=f"{spoken(value)} ({ratio.name})",
        difference=spoken(apart(given, found)) if given else "",
        verdict=verdict,
        reason="" if given else "derived",
        why="" if given else REASONS["derived"],
        unit=part.unit if part else "",
        given=given,
        against=found,
    )
