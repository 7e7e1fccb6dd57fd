"""Passages inside quotation marks, and who is named as saying them."""

from __future__ import annotations

from functools import lru_cache

from apparatus.extract.attributions import Attributions
from apparatus.extract.marks import find_quoted
from apparatus.extract.phrases import Found, mark_all
from apparatus.extract.speakers import Speakers
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Quotation
from apparatus.sentences import KEPT


def find_quotes(doc: Document, known: Knowledge) -> list[Quotation]:
    """Return every passage inside quotation marks, without the marks; of nested ones the outer.

    `type` is `direct` where the words are put to a speaker or are a sentence of their own, else `term`. A mark that
    is never closed holds to the end of its sentence. `cue` says what decided the speaker; `quotee_source` is the
    medium that the text names as the one spoken to.
    """
    return mark_all(doc, Quotation, view_quotes(doc, known), whole=True)


@lru_cache(maxsize=KEPT)
def view_quotes(doc: Document, known: Knowledge) -> tuple[Found, ...]:
    """Return the quotations of a document in view offsets."""
    speakers = speakers_of(doc, known)
    fields = Attributions(doc, speakers).read_all()
    return tuple((start, end, given) for (start, end), given in zip(speakers.quoted, fields, strict=True))


@lru_cache(maxsize=KEPT)
def speakers_of(doc: Document, known: Knowledge) -> Speakers:
    """Return all that may name a speaker in a document, outside quotation marks."""
    return Speakers(doc, known, tuple(find_quoted(doc.view.text)))
