"""Names of the gazetteer: persons, bodies, places, countries, peoples, treaties, events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from apparatus.extract.phrases import KEPT, mark_all
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Name
from apparatus.model import Document, Mention

FIRST_NAME = re.compile(r"(?<=[^.!?\n] )([A-Z][\w-]+) $")


def find_mentions(doc: Document, known: Knowledge) -> list[Mention]:
    """Return every name that the gazetteer knows, the longest match at each place, at word edges.

    The surface form is kept: which name a source chooses is itself evidence. A surname after another person's
    first name is not taken ("Vagif Aliyev" is not Ilham Aliyev).
    """
    return mark_all(doc, Mention, ((s, e, {"entity": n.entity, "kind": n.kind}) for s, e, n in view_names(doc, known)))


@lru_cache(maxsize=KEPT)
def view_names(doc: Document, known: Knowledge) -> tuple[tuple[int, int, Name], ...]:
    """Return the names of a document in view offsets, in reading order, none overlapping another."""
    text = doc.view.text
    hits = ((end + 1 - len(name.name), end + 1, name) for end, name in known.lexicon.gazetteer.iter(text))
    whole = [hit for hit in hits if _at_edges(text, hit[0], hit[1])]
    whole.sort(key=lambda hit: (hit[0], -hit[1]))
    surnames_may_follow = known.lexicon.title_words | known.lexicon.grammar["function"] | known.lexicon.adjective_words
    return tuple(
        hit
        for hit in _longest(whole)
        if hit[2].kind != "person" or " " in hit[2].name or not _is_another(text, hit[0], surnames_may_follow)
    )


def _is_another(text: str, start: int, may_precede: frozenset[str]) -> bool:
    """Tell whether a surname has a first name before it that the gazetteer does not know."""
    before = FIRST_NAME.search(text, max(0, start - 30), start)
    return before is not None and before[1] not in may_precede and before[1].lower() not in may_precede


def _longest(hits: Iterable[tuple[int, int, Name]]) -> Iterator[tuple[int, int, Name]]:
    last = -1
    for start, end, name in hits:
        if start >= last:
            yield start, end, name
            last = end


def _at_edges(text: str, start: int, end: int) -> bool:
    """Tell whether a match begins and ends a word; a capital after a small letter begins one ("MacronIlham")."""
    left = start == 0 or not text[start - 1].isalnum() or (text[start - 1].islower() and text[start].isupper())
    right = end == len(text) or not text[end].isalnum() or (text[end].isupper() and text[end - 1].islower())
    return left and right
