"""The ledger as tables of fixed columns, and its rows by passage, source, rule and verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from apparatus.model import Document, Quantity, Span
from apparatus.reconcile.record import REASONS, RULES, UNCHECKED, VERDICTS, Comparison

SHOWN = 5  # passages of one source that a cell shows; the rest are counted
DATES = ("number and year", "date of an event", "one day, two numbers", "two ranges of one period")
COLUMNS = ["Rule", "Stated", "Recomputed", "Difference", "Verdict", "Why"]


def ledger_table(rows: Iterable[Comparison], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per comparison: its rule, the passages, what was recomputed, the difference, verdict and reason."""
    return pd.DataFrame(
        [
            {
                "Rule": row.rule,
                "Stated": _passages(row, corpus),
                "Recomputed": row.recomputed or "nothing",
                "Difference": row.difference or "none stated",
                "Verdict": row.verdict,
                "Why": _why(row),
            }
            for row in rows
        ],
        columns=COLUMNS,
    )


def _passages(row: Comparison, corpus: Mapping[str, Document]) -> list[object]:
    """Return a cell: each source and its passages, in the order of the text."""
    cell: list[object] = []
    for source in row.sources:
        spans = sorted((span for span in row.stated if span.source == source), key=lambda span: span.start)
        cell += [f"{corpus[source].source.label}:", *spans[:SHOWN]]
        if len(spans) > SHOWN:
            cell.append(f"and {len(spans) - SHOWN} more")
    return cell


def _why(row: Comparison) -> str:
    cause = f"Judged by hand: {row.cause}." if row.cause else ""
    said = row.decided.rsplit(" (", 1)[0] if row.decided else ""
    return " ".join(filter(None, (row.why[:1].upper() + row.why[1:] + ("." if row.why else ""), cause, said)))


def bearing_on(rows: Iterable[Comparison], passages: Iterable[Span]) -> list[Comparison]:
    """Return the rows that have a passage inside, or across the edge of, one of some passages, as a theme's are."""
    places: dict[str, list[tuple[int, int]]] = {}
    for passage in passages:
        places.setdefault(passage.source, []).append((passage.start, passage.end))
    return [row for row in rows if any(_meets(span, places.get(span.source, ())) for span in row.stated)]


def _meets(span: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for start, end in places)


def of_sources(rows: Iterable[Comparison], sources: Iterable[str]) -> list[Comparison]:
    """Return the rows all of whose passages stand in some sources."""
    chosen = set(sources)
    return [row for row in rows if chosen.issuperset(row.sources)]


def with_verdict(rows: Iterable[Comparison], *verdicts: str) -> list[Comparison]:
    """Return the rows of some verdicts. Raises `ValueError` for a word that is none."""
    if unknown := [one for one in verdicts if one not in VERDICTS]:
        raise ValueError(f"there is no verdict {unknown[0]!r}; it is one of {', '.join(VERDICTS)}")
    return [row for row in rows if row.verdict in verdicts]


def under_rule(rows: Iterable[Comparison], *rules: str) -> list[Comparison]:
    """Return the rows of some rules. Raises `ValueError` for a rule that is none."""
    if unknown := [one for one in rules if one not in RULES]:
        raise ValueError(f"there is no rule {unknown[0]!r}; the rules are {', '.join(RULES)}")
    return [row for row in rows if row.rule in rules]


def told_by(row: Comparison, corpus: Mapping[str, Document]) -> list[str]:
    """Return what readers call the sources in which the passages of a row stand."""
    return [corpus[source].source.label for source in row.sources]


def stated_in(rows: Iterable[Comparison]) -> list[Span]:
    """Return every passage of some rows, once each."""
    return list({span.ref: span for row in rows for span in row.stated}.values())


def verdict_counts(rows: Iterable[Comparison]) -> pd.DataFrame:
    """Return a row per rule that found something and a column per verdict: how many rows; 0 is a silence."""
    found = Counter((row.rule, row.verdict) for row in rows)
    return pd.DataFrame(
        [[rule, *counts] for rule in RULES if any(counts := [found[rule, one] for one in VERDICTS])],
        columns=["Rule", *VERDICTS],
    )


def reason_counts(rows: Iterable[Comparison]) -> pd.DataFrame:
    """Return a row per reason why something cannot be recomputed: how many rows, and an instance."""
    by_reason: dict[str, list[Comparison]] = {}
    for row in rows:
        if row.verdict == UNCHECKED:
            by_reason.setdefault(row.reason, []).append(row)
    ranked = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    return pd.DataFrame(
        [
            {"Reason": reason, "Meaning": REASONS[reason], "Rows": len(held), "For instance": held[0].stated[0]}
            for reason, held in ranked
        ],
        columns=["Reason", "Meaning", "Rows", "For instance"],
    )


def rules_table() -> pd.DataFrame:
    """Return a row per rule: what it asks."""
    return pd.DataFrame([{"Rule": rule, "What it asks": asks} for rule, asks in RULES.items()])


def dismissed_table(rows: Iterable[Comparison], corpus: Mapping[str, Document]) -> pd.DataFrame:
    """Return a row per comparison that a rule found and a person dismissed, with the reason: the rules' own errors."""
    return ledger_table([row for row in rows if row.decision == "dismissed"], corpus)


def ladders(rows: Iterable[Comparison]) -> list[list[Quantity]]:
    """Return the quantities stated in two ways or more, with all statements; those of most sources first."""
    groups: list[dict[str, Quantity]] = []
    for row in rows:
        numbers = {span.ref: span for span in row.stated if isinstance(span, Quantity)}
        if row.rule != "said again" or not numbers:
            continue
        joined = [group for group in groups if group.keys() & numbers.keys()]
        for group in joined:
            groups.remove(group)
            numbers |= group
        groups.append(numbers)
    several = [list(group.values()) for group in groups if len({_value(one) for one in group.values()}) > 1]
    return sorted(
        several, key=lambda group: (-len({one.source for one in group}), -len(group), group[0].source, group[0].start)
    )


def _value(number: Quantity) -> tuple[object, str]:
    return number.value, number.modifier


def rows_with_values(rows: Sequence[Comparison]) -> list[Comparison]:
    """Return the rows that have two amounts to compare; calendar years and numbers of sessions are no amounts."""
    return [row for row in rows if row.given and row.against and row.rule not in DATES and min(row.against) > 0]
