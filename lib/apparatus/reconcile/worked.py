"""What the amounts of a text give when they are worked out again: shares, changes, sums and rates."""

from __future__ import annotations

from collections.abc import Iterator

from apparatus.reconcile.amounts import PARTS, Amount, Window, windows
from apparatus.reconcile.changes import change_row
from apparatus.reconcile.rates import rate_rows
from apparatus.reconcile.record import Comparison
from apparatus.reconcile.restated import corrected_rows
from apparatus.reconcile.shares import fitting_share, open_share, part_rows, share_said
from apparatus.reconcile.sums import sum_rows
from apparatus.reconcile.texts import Corpus


def worked_rows(corpus: Corpus) -> Iterator[Comparison]:
    """Yield the rows of the arithmetic of every text, sentence by sentence with those beside it."""
    for text in corpus.texts.values():
        bases: dict[str, Amount] = {}
        for window in windows(corpus, text):
            yield from _in_window(corpus, window, bases)


def _in_window(corpus: Corpus, window: Window, bases: dict[str, Amount]) -> Iterator[Comparison]:
    """Yield the rows of a sentence: each amount is a share, else a change, else a share that does not fit."""
    for one in window.here:
        is_share = one.unit in PARTS and not one.per
        row = fitting_share(window, one, bases) if is_share else None
        row = row or change_row(corpus, window, one)
        if row is None and is_share:
            row = share_said(window, one, bases) or open_share(corpus, window, one)
        if row:
            yield row
    yield from part_rows(corpus, window)
    yield from sum_rows(corpus, window)
    yield from rate_rows(corpus, window)
    yield from corrected_rows(corpus, window)
