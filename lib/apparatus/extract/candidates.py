"""A passage that may name a speaker, and what its neighbours tell of its place in the clause."""

from __future__ import annotations

import re
from typing import NamedTuple

OBLIQUE = re.compile(
    r"\b(?:of|at|in|to|with|from|by|for|on|against|between|under|including|via|and|or|like|over|about|as|than|after|before)"
    r"(?: the| an?| his| her| its| their)?(?: [\w-]+)?(?: [\w-]+)? $"
)
CONJUNCTION = re.compile(
    r"\b(?:and|or|after|before|as|than|but|while|that|when|what|which|who|how|if|because|since|where)"
    r"(?: the| an?| his| her| its| their)?(?: [\w-]+)?(?: [\w-]+)? $"
)
ADVERBS = re.compile(
    r"(?:,[^,.;]{0,60},)?(?: (?:has|have|had|also|further|then|later|earlier|once|repeatedly|did|not|never|itself"
    r"|himself|herself|is|was|reported to have|said to have|tends? to|\w+ly))* "
)
KINDS = ("person", "body", "country", "place")
SPEAKING = ("person", "body", "group")


class Candidate(NamedTuple):
    """A passage that may name a speaker. `kind`: person body group country place; `form`: name title pronoun."""

    start: int
    end: int
    speaker: str
    kind: str
    form: str = "name"
    gender: str = ""
    lead: int = -1  # where the title before a name begins, if it has one

    @property
    def head(self) -> int:
        """Where the passage begins with the title before the name."""
        return self.lead if self.lead >= 0 else self.start


def owns(text: str, one: Candidate) -> bool:
    """Tell an owner: "Macron's visit", "his visit"."""
    if text[one.end : one.end + 1] in ("'", "’"):
        return True
    word = text[one.start : one.end].lower() if one.form == "pronoun" else ""
    return word == "his" or (word == "her" and bool(re.match(r" \w", text[one.end : one.end + 2])))


def is_straight(text: str, one: Candidate) -> bool:
    """Tell a candidate that may be a subject from an owner and from one after a preposition."""
    if owns(text, one) or (one.form == "pronoun" and text[one.start : one.end].lower() in ("him", "her")):
        return False
    return not OBLIQUE.search(text, max(0, one.head - 30), one.head)


def begins_clause(text: str, one: Candidate, verb: int) -> bool:
    """Tell a subject right before its verb from what a preposition governs: "after the coach said"."""
    if owns(text, one) or not ADVERBS.fullmatch(text, one.end, verb):
        return False
    return bool(CONJUNCTION.search(text, max(0, one.head - 40), one.head))
