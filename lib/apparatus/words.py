"""The words of a text: the one place that says what a word is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.model import Document

COUNTED = ("body", "heading")  # where texts are compared; captions repeat the text, and abbreviate names
RUNNING = (*COUNTED, "caption")
WORD = re.compile(r"[^\W_]+(?:(?:[-‑’'&]|(?<=\d)[.,](?=\d))[^\W_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")

Word = tuple[int, int, str]


def words_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield (start, end, form) of the words of a text: letters or digits, with a hyphen or an apostrophe inside.

    A number with its signs is one word, and so is a compound with hyphens. The form is in small letters, without the
    possessive, so that it can be counted.

    >>> [form for _, _, form in words_in("The President's 44-day trip cost 6,478.5 in Baku")]
    ['the', 'president', '44-day', 'trip', 'cost', '6,478.5', 'in', 'baku']
    """
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        form = POSSESSIVE.sub("", match[0].casefold().replace("’", "'").replace("‑", "-"))
        yield *match.span(), form


def paragraphs_of(doc: Document, zones: tuple[str, ...] = COUNTED) -> Iterator[tuple[int, int]]:
    """Yield the intervals of the paragraphs in some zones. Units: view code points."""
    yield from ((start, end) for start, end, zone in doc.paragraphs() if zone in zones)


def count_words(doc: Document, zones: tuple[str, ...] = RUNNING) -> int:
    """Return the number of words of the running text: body, headings and captions, unless other zones are named."""
    return sum(1 for start, end in paragraphs_of(doc, zones) for _ in words_in(doc.view.text, start, end))
