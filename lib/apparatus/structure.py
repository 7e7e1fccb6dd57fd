"""What each block of a text is, and the order in which the blocks are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from apparatus.entries import read_toml
from apparatus.errors import DataError
from apparatus.text import View, trim

RUNNING = "body"
SHORT = 160  # characters: the longest heading or title line
CAPTION = 300  # characters: the longest block that may stand inside a broken sentence
ROMAN = r"(?=[IVXL])(?:X{0,3}L?)(?:IX|IV|V?I{0,3})"
NUMBERED = re.compile(rf"({ROMAN}|\d{{1,2}})\.\s+(?=\S)")
CONTENTS = re.compile(r"(table of )?contents$", re.IGNORECASE)
CONTENTS_ENTRY = re.compile(rf"[-•*]?\s*(({ROMAN}|\d{{1,2}})\.\s.*|\d{{1,3}})$")
FINISHED = re.compile(r"[.!?…:;][\"'”’»)\]*\s]*(\W*)$")
CONTINUES = re.compile(r"[\"'“”‘(]?[a-z0-9]")
PHRASE = re.compile(  # the words of an unnumbered heading: no stop inside, and not broken off after a little word
    r"(?!.*[.!?]\s)(?!.*\b(?:an?|and|as|at|by|for|from|his|in|its|of|on|or|our|that|the|their|to|with)$)"
    r"[^a-z\n].{2,98}[^\s.!?…:;,\"'”’»]"
)
WORD_BREAK = re.compile(r"(\w+)-$")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
BLANKS = re.compile(r"[^\S\n]*[\u00a0\u2000-\u200a\u202f\t][^\S\n]*| {2,}")


@dataclass(frozen=True)
class ZoneRule:
    """A pattern of `seeds/knowledge/zones.toml`, with the examples that test it."""

    kind: str
    pattern: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A line of the text as received. `join` is a decision by hand that it goes on from the block before."""

    start: int
    end: int
    kind: str = RUNNING
    join: bool = False

    def of(self, raw: str) -> str:
        """Return the block's words."""
        return raw[self.start : self.end]


@dataclass(frozen=True)
class Decisions:
    """What `seeds/readings/zones.toml` decides by hand for one source."""

    zone: Sequence[dict[str, str]] = field(default_factory=tuple)
    move: Sequence[dict[str, str]] = field(default_factory=tuple)
    join: Sequence[dict[str, str]] = field(default_factory=tuple)


def load_zone_rules(path: Path) -> tuple[ZoneRule, ...]:
    """Return the zone patterns of a TOML file. Raises `DataError` where a pattern misses its own examples."""
    rules = tuple(
        ZoneRule(entry["kind"], entry["pattern"], tuple(entry["examples"])) for entry in read_toml(path)["zone"]
    )
    for rule in rules:
        for example in rule.examples:
            if not re.match(rule.pattern, example):
                raise DataError(f"{path.name}: {rule.pattern!r} does not match its example {example!r}; mend one.")
    return rules


def load_decisions(path: Path) -> dict[str, Decisions]:
    """Return the decisions by hand of a TOML file, by source id."""
    tables: dict[str, list[dict[str, Any]]] = read_toml(path)
    sources = {entry["source"] for entries in tables.values() for entry in entries}
    return {
        source: Decisions(
            **{name: [entry for entry in entries if entry["source"] == source] for name, entries in tables.items()}
        )
        for source in sources
    }


def find_blocks(raw: str, rules: Sequence[ZoneRule] = (), decisions: Decisions | None = None) -> list[Block]:
    """Return the blocks of a text in reading order, each with the kind of zone it is.

    Rules by words come first, then rules by place (contents, headings, captions inside sentences, pull quotes),
    then what was decided by hand, which always wins.
    """
    decisions = decisions or Decisions()
    lines = [trim(raw, *match.span()) for match in re.finditer(r"[^\r\n]+", raw)]
    blocks = [
        Block(start, end, _kind_by_words(raw[start:end], rules))
        for start, end in lines
        if INVISIBLE.sub("", raw[start:end]).strip()
    ]
    blocks = _unwrap(raw, blocks)
    blocks = _mark_contents(raw, blocks)
    blocks = _mark_pull_quotes(raw, blocks)
    blocks = _decide(raw, blocks, decisions)
    blocks = _mark_front_and_back(raw, blocks)
    blocks = _mark_numbered_headings(raw, blocks)
    blocks = _mark_captions(raw, blocks)
    blocks = _mark_headings(raw, blocks)
    return _decide(raw, blocks, decisions)


def _kind_by_words(text: str, rules: Sequence[ZoneRule]) -> str:
    return next((rule.kind for rule in rules if re.match(rule.pattern, text)), RUNNING)


def _unwrap(raw: str, blocks: list[Block]) -> list[Block]:
    """Join lines that were wrapped at a width: a long line, one newline, and a line of the same kind after it."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if before and before.kind == block.kind == RUNNING and _is_wrapped(raw, before, block):
            joined[-1] = replace(before, end=block.end)
        else:
            joined.append(block)
    return joined


def _is_wrapped(raw: str, before: Block, block: Block) -> bool:
    gap = raw[before.end : block.start]
    last_line = before.of(raw).rsplit("\n", 1)[-1].strip()
    at_width = 45 <= len(last_line) <= 120 or bool(WORD_BREAK.search(last_line))
    return gap.count("\n") == 1 and at_width and not CONTENTS_ENTRY.match(block.of(raw))


def _mark_contents(raw: str, blocks: list[Block]) -> list[Block]:
    inside, marked = False, []
    for block in blocks:
        text = block.of(raw)
        inside = bool(CONTENTS.match(text)) or (inside and _is_contents_entry(text))
        marked.append(replace(block, kind="contents") if inside else block)
    return marked


def _is_contents_entry(text: str) -> bool:
    """Tell an entry of a contents list, which stands behind a bullet or is a page number, from a numbered heading."""
    return bool(CONTENTS_ENTRY.match(text)) and (text[0] in "-•*" or text.isdigit() or bool(re.search(r"\d$", text)))


def _mark_pull_quotes(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark blocks wholly in quotation marks whose words the running text has, whole or nearly, elsewhere."""
    marked = []
    for block in blocks:
        text = block.of(raw).lstrip("? ")
        quoted = len(text) > 30 and text[0] in '"“«„' and text[-1] in '"”»'
        others = "\n".join(
            other.of(raw) for other in blocks if other is not block and len(other.of(raw)) > 2 * len(text)
        )
        pulled = quoted and fuzz.partial_ratio(text[1:-1], others, score_cutoff=70) > 0
        marked.append(replace(block, kind="pull quote") if pulled else block)
    return marked


def _mark_front_and_back(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short unfinished blocks before the first and after the last block of running text."""
    running = [at for at, block in enumerate(blocks) if block.kind == RUNNING]
    prose = [at for at, after in zip_longest(running, running[1:]) if _is_prose(raw, blocks, at, after)]
    if not prose:
        return blocks
    kinds = dict.fromkeys(range(prose[0]), "title") | dict.fromkeys(range(prose[-1] + 1, len(blocks)), "furniture")
    return [
        replace(block, kind=kinds[at])
        if at in kinds and block.kind == RUNNING and not NUMBERED.match(block.of(raw))
        else block
        for at, block in enumerate(blocks)
    ]


def _is_prose(raw: str, blocks: list[Block], at: int, after: int | None) -> bool:
    """Tell running text by its length, by a stop at its end, or because the next block goes on in lower case."""
    text = blocks[at].of(raw)
    goes_on = after is not None and blocks[after].of(raw)[:1].islower()
    return len(text) > SHORT or bool(FINISHED.search(text)) or goes_on


def _mark_captions(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short blocks that stand between the halves of a sentence: one unfinished, one that goes on in lower case."""
    marked = list(blocks)
    for at, block in enumerate(blocks):
        if block.kind != RUNNING or len(block.of(raw)) <= SHORT // 2 or FINISHED.search(block.of(raw)):
            continue
        after = next((to for to in range(at + 1, len(blocks)) if CONTINUES.match(blocks[to].of(raw))), at)
        between = range(at + 1, after)
        if len(between) <= 3 and all(_could_be_caption(raw, blocks[one]) for one in between):
            for one in between:
                marked[one] = replace(blocks[one], kind="caption")
    return marked


def _could_be_caption(raw: str, block: Block) -> bool:
    return block.kind == RUNNING and len(block.of(raw)) <= CAPTION and not NUMBERED.match(block.of(raw))


def _mark_numbered_headings(raw: str, blocks: list[Block]) -> list[Block]:
    return [
        replace(block, kind="heading") if block.kind == RUNNING and _is_numbered_heading(block.of(raw)) else block
        for block in blocks
    ]


def _is_numbered_heading(text: str) -> bool:
    return len(text) <= SHORT and bool(NUMBERED.match(text)) and not FINISHED.search(text)


def _mark_headings(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short blocks of one unfinished phrase that stand between finished paragraphs."""
    marked = list(blocks)
    running = [at for at, block in enumerate(blocks) if block.kind == RUNNING]
    for before, at, after in zip([None, *running], running, running[1:], strict=False):
        apart = before is None or marked[before].kind == "heading" or FINISHED.search(blocks[before].of(raw))
        if apart and PHRASE.fullmatch(blocks[at].of(raw)) and not CONTINUES.match(blocks[after].of(raw)):
            marked[at] = replace(blocks[at], kind="heading")
    return marked


def _decide(raw: str, blocks: list[Block], decisions: Decisions) -> list[Block]:
    blocks = list(blocks)
    for entry in decisions.zone:
        at = _the_block(raw, blocks, entry, "block")
        blocks[at] = replace(blocks[at], kind=entry["kind"])
    for entry in decisions.join:
        at = _the_block(raw, blocks, entry, "block")
        blocks[at] = replace(blocks[at], join=True)
    for entry in decisions.move:
        first, last = _the_block(raw, blocks, entry, "first"), _the_block(raw, blocks, entry, "last")
        moved = blocks[first : last + 1]
        rest = blocks[:first] + blocks[last + 1 :]
        to = _the_block(raw, rest, entry, "before")
        blocks = [*rest[:to], *moved, *rest[to:]]
    return blocks


def _the_block(raw: str, blocks: Sequence[Block], entry: dict[str, str], name: str) -> int:
    found = [at for at, block in enumerate(blocks) if block.of(raw).startswith(entry[name])]
    if len(found) != 1:
        raise DataError(
            f"seeds/readings/zones.toml: {len(found)} blocks of {entry['source']} begin with {entry[name]!r}; "
            f"give the beginning of exactly one block."
        )
    return found[0]


def paragraphs(raw: str, blocks: Sequence[Block]) -> Iterator[tuple[str, View]]:
    """Yield (zone, view) for each paragraph: broken sentences made whole, what stood between the halves set after."""
    waiting: list[tuple[str, View]] = []
    whole: View | None = None
    for block in blocks:
        view = _clean(raw, block)
        if block.kind != RUNNING:
            if whole is None or FINISHED.search(whole.text):
                yield from _flush(whole, waiting)
                whole, waiting = None, []
                yield block.kind, view
            else:
                waiting.append((block.kind, view))
        elif whole is not None and (block.join or not FINISHED.search(whole.text)):
            whole = _joined(raw, whole, view)
        else:
            yield from _flush(whole, waiting)
            whole, waiting = view, []
    yield from _flush(whole, waiting)


def _flush(whole: View | None, waiting: list[tuple[str, View]]) -> Iterator[tuple[str, View]]:
    if whole is not None:
        yield RUNNING, whole
    yield from waiting


def _clean(raw: str, block: Block) -> View:
    view = View.of(raw, block.start, block.end).sub(INVISIBLE, "")
    view = _mend_line_breaks(raw, view)
    return view.sub(BLANKS, " ")


def _mend_line_breaks(raw: str, view: View) -> View:
    """Join the lines of a wrapped block; a hyphen at a line's end stays where the text writes it elsewhere too."""

    def hyphen(match: re.Match[str]) -> str:
        before, after = re.search(r"\w+$", match.string[: match.start()]), re.match(r"\w+", match.string[match.end() :])
        return "-" if before and after and f"{before.group()}-{after.group()}" in raw else ""

    return view.sub(r"(?<=\w)-[^\S\n]*\r?\n\s*(?=\w)", hyphen).sub(r"\s*\n\s*", " ")


def _joined(raw: str, before: View, after: View) -> View:
    """Return two blocks as one, mending a word that was cut by a hyphen or repeated as a catchword."""
    cut = WORD_BREAK.search(before.text)
    if not cut:
        space = View.standing_for(" ", int(before.ends[-1]), int(before.ends[-1]) + 1)
        return View.join([before, space, after])
    next_word = re.match(r"\w*", after.text)
    repeated = next_word is not None and next_word.group().startswith(cut.group(1))
    return View.join([before.cut(0, cut.start() if repeated else cut.end() - 1), after])
