"""Names of the gazetteer: persons, bodies, places, countries, peoples, treaties, events."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter

from apparatus.extract.homonyms import Homonyms
from apparatus.extract.phrases import mark_all
from apparatus.extract.spellings import BREAK, spelling_finder
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Name, stems
from apparatus.model import Document, Mention
from apparatus.sentences import KEPT

Hit = tuple[int, int, Name]

ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z]{0,2}[A-Z]{1,6})\)")
SMALL = "of|the|for|and|on|in|to|de|des|du|la|et|y|&"
EXPANSION = re.compile(rf"[A-Z][\w’'-]*(?: (?:(?:{SMALL}) ){{0,2}}[A-Z][\w’'-]*)*$")
LONGEST = 120  # characters: the longest name that an abbreviation may stand for


def find_mentions(doc: Document, known: Knowledge) -> list[Mention]:
    """Return every name that the gazetteer knows, the longest match at each place, at word edges.

    The surface form is kept: which name a source chooses is itself evidence. What names something else is not taken: a
    surname after another person's first name ("Vagif Aliyev" is not Ilham Aliyev), a country that is a surname, a
    town in the name of a university, an abbreviation that the text itself explains otherwise.
    """
    fields = {name.entity: {"entity": name.entity, "kind": name.kind} for name in known.lexicon.names}
    return mark_all(doc, Mention, [(start, end, fields[name.entity]) for start, end, name in view_names(doc, known)])


@lru_cache(maxsize=KEPT)
def view_names(doc: Document, known: Knowledge) -> tuple[Hit, ...]:
    """Return the names of a document in view offsets, in reading order, none overlapping another."""
    text = doc.view.text
    hits = _longest(_matches(doc, known))
    if learned := _explained(text, hits, known):
        hits = _relearn(text, hits, learned)
    homonyms = Homonyms(text, known.lexicon)
    return tuple([hit for hit in hits if not homonyms.is_another(*hit)])


def _matches(doc: Document, known: Knowledge) -> Iterator[Hit]:
    """Yield the matches at word edges, by their ends; a capital after a small letter begins a word ("MacronIlham")."""
    text = doc.view.text + "\n"  # so that there is a character after each match, and before the first one
    for last, (before, name, over_break) in spelling_finder(known.lexicon).iter(text.replace("\n\n", BREAK)):
        start, end = last - before, last + 1
        if text[start - 1].isalnum() and not (text[start - 1].islower() and text[start].isupper()):
            continue
        after = text[end]
        if after.isalnum() and not (after.isupper() and text[last].islower()):
            continue
        if after == "$" or (after == "." and text[end + 1 : end + 2].islower()):  # US$5, reuters.com
            continue
        if not over_break or not _is_torn(doc, start, end):
            yield start, end, name


def _longest(matches: Iterable[Hit]) -> list[Hit]:
    """Return the matches that begin first, and of these the longest, none overlapping another."""
    hits: list[Hit] = []
    for match in matches:
        start = match[0]
        kept = len(hits)
        while kept and hits[kept - 1][0] >= start:
            kept -= 1
        if not kept or hits[kept - 1][1] <= start:
            del hits[kept:]
            hits.append(match)
    return hits


def _is_torn(doc: Document, start: int, end: int) -> bool:
    """Tell a match over the end of a paragraph from one over the end of a line."""
    gap = doc.view.text.find("\n\n", start, end)
    first, last = int(doc.view.ends[gap - 1]), int(doc.view.starts[gap + 2])
    return doc.raw[first:last].strip() != "" or doc.raw.count("\n", first, last) != 1


def _explained(text: str, hits: list[Hit], known: Knowledge) -> dict[str, Name | None]:
    """Return what the text itself says an abbreviation stands for, where that is not what the gazetteer says.

    "the Asian Development Bank (ADB)": the initials of the words before are the abbreviation. None is a name that the
    gazetteer does not know: then the abbreviation names nothing it knows.
    """
    learned: dict[str, Name | None] = {}
    for match in ABBREVIATION.finditer(text):
        end = match.start() - 1
        expansion = _expansion(text, end, match[1])
        usual = known.lexicon.listed.get(match[1])
        if not expansion or (usual and not expansion - known.lexicon.stems[usual.entity]):
            continue
        at = bisect_left(hits, end, key=itemgetter(1))
        meant = hits[at][2] if at < len(hits) and hits[at][1] == end else None
        if not (usual and meant and usual.entity == meant.entity):
            learned.setdefault(match[1], meant)
    return learned


def _expansion(text: str, end: int, abbreviation: str) -> set[str]:
    """Return the stems of the words before a bracket whose initials are the abbreviation, or nothing."""
    found = EXPANSION.search(text, max(0, end - LONGEST), end) if end > 0 and text[end] == " " else None
    letters = re.sub("[^A-Z]", "", abbreviation)
    words = [word for word in re.split("[ -]", found[0]) if word[:1].isupper()][-len(letters) :] if found else []
    return stems(words) if "".join(word[0] for word in words) == letters else set()


def _relearn(text: str, hits: list[Hit], learned: dict[str, Name | None]) -> list[Hit]:
    """Return the hits with the abbreviations of the text read as the text explains them."""
    others = [hit for hit in hits if hit[2].name not in learned]
    explained = [hit for word, name in learned.items() if name for hit in _places(text, word, name)]
    return _longest(sorted([*others, *explained], key=itemgetter(1)))


def _places(text: str, word: str, name: Name) -> Iterator[Hit]:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            yield at, end, name
        at = text.find(word, end)
