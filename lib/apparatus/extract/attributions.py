"""To whom each quotation of a text is put, and by which words: rules of syntax first, then the quotations round it.

Source: the order of the rules follows Muzny et al. 2017 (sieves from the most to the least certain).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from apparatus.extract.candidates import ADVERBS
from apparatus.extract.cues import Cue, Cues
from apparatus.extract.media import Media
from apparatus.extract.phrases import sentences_of
from apparatus.extract.pronouns import PRONOUN
from apparatus.extract.speakers import Speakers
from apparatus.lexicon import alternatives
from apparatus.model import Document

LEAD = re.compile(r"(?:[\"”“’'»«›」』]+)(?:\[\d+\])?(?P<stop>\)?(?: ?[,.])?)(?P<dash>,? ?[–—-](?= |[A-Z]))?,? ?")
ADVERBIAL = re.compile(r"(?:(?:as|so|also|then|later|has|have|had|was|is|once|and|but) |\w+ly )*")
DETERMINED = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Mm]y|[Oo]ur|as) )?"
    r"(?:(?!(?:that|which|who|where|when|because|whose|while|but|and|although|though|if|so)\b)[\w.’'-]+,? ){0,6}"
)
COPULA = re.compile(r"(?:(?:[Tt]h(?:is|at|ese|ose)|[Ss]uch) )?(?:was|were|is|are|became|remains?|ran|went|came)\b")
ANY_VERB = re.compile(
    r"(?:(?:had|has|also|then|\w+ly) )*(?P<verb>[a-z]+(?:ed|s|ew|oke|ang|elt)) "
    r"(?=(?:[Tt]he |an? |his |her )?(?:[a-z]+ )?[^\W\d_a-z])"
)
BY_NAME = re.compile(r"(?:[\w’'-]+ ){0,3}?(?P<verb>[a-z]+(?:ed|s)|said)\b")
JOINING = re.compile(
    r"[\"”’'»]?[,;]?(?: [\w’'-]+){0,4}? ?(?:and|or|but|nor)(?: [^.;:“”\"«»]{0,70})? ?[\"“‘'«„]", re.DOTALL
)
BROKEN = re.compile(r"[\"”’»]? ?[–—-] ?[^.;:“”\"«»–—]{2,50} ?[–—-] ?[\"“‘«„]")
NEW_SENTENCE = re.compile(r"[.!?][\"”’»]? +\w")
NAME_COLON = re.compile(r"(?:^|\n\n|[.!?] )(?P<name>[^.:!?\n]{2,80}?)(?: \([^)]{1,60}\))?: ?$")
CONJUNCT = re.compile(
    r"[,:]?(?: (?:that|as|as the|as an?|it as an?|him as|her as|was|were|is|are|be|been"
    r"|simply|only|just|merely|not|\w+ly))*[,:]? ?$"
)
CALLING = ("call", "called", "calling", "calls", "branded", "labeled", "labelled", "termed", "dubbed", "dubs")
UNDER_HEADING = "person named under the heading"
WEAK = ("", UNDER_HEADING)  # cues that another quotation with the same words overrules
NEAR, TAIL = 200, 240
MANY = 12  # reporting words before a quotation that are looked at


@dataclass(frozen=True)
class Reading:
    """What is known of one quotation."""

    type: str
    speaker: str = ""
    cue: str = ""
    medium: str = ""


class Attributions:
    """Reads the type and the speaker of the quotations of one document, in order."""

    def __init__(self, doc: Document, speakers: Speakers) -> None:
        """Prepare the rules; the words of naming come from `reporting.toml`."""
        self.doc, self.text, self.speakers, self.intervals = doc, doc.view.text, speakers, speakers.quoted
        self.sentences = sentences_of(doc)
        self.cues, self.media = Cues(speakers), Media(speakers)
        naming = alternatives(speakers.lexicon.reporting["naming"])
        self.naming = re.compile(
            rf"(?<!\w)(?P<word>{naming})"
            r"(?P<rest>(?:,? (?:as|the|an?|of|[A-Z]\w+|it|him|her|them|its|his|their|that)){0,6} ?[:,]? ?)$"
        )
        self.calling = re.compile(
            rf"(?<![\w-])(?P<word>{alternatives(CALLING)}) (?P<object>(?!for\b|on\b|off\b)(?:[\w’'-]+,? ){{0,9}})$"
        )
        self.read: list[Reading] = []

    def read_all(self) -> list[dict[str, str]]:
        """Return type, speaker, medium and cue of every quotation."""
        for index, (start, end) in enumerate(self.intervals):
            reading = self._decide(index, start, end)
            self.read.append(replace(reading, medium=self._medium(index, reading)))
        self._repeat()
        return [
            {"quotee_source": one.medium, "type": one.type, "speaker": one.speaker, "cue": one.cue} for one in self.read
        ]

    def _repeat(self) -> None:
        """Give a quotation without a speaker, say in a heading, the one of another with the same words."""
        if not any(one.type == "direct" and one.cue in WEAK for one in self.read):
            return
        words = [" ".join(re.findall(r"\w+", self.text[start:end].lower())) for start, end in self.intervals]
        by_words: dict[str, int] = {}
        for index, one in enumerate(self.read):
            if one.type == "direct" and one.cue not in WEAK:
                by_words.setdefault(" ".join(words[index].split()[:4]), index)
        for index, one in enumerate(self.read):
            same = by_words.get(" ".join(words[index].split()[:4]))
            if one.type == "direct" and one.cue in WEAK and same is not None and len(words[index].split()) > 3:
                self.read[index] = replace(one, speaker=self.read[same].speaker, cue="the same words elsewhere")

    def _decide(self, index: int, start: int, end: int) -> Reading:
        zone = self.doc.zone_at(int(self.doc.view.starts[start]))
        words = re.findall(r"\w[\w’'-]*", self.text[start:end])
        if zone == "pull quote" and self.speakers.author:
            return Reading("direct", self.speakers.author, "pull quote: the author")
        left = self.sentences.at(max(0, start - 2))[0]
        whole = _is_whole(self.text[start:end], words) or (
            zone in ("title", "heading") and len(words) >= 4 and not _is_title(words)
        )
        if named := self._named(index, left, start - 1, whole):
            return named
        if after := self._after(index, end, words):
            return after
        if not whole and not self._introduced(left, start) and _is_title(words):
            return Reading("term", cue="named or titled")
        return (
            self._before(index, left, start, words, whole)
            or self._joined(index, start, words)
            or (self._alone(index, start, end, left, zone) if whole else Reading("term"))
        )

    def _introduced(self, left: int, start: int) -> bool:
        """Tell words behind a colon, or behind a verb of saying and a comma."""
        before = self.text[left : start - 1].rstrip()
        return before.endswith(":") or (
            before.endswith(",") and bool(self.cues.plain(start - 14, start, "verb", "source"))
        )

    def _named(self, index: int, left: int, stop: int, whole: bool) -> Reading | None:
        """Read a name or term by the word before it."""
        fresh = max(left, self.intervals[index - 1][1] if index else 0)
        if calling := self.calling.search(self.text, max(fresh, stop - 90), stop):
            return self._called(index, fresh, calling)
        match = self.naming.search(self.text, max(left, stop - 60), stop)
        if not match or (whole and match["rest"].rstrip().endswith((":", ","))):
            return None
        return Reading("term", cue="named or titled")

    def _called(self, index: int, fresh: int, calling: re.Match[str]) -> Reading:
        """Read who calls something so: "what critics called “a sham”" are the critics' words; names are terms."""
        start, end = self.intervals[index]
        words = re.findall(r"\w[\w’'-]*", self.text[start:end])
        after = self.cues.caller_after(end, min(len(self.text), end + 60))
        if after := after or self.cues.caller_after(calling.start("object"), start - 1):
            return Reading("term", after, "named or titled")
        speaker = self.cues.caller(fresh, calling.start("word"))
        if speaker and not _is_title(words):
            return Reading("direct", speaker, f"verb before: {calling['word']}")
        return Reading("term", cue="named or titled")

    def _after(self, index: int, end: int, words: list[str]) -> Reading | None:
        """Read "…," said X and "…," X said, where the quotation ends like a clause."""
        opening = self.intervals[index + 1][0] - 1 if index + 1 < len(self.intervals) else len(self.text)
        limit = min(opening, self.sentences.at(min(end + 2, len(self.text)))[1], end + TAIL)
        lead = LEAD.match(self.text, end, limit)
        last = self.text[end - 1]
        if not lead or not (lead["stop"] or lead["dash"] or last in ",.!?…-–—"):
            return self._by_copula(end, lead.end(), limit) if lead else None
        at = lead.end()
        lower = self.text[at : at + 1].islower()
        if (last == "." or lead["stop"].strip() == ".") and not (lower or lead["dash"]):
            return None
        if lead["stop"] == ")":
            return None
        return (
            self._verb_first(at, limit, last)
            or self._source_first(at, limit)
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
                continue
            if quoted := self.cues.as_saying(verb):
                return Reading("direct", quoted, f"verb after: {verb.word}")
            speaker = self.cues.unnamed(at, verb.start, at) if verb.start - at < 90 else ""
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

    def _signed(self, at: int, limit: int) -> Reading | None:
        """Read "…" – X: a name behind a dash and no verb."""
        found = self.speakers.between(at, limit)
        if (
            found
            and found[0].start - at < 30
            and found[0].kind in ("person", "body")
            and not self.cues.plain(at, limit, "verb")
        ):
            return Reading("direct", found[0].speaker, "name behind a dash")
        return None

    def _before(self, index: int, left: int, start: int, words: list[str], whole: bool) -> Reading | None:
        fresh = left
        if index and self.intervals[index - 1][1] > left:
            fresh = self.intervals[index - 1][1]
        near = self.speakers.between(max(left, start - 60), start)[-1:]
        if near and self.text[near[0].end : start - 1] == " (":
            return Reading("direct", near[0].speaker, "in brackets after the name")
        if colon := NAME_COLON.search(self.text, max(left - 2, start - 100, 0), start - 1):
            found = self.speakers.between(colon.start("name"), colon.end("name"))
            if found and not self.cues.plain(colon.start("name"), start - 1, "verb"):
                return Reading("direct", found[0].speaker, "name and colon before")
        for cue in self._cues_before(index, left, fresh, start):
            if self._enough(cue, start, words, whole):
                speaker = cue.speaker or self._other_subject(index, cue, left, start)
                return Reading("direct", speaker, f"{cue.kind} before: {cue.word}")
        return None

    def _cues_before(self, index: int, left: int, fresh: int, start: int) -> list[Cue]:
        """Return the last cues before the quotation in its sentence that no other quotation has used up, last first."""
        found = self.cues.between(left, start - 1, last=MANY)
        if fresh > left:
            found = [cue for cue in found if cue.start >= fresh]
            own = [one for one in self.speakers.between(fresh, start - 1) if self.speakers.is_straight(one)]
            if found and not own and found[-1].kind in ("verb", "thought") and self.read[index - 1].speaker:
                return [replace(found[-1], speaker=self.read[index - 1].speaker)]
            if start - fresh <= 4:
                return []
        named = [cue for cue in found if cue.speaker]
        return named[-1:-3:-1] if named else found[-1:]

    def _enough(self, cue: Cue, start: int, words: list[str], whole: bool) -> bool:
        """Tell whether a cue is strong enough: one word needs the verb right before it, a noun cue nearness."""
        gap = self.text[cue.end : start - 1]
        if whole or (cue.kind != "thought" and CONJUNCT.match(gap) and (cue.speaker or len(words) > 1)):
            return True
        if cue.kind == "verb" and cue.speaker and len(gap) < 60 and re.search(r" as(?: an?| the)? $", gap):
            return True
        if cue.kind == "noun" and (len(gap) > 40 or not cue.speaker) and not gap.startswith(" that"):
            return False
        if cue.kind == "verb" and cue.word in ("said", "says") and cue.speaker and len(gap) < 60:
            return True
        return len(words) > 1 and (cue.kind != "thought" or len(words) > 3)

    def _other_subject(self, index: int, cue: Cue, left: int, start: int) -> str:
        """Return the subject of a cue that has none before it: "By declaring, “…,” he"; “…,” adding that “…”."""
        if index and left <= self.intervals[index - 1][1] <= cue.start and self.read[index - 1].type == "direct":
            return self.read[index - 1].speaker
        if cue.kind != "verb":
            return ""
        end = self.intervals[index][1]
        after = self.speakers.between(end, min(self.sentences.at(min(end + 2, len(self.text)))[1], end + 60))
        if after:
            return after[0].speaker
        earlier = self.sentences.before(left) if left else None
        subject = self.speakers.subject(*earlier) if earlier else None
        return subject.speaker if subject else ""

    def _joined(self, index: int, start: int, words: list[str]) -> Reading | None:
        """Read the second part of a quotation: joined by "and", or broken off by a remark between dashes."""
        if not index or self.read[index - 1].type != "direct":
            return None
        before = self.intervals[index - 1][1]
        if start - before > 120:
            return None
        if BROKEN.fullmatch(self.text, before, start) or (
            JOINING.fullmatch(self.text, before, start) and len(words) > 1
        ):
            return Reading("direct", self.read[index - 1].speaker, "with the quotation before")
        return None

    def _alone(self, index: int, start: int, end: int, left: int, zone: str) -> Reading:
        """Read a quotation that is a sentence of its own: what stands before or round it names the speaker."""
        if index and self.read[index - 1].type == "direct" and start - self.intervals[index - 1][1] < NEAR:
            between = self.text[self.intervals[index - 1][1] + 1 : start]
            if not NEW_SENTENCE.search(between) and self.read[index - 1].speaker:
                return Reading("direct", self.read[index - 1].speaker, "quotation before")
        if zone in ("title", "heading"):
            return self._heading(end)
        if re.search(r"\w", self.text[left : start - 1]):
            subject = self.speakers.subject(left, start - 1)
            return Reading("direct", subject.speaker if subject else "", "subject of the sentence" if subject else "")
        earlier = self.sentences.before(left) if left else None
        if not earlier:
            return Reading("direct")
        found = [cue for cue in self.cues.between(*earlier) if cue.speaker and cue.kind != "noun"]
        subject = self.speakers.subject(*earlier)
        speaker = found[0].speaker if found else subject.speaker if subject else ""
        return Reading("direct", speaker, "sentence before" if speaker else "")

    def _heading(self, end: int) -> Reading:
        """Read a quotation over an interview: whoever the next lines name speaks."""
        for sentence in self.sentences.within(min(end + 2, len(self.text)), min(end + NEAR, len(self.text))):
            people = [one for one in self.speakers.between(*sentence) if one.kind == "person"]
            if people:
                return Reading("direct", people[0].speaker, UNDER_HEADING)
        return Reading("direct")

    def _medium(self, index: int, reading: Reading) -> str:
        """Return the medium named in the quotation's sentence, or in the one before where the same one speaks."""
        if reading.type != "direct":
            return ""
        start, end = self.intervals[index]
        left, right = self.sentences.at(max(0, start - 2))[0], self.sentences.at(min(end + 2, len(self.text)))[1]
        medium = self.media.within(max(left, start - 300), start) or self.media.within(end, min(right, end + TAIL))
        if medium or not left or "\n\n" in self.text[left - 2 : left] or not reading.speaker:
            return medium
        earlier = self.sentences.before(left)
        if not earlier or self.text[left : start - 1].strip():
            return ""
        same = any(one.speaker == reading.speaker for one in self.speakers.between(*earlier))
        return self.media.within(*earlier) if same else ""


def _is_title(words: list[str]) -> bool:
    """Tell a name or a title by its capitals: "Green World Solidarity Year"."""
    content = [word for word in words if len(word) > 3]
    return len(content) > 1 and all(word[0].isupper() for word in content)


def _is_whole(quotation: str, words: list[str]) -> bool:
    """Tell words that make a sentence: many, or beginning with a capital and ending with a stop."""
    return len(words) >= 12 or (len(words) >= 4 and quotation[:1].isupper() and quotation.rstrip()[-1:] in ".!?,…")
