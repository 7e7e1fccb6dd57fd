"""In whose voice a passage speaks: the document's own, one it reports, or one it quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from apparatus.extract.cues import Cue, Cues
from apparatus.extract.quotes import speakers_of
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Quotation, Span
from apparatus.sentences import sentences_of

FAR = 160


@dataclass(frozen=True)
class Voice:
    """`kind` is own, reported or quoted; `speaker` is "" in the own voice; `cue` is the word that decided."""

    kind: str
    speaker: str = ""
    cue: str = ""


def find_voices(doc: Document, spans: Sequence[Span], quotes: Sequence[Quotation], known: Knowledge) -> list[Voice]:
    """Return the voice of each span: quoted inside a direct quotation, reported where its sentence puts it to someone.

    Reported speech needs a speaker who is the subject of a verb of saying or thinking, before the span or at the end
    of its sentence, or "according to". "The vote underscores P" is the document's own reading: a vote says nothing.
    Source: seeds/readings/coding-rules.md, "Voice".
    """
    direct = sorted((quote for quote in quotes if quote.type == "direct"), key=lambda quote: quote.start)
    starts = [quote.start for quote in direct]
    reader = _Reader(doc, known)
    found = []
    for span in spans:
        index = bisect_right(starts, span.start) - 1
        if index >= 0 and span.end <= direct[index].end and span.zone == direct[index].zone:
            found.append(Voice("quoted", direct[index].speaker, direct[index].cue))
        else:
            found.append(reader.read(span))
    return found


class _Reader:
    """Reads the reported voice of spans of one document; each sentence's cues are looked for once."""

    def __init__(self, doc: Document, known: Knowledge) -> None:
        self.doc, self.text = doc, doc.view.text
        self.speakers = speakers_of(doc, known)
        self.sentences = sentences_of(doc)
        self.weak = known.lexicon.grammar["sign"]
        self.finder = Cues(self.speakers)
        self.cues: dict[int, list[Cue]] = {}

    def read(self, span: Span) -> Voice:
        place = self.doc.view.from_raw(span.start, span.end)
        if not place:
            return Voice("own")
        start, end = self.sentences.at(place[0])
        if start not in self.cues:
            self.cues[start] = self.finder.between(start, end, strict=True)
        for cue in self.cues[start]:
            if cue.speaker and self._governs(cue, *place, end):
                return Voice("reported", cue.speaker, cue.word)
        return Voice("own")

    def _governs(self, cue: Cue, start: int, end: int, stop: int) -> bool:
        """Tell whether a cue puts a passage to its speaker."""
        if cue.kind == "source":
            return True
        if cue.kind == "noun" or (cue.word in self.weak and not self.text.startswith(" that", cue.end)):
            return False
        if cue.end <= start:
            return ";" not in self.text[cue.end : start]
        return cue.start >= end and self._closes(cue, end, stop)

    def _closes(self, cue: Cue, end: int, stop: int) -> bool:
        """Tell the attribution at a sentence's end: "…, the ministry said on Monday."."""
        between = self.text[end : cue.start]
        return (
            "," in between
            and stop - cue.end < FAR // 2
            and ", and " not in between
            and len(between) < 2 * FAR
            and self._subject_is_near(cue)
        )

    def _subject_is_near(self, cue: Cue) -> bool:
        subject = self.speakers.subject(max(0, cue.start - 60), cue.start)
        return (
            subject is not None
            and "," in self.text[subject.start - 8 : subject.start + 1]
            and cue.start - subject.end < 30
        )
