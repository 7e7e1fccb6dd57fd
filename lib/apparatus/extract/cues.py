"""The words that put a passage to a speaker: "said", "according to", "in his words", "his statement that"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from apparatus.extract.speakers import Speakers
from apparatus.lexicon import Lexicon, alternatives

PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|as)(?: \w+ly| also| further)? $")
JOINED = re.compile(r"(?:,|\bwhile|\bby|\band|\bin)(?: \w+ly| also| further)? $")


@dataclass(frozen=True)
class Cue:
    """What puts words to someone: its place, its kind (verb thought noun source), the word and the speaker."""

    start: int
    end: int
    kind: str
    word: str
    speaker: str


@lru_cache(maxsize=4)
def pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """Return the pattern of every reporting word; the name of the group that matched is its kind."""
    kinds = ("source", "verb", "thought", "noun")
    words = {kind: set(lexicon.reporting[kind]) for kind in kinds}
    words["noun"] |= {word.capitalize() for word in words["noun"]}
    groups = "|".join(f"(?P<{kind}>{alternatives(words[kind])})" for kind in kinds)
    return re.compile(rf"(?<![\w’'-])(?:{groups})(?![\w-])")


def cues(text: str, start: int, end: int, speakers: Speakers, *, strict: bool = False) -> list[Cue]:
    """Return the cues of an interval, in order; a speaker is "" where the interval names none before.

    With `strict`, one who only owns the subject does not speak: "Macron's visit underscores".
    """
    found = pattern(speakers.lexicon).finditer(text, start, end)
    return [_read(text, start, end, match, speakers, strict) for match in found]


def _read(text: str, start: int, end: int, match: re.Match[str], speakers: Speakers, strict: bool) -> Cue:
    kind = match.lastgroup or ""
    by = re.match(
        r" by (?:the )?| of (?:the )?(?=[A-Z])" if kind == "noun" else r" by (?:the )?",
        text[match.end() : match.end() + 8],
    )
    if kind == "source":
        speaker = _source(text, start, end, match, speakers)
    elif by and (after := speakers.between(match.end(), min(end, match.end() + 90))):
        speaker = after[0].speaker
    elif kind == "noun":
        speaker = _possessor(text, start, match, speakers)
    else:
        passive = PASSIVE.search(text, max(start, match.start() - 25), match.start()) and not match[0].endswith(
            ("s", "ing")
        )
        dangling = (
            strict
            and match[0].endswith("ing")
            and not JOINED.search(text, max(start, match.start() - 12), match.start())
        )
        subject = None if passive or dangling else speakers.subject(start, match.start(), strict=strict)
        speaker = subject.speaker if subject else ""
    return Cue(match.start(), match.end(), kind, match[0], speaker)


def _source(text: str, start: int, end: int, match: re.Match[str], speakers: Speakers) -> str:
    """Return the speaker after "according to" or before "quoted as saying", or whose words "in his words" are."""
    if " his" in match[0] or " her" in match[0]:
        inside = speakers.between(match.start(), match.end())
        return inside[0].speaker if inside else ""
    if "quoted as" in match[0]:
        before = speakers.between(max(0, match.start() - 90), match.start())
        return before[-1].speaker if before else ""
    if text.startswith(" which", match.end()):
        subject = speakers.subject(start, match.start())
        return subject.speaker if subject else ""
    after = speakers.between(match.end(), min(end, match.end() + 90))
    return after[0].speaker if after else ""


def _possessor(text: str, start: int, match: re.Match[str], speakers: Speakers) -> str:
    """Return whose statement it is: the candidate before, in the possessive."""
    for one in reversed(speakers.between(max(start, match.start() - 60), match.start())):
        between = text[one.end : match.start()]
        if re.fullmatch(r"(?:['’]s?)?(?: [\w-]+){0,2} ", between) and (text[one.end - 2 : one.end + 2].find("s") >= 0):
            return one.speaker
    return ""
