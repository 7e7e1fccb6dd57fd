"""The catalog and its texts, read as documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import process

from apparatus.entries import check_edtf, check_fields, read_entries, read_toml
from apparatus.errors import DataError
from apparatus.model import Document, Section, Sentence, Source, Zone
from apparatus.paragraphs import paragraphs
from apparatus.paths import CATALOG, KNOWLEDGE, READINGS, TEXTS
from apparatus.sentences import sentences_of
from apparatus.structure import (
    NUMBERED,
    Block,
    Decisions,
    ZoneRule,
    find_blocks,
    load_decisions,
    load_zone_rules,
)
from apparatus.text import View, trim

GAP = "\n\n"
NEEDED = dict.fromkeys(("id", "file", "sha256", "label", "title", "publisher", "rights"), str)
EXPECTED = dict.fromkeys(("sections", "numbers", "dates", "quotes"), (int, int))
UNDIVIDED = {
    "title",
    "byline",
    "heading",
    "contents",
    "furniture",
}  # blocks that are one sentence, whatever their stops


def load_catalog(path: Path = CATALOG) -> dict[str, Source]:
    """Return the sources of the catalog, by id, in its order. Raises `DataError` for a faulty record."""
    known = dict.fromkeys((one.name for one in fields(Source)), str)
    catalog: dict[str, Source] = {}
    for where, entry in read_entries(path, "source", NEEDED, {**known, "expected": dict}, beside={"about": str}):
        check_fields(entry.get("expected", {}), f"{where}, expected", {}, EXPECTED)
        if entry["id"] in catalog:
            raise DataError(f"{where}: the id stands twice; give each source its own.")
        for name in ("issued", "latest"):
            check_edtf(entry.get(name, ""), f"{where}, {name}")
        catalog[entry["id"]] = Source(**entry)
    return catalog


def load_about(path: Path = CATALOG) -> str:
    """Return what the catalog says of all texts together, or "" where it says nothing."""
    return str(read_toml(path).get("about", ""))


def load_corpus(
    catalog: Path = CATALOG,
    texts: Path = TEXTS,
    rules: Path = KNOWLEDGE / "zones.toml",
    decisions: Path = READINGS / "zones.toml",
) -> dict[str, Document]:
    """Return the documents of the catalog, by source id, in its order.

    Raises `DataError` where a text is missing or is not, byte for byte, the one that the catalog describes.
    """
    zone_rules, decided = load_zone_rules(rules), load_decisions(decisions)
    sources = load_catalog(catalog)
    return {
        source.id: read_document(source, read_text(texts / source.file, source), zone_rules, decided.get(source.id))
        for source in sources.values()
    }


def choose(corpus: Mapping[str, Document], sources: Sequence[str]) -> dict[str, Document]:
    """Return the documents of some sources, in the catalog's order; of all where none is named."""
    for source in sources:
        if source not in corpus:
            near = process.extractOne(source, list(corpus), score_cutoff=50)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"there is no source {source!r}; the catalog has {', '.join(corpus)}.{hint}")
    return {source: doc for source, doc in corpus.items() if not sources or source in sources}


def read_text(path: Path, source: Source) -> str:
    """Return a text as received, newlines untouched, once its hash is found to be the catalog's."""
    if not path.exists():
        raise DataError(
            f"catalog.toml, source {source.id!r}: there is no file {path.name} in seeds/texts; put it there."
        )
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != source.sha256:
        raise DataError(
            f"seeds/texts/{path.name} is not the text that the catalog describes: its sha256 is {digest}, the catalog "
            f"says {source.sha256 or 'nothing'}. Texts are never edited: restore it (git checkout "
            f"seeds/texts/{path.name}), or, for a text newly received, write its hash into the catalog."
        )
    return data.decode("utf-8")


def read_document(
    source: Source, raw: str, rules: Iterable[ZoneRule] = (), decisions: Decisions | None = None
) -> Document:
    """Return the document of a text: its reading text with the map to raw, its zones and sections."""
    blocks = find_blocks(raw, tuple(rules), decisions)
    views, spans, at = [], [], 0
    for zone, view in paragraphs(raw, blocks):
        views += [view, _gap(view)]
        spans.append((at, at + len(view), zone))
        at += len(view) + len(GAP)
    return Document(
        source=source,
        raw=raw,
        view=View.join(views),
        zones=tuple(_zones(source, raw, blocks)),
        sections=tuple(_sections(source, raw, blocks)),
        blocks=tuple(spans),
    )


def _gap(view: View) -> View:
    """Return the space between paragraphs, which stands for the last character of the one before."""
    return View.standing_for(GAP, int(view.ends[-1]) - 1, int(view.ends[-1]))


def _zones(source: Source, raw: str, blocks: list[Block]) -> Iterator[Zone]:
    for block in sorted(blocks, key=lambda block: block.start):
        yield Zone(
            source=source.id, start=block.start, end=block.end, exact=block.of(raw), zone=block.kind, kind=block.kind
        )


def _sections(source: Source, raw: str, blocks: list[Block]) -> Iterator[Section]:
    """Yield the realm of each heading; where a text has numbered headings, of those only."""
    headings = sorted((block for block in blocks if block.kind == "heading"), key=lambda block: block.start)
    numbered = [block for block in headings if NUMBERED.match(block.of(raw))]
    headings = numbered or headings
    ends = [*(block.start for block in headings[1:]), len(raw)]
    for count, (block, end) in enumerate(zip(headings, ends, strict=False), start=1):
        text = block.of(raw)
        match = NUMBERED.match(text)
        number = match.group(1) if match else str(count)
        yield Section(
            source=source.id,
            start=block.start,
            end=end,
            exact=raw[block.start : end],
            section=number,
            zone="heading",
            number=number,
            title=text[match.end() :] if match else text,
        )


def find_sentences(doc: Document, *zones: str) -> list[Sentence]:
    """Return the sentences of a document in reading order, whole across page and column breaks.

    A sentence that a caption or another column interrupts comes as one span per piece, all with the same `number`.
    """
    found: list[tuple[int, int, dict[str, Any]]] = []
    number, text, sentences = 0, doc.view.text, sentences_of(doc)
    for paragraph, (start, end, zone) in enumerate(doc.paragraphs(*zones)):
        for interval in [(start, end)] if zone in UNDIVIDED else sentences.within(start, end):
            number += 1
            fields = {"number": number, "paragraph": paragraph}
            pieces = (trim(text, *piece) for piece in doc.pieces(*interval))
            found += [(first, last, fields) for first, last in pieces if first < last]
    return doc.mark_each(Sentence, found)


@cache
def the_corpus() -> dict[str, Document]:
    """Return the corpus of the catalog, read once."""
    return load_corpus()
