"""The medium through which words came: "told Reuters", "in an interview with Le Monde", "TASS quoted him as saying"."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from apparatus.extract.names import WORD
from apparatus.extract.speakers import Speakers
from apparatus.lexicon import Lexicon, alternatives

NAME = rf"(?:(?:al|el|an|as|ar|ash)-)?{WORD}(?: (?:of |of the |de |du |des )?{WORD})*"
TOLD = (
    r"(?i:t(?:old|ell(?:s|ing))"
    r"|(?:interview(?:s|ed)?|conversation|talk|comments?|remarks?|statements?|speaking|spoke|speaks)"
    r" (?:with|to|for|on|by)"
    r"|(?:quoted|cited|reported|carried|published|broadcast|asked|interviewed) (?:by|in|on)"
    r"|(?:wrote|writes|writing|written|article|column|essay|op-ed|piece|comment|commentary|posted|post|tweet)"
    r" (?:in|for|on)"
    r"|according to|said (?:on|in an interview with))"
)
GENERIC = re.compile(
    rf"(?<!\w){TOLD} (?:the|this) (?:\w+ )?"
    r"(?:agency|newspaper|paper|magazine|daily|weekly|broadcaster|channel|station)(?!\w| [A-Z])"
)


@lru_cache(maxsize=4)
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    media = alternatives(lexicon.reporting["medium"])
    descriptor = alternatives(lexicon.reporting["kind of medium"])
    part = alternatives(lexicon.reporting["part of a medium"])
    named = (
        rf"(?:{media}(?![\w-])|{NAME}(?= {descriptor})|{descriptor} (?P<after>{NAME})"
        rf"|(?=(?:[\w.’-]+ ){{0,4}}?{part}\b){NAME})"
    )
    lead = r"(?:the |an? |our |its )?(?:(?!that\b|how\b|a\b|the\b)[\w’-]+ ){0,3}?"
    quoted_by = r"(?:quoted|cited|reported|carried) by (?:the )?"
    return (
        re.compile(rf"(?<!\w)(?:{TOLD} {lead}(?P<name>{named})|{quoted_by}(?P<short>[A-Z]{{2,8}})(?!\w))"),
        re.compile(rf"(?P<name>{NAME})(?: {descriptor})? (?:has |had )?(?:quot(?:ed|es)|cit(?:ed|es)) "),
        re.compile(rf"(?<![\w’'-])(?P<name>{named})"),
    )


FAR = 1500  # characters in which the agency is looked for that "the agency" goes back to


class Media:
    """The media that one text names."""

    def __init__(self, speakers: Speakers) -> None:
        """Take the names of media from the lexicon."""
        self.text, self.lexicon = speakers.text, speakers.lexicon
        self.told, self.quoting, self.any = _patterns(speakers.lexicon)

    @cached_property
    def _short(self) -> dict[str, str]:
        """The full name of each abbreviation that the text explains: "Saudi Press Agency (SPA)"."""
        full: dict[str, str] = {}
        for match in re.finditer(r" \(?([A-Z]{2,8})(?![\w-])", self.text):
            name = re.search(rf"{NAME}$", self.text[max(0, match.start() - 80) : match.start()])
            if name and "".join(word[0] for word in name[0].split() if word[0].isupper()).endswith(match[1]):
                full.setdefault(match[1], " ".join(name[0].split()[-len(match[1]) :]))
        return full

    def within(self, start: int, end: int) -> str:
        """Return the medium named in an interval as the one to which something was said, or ""."""
        match = self.told.search(self.text, start, end)
        if match:
            return self._full(match["after"] or match["name"] or match["short"])
        match = self.quoting.search(self.text, start, end)
        if match and re.search(
            r"as (?:saying|telling)|(?:him|her|them|one|an?|the) ", self.text[match.end() : match.end() + 90]
        ):
            return self._full(match["name"])
        if GENERIC.search(self.text, start, end):
            earlier = list(self.any.finditer(self.text, max(0, start - FAR), start))
            return self._full(earlier[-1]["after"] or earlier[-1]["name"]) if earlier else ""
        return ""

    def _full(self, name: str) -> str:
        name = re.sub(r"^The ", "", re.sub(r"[’']s?$", "", name))
        *rest, last = name.split()
        return " ".join(rest) if rest and last in self._short else self._short.get(name, name)
