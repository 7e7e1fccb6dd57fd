"""What holds for any text at all, and what a file that is no text ends in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apparatus.corpus import read_document, the_corpus
from apparatus.extract import KINDS, find, find_in_files, to_gold
from apparatus.knowledge import the_knowledge
from apparatus.model import Source

PIECES = [
    *"\"“”‘’'«»„.,!? \n-–—()%$€",
    "\r\n",
    "\n\n",
    " ",
    "é",
    "İ",
    "🌟",
    "́",
    "שלום",
    "Ilham Aliyev",
    "the president",
    "said",
    "he",
    "three",
    "million",
    "and",
    "first",
    "1,000",
    "20",
    "2020",
    "February",
    "May",
    "Monday",
    "percent",
    "people",
    "between",
    "half a",
    "COP29",
    "Resolution",
    "over",
]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))


def check(spans, raw):
    last = 0
    for span in spans:
        assert span.exact == raw[span.start : span.end]
        assert span.exact
        assert span.start >= last
        last = span.end


@settings(max_examples=150, deadline=None)
@given(raw=TEXTS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sentences"])
def test_any_text_gives_spans_in_order_that_do_not_overlap_and_say_what_they_are(kind, raw):
    if raw.strip():
        doc = read_document(Source(id="any", file="any.txt"), raw)
        check(KINDS[kind](doc, the_knowledge()), raw)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_text_of_the_corpus_gives_such_spans(kind):
    for doc in the_corpus().values():
        spans = KINDS[kind](doc, the_knowledge())
        assert spans
        if kind == "sentences":
            assert all(span.exact == doc.raw[span.start : span.end] for span in spans)
        else:
            check(spans, doc.raw)


def test_the_same_document_gives_the_same_list():
    doc = the_corpus()["caspian-news-2023-10-03"]
    again = read_document(doc.source, doc.raw)
    for kind in KINDS:
        assert [span.exact for span in KINDS[kind](doc, the_knowledge())]
        assert KINDS[kind](again, the_knowledge()) == KINDS[kind](again, the_knowledge())


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="numbers, dates"):
        find("tables", {}, the_knowledge())


def test_files_are_read_whole_and_directories_file_by_file(tmp_path):
    (tmp_path / "b.txt").write_bytes(b"In 2020\r\nit fell by 3%.")
    (tmp_path / "a.txt").write_text("On Tuesday.", encoding="utf-8")
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    found = list(find_in_files("dates", [tmp_path], the_knowledge(), date="2024-05-03"))
    assert [(one["source"], one["exact"], one["edtf"]) for one in found] == [
        ("a.txt", "Tuesday", "2024-04-30"),
        ("b.txt", "2020", "2020"),
    ]


def test_fields_come_in_the_order_of_the_gold():
    doc = the_corpus()["caspian-news-2023-10-03"]
    record = to_gold(KINDS["numbers"](doc, the_knowledge())[0])
    assert list(record)[:9] == ["source", "start", "end", "exact", "kind", "value", "modifier", "unit", "what"]


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"\xff\xfea\x00", "UTF-16"), (b"a\x00b", "NUL"), (b"caf\xe9", "not UTF-8"), (None, "no such file")],
)
def test_what_is_no_text_ends_in_one_sentence(tmp_path, data, says):
    path = tmp_path / "bad.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ValueError, match=says) as caught:
        list(find_in_files("numbers", [path], the_knowledge()))
    assert "\n" not in str(caught.value)
