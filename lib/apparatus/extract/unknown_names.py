"""Names that no entry of the gazetteer covers, with the spellings of it that they are near to; a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from apparatus.extract.mentions import view_names
from apparatus.extract.names import RUN
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon
from apparatus.model import Document
from apparatus.sentences import sentences_of

ZONES = ("body", "caption", "pull quote", "byline")
NEAR = 82  # of 100: the least likeness that is worth a look
MOST = 3  # near spellings shown
SHORTEST = 4  # letters of a name for which near spellings mean anything
SMALL_WORD = re.compile(r"(?<![\w’'-])[a-z]{3,}(?![\w-])")
LONG_WORD = re.compile(r"[^\W\d_]{4,}")
SHORTEST_WITH_NUMBER = 3  # letters: "COP29" is a name, "Q2" none
LEAD = re.compile(r"[\"'“”‘’«»(\[\s–—-]*")


@dataclass(frozen=True)
class UnknownName:
    """A name that the gazetteer does not hold, as it is written, its places and the spellings that it is near to."""

    name: str
    places: tuple[str, ...]
    near: tuple[str, ...]


def find_unknown_names(docs: Iterable[Document], known: Knowledge) -> list[UnknownName]:
    """Return the names that no entry covers, the most frequent first, with near spellings.

    A name is a run of capitalised words, without titles, months and what only begins a sentence. One word at the
    beginning of a sentence, and a run in a line that has capitals throughout, is a name only where the texts have it
    elsewhere too, or where it is near to a spelling or no word in small letters.
    """
    docs = list(docs)
    small = _small_words(docs, known.lexicon)
    inside: dict[str, list[str]] = {}
    first: dict[str, list[str]] = {}
    for doc in docs:
        for name, ref, begins in _names(doc, known):
            (first if begins else inside).setdefault(name, []).append(ref)
    for name, refs in first.items():
        is_word = small.issuperset(re.split("[ -]", name.lower()))
        if name in inside or (not is_word and (" " in name or _near(name, known.lexicon))):
            inside.setdefault(name, []).extend(refs)
    found = [UnknownName(name, tuple(refs), _near(name, known.lexicon)) for name, refs in inside.items()]
    return sorted(found, key=lambda one: (-len(one.places), one.name))


def _names(doc: Document, known: Knowledge) -> Iterator[tuple[str, str, bool]]:
    """Yield each unknown name with its address and whether it begins a sentence."""
    text = _without(doc, known)
    sentences = sentences_of(doc)
    common, alone = known.lexicon.common_words, _no_name_alone(known.lexicon)
    for start, end, _ in doc.paragraphs(*ZONES):
        for match in RUN.finditer(text, start, end):
            for at, words in _cut(match, common):
                name = re.sub(r"['’]s?$", "", " ".join(words))
                if len(name) > 1 and not {name, name.removesuffix("s"), name.removesuffix("-")} & alone:
                    first, last = sentences.at(at)
                    begins = not LEAD.sub("", text[first:at]) or _is_in_capitals(doc.view.text[first:last])
                    if not _is_code(name, known.lexicon):
                        yield name, f"{doc.source.id}:{int(doc.view.starts[at])}", begins


def _small_words(docs: Iterable[Document], lexicon: Lexicon) -> set[str]:
    """Return the words that the texts, or the lexicon, have in small letters."""
    words = {word for doc in docs for word in SMALL_WORD.findall(doc.view.text)}
    known = (lexicon.grammar["function"], lexicon.grammar["plural"], lexicon.grammar["group"], lexicon.grammar["noun"])
    return words.union(*known, (word for word in lexicon.units if word.islower()))


def _is_in_capitals(line: str) -> bool:
    """Tell a heading, or an entry of a list, whose words all begin with a capital."""
    words = LONG_WORD.findall(line)
    return sum(word[0].isupper() for word in words) * 4 > len(words) * 3 and line.rstrip()[-1:] not in tuple(".!?")


def _is_code(name: str, lexicon: Lexicon) -> bool:
    """Tell a label ("Q2"), a number in words ("Ninety-nine") and days ("Tue-Sat") from a name."""
    if " " in name:
        return False
    if any(sign.isdigit() for sign in name):
        return sum(sign.isalpha() for sign in name) < SHORTEST_WITH_NUMBER
    numbers = lexicon.numbers
    calendar = (lexicon.weekdays, lexicon.months, numbers.cardinal, numbers.ordinal, numbers.magnitude)
    return all(any(word in words or f"{word}." in words for words in calendar) for word in name.lower().split("-"))


def _without(doc: Document, known: Knowledge) -> str:
    """Return the text with what the gazetteer knows blotted out, so that no name goes over it."""
    parts, last = [], 0
    for start, end, _ in view_names(doc, known):
        parts += [doc.view.text[last:start], "\0" * (end - start)]
        last = end
    return "".join([*parts, doc.view.text[last:]])


def _cut(match: re.Match[str], common: frozenset[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the parts of a run between words that are in no name, without small words at their ends."""
    words = list(re.finditer(r"\S+", match[0]))
    part: list[re.Match[str]] = []
    for word in [*words, None]:
        if word is not None and word[0] not in common and word[0].rstrip(".") not in common:
            part.append(word)
            continue
        while part and part[0][0][0].islower():
            part.pop(0)
        while part and part[-1][0][0].islower():
            part.pop()
        if part:
            yield match.start() + part[0].start(), [one[0] for one in part]
        part = []


@lru_cache(maxsize=2)
def _no_name_alone(lexicon: Lexicon) -> frozenset[str]:
    """Return the words that make a name only with others: "Conference", "North"."""
    classes = ("organisation", "label", "region", "institution")
    return lexicon.common_words.union(*(lexicon.grammar[name] for name in classes))


def _near(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the spellings that a name as a whole is near to."""
    if len(name) < SHORTEST:
        return ()
    alike = process.extract(name, lexicon.listed.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST)
    return tuple(spelling for spelling, *_ in alike)
