"""To whom the words behind a quotation put it: "…," said X; "…," X said; "…" – X; "…" were the words of X."""

from __future__ import annotations

import re
from dataclasses import dataclass

from apparatus.extract.candidates import ADVERBS
from apparatus.extract.cues import Cues
from apparatus.extract.pronouns import GENDER, PRONOUN
from apparatus.extract.speakers import Speakers
from apparatus.model import Document
from apparatus.sentences import sentences_of

LEAD = re.compile(r"(?:[\"”“’‘'»«›」』]+)(?:\[\d+\])?(?P<stop>\)?(?: ?[,.])?)(?P<dash>,? ?[–—-](?= |[A-Z]))?,? ?")
ADVERBIAL = re.compile(r"(?:(?:as|so|also|then|later|has|have|had|was|is|once|and|but) |\w+ly )*")
DETERMINED = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Mm]y|[Oo]ur|as) )?"
    r"(?:(?!(?:that|which|who|where|when|because|whose|while|but|and|although|though|if|so)\b)[\w.’'-]+,? ){0,6}"
)
COPULA = re.compile(r"(?:(?:[Tt]h(?:is|at|ese|ose)|[Ss]uch) )?(?:was|were|is|are|became|remains?|ran|went|came)\b")
APPOSED = re.compile(r"(?:,[^“”\"]{3,140},)?(?: (?:has|had|have|also|then|later|\w+ly))* ")
ANY_VERB = re.compile(
    r"(?:(?:had|has|also|then|\w+ly) )*(?P<verb>[a-z]+(?:ed|s|ew|oke|ang|elt)) "
    r"(?=(?:[Tt]he |an? |his |her )?(?:[a-z]+ )?[^\W\d_a-z])"
)
BY_NAME = re.compile(r"(?:[\w’'-]+ ){0,3}?(?P<verb>[a-z]+(?:ed|s)|said)\b")
SIGNED = re.compile(r"[\"”’'»] ?\n\s{0,4}[–—-]{1,2} ?(?=[^\W\d_])")
SIGNATURE = re.compile(r"[^\S\n]*(?:$|[,(\n])")
HE = re.compile(r"\s*([Hh]e|[Ss]he)\b")
NEAR, TAIL, FAR = 200, 240, 240


@dataclass(frozen=True)
class Reading:
    """What is known of one quotation."""

    type: str
    speaker: str = ""
    cue: str = ""
    medium: str = ""


class Following:
    """Reads what follows the quotations of one document; `read` holds what is known of those before."""

    def __init__(self, doc: Document, speakers: Speakers, cues: Cues, read: list[Reading]) -> None:
        """Take the names and reporting words of the text."""
        self.text, self.speakers, self.intervals = doc.view.text, speakers, speakers.quoted
        self.sentences, self.cues, self.read = sentences_of(doc), cues, read

    def read_after(self, index: int, end: int, words: list[str]) -> Reading | None:
        """Read "…," said X and "…," X said, where the quotation ends like a clause."""
        opening = self.intervals[index + 1][0] - 1 if index + 1 < len(self.intervals) else len(self.text)
        limit = min(opening, self.sentences.at(min(end + 2, len(self.text)))[1], end + TAIL)
        if signed := SIGNED.match(self.text, end, end + 10):
            return self._signed(signed.end(), min(len(self.text), end + TAIL), alone=True)
        lead = LEAD.match(self.text, end, limit)
        last = self.text[end - 1]
        if not lead or not (lead["stop"] or lead["dash"] or last in ",.!?…-–—"):
            return (
                (self._by_copula(end, lead.end(), limit) or self._trailing(index, lead.end(), limit)) if lead else None
            )
        at = lead.end()
        lower = self.text[at : at + 1].islower()
        if (last == "." or lead["stop"].strip() == ".") and not (lower or lead["dash"]):
            return None
        if lead["stop"] == ")":
            return None
        return (
            self._verb_first(at, limit, last)
            or (self._source_first(at, limit) if lower or last == "," or lead["stop"] else None)
            or self._subject_first(at, limit, last == "," or "," in lead[0], words)
            or self._by_copula(end, at, limit)
            or (self._signed(at, limit) if lead["dash"] else None)
            or self._document_or_nobody(at, limit)
        )

    def _document_or_nobody(self, at: int, limit: int) -> Reading | None:
        """Read "…," her letter read, and "…," he said where nobody was named whom "he" could mean."""
        if issuer := self.cues.issuer_after(at, limit):
            return Reading("direct", issuer, "document after")
        if pronoun := PRONOUN.match(self.text, at, limit):
            verbs = [verb for verb in self.cues.plain(pronoun.end(), limit, "verb") if verb.start - pronoun.end() < 12]
            return Reading("direct", cue=f"verb after: {verbs[0].word}") if verbs else None
        return None

    def _verb_first(self, at: int, limit: int, last: str) -> Reading | None:
        adverbs = ADVERBIAL.match(self.text, at, limit)
        start = adverbs.end() if adverbs else at
        verb = next(
            (
                cue
                for cue in self.cues.plain(at, min(limit, start + 30), "verb", "thought")
                if cue.start in (at, start) and not cue.word.endswith("ing") and not self.cues.is_bare(cue)
            ),
            None,
        )
        if verb:
            speaker = self.cues.inverted(verb.end, limit)
            return Reading("direct", speaker, f"verb after: {verb.word}") if speaker else None
        if last in ",!?" and (match := ANY_VERB.match(self.text, at, limit)):
            found = self.speakers.between(match.end(), min(limit, match.end() + 60))
            if found and found[0].kind == "person":
                return Reading("direct", self.cues.inverted(match.end(), limit), f"verb after: {match['verb']}")
        return None

    def _source_first(self, at: int, limit: int) -> Reading | None:
        for cue in self.cues.between(at, limit):
            if cue.kind == "source" and cue.start - at < 20 and cue.speaker:
                return Reading("direct", cue.speaker, f"source after: {cue.word}")
        return None

    def _subject_first(self, at: int, limit: int, comma: bool, words: list[str]) -> Reading | None:
        found = self.speakers.between(at, limit)
        verbs = self.cues.plain(at, limit, "verb", "thought")
        for verb in verbs:
            before = [one for one in found if one.end <= verb.start]
            if before and not DETERMINED.fullmatch(self.text, at, before[0].start):
                break
            if self.cues.is_bare(verb) and not (before and ADVERBS.fullmatch(self.text, before[-1].end, verb.start)):
                many = self.cues.unnamed(at, verb.start, at)
                if many and (many.endswith("s") or many in self.speakers.lexicon.grammar["plural"]):
                    return Reading("direct", many, f"verb after: {verb.word}")
                continue
            if quoted := self.cues.as_saying(verb):
                return Reading("direct", quoted, f"verb after: {verb.word}")
            speaker = self.cues.unnamed(at, verb.start, at) if verb.start - at < 90 else ""
            speaker = speaker or self.goes_on(len(self.read), at)
            subject = self.speakers.subject(at, verb.start)
            if speaker or subject:
                return Reading("direct", speaker or (subject.speaker if subject else ""), f"verb after: {verb.word}")
        if comma and found and found[0].kind == "person" and found[0].start - at < 30 and len(words) > 2:
            verb_by_name = BY_NAME.match(self.text, found[0].end + 1, limit)
            if verb_by_name and not self.speakers.owns(found[0]):
                return Reading("direct", found[0].speaker, f"verb after: {verb_by_name['verb']}")
        return None

    def _by_copula(self, end: int, at: int, limit: int) -> Reading | None:
        """Read "…" was all that X would say; "…" were the last words of X; "…" is how X put it."""
        if not COPULA.match(self.text, at, limit):
            return None
        for cue in self.cues.between(at, limit):
            if cue.kind in ("noun", "verb") and cue.speaker and cue.start - at < NEAR:
                return Reading("direct", cue.speaker, f"{cue.kind} after: {cue.word}")
        return None

    def _trailing(self, index: int, at: int, limit: int) -> Reading | None:
        """Read "…" to the last man, X, the captain, said: the quotation opens the sentence that goes on."""
        start = self.intervals[index][0]
        if self.text[self.sentences.at(start - 1)[0] : start - 1].strip():
            return None
        for verb in self.cues.plain(at, limit, "verb"):
            for one in self.speakers.between(at, verb.start):
                opens = self.text[one.head - 2 : one.head] == ", " and self.speakers.is_straight(one)
                if opens and APPOSED.fullmatch(self.text, one.end, verb.start):
                    return Reading("direct", one.speaker, f"verb after: {verb.word}")
        return None

    def _signed(self, at: int, limit: int, *, alone: bool = False) -> Reading | None:
        """Read "…" – X: a name behind a dash and no verb; on a line of its own the name must come at once."""
        found = self.speakers.between(at, limit)
        if alone:
            signs = found and found[0].head == at and SIGNATURE.match(self.text, found[0].end)
            speaker = self.speakers.named.names.plain(found[0].speaker) if signs else ""
            return Reading("direct", speaker, "name behind a dash") if signs else None
        if (
            found
            and found[0].start - at < 30
            and found[0].kind in ("person", "body")
            and not self.cues.plain(at, limit, "verb")
        ):
            return Reading("direct", found[0].speaker, "name behind a dash")
        return None

    def goes_on(self, index: int, place: int) -> str:
        """Return who "he" at a place is, where somebody spoke just before in the paragraph and nobody came between."""
        pronoun = HE.match(self.text, place)
        if not (pronoun and index and self.read[index - 1].type == "direct" and self.read[index - 1].speaker):
            return ""
        before, speaker = self.intervals[index - 1][1], self.read[index - 1].speaker
        unnamed = speaker[0].islower()
        if place - before > FAR or speaker in self.speakers.named.no_persons:
            return ""
        if "\n\n" in self.text[before:place] and not unnamed:
            return ""
        gender = self.speakers.named.names.gender(speaker)
        others = [
            one
            for one in self.speakers.between(before, place)
            if one.kind == "person"
            and one.speaker != speaker
            and self.speakers.is_straight(one)
            and not (unnamed and (one.form == "pronoun" or HE.match(self.text, self.sentences.at(one.start)[0])))
        ]
        return "" if others or gender not in ("", GENDER[pronoun[1].lower()]) else speaker
