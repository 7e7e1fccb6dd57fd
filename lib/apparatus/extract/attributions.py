"""To whom each quotation of a text is put, and by which words: rules of syntax first, then the quotations round it.

Source: the order of the rules follows Muzny et al. 2017 (sieves from the most to the least certain).
"""

from __future__ import annotations

import re
from dataclasses import replace

from apparatus.extract.cues import SAYING, Cue, Cues
from apparatus.extract.following import Following, Reading
from apparatus.extract.media import Media
from apparatus.extract.speakers import Speakers
from apparatus.lexicon import alternatives
from apparatus.model import Document
from apparatus.sentences import sentences_of

JOINING = re.compile(
    r"[\"”’'»]?[,;]?(?: [\w’'-]+){0,4}? ?(?:and|or|but|nor)(?: [^.;:“”\"«»]{0,70})? ?[\"“‘'«„]", re.DOTALL
)
LISTED = re.compile(r"[\"”’'»]?,?(?: (?:and|or))? ?[\"“‘'«„]")
OWNER = re.compile(r"(?:\b(?:its|his|her|their|our|my)|[’']s) $")
NOUN_AFTER = re.compile(r"[\"”’'»] (?P<word>[a-z][\w-]+)")
DEFINITE = re.compile(r"(?:^|[.!?][”\"]? |\n)(?:The|This|That|These|Those) $")
BROKEN = re.compile(r"[\"”’»]? ?[–—-] ?[^.;:“”\"«»–—]{2,50} ?[–—-] ?[\"“‘«„]")
CONTINUED = re.compile(r"[\"”’»][^:;!?“”\"«»„]{4,90}, ?[\"“‘«„]")
YOU = re.compile(r"\b[Yy]ou (?:[a-z’']+ ){0,2}$")
NEW_SENTENCE = re.compile(r"[.!?][\"”’»]? +\w")
NAME_COLON = re.compile(r"(?:^|\n\n|[.!?] )(?P<name>[^.:!?\n]{2,80}?)(?: \([^)]{1,60}\))?: ?$")
CONJUNCT = re.compile(
    r"[,:]?(?: (?:that|as|as the|as an?|it as an?|him as|her as|was|were|is|are|be|been"
    r"|simply|only|just|merely|not|\w+ly))*[,:]? ?$"
)
LEFT = re.compile(
    r"[;:.]|\b(?:which|who|whose|where|while|although|because)\b"
    r"|\b(?:that|whether|if|how|the|its|his|her|their|so-called) $"
)
AS = re.compile(r"^[^;:.]* as(?: an?| the)? $")
CALLING = ("call", "called", "calling", "calls", "branded", "labeled", "labelled", "termed", "dubbed", "dubs")
UNDER_HEADING = "person named under the heading"
WEAK = ("", UNDER_HEADING)  # cues that another quotation with the same words overrules
NEAR, TAIL, FAR = 200, 240, 240
MANY = 12  # reporting words before a quotation that are looked at


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
        self.following = Following(doc, speakers, self.cues, self.read)

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
        titled = _is_title(words) and not self._introduced(left, start)
        whole = (_is_whole(self.text[start:end], words) and not (titled and self.text[end - 1] == ",")) or (
            zone in ("title", "heading") and len(words) >= 4 and not _is_title(words)
        )
        if named := self._named(index, left, start - 1, whole and not _is_title(words)):
            return named
        if self._is_label(start, end):
            return Reading("term", cue="named or titled")
        if stated := self._stated(left, start):
            return stated
        if after := self.following.read_after(index, end, words):
            return after
        if titled and not whole:
            return Reading("term", cue="named or titled")
        return (
            self._before(index, left, start, words, whole)
            or self._joined(index, start, words)
            or (self._alone(index, start, end, left, zone) if whole else Reading("term"))
        )

    def _is_label(self, start: int, end: int) -> bool:
        """Tell a name before the noun that it names: "its “air angels” effort"."""
        if not OWNER.search(self.text, max(0, start - 12), start - 1):
            return False
        return self._is_attribute(end)

    def _stated(self, left: int, start: int) -> Reading | None:
        """Read a quotation behind the subject that it tells: "Keller's statement, “…,” shows that"."""
        for cue in self.cues.between(max(left, start - 100), start - 1)[-1:]:
            if cue.kind == "noun" and cue.speaker and self.text[cue.end : start - 1] in (", ", ": "):
                owner = [one for one in self.speakers.between(left, cue.start) if one.speaker == cue.speaker]
                if owner and owner[0].head - left < 5:
                    return Reading("direct", cue.speaker, f"noun before: {cue.word}")
        return None

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

    def _before(self, index: int, left: int, start: int, words: list[str], whole: bool) -> Reading | None:
        fresh = left
        for number in range(index - 1, max(-1, index - 4), -1):
            if self.intervals[number][1] > left and self.read[number].type == "direct":
                fresh = self.intervals[number][1]
                break
        near = self.speakers.between(max(left, start - 60), start)[-1:]
        if near and self.text[near[0].end : start - 1] == " (":
            return Reading("direct", near[0].speaker, "in brackets after the name")
        if colon := NAME_COLON.search(self.text, max(left - 2, start - 100, 0), start - 1):
            found = self.speakers.between(colon.start("name"), colon.end("name"))
            if found and not self.cues.plain(colon.start("name"), start - 1, "verb"):
                return Reading("direct", found[0].speaker, "name and colon before")
        for cue in self._cues_before(index, left, fresh, start):
            if self._enough(cue, start, words, whole):
                speaker = cue.kind == "verb" and self.following.goes_on(index, left)
                speaker = speaker or cue.speaker or self._other_subject(index, cue, left, start)
                if cue.kind == "thought" and not speaker:
                    continue
                return Reading("direct", speaker, f"{cue.kind} before: {cue.word}")
        return None

    def _cues_before(self, index: int, left: int, fresh: int, start: int) -> list[Cue]:
        """Return the last cues before the quotation in its sentence that no other quotation has used up, last first."""
        found = self.cues.between(left, start - 1, last=MANY)
        if fresh > left:
            found = [cue for cue in found if cue.start >= fresh]
            own = [one for one in self.speakers.between(fresh, start - 1) if self.speakers.is_straight(one)]
            speaker = next(one.speaker for one in reversed(self.read) if one.type == "direct")
            if found and not own and found[-1].kind in ("verb", "thought") and speaker:
                return [replace(found[-1], speaker=speaker)]
            if start - fresh <= 4:
                return []
        named = [cue for cue in found if cue.speaker]
        return named[-1:-3:-1] if named else found[-1:]

    def _enough(self, cue: Cue, start: int, words: list[str], whole: bool) -> bool:
        """Tell whether a cue is strong enough: one word needs the verb right before it, a noun cue nearness."""
        gap = self.text[cue.end : start - 1]
        if whole or (cue.kind != "thought" and CONJUNCT.match(gap) and (cue.speaker or len(words) > 1)):
            return True
        if cue.kind == "verb" and cue.speaker and len(gap) < FAR and AS.search(gap):
            return True
        if cue.kind == "noun" and (len(gap) > 40 or not cue.speaker) and not gap.startswith(" that"):
            return bool(cue.speaker) and gap.startswith(" of ") and gap.endswith(", ")
        if cue.kind == "source" and cue.speaker and len(words) == 1:
            return self._in_clause(gap.rsplit(", ", 1)[-1], start + len(words[0]))
        if cue.kind == "verb" and cue.speaker and len(words) == 1:
            joined = not cue.word.endswith("ing") or self.text[cue.start - 2 : cue.start] == ", "
            return joined and self._reports(cue, gap) and self._in_clause(gap, start + len(words[0]))
        return len(words) > 1 and (cue.kind != "thought" or len(words) > 3)

    def _reports(self, cue: Cue, gap: str) -> bool:
        """Tell a verb that a whole clause follows: "vowed that", "said the"."""
        if gap.endswith(": ") and len(gap) < 24:
            return True
        return gap.startswith((" that", ": ")) or self.speakers.lexicon.reporting["verb"].get(cue.word) in SAYING

    def _in_clause(self, gap: str, end: int) -> bool:
        """Tell a word of the clause that a verb reports ("said it was a “stigma”") from what a clause in it names."""
        if gap.endswith(" the ") and self._is_attribute(end):
            gap = gap.removesuffix(" the ")
        return len(gap) < NEAR and not LEFT.search(gap.removesuffix(": "))

    def _is_attribute(self, end: int) -> bool:
        """Tell words before a noun: "the “stupid” acts"."""
        after, grammar = NOUN_AFTER.match(self.text, end, end + 40), self.speakers.lexicon.grammar
        return after is not None and after["word"] not in grammar["function"] and after["word"] not in grammar["verb"]

    def _other_subject(self, index: int, cue: Cue, left: int, start: int) -> str:
        """Return the subject of a cue that has none before it: "By declaring, “…,” he"; “…,” adding that “…”."""
        if index and left <= self.intervals[index - 1][1] <= cue.start and self.read[index - 1].type == "direct":
            return self.read[index - 1].speaker
        if cue.kind == "noun" and DEFINITE.search(self.text, max(0, cue.start - 20), cue.start):
            return self._gone_back(index, left, start)
        if cue.kind != "verb" or YOU.search(self.text, max(left, cue.start - 30), cue.start):
            return ""
        end = self.intervals[index][1]
        after = self.speakers.between(end, min(self.sentences.at(min(end + 2, len(self.text)))[1], end + 60))
        if after:
            return after[0].speaker
        earlier = self.sentences.before(left) if left else None
        subject = self.speakers.subject(*earlier) if earlier else None
        return subject.speaker if subject else ""

    def _gone_back(self, index: int, left: int, start: int) -> str:
        """Return whose "the statement" is: who was quoted just before, or spoke in the sentence before."""
        last = self.read[index - 1] if index else Reading("term")
        gap = self.text[self.intervals[index - 1][1] : start] if index else ""
        if last.type == "direct" and "\n\n" not in gap and len(gap) < 2 * FAR:
            return last.speaker
        earlier = self.sentences.before(left) if left and "\n\n" not in self.text[left - 2 : left] else None
        told = [cue for cue in self.cues.between(*earlier) if cue.kind == "noun" and cue.speaker] if earlier else []
        return told[-1].speaker if told else ""

    def _joined(self, index: int, start: int, words: list[str]) -> Reading | None:
        """Read the second part of a quotation: joined by "and", or broken off by a remark between dashes."""
        if not index or self.read[index - 1].type != "direct":
            return None
        before = self.intervals[index - 1][1]
        if start - before > 120:
            return None
        if (
            BROKEN.fullmatch(self.text, before, start)
            or (self.read[index - 1].cue.startswith("verb after") and CONTINUED.fullmatch(self.text, before, start))
            or (JOINING.fullmatch(self.text, before, start) and len(words) > 1)
            or LISTED.fullmatch(self.text, before, start)
        ):
            return Reading("direct", self.read[index - 1].speaker, "with the quotation before")
        return None

    def _alone(self, index: int, start: int, end: int, left: int, zone: str) -> Reading:
        """Read a quotation that is a sentence of its own: what stands before or round it names the speaker."""
        if index and self.read[index - 1].type == "direct" and start - self.intervals[index - 1][1] < NEAR:
            between = self.text[self.intervals[index - 1][1] - 1 : start]
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
