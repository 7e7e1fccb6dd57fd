"""A text as the units that are compared: sentences, and in them the words that carry matter, each with its share."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path

from apparatus.entries import check_fields, read_toml
from apparatus.errors import DataError
from apparatus.extract.mentions import view_names
from apparatus.extract.quotes import view_quotes
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Span
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
DEMONYM = re.compile(r"(?:ern(?:ers)?|ians?|anis?|ans?|ese|ish|is?|ia|n|s)$")
LONGEST_PREFIX = 4  # letters: anti-, post-
SPEAKING = ("body", "caption", "furniture")
TELLING = 4  # words of matter that are no names, titles or verbs of saying
LINKS = {"and", "between", "for", "in", "of", "on", "the", "to"}
LONGEST_LINK = 3  # words: "Agreement between the Mainland"
DENIALS = {"never", "not"}
NAME_SHARE = 0.6  # a name or a figure tells of what both texts speak, not that one was written from the other
LONGEST = 400  # words: a text without stops is cut, so that no comparison grows with the square
CLAUSE = re.compile(
    r"(?:[,;:]|\s[–—-]|—)\s+|\s(?=(?:that|which|who|whom|whose|where|when|while|whereas|because|although|but)\s)"
)
FINITE = re.compile(r"[a-z](?:ed|s)$")
ARTICLES = {"a", "an", "her", "his", "its", "our", "the", "their", "these", "this"}
DATELINE = re.compile(r"[A-Z][A-ZÀ-Þ ,.'’-]+(?:\([^()\n]{1,40}\) ?)?[–—-] (?=\S)")
OUTER = re.compile(r"^[^\w(\[$€£]+|[\s\"”“»«]+$")


@dataclass(frozen=True)
class Word:
    """A word of the view: its letters in lower case, and its stem ("" where it carries no matter) with its share.

    `verb` tells a word that only a clause has.
    """

    start: int
    end: int
    form: str
    stem: str
    share: float
    verb: bool = False


@dataclass(frozen=True)
class Unit:
    """A sentence, or what is left of it beside a quotation: `at` is its number in the text."""

    at: int
    start: int
    end: int
    words: tuple[Word, ...]

    def part(self, start: int, end: int) -> Unit:
        """Return the part of the unit between two places of the view."""
        return Unit(self.at, start, end, self.words[self.before(start) : self.before(end)])

    def before(self, place: int) -> int:
        """Return how many of its words begin before a place of the view."""
        return bisect_left(self.words, place, key=attrgetter("start"))

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
    check_fields(table, path.name, {"unstressed": [str], "senses": dict})
    check_fields(table["senses"], f"{path.name}, senses", {}, {key: [str] for key in table["senses"]})
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
    """A document with its words and its units: the sentences of the running text, numbered in reading order.

    `spoken` are the places of what it quotes as speech; a pull quote is not, since it quotes the page it stands on.
    """

    doc: Document
    words: tuple[Word, ...]
    spoken: tuple[tuple[int, int], ...] = ()
    units: tuple[Unit, ...] = ()

    def unit(self, start: int, end: int, at: int = -1) -> Unit:
        """Return the words between two places of the view as a unit."""
        return Unit(at, start, end, self.words).part(start, end)


def read_worded(doc: Document, known: Knowledge) -> Worded:
    """Return the words and the units of a document.

    A name of the gazetteer is one word, whatever its spelling and length: two texts that both write out the long name
    of a body have one word in common by it.
    """
    text = doc.view.text
    plain = Worded(doc, tuple(read_words(doc, known)))
    spoken = tuple(_spoken(doc, known))
    units: list[Unit] = []
    for first, last, _ in doc.paragraphs(*RUNNING):
        for start, end in sentences_of(doc).within(first, last):
            place = _without_attribution(plain, outer(text, *trim(text, start, end)), spoken, known)
            units += _cut(plain.unit(*place, at=len(units)))
    named = {word.start: word for unit in units for word in unit.words}
    return Worded(doc, tuple(named.get(word.start, word) for word in plain.words), spoken, tuple(units))


def _spoken(doc: Document, known: Knowledge) -> Iterator[tuple[int, int]]:
    zones = [(start, end) for start, end, _ in doc.paragraphs(*SPEAKING)]
    starts = [start for start, _ in zones]
    for start, end, given in view_quotes(doc, known):
        at = bisect_right(starts, start) - 1
        if given["type"] == "direct" and at >= 0 and start < zones[at][1]:
            yield start, end


def _without_attribution(
    text: Worded, place: tuple[int, int], spoken: Sequence[tuple[int, int]], known: Knowledge
) -> tuple[int, int]:
    """Return the interval of a sentence; of one that only tells who says what it quotes, that of the quotation."""
    start, end = place
    low, high = bisect_left(spoken, (start,)), bisect_left(spoken, (end,))
    quotes = [quote for quote in spoken[max(0, low - 1) : high] if quote[1] > start]
    if not quotes:
        return place
    first, last = max(start, quotes[0][0]), min(end, quotes[-1][1])
    rest = (*text.unit(start, first).words, *text.unit(last, end).words)
    short = len(rest) < len(text.unit(first, last).words)
    return (first, last) if short and tells_little(rest, known) else place


def tells_little(words: Iterable[Word], known: Knowledge) -> bool:
    """Tell whether words beside a quotation say hardly more than who speaks."""
    said = known.lexicon.reporting["verb"].keys() | {title.lower() for title in known.lexicon.title_words}
    return sum(word.stem != "" and word.share == 1.0 and word.form not in said for word in words) < TELLING


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

    A dateline is left out too.

    >>> outer("?? “We went.”", 0, 13), outer("“We went,” she said.", 0, 20), outer("BAKU – We went.", 0, 15)
    ((4, 12), (0, 20), (7, 15))
    """
    if dateline := DATELINE.match(text, start, end):
        start = dateline.end()
    words = text[start:end]
    opened, marks = OUTER.match(words), re.findall('[“”"»«]', words)
    if not opened or len(marks) > 2 or (marks and words[-1] not in '“”"»«'):
        return start, end
    closed = len(words) - len(words.rstrip(' \n"”“»«'))
    return start + opened.end(), end - closed


def read_words(doc: Document, known: Knowledge) -> list[Word]:
    """Return the words of a document's view. A name has its stem at its first word; the others carry no matter."""
    plain = small_words(known) - DENIALS
    names, words = list(view_names(doc, known)), []
    names.reverse()
    named = -1
    for match in WORD.finditer(doc.view.text):
        start, end = match.span()
        while names and names[-1][1] <= start:
            names.pop()
        form = match[0].lower().replace("’", "'")
        if names and names[-1][0] < end:
            of = "" if named == names[-1][0] else name_stem(names[-1][2].entity)
            named = names[-1][0]
            words.append(Word(start, end, form, of, NAME_SHARE))
        else:
            share = NAME_SHARE if form[0].isdigit() else 1.0
            words.append(Word(start, end, form, _matter(match[0], plain), share))
    return _with_verbs(words, known)


def _with_verbs(words: list[Word], known: Knowledge) -> list[Word]:
    """Return words, those that only a clause has marked: without a parser, by a list or by the neighbours."""
    grammar = known.lexicon.grammar
    listed = grammar["clausal"] | ((grammar["verb"] | grammar["past"]) - grammar["function"])
    verbs = {at for at, word in enumerate(words) if word.form in listed}
    verbs |= {at for at, three in enumerate(zip(words, words[1:], words[2:], strict=False), 1) if _is_verb(*three)}
    return [replace(word, verb=True) if at in verbs else word for at, word in enumerate(words)]


def _is_verb(before: Word, word: Word, after: Word) -> bool:
    """Tell "sold the", "sells the", "to sell the" and ", selling the": a noun hardly stands before an article."""
    if not word.stem.islower() or word.share < 1 or after.form not in ARTICLES or after.start > word.end + 1:
        return False
    apart = word.start > before.end + 1
    return before.form == "to" or bool(FINITE.search(word.form)) or (apart and word.form.endswith("ing"))


def plain_words(doc: Document, span: Span, known: Knowledge) -> list[Word]:
    """Return the words of a passage, each with its own stem, names or not."""
    plain = small_words(known) - DENIALS
    start, end = doc.view.from_raw(span.start, span.end) or (0, 0)
    return [
        Word(match.start(), match.end(), match[0].lower().replace("’", "'"), _small(_matter(match[0], plain)), 1.0)
        for match in WORD.finditer(doc.view.text, start, end)
    ]


def small_words(known: Knowledge) -> frozenset[str]:
    """Return the words that carry no matter of their own."""
    return load_rewording().unstressed | known.lexicon.grammar["function"]


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


def name_stem(entity: str) -> str:
    """Return one stem for a country and its people, where one word names them.

    >>> name_stem("Azerbaijan") == name_stem("Azerbaijanis"), name_stem("West") == name_stem("Westerners")
    (True, True)
    """
    return f"@{entity}" if " " in entity else f"@{DEMONYM.sub('', unaccented(entity).lower())}"


def _with_names(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a sentence with their shares: those of a run of capitals together weigh as a name does."""
    return tuple(word for run in _runs(words) for word in run)


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words in runs: those of a long name in capitals, small words within it, are one run."""
    at = 0
    while at < len(words):
        end = at + 1
        while words[at].stem[:1].isupper() and (step := _goes_on(words, end)):
            end += step
        run, is_name = words[at:end], words[at].stem[:1].isupper() and (at > 0 or end > at + 1)
        share = NAME_SHARE / sum(word.stem != "" for word in run) if is_name else 0.0
        yield [replace(word, stem=_small(word.stem), share=share or word.share) for word in run]
        at = end


def _goes_on(words: Sequence[Word], at: int) -> int:
    """Return after how many words a name goes on with a capital, 0 where it ends."""
    for step in range(min(LONGEST_LINK, len(words) - at)):
        if words[at + step].stem[:1].isupper():
            return step + 1
        if words[at + step].form not in LINKS:
            return 0
    return 0


def _small(stem: str) -> str:
    return stem if stem.startswith("@") else stem.lower()
