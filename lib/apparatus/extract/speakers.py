"""Who may be speaking where: the candidates of a passage, and the subject of a verb among them."""

from __future__ import annotations

import re

from apparatus.extract.candidates import ADVERBS, KINDS, SPEAKING, Candidate, begins_clause, is_straight, owns
from apparatus.extract.described import Described
from apparatus.extract.named import MANY, Interval, Named
from apparatus.extract.pronouns import Pronouns
from apparatus.knowledge import Knowledge
from apparatus.model import Document

OPENING = re.compile(
    r"(?:\A|[.,;:!?–—”\"\n)] ?|[’']s |\b(?:while|but|and|after|when|as|both|Both) )$"
)  # before a subject
JOIN = re.compile(r" and (?:the )?(?:[A-Z][\w.-]* ){0,3}")

SECOND_VERB = re.compile(r"\band (?:also |later |then )?$")  # "met them and said"
BESIDE_BODY = re.compile(r"[A-Z][\w-]* $")  # before a name that follows the body of its bearer

APPOSING = re.compile(r", (?:(?:the|an?|his|her|its|their|one of|one of the) )?")


class Speakers:
    """The candidates of one text, in order; those inside quotation marks are left out."""

    def __init__(self, doc: Document, known: Knowledge, quoted: tuple[Interval, ...]) -> None:
        """Find the names; who "he" is, is decided sentence by sentence from the names before."""
        self.text, self.lexicon, self.quoted = doc.view.text, known.lexicon, quoted
        self.named = Named(doc, known, quoted)
        self.pronouns = Pronouns(self.named)
        self.described = Described(self.text, known.lexicon)
        self.sentences, self.author = self.named.sentences, self.named.author
        self._all: dict[int, list[Candidate]] = {}

    def between(self, start: int, end: int) -> list[Candidate]:
        """Return the candidates that lie in an interval."""
        low, high = self.named.sentence(start), self.named.sentence(max(start, end - 1))
        return [
            one
            for index in range(low, high + 1)
            for one in self._candidates(index)
            if start <= one.start and one.end <= end
        ]

    def subject(self, start: int, end: int, *, strict: bool = False) -> Candidate | None:
        """Return the subject of what follows `end`: the nearest candidate before it, or the one it is in apposition to.

        One after a preposition is taken only where there is no other; a country or capital stands for its government
        only where no person or body is the subject. With `strict` an owner or a mere qualifier is none.
        """
        found = [one for one in self.between(start, end)[-MANY:] if not strict or self._speaks(one, end)]
        straight = [one for one in found if self.is_straight(one)]
        if apposed := self._apposed(straight, end):
            return apposed
        if found and found[-1].kind in SPEAKING and begins_clause(self.text, found[-1], end):
            return found[-1]
        if SECOND_VERB.search(self.text, max(start, end - 15), end) and (first := self._opening(straight)):
            return first
        for among in (straight,) if strict else (straight, found):
            for kinds in (SPEAKING, KINDS):
                if fitting := [one for one in among if one.kind in kinds]:
                    return fitting[-1]
        return None

    def _opening(self, straight: list[Candidate]) -> Candidate | None:
        """Return the first person or body that opens a clause: of "Macron met farmers and said", Macron."""
        return next(
            (
                one
                for one in straight
                if one.kind in SPEAKING and OPENING.search(self.text, max(0, one.head - 12), one.head)
            ),
            None,
        )

    def _apposed(self, straight: list[Candidate], end: int) -> Candidate | None:
        """Return the subject whose apposition ends before a verb: "Ana Souza, who beat Eva Lind, said"."""
        if self.text[max(0, end - 2) : end] != ", ":
            return None
        for one in reversed(straight):
            if (
                re.match(r", (?:[a-z]|\d)", self.text[one.end : one.end + 3])
                and one.end < end - 2
                and one.form != "pronoun"
            ):
                return one
            if self.text[max(0, one.start - 2) : one.start] == ", " and one.kind == "person":
                return one
        return None

    def may_begin(self, one: Candidate, end: int) -> bool:
        """Tell a candidate that may be the subject of the verb at `end`."""
        return self.is_straight(one) or begins_clause(self.text, one, end)

    def is_straight(self, one: Candidate) -> bool:
        """Tell a candidate that may be a subject from an owner and from one after a preposition."""
        return is_straight(self.text, one)

    def owns(self, one: Candidate) -> bool:
        """Tell an owner: "Macron's visit", "his visit"."""
        return owns(self.text, one)

    def _speaks(self, one: Candidate, end: int) -> bool:
        """Tell a plain subject from an owner ("Macron's visit") and from what qualifies another noun ("UN summit")."""
        return not self.owns(one) and (one.kind == "person" or bool(ADVERBS.fullmatch(self.text, one.end, end)))

    def joined(self, subject: Candidate) -> str:
        """Return the subject of a verb, and the one joined to it by "and"."""
        lead = subject.head
        if subject.kind != "person" or "and " not in self.text[max(0, lead - 60) : lead]:
            return subject.speaker
        for one in reversed(self.between(max(0, lead - 60), lead)):
            opens = OPENING.search(self.text, max(0, one.head - 12), one.head)
            if one.kind == "person" and opens and JOIN.fullmatch(self.text, one.end, lead):
                return f"{one.speaker} and {subject.speaker}"
        return subject.speaker

    def _candidates(self, index: int) -> list[Candidate]:
        if index not in self._all:
            found = [*self.named.within(index), *self.pronouns.of(index)]
            for phrase in self.described.within(*self.named.edges(index)):
                found = self._with_phrase(found, phrase)
            self._all[index] = sorted(found, key=lambda one: one.start)
        return self._all[index]

    def _holder(self, country: Candidate, phrase: Candidate) -> Candidate | None:
        """Return the person already called so, of "France's president"."""
        owned = re.match(r"[’']s? (?P<title>.+)", self.text[country.end : phrase.end], re.DOTALL)
        people = self.lexicon.adjectives.get(country.speaker)
        if not owned or not people:
            return None
        person, before = self.named.roles.who(f"{people} {owned['title']}", phrase.start, phrase.start)
        return phrase._replace(speaker=person, kind="person") if person and before else None

    def _with_phrase(self, found: list[Candidate], phrase: Candidate) -> list[Candidate]:
        """Return candidates with a person who is described, in place of the names inside the description.

        A title whose bearer is known stays: "the president of France". What is apposed to a name adds nobody.
        """
        inside = [one for one in found if phrase.start < one.end and one.start < phrase.end]
        known = any(
            (one.kind == "person" and one.form == "title" and one.start == phrase.start)
            or (one.kind == "person" and BESIDE_BODY.search(self.text, max(phrase.start, one.head - 30), one.head))
            or (one.start <= phrase.start and one.end >= phrase.end)
            for one in inside
        )
        if known or self.named.is_quoted(phrase.start):
            return found
        others = [one for one in found if one not in inside]
        if inside and inside[0].kind == "country" and (holder := self._holder(inside[0], phrase)):
            return [*others, holder]
        bearers = [one for one in others if one.kind == "person" and self.is_straight(one)]
        apposed = any(APPOSING.fullmatch(self.text, one.end, phrase.start) for one in bearers)
        return others if apposed else [*others, phrase]
