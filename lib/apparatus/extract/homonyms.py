"""What a name of the gazetteer names where it stands: the country, or a player of that name."""

from __future__ import annotations

import re
from functools import lru_cache

from apparatus.lexicon import Homonym, Lexicon, Name, alternatives
from apparatus.sentences import load_stops

NEAR = 200  # characters on either side in which a word tells what a name means
LONGEST_WORD = 25
WORD = re.compile(r"[^\W\d_][\w-]{,40}")
STOPS = '.!?…:\n"“”'


@lru_cache(maxsize=2)
def _institutions(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf" (?:[A-Z][\w’-]* ){{0,3}}{alternatives(lexicon.grammar['institution'])}\b")


class Homonyms:
    """Tells, name after name through one text, which is another's: it remembers who was named before."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Prepare for the names of one text, given in order."""
        self.text, self.lexicon = text, lexicon
        self.institution = _institutions(lexicon)
        self.compound = re.compile(rf"(?<![\w-]){alternatives(lexicon.grammar['compound'])}[ -]$")
        self.compound_ends = frozenset(word[-1] for word in lexicon.grammar["compound"])
        self.others: set[str] = set()  # words that named another person, or the other thing, when last told apart
        self.named: set[str] = set()  # entities named in full

    def is_another(self, start: int, end: int, name: Name) -> bool:
        """Tell whether the words at a place name something else than the gazetteer's entity."""
        if name.kind == "person":
            return self._is_another_person(start, end, name)
        if name.kind in ("place", "country", "people"):
            if self.text[start - 2] in self.compound_ends and self._is_in_compound(start):
                return True
            if name.kind != "people" and self._is_in_institution(start, end):
                return True
            return " " not in name.name and self._is_another_place(start, end, name)
        return False

    def _is_another_person(self, start: int, end: int, name: Name) -> bool:
        if " " in name.name:
            self.named.add(name.entity)
            self.others.discard(name.entity)
            return False
        before = self._word_before(start)
        if before and self._is_given(before, start, name):
            if name.entity not in self.named:
                self.others.add(name.entity)
            return True
        if before and self._is_title(before) and before not in self.lexicon.titles["courtesy"]:
            self.others.discard(name.entity)
        after = self._word_after(end)
        given = bool(after) and name.name in self.lexicon.first_names and self._is_last(after)
        return given or after in self.lexicon.grammar["institution"] or name.entity in self.others or self._is_half(end)

    def _is_given(self, before: str, start: int, name: Name) -> bool:
        """Tell another person's first name or initial from a title and from a sentence's first word."""
        if before.endswith("."):
            initial = len(before) == 2
            return initial and all(part[0] != before[0] for part in name.entity.split())
        if before in self.lexicon.first_names:
            return before not in name.entity.split()
        return self._inside(start - len(before) - 1) and not self._is_common(before)

    def _is_half(self, end: int) -> bool:
        """Tell the first half of a double name ("Scholz-Bauer") from a pair ("Putin-Biden summit")."""
        if self.text[end : end + 1] != "-" or not self.text[end + 1 : end + 2].isupper():
            return False
        word = WORD.match(self.text, end + 1)
        return word is None or word[0].split("-")[0] not in self.lexicon.person_words

    def _is_another_place(self, start: int, end: int, name: Name) -> bool:
        homonym = self.lexicon.homonyms.get(name.name)
        if homonym and (homonym.near or homonym.but_near):
            self._look_round(start, end, name.name, homonym)
        before, after = self._word_before(start), self._word_after(end)
        if before and self._is_surname(before, start, homonym):
            if homonym and homonym.but_near:
                self.others.add(name.name)
            return True
        if after and self._is_first(after, name, homonym):
            return True
        if before in ("in", "In"):
            self.others.discard(name.name)
        return name.name in self.others

    def _is_surname(self, before: str, start: int, homonym: Homonym | None) -> bool:
        if before in self.lexicon.titles["courtesy"]:
            return True
        if before in self.lexicon.first_names:
            return before not in self.lexicon.places and before not in self.lexicon.adjective_words
        if not homonym or "surname" not in homonym.also or before == "in":
            return False
        if self._is_title(before):
            return True
        return self._inside(start - len(before) - 1) and not self._is_common(before)

    def _is_first(self, after: str, name: Name, homonym: Homonym | None) -> bool:
        first = bool(homonym and "first name" in homonym.also) or name.name in self.lexicon.first_names
        return first and self._is_last(after)

    def _is_last(self, after: str) -> bool:
        """Tell what may be a surname from a title, a day, a people and what makes the name of a body."""
        grammar = self.lexicon.grammar
        return not (self._is_common(after) or after in grammar["organisation"] or after.lower() in grammar["group"])

    def _is_in_compound(self, start: int) -> bool:
        """Tell the place in "Port Sudan" and "Inter-American"."""
        low = max(0, start - LONGEST_WORD)
        return self.compound.search(self.text, low, start) is not None

    def _is_in_institution(self, start: int, end: int) -> bool:
        """Tell the place in "Moscow State University" and in "Bank of Georgia"."""
        if self.text[end : end + 1] == " " and self.text[end + 1 : end + 2].isupper():
            return self.institution.match(self.text, end) is not None
        if self.text[max(0, start - 4) : start] != " of ":
            return False
        return self._word_before(start - 3) in self.lexicon.grammar["institution"]

    def _look_round(self, start: int, end: int, word: str, homonym: Homonym) -> None:
        round_it = self.text[max(0, start - NEAR) : end + NEAR]
        if self.text.endswith(", ", 0, start):  # "Atlanta, Georgia": the word beside it outweighs those round it
            beside = self.text[max(0, start - LONGEST_WORD) : start - 2]
            if any(beside.endswith(sign) for sign in homonym.near):
                round_it = beside
        if any(sign in round_it for sign in homonym.but_near):
            self.others.discard(word)
        elif any(sign in round_it for sign in homonym.near):
            self.others.add(word)

    def _word_before(self, start: int) -> str:
        """Return the capitalised word that stands directly before a place, or "in", or ""."""
        text = self.text
        if start < 2 or text[start - 1] != " ":
            return ""
        low = max(0, start - LONGEST_WORD)
        at = text.rfind(" ", low, start - 1) + 1
        if text[at].islower():
            return "in" if text[at : start - 1] == "in" else ""
        word = text[max(at, text.rfind("\n", low, start - 1) + 1) : start - 1].lstrip('"“‘«(')
        if word[-1:] == "." and len(word) > 2 and word[:-1] not in load_stops().abbreviations:
            return ""  # the end of a sentence
        fits = word[:1].isupper() and (word[-1].isalnum() or word[-1] == ".") and word[-2:] not in ("'s", "’s")
        return word if fits else ""

    def _word_after(self, end: int) -> str:
        text = self.text
        if text[end : end + 1] != " " or not text[end + 1 : end + 2].isupper():
            return ""
        word = WORD.match(text, end + 1)
        return word[0] if word else ""

    def _inside(self, at: int) -> bool:
        """Tell a place inside a sentence, where a capital is no mark of the beginning."""
        return at > 1 and self.text[at - 1] == " " and self.text[at - 2] not in STOPS

    def _is_title(self, word: str) -> bool:
        return word in self.lexicon.title_words or word.capitalize() in self.lexicon.title_words

    def _is_common(self, word: str) -> bool:
        """Tell a capitalised word that is no part of a person's name."""
        lexicon = self.lexicon
        common, region = lexicon.common_words, lexicon.grammar["region"]
        return (
            word in common
            or word.capitalize() in common
            or any(word in names for names in (lexicon.adjective_words, lexicon.places, region))
        )
