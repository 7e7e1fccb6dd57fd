"""A text as the units that are compared: sentences, and in them the words that carry matter, each with its share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from apparatus.entries import read_toml
from apparatus.errors import DataError
from apparatus.extract.mentions import view_names
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Name
from apparatus.model import Document
from apparatus.paths import KNOWLEDGE
from apparatus.sentences import sentences_of
from apparatus.text import trim, unaccented

RUNNING = ("body", "caption", "pull quote")  # headings and lists of contents repeat each other in every text
WORD = re.compile(r"\w+(?:[-‐‑'’]\w+)*")
POSSESSIVE = re.compile(r"['’]s?$")
JOINTS = re.compile(r"[-‐‑'’]")
ENDINGS = re.compile(  # the longest that leaves four letters
    r"(?<=\w{4})(?:i[sz]ations?|i[sz](?:e[ds]?|ing|er)|ational|ations?|ments?|ness|ities|ity|ions?|ances?|ences?|ings?|ives?|ically|ally|ical|als?|ists?|"
    r"isms?|ers?|ors?|ous|ed|es|ly|ies|ied|ic|y|e|s)$"
)
OUR = re.compile(r"(?<=\w{3})our(?=$|s$|ed$|ing$|ite)")
ENCE = re.compile(r"^(\w{1,4})ence(?=s?$)")
DEMONYM = re.compile(r"(?:ians?|ans?|ese|ish|is?|ia|n|s)$")
LONGEST_PREFIX = 4  # letters: anti-, post-
DENIALS = {"never", "not"}
NAME_SHARE = 0.6  # a name or a figure tells of what both texts speak, not that one was written from the other
LONGEST = 400  # words: a text without stops is cut, so that no comparison grows with the square
OUTER = re.compile(r"^[^\w(\[$€£]+|[\s\"”“»«]+$")


@dataclass(frozen=True)
class Word:
    """A word of the view: its letters in lower case, and its stem ("" where it carries no matter) with its share."""

    start: int
    end: int
    form: str
    stem: str
    share: float


@dataclass(frozen=True)
class Unit:
    """A sentence, or what is left of it beside a quotation: `at` is its number in the text."""

    at: int
    start: int
    end: int
    words: tuple[Word, ...]

    def part(self, start: int, end: int) -> Unit:
        """Return the part of the unit between two places of the view."""
        starts = [word.start for word in self.words]
        return Unit(self.at, start, end, self.words[bisect_left(starts, start) : bisect_left(starts, end)])

    @cached_property
    def stems(self) -> list[str]:
        """The stems of the words that carry matter."""
        return [word.stem for word in self.words if word.stem]

    @cached_property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each three words in a row of which none is part of a name."""
        three = zip(self.words, self.words[1:], self.words[2:], strict=False)
        return [(a.form, b.form, c.form) for a, b, c in three if min(a.share, b.share, c.share) == 1.0]

    @cached_property
    def forms(self) -> list[str]:
        """The words as they are written, in lower case."""
        return [word.form for word in self.words]


@dataclass(frozen=True)
class Rewording:
    """What `seeds/knowledge/rewording.toml` knows: words without matter, and the senses of each stem."""

    unstressed: frozenset[str]
    senses: dict[str, frozenset[str]]


@cache
def load_rewording(path: Path = KNOWLEDGE / "rewording.toml") -> Rewording:
    """Return what is known of words that stand for one another. Raises `DataError` for a list out of order."""
    table = read_toml(path)
    senses: dict[str, set[str]] = {}
    for name, words in table["senses"].items():
        if len(words) < 2 or words != sorted(set(words)):
            raise DataError(f"{path.name}, {name!r}: a sense has two words at least, sorted, none twice; mend it.")
        for word in words:
            senses.setdefault(stem(word), set()).add(name)
    names = list(table["senses"])
    if names != sorted(names):
        raise DataError(f"{path.name}: the senses are not in the order of their names; sort them.")
    return Rewording(frozenset(table["unstressed"]), {one: frozenset(of) for one, of in senses.items()})


@cache
def stem(word: str) -> str:
    """Return what is left of a word without its endings, of which at least four letters stay.

    Coarser than a stemmer for searching: a rewriter also turns a verb into its noun. British and American spellings
    have one stem.

    >>> stem("strategic"), stem("strategies"), stem("diversification")
    ('strateg', 'strateg', 'diversif')
    >>> stem("organise") == stem("organization"), stem("defence") == stem("defense")
    (True, True)
    """
    word = ENCE.sub(r"\1ense", OUR.sub("or", word))
    while (shorter := ENDINGS.sub("", word)) != word:
        word = shorter
    return word


@dataclass(frozen=True, eq=False)
class Worded:
    """A document with its words and its units: the sentences of the running text, numbered in reading order."""

    doc: Document
    words: tuple[Word, ...]
    units: tuple[Unit, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    def unit(self, start: int, end: int, at: int = -1) -> Unit:
        """Return the words between two places of the view as a unit."""
        return Unit(at, start, end, self.words[bisect_left(self._starts, start) : bisect_left(self._starts, end)])


def read_worded(doc: Document, known: Knowledge) -> Worded:
    """Return the words and the units of a document.

    A name of the gazetteer is one word, whatever its spelling and length: two texts that both write out the long name
    of a body have one word in common by it.
    """
    text, words = doc.view.text, Worded(doc, tuple(read_words(doc, known)), ())
    units: list[Unit] = []
    for first, last, _ in doc.paragraphs(*RUNNING):
        for start, end in sentences_of(doc).within(first, last):
            place = outer(text, *trim(text, start, end))
            units += _cut(words.unit(*place, at=len(units)))
    shared = [word for unit in units for word in unit.words]
    named = dict(zip((word.start for word in shared), shared, strict=True))
    return Worded(doc, tuple(named.get(word.start, word) for word in words.words), tuple(units))


def _cut(unit: Unit) -> Iterator[Unit]:
    """Yield a sentence, its names weighed; in pieces where it is longer than any sentence."""
    words = _with_names(unit.words)
    if len(words) <= LONGEST:
        yield Unit(unit.at, unit.start, unit.end, words)
        return
    for at in range(0, len(words), LONGEST):
        some = words[at : at + LONGEST]
        yield Unit(unit.at + at // LONGEST, some[0].start, some[-1].end, some)


def outer(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the interval of a sentence without the quotation marks round all of it, or signs before it.

    >>> outer("?? “We went.”", 0, 13), outer("“We went,” she said.", 0, 20)
    ((4, 12), (0, 20))
    """
    words = text[start:end]
    opened, marks = OUTER.match(words), re.findall('[“”"»«]', words)
    if not opened or len(marks) > 2 or (marks and words[-1] not in '“”"»«'):
        return start, end
    closed = len(words) - len(words.rstrip(' \n"”“»«'))
    return start + opened.end(), end - closed


def read_words(doc: Document, known: Knowledge) -> list[Word]:
    """Return the words of a document's view. A name has its stem at its first word; the others carry no matter."""
    plain = (load_rewording().unstressed | known.lexicon.grammar["function"]) - DENIALS
    names, words = list(view_names(doc, known)), []
    names.reverse()
    named = -1
    for match in WORD.finditer(doc.view.text):
        start, end = match.span()
        while names and names[-1][1] <= start:
            names.pop()
        form = match[0].lower().replace("’", "'")
        if names and names[-1][0] < end:
            of = "" if named == names[-1][0] else _name_stem(names[-1][2])
            named = names[-1][0]
            words.append(Word(start, end, form, of, NAME_SHARE))
        else:
            share = NAME_SHARE if form[0].isdigit() else 1.0
            words.append(Word(start, end, form, _matter(match[0], plain), share))
    return words


def _matter(word: str, plain: frozenset[str]) -> str:
    bare = unaccented(POSSESSIVE.sub("", word)).lower()
    letters = _joined(bare)
    if len(letters) < 2 or bare in plain:
        return ""
    return stem(letters) if word[0].islower() or not letters.isalpha() else stem(letters).capitalize()


def _joined(word: str) -> str:
    """Return a compound as one word where its first part is a prefix, else its longest part.

    >>> _joined("post-war"), _joined("post-2024"), _joined("western-based")
    ('postwar', '2024', 'western')
    """
    first, *rest = JOINTS.split(word)
    if not rest:
        return word
    if len(first) <= LONGEST_PREFIX and first.isalpha():
        return first + "".join(rest) if rest[0].isalpha() else "".join(rest)
    return max((first, *rest), key=len)


def _name_stem(name: Name) -> str:
    """Return one stem for a country and its people, where one word names them."""
    return f"@{name.entity}" if " " in name.entity else f"@{DEMONYM.sub('', stem(unaccented(name.entity).lower()))}"


def _with_names(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a sentence with their shares: those of a run of capitals together weigh as a name does."""
    return tuple(word for run in _runs(words) for word in run)


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    at = 0
    while at < len(words):
        end = at + 1
        while end < len(words) and words[at].stem[:1].isupper() and words[end].stem[:1].isupper():
            end += 1
        run, is_name = words[at:end], words[at].stem[:1].isupper() and (at > 0 or end > at + 1)
        share = NAME_SHARE / len(run) ** 0.5 if is_name else 0.0
        yield [replace(word, stem=_small(word.stem), share=share or word.share) for word in run]
        at = end


def _small(stem: str) -> str:
    return stem if stem.startswith("@") else stem.lower()
