"""The words that put a passage to a speaker: "said", "according to", "in his words", "his statement that"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from apparatus.extract.speakers import Speakers
from apparatus.lexicon import Lexicon

KINDS = ("source", "verb", "thought", "noun")
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|as)(?: \w+ly| also| further)? $")
JOINED = re.compile(r"(?:,|\bwhile|\bby|\band|\bin)(?: \w+ly| also| further)? $")
BY = {"noun": re.compile(r" by (?:the )?| of (?:the )?(?=[A-Z])"), "verb": re.compile(r" by (?:the )?")}
OWNED = re.compile(r"['’]s?(?: [\w-]+){0,2} |(?: [\w-]+){0,2} ")
WORDY = re.compile(r"[\w’'-]")
NEAR = 90


@dataclass(frozen=True)
class Cue:
    """What puts words to someone: its place, its kind (verb thought noun source), the word and the speaker."""

    start: int
    end: int
    kind: str
    word: str
    speaker: str = ""


@lru_cache(maxsize=4)
def _automaton(lexicon: Lexicon) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for kind in reversed(KINDS):
        for word in lexicon.reporting[kind]:
            for form in {word, word.capitalize()} if kind == "noun" else {word}:
                automaton.add_word(form, (kind, form))
    automaton.make_automaton()
    return automaton


class Cues:
    """The reporting words of one text, in order, and who speaks by each."""

    def __init__(self, speakers: Speakers) -> None:
        """Find every reporting word once."""
        self.text, self.speakers = speakers.text, speakers
        self.words = list(self._find())
        self.starts = [cue.start for cue in self.words]

    def _find(self) -> Iterator[Cue]:
        hits = [(end + 1 - len(word), end + 1, kind, word) for end, (kind, word) in self._hits()]
        last = 0
        for start, end, kind, word in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            if start >= last:
                yield Cue(start, end, kind, word)
                last = end

    def _hits(self) -> Iterator[tuple[int, tuple[str, str]]]:
        for end, hit in _automaton(self.speakers.lexicon).iter(self.text):
            start = end + 1 - len(hit[1])
            before, after = self.text[start - 1 : start] if start else "", self.text[end + 1 : end + 2]
            if not (WORDY.match(before) or (WORDY.match(after) and after not in "’'")):
                yield end, hit

    def plain(self, start: int, end: int, kind: str) -> Cue | None:
        """Return the first reporting word of a kind in an interval, whoever speaks."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return next((cue for cue in self.words[low:high] if cue.kind == kind and cue.end <= end), None)

    def between(self, start: int, end: int, *, strict: bool = False) -> list[Cue]:
        """Return the cues of an interval, in order; a speaker is "" where the interval names none before.

        With `strict`, one who only owns the subject does not speak: "Macron's visit underscores".
        """
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [self._spoken(cue, start, end, strict) for cue in self.words[low:high] if cue.end <= end]

    def _spoken(self, cue: Cue, start: int, end: int, strict: bool) -> Cue:
        by = BY.get(cue.kind, BY["verb"]).match(self.text, cue.end)
        if cue.kind == "source":
            speaker = self._source(cue, start, end)
        elif by and (after := self.speakers.between(cue.end, min(end, cue.end + NEAR))):
            speaker = after[0].speaker
        elif cue.kind == "noun":
            speaker = self._possessor(cue, start)
        else:
            speaker = self._subject(cue, start, strict)
        return Cue(cue.start, cue.end, cue.kind, cue.word, speaker)

    def _subject(self, cue: Cue, start: int, strict: bool) -> str:
        """Return the subject of a verb; a passive has none, nor has a participle that hangs on a noun."""
        if not cue.word.endswith(("s", "ing")) and PASSIVE.search(self.text, max(start, cue.start - 25), cue.start):
            return ""
        if strict and cue.word.endswith("ing") and not JOINED.search(self.text, max(start, cue.start - 12), cue.start):
            return ""
        subject = self.speakers.subject(start, cue.start, strict=strict)
        return subject.speaker if subject else ""

    def _source(self, cue: Cue, start: int, end: int) -> str:
        """Return the speaker after "according to" or before "quoted as saying", or whose words "in his words" are."""
        if " his" in cue.word or " her" in cue.word:
            found = self.speakers.between(cue.start, cue.end)
        elif "quoted as" in cue.word:
            found = self.speakers.between(max(start, cue.start - NEAR), cue.start)[-1:]
        elif self.text.startswith(" which", cue.end):
            subject = self.speakers.subject(start, cue.start)
            found = [subject] if subject else []
        else:
            found = self.speakers.between(cue.end, min(end, cue.end + NEAR))
        return found[0].speaker if found else ""

    def _possessor(self, cue: Cue, start: int) -> str:
        """Return whose statement it is: the candidate before, in the possessive."""
        for one in reversed(self.speakers.between(max(start, cue.start - 60), cue.start)):
            owner = (
                self.text[one.start : one.end].lower() in ("his", "her") or "s" in self.text[one.end - 2 : one.end + 2]
            )
            if owner and OWNED.fullmatch(self.text, one.end, cue.start):
                return one.speaker
        return ""
