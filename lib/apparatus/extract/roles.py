"""What each person of a text is said to be ("Ana Souza, a spokeswoman"), and so who "the spokeswoman" is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from apparatus.extract.candidates import OBLIQUE
from apparatus.extract.names import Names, Part
from apparatus.lexicon import Lexicon

DETERMINER = r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Mm]y|[’']s?)"
ROLE_BEFORE = re.compile(rf"{DETERMINER} ((?:[\w-]+ ){{0,3}}[a-z][\w-]+),? $")
ROLE_OF = re.compile(
    r"((?:[\w-]+ )?[\w-]+) (?:of|at|for|with) (?:the )?[A-Z][\w’'-]* (?:(?:[A-Z][\w’'-]*|of|the|for|and) ){0,6}$"
)
WORD_BEFORE = re.compile(r"(?<![\w’'-])([a-z][\w-]+) $")
ROLE_AFTER = re.compile(
    r"(?:,| is| was| became)(?P<article>(?: (?:the|an?|his|her|its|their|our|my|then|now|former))*) "
    r"(?P<role>[^,.;:()“”\"\n]{3,60})"
)
AGENT = re.compile(
    r"(?:[^aiou]er|or|ist|man|woman|ian|eer|ee|yst|ess|(?:resid|stud|ag|superintend|correspond|cli|pati|presid)ent"
    r"|nurse|chef|cook|guide|pilot|monk|nun|widow|uncle|aunt|critic|mechanic|migrant|defendant|accountant|consultant|activist)$"
)
STANDS_FOR = {  # the titles by which one may be meant; for any other title, itself
    "head of state": ("president", "king", "queen", "head of state"),
    "head of government": ("prime minister", "chancellor", "head of government"),
    "leader": ("leader", "president", "prime minister", "king", "chancellor"),
}
AGE_AFTER = re.compile(r"(?:,? \(?|, aged )(\d{1,3})(?=[,.;)])")
AGE_BEFORE = re.compile(r"\b(\d{1,3})-year-old (?:[a-z-]+ ){0,3}$")
MANY = 12  # persons called so before a place that are looked at
PREPOSITION = re.compile(r" (?:of|for|at|in|from|with|to|on|who|whose|and)\b")


@dataclass(frozen=True)
class Role:
    """What a person is called at one place: the words, and the titles that they hold."""

    place: int
    person: str
    words: frozenset[str]
    topic: bool = True


class Roles:
    """The roles of the persons of one text, by each word of them."""

    def __init__(self, names: Names, lexicon: Lexicon, holders: Iterable[tuple[int, str, str]]) -> None:
        """Read the words round every person's name once, and the offices that name their holder."""
        self.names, self.lexicon = names, lexicon
        self.not_role = (
            lexicon.grammar["function"]
            | lexicon.grammar["verb"]
            | set(lexicon.reporting["verb"])
            | set(lexicon.reporting["thought"])
        )
        self.persons: set[str] = set()
        self.of: dict[str, list[Role]] = {}
        self.offices: dict[str, list[Role]] = {}
        self.meant: dict[str, tuple[list[int], list[Role], Counter[str]]] = {}
        before: Part | None = None
        for part in names.introduced:
            if part.kind == "person":
                beside = before is not None and names.text[before.end : part.lead] in (" ", ", ")
                self._add(part, before.name if before and beside else "")
            elif part.kind == "office" and " of " in part.name:
                words = frozenset([*self.titles_in(part.name), *part.name.lower().split()])
                for word in words:
                    self.offices.setdefault(word, []).append(Role(part.start, part.name, words))
            before = part if part.kind == "office" else None
        for place, person, office in holders:
            words = frozenset([*self.titles_in(office), *office.lower().split()])
            self._record(Role(place, person, words, not OBLIQUE.search(names.text, max(0, place - 30), place)))

    @cached_property
    def ages(self) -> dict[str, list[tuple[int, str]]]:
        """The persons whose age the text gives: "Ana Souza, 52,", "52-year-old Ana Souza"."""
        found: dict[str, list[tuple[int, str]]] = {}
        for part in self.names.introduced:
            if part.kind == "person":
                after = AGE_AFTER.match(self.names.text, part.end, part.end + 12)
                age = after or AGE_BEFORE.search(self.names.text, max(0, part.lead - 40), part.lead)
                if age:
                    found.setdefault(age[1], []).append((part.start, part.name))
        return found

    def _add(self, part: Part, office: str) -> None:
        words = frozenset([*self._words(part), *self.titles_in(office), *office.lower().split()])
        if words:
            person = part.name if " " in part.name else self.names.full(part.name, part.start, part.gender) or part.name
            topic = not OBLIQUE.search(self.names.text, max(0, part.lead - 30), part.lead)
            self._record(Role(part.start, person, words, topic))

    def _record(self, role: Role) -> None:
        self.persons.add(role.person)
        for word in role.words:
            self.of.setdefault(word, []).append(role)

    def _words(self, part: Part) -> Iterator[str]:
        text, start = self.names.text, part.lead
        phrases = [part.title]
        before = text[max(0, start - 60) : start]
        if match := ROLE_BEFORE.search(before) or WORD_BEFORE.search(before):
            role = match[1].rsplit(" of ", 1)[-1] if AGENT.search(match[1]) else match[1]
            phrases.append(role.removeprefix("the "))
        if match := ROLE_OF.search(text[max(0, start - 120) : start]):
            phrases.append(match[1])
        if match := ROLE_AFTER.match(text, part.end, part.end + 90):
            role = PREPOSITION.split(match["role"])[0]
            if match["article"] or text[part.end] == ",":
                phrases += [role, *(match["role"] if any(True for _ in self.titles_in(role)) else "",)]
        for phrase in phrases:
            words = phrase.lower().split()
            titles = list(self.titles_in(phrase))
            if titles or (words and AGENT.search(words[-1]) and words[-1] not in self.not_role):
                yield from titles
                yield from (word for word in words if word not in self.not_role)

    def titles_in(self, phrase: str) -> Iterator[str]:
        """Yield the titles that a phrase holds, by their names in `titles.toml`."""
        words = phrase.split()
        for length in (4, 3, 2, 1):
            for at in range(len(words) - length + 1):
                if title := self.names.titles.get(" ".join(words[at : at + length])):
                    yield title
                    if length > 1:
                        return

    def who(self, phrase: str, place: int, paragraph: int) -> tuple[str, bool]:
        """Return the person meant by a phrase, say "the French president", and whether one was so called before.

        It is the last who was so called in the paragraph and is its topic, else the one whom the text so calls most.
        """
        if phrase not in self.meant:
            roles = self._called(phrase)
            counted = Counter(role.person for role in roles)
            self.meant[phrase] = ([role.place for role in roles], roles, counted)
        places, roles, counted = self.meant[phrase]
        if not roles:
            return "", False
        at = bisect_left(places, place)
        for role in reversed(roles[max(0, at - MANY) : at]):
            if role.place >= paragraph and role.topic:
                return role.person, True
        often = counted.most_common(2)
        if len(often) > 1 and often[0][1] == often[1][1]:
            return roles[max(0, at - 1)].person, at > 0
        return often[0][0], at > 0

    def _called(self, phrase: str) -> list[Role]:
        words = phrase.split()
        title = next(self.titles_in(phrase), "") or next(self.titles_in(phrase.lower()), "")
        heads = STANDS_FOR.get(title, (title,)) if title else (words[-1].lower(),)
        wanted = {title, *(word.lower() for word in words)} - self.not_role
        peoples = {word.lower() for word in words if word in self.lexicon.adjective_words}
        for known in (self.of, self.offices):
            roles = [role for head in heads for role in known.get(head, ())]
            best = max((len(wanted & role.words) for role in roles), default=0)
            roles = [role for role in roles if len(wanted & role.words) == best and peoples <= role.words]
            if roles:
                return sorted(roles, key=lambda role: role.place)
        return []
