"""What holds for any text at all. EXAMPLES=3000 draws more of them."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apparatus.corpus import read_document, the_corpus
from apparatus.extract import KINDS, find, to_gold
from apparatus.knowledge import the_knowledge
from apparatus.model import Source
from apparatus.paths import KNOWLEDGE
from apparatus.structure import load_zone_rules
from five import FIVE

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
    "Nagorno-Karabakh",
    "the 44-day war",
    "voluntary exodus",
    "Resolution",
    "over",
]
MARKS = "\"“”„‟«»‘’‚‹›'`´「」＂"
ALPHABETS = [
    MARKS + "a ,.\n",
    "0123456789٣७²½Ⅻ.,-–:/%$€£ \n",
    "-\u00ad‐‑\u200b\ufeff\n\r\f\t\u00a0\u2028\x85 aB.",
    "שלוםعربي\u200e\u200f\u202a\u202c\u2067 .,“”1",
    "🌟👩\u200d🚀🇦🇿𝟙𝔄e\u0301\ufffe\U0010ffff .“”1",
    "IVXLivx. \n1-",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    *(st.text(alphabet, max_size=150) for alphabet in ALPHABETS),
    *(st.lists(st.sampled_from(PIECES), max_size=60).map(by.join) for by in ("", " ")),
)
INSIDE = the_corpus()["caspian-news-2023-10-03"].source
OUTSIDE = Source(id="any", file="any.txt")
ZONE_RULES = load_zone_rules(KNOWLEDGE / "zones.toml")


def check(spans, raw):
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    last = dict.fromkeys((getattr(span, "contrast", "") for span in spans), 0)
    for span in spans:
        assert span.exact == raw[span.start : span.end]
        assert span.exact
        kind = getattr(span, "contrast", "")  # terms of different contrasts may overlap: words can choose twice
        assert span.start >= last[kind]
        last[kind] = span.end


@settings(max_examples=int(os.environ.get("EXAMPLES", "150")), deadline=None)
@given(raw=TEXTS, source=st.sampled_from([INSIDE, OUTSIDE]))
@pytest.mark.parametrize("kind", KINDS)
def test_any_text_gives_spans_in_order_that_do_not_overlap_and_say_what_they_are(kind, raw, source):
    rules = ZONE_RULES if source is INSIDE else ()
    spans, again = (KINDS[kind](read_document(source, raw, rules), the_knowledge()) for _ in range(2))
    check(spans, raw)
    assert spans == again
    for span in spans:
        record = json.loads(json.dumps(to_gold(span), allow_nan=False))
        assert (record["source"], record["exact"]) == (source.id, span.exact)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_text_of_the_corpus_gives_such_spans(kind):
    for doc in the_corpus().values():
        spans = KINDS[kind](doc, the_knowledge())
        assert spans or doc.source.id not in FIVE
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


def test_fields_come_in_the_order_of_the_gold():
    doc = the_corpus()["caspian-news-2023-10-03"]
    record = to_gold(KINDS["numbers"](doc, the_knowledge())[0])
    assert list(record)[:9] == ["source", "start", "end", "exact", "kind", "value", "modifier", "unit", "what"]
