"""Contrasting terms: which of several names for one thing a text chooses, and where."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import attrgetter

from apparatus.errors import DataError
from apparatus.extract.phrases import Found, mark_all
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Term
from apparatus.sentences import sentences_of


def find_terms(doc: Document, known: Knowledge) -> list[Term]:
    """Return every variant of every contrast of `seeds/knowledge/contrasts.toml`, in the order of the text.

    Within a contrast the longest match wins and none overlaps another; across contrasts they may overlap, since
    words can choose twice: "Karabakh" is a name of the region, and of a war's name a part.
    """
    found: dict[str, list[Found]] = {name: [] for name in known.contrasts}
    for start, end, _ in doc.paragraphs():
        text = doc.view.text[start:end].replace("\n", " ")  # a name may run over the end of a line
        around = partial(_around, doc, start, end, text)
        for contrast in known.contrasts.values():
            fields = {label: {"contrast": contrast.id, "variant": label} for label in contrast.labels}
            hits = contrast.find(text, around)
            found[contrast.id] += [(start + first, start + last, fields[label]) for first, last, label in hits]
    terms = [term for places in found.values() for term in mark_all(doc, Term, places, whole=True)]
    return sorted(terms, key=attrgetter("start", "end", "contrast"))


def _around(doc: Document, start: int, end: int, text: str, place: int, scope: str) -> str:
    """Return the sentence, or the paragraph, round a place of a paragraph."""
    if scope == "paragraph":
        return text
    first, last = sentences_of(doc).at(start + place)
    return text[max(start, first) - start : min(end, last) - start]


def check_contrasts(corpus: Mapping[str, Document], known: Knowledge) -> None:
    """Raise `DataError` for a contrast none of whose variants occurs in any text of the corpus."""
    found = {term.contrast for doc in corpus.values() for term in find_terms(doc, known)}
    if missing := [name for name in known.contrasts if name not in found]:
        names = ", ".join(map(repr, missing))
        raise DataError(
            f"contrasts.toml, contrast {names}: none of its variants occurs in any text of the corpus; mend a pattern, "
            "add the name that the texts use, or take the contrast out, here and where themes/ list it."
        )
