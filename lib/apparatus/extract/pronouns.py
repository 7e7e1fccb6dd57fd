"""Whom a pronoun means: "he", "she", "it", "they", and the "I" of the author."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from apparatus.extract.candidates import Candidate, is_straight
from apparatus.extract.named import MANY, Named

PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Hh]is|[Hh]er|[Ii]t|[Tt]hey|I|[Yy]ou)\b(?![’'-])")
TURN = re.compile(r"(?:\A|\n)(?=[^:\n]{2,40}: )")
SUBJECT = re.compile(  # "it" where it is the subject of a clause, not the object of a verb
    r"(?:\A|[.,;:!?–—-] |[.,]?[\"”»] |\n\s*"
    r"|\b(?:that|and|but|as|while|which|when|if|because|though|before|after|since|where) )$"
)
MANY_THINGS = re.compile(  # a subject whom "they" may mean and nobody knows: "The papers that were found …"
    r"(?:The|These|Those|Such|Both|All|Many|Most|Some|Several|Other) (?:(?!of )[a-z-]+ ){0,2}?"
    r"(?P<noun>[a-z]+(?<!s)s)\b(?![’'])"
)
GENDER = {"he": "male", "his": "male", "him": "male", "she": "female", "her": "female"}
FAR_BACK, FAR_AHEAD = 24, 4  # sentences in which the one meant is looked for


class Pronouns:
    """The pronouns of one text, read from the names in the sentences before, and no other pronoun."""

    def __init__(self, named: Named) -> None:
        """Take the names of the text."""
        self.text, self.named = named.text, named

    def of(self, index: int) -> Iterator[Candidate]:
        """Yield the pronouns of a sentence, by its number, that mean someone."""
        start, end = self.named.edges(index)
        for match in PRONOUN.finditer(self.text, start, end):
            at, word = match.start(), match[0].lower()
            if self.named.is_quoted(at):
                continue
            if word == "you" and not any(after in self.named.says for after in self._words_after(match.end())):
                continue
            if word in ("it", "you") and not SUBJECT.search(self.text, max(0, at - 14), at):
                continue
            meant = self._in_turn(at, word) if word in ("i", "you") else self._meant(word, index, at)
            if meant:
                yield Candidate(at, match.end(), meant.speaker, meant.kind, "pronoun", meant.gender)

    def _words_after(self, place: int) -> list[str]:
        return re.findall(r"\w+", self.text[place : place + 40])[:3]

    @cached_property
    def turns(self) -> list[tuple[int, str]]:
        """Where somebody's turn begins in an interview or a play, and who it is: "Ana Souza: You once said"."""
        found = []
        for match in TURN.finditer(self.text):
            names = self.named.names.within(match.end(), match.end() + 40)
            if names and names[0].lead == match.end() and self.text[names[0].end] == ":" and names[0].kind != "body":
                name = self.named.names.full(names[0].name, match.end()) or names[0].name
                found.append((match.end(), self.named.names.plain(name)))
        return found if len(found) > 1 else []

    @cached_property
    def _parties(self) -> frozenset[str]:
        return frozenset(one for _, one in self.turns)

    def _in_turn(self, place: int, word: str) -> Candidate | None:
        """Return who "I" is, the one whose turn it is or else the author; "you" is the other one of two."""
        at = bisect_right(self.turns, (place, "")) - 1
        speaker = self.turns[at][1] if at >= 0 else self.named.author
        if word == "you":
            two = at >= 0 and len(self._parties) == 2
            speaker = next((one for one in self._parties if two and one != speaker), "")
        known = speaker or word == "you"  # a "you" whom nobody knows keeps the words from anybody else's mouth
        return Candidate(place, place + len(word), speaker, "person", "pronoun") if known else None

    def meant(self, word: str, place: int) -> Candidate | None:
        """Return whom a pronoun would mean at a place."""
        return self._meant(word, self.named.sentence(place), place)

    def _meant(self, word: str, index: int, place: int) -> Candidate | None:
        """Return whom a pronoun means: the first subject that fits, in the nearest sentence that has one.

        Where a sentence before begins with the same pronoun, the one it goes back to stays the topic. Where nobody
        was named before, the next one named is meant.
        """
        gender = GENDER.get(word, "")
        kinds = ("person",) if gender else ("body", "group") if word == "they" else ("body", "group", "country")
        oblique = None
        for number in range(index, max(-1, index - FAR_BACK), -1):
            fitting = [
                one
                for one in self.named.within(number)[-MANY:]
                if one.kind in kinds and one.end <= place and self._fits(one, gender)
            ]
            straight = [one for one in fitting if is_straight(self.text, one)]
            topic = self._topic(number, word) if number < index else None
            if straight and (topic is None or straight[0].start < topic):
                return straight[0]
            if word == "they" and number < index and self._has_many(number):
                return None
            if named_after := [one for one in straight if topic is not None and self._opens(one)]:
                return named_after[0]
            if fitting and number == index and gender:
                return fitting[-1]
            sure = [one for one in fitting if not gender or one.speaker in self.named.persons]
            oblique = oblique or (sure[0] if sure and topic is None else None)
            if oblique and index - number > 2:
                break
        return (
            oblique
            or self._named_next(index, place, kinds, gender)
            or (self._one_word(index, place) if gender else None)
        )

    def _opens(self, one: Candidate) -> bool:
        """Tell a subject behind the clause that speaks of it: "When he was ten, Ivo Lund left"."""
        return self.text[max(0, one.head - 2) : one.head] == ", "

    def _one_word(self, index: int, place: int) -> Candidate | None:
        """Return a name of one word that nothing tells to be a person's: the widow, Efua."""
        for number in range(index, max(-1, index - 3), -1):
            for one in self.named.within(number)[:MANY]:
                alone = one.kind == "body" and one.speaker.isalpha() and not one.speaker.isupper()
                if alone and one.end <= place and is_straight(self.text, one) and one.speaker not in self.named.places:
                    return one
        return None

    def _topic(self, number: int, word: str) -> int | None:
        """Return where a sentence has the same pronoun as its subject."""
        start, end = self.named.edges(number)
        match = re.compile(rf"\b(?:{word}|{word.capitalize()})\b").search(self.text, start, min(end, start + 200))
        return match.start() if match and not self.named.is_quoted(match.start()) else None

    def _named_next(self, index: int, place: int, kinds: tuple[str, ...], gender: str) -> Candidate | None:
        for number in range(index, min(len(self.named.sentences), index + FAR_AHEAD)):
            for one in self.named.within(number)[:MANY]:
                if one.kind in kinds and one.start > place and self._fits(one, gender) and gender:
                    return one
        return None

    def _fits(self, one: Candidate, gender: str) -> bool:
        """Tell whom a pronoun may mean from another gender, from a document and from what stands in brackets."""
        if gender:
            return one.gender in ("", gender)
        head = one.speaker.split(" of ")[0].split()[-1:]
        if head and head[0].lower().removesuffix("s") in self.named.lexicon.reporting["document"]:
            return False
        begins = self.named.edges(self.named.sentence(one.start))[0]
        return self.text.rfind("(", begins, one.start) <= self.text.rfind(")", begins, one.start)

    def _has_many(self, number: int) -> bool:
        """Tell a sentence whose subject is many who have no name."""
        opening = MANY_THINGS.match(self.text, *self.named.edges(number))
        verbs = (self.named.says, self.named.lexicon.grammar["verb"])
        return opening is not None and not any(opening["noun"] in words for words in verbs)
