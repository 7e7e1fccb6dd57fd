"""A text as received, with its marks, as HTML: nothing of it left out, and every mark at its address."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from apparatus.model import DateExpr, Document, Mention, Quantity, Quotation, Section, Span

Element = tuple[str, dict[str, str], list["Node"]]
Node = str | Element
VOID = frozenset({"input", "br"})

# What is marked, in words for the legend. Signs differ in the shape of the underline, so colour is never alone.
MARKS: dict[type[Span], tuple[str, str]] = {
    Quotation: ("quotes", "words in quotation marks, on a tint with a thin rule below; the note names the speaker"),
    Quantity: ("numbers", "a number, with a solid underline; the note gives its value and unit"),
    DateExpr: ("dates", "a date, with a dotted underline; the note gives it in EDTF"),
    Mention: ("mentions", "a name, with a dashed underline; the note gives whom or what it names"),
}
RECORD = {
    "Title": "title",
    "Published by": "publisher",
    "Written by": "author",
    "Speaks for": "speaks_for",
    "Issued": "issued",
    "Latest event": "latest",
    "Language": "language",
    "Translation": "translation",
}
CONDITION = {
    "How dated": "dating",
    "How it reached us": "obtained",
    "Condition": "condition",
    "Rights": "rights",
    "SHA-256": "sha256",
}


@dataclass(frozen=True)
class Segment:
    """A stretch of raw text over which no span begins or ends, and the spans that cover it."""

    start: int
    end: int
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A line of the raw text with the blank lines after it, or the part of a line that is one zone."""

    start: int
    zone: str
    section: Section | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Statement:
    """A statement of the book that rests on passages of a text: its page, its sentence, its address, the passages."""

    page: str
    sentence: str
    address: str
    places: tuple[str, ...]


def segments(doc: Document, spans: Iterable[Span]) -> list[Block]:
    """Return the whole raw text in its raw order, cut into blocks and these at every edge of a span.

    Spans may nest and overlap: each segment knows all that cover it, and joined they are the raw text.
    """
    spans = sorted(set(spans), key=lambda span: (span.start, -span.end, type(span).__name__))
    edges = _edges(doc)
    cuts = sorted({*edges, *(cut for span in spans for cut in (span.start, span.end))})
    opening = defaultdict(list)
    for span in spans:
        opening[span.start].append(span)
    sections = {_first_word(doc.raw, section.start): section for section in doc.sections}
    inside: defaultdict[int, list[Segment]] = defaultdict(list)
    block, active = 0, list[Span]()
    for start, end in pairwise(cuts):
        block = start if start in edges else block
        active = [span for span in active if span.end > start] + opening[start]
        inside[block].append(Segment(start, end, doc.raw[start:end], tuple(active)))
    return [
        Block(start, doc.zone_at(word), sections.get(word), tuple(pieces))
        for start, pieces in inside.items()
        for word in [_first_word(doc.raw, start)]
    ]


def _edges(doc: Document) -> set[int]:
    """Return where blocks begin, and the end: at lines, zones and sections, never between words and blank lines."""
    raw, last = doc.raw, len(doc.raw.rstrip())
    lines = {match.end() for match in re.finditer(r"\n+", raw)}
    parts = {cut for part in (*doc.zones, *doc.sections) for cut in (part.start, part.end)}
    kept = [0]
    for cut in sorted(lines | parts):
        if cut < last and raw[cut] != "\n" and raw[kept[-1] : cut].strip():
            kept.append(cut)
    return {*kept, len(raw)}


def _first_word(raw: str, start: int) -> int:
    found = re.compile(r"\S").search(raw, start)
    return found.start() if found else start


def describe(span: Span) -> str:
    """Return what a mark says in words: value and unit, EDTF, speaker, or the name; "" for a mere passage."""
    match span:
        case Quantity():
            value = "–".join(f"{part:,.10g}" for part in _values(span))
            modifier = "" if span.modifier == "exact" else span.modifier.replace("_", " ")
            return f"number: {' '.join(filter(None, (modifier, value, span.unit)))} ({span.kind})"
        case DateExpr():
            return f"date: {span.edtf or 'not resolved by the text'}"
        case Quotation(type="direct"):
            return f"quotation: {span.speaker or 'speaker not named'}"
        case Quotation():
            return f"in quotation marks, a term{span.speaker and f' used by {span.speaker}'}"
        case Mention():
            return f"name: {span.entity} ({span.kind})"
    return ""


def _values(number: Quantity) -> Sequence[float]:
    return number.value if isinstance(number.value, Sequence) else (number.value,)


def render(doc: Document, spans: Iterable[Span]) -> str:
    """Return the reader page of a text as HTML: its record, the legend, and the whole text with its marks."""
    return to_html(page(doc, spans))


def page(doc: Document, spans: Iterable[Span], statements: Sequence[Statement] = ()) -> Element:
    """Return the reader page of a text as a tree of elements, which the book turns into its own pages.

    After the text stand the statements of the book that rest on it.
    """
    spans = list(spans)
    parts: list[Node] = [element("h1", doc.source.label or doc.source.id), _record(doc, spans), _legend()]
    target, label = parts, "body"
    for block in segments(doc, spans):
        if block.section:
            section = _section(block, block.section.number)
            parts.append(section)
            target = section[2]
        else:
            target.append(_paragraph(block, block.zone if block.zone not in (label, "body") else ""))
        label = block.zone
    if statements:
        parts.append(_statements(statements))
    return element("section", *parts, id="text")


def _statements(statements: Sequence[Statement]) -> Element:
    """Return the list of statements by page; the script shows those of a passage beside it."""
    pages = []
    for name in dict.fromkeys(one.page for one in statements):
        items = [
            element("li", element("a", f"{name}: {one.sentence}", href=one.address), data_places=" ".join(one.places))
            for one in statements
            if one.page == name
        ]
        pages.append(element("details", element("summary", f"{name} ({len(items)})"), element("ul", *items)))
    heading = element("h2", "Statements of this book that rest on this text")
    return element("section", heading, element("div", *pages, class_="statements"), id="statements")


def _section(block: Block, number: str) -> Element:
    words = element("span", *_marked(block), data_start=str(block.start), class_="block")
    return element("section", element("h2", words), id="section-" + re.sub(r"\W+", "-", number.lower()))


def _paragraph(block: Block, label: str) -> Element:
    named = {"data_label": "page furniture" if label == "furniture" else label} if label else {}
    kind = block.zone.replace(" ", "-")
    return element("p", *_marked(block), data_start=str(block.start), class_=f"block {kind}", **named)


def _marked(block: Block) -> list[Node]:
    return [node for segment in block.segments for node in _segment(segment)]


def _segment(segment: Segment) -> Iterator[Node]:
    """Yield the segment's words; the first segment of a span carries its address, further addresses stand before it."""
    first, *others = dict.fromkeys(span.anchor for span in segment.spans if span.start == segment.start) or [""]
    yield from (element("span", id=anchor) for anchor in others)
    shown = [span for span in segment.spans if type(span) in MARKS]
    attributes = {"id": first} if first else {}
    if shown:
        kinds = dict.fromkeys(MARKS[type(span)][0] for span in shown)
        innermost = min(shown, key=lambda span: span.end - span.start)
        attributes |= {"class": " ".join(("marked", *kinds)), "data-at": innermost.anchor}
        attributes["title"] = "; ".join(dict.fromkeys(describe(span) for span in shown))
    yield element("span", segment.text, **attributes) if attributes else segment.text


def _record(doc: Document, spans: Sequence[Span]) -> Element:
    counts = Counter(MARKS[type(span)][0] for span in spans if type(span) in MARKS)
    counted = ", ".join(f"{counts[kind]:,} {kind}" for kind, _ in MARKS.values())
    length = {"Length": f"{len(doc.raw):,} characters", "Marks in the whole page": counted}
    summary = element("summary", "How it is dated, how it reached us, its condition and rights")
    more = element("details", summary, _facts(doc, CONDITION))
    return element("div", _facts(doc, RECORD, **length), more, class_="record")


def _facts(doc: Document, fields: Mapping[str, str], **more: str) -> Element:
    facts = {name: getattr(doc.source, field) for name, field in fields.items()} | more
    rows = (element("div", element("dt", name), element("dd", words)) for name, words in facts.items() if words)
    return element("dl", *rows)


def _legend() -> Element:
    """Return what each mark means, each with a box that shows or hides its kind; the boxes need no script."""
    items = []
    for kind, words in MARKS.values():
        box = element("input", type="checkbox", id=f"show-{kind}", checked="checked")
        sign = element("span", kind, class_=f"marked {kind}")
        items.append(element("li", element("label", box, " ", sign), f": {words}."))
    note = "A click on a mark shows its address and its note, and puts the address in the browser’s address bar."
    return element("div", element("ul", *items), element("p", note), class_="legend")


def element(tag: str, /, *children: Node, **attributes: str) -> Element:
    """Return an element of a page; `class_` and `data_start` stand for the attributes `class` and `data-start`."""
    return tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}, list(children)


def to_html(node: Node) -> str:
    """Return a tree of elements as HTML, escaped.

    >>> to_html(element("p", "1 < 2", title='a "b"'))
    '<p title="a &quot;b&quot;">1 &lt; 2</p>'
    """
    if isinstance(node, str):
        return escape(node, quote=False)
    tag, attributes, children = node
    opened = tag + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{opened}>" + ("" if tag in VOID else "".join(map(to_html, children)) + f"</{tag}>")
