"""What each person of a text is said to be ("Ana Souza, a spokeswoman"), and so who "the spokeswoman" is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apparatus.extract.names import Names, Part
from apparatus.lexicon import Lexicon

DETERMINER = r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Mm]y|[’']s?)"
ROLE_BEFORE = re.compile(rf"{DETERMINER} ((?:[\w-]+ ){{0,3}}[a-z][\w-]+),? $")
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
PREPOSITION = re.compile(r" (?:of|for|at|in|from|with|to|on|who|whose|and)\b")


@dataclass(frozen=True)
class Role:
    """What a person is called at one place: the words, and the titles that they hold."""

    place: int
    person: str
    words: frozenset[str]


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
        self.of: dict[str, list[Role]] = {}
        self.offices: dict[str, list[Role]] = {}
        self.meant: dict[str, tuple[list[int], list[Role]]] = {}
        before: Part | None = None
        for part in names.first_mentions():
            if part.kind == "person":
                beside = before is not None and names.text[before.end : part.lead] in (" ", ", ")
                self._add(part, before.name if before and beside else "")
            elif part.kind == "office" and " of " in part.name:
                words = frozenset([*self.titles_in(part.name), *part.name.lower().split()])
                for word in words:
                    self.offices.setdefault(word, []).append(Role(part.start, part.name, words))
            before = part if part.kind == "office" else None
        for place, person, office in holders:
            self._record(Role(place, person, frozenset([*self.titles_in(office), *office.lower().split()])))

    def _add(self, part: Part, office: str) -> None:
        words = frozenset([*self._words(part), *self.titles_in(office), *office.lower().split()])
        if words:
            person = part.name if " " in part.name else self.names.full(part.name, part.start, part.gender) or part.name
            self._record(Role(part.start, person, words))

    def _record(self, role: Role) -> None:
        for word in role.words:
            self.of.setdefault(word, []).append(role)

    def _words(self, part: Part) -> Iterator[str]:
        text, start = self.names.text, part.lead
        phrases = [part.title]
        before = text[max(0, start - 60) : start]
        if match := ROLE_BEFORE.search(before) or WORD_BEFORE.search(before):
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

    def who(self, phrase: str, place: int) -> tuple[str, bool]:
        """Return the person meant by a phrase, say "the French president", and whether one was so called before."""
        if phrase not in self.meant:
            roles = self._called(phrase)
            self.meant[phrase] = ([role.place for role in roles], roles)
        places, roles = self.meant[phrase]
        at = bisect_left(places, place)
        return (roles[max(0, at - 1)].person if roles else ""), at > 0

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
