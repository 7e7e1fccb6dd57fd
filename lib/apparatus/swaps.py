"""A text with its parties exchanged: every name of one side for the other's, with the map back to the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from apparatus.entries import Shape, check_fields, read_toml
from apparatus.errors import DataError
from apparatus.lexicon import alternatives
from apparatus.paths import KNOWLEDGE
from apparatus.text import View

FIELDS: dict[str, tuple[dict[str, Shape], dict[str, Shape]]] = {
    "swap": ({"id": str, "pairs": [(str, str)], "why": str, "examples": [(str, str)]}, {"person": bool}),
    "keep": ({"words": [str], "why": str, "examples": [str]}, {}),
    "entity": ({"pair": (str, str), "why": str}, {}),
    "accepted": ({"measure": str, "why": str}, {"source": str, "words": [str], "of": [str]}),
}
LEFT = r"(?:(?<!\w)|(?<=[^\W\d_A-Z])(?=[A-Z]))"  # a capital after a small letter begins a word: "MacronIlham"
RIGHT = r"(?:(?!\w)|(?<=[^\W\d_A-Z])(?=[A-Z]))"
VOWELS = frozenset("AEIOU")


@dataclass(frozen=True)
class Accepted:
    """Differences of a measure that rest on a fact about one party, and on which: `why`.

    Those in one source where it is named, at passages with some of the words, of some contrasts, rules of the
    ledger, or events, where any are.
    """

    measure: str
    why: str
    source: str = ""
    words: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Swaps:
    """What is exchanged: each word's partner, and the pattern that finds the words where they are exchanged.

    `left` are the words of the side that the table names first.
    """

    partner: dict[str, str]
    pattern: re.Pattern[str]
    left: frozenset[str]
    entities: dict[str, str]
    accepted: tuple[Accepted, ...]

    def places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the intervals of a text that are exchanged, in order, each with its new words."""
        for match in self.pattern.finditer(text):
            if match["keep"] is None:
                yield from self._exchanged(match)

    def is_left(self, text: str) -> bool:
        """Tell a name of the side that the table names first."""
        return any(
            " ".join(match["name"].split()) in self.left for match in self.pattern.finditer(text) if match["name"]
        )

    def _exchanged(self, match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
        old = match["name"]
        new = self.partner[" ".join(old.split())]
        if match["article"] and (old[0] in VOWELS) != (new[0] in VOWELS):
            yield *match.span("article"), match["article"][0] + ("n" if new[0] in VOWELS else "")
        gaps = iter([*re.findall(r"\s+", old), ""])
        yield *match.span("name"), "".join(word + next(gaps) for word in new.split(" "))

    def view(self, text: str) -> View:
        """Return the text with its parties exchanged, each character mapped to those it stands for.

        >>> the_swaps().view("an Armenian in Baku").text
        'an Azerbaijani in Yerevan'
        """
        return View.of(text).replace(self.places(text))

    def exchange(self, text: str) -> str:
        """Return the text with its parties exchanged; exchanged twice it is the same text."""
        parts: list[str] = []
        last = 0
        for start, end, words in self.places(text):
            parts += (text[last:start], words)
            last = end
        return "".join(parts) + text[last:]


def load_swaps(path: Path = KNOWLEDGE / "swaps.toml") -> Swaps:
    """Return what is exchanged. Raises `DataError` for a word with two partners, and where an example differs."""
    tables = read_toml(path)
    check_fields(tables, path.name, {key: [dict] for key in ("swap", "keep", "entity")}, {"accepted": [dict]})
    for table, entries in tables.items():
        for entry in entries:
            check_fields(entry, f"{path.name}, {table} {entry.get('id', entry.get('measure', ''))!r}", *FIELDS[table])
    partner, first = _partners(path, tables["swap"])
    swaps = Swaps(
        partner=partner,
        pattern=_pattern(partner, first, [word for entry in tables["keep"] for word in entry["words"]]),
        left=frozenset(
            words for entry in tables["swap"] for pair in entry["pairs"] for words in (pair[0], *pair[0].split())
        ),
        entities=_entities(tables["entity"]),
        accepted=tuple(
            Accepted(
                one["measure"],
                one["why"],
                one.get("source", ""),
                tuple(one.get("words", ())),
                tuple(one.get("of", ())),
            )
            for one in tables.get("accepted", ())
        ),
    )
    _check_examples(path, tables, swaps)
    return swaps


def _entities(entries: list[dict[str, Any]]) -> dict[str, str]:
    """Return what each entity becomes; where several become the same one, it becomes the first of them."""
    forth = dict(entry["pair"] for entry in reversed(entries))
    return forth | {other: one for one, other in (entry["pair"] for entry in entries)}


def _partners(path: Path, entries: list[dict[str, Any]]) -> tuple[dict[str, str], frozenset[str]]:
    """Return the partner of each word, in small letters and capitals, and the words that begin a person's name."""
    partner: dict[str, str] = {}
    first: set[str] = set()
    for entry in entries:
        for one, other in entry["pairs"]:
            where = f"{path.name}, swap {entry['id']!r}"
            if len(one.split()) != len(other.split()):
                raise DataError(f"{where}: {one!r} and {other!r} differ in their number of words; give them as many.")
            words = list(zip(one.split(), other.split(), strict=True)) if entry.get("person") else [(one, other)]
            first.update(word for pair in words[:-1] for word in pair)
            for pair, turn in product(words, (1, -1)):
                old, new = pair[::turn]
                if partner.setdefault(old, new) != new:
                    raise DataError(f"{where}: {old!r} stands for {partner[old]!r} already; give it one partner.")
    if not partner:
        raise DataError(f"{path.name}: no names are exchanged; give a swap with one pair at least.")
    capitals = {old.upper(): new.upper() for old, new in partner.items()}
    return partner | capitals, frozenset([*first, *(word.upper() for word in first)])


def _pattern(partner: dict[str, str], first: frozenset[str], keep: list[str]) -> re.Pattern[str]:
    """Return what finds a word to be exchanged, after an article, or a phrase that is kept.

    What is kept is kept with its words exchanged, too: else a text exchanged twice would not be the same text.
    """
    plain = alternatives(set(partner) - first).replace(r"\ ", r"\s+")
    last = alternatives(word for word in partner if word not in first and " " not in word)
    names = rf"{alternatives(first)}(?=(?:\s+{alternatives(first)})*\s+{last}{RIGHT})|{plain}"
    bare = re.compile(rf"{LEFT}(?P<keep>(?!))?(?:(?P<article>\b[Aa]n?)\s+)?(?P<name>{names}){RIGHT}")
    mirror = Swaps(partner, bare, frozenset(), {}, ())
    kept = alternatives({form for words in keep for form in (words, mirror.exchange(words))}).replace(r"\ ", r"\s+")
    return re.compile(rf"(?:(?P<article>\b[Aa]n?)\s+)?{LEFT}(?:(?P<keep>{kept})|(?P<name>{names})){RIGHT}")


def _check_examples(path: Path, tables: dict[str, list[dict[str, Any]]], swaps: Swaps) -> None:
    pairs = [
        (entry["id"], *pair) for entry in tables["swap"] for pair in ((one, other) for one, other in entry["examples"])
    ]
    pairs += [("keep", words, words) for entry in tables["keep"] for words in entry["examples"]]
    for name, one, other in pairs:
        for old, new in ((one, other), (other, one)):
            if swaps.exchange(old) != new:
                raise DataError(
                    f"{path.name}, {name!r}: {old!r} becomes {swaps.exchange(old)!r}, not {new!r}; mend the example."
                )


@cache
def the_swaps() -> Swaps:
    """Return the swaps of `seeds/knowledge`, read once."""
    return load_swaps()
