"""The ledger of figures: what numbers, dates, offices and names of bodies speak of the same, and how they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from apparatus.knowledge import Knowledge
from apparatus.model import Document
from apparatus.reading import Spans
from apparatus.reconcile import (
    again,
    beside,
    counting_back,
    days,
    editions,
    lengths,
    naming,
    offices,
    ordinals,
    parts,
    tenures,
)
from apparatus.reconcile.aligned import find_pairs
from apparatus.reconcile.counted import read_numbers
from apparatus.reconcile.decisions import Decision, decide, load_decisions
from apparatus.reconcile.events import find_events
from apparatus.reconcile.facts import Facts, the_facts
from apparatus.reconcile.record import VERDICTS, Comparison
from apparatus.reconcile.texts import Corpus, read_texts
from apparatus.reconcile.unchecked import unchecked_rows
from apparatus.reconcile.worked import worked_rows

WHOLE = ("two dates for one event", "order of time", "time in office")
MERGED = ("length of an event", "time counted back")


def find_ledger(
    corpus: Mapping[str, Document],
    spans: Spans,
    known: Knowledge,
    *,
    facts: Facts | None = None,
    decisions: Iterable[Decision] | None = None,
) -> list[Comparison]:
    """Return every comparison that the rules find, and a row for each number that none of them bears on.

    What is compared does not depend on which values are there: a figure that is changed changes its verdict. The
    decisions of `seeds/readings` are applied unless others, or none, are given; dismissed rows are kept, and marked.
    The order of the documents makes no difference. Time: near linear in the length of the texts.
    """
    texts = read_texts(corpus, spans, known, facts or the_facts())
    rows = sorted(_largest(merge(map(_once_each, _all_rows(texts)))), key=_place)
    return decide(rows, load_decisions() if decisions is None else decisions, texts.texts)


def _all_rows(corpus: Corpus) -> list[Comparison]:
    numbers = read_numbers(corpus)
    inner = parts.find_parts(corpus, numbers)
    numbers = parts.give_acts(numbers, inner)
    events, found = find_events(corpus), editions.find_editions(corpus)
    rows, used = lengths.event_rows(corpus, events)
    whole = {part.ref: total.ref for total, those in inner for part in those}
    free = {ref: one for ref, one in numbers.items() if ref not in used}
    rows += again.said_again(free, whole)
    rows += [*parts.part_rows(inner), *parts.named_rows(corpus, numbers), *parts.label_rows(corpus, numbers)]
    rows += parts.ratio_rows(corpus, numbers)
    rows += [*ordinals.next_rows(corpus, numbers), *ordinals.serial_rows(corpus), *ordinals.listed_rows(corpus)]
    rows += worked_rows(corpus)
    rows += beside.beside_rows(corpus, used)
    lasting = list(lengths.lasting_rows(corpus, used))
    used |= {row.stated[0].ref for row in lasting}
    rows += [*lasting, *lengths.anniversary_rows(corpus, events)]
    rows += [*tenures.office_rows(corpus, numbers), *tenures.term_rows(corpus, numbers)]
    rows += counting_back.back_rows(corpus, numbers, events, used)
    used |= {row.stated[0].ref for row in rows if row.rule == "time counted back"}
    rows += counting_back.later_rows(corpus, numbers, used)
    used |= {row.stated[0].ref for row in rows if row.rule in ("time counted back", "age", "length of an event")}
    rows += beside.far_rows(corpus, used)
    rows += [*counting_back.period_rows(corpus, numbers, used), *counting_back.range_rows(corpus)]
    rows += [*editions.edition_rows(found), *editions.alongside_rows(found), *editions.same_day_rows(found)]
    rows += [*days.weekday_rows(corpus), *days.order_rows(corpus), *days.dated_rows(corpus, events)]
    rows += [*offices.holder_rows(corpus), *naming.body_rows(corpus), *naming.spelling_rows(corpus)]
    rows += [*days.event_twice_rows(corpus, events, found), *days.same_day_rows(corpus), *days.sequence_rows(corpus)]
    pairs = find_pairs(corpus)
    rows += [*days.told_twice_rows(pairs), *naming.two_names_rows(pairs)]
    return [*rows, *unchecked_rows(corpus, numbers, rows)]


def _once_each(row: Comparison) -> Comparison:
    return replace(row, stated=tuple({span.ref: span for span in row.stated}.values()))


def merge(rows: Iterable[Comparison]) -> Iterator[Comparison]:
    """Yield the rows, those of one source that count one length of time to one event made one."""
    found: dict[tuple[object, ...], Comparison] = {}
    for row in rows:
        key: tuple[object, ...] = (row.rule, row.sources, row.recomputed, row.verdict, row.given, row.unit)
        if row.rule not in MERGED:
            key = (row.rule, row.refs, row.verdict)
        if key in found:
            row = _once_each(replace(found[key], stated=(*found[key].stated, *row.stated)))
        found[key] = row
    yield from found.values()


def _largest(rows: Iterable[Comparison]) -> list[Comparison]:
    """Return the rows without those that another one of the same rule and verdict holds whole."""
    kept: list[Comparison] = []
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for row in sorted(rows, key=lambda row: -len(row.stated)):
        others = groups.setdefault((row.rule, row.verdict), [])
        if row.rule not in WHOLE or not any(row.refs <= other.refs for other in others):
            others.append(row)
            kept.append(row)
    return kept


def _place(row: Comparison) -> tuple[int, str, list[tuple[str, int]]]:
    return VERDICTS.index(row.verdict), row.rule, [(span.source, span.start) for span in row.stated]
