"""What each block of a text is, and the order in which the blocks are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from apparatus.entries import check_fields, read_entries, read_toml
from apparatus.errors import DataError
from apparatus.text import trim

RUNNING = "body"
SHORT = 160  # characters: the longest heading or title line
CAPTION = 300  # characters: the longest block that may stand inside a broken sentence
PULLED = range(31, 1000)  # characters: the length of a pull quote, its marks included
REPEATED = 20  # quoted blocks that may share three words in a row: more must not cost more
LONGEST_WORD = 64  # characters: as much of a word as is looked at where a line or a page breaks it
DECIDED = {
    "zone": dict.fromkeys(("source", "block", "kind", "why"), str),
    "move": dict.fromkeys(("source", "first", "last", "before", "why"), str),
    "join": dict.fromkeys(("source", "block", "why"), str),
}
ROMAN = r"(?=[IVXL])(?:X{0,3}L?)(?:IX|IV|V?I{0,3})"
NUMBERED = re.compile(rf"({ROMAN}|\d{{1,2}})\.\s+(?=\S)")
CONTENTS = re.compile(r"(table of )?contents$", re.IGNORECASE)
CONTENTS_ENTRY = re.compile(rf"[-•*]?\s*(({ROMAN}|\d{{1,2}})\.\s.*|\d{{1,3}})$")
STOPS = frozenset(".!?…:;")
CONTINUES = re.compile(r"[\"'“”‘(]?[a-z0-9]")
HEADING = 100  # characters: the longest unnumbered heading
PHRASE = re.compile(  # the words of an unnumbered heading: no stop inside, and not broken off after a little word
    r"(?!.*[.!?]\s)(?!.*\b(?:an?|and|as|at|by|for|from|his|in|its|of|on|or|our|that|the|their|to|with)$)"
    r"[^a-z\n].{2,98}[^\s.!?…:;,\"'”’»]"
)
WORD_BEFORE = re.compile(r"\w+\Z")
HIDDEN = "\u00ad\u200b-\u200d\u2060\ufeff"
VISIBLE = re.compile(rf"[^\s{HIDDEN}]")
Run = tuple[str, str, str]  # three words of a text, one after another


@dataclass(frozen=True)
class ZoneRule:
    """A pattern of `seeds/knowledge/zones.toml`, with the examples that test it."""

    kind: str
    pattern: str
    examples: tuple[str, ...]


class Block(NamedTuple):
    """A line of the text as received. `join` is a decision by hand that it goes on from the block before."""

    start: int
    end: int
    kind: str = RUNNING
    join: bool = False

    @property
    def length(self) -> int:
        """Return the number of its characters."""
        return self.end - self.start

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
    rules = []
    for where, entry in read_entries(path, "zone", {"kind": str, "pattern": str, "examples": [str]}):
        try:
            pattern = re.compile(entry["pattern"])
        except re.error as error:
            raise DataError(f"{where}: {entry['pattern']!r} is no regular expression ({error}); mend it.") from None
        for example in entry["examples"]:
            if not pattern.match(example):
                raise DataError(f"{where}: {entry['pattern']!r} does not match its example {example!r}; mend one.")
        rules.append(ZoneRule(entry["kind"], entry["pattern"], tuple(entry["examples"])))
    return tuple(rules)


def load_decisions(path: Path) -> dict[str, Decisions]:
    """Return the decisions by hand of a TOML file, by source id."""
    tables: dict[str, list[dict[str, Any]]] = read_toml(path)
    check_fields(tables, path.name, {}, {name: [fields] for name, fields in DECIDED.items()})
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
    blocks = _unwrap(raw, _lines(raw, rules))
    blocks = _mark_contents(raw, blocks)
    blocks = _mark_pull_quotes(raw, blocks)
    blocks = _decide(raw, blocks, decisions)
    blocks = _mark_front_and_back(raw, blocks)
    blocks = _mark_numbered_headings(raw, blocks)
    blocks = _mark_captions(raw, blocks)
    blocks = _mark_headings(raw, blocks)
    return _decide(raw, blocks, decisions)


def _lines(raw: str, rules: Sequence[ZoneRule]) -> Iterator[Block]:
    for match in re.finditer(r"[^\r\n]+", raw):
        start, end = trim(raw, *match.span())
        if VISIBLE.search(raw, start, end):
            yield Block(start, end, _kind_by_words(raw[start:end], rules) if rules else RUNNING)


def _kind_by_words(text: str, rules: Sequence[ZoneRule]) -> str:
    return next((rule.kind for rule in rules if re.match(rule.pattern, text)), RUNNING)


def _unwrap(raw: str, lines: Iterable[Block]) -> list[Block]:
    """Join lines that were wrapped at a width: a long line, one newline, and a line of the same kind after it."""
    blocks: list[Block] = []
    before: Block | None = None
    for line in lines:
        if before and before.kind == line.kind == RUNNING and _is_wrapped(raw, before, line):
            blocks[-1] = blocks[-1]._replace(end=line.end)
        else:
            blocks.append(line)
        before = line
    return blocks


def _is_wrapped(raw: str, before: Block, line: Block) -> bool:
    at_width = 45 <= before.length <= 120 or bool(cut_word(raw, before.start, before.end))
    return at_width and raw.count("\n", before.end, line.start) == 1 and not CONTENTS_ENTRY.match(line.of(raw))


def cut_word(text: str, start: int, end: int) -> str:
    """Return what a hyphen at the end of an interval leaves of a word, or "" where none cuts one."""
    if not text.endswith("-", start, end):
        return ""
    match = WORD_BEFORE.search(text, max(start, end - 1 - LONGEST_WORD), end - 1)
    return match.group() if match else ""


def is_finished(text: str, start: int, end: int) -> bool | None:
    """Tell whether a stop follows the last word of an interval; None where it holds neither a word nor a stop."""
    for at in range(end - 1, start - 1, -1):
        if text[at] in STOPS:
            return True
        if text[at].isalnum() or text[at] == "_":
            return False
    return None


def _mark_contents(raw: str, blocks: list[Block]) -> list[Block]:
    inside, marked = False, []
    for block in blocks:
        text = block.of(raw)
        inside = bool(CONTENTS.match(text)) or (inside and _is_contents_entry(text))
        marked.append(block._replace(kind="contents") if inside else block)
    return marked


def _is_contents_entry(text: str) -> bool:
    """Tell an entry of a contents list, which stands behind a bullet or is a page number, from a numbered heading."""
    return bool(CONTENTS_ENTRY.match(text)) and (text[0] in "-•*" or text[-1].isdecimal())


def _mark_pull_quotes(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark blocks wholly in quotation marks, where a block more than twice as long has half of their runs of words."""
    quoted = {at: runs for at, block in enumerate(blocks) if (runs := _runs_if_quoted(block.of(raw)))}
    holders: dict[Run, list[int]] = {}
    for at, runs in quoted.items():
        for run in runs:
            holding = holders.setdefault(run, [])
            if len(holding) < REPEATED:
                holding.append(at)
    shortest = min((blocks[at].length for at in quoted), default=len(raw))
    pulled: set[int] = set()
    for block in blocks:
        if block.length > 2 * shortest:
            shared = Counter(at for run in _runs(block.of(raw), holders) for at in holders[run])
            pulled |= {
                at for at, n in shared.items() if 2 * n >= len(quoted[at]) and block.length > 2 * blocks[at].length
            }
    return [block._replace(kind="pull quote") if at in pulled else block for at, block in enumerate(blocks)]


def _runs_if_quoted(text: str) -> set[Run]:
    text = text.lstrip("? ")
    return _runs(text) if len(text) in PULLED and text[0] in '"“«„' and text[-1] in '"”»' else set()


def _runs(text: str, wanted: Container[Run] | None = None) -> set[Run]:
    """Return the runs of three words in a text; those only that are wanted, if any are named."""
    words = re.findall(r"\w+", text)
    runs = zip(words, words[1:], words[2:], strict=False)
    return set(runs) if wanted is None else {run for run in runs if run in wanted}


def _mark_front_and_back(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short unfinished blocks before the first and after the last block of running text."""
    running = [at for at, block in enumerate(blocks) if block.kind == RUNNING]
    prose = [at for at, after in zip_longest(running, running[1:]) if _is_prose(raw, blocks, at, after)]
    if not prose:
        return blocks
    kinds = dict.fromkeys(range(prose[0]), "title") | dict.fromkeys(range(prose[-1] + 1, len(blocks)), "furniture")
    return [
        block._replace(kind=kinds[at])
        if at in kinds and block.kind == RUNNING and not NUMBERED.match(block.of(raw))
        else block
        for at, block in enumerate(blocks)
    ]


def _is_prose(raw: str, blocks: list[Block], at: int, after: int | None) -> bool:
    """Tell running text by its length, by a stop at its end, or because the next block goes on in lower case."""
    goes_on = after is not None and raw[blocks[after].start].islower()
    return blocks[at].length > SHORT or bool(is_finished(raw, blocks[at].start, blocks[at].end)) or goes_on


def _mark_captions(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short blocks that stand between the halves of a sentence: one unfinished, one that goes on in lower case."""
    marked = list(blocks)
    for at, block in enumerate(blocks):
        if block.kind != RUNNING or block.length <= SHORT // 2 or is_finished(raw, block.start, block.end):
            continue
        near = range(at + 1, min(at + 5, len(blocks)))
        after = next((to for to in near if CONTINUES.match(raw, blocks[to].start)), at)
        between = range(at + 1, after)
        if all(_could_be_caption(raw, blocks[one]) for one in between):
            for one in between:
                marked[one] = blocks[one]._replace(kind="caption")
    return marked


def _could_be_caption(raw: str, block: Block) -> bool:
    return block.kind == RUNNING and block.length <= CAPTION and not NUMBERED.match(raw, block.start, block.end)


def _mark_numbered_headings(raw: str, blocks: list[Block]) -> list[Block]:
    return [
        block._replace(kind="heading") if block.kind == RUNNING and _is_numbered_heading(raw, block) else block
        for block in blocks
    ]


def _is_numbered_heading(raw: str, block: Block) -> bool:
    numbered = block.length <= SHORT and NUMBERED.match(raw, block.start, block.end)
    return bool(numbered) and not is_finished(raw, block.start, block.end)


def _mark_headings(raw: str, blocks: list[Block]) -> list[Block]:
    """Mark short blocks of one unfinished phrase that stand between finished paragraphs."""
    marked = list(blocks)
    running = [at for at, block in enumerate(blocks) if block.kind == RUNNING]
    for before, at, after in zip([None, *running], running, running[1:], strict=False):
        if blocks[at].length > HEADING or not PHRASE.fullmatch(blocks[at].of(raw)):
            continue
        apart = before is None or marked[before].kind == "heading" or is_finished(raw, *blocks[before][:2])
        if apart and not CONTINUES.match(raw, blocks[after].start):
            marked[at] = blocks[at]._replace(kind="heading")
    return marked


def _decide(raw: str, blocks: list[Block], decisions: Decisions) -> list[Block]:
    blocks = list(blocks)
    for entry in decisions.zone:
        at = _the_block(raw, blocks, entry, "block")
        blocks[at] = blocks[at]._replace(kind=entry["kind"])
    for entry in decisions.join:
        at = _the_block(raw, blocks, entry, "block")
        blocks[at] = blocks[at]._replace(join=True)
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
