"""In whose voice a text speaks, word by word: the document's own, one it reports, or one it quotes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from apparatus.corpus import UNDIVIDED
from apparatus.extract.candidates import ADVERBS
from apparatus.extract.cues import SAYING, Cue, Cues
from apparatus.extract.quotes import speakers_of
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Quotation, Span
from apparatus.sentences import sentences_of
from apparatus.text import trim
from apparatus.themes import RUNNING_TEXT
from apparatus.words import WORD

BEFORE = 40  # code points before a verb: in these stand the words that govern it
BESIDE = 80  # code points from a verb to its subject, to a quotation before it, or to the "as" that goes with it
LONGEST = 320  # code points that an attribution at the end of a sentence puts to somebody
NO_LETTER = re.compile(r"[\W_]+")
IMPERSONAL = re.compile(r"\b[Ii]t (?:is|was|has been|had been)(?: \w+ly| also| often)? $")  # "it is argued that"
OPENING = re.compile(
    r"(?:(?:[A-Z][\w.’'-]*|the|of|by|and|some|such|former|then)[ ,]+)*(?:(?:[\w-]+ ){0,2}[\w-]+[’']s? )?"
)  # a subject that opens a sentence
UNINFLECTED = re.compile(
    r"\b(?:to|will|would|can|could|may|might|shall|should|must|do|does|did|not)(?: \w+ly| also)* $"
)
AUXILIARY = r"(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|may|might|should|must)\b"
OBJECT = r" (?:the|an?|this|these|those|such|any|no|his|her|its|their|him|it|them)\b"
FINITE = re.compile(  # a verb, told by its form, by the adverb before it or by the object behind it
    rf"(?: \w+ly| also| often)* (?P<verb>{AUXILIARY}|[a-z]+ed(?={OBJECT}| [A-Z])|[a-z]+[^\Wsu]s(?={OBJECT})"
    r"|(?:(?<=ly )|(?<=also )|(?<=often ))[a-z]+(?:ed|[^\Wsu]s)\b)"
)
MANY_DO = re.compile(rf" {AUXILIARY}")  # "the Baltic states can"
SUBORDINATE = re.compile(r"\b(?:that|which|who|whom|where|when|if|because|while|although)\b")
AND = re.compile(r"\b(?:and|or|but|yet)$")
SENDING = re.compile(r", (?:thus |thereby )?[a-z]+ing (?:an?|the)(?: [a-z-]+)? $")
SECOND = re.compile(rf",? (?:and|but|yet)(?={FINITE.pattern})")  # "Macron praised the port, but may sell it"
NEXT_PART = re.compile(r", (?!(?:and|or|but|yet|which|who|whose|where|when)\b)")
CONSECUTIVE = re.compile(r"\bso [a-z]+\b")  # "so long a speech that"
BELOW = (
    re.compile(  # "While Macron stressed P, the EU did Q"; "In contrast to 2018, when Macron stressed P, his speech"
        r"(?:(?:While|Although|Though|When|After|Before|If|Because|Since|Whereas)\b[^,]*"
        r"|(?:In|At|On|During|Unlike|Despite|After|Before|Following|With)\b.*, (?:where|when|who|which) [^,]*)"
    )
)
MAIN_CLAUSE = re.compile(r", (?=(?:the|an?|his|her|its|their|this|these|he|she|it|they|[A-Z][\w-]+)\b)")
ADJUNCT = re.compile(
    r"(?: (?:on|at|in|during|to|by|from|as|when|while|after|before|following|late|early|earlier|later|last|this|today"
    r"|yesterday|[A-Z]\w+day)\b[^,;:]*)?[.!?”\"’)]*\s*"
)
ADJUNCT_BEGINS = re.compile(r"(?: (?:at|in|on|during)\b|[,:])")
BY = re.compile(r" by ")
CONTENT = re.compile(r" as ")  # "was perceived by Baku as a threat"
INTRODUCED = re.compile(r"[,:] ?[“”\"‘'«]?$")  # what stands before a quotation that is a sentence of its own
INSERTED = re.compile(r",(?! ?[“”\"‘'«])")  # "growth, it said, reached 3%"
PREPOSITION = re.compile(r" (?:of|in|from|at|for|with|close|familiar) ")
JOINED = re.compile(r"(?:,|\b(?:and|or|but|who|which|that))(?: \w+ly| also)* $")
RELATIVE = re.compile(r" that (?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must)\b")
IT = re.compile(r"It(?: \w+ly| also| further)? ")
OPENS = re.compile(  # "The joint statement was short. It called for": the statement called
    r"(?:The|This|An?|Its|His|Her|Their) (?:[a-z-]+ ){0,2}?(?P<noun>[a-z]+)\b(?= (?:of|by|from|is|was|has|dated)\b)"
)
PARTICIPLE = re.compile(r", (?:thus |thereby |further )?(?P<word>[a-z]+ing)\b(?! that)")
OTHER_CLAUSE = re.compile(  # "Macron said P, while Scholz stressed Q": Q is Scholz's
    r"(?:[,;] (?:while|whereas|and|but|though|although) |; )(?:the |an? )?[^,;]{2,60}$"
)


@dataclass(frozen=True)
class Voice:
    """`kind` is own, reported or quoted; `speaker` is "" in the own voice and where nobody is named."""

    kind: str
    speaker: str = ""
    cue: str = ""


@dataclass(frozen=True, kw_only=True)
class Speech(Span):
    """A piece of the running text in one voice. `length` is its number of words, `number` that of its sentence."""

    voice: str
    speaker: str = ""
    cue: str = ""
    length: int
    number: int


Piece = tuple[int, int, Voice]
OWN = Voice("own")


def find_voices(doc: Document, spans: Sequence[Span], quotes: Sequence[Quotation], known: Knowledge) -> list[Voice]:
    """Return the voice of each span: quoted inside a direct quotation, reported where its sentence puts it to someone.

    Reported speech needs a speaker who is the subject of a verb of saying or thinking, before the words or at the end
    of their sentence; or "according to"; or a claim, a statement that P. "The vote underscores P" is the document's
    own reading: a vote says nothing. A span in several voices has the one in which most of its characters stand.
    Source: seeds/readings/coding-rules.md, "Voice".
    """
    reader = _Reader(doc, quotes, known)
    return [reader.voice_of(span) for span in spans]


def find_speech(
    doc: Document, quotes: Sequence[Quotation], known: Knowledge, *, zones: Sequence[str] = RUNNING_TEXT
) -> list[Speech]:
    """Return the running text cut into pieces of one voice each, in reading order: every word is in exactly one.

    The words that introduce a speech ("the President said that") are the document's own. A speech told over many
    sentences is the document's own voice wherever no verb says otherwise, as the coding rules have it.
    Units: `length` counts words, as `words.count_words` does.
    """
    reader = _Reader(doc, quotes, known)
    text, words = doc.view.text, [match.start() for match in WORD.finditer(doc.view.text)]
    found = []
    for number, sentence in enumerate(_sentences(doc, zones)):
        for start, end, voice in reader.pieces(*sentence):
            for part in (trim(text, *part) for part in doc.pieces(start, end)):
                if length := bisect_left(words, part[1]) - bisect_left(words, part[0]):
                    fields = {"voice": voice.kind, "speaker": voice.speaker, "cue": voice.cue}
                    found.append((*part, {**fields, "length": length, "number": number}))
    return doc.mark_each(Speech, found)


def _sentences(doc: Document, zones: Sequence[str]) -> Iterator[tuple[int, int]]:
    sentences = sentences_of(doc)
    for start, end, zone in doc.paragraphs(*zones):
        yield from [(start, end)] if zone in UNDIVIDED else sentences.within(start, end)


class _Reader:
    """Reads the voices of one document; each sentence is read once."""

    def __init__(self, doc: Document, quotes: Sequence[Quotation], known: Knowledge) -> None:
        self.doc, self.text = doc, doc.view.text
        self.speakers = speakers_of(doc, known)
        self.sentences = sentences_of(doc)
        self.weak = known.lexicon.grammar["sign"]
        self.verbs = known.lexicon.reporting["thought"] | known.lexicon.reporting["verb"]
        self.showing = {self.verbs.get(word) for word in self.weak if word.endswith("ing")}
        self.documents = set(known.lexicon.reporting["document"])
        self.finder = Cues(self.speakers)
        self.quoted = sorted(self._places(quotes), key=lambda piece: piece[:2])
        self.read: dict[tuple[int, int], list[Piece]] = {}

    def _places(self, quotes: Sequence[Quotation]) -> Iterator[Piece]:
        """Yield where the view shows direct quotations."""
        for quote in quotes:
            for start, end in self._runs(quote) if quote.type == "direct" else ():
                yield start, end, Voice("quoted", quote.speaker, quote.cue)

    def _runs(self, span: Span) -> Iterator[tuple[int, int]]:
        """Yield where the view shows a span; a caption that stands inside it is left out."""
        zone = self.doc.zone_at(span.start)
        for start, end in self.doc.view.runs(span.start, span.end):
            if self.doc.zone_at(int(self.doc.view.starts[start])) == zone:
                yield start, end

    def voice_of(self, span: Span) -> Voice:
        """Return the voice in which most of a span's letters stand."""
        shares: dict[Voice, int] = {}
        for low, high in self._runs(span):
            at = low
            while at < high:
                sentence = self.sentences.at(at)
                for start, end, voice in self.pieces(*sentence):
                    part = NO_LETTER.sub("", self.text[max(start, at) : max(start, min(end, high))])
                    shares[voice] = shares.get(voice, 0) + len(part)
                at = max(sentence[1], at + 1)
        others = {voice: share for voice, share in shares.items() if voice != OWN}
        if sum(others.values()) < max(shares.get(OWN, 0), 1):
            return OWN
        return max(others, key=lambda voice: others[voice])

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return a sentence cut into pieces of one voice each."""
        if (start, end) not in self.read:
            voices = [OWN] * (end - start)
            for low, high, voice in (*self._reported(start, end), *self._quoted(start, end)):
                voices[low - start : high - start] = [voice] * (high - low)
            edges = [0]
            for _, same in groupby(voices):
                edges.append(edges[-1] + sum(1 for _ in same))
            self.read[start, end] = [(start + low, start + high, voices[low]) for low, high in pairwise(edges)]
        return self.read[start, end]

    def _quoted(self, start: int, end: int) -> Iterator[Piece]:
        at = bisect_left(self.quoted, end, key=lambda piece: piece[0])
        while at > 0 and self.quoted[at - 1][1] > start:
            at -= 1
            low, high, voice = self.quoted[at]
            yield max(low, start), min(high, end), voice

    def _reported(self, start: int, end: int) -> list[Piece]:
        """Return what a sentence puts to someone; where one speech holds another, the outer one is last."""
        found: list[Piece] = []
        document = ""
        for cue in self.finder.between(start, end, strict=True):
            speaker = self._document_before(cue, start) or cue.speaker or self._unnamed(cue, start, document)
            document = cue.speaker if cue.word.lower() in self.documents else document
            if speaker is None or self._is_no_speech(cue, start):
                continue
            for low, high in self._scopes(cue, start, end):
                if found and (other := OTHER_CLAUSE.search(self.text, found[0][0], cue.start)):
                    found[0] = (found[0][0], min(found[0][1], other.start()), found[0][2])
                found.insert(0, (low, high, Voice("reported", speaker, cue.word)))
        return [piece for piece in found if piece[0] < piece[1]]

    def _document_before(self, cue: Cue, start: int) -> str:
        """Return who issued the document of which a sentence goes on to tell: "The letter is long. It says that"."""
        before = self.sentences.before(start) if IT.fullmatch(self.text, start, cue.start) else None
        opening = OPENS.match(self.text, *before) if before else None
        if not before or not opening or opening["noun"] not in self.documents:
            return ""
        cues = self.finder.between(*before, strict=True)
        return next((one.speaker for one in cues if one.word == opening["noun"]), "") or opening["noun"]

    def _unnamed(self, cue: Cue, start: int, document: str) -> str | None:
        """Return who speaks where the verb has no named subject, or None where that is no speech.

        A document speaks for whoever issued it ("the statement of the ministry indicated that"); "analysts" are a
        phrase; "it is argued that" is nobody.
        """
        that = self.text.startswith(" that", cue.end)
        if cue.kind == "noun":
            return self._whose_speech(cue, start) if that else None
        if that and document:
            return document
        if that and IMPERSONAL.search(self.text, max(start, cue.start - BEFORE), cue.start):
            return ""
        if cue.kind == "source" or not (that or self.verbs.get(cue.word) in SAYING):
            return None
        phrase = self.finder.unnamed(start, cue.start)
        if phrase and self.speakers.described.is_person(PREPOSITION.split(phrase)[0].split()[-1]):
            return phrase
        subject = self.speakers.subject(start, cue.start)
        if subject and subject.form != "pronoun" and subject.kind != "country" and self.speakers.is_straight(subject):
            return subject.speaker
        return phrase if phrase and self.verbs.get(cue.word) not in self.showing else None

    def _whose_speech(self, cue: Cue, start: int) -> str:
        """Return whose speech a participle hangs on: "Macron's speech was long, sending a message that"; or ""."""
        if not SENDING.search(self.text, start, cue.start):
            return ""
        first = self.finder.between(start, cue.start, strict=True)[:1]
        opens = first and first[0].kind == "noun" and OPENING.fullmatch(self.text, start, first[0].start)
        return first[0].speaker if opens else ""

    def _is_no_speech(self, cue: Cue, start: int) -> bool:
        """Tell a verb that has another subject, and what shows something from who says it."""
        if any(low <= cue.start < high for low, high, _ in self._quoted(cue.start, cue.end)):
            return True
        if cue.kind not in ("verb", "thought") or self.finder.is_noun(cue):
            return False
        if cue.word.endswith("s") and MANY_DO.match(self.text, cue.end):
            return True
        subject = self.speakers.subject(start, cue.start, strict=True)
        person = subject is not None and subject.kind == "person"
        if self.verbs.get(cue.word) in self.showing and not self.text.startswith(" that", cue.end) and not person:
            return True
        if subject is None or BY.match(self.text, cue.end):
            return False
        if cue.word.endswith("s") and not cue.word.endswith("ss"):
            beside = ADVERBS.fullmatch(self.text, subject.end, cue.start)
            return not (beside or JOINED.search(self.text, max(start, cue.start - BEFORE), cue.start))
        bare = person and self.finder.is_bare(cue) and subject.form != "pronoun"
        return bare and not UNINFLECTED.search(self.text, max(start, cue.start - BEFORE), cue.start)

    def _scopes(self, cue: Cue, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a sentence that a cue puts to its speaker."""
        last = self._end_of_clause(cue, start, end)
        that = self.text.startswith(" that", cue.end)
        if cue.kind == "source":
            first = self.text.rfind(";", start, cue.start)
            yield max(first + 1, start), last
        elif cue.kind == "noun" or self.finder.is_noun(cue):
            if that and not RELATIVE.match(self.text, cue.end) and not CONSECUTIVE.search(self.text, start, cue.start):
                yield cue.end, self._end_of_claim(cue, start, last)
        elif that or cue.word not in self.weak:
            if closed := self._closed(cue, start, end):
                yield closed
            if (not closed or self.text.startswith(",", cue.end)) and not self._follows_quotation(cue, start):
                yield self._after_verb(cue, last)

    def _end_of_clause(self, cue: Cue, start: int, end: int) -> int:
        """Return where the clause of a cue ends at the latest: at a semicolon, or where the main clause begins."""
        last = self.text.find(";", cue.end, end)
        last = last if last >= 0 else end
        if BELOW.fullmatch(self.text, start, cue.start) and not self.text.startswith(",", cue.end):
            return max((comma.start() for comma in MAIN_CLAUSE.finditer(self.text, cue.end, last)), default=last)
        return last

    def _end_of_claim(self, cue: Cue, start: int, last: int) -> int:
        """Return where what is claimed ends: before the verb whose subject is the claim, if it has one.

        Where that verb is not told for sure the claim ends early: words missed harm less than words put to someone.
        """
        opens = OPENING.fullmatch(self.text, start, cue.start) is not None
        if not opens and self._main_verb(start, cue.start)[0] is not None:
            return last
        if opens and (
            said := next((high for low, high, _ in self._quoted(cue.end, last) if low <= cue.end + len(" that “…")), 0)
        ):
            return said
        main, inner = self._main_verb(cue.end, last)
        part = NEXT_PART.search(self.text, inner[0], last) if inner else None
        if main is None and not part:
            return inner[-1] if opens and inner else last
        return min(last if main is None else main, part.start() if part else last)

    def _main_verb(self, start: int, end: int) -> tuple[int | None, list[int]]:
        """Return where the verb of the main clause stands, and those of the clauses within that come before it."""
        inner: list[int] = []
        at, clauses = start, 0
        for verb in FINITE.finditer(self.text, start, end):
            place = verb.start("verb")
            joined = verb.start() == at or AND.search(self.text, max(start, verb.start() - 4), verb.start())
            if joined or any(self._quoted(place, verb.end())):
                continue
            clauses += len(SUBORDINATE.findall(self.text, at, place))
            if not clauses:
                return verb.start(), inner
            inner.append(verb.start())
            at, clauses = verb.end(), clauses - 1
        return None, inner

    def _after_verb(self, cue: Cue, last: int) -> tuple[int, int]:
        """Return what follows a verb as its speech: up to a quotation that it introduces, without place and time."""
        if by := BY.match(self.text, cue.end, last):
            content = CONTENT.search(self.text, by.end(), min(last, cue.end + BESIDE))
            return (content.start(), last) if content else (last, last)
        quoted = min((low for low, _, _ in self._quoted(cue.end, last) if low > cue.end), default=last)
        if INTRODUCED.search(self.text, cue.end, quoted) and quoted < last:
            return (quoted, quoted) if ADJUNCT_BEGINS.match(self.text, cue.end) else (cue.end, quoted)
        return cue.end, self._end_of_speech(cue.end, self._second_verb(cue, last))

    def _second_verb(self, cue: Cue, last: int) -> int:
        """Return where the subject of a verb whose object is no clause is said to do something further."""
        if self.text.startswith(" that", cue.end) or self.verbs.get(cue.word) in SAYING:
            return last
        second = SECOND.search(self.text, cue.end, last)
        if not second or SUBORDINATE.search(self.text, cue.end, second.start()):
            return last
        return second.start()

    def _end_of_speech(self, start: int, last: int) -> int:
        """Return where the document's own reading of a speech begins: "…, underscoring the vote's significance"."""
        readings = (one for one in PARTICIPLE.finditer(self.text, start, last) if one["word"] in self.weak)
        return next((one.start() for one in readings), last)

    def _follows_quotation(self, cue: Cue, start: int) -> bool:
        """Tell the attribution behind a quotation ("…,” she said on Monday"), which puts nothing further to anyone."""
        before = [piece for piece in self._quoted(max(start, cue.start - BESIDE), cue.start) if piece[1] < cue.start]
        return bool(before) and not self.text.startswith((" that", ":", ","), cue.end)

    def _closed(self, cue: Cue, start: int, end: int) -> tuple[int, int] | None:
        """Return the words before the attribution at a sentence's end: "…, the ministry said on Monday."."""
        subject = self.speakers.subject(max(start, cue.start - BESIDE), cue.start)
        inserted = INSERTED.match(self.text, cue.end) is not None
        if subject is None or not (inserted or ADJUNCT.fullmatch(self.text, cue.end, end)):
            return None
        before = self.text.rfind(", ", start, subject.head)
        if before < 0 or not ADVERBS.fullmatch(self.text, subject.end, cue.start):
            return None
        if self.text[before + 2 : subject.head].strip() not in ("", "the", "as", "a", "an"):
            return None
        first = max(before - LONGEST, *(self._after(mark, start, before) for mark in (", and ", ";")))
        return first, before

    def _after(self, mark: str, start: int, end: int) -> int:
        at = self.text.rfind(mark, start, end)
        return at + len(mark) if at >= 0 else start
