"""The words that put a passage to a speaker: "said", "according to", "in his words", "his statement that"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from apparatus.extract.candidates import ADVERBS, Candidate
from apparatus.extract.speakers import Speakers
from apparatus.lexicon import Lexicon

KINDS = ("source", "verb", "thought", "noun")
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|as)(?: \w+ly| also| further)? $")
JOINED = re.compile(r"(?:,|\bwhile|\bby|\band|\bin)(?: \w+ly| also| further)? $")
BY = {
    "noun": re.compile(r" by (?:the )?| of (?:the |his |her )?(?:[a-z]+ ){0,2}(?=[A-Z])"),
    "verb": re.compile(r" by (?:the )?"),
}
OWNED = re.compile(r"['’]s?(?: [\w-]+){0,2} |(?: [\w-]+){0,2} ")
AS_SAYING = re.compile(r" (?!by )(?P<who>(?:[^\s,.;:“”\"]+ ){1,12}?)as (?:saying|telling|having said|writing)\b")
QUOTED_BY = re.compile(r"\b(?:is|are|was|were|been|being) (?:quoted|cited|reported) (?:by [^.;:“”\"]{2,60} )?as $")
AFTER_AND = re.compile(r"\b(?:and|but|or|then) (?:\w+ly |also |then |later )*$")
UNNAMED = re.compile(
    r"(?:^|[\s“(–—-])(?:(?P<article>[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur) )"
    r"(?P<phrase>(?:(?!the |an? |his |her |its |their )[\w’-]+ ){0,3}?[\w’-]+"
    r"(?P<field> (?:of|in|from|at|for|with) (?:the |an? )?[\w’-]+(?: [A-Z][\w-]+)*)?)$"
)
PLURAL = re.compile(r"(?:^|[.!?,;:] |[Aa]s )(?P<phrase>(?:[A-Z]?[\w-]+ )?[\w-]+s)$")
ONE_OF = re.compile(
    r"\b((?:[Oo]ne|[Ss]ome|[Mm]any|[Ss]everal|[Mm]ost|[Tt]wo) of (?:the |his |her |their |its )?(?:[a-z-]+ )?[a-z-]+)$"
)
ONE_OF_MANY = re.compile(
    r" ?((?:one|some|many|several|most|two) of (?:the |his |her |their |its )?[a-z-]+)(?=[,.;]| |$)"
)
READ = re.compile(
    r"(?:reads?|ran|runs|says|said) (?:the|an?|his|her|its|their) (?:[\w-]+ ){0,2}?(?P<document>[\w-]+)"
    r"(?= (?:from|by|of|to|in|on|issued|posted|published|sent|signed|that)\b|[,.;])"
    r"|(?:the|an?|his|her|its|their) (?:[\w-]+ ){0,2}?(?P<own>[\w-]+)"
    r"(?: (?:from|by|of) [^,.;]{2,50})? (?:reads?|ran|runs)\b"
)
APPOSED = re.compile(r"(?<=[a-z]), (?:an?|the|who|whose|[a-z]+ed) [^,.;:“”\"]{3,80},$")
AUXILIARY = re.compile(
    r"(?:,? (?:who|had|has|have|also|then|later|once|was|were|is|did|not|never|\w+ly|would|will|could"
    r"|used to|liked to|likes to|went on to|himself|herself|itself|themselves))* $"
)
CALLS = re.compile(rf"(?: (?:in|of|at) (?:the )?[A-Z][\w-]*)?{AUXILIARY.pattern}")
MODAL = re.compile(r"(?:\bto|\bwill|\bwould|\bcan|\bcould|\bmay|\bmight|\bshould|\bmust|\bthey|\bwho|,) (?:\w+ly )?$")
WORDY = re.compile(r"[\w’'-]")
NEAR = 90
FAR = 240


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
    """The reporting words of one text, in order, and who speaks by each; read where they are asked for."""

    def __init__(self, speakers: Speakers) -> None:
        """Prepare to find reporting words, sentence by sentence."""
        self.text, self.speakers = speakers.text, speakers
        self.words: dict[int, list[Cue]] = {}

    def _find(self, start: int, end: int) -> Iterator[Cue]:
        hits = [(at + 1 - len(word), at + 1, kind, word) for at, (kind, word) in self._hits(start, end)]
        last = 0
        for low, high, kind, word in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            if low >= last:
                yield Cue(low, high, kind, word)
                last = high

    def _hits(self, start: int, end: int) -> Iterator[tuple[int, tuple[str, str]]]:
        for at, hit in _automaton(self.speakers.lexicon).iter(self.text[start:end]):  # `iter` copies all it is given
            end_at = start + at
            low = end_at + 1 - len(hit[1])
            before, after = self.text[low - 1 : low] if low else "", self.text[end_at + 1 : end_at + 2]
            if not (WORDY.match(before) or (WORDY.match(after) and after not in "’'")):
                yield end_at, hit

    def plain(self, start: int, end: int, *kinds: str) -> list[Cue]:
        """Return the reporting words of some kinds in an interval, whoever speaks."""
        edges = self.speakers.sentences
        low, high = bisect_left(edges, start + 1) - 1, bisect_left(edges, end)
        found: list[Cue] = []
        for index in range(max(low, 0), high):
            if index not in self.words:
                stop = edges[index + 1] if index + 1 < len(edges) else len(self.text)
                self.words[index] = list(self._find(edges[index], stop))
            found += self.words[index]
        return [cue for cue in found if start <= cue.start and cue.end <= end and (not kinds or cue.kind in kinds)]

    def between(self, start: int, end: int, *, strict: bool = False, last: int = 0) -> list[Cue]:
        """Return the cues of an interval, in order; a speaker is "" where the interval names none before.

        With `strict`, one who only owns the subject does not speak: "Macron's visit underscores". `last`: so many only.
        """
        return [self._spoken(cue, start, end, strict) for cue in self.plain(start, end)[-last:]]

    def _spoken(self, cue: Cue, start: int, end: int, strict: bool) -> Cue:
        by = BY.get(cue.kind, BY["verb"]).match(self.text, cue.end)
        if cue.kind == "source":
            speaker = self._source(cue, start, end)
        elif cue.word in ("saying", "telling") and (
            passive := QUOTED_BY.search(self.text, max(start, cue.start - NEAR), cue.start)
        ):
            subject = self.speakers.subject(start, passive.start())
            speaker = subject.speaker if subject else ""
        elif cue.kind == "verb" and (quoted := self.as_saying(cue)):
            speaker = quoted
        elif by and (after := self.speakers.between(cue.end, min(end, cue.end + NEAR))):
            speaker = after[0].speaker
        elif cue.kind == "noun":
            speaker = self._possessor(cue, start)
        else:
            speaker = self._subject(cue, start, strict)
        return Cue(cue.start, cue.end, cue.kind, cue.word, speaker)

    def is_bare(self, cue: Cue) -> bool:
        """Tell a form without an ending ("state", "report"), which after a quotation is seldom a verb."""
        return self.speakers.lexicon.reporting["verb"].get(cue.word) == cue.word

    def as_saying(self, verb: Cue) -> str:
        """Return who is quoted: "the radio quoted one witness as saying"."""
        match = AS_SAYING.match(self.text, verb.end, verb.end + NEAR)
        return self.who(match.start("who"), match.end("who")) if match else ""

    def caller(self, start: int, verb: int) -> str:
        """Return who calls something so: the subject right before the verb, or the noun phrase that is one."""
        if phrase := self.unnamed(start, verb):
            return phrase
        subject = self.speakers.subject(start, verb)
        if subject and self.speakers.may_begin(subject, verb) and CALLS.fullmatch(self.text, subject.end, verb):
            return subject.speaker
        apposed = self.text[verb - 2 : verb] == ", " and subject and subject.kind == "person"
        return subject.speaker if subject and apposed else ""

    def caller_after(self, start: int, end: int) -> str:
        """Return who is named behind "by": "called “the new Rome” by its founder"."""
        match = re.compile(r"[”\"’'»]?,? by (?:the )?|by (?:the )?").match(self.text, start, end)
        return self.inverted(match.end(), end) if match else ""

    def who(self, start: int, end: int) -> str:
        """Return whoever a noun phrase names, or the phrase itself without its article."""
        found = [one for one in self.speakers.between(start, end) if not self.speakers.owns(one)]
        people = [one for one in found if one.kind == "person"]
        if found:
            return (people or found)[0].speaker
        return re.sub(r"^(?:the|an?|one) ", "", self.text[start:end].strip(), flags=re.IGNORECASE)

    def _subject(self, cue: Cue, start: int, strict: bool) -> str:
        """Return the subject of a verb; a passive has none, nor has a participle that hangs on a noun."""
        if not cue.word.endswith(("s", "ing")) and PASSIVE.search(self.text, max(start, cue.start - 25), cue.start):
            return ""
        if strict and cue.word.endswith("ing") and not JOINED.search(self.text, max(start, cue.start - 12), cue.start):
            return ""
        if not strict and not cue.word.endswith("ing") and (phrase := self.unnamed(start, cue.start)):
            return phrase
        subject = self.speakers.subject(start, cue.start, strict=strict)
        if (
            cue.word in self.speakers.lexicon.reporting["noun"]
            and subject
            and not MODAL.search(self.text, start, cue.start)
        ):
            plain = ADVERBS.fullmatch(self.text, subject.end, cue.start) and not self.speakers.owns(subject)
            return subject.speaker if plain else self._possessor(cue, start)
        return self.speakers.joined(subject) if subject else ""

    def unnamed(self, start: int, verb: int, after: int = -1) -> str:
        """Return the noun phrase that is the subject of a verb and holds no candidate: "a Hungarian colleague".

        With `after` it must begin there.
        """
        end = verb
        if match := AUXILIARY.search(self.text, max(start, verb - 60), verb):
            end = match.start()
        if apposition := APPOSED.search(self.text, max(start, end - 120), end):
            end = apposition.start()
        before = self.text[max(start, end - 90) : end]
        if one_of := ONE_OF.search(before):
            return one_of[1]
        match = UNNAMED.search(before) or (PLURAL.search(before) if len(before) < 60 else None)
        if not match or (after >= 0 and end - len(before) + match.start() - after > 2):
            return ""
        low = end - len(before) + match.start("phrase")
        head = low + len(match["phrase"]) - len(match.groupdict().get("field") or "")
        inside = [one for one in self.speakers.between(low, end) if one.start < head]
        if any(one.kind != "country" or one.form == "title" for one in inside):
            return ""
        words, function = match["phrase"].lower().split(), self.speakers.lexicon.grammar["function"]
        if words[-1] in function or (words[0] in function and "of" not in words):
            return ""
        head_words = self.text[low:head].split()
        if head_words and head_words[-1].lower() in self.speakers.lexicon.reporting["document"]:
            return self._issuer(low, head, verb) or match["phrase"]
        return match["phrase"]

    def _issuer(self, start: int, head: int, verb: int) -> str:
        """Return who issued a document that speaks: "her letter", "a report by the Audit Office", "the statement"."""
        by = [one for one in self.speakers.between(head, verb) if not self.speakers.owns(one)]
        owner = [
            one
            for one in self.speakers.between(max(0, start - 30), start)
            if OWNED.fullmatch(self.text, one.end, start)
        ]
        issuing = ("by ", "from ", "by the ", "from the ")
        by = [one for one in by if self.text[max(0, one.head - 9) : one.head].endswith(issuing)] or by
        found = by or [one for one in owner if self.speakers.owns(one)]
        if found:
            return found[0].speaker
        meant = self.speakers.pronouns.meant("it", start)
        return meant.speaker if meant else ""

    def issuer_after(self, start: int, end: int) -> str:
        """Return who issued the document that a quotation is from: "…," her letter read; "…," read a statement by X."""
        match = READ.match(self.text, start, end)
        kind = "document" if match and match["document"] else "own"
        if not match or match[kind].lower() not in self.speakers.lexicon.reporting["document"]:
            return ""
        return self._issuer(match.start(kind), match.end(kind), min(end, match.end(kind) + NEAR))

    def _source(self, cue: Cue, start: int, end: int) -> str:
        """Return the speaker after "according to" or before "quoted as saying", or whose words "in his words" are."""
        if " his" in cue.word or " her" in cue.word:
            found = self.speakers.between(cue.start, cue.end)
        elif self.text.startswith(" which", cue.end) or "quoted" in cue.word:
            subject = self.speakers.subject(start, cue.start)
            found = [subject] if subject else []
        else:
            return self._named_after(cue, end)
        return found[0].speaker if found else ""

    def _named_after(self, cue: Cue, end: int) -> str:
        found = [one for one in self.speakers.between(cue.end, min(end, cue.end + NEAR)) if not self.speakers.owns(one)]
        if found:
            near = [one for one in found if "," not in self.text[found[0].end : one.start]]
            people = [one for one in near if one.kind == "person"]
            return (people[:1] or found)[0].speaker
        match = re.compile(
            r" (?:the |an? )?([\w’-]+(?: [\w’-]+){0,3}?)(?=[,.;:]| (?:of|in|from|at|who|that|on)\b)"
        ).match(self.text, cue.end, end)
        return match[1] if match else ""

    def _possessor(self, cue: Cue, start: int) -> str:
        """Return whose statement it is: the candidate before, in the possessive."""
        for one in reversed(self.speakers.between(max(start, cue.start - 60), cue.start)):
            if self.speakers.owns(one) and OWNED.fullmatch(self.text, one.end, cue.start):
                return one.speaker
        return ""

    def inverted(self, start: int, end: int) -> str:
        """Return who a verb before its subject has: "said Ana Souza", "countered his rival, Niall Brennan"."""
        clause = re.compile(r"[.;:!?](?= |$)|,? (?:who|when|after|while|as|but|where|because)\b|[“\"«„]").search(
            self.text, start, end
        )
        stop = clause.start() if clause else end
        if one_of := ONE_OF_MANY.match(self.text, start, stop):
            return one_of[1]
        found = [one for one in self.speakers.between(start, stop) if not self.speakers.owns(one)]
        if found and (head := self._head(found)):
            return head.speaker
        match = re.compile(
            r" ?(?:the |an? |one |another )?([a-z][\w’-]*(?: [\w’-]+){0,4}?)"
            r"(?=[,.;:]|$| (?:of|in|from|at|who|that|on|with|for|to)\b)"
        ).match(self.text, start, stop)
        if found or not match or match[1].split()[0] in self.speakers.lexicon.grammar["function"]:
            return found[0].speaker if found else ""
        return match[1]

    def _head(self, found: list[Candidate]) -> Candidate | None:
        """Return the person in apposition to the first candidate, or the first that no preposition governs."""
        straight = [one for one in found if self.speakers.is_straight(one)]
        people = [one for one in straight if one.kind == "person"]
        if people and people[0].start - found[0].start < NEAR:
            return people[0]
        return straight[0] if straight else None
