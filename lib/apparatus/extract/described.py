"""Persons described and not named, with what tells which they are: "a source close to Putin", "Trump's lawyer"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.extract.candidates import Candidate
from apparatus.extract.names import CAPITAL, STOPPED
from apparatus.extract.roles import AGENT
from apparatus.lexicon import Lexicon

ANCHOR = re.compile(
    r"(?<=\w) (?P<to>close to|familiar with|of|in|from|at|for|with|near|to|under)(?= [\w’'-])"
    r"|(?<=\w)(?P<owner>[’']s?) (?=[a-z])"
)
TO = re.compile(
    r" (?P<word>close to|familiar with|of|in|from|at|for|with|near|to|under)"
    r"(?P<article> (?:the|an?|his|her|its|their|our|my))?(?= [\w’'-])"
)
WORD = re.compile(rf" ([\w’'-]+(?:{STOPPED}|(?<= [{CAPITAL}])\.)?)")
OPENING = re.compile(
    r"(?:\A|[.,;:!?–—”\"’»\n)(-] ?|\b(?:while|but|and|after|when|as|that|by|whom|because|if|though) )$"
)
ARTICLE = re.compile(r"(?:the|an?|another|one|his|her|its|their|our|my)", re.IGNORECASE)
OWNER = re.compile(rf"(?:[{CAPITAL}][\w.-]* ){{0,3}}[{CAPITAL}][\w-]*$")
PARTITIVE = re.compile(r"\b(?:[Oo]ne|[Ss]ome|[Mm]any|[Ss]everal|[Tt]wo|[Nn]one|[Mm]ost) of (?:the )?$")
BEARER = re.compile(rf" [{CAPITAL}]")
FULL_NAME = re.compile(rf" [{CAPITAL}][\w-]+ [{CAPITAL}][\w-]+")
BEFORE = 60  # characters in which a noun phrase begins before its head
WORDS, COMPLEMENTS = 5, 3  # the longest complement of a noun, and how many follow one another


class Described:
    """The noun phrases of a text whose head is a person without a name."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Take from the lexicon what persons are called, and the words that end a noun phrase."""
        self.text, grammar, reporting = text, lexicon.grammar, lexicon.reporting
        groups = {word for word in grammar["group"] - grammar["kind_of_body"] if word.endswith("s")}
        titles = {word for words in lexicon.titles.values() for word in words if word.islower()}
        self.persons, self.plural = grammar["person_noun"] | groups | titles, grammar["plural"]
        self.first_names = lexicon.first_names
        self.says = frozenset(reporting["verb"]) | frozenset(reporting["thought"])
        self.sources = tuple(f"{word} " for word in reporting["source"])
        self.ends = grammar["function"] | grammar["verb"] | grammar["past_form"] | self.says
        self.numbers = {*lexicon.numbers.cardinal, *grammar["several"], "some"}
        self.no_person = frozenset(reporting["document"]) | frozenset(reporting["noun"]) | grammar["kind_of_body"]
        self.no_field = (
            self.no_person | grammar["no_field"] | {word.capitalize() for word in (*lexicon.months, *lexicon.weekdays)}
        )

    def within(self, start: int, end: int) -> Iterator[Candidate]:
        """Yield the phrases of an interval that may be the subject of a clause or of the verb before them."""
        last = start
        for match in ANCHOR.finditer(self.text, start, end):
            if match.start() < last:
                continue
            found = self._owned(start, match) if match["owner"] else self._plain(start, match.start())
            if not found:
                continue
            low, head = found
            low = partitive.start() if (partitive := PARTITIVE.search(self.text, max(start, low - 20), low)) else low
            if not self._opens(start, low):
                continue
            stop = self._complemented(head, end)
            bearer = FULL_NAME.match(self.text, stop, end) if stop > head else None
            if bearer:  # "the head of the housing board Irina Pak"
                last = bearer.end()
                yield Candidate(low, last, bearer[0].strip(), "person", "phrase")
            elif (stop > head or match["owner"]) and not BEARER.match(self.text, stop):
                last = stop
                yield Candidate(low, stop, self._called(low, stop), "group", "phrase")

    def is_person(self, word: str) -> bool:
        """Tell a noun that means a person or persons."""
        word = word.lower()
        if word in self.no_person or word in self.ends:
            return False
        single = word.removesuffix("s")
        return word in self.persons or single in self.persons or bool(AGENT.search(single) and len(single) > 4)

    def _plain(self, start: int, head: int) -> tuple[int, int] | None:
        """Return where a phrase begins whose head ends at a place, and that place."""
        words = self.text[max(start, head - BEFORE) : head].split(" ")
        if not self.is_person(words[-1]):
            return None
        taken = 1
        while taken < min(4, len(words)) and self._modifies(words[-taken - 1]):
            taken += 1
        low = head - len(" ".join(words[-taken:]))
        before = words[-taken - 1] if taken < len(words) else ""
        if before.endswith(("’s", "'s", "s’")) and (owner := OWNER.search(self.text, max(start, low - 40), low - 3)):
            return owner.start(), head
        many = words[-1].endswith("s") or words[-1].lower() in self.plural
        return (low, head) if many or ARTICLE.fullmatch(before) or low == start else None

    def _modifies(self, word: str) -> bool:
        return word.replace("-", "").isalpha() and word.lower() not in self.ends

    def _owned(self, start: int, match: re.Match[str]) -> tuple[int, int] | None:
        """Return where a phrase with an owner in the possessive begins, and where its head ends."""
        owner = OWNER.search(self.text, max(start, match.start() - 40), match.start())
        end = self._head(match.end() - 1) if owner else 0
        return (owner.start(), end) if owner and end else None

    def _head(self, at: int) -> int:
        """Return where the last person ends among the plain words from a place on."""
        found = 0
        for _ in range(4):
            word = WORD.match(self.text, at)
            if not word or not word[1].islower() or not self._modifies(word[1]):
                break
            at = word.end()
            found = at if self.is_person(word[1]) else found
        return found if found == at or self.text[found - 1 : found] == "s" else 0

    def _opens(self, start: int, low: int) -> bool:
        """Tell a phrase that begins a clause, or stands behind a verb of saying or "according to"."""
        before = self.text[max(start, low - 30) : low]
        words = before.split()
        if words and ARTICLE.fullmatch(words[-1]):
            words.pop()
            before = before.rstrip().rsplit(" ", 1)[0] + " " if words else ""
        verb = bool(words) and words[-1] in self.says and not words[-1].endswith("ing")
        return not words or verb or bool(OPENING.search(before)) or before.endswith(self.sources)

    def _complemented(self, at: int, end: int) -> int:
        """Return where the complements of a noun end: "of Oxfam in Mali"."""
        for number in range(COMPLEMENTS):
            to = TO.match(self.text, at, end)
            stop = self._field(to.end(), end) if to else 0
            if not to or not stop:
                break
            named = self.text[to.end() + 1].isupper()
            if number and not named and to["word"] != "of":
                break
            at = stop
        return at

    def _field(self, at: int, end: int) -> int:
        """Return where the noun phrase behind a preposition ends; 0 where there is none."""
        last = ""
        for _ in range(WORDS):
            word = WORD.match(self.text, at, end)
            if not word or word[1].lower() in self.ends:
                break
            if word[1] in self.no_field:
                return at if last[:1].isupper() else 0
            if last and word[1].islower() and word[1].endswith(("ly", "ed")):
                break
            if last[:1].isupper() and last not in self.first_names and word[1] in self.first_names:
                break
            if last.islower() and not self.is_person(last) and FULL_NAME.match(self.text, at):
                break
            at, last = word.end(), word[1]
        return at if last else 0

    def _called(self, low: int, stop: int) -> str:
        """Return a phrase as it would stand inside a sentence."""
        phrase = " ".join(self.text[low:stop].split())
        first = phrase.split()[0]
        plain = first.istitle() and not first.endswith(("’s", "'s"))
        is_noun = plain and (self.is_person(first) or first.lower() in self.ends or first.lower() in self.numbers)
        return phrase[0].lower() + phrase[1:] if is_noun else phrase
