"""The contested questions: which source takes which position, in whose voice, on which words, as each coder read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Protocol

import pandas as pd

from apparatus.corpus import choose, load_corpus
from apparatus.knowledge import Question, load_knowledge
from apparatus.model import Coding, Document, Evidence, Position, Span
from apparatus.paths import READINGS
from apparatus.readings import VOICES, load_codings

SILENCE = {
    "predates": "silent: written before it",
    "mentioned": "silent: mentions it, takes no position",
    "not-addressed": "silent: does not raise it",
}
VOICE = {"source": "own voice", "reported": "reports"}
CONFIDENCE = {3: "stated outright", 2: "one step of inference", 1: "thin"}
CELLS = [
    "Coder", "Question", "Source", "Position", "Voice", "Speaker", "Confidence", "Passages", "Also", "Rejects", "Note",
]  # fmt: skip


class Coded(Protocol):
    """What has contested questions: a theme's reading, or the matrix of all themes."""

    @property
    def corpus(self) -> Mapping[str, Document]: ...  # noqa: D102

    @property
    def questions(self) -> list[Question]: ...  # noqa: D102

    @property
    def codings(self) -> list[Coding]: ...  # noqa: D102


@dataclass(frozen=True, eq=False, kw_only=True)
class Matrix:
    """The contested questions by the sources, with every coder's reading of each cell."""

    corpus: Mapping[str, Document]
    questions: list[Question]
    codings: list[Coding]

    @property
    def coders(self) -> list[str]:
        """The coders, by name."""
        return coders_of(self.codings)

    @property
    def coder(self) -> str:
        """The first coder, or that nobody read the sources."""
        return next(iter(self.coders), "nobody")

    def label(self, source: str) -> str:
        """Return what readers call a source."""
        return self.corpus[source].source.label

    def labels(self, sources: Iterable[str]) -> list[str]:
        """Return what readers call some sources."""
        return [self.label(source) for source in sources]

    def by(self, coder: str) -> Matrix:
        """Return one coder's readings alone; those of the first where none is named."""
        if coder and coder not in self.coders:
            raise ValueError(f"there is no coder {coder!r}; seeds/readings/codings has {', '.join(self.coders)}.")
        chosen = coder or next(iter(self.coders), "")
        return replace(self, codings=[one for one in self.codings if one.coder == chosen])

    def limited(self, voices: Sequence[str], least_confidence: int) -> Matrix:
        """Return the matrix without the positions of other voices or of less confidence; silences stay."""
        if unknown := [voice for voice in voices if voice not in VOICES]:
            raise ValueError(f"there is no voice {unknown[0]!r}; it is one of {', '.join(VOICES)}")
        kept = [
            one
            for one in self.codings
            if one.held is None or (one.voice in voices and one.confidence >= least_confidence)
        ]
        return replace(self, codings=kept)


def read_positions(
    sources: Sequence[str] = (), *, themes: Sequence[str] = (), folder: Path = READINGS / "codings"
) -> Matrix:
    """Return the codings of the contested questions of some themes, or of all, in some sources, or in all.

    Every file of the folder is a coder's.
    Raises `ValueError` for a theme or source that does not exist.
    """
    known = load_knowledge().questions
    there = {question.theme for question in known.values()}
    if unknown := [theme for theme in themes if theme not in there]:
        raise ValueError(f"no question is of the theme {unknown[0]!r}; the codebook has {', '.join(sorted(there))}")
    corpus = choose(load_corpus(), sources)
    questions = [one for one in known.values() if not themes or one.theme in themes]
    names = {one.id for one in questions}
    return Matrix(
        corpus=corpus,
        questions=questions,
        codings=[one for one in load_codings(corpus, known, folder) if one.question in names],
    )


def coders_of(codings: Iterable[Coding]) -> list[str]:
    """Return the coders of some codings, by name."""
    return sorted({one.coder for one in codings})


def first_codings(coded: Coded) -> dict[tuple[str, str], Coding]:
    """Return one coding per (question, source): that of the first coder who read it, for several are never merged."""
    cells: dict[tuple[str, str], Coding] = {}
    for coding in coded.codings:
        cells.setdefault((coding.question, coding.source), coding)
    return cells


def positions_on(coded: Coded, question: Question) -> dict[str, Position]:
    """Return the position that each source which takes one holds on a question: the first coder's reading."""
    cells = first_codings(coded)
    read = {source: cells.get((question.id, source)) for source in coded.corpus}
    return {source: coding.held for source, coding in read.items() if coding and coding.held}


def disputed(coded: Coded) -> list[Question]:
    """Return the questions on which sources take different positions."""
    return [one for one in coded.questions if len(_codes(coded, one)) > 1]


def shared(coded: Coded) -> list[Question]:
    """Return the questions on which several sources speak, and all of them take the same position."""
    return [one for one in coded.questions if len(_codes(coded, one)) == 1 and len(positions_on(coded, one)) > 1]


def unheard(coded: Coded) -> list[Question]:
    """Return the questions on which no source, or only one, takes a position."""
    return [one for one in coded.questions if len(positions_on(coded, one)) < 2]


def single(coded: Coded) -> list[Question]:
    """Return the questions on which exactly one source takes a position."""
    return [one for one in coded.questions if len(positions_on(coded, one)) == 1]


def _codes(coded: Coded, question: Question) -> set[str]:
    return {held.code for held in positions_on(coded, question).values()}


def evidence_of(coded: Coded, questions: Iterable[Question]) -> list[Span]:
    """Return the passages on which the positions of some questions rest."""
    return [span for one in questions for held in positions_on(coded, one).values() for span in held.evidence]


def evidence_in(codings: Iterable[Coding]) -> list[Evidence]:
    """Return the passages of some codings: of the position held, those also held, and those rejected."""
    return [
        span
        for coding in codings
        for position in (*filter(None, [coding.held]), *coding.also, *coding.rejects)
        for span in position.evidence
    ]


def position_words(coding: Coding, question: Question) -> list[object]:
    """Return a cell of the matrix: the position held, then those also held and those rejected, with their passages."""
    if coding.held is None:
        return [SILENCE[coding.silent_reason]]
    cell: list[object] = []
    others = [("also: ", one) for one in coding.also] + [("rejects: ", one) for one in coding.rejects]
    for said, position in [("", coding.held), *others]:
        voice = f" (reports {position.speaker})" if position.voice == "reported" else ""
        cell += [f"{said}{position_name(question, position)}{voice}", *position.evidence]
    return cell


def position_name(question: Question, position: Position) -> str:
    """Return the letter and label of a position."""
    return f"{question.letter(position.code)}. {question.label(position.code)}"


def position_key(coded: Coded) -> dict[str, list[str]]:
    """Return what the letters of a matrix stand for: the name of each question, and the positions that a cell shows."""
    shown: dict[str, set[str]] = {question.id: set() for question in coded.questions}
    for coding in first_codings(coded).values():
        shown[coding.question].update(one.code for one in (coding.held, *coding.also, *coding.rejects) if one)
    return {
        question.name: [
            f"{question.letter(one.code)}. {one.label}" for one in question.positions if one.code in shown[question.id]
        ]
        for question in coded.questions
    }


def positions_table(coded: Coded) -> pd.DataFrame:
    """Return a row per contested question and a column per source: the position, its voice, its passages.

    With several coders a cell lists each coder's reading after the coder's name.
    """
    several = len(coders_of(coded.codings)) > 1
    rows = []
    for question in coded.questions:
        row: dict[str, object] = {"Question": f"{question.name}: {question.question}"}
        for source, doc in coded.corpus.items():
            readings = [one for one in coded.codings if (one.question, one.source) == (question.id, source)]
            row[doc.source.label] = [
                part
                for coding in readings
                for part in ([f"[{coding.coder}] "] if several else []) + position_words(coding, question)
            ] or ["– not coded, or left out"]
        rows.append(row)
    return pd.DataFrame(rows)


def cells_table(coded: Coded) -> pd.DataFrame:
    """Return a row per coder, question and source: what is read there, and the words it was read from.

    A passage that another speaks has the speaker after it. A position also held or rejected is named with its passage.
    """
    questions = {one.id: one for one in coded.questions}
    rows = [_cell_row(one, questions[one.question], coded.corpus[one.source].source.label) for one in coded.codings]
    return pd.DataFrame(rows, columns=CELLS)


def _cell_row(coding: Coding, question: Question, label: str) -> dict[str, object]:
    held = coding.held
    return {
        "Coder": coding.coder,
        "Question": question.name,
        "Source": label,
        "Position": position_name(question, held) if held else SILENCE[coding.silent_reason],
        "Voice": VOICE[held.voice] if held else "",
        "Speaker": held.speaker if held else "",
        "Confidence": f"{coding.confidence}: {CONFIDENCE[coding.confidence]}" if held else "",
        "Passages": evidence_words(held) if held else [],
        "Also": [part for one in coding.also for part in (position_name(question, one), *evidence_words(one))],
        "Rejects": [part for one in coding.rejects for part in (position_name(question, one), *evidence_words(one))],
        "Note": coding.note,
    }


def evidence_words(position: Position) -> list[object]:
    """Return the passages of a position; after one that the source reports, whose words it is."""
    return [
        part
        for span in position.evidence
        for part in ([span, f"(reports {span.speaker})"] if span.voice == "reported" else [span])
    ]


def questions_table(coded: Coded) -> pd.DataFrame:
    """Return a row per question, those with the most different positions first: who takes which, and who is silent."""
    rows = []
    for question in sorted(coded.questions, key=lambda one: -len(_codes(coded, one))):
        held = positions_on(coded, question)
        codes = [one.code for one in question.positions if one.code in _codes(coded, question)]
        taken = [f"{question.letter(code)}. {question.label(code)}: {_listed(coded, held, code)}." for code in codes]
        rows.append(
            {
                "Question": f"{question.name}: {question.question}",
                "Theme": question.heading,
                "Different positions": len(codes),
                "Sources that take one": len(held),
                "Positions taken": " ".join(taken),
            }
        )
    columns = ["Question", "Theme", "Different positions", "Sources that take one", "Positions taken"]
    return pd.DataFrame(rows, columns=columns)


def _listed(coded: Coded, held: Mapping[str, Position], code: str) -> str:
    return ", ".join(coded.corpus[source].source.label for source, one in held.items() if one.code == code)


def silence_table(coded: Coded) -> pd.DataFrame:
    """Return a row per source: on how many questions it takes a position and in whose voice, and why it takes none."""
    cells = first_codings(coded).values()
    rows = []
    for source, doc in coded.corpus.items():
        of_it = [one for one in cells if one.source == source]
        rows.append(
            {
                "Source": doc.source.label,
                "Own voice": sum(one.voice == "source" for one in of_it),
                "Only reported": sum(one.voice == "reported" for one in of_it),
                "Mentions it": sum(one.silent_reason == "mentioned" for one in of_it),
                "Does not raise it": sum(one.silent_reason == "not-addressed" for one in of_it),
                "Written before it": sum(one.silent_reason == "predates" for one in of_it),
            }
        )
    return pd.DataFrame(rows)


def pairs_table(coded: Coded) -> pd.DataFrame:
    """Return a row per two sources: on how many questions both take a position, the same one, different ones."""
    held = [positions_on(coded, question) for question in coded.questions]
    rows = []
    for first, second in combinations(coded.corpus, 2):
        both = [(one[first].code, one[second].code) for one in held if first in one and second in one]
        same = sum(a == b for a, b in both)
        rows.append(
            {
                "Source": coded.corpus[first].source.label,
                "And": coded.corpus[second].source.label,
                "Both take a position": len(both),
                "The same": same,
                "Different ones": len(both) - same,
            }
        )
    return pd.DataFrame(rows, columns=["Source", "And", "Both take a position", "The same", "Different ones"])
