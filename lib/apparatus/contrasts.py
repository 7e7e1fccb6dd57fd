"""Names of one thing between which a text chooses: `seeds/knowledge/contrasts.toml`, checked and frozen."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from apparatus.entries import check_fields, read_entries
from apparatus.errors import DataError

SCOPES = ("sentence", "paragraph")
KEPT = 64  # sentences and paragraphs whose answers are remembered
NEEDED = {"id": str, "title": str, "why": str, "variants": [dict]}
OPTIONAL = {"near": str, "within": str, "questions": [str], "others": [{"pattern": str, "examples": [str], "why": str}]}
VARIANT = {"label": str, "pattern": str, "examples": [str]}
MARKS = {"’": "['’]", "“": '["“]', "”": '["”]'}  # typographic or straight

Hit = tuple[int, int, str]
Around = Callable[[int, str], str]


@dataclass(frozen=True)
class Variant:
    """One name of the thing: a term as texts use it, and how it is found. `near` must be found around it."""

    label: str
    pattern: re.Pattern[str]
    near: re.Pattern[str] | None
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Contrast:
    """A thing with several names. `others` look like one of them and name something else.

    `near` holds for variants that have none of their own; it is looked for `within` a sentence or a paragraph.
    """

    id: str
    title: str
    why: str
    variants: tuple[Variant, ...]
    others: tuple[re.Pattern[str], ...] = ()
    within: str = "sentence"
    questions: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The variants, as texts use them, in the order of the file."""
        return [variant.label for variant in self.variants]

    def find(self, text: str, around: Around) -> list[Hit]:
        """Return (start, end, label) of the variants in a paragraph, none overlapping another: the longest win.

        `around` gives, for a place and a scope, the words in which `near` is looked for.
        """
        if not self._any.search(text):
            return []
        found = [
            (*match.span(), variant.label)
            for variant in self.variants
            for match in variant.pattern.finditer(text)
            if variant.near is None or _holds(around(match.start(), self.within), variant.near)
        ]
        found += [(*match.span(), "") for pattern in self.others for match in pattern.finditer(text)]
        return [hit for hit in _longest(found) if hit[2]]

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """Any variant: most paragraphs hold none, and one pattern says so in a tenth of the time."""
        patterns = [variant.pattern for variant in self.variants]
        either = [f"(?{'' if one.flags & re.IGNORECASE else '-'}i:{one.pattern})" for one in patterns]
        return re.compile(rf"(?<!\w)(?:{'|'.join(either)})")


@lru_cache(maxsize=KEPT)
def _holds(words: str, near: re.Pattern[str]) -> bool:
    """Tell whether words hold what must be near. Remembered, or a long paragraph would be searched for every hit."""
    return near.search(words) is not None


def _longest(found: Sequence[Hit]) -> list[Hit]:
    """Return the longest of the hits that overlap, in order; of equal ones the first of the file."""
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (hit[0] - hit[1], hit[0])):
        at = bisect_left(kept, hit)
        if (at == 0 or kept[at - 1][1] <= hit[0]) and (at == len(kept) or hit[1] <= kept[at][0]):
            kept.insert(at, hit)
    return kept


def load_contrasts(path: Path, questions: Mapping[str, object]) -> dict[str, Contrast]:
    """Return the contrasts of a file by id, in its order.

    Raises `DataError` for an id that stands twice, for a question that the codebook lacks, for a label that is no
    form its variant finds, for an example that it does not find, and for one that another variant claims.
    """
    contrasts: dict[str, Contrast] = {}
    for where, entry in read_entries(path, "contrast", NEEDED, OPTIONAL):
        if entry["id"] in contrasts:
            raise DataError(f"{where}: the id stands twice; give each contrast its own.")
        if unknown := [one for one in entry.get("questions", ()) if one not in questions]:
            raise DataError(f"{where}: the codebook has no question {unknown[0]!r}; mend one of them.")
        contrasts[entry["id"]] = _contrast(entry, where)
    return contrasts


def _contrast(entry: Mapping[str, Any], where: str) -> Contrast:
    if (within := entry.get("within", "sentence")) not in SCOPES:
        raise DataError(f"{where}: within is {within!r}; it is one of {', '.join(SCOPES)}.")
    near = _near(entry, where)
    contrast = Contrast(
        entry["id"],
        entry["title"],
        entry["why"],
        tuple(_variant(one, near, where) for one in entry["variants"]),
        tuple(_other(one, where) for one in entry.get("others", ())),
        within,
        tuple(entry.get("questions", ())),
    )
    if len(set(contrast.labels)) < max(2, len(contrast.variants)):
        raise DataError(f"{where}: it needs two variants or more, each with a label of its own; mend it.")
    for fault in _faults(contrast, [example for one in entry.get("others", ()) for example in one["examples"]]):
        raise DataError(f"{where}: {fault}; mend one of them.")
    return contrast


def _variant(entry: Mapping[str, Any], near: re.Pattern[str] | None, where: str) -> Variant:
    where = f"{where}, {entry.get('label', '(no label)')!r}"
    check_fields(entry, where, VARIANT, {"case": bool, "near": str})
    if not entry["examples"]:
        raise DataError(f"{where}: it has no example; give words that it must find.")
    return Variant(
        entry["label"],
        _pattern(entry["pattern"], where, case=entry.get("case", False)),
        _near(entry, where) or near,
        tuple(entry["examples"]),
    )


def _other(entry: Mapping[str, Any], where: str) -> re.Pattern[str]:
    pattern = _pattern(entry["pattern"], where)
    for example in entry["examples"]:
        if not pattern.search(example):
            raise DataError(f"{where}: {entry['pattern']!r} does not find its example {example!r}; mend one of them.")
    return pattern


def _near(entry: Mapping[str, Any], where: str) -> re.Pattern[str] | None:
    return _compiled(entry["near"], where) if "near" in entry else None


def _pattern(words: str, where: str, *, case: bool = False) -> re.Pattern[str]:
    pattern = _compiled(rf"(?<!\w)(?:{words})(?!\w)", where, case=case)
    if pattern.match(""):
        raise DataError(f"{where}: {words!r} finds an empty place; mend it.")
    return pattern


def _compiled(words: str, where: str, *, case: bool = False) -> re.Pattern[str]:
    for mark, either in MARKS.items():
        words = words.replace(mark, either)
    try:
        return re.compile(words, 0 if case else re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{where}: {words!r} is no regular expression ({error}); mend it.") from None


def _faults(contrast: Contrast, others: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the examples: each must be found by its own variant, and by no other."""
    for variant in contrast.variants:
        for example in variant.examples:
            labels = _labels(contrast, example)
            if variant.label not in labels:
                yield f"{variant.label!r} does not find its example {example!r}"
            elif others_too := [one for one in labels if one != variant.label]:
                yield f"the example {example!r} of {variant.label!r} is claimed by {others_too[0]!r} too"
        if variant.label.casefold() not in _forms(variant):
            yield f"{variant.label!r} is a label, and no form that its variant finds in it or in an example"
    for example in others:
        if found := _labels(contrast, example):
            yield f"{found[0]!r} is found in {example!r}, which is said to name something else"


def _forms(variant: Variant) -> set[str]:
    """Return the words that a variant finds in its label and its examples: a label is a name in use, and no heading."""
    texts = (variant.label, *variant.examples)
    return {match.group().casefold() for text in texts for match in variant.pattern.finditer(text)}


def _labels(contrast: Contrast, example: str) -> list[str]:
    def around(_place: int, _scope: str) -> str:
        return example

    return [label for _, _, label in contrast.find(example, around)]
