"""What a number is about: the noun phrase that says what is counted or measured, without the number itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.lexicon import Lexicon

LETTERS = r"[^\W\d_]+(?:[’'.-][^\W\d_]+)*"
NAMED = re.compile(LETTERS)
AFTER = re.compile(rf"[ -]?({LETTERS})(?![\w%])")
BEFORE = re.compile(rf"(?<![\w’'.-])({LETTERS}) $")
MOST = 8  # words
LONGEST = 30  # letters of one word


class Topics:
    """Finds by the word classes of one lexicon where the noun phrase next to a number begins and ends."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the word classes that matter from the lexicon."""
        grammar, numbers = lexicon.grammar, lexicon.numbers
        self.prepositions, self.determiners = grammar["preposition"], grammar["determiner"]
        self.small = self.prepositions | self.determiners
        self.verbs = (
            (grammar["verb"] | grammar["past"] | grammar["change"] | grammar["of_money"]) - grammar["noun"] - self.small
        )
        numerals = frozenset([*numbers.cardinal, *numbers.magnitude, *numbers.ordinal, *numbers.many])
        ends = grammar["function"] | grammar["verb"] | grammar["past"] | numerals
        self.ends = {word.lower() for word in ends} - self.small
        self.nouns = grammar["noun"]
        self.times = {word for word, unit in lexicon.units.items() if unit.kind == "duration"}
        self.measures = {word for word, unit in lexicon.units.items() if unit.kind != "count"}

    def of(self, text: str, start: int, number_end: int, end: int) -> str:
        """Return what a number from `start` is about; its span ends at `end`, with the noun or the unit it has."""
        unit = text[number_end:end].strip(" -")
        named = [
            word
            for word in ([] if unit in self.measures else NAMED.findall(unit))
            if word.lower() not in self.ends | self.small and word.split("-")[0] not in self.measures
        ]
        after = self._following(text, end, MOST - len(named))
        if named or after[:1] == ["of"] or (after and after[0].lower() not in self.small):
            return " ".join(self._bare([*named, *after]))
        if unit in self.times and text.endswith((" in ", " within "), 0, start):
            return ""  # “killed by the guards in one night” counts no guards
        return " ".join(self._preceding(text, start) or (self._bare(after) if after[:1] == ["for"] else []))

    def _following(self, text: str, at: int, most: int) -> list[str]:
        """Return the words of the phrase that goes on at a place, without a small word at its end."""
        words: list[str] = []
        while len(words) < most and (match := AFTER.match(text, at, at + LONGEST)):
            low = match[1].lower()
            opens = low in self.determiners and not (words and words[-1].lower() in self.small)
            acts = low.endswith("ed") and not self.prepositions.isdisjoint(words)
            if acts or low == "to" or self._ends(low) or opens:
                break
            words.append(match[1])
            at = match.end()
        while words and (words[-1].lower() in self.small or words[-1].endswith(("'s", "’s"))):
            words.pop()
        return words

    def _preceding(self, text: str, at: int) -> list[str]:
        """Return the words of the phrase before a number and its verb: "price of oil" of "the price of oil rose to"."""
        words: list[str] = []
        for word in self._backwards(text, at):
            low = word.lower()
            if not words and low in self.determiners:
                break  # "26 children among the 1275": a phrase of its own
            if not words and (low in self.small or low in self.verbs or self._acts(low)):
                continue
            if low == "to" and words[-1].islower():
                words.pop()  # the infinitive
                break
            owned = bool(words) and words[-1].lower() in self.determiners and low not in self.prepositions
            if owned or self._ends(low) or low in self.verbs or word in self.measures:
                break
            words.append(word)
        return self._bare(words[::-1])

    def _acts(self, word: str) -> bool:
        """Tell a participle or an adverb between a noun and its number: "was selling", "totalled", "roughly"."""
        return word.endswith(("ly", "ed", "ing")) and word not in self.nouns

    def _ends(self, word: str) -> bool:
        """Tell a word that is no part of a noun phrase: "who", "three", "went", "I'm"."""
        return re.split("[’']", word)[0] in self.ends

    def _bare(self, words: list[str]) -> list[str]:
        """Return words without the small ones they begin with."""
        return words[next((at for at, word in enumerate(words) if word.lower() not in self.small), len(words)) :]

    @staticmethod
    def _backwards(text: str, at: int) -> Iterator[str]:
        """Yield the nearest words before a place, the last first, up to a mark or a digit."""
        for _ in range(MOST):
            match = BEFORE.search(text, max(0, at - LONGEST), at)
            if not match:
                return
            yield match[1]
            at = match.start()
