"""What people decided on rows of the ledger: `seeds/readings/reconciliation.toml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from apparatus.entries import read_entries, read_toml
from apparatus.errors import DataError
from apparatus.paths import READINGS
from apparatus.reconcile.record import CAUSES, UNCHECKED, VERDICTS, Comparison

DECISIONS = ("confirmed", "dismissed")
FILE = "reconciliation.toml"
NEEDED = {"rule": str, "refs": [str], "decision": str, "why": str}
OPTIONAL = {"cause": str, "verdict": str, "who": str}
MEASURED = {"texts": str, "marked": int, "found": int, "right": int}


@dataclass(frozen=True)
class Decision:
    """A row confirmed or dismissed by hand, why and by whom. `refs` are some or all of the row's passages."""

    rule: str
    refs: frozenset[str]
    decision: str
    why: str
    who: str
    cause: str = ""
    verdict: str = ""

    @property
    def where(self) -> str:
        """The entry, for a complaint."""
        return f"{FILE}, decision on {self.rule!r} at {', '.join(sorted(self.refs))}"


def load_decisions(path: Path = READINGS / FILE) -> list[Decision]:
    """Return the decisions of a file. `who` stands once for all, or in an entry. Raises `DataError` for a slip."""
    decided_by = read_toml(path).get("who", "")
    found = []
    for where, entry in read_entries(path, "decision", NEEDED, OPTIONAL, beside={"who": str, "measured": [MEASURED]}):
        for field, allowed in (("decision", DECISIONS), ("cause", CAUSES), ("verdict", ("", *VERDICTS))):
            if entry.get(field, "") not in allowed:
                raise DataError(f"{where}: {field} {entry[field]!r} is none of {', '.join(filter(None, allowed))}.")
        who = entry.get("who") or decided_by
        if not entry["why"] or not who:
            raise DataError(f"{where}: a decision needs its reason (`why`) and who made it (`who`); add them.")
        fields = {name: entry.get(name, "") for name in ("rule", "decision", "why", "cause", "verdict")}
        found.append(Decision(refs=frozenset(entry["refs"]), who=who, **fields))
    return found


def decide(rows: Sequence[Comparison], decisions: Iterable[Decision], sources: Collection[str]) -> list[Comparison]:
    """Return the rows with what was decided on them. Decisions on sources that are not read are left aside.

    What the rules find in one text depends a little on the others, so a decision that fits no row, or more than one, is
    passed over where other texts are read than those it was made on: its row then counts as undecided.
    Raises `DataError` for such a decision where the very texts are read that the decisions are about.
    """
    decided, decisions = list(rows), list(decisions)
    read = {ref.split(":")[0] for one in decisions for ref in one.refs}  # the sources that somebody read
    same = read == set(sources)
    for one in decisions:
        if not {ref.split(":")[0] for ref in one.refs} <= set(sources):
            continue
        fitting = [
            index
            for index, row in enumerate(decided)
            if row.rule == one.rule and one.refs <= row.refs and read.issuperset(row.sources)
            if one.verdict in ("", row.verdict)
        ]
        if len(fitting) != 1 and not same:
            continue
        if len(fitting) != 1:
            what = "no row of the ledger has these passages any more; remove or mend it"
            raise DataError(f"{one.where}: {'it fits several rows; give more of its refs' if fitting else what}.")
        [index] = fitting
        if decided[index].decision:
            raise DataError(f"{one.where}: the row is decided already; keep one decision.")
        decided[index] = replace(
            decided[index], decision=one.decision, cause=one.cause, decided=f"{one.why} ({one.who})"
        )
    return decided


def confirmed(rows: Iterable[Comparison]) -> list[Comparison]:
    """Return the ledger that readers see: what a person confirmed, and what cannot be recomputed."""
    return [row for row in rows if row.decision == "confirmed" or (row.verdict == UNCHECKED and not row.decision)]


def undecided(rows: Iterable[Comparison]) -> list[Comparison]:
    """Return the relations on which nobody decided yet."""
    return [row for row in rows if row.verdict != UNCHECKED and not row.decision]
