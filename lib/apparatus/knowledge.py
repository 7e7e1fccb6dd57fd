"""What we know: `seeds/knowledge`, checked and frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from apparatus.contrasts import Contrast, load_contrasts
from apparatus.entries import check_edtf, check_fields, near, read_toml
from apparatus.errors import DataError
from apparatus.lexicon import Lexicon, load_lexicon
from apparatus.paths import KNOWLEDGE

THEME = {"id": str, "order": int, "title": str, "subject": str, "term": [dict]}
THEME_PROSE = {"question": str, "cannot": str, "limits": [str], "contrasts": [str]}
TERM = {"label": str, "pattern": str, "weight": int, "examples": [str]}
BOOK = {"themes": [{"id": str, "required": bool}], "questions": [dict]}
BOOK_TELLS = {"meta": dict, "silent": dict}
QUESTION = {
    **dict.fromkeys(("id", "theme", "question", "why"), str),
    "positions": [{"code": str, "label": str, "definition": str}],
}


@dataclass(frozen=True)
class ThemeTerm:
    """An expression that speaks of a theme. `weight` 2: on its own; 1: with another one."""

    label: str
    pattern: re.Pattern[str]
    weight: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """A subject that passages are gathered for. Its id is also its name in the codebook and the references.

    `question`, `cannot` and `limits` are the prose of its page: what it asks, what it cannot show, what to bear in
    mind. `contrasts` are the ids of the choices between names that matter to it.
    """

    id: str
    order: int
    title: str
    subject: str
    terms: tuple[ThemeTerm, ...]
    question: str = ""
    cannot: str = ""
    limits: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodedPosition:
    """A position that a source can take on a contested question."""

    code: str
    label: str
    definition: str


@dataclass(frozen=True)
class Question:
    """A contested question of the codebook. `mechanical` where its answer is counted, so that coders hardly differ.

    `name` is its short name, for tables and figures; `heading` is the title of its theme; `event` is the EDTF date of
    what it asks about, "" where it asks of no event.
    """

    id: str
    name: str
    theme: str
    heading: str
    question: str
    why: str
    event: str
    mechanical: bool
    positions: tuple[CodedPosition, ...]

    def label(self, code: str) -> str:
        """Return the label of a position. Raises `KeyError` where the question has no such position."""
        return {position.code: position.label for position in self.positions}[code]

    def letter(self, code: str) -> str:
        """Return the letter that stands for a position in a figure, A for the first of the codebook."""
        return chr(ord("A") + [position.code for position in self.positions].index(code))


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything under `seeds/knowledge`, for reading any text."""

    lexicon: Lexicon
    themes: dict[str, Theme]
    questions: dict[str, Question]
    contrasts: dict[str, Contrast]

    def contrast(self, name: str) -> Contrast:
        """Return a contrast by its id. Raises `ValueError` where there is none of that name."""
        if name not in self.contrasts:
            raise ValueError(f"there is no contrast {name!r}{near(name, self.contrasts)}")
        return self.contrasts[name]


def load_knowledge(folder: Path = KNOWLEDGE) -> Knowledge:
    """Return the knowledge of a folder. Raises `DataError` where an entry does not match its own examples."""
    themes = sorted(map(_load_theme, (folder / "themes").glob("*.toml")), key=lambda theme: (theme.order, theme.id))
    questions = _load_codebook(folder / "codebook.toml", {theme.id: theme.title for theme in themes})
    contrasts = load_contrasts(folder / "contrasts.toml", questions)
    for theme in themes:
        if unknown := [name for name in theme.contrasts if name not in contrasts]:
            raise DataError(f"themes/{theme.id}.toml: no contrast {unknown[0]!r}{near(unknown[0], contrasts)}")
    return Knowledge(load_lexicon(folder), {theme.id: theme for theme in themes}, questions, contrasts)


def _load_theme(path: Path) -> Theme:
    entry = read_toml(path)
    check_fields(entry, f"themes/{path.name}", THEME, THEME_PROSE)
    if entry["id"] != path.stem:
        raise DataError(f"themes/{path.name}: the id is {entry['id']!r}; give theme and file the same name.")
    return Theme(
        entry["id"],
        entry["order"],
        entry["title"],
        entry["subject"],
        tuple(_theme_term(path, term) for term in entry["term"]),
        entry.get("question", ""),
        entry.get("cannot", ""),
        tuple(entry.get("limits", ())),
        tuple(entry.get("contrasts", ())),
    )


def _theme_term(path: Path, entry: dict[str, Any]) -> ThemeTerm:
    where = f"themes/{path.name}, term {entry.get('label', '(no label)')!r}"
    check_fields(entry, where, TERM, {"case": bool})
    try:
        pattern = re.compile(rf"(?<!\w)(?:{entry['pattern']})(?!\w)", 0 if entry.get("case") else re.IGNORECASE)
    except re.error as error:
        raise DataError(
            f"themes/{path.name}: {entry['pattern']!r} is no regular expression ({error}); mend it."
        ) from None
    for example in entry["examples"]:
        if not pattern.search(example):
            raise DataError(
                f"themes/{path.name}: {entry['label']!r} does not find its example {example!r}; mend one of them."
            )
    if entry["weight"] not in (1, 2):
        raise DataError(f"themes/{path.name}: {entry['label']!r} has weight {entry['weight']}; it is 1 or 2.")
    return ThemeTerm(entry["label"], pattern, entry["weight"], tuple(entry["examples"]))


def load_headings(folder: Path = KNOWLEDGE) -> dict[str, str]:
    """Return the titles of all themes by their ids, in the order of the themes."""
    entries = [read_toml(path) for path in (folder / "themes").glob("*.toml")]
    return {one["id"]: one["title"] for one in sorted(entries, key=lambda one: (one["order"], one["id"]))}


def _load_codebook(path: Path, titles: Mapping[str, str]) -> dict[str, Question]:
    book = read_toml(path)
    check_fields(book, path.name, BOOK, BOOK_TELLS)
    if unknown := [theme["id"] for theme in book["themes"] if theme["id"] not in titles]:
        raise DataError(f"{path.name}: there is no theme {unknown[0]!r}{near(unknown[0], titles)}")
    questions: dict[str, Question] = {}
    for entry in book["questions"]:
        where = f"{path.name}, question {entry.get('id', '(no id)')!r}"
        check_fields(entry, where, QUESTION, {"short": str, "event": str, "mechanical": bool})
        if entry["id"] in questions:
            raise DataError(f"{where}: the id stands twice; give each question its own.")
        if entry["theme"] not in titles:
            raise DataError(f"{where}: there is no theme {entry['theme']!r}{near(entry['theme'], titles)}")
        check_edtf(entry.get("event", ""), f"{where}, event")
        questions[entry["id"]] = Question(
            id=entry["id"],
            name=entry.get("short", entry["id"].replace("-", " ")),
            theme=entry["theme"],
            heading=titles[entry["theme"]],
            question=entry["question"],
            why=entry["why"],
            event=entry.get("event", ""),
            mechanical=entry.get("mechanical", False),
            positions=_coded_positions(entry["positions"], where),
        )
    return questions


def _coded_positions(entries: list[dict[str, str]], where: str) -> tuple[CodedPosition, ...]:
    codes = [entry["code"] for entry in entries]
    if twice := [code for code in codes if codes.count(code) > 1 or code == "silent"]:
        raise DataError(f"{where}: the code {twice[0]!r} is taken already; give each position its own.")
    return tuple(CodedPosition(**entry) for entry in entries)


@cache
def the_knowledge() -> Knowledge:
    """Return the knowledge of `seeds/knowledge`, read once."""
    return load_knowledge()
