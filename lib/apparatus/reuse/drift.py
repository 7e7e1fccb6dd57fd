"""Quote drift: one utterance quoted in several places, compared letter by letter; and which text came first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from apparatus.events import bounds
from apparatus.model import Document, Quotation, Source, Span
from apparatus.reuse.quoted import LEAST, ROW, SAME
from apparatus.reuse.repeats import rows_of, runs, sharing

UNKNOWN = "unknown"
SMALLEST = 4  # letters: at least one word in common is longer than a small word
ALIKE = 75  # of 100: two words that differ by a few letters
SIGN = re.compile(r"\w+|[^\w\s]")
TYPE = str.maketrans("’‘“”„–—", '\'\'"""--')  # how a sign is set is the printer's, not the quoter's


@dataclass(frozen=True, kw_only=True)
class DriftChange:
    """A place where two quotations differ. `kind`: only in a, only in b, brackets, letters, words, signs."""

    kind: str
    a: Span | None
    b: Span | None


@dataclass(frozen=True, kw_only=True)
class QuoteDrift:
    """Two quotations of one utterance. `longer` is "a", "b" or "same"; `first` the source that is older, or unknown."""

    a: Quotation
    b: Quotation
    longer: str
    first: str
    changes: tuple[DriftChange, ...]

    @property
    def shortened(self) -> bool:
        """Whether the shorter quotation is in the younger text, as far as their order is known."""
        longer, shorter = (self.a, self.b) if self.longer == "a" else (self.b, self.a)
        return self.longer != "same" and self.first == longer.source != shorter.source

    def verdict(self, names: Mapping[str, str]) -> str:
        """Return who shortened whom: "a shortened b" only where b is known to be older, else which is longer."""
        if not self.changes:
            return "the same, sign by sign"
        if self.longer == "same":
            return "of the same length, not the same"
        longer, shorter = (self.a, self.b) if self.longer == "a" else (self.b, self.a)
        if self.shortened:
            return f"{names[shorter.source]} shortened {names[longer.source]}"
        return f"{longer.anchor if longer.source == shorter.source else names[longer.source]} is longer"


def precedence(a: Source, b: Source) -> str:
    """Return the id of the text that was issued first, or "unknown".

    By the catalog's EDTF: one came first only if the last day on which it can have been issued is before the first day
    on which the other can. A text was not issued before the latest event that it tells.
    """
    sides = [(_issued(source), source.id) for source in (a, b)]
    for ((_, last), first_id), ((first, _), other_id) in (sides, sides[::-1]):
        if last < first and first_id != other_id:
            return first_id
    return UNKNOWN


def _issued(source: Source) -> tuple[int, int]:
    low, high = bounds(source.issued) if source.issued else (date.min.toordinal(), date.max.toordinal())
    return max(low, bounds(source.latest)[0]) if source.latest else low, high


def order_words(corpus: Mapping[str, Document], one: str, other: str) -> str:
    """Return in the reader's words which of two texts was issued first, see `precedence`."""
    first = precedence(corpus[one].source, corpus[other].source)
    labels = {source: corpus[source].source.label or source for source in (one, other)}
    return "which of them was issued first is not known" if first == UNKNOWN else f"{labels[first]} was issued first"


def find_quote_drift(corpus: Mapping[str, Document], quotes: Iterable[Quotation]) -> list[QuoteDrift]:
    """Return the pairs of quotations of one utterance, in the order of the corpus and of each text, with what differs.

    Quotations of speech only; a pull quote quotes the page it stands on. The shape of quotation marks and dashes does
    not count, nor where a line ends; every other sign does.
    """
    order = {source: at for at, source in enumerate(corpus)}
    spoken = sorted(
        (one for one in quotes if one.type == "direct" and one.zone != "pull quote" and one.source in order),
        key=lambda one: (order[one.source], one.start),
    )
    forms = [[word.lower() for word in re.findall(r"\w+", one.words)] for one in spoken]
    pairs = sharing((at, rows_of(words, ROW)) for at, words in enumerate(forms))
    return [_drift(corpus, spoken[i], spoken[j]) for i, j in pairs if _is_one(forms[i], forms[j])]


def _is_one(one: Sequence[str], other: Sequence[str]) -> bool:
    rows = [one[start : start + size] for start, _, size in runs(one, other) if size > 1]
    common = [word for row in rows for word in row]
    long = any(len(word) > SMALLEST for word in common)
    return long and len(common) >= max(LEAST, SAME * min(len(one), len(other)))


def _drift(corpus: Mapping[str, Document], a: Quotation, b: Quotation) -> QuoteDrift:
    docs = corpus[a.source], corpus[b.source]
    length = [len(re.findall(r"\w+", one.words)) for one in (a, b)]
    return QuoteDrift(
        a=a,
        b=b,
        longer="same" if length[0] == length[1] else "a" if length[0] > length[1] else "b",
        first=precedence(docs[0].source, docs[1].source),
        changes=tuple(_changes(docs, a, b)),
    )


def _changes(docs: tuple[Document, Document], a: Quotation, b: Quotation) -> Iterator[DriftChange]:
    one, other = _signs(docs[0], a), _signs(docs[1], b)
    texts = [[sign for sign, _, _ in side] for side in (one, other)]
    for code in Levenshtein.opcodes(*texts):
        if code.tag == "equal":
            continue
        sides = one[code.src_start : code.src_end], other[code.dest_start : code.dest_end]
        kind = _kind(*("".join(sign for sign, _, _ in side) for side in sides))
        spans = [
            doc.mark(Span, side[0][1], side[-1][2]) if side else None for doc, side in zip(docs, sides, strict=True)
        ]
        yield DriftChange(kind=kind, a=spans[0], b=spans[1])


def _signs(doc: Document, quote: Quotation) -> list[tuple[str, int, int]]:
    start, end = doc.view.from_raw(quote.start, quote.end) or (0, 0)
    return [(match[0].translate(TYPE), *match.span()) for match in SIGN.finditer(doc.view.text, start, end)]


def _kind(one: str, other: str) -> str:
    if not re.search(r"\w", one + other):
        return "signs"
    if any(text.startswith("[") and text.endswith("]") for text in (one, other)):
        return "brackets"
    if not one or not other:
        return "only in a" if one else "only in b"
    return "letters" if fuzz.ratio(one.lower(), other.lower()) >= ALIKE else "words"


def quote_drift_table(corpus: Mapping[str, Document], drifts: Iterable[QuoteDrift]) -> pd.DataFrame:
    """Return a row per two quotations of one utterance: both, which text is older, who shortened whom, what differs."""
    labels = {source: doc.source.label or source for source, doc in corpus.items()}
    rows = [
        {
            "Text a": labels[one.a.source],
            "Quotation a": one.a,
            "Text b": labels[one.b.source],
            "Quotation b": one.b,
            "Issued first": labels.get(one.first, "unknown") if one.a.source != one.b.source else "one text",
            "Outcome": one.verdict(labels),
            "What differs": [part for change in one.changes for part in _shown(change)] or ["nothing"],
        }
        for one in drifts
    ]
    columns = ["Text a", "Quotation a", "Text b", "Quotation b", "Issued first", "Outcome", "What differs"]
    return pd.DataFrame(rows, columns=columns)


def _shown(change: DriftChange) -> list[object]:
    return [f"{change.kind}:", *(side for side in (change.a, change.b) if side)]
