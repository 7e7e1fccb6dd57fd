"""How well the extractors agree with the hand-marked parts of the corpus: thresholds that only rise."""

import pytest

from apparatus.corpus import the_corpus
from apparatus.evaluate import load_gold, score
from apparatus.extract import find
from apparatus.knowledge import the_knowledge

THRESHOLDS = [
    ("numbers", ("value",), 0.98),
    ("numbers", ("value", "kind"), 0.98),
    ("numbers", ("value", "unit"), 0.97),
    ("numbers", ("value", "modifier"), 0.98),
    ("dates", ("edtf", "kind"), 0.98),
    ("quotes", (), 0.99),
    ("quotes", ("type",), 0.97),
]


@pytest.mark.parametrize(("kind", "fields", "least"), THRESHOLDS)
def test_f1_on_the_gold_holds(kind, fields, least):
    result = score(find(kind, the_corpus(), the_knowledge()), load_gold(kind), fields)
    assert result.f1 >= least, [span["exact"] for span in (*result.misses, *result.extras)]


def test_nine_in_ten_speakers_of_direct_quotations_are_right():
    gold = [span for span in load_gold("quotes") if span["type"] == "direct"]
    result = score(find("quotes", the_corpus(), the_knowledge()), gold, ("speaker",))
    assert result.recall >= 0.94, [span["exact"] for span in result.misses]
