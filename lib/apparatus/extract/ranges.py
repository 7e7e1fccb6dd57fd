"""Ranges: "3.5% to 4%", "between 30 and 40", "18-19"; and what looks like one and is a change or a score."""

from __future__ import annotations

import re

from apparatus.extract.amounts import Amount, Amounts, joined
from apparatus.extract.measures import BETWEEN, Measures

JOINT = re.compile(r"(?P<dash> ?[-–—] ?|(?<=\d) ?~ ?)|(?:-| )to[ -]| or (?=\w)| and ")


class Ranges:
    """Reads the second number of a range, with the amounts and measures of one lexicon."""

    def __init__(self, amounts: Amounts, measures: Measures) -> None:
        """Take the readers of amounts and of measures."""
        self.amounts, self.measures = amounts, measures

    def beginning(self, text: str, low: Amount) -> Amount | None:
        """Return the range that begins with an amount; its unit may stand on both ends ("3.5% to 4%")."""
        front, currency = self.measures.currency(text, low.start)
        unit = self.measures.unit(text, low)
        for end in (low.end, unit.end) if unit else (low.end,):
            joint = JOINT.match(text, end)
            if not joint or (joint[0] == " and " and not BETWEEN.search(text, max(0, front - 8), front)):
                continue
            at = joint.end()
            sign = self.measures.currency_sign(text, at) if currency else at
            high = self.amounts.read(text, sign, min(len(text), sign + 100))
            same = self.measures.unit(text, high) if high and unit else None
            if (
                not high
                or (joint["dash"] and high.worded != low.worded)
                or (end > low.end and (not same or not unit or same.unit != unit.unit))
            ):
                continue
            if self._makes_range(text, front, joint, low, high):
                return joined(low, high)
        return None

    def _makes_range(self, text: str, front: int, joint: re.Match[str], low: Amount, high: Amount) -> bool:
        """Tell a range from a change ("rose from 3 to 5"); a dash between whole numbers joins a score too ("2-1")."""
        both = joined(low, high)
        if both is None or not isinstance(both.value, tuple):
            return False
        if both.value[0] >= both.value[1]:
            return joint["dash"] in ("-", "–") and not self.measures.unit(text, high)
        if " to " not in joint[0]:
            return True
        came_from = text.endswith(("from ", "From "), 0, front)
        if text.endswith(" by ", 0, front) and (joint.start() > low.end or front < low.start):
            return False
        repeated = joint.start() > low.end or front < low.start
        changed = self.measures.change.search(text, max(0, front - 60), front - 5 if came_from else front)
        return not (changed and (came_from or repeated))
