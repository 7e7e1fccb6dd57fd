"""Passages inside quotation marks, and who is named as saying them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from apparatus.extract.cues import Cue, Cues
from apparatus.extract.phrases import KEPT, Found, mark_all, sentences_of, stops
from apparatus.extract.speakers import Interval, Speakers
from apparatus.knowledge import Knowledge
from apparatus.lexicon import alternatives
from apparatus.model import Document, Quotation

MARK = re.compile(
    r"[\"“”„‟«»]|``|''|(?<![\w’'])[‘‚‹](?=\S)|(?<![\w’'.,!?])'(?=\w)(?!\d0s|em\b|tis\b|twas\b|til\b|cause\b|n\b)|›|(?<=\S)['’](?!\w)"
)
OPENERS, SINGLE_OPENERS = "“„«‟", "‘‚‹"
CLOSES = {'"': '"”“', "“": '”"', "„": '“”"', "‟": '”"', "«": "»", "‹": "›", "‘": "’'", "‚": "‘’'", "'": "'’"}
CALLING = ("call", "called", "calling", "calls", "branded", "labeled", "labelled", "termed")
LONGEST = 6000


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    sign: str


def find_quotes(doc: Document, known: Knowledge) -> list[Quotation]:
    """Return every passage inside quotation marks, without the marks; of nested ones the outer.

    `type` is `direct` where the words are put to a speaker or are a sentence of their own, else `term`. A mark that
    is never closed holds to the end of its sentence. `cue` says what decided the speaker.
    """
    return mark_all(doc, Quotation, view_quotes(doc, known), whole=True)


@lru_cache(maxsize=KEPT)
def view_quotes(doc: Document, known: Knowledge) -> tuple[Found, ...]:
    """Return the quotations of a document in view offsets."""
    speakers = speakers_of(doc, known)
    intervals = speakers.quoted
    reader = _Reader(doc, speakers)
    return tuple((start, end, reader.read(index)) for index, (start, end) in enumerate(intervals))


@lru_cache(maxsize=KEPT)
def speakers_of(doc: Document, known: Knowledge) -> Speakers:
    """Return all that may name a speaker in a document, outside quotation marks."""
    text = doc.view.text
    return Speakers(doc, known, tuple((start, end) for start, end in _intervals(text) if text[start:end].strip()))


def _intervals(text: str) -> Iterator[Interval]:
    """Yield the insides of the outermost quotation marks, paragraph by paragraph."""
    marks = [_Mark(match.start(), match.end(), match[0]) for match in MARK.finditer(text)]
    starts = [mark.start for mark in marks]
    edges = [0, *(match.end() for match in re.finditer("\n\n", text)), len(text) + 2]
    open_at: int | None = None
    sign = ""
    for start, stop in itertools.pairwise(edges):
        here = marks[bisect_left(starts, start) : bisect_left(starts, stop)]
        if open_at is not None:
            if not (here and here[0].start == start and _opens(text, here[0])):
                yield open_at, _sentence_end(text, open_at, start - 2)
                open_at = None
            else:
                here = here[1:]
        for inner_start, inner_end, closed in _paragraph(text, here, open_at, sign, stop - 2):
            if closed or not _goes_on(text, stop):
                yield inner_start, inner_end if closed else _sentence_end(text, inner_start, min(stop - 2, len(text)))
                open_at = None
            else:
                open_at, sign = inner_start, text[inner_start - 1]
    if open_at is not None:
        yield open_at, _sentence_end(text, open_at, len(text))


def _goes_on(text: str, start: int) -> bool:
    """Tell whether the next paragraph opens with a mark, as one does that goes on quoting."""
    return text[start : start + 1] in ("“", '"', "«", "„") and text[start : start + 1] != ""


def _paragraph(
    text: str, marks: list[_Mark], open_at: int | None, sign: str, stop: int
) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closed) of the quotations of one paragraph; only the last may be open."""
    depth = 1 if open_at is not None else 0
    start = open_at or 0
    for index, mark in enumerate(marks):
        if depth == 0:
            if _opens(text, mark) and (mark.sign not in SINGLE_OPENERS + "'" or _single_closes(text, marks, index)):
                depth, start, sign = 1, mark.end, mark.sign
        elif _closes(text, mark, sign, depth):
            depth -= 1
            if depth == 0 and mark.start > start:
                yield start, mark.start, True
        elif mark.sign in OPENERS + '"' and _opens(text, mark) and sign not in SINGLE_OPENERS + "'":
            if _closers_after(text, marks, index, sign) > depth:
                depth += 1
            else:
                yield start, _sentence_end(text, start, mark.start), True
                depth, start, sign = 1, mark.end, mark.sign
    if depth:
        yield start, stop, False


def _opens(text: str, mark: _Mark) -> bool:
    if mark.sign in OPENERS or mark.sign in SINGLE_OPENERS or mark.sign == "``":
        return True
    if mark.sign not in "\"'":
        return False
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    return (not before or before.isspace() or before in "([{—–-/:") and bool(after) and not after.isspace()


def _closes(text: str, mark: _Mark, sign: str, depth: int) -> bool:
    if mark.sign not in CLOSES.get(sign, '"'):
        return False
    if mark.sign == '"' or (mark.sign == "“" and sign not in "„‟"):
        return not _opens(text, _Mark(mark.start, mark.end, '"'))
    return True


def _closers_after(text: str, marks: list[_Mark], index: int, sign: str) -> int:
    """Return how many more marks close than open in the rest of the paragraph, up to the first that balances."""
    balance = most = 0
    for mark in marks[index + 1 : index + 60]:
        if _closes(text, mark, sign, 1):
            balance += 1
            most = max(most, balance)
        elif mark.sign in OPENERS + '"':
            balance -= 1
    return most


def _single_closes(text: str, marks: list[_Mark], index: int) -> bool:
    """Tell whether a single mark is closed again in its paragraph, so that it is no apostrophe."""
    return any(mark.sign in CLOSES[marks[index].sign] for mark in marks[index + 1 : index + 40])


def _sentence_end(text: str, start: int, stop: int) -> int:
    """Return where the sentence that begins at `start` ends, at `stop` at the latest."""
    match = next(stops(text, start, min(stop, start + LONGEST)), None)
    end = match.start() + 1 if match else stop
    return max(start + 1, min(end, start + len(text[start:end].rstrip())))


class _Reader:
    """Reads the type and the speaker of the quotations of one document, in order."""

    def __init__(self, doc: Document, speakers: Speakers) -> None:
        self.doc, self.text, self.speakers, self.intervals = doc, doc.view.text, speakers, speakers.quoted
        self.sentences = sentences_of(doc)
        naming = alternatives(speakers.lexicon.reporting["naming"])
        self.naming = re.compile(
            rf"(?<!\w){naming}(?:,? (?:as|the|an?|of|[A-Z]\w+|it|him|her|them|its|his|their|that)){{0,3}} ?[:,]? ?$"
        )
        self.cues = Cues(speakers)
        self.last: tuple[int, dict[str, str]] | None = None

    def read(self, index: int) -> dict[str, str]:
        """Return type, speaker and cue of a quotation."""
        start, end = self.intervals[index]
        fields = self._decide(index, start, end)
        self.last = (end, fields)
        return {"quotee_source": "", **fields}

    def _decide(self, index: int, start: int, end: int) -> dict[str, str]:
        if self.doc.zone_at(int(self.doc.view.starts[start])) == "pull quote":
            return _direct(self.doc.source.author.split(",")[0], "pull quote: the author")
        left = self.sentences.at(max(0, start - 2))[0]
        before = self.text[left : start - 1]
        words = re.findall(r"\w[\w’'-]*", self.text[start:end])
        if named := self._named(left, start - 1):
            return named
        if after := self._after(index, end):
            return after
        if _is_title(words, before):
            return {"type": "term", "speaker": "", "cue": "named or titled"}
        whole = _is_whole(self.text[start:end], words)
        cue = self._before(index, left, start)
        if cue and self._enough(cue, start, words, whole):
            return _direct(cue.speaker or self._other_subject(cue, left, end), f"{cue.kind} before: {cue.word}")
        if (
            self.last
            and re.fullmatch(r"[\"”’']?,?(?: and| or| but)? ?[\"“‘']", self.text[self.last[0] : start])
            and self.last[1]["type"] == "direct"
        ):
            return _direct(self.last[1]["speaker"], "with the quotation before")
        if not whole:
            return {"type": "term", "speaker": "", "cue": ""}
        return self._alone(start, left, before)

    def _after(self, index: int, end: int) -> dict[str, str] | None:
        """Read "…," said X and "…," X said, where the quotation ends like a clause."""
        stop = self.intervals[index + 1][0] - 1 if index + 1 < len(self.intervals) else len(self.text)
        limit = min(stop, self.sentences.at(min(end + 2, len(self.text)))[1], end + 160)
        tail = self.text[end:limit]
        lead = re.match(r"(?P<mark>[\"”’'»]+)(?P<stop>[,.]?)(?P<dash> ?[–—-])? ?", tail)
        if not lead or not (
            lead["stop"] or lead["dash"] or self.text[end - 1 : end] in (",", ".", "!", "?", "…", "-", "–", "—")
        ):
            return None
        if self.text[end - 1] not in "?!,.…–—-" and lead["stop"] == ".":
            return None
        at = end + lead.end()
        found = self.speakers.between(at, limit)
        verb = self.cues.plain(at, at + 25, "verb")
        if verb and verb.start == at and found and found[0].start - verb.end < 45:
            return _direct(found[0].speaker, f"verb after: {verb.word}")
        if (
            found
            and re.fullmatch(r"(?:(?:[Tt]he|[Aa]|[Aa]n) )?(?:[\w.,-]+ ){0,6}", self.text[at : found[0].start])
            and (lead["stop"] or self.text[end - 1] != ".")
        ):
            says = self.cues.plain(found[0].end, limit, "verb")
            owner = self.text[found[0].end : found[0].end + 1] in ("'", "’")
            subject = self.speakers.subject(at, says.start, strict=True) if says and owner else found[0]
            if says and subject:
                return _direct(subject.speaker, f"verb after: {says.word}")
        return None

    def _stop_after(self, end: int) -> int:
        match = re.compile(r"[.!?](?=\s|$)|\n\n").search(self.text, end + 2, end + 300)
        return match.end() if match else min(len(self.text), end + 300)

    def _before(self, index: int, left: int, start: int) -> Cue | None:
        """Return the last cue before the quotation in its sentence that no other quotation has used up."""
        if index and self.intervals[index - 1][1] > left:
            between = self.text[self.intervals[index - 1][1] : start]
            fresh = self.cues.between(left, start - 1)
            fresh = [cue for cue in fresh if cue.start >= self.intervals[index - 1][1]]
            return fresh[-1] if fresh and len(between) > 3 else None
        found = self.cues.between(left, start - 1)
        named = [cue for cue in found if cue.speaker]
        return (found[-1] if found and not named else named[-1]) if found else None

    def _enough(self, cue: Cue, start: int, words: list[str], whole: bool) -> bool:
        """Tell whether a cue is strong enough: one word needs the verb right before it, a noun cue nearness."""
        gap = self.text[cue.end : start - 1]
        if whole or (
            cue.kind != "thought" and re.fullmatch(r"[,:]?(?: (?:that|as|as the|as an?|it as an?|was|is))*[,:]? ?", gap)
        ):
            return True
        if cue.kind == "noun" and (len(gap) > 40 or not cue.speaker) and not gap.startswith(" that"):
            return False
        return len(words) > 1 and (cue.kind != "thought" or len(words) > 3)

    def _other_subject(self, cue: Cue, left: int, end: int) -> str:
        """Return the subject of a cue that has none before it: "By declaring, “…,” he"; “…,” adding that “…”."""
        if self.last and left <= self.last[0] <= cue.start:
            return self.last[1]["speaker"]
        after = self.speakers.between(end, min(self._stop_after(end), end + 60)) if cue.kind == "verb" else []
        earlier = self.sentences.before(left) if left and not after and cue.kind == "verb" else None
        subject = after[0] if after else self.speakers.subject(*earlier) if earlier else None
        return subject.speaker if subject else ""

    def _named(self, left: int, stop: int) -> dict[str, str] | None:
        """Read a name or term by the word before it; "what critics called “a sham”" are the critics' words."""
        match = self.naming.search(self.text, max(left, stop - 60), stop)
        if not match:
            return None
        caller = self.speakers.between(max(left, match.start() - 60), match.start())[-1:]
        if caller and match[0].split()[0] in CALLING and match.start() - caller[0].end <= 1:
            return _direct(caller[0].speaker, f"verb before: {match[0].split()[0]}")
        return {"type": "term", "speaker": "", "cue": "named or titled"}

    def _alone(self, start: int, left: int, before: str) -> dict[str, str]:
        """Read a quotation that is a sentence of its own: the sentence or the quotation before names the speaker."""
        if self.last and self.last[1]["type"] == "direct" and start - self.last[0] < 200:
            between = self.text[self.last[0] + 1 : start]
            if not re.search(r"[.!?] +\w", between):
                return _direct(self.last[1]["speaker"], "quotation before")
        if re.search(r"\w", before):
            subject = self.speakers.subject(left, start - 1)
            return _direct(subject.speaker if subject else "", "subject of the sentence" if subject else "")
        earlier = self.sentences.before(left) if left else None
        if not earlier:
            return _direct("", "")
        found = [cue for cue in self.cues.between(*earlier) if cue.speaker]
        subject = self.speakers.subject(*earlier)
        speaker = found[0].speaker if found else subject.speaker if subject else ""
        return _direct(speaker, "sentence before" if speaker else "")


def _direct(speaker: str, cue: str) -> dict[str, str]:
    return {"type": "direct", "speaker": speaker, "cue": cue}


def _is_title(words: list[str], before: str) -> bool:
    """Tell a name or a title by its capitals ("Green World Solidarity Year"), unless it follows a verb of saying."""
    content = [word for word in words if len(word) > 3]
    return len(content) > 1 and all(word[0].isupper() for word in content) and not before.rstrip().endswith((":", ","))


def _is_whole(quotation: str, words: list[str]) -> bool:
    """Tell words that make a sentence: many, or beginning with a capital and ending with a stop."""
    return len(words) >= 12 or (len(words) >= 4 and quotation[:1].isupper() and quotation.rstrip()[-1:] in ".!?,…")
