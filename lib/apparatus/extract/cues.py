"""The words that put a passage to a speaker: "said", "according to", "in his words", "his statement that"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from apparatus.extract.candidates import ADVERBS, Candidate
from apparatus.extract.roles import AGENT
from apparatus.extract.speakers import Speakers
from apparatus.lexicon import Lexicon

SAYING = ("add", "ask", "reply", "say")  # verbs that take no object but what is said
KINDS = ("source", "verb", "thought", "noun")
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|as)(?: \w+ly| also| further)? $")
JOINED = re.compile(r"(?:,|\bwhile|\bby|\band|\bin)(?: \w+ly| also| further)? $")
BY = {
    "noun": re.compile(r" by (?:the )?| of (?:the |his |her )?(?:[a-z]+ ){0,2}(?=[A-Z])"),
    "verb": re.compile(r" by (?:the )?"),
}
OWNED = re.compile(r"['’]s?(?: [\w-]+){0,2} |(?: [\w-]+){0,2} ")
ADJECTIVAL = re.compile(r"(?:[’']s \w+ly|\b(?:[Tt]he|[Aa]n?|its|his|her|their|this|of|in|with)(?: \w+ly)?) $")
DETERMINED = re.compile(r"(?:\b(?:[Tt]he|[Tt]his|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|no|any)|[’']s)(?: [a-z]+)? $")
AS_SAYING = re.compile(r" (?!by )(?P<who>(?:[^\s,.;:“”\"]+ ){1,12}?)as (?:saying|telling|having said|writing)\b")
QUOTED_BY = re.compile(r"\b(?:is|are|was|were|been|being) (?:quoted|cited|reported) (?:by [^.;:“”\"]{2,60} )?as $")
FIELD = (  # of whom or what somebody without a name is the spokesman, the mother, the manager
    r" (?:close to|familiar with|of|in|from|at|for|with) (?:one of )?(?:the |an? |its |his |her )?"
    r"(?:(?!(?:and|or|but|that|which|who|when|while|as|on|by|to|the|an?|is|was|were|has|had|have)\b)[\w’.-]+ ){0,4}?"
    r"[\w’-]+"
)
UNNAMED = re.compile(
    r"(?:^|[\s“(–—-])(?:(?P<article>[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[Oo]ur) )"
    r"(?P<phrase>(?:(?!the |an? |his |her |its |their )[\w’-]+ ){0,3}?[\w’-]+"
    rf"(?P<field>{FIELD})?)$"
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
APPOSED = re.compile(r"(?<=\w), (?:an?|the|who|whose|[a-z]+ed) [^,.;:“”\"]{3,80},$")
AUXILIARY = re.compile(
    r"(?:,? (?:who|had|has|have|also|then|later|once|was|were|is|did|not|never|\w+ly|would|will|could"
    r"|used to|tends? to|liked to|likes to|went on to|himself|herself|itself|themselves))* $"
)
CLAUSE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St))(?<!\bMrs)(?<!\bProf)[.;:!?](?= |$)"
    r"|,? (?:who|when|after|while|as|but|where|because)\b|[“\"«„]"
)
TITLE = re.compile(r",? ?(?:(?:[A-Z][\w-]*|president|minister|leader|head|of|the),? ){0,4}")
CALLS = re.compile(rf"(?: (?:in|of|at) (?:the )?[A-Z][\w-]*)?{AUXILIARY.pattern}")
MODAL = re.compile(r"(?:\bto|\bwill|\bwould|\bcan|\bcould|\bmay|\bmight|\bshould|\bmust|\bthey|\bwho|,) (?:\w+ly )?$")
WORDY = re.compile(r"[\w’'-]")
DOCUMENT_SAYS = re.compile(r" (?:the|an?|this|that) (?:[a-z-]+ )?(?P<document>[a-z]+)(?=,)")
ISSUED = re.compile(r" [\w-]+ (?:by|from) (?:the )?(?=[A-Z])")
ISSUES = re.compile(r"(?:[’']s?)?(?: [\w-]+){0,2}|(?: \w+){1,2} in (?:an?|its|his|her|their)(?: [\w-]+){0,2}")
NEAR = 90
FAR_BACK = 24  # sentences in which the issuer of "the report" is looked for
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
            inside = WORDY.match(before) or (WORDY.match(after) and after not in "’'")
            if not inside and not self._is_adjective(low, end_at + 1, *hit):
                yield end_at, hit

    def _is_adjective(self, start: int, end: int, kind: str, word: str) -> bool:
        """Tell a participle before its noun: "the internationally recognized territory"."""
        if kind not in ("verb", "thought") or not word.endswith("ed") or not self.text[end + 1 : end + 2].islower():
            return False
        return bool(ADJECTIVAL.search(self.text, max(0, start - 40), start))

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
        elif cue.kind == "verb" and self.is_noun(cue):
            speaker = self._possessor(cue, start) or self._putting(cue, start)
        elif by and (after := self.speakers.between(cue.end, min(end, cue.end + NEAR))):
            speaker = self._bearer(after).speaker
        elif cue.kind == "noun":
            speaker = self._possessor(cue, start)
        else:
            speaker = self._subject(cue, start, strict)
        return Cue(cue.start, cue.end, cue.kind, cue.word, speaker)

    def is_noun(self, cue: Cue) -> bool:
        """Tell "the claim that" from "they claim that"."""
        noun = cue.word in self.speakers.lexicon.reporting["noun"]
        return noun and bool(DETERMINED.search(self.text, max(0, cue.start - 30), cue.start))

    def _putting(self, cue: Cue, start: int) -> str:
        """Return the subject of the clause in which "the claim that" stands."""
        subject = (
            self.speakers.subject(start, cue.start, strict=True) if self.text.startswith(" that", cue.end) else None
        )
        return subject.speaker if subject else ""

    def _bearer(self, found: list[Candidate]) -> Candidate:
        """Return the first of some candidates, or the person whose title it is part of: "the French minister, X"."""
        for one in found[1:3]:
            if one.kind == "person" and TITLE.fullmatch(self.text, found[0].end, one.start):
                return one
        return found[0]

    def is_bare(self, cue: Cue) -> bool:
        """Tell a form without an ending ("state", "report"), which after a quotation is seldom a verb."""
        reporting = self.speakers.lexicon.reporting
        return cue.word in (reporting["verb"].get(cue.word), reporting["thought"].get(cue.word))

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
        modal = bool(MODAL.search(self.text, max(start, cue.start - 40), cue.start))
        if not strict and not cue.word.endswith("ing") and (phrase := self.unnamed(start, cue.start)):
            return (
                phrase
                if modal or not self.is_bare(cue) or phrase.split()[0].endswith("s") or "s " in phrase + " "
                else ""
            )
        subject = self.speakers.subject(start, cue.start, strict=strict)
        if (
            (cue.word in self.speakers.lexicon.reporting["noun"] or (self.is_bare(cue) and cue.kind == "verb"))
            and subject
            and not modal
        ):
            plain = ADVERBS.fullmatch(self.text, subject.end, cue.start) and not self.speakers.owns(subject)
            return subject.speaker if plain else self._possessor(cue, start)
        return self.speakers.joined(subject) if subject else ""

    def unnamed(self, start: int, verb: int, after: int = -1) -> str:
        """Return the noun phrase that is the subject of a verb and holds no candidate: "a Hungarian colleague".

        With `after` it must begin there.
        """
        end = self._phrase_end(start, verb)
        stop = end - (self.text[end - 1] == ",")
        for one in self.speakers.between(max(start, stop - 90), stop):
            if one.form == "phrase" and one.end == stop and (after < 0 or one.start - after < 9):
                return one.speaker
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
        if self.text[max(0, low - 8) : low].endswith((" of the ", " of a ", " of an ")):
            return ""
        words, function = match["phrase"].lower().split(), self.speakers.lexicon.grammar["function"]
        if words[-1] in function or (words[0] in function and "of" not in words):
            return ""
        head_words = self.text[low:head].split()
        if head_words and head_words[-1].lower() in self.speakers.lexicon.reporting["document"]:
            return self._issuer(low, head, verb) or match["phrase"]
        alone = " " not in match["phrase"] and match["phrase"] not in self.speakers.named.names.inside
        return match["phrase"].lower() if alone else match["phrase"]

    def _phrase_end(self, start: int, verb: int) -> int:
        """Return where the subject of a verb ends, its apposition and the auxiliaries left out."""
        end = verb
        if match := AUXILIARY.search(self.text, max(start, verb - 60), verb):
            end = match.start() + match[0].startswith(",")
        apposition = APPOSED.search(self.text, max(start, end - 120), end)
        return apposition.start() if apposition else end

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
        if issuer := self._introduced(self.text[start:head].split()[-1], start):
            return issuer
        meant = self.speakers.pronouns.meant("it", start)
        return meant.speaker if meant else ""

    def _introduced(self, document: str, place: int) -> str:
        """Return who was said before to have issued a document: "the embassy says in a report", "a report by X"."""
        named = self.speakers.named
        here = named.sentence(place)
        for number in range(here, max(-1, here - FAR_BACK), -1):
            start, end = named.edges(number)
            at = self.text.find(f" {document}", start, min(end, place - 1))
            if at < 0:
                continue
            after = ISSUED.match(self.text, at, end)
            found = self.speakers.between(after.end(), end)[:1] if after else []
            if not found:
                found = [
                    one
                    for one in self.speakers.between(start, at)
                    if one.kind in ("person", "body")
                    and one.form != "pronoun"
                    and ISSUES.fullmatch(self.text, one.end, at)
                ]
            if found:
                return found[-1].speaker
        return ""

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
        document = DOCUMENT_SAYS.match(self.text, cue.end, end)
        if document and document["document"] in self.speakers.lexicon.reporting["document"]:
            return self._introduced(document["document"], cue.start) or document["document"]
        if found:
            near = [one for one in found if "," not in self.text[found[0].end : one.start]]
            people = [one for one in near if one.kind == "person"]
            return (people[:1] or found)[0].speaker
        match = re.compile(
            r" (?:(?:the |an? )?(?:\w+ )?\w+ by )?(?:the |an? )?([\w’-]+(?: [\w’-]+){0,3}?)"
            r"(?=[,.;:]| (?:of|in|from|at|who|that|on)\b)"
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
        clause = CLAUSE_END.search(self.text, start, end)
        stop = clause.start() if clause else end
        if one_of := ONE_OF_MANY.match(self.text, start, stop):
            return one_of[1]
        found = [one for one in self.speakers.between(start, stop) if not self.speakers.owns(one)]
        if found and (head := self._head(found)):
            return head.speaker
        match = re.compile(
            r" ?(?:the |an? |one |another |his |her |their |my |our )?([a-z][\w’-]*(?: [\w’-]+){0,4}?)"
            r"(?=[,.;:]|$| (?:of|in|from|at|who|that|on|with|for|to)\b)"
        ).match(self.text, start, stop)
        person = match and self.speakers.described.is_person(match[1].split()[-1])
        if (found and not person) or not match or match[1].split()[0] in self.speakers.lexicon.grammar["function"]:
            return found[0].speaker if found else ""
        return match[1] if self._can_speak(match[1], self.text[max(0, start - 20) : start]) else ""

    def _can_speak(self, phrase: str, before: str) -> bool:
        """Tell a noun phrase that may be the subject of the verb before it from an object: "confirms the nature of"."""
        verb, head = before.split()[-1:], phrase.split()[-1]
        base = self.speakers.lexicon.reporting["verb"].get(verb[0] if verb else "", "")
        return base in SAYING or bool(AGENT.search(head)) or head in self.speakers.named.names.titles

    def _head(self, found: list[Candidate]) -> Candidate | None:
        """Return the person in apposition to the first candidate, or the first that no preposition governs."""
        straight = [one for one in found if self.speakers.is_straight(one)]
        people = [one for one in straight if one.kind == "person"]
        if straight and straight[0].form == "phrase":
            people = [one for one in people if self.text[straight[0].end : one.head] == ", "]
        if people and people[0].start - found[0].start < NEAR:
            return people[0]
        return straight[0] if straight else None
