"""The reader shows the whole text as received, and every mark at its address."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apparatus.corpus import the_corpus
from apparatus.model import DateExpr, Document, Mention, Quantity, Quotation, Section, Sentence, Source, Span, Zone
from apparatus.reader import describe, render, segments
from apparatus.text import View

RECORDS = (Quantity, DateExpr, Quotation, Mention, Sentence, Span)
FIELDS = {
    Quantity: {"kind": "quantity", "value": 3, "unit": "people"},
    DateExpr: {"edtf": "2024-02", "kind": "month"},
    Quotation: {"type": "direct", "speaker": "A Speaker"},
    Mention: {"entity": "A Body", "kind": "body"},
    Sentence: {"number": 1, "paragraph": 1},
}


def document(raw, zones=(), sections=()):
    def part(record, start, end, **fields):
        return record(source="a-text", start=start, end=end, exact=raw[start:end], **fields)

    return Document(
        source=Source(id="a-text", file="a-text.txt", label="A text & its label"),
        raw=raw,
        view=View.of(raw),
        zones=tuple(part(Zone, start, end, kind=kind) for start, end, kind in zones),
        sections=tuple(part(Section, start, end, number=number, title="") for start, end, number in sections),
        blocks=(),
    )


def mark(doc, record, start, end, **fields):
    return doc.mark_raw(record, start, end, **(FIELDS.get(record, {}) | fields))


class Shown(HTMLParser):
    """The words inside the blocks of a page, all ids, and the attributes of each tag."""

    def __init__(self, html):
        super().__init__()
        self.text, self.depth, self.block, self.ids, self.tags = "", 0, 0, [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag != "input":
            self.depth += 1
            self.block = self.block or ("data-start" in attributes and self.depth)

    def handle_endtag(self, tag):
        self.block = self.block if self.block != self.depth else 0
        self.depth -= 1

    def handle_data(self, data):
        self.text += data if self.block else ""


@st.composite
def marked_documents(draw):
    raw = draw(st.text(st.sampled_from('ab1. \n<&>"”🌟é'), max_size=60))
    places = st.integers(0, len(raw))
    pairs = (
        st.lists(st.tuples(places, places).filter(lambda pair: pair[0] < pair[1]), max_size=8) if raw else st.just([])
    )
    zones = [(start, end, "caption") for start, end in draw(pairs)]
    sections = [(start, len(raw), str(count)) for count, start in enumerate(sorted({pair[0] for pair in draw(pairs)}))]
    doc = document(raw, zones, sections)
    return doc, [mark(doc, draw(st.sampled_from(RECORDS)), start, end) for start, end in draw(pairs)]


@settings(deadline=None)  # a busy machine is no fault
@given(marked_documents())
def test_nothing_of_the_text_is_lost_or_moved_whatever_the_marks(made):
    doc, spans = made
    pieces = [segment for block in segments(doc, spans) for segment in block.segments]
    assert "".join(piece.text for piece in pieces) == doc.raw
    assert all(doc.raw[piece.start : piece.end] == piece.text for piece in pieces)


@settings(deadline=None)  # a busy machine is no fault
@given(marked_documents())
def test_a_segment_knows_exactly_the_spans_that_cover_it(made):
    doc, spans = made
    for block in segments(doc, spans):
        for piece in block.segments:
            covering = {span for span in spans if span.start <= piece.start and piece.end <= span.end}
            touching = {span for span in spans if span.start < piece.end and piece.start < span.end}
            assert set(piece.spans) == covering == touching


@settings(deadline=None)  # a busy machine is no fault
@given(marked_documents())
def test_the_page_shows_the_text_and_has_one_place_per_address(made):
    doc, spans = made
    page = Shown(render(doc, spans))
    assert page.text == doc.raw
    addresses = [name for name in page.ids if name[0].isdigit()]
    assert sorted(addresses) == sorted({span.anchor for span in spans})


@pytest.mark.parametrize("source", the_corpus())
def test_each_text_of_the_corpus_is_shown_whole(source):
    doc = the_corpus()[source]
    page = Shown(render(doc, doc.zones))
    assert page.text == doc.raw
    assert len(page.ids) == len(set(page.ids))
    assert doc.source.sha256 in render(doc, [])


def test_two_kinds_of_one_interval_share_its_address():
    doc = document("In 2024 it was so.")
    page = Shown(render(doc, [mark(doc, Quantity, 3, 7), mark(doc, DateExpr, 3, 7)]))
    [marked] = [attributes for _, attributes in page.tags if attributes.get("id") == "3-7"]
    assert marked["class"] == "marked numbers dates" or marked["class"] == "marked dates numbers"
    assert "number: 3 people" in marked["title"] and "date: 2024-02" in marked["title"]


def test_a_click_on_nested_marks_gives_the_innermost():
    doc = document("He said “over 30 people” then.")
    page = Shown(render(doc, [mark(doc, Quotation, 9, 23), mark(doc, Quantity, 14, 16)]))
    assert [attributes["data-at"] for _, attributes in page.tags if "data-at" in attributes] == [
        "9-23",
        "14-16",
        "9-23",
    ]


def test_a_passage_that_is_only_cited_has_a_place_but_no_sign():
    doc = document("One two three.")
    page = Shown(render(doc, [mark(doc, Span, 4, 7)]))
    assert ("span", {"id": "4-7"}) in page.tags


def test_what_a_block_is_is_said_once_for_a_run_of_blocks():
    raw = "Body one.\n\nContents a\nContents b\n\nBody two."
    page = Shown(render(document(raw, [(11, 21, "contents"), (22, 32, "contents")]), []))
    labels = [
        (attributes["class"], attributes.get("data-label"))
        for tag, attributes in page.tags
        if tag == "p" and "data-start" in attributes
    ]
    assert labels == [
        ("block body", None),
        ("block contents", "contents"),
        ("block contents", None),
        ("block body", None),
    ]


def test_a_section_is_a_heading_with_an_anchor():
    raw = "I. First\n\nBody.\n\nII. Second\n\nMore."
    html = render(document(raw, [(0, 8, "heading"), (17, 27, "heading")], [(0, 17, "I"), (17, 34, "II")]), [])
    assert '<section id="section-i"><h2>' in html and '<section id="section-ii"><h2>' in html


@pytest.mark.parametrize(
    ("record", "fields", "words"),
    [
        (
            Quantity,
            {"value": 4000.0, "modifier": "more_than", "unit": "people"},
            "number: more than 4,000 people (quantity)",
        ),
        (Quantity, {"value": (20, 30), "unit": ""}, "number: 20–30 (quantity)"),
        (Quantity, {"value": 92.12, "unit": "percent"}, "number: 92.12 percent (quantity)"),
        (DateExpr, {"edtf": ""}, "date: not resolved by the text"),
        (Quotation, {}, "quotation: A Speaker"),
        (Quotation, {"speaker": ""}, "quotation: speaker not named"),
        (Quotation, {"type": "term", "speaker": ""}, "in quotation marks, a term"),
        (Mention, {}, "name: A Body (body)"),
        (Span, {}, ""),
    ],
)
def test_a_mark_says_in_words_what_it_is(record, fields, words):
    assert describe(mark(document("some words"), record, 0, 4, **fields)) == words


def test_markup_in_a_text_is_shown_and_not_obeyed():
    html = render(document('<script>alert("x")</script> & more'), [])
    assert "<script>" not in html and "A text &amp; its label" in html
