"""Words counted: every count keeps its places, and what is said of them is what chance allows."""

import pytest

from apparatus.collocates import collocates_table, find_collocates
from apparatus.corpus import read_document, the_corpus
from apparatus.keyness import (
    count_forms,
    detectable_table,
    dispersion,
    dispersion_table,
    find_keywords,
    keyness_table,
)
from apparatus.knowledge import the_knowledge
from apparatus.model import Source
from apparatus.terms import read_terms, terms_of
from apparatus.words import count_words, words_in


def read(text, name="case"):
    return read_document(Source(id=name, file=f"{name}.txt", label=name), text)


def corpus_of(**texts):
    return {name: read(text, name) for name, text in texts.items()}


@pytest.fixture(scope="module")
def counts():
    return count_forms(the_corpus(), the_knowledge())


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Azerbaijan's own, Karabakh’s too", ["azerbaijan", "own", "karabakh", "too"]),
        ("the 44-day war cost 6,478.5 in 1992.", ["the", "44-day", "war", "cost", "6,478.5", "in", "1992"]),
        ("re-election—and_so on", ["re-election", "and", "so", "on"]),
        ("", []),
    ],
)
def test_what_a_word_is(text, forms):
    assert [form for _, _, form in words_in(text)] == forms


def test_words_are_those_of_the_reading_text():
    assert count_words(read("A ter-\nritory of the long-\nest kind.")) == 6


def test_names_are_one_word_and_a_compound_keeps_its_parts():
    doc = read("The OTS and the Organization of Turkic States; Aliyev's pro-Armenian critics.")
    found = count_forms({"case": doc}, the_knowledge()).words["case"]
    forms = [form for _, _, form in found]
    assert forms.count("Organization of Turkic States") == 2
    assert forms[-4:] == ["Ilham Aliyev", "pro", "Armenians", "critics"]
    plain = [form for _, _, form in count_forms({"case": doc}, the_knowledge(), merge=False).words["case"]]
    assert plain[-3:] == ["aliyev", "pro-armenian", "critics"]


def test_every_counted_word_stands_where_it_is_said_to(counts):
    for source, doc in the_corpus().items():
        for form in ("occupation", "Armenia", "the"):
            spans = counts.spans(source, counts.places[source].get(form, []))
            assert len(spans) == counts.count(source, form)
            assert all(doc.raw[span.start : span.end] == span.exact for span in spans)


def test_paragraphs_are_counted_once_however_often_they_hold_a_word():
    texts = corpus_of(one="Rain, rain and rain again.\n\nRain fell in the night.\n\nThe sun came back at noon.")
    found = count_forms(texts, the_knowledge(), unit="paragraph")
    assert (found.count("one", "rain"), found.total("one")) == (2, 3)
    assert count_forms(texts, the_knowledge()).count("one", "rain") == 4
    with pytest.raises(ValueError, match="it is one of word, paragraph"):
        count_forms(texts, the_knowledge(), unit="page")


def test_a_word_used_far_more_is_kept_and_one_used_alike_is_not():
    one = "The tide and the harbour were calm. " * 40 + "The whale and its whale song. " * 20
    two = "The tide and the harbour were calm. " * 60
    found = find_keywords(count_forms(corpus_of(one=one, two=two), the_knowledge()), "one")
    by_form = {keyword.form: keyword for keyword in found}
    assert by_form["whale"].kept
    assert by_form["whale"].ratio > 0
    assert not by_form["the"].kept
    assert [keyword.p for keyword in found] == sorted(keyword.p for keyword in found)


def test_keyness_is_the_same_in_any_order_of_the_texts(counts):
    turned = count_forms(dict(reversed(list(the_corpus().items()))), the_knowledge())
    source = "bayramov-article"
    assert find_keywords(turned, source) == find_keywords(counts, source)


def test_holm_keeps_no_more_than_benjamini_and_hochberg(counts):
    for source in the_corpus():
        strict = {one.form for one in find_keywords(counts, source, correction="Holm") if one.kept}
        assert strict <= {one.form for one in find_keywords(counts, source) if one.kept}


def test_intervals_of_the_kept_are_wider_than_those_of_a_word_chosen_beforehand(counts):
    kept = [one for one in find_keywords(counts, "bayramov-article") if one.kept]
    one = kept[0]
    alone = find_keywords(counts, "bayramov-article", least=one.here + one.there)
    again = next(other for other in alone if other.form == one.form)
    assert one.high - one.low >= again.high - again.low


def test_a_single_text_has_nothing_to_differ_from():
    alone = count_forms(corpus_of(one="Rain fell. Rain fell."), the_knowledge())
    assert find_keywords(alone, "one", least=1) == []
    assert keyness_table(alone, []).empty
    assert detectable_table(alone, tests=1).empty


def test_dispersion_over_equal_parts_and_over_sections():
    text = "whale " * 10 + "tide " * 90
    found = count_forms(corpus_of(one=text), the_knowledge())
    assert dispersion(found, "one", "whale", parts=10)[1] == pytest.approx(1)
    assert dispersion(found, "one", "whale", parts=1) == (0, 0)
    [row] = dispersion_table(found, ["whale", "absent"], parts=10).to_dict("records")
    assert (row["Count"], row["In parts"]) == (10, "1 of 10")
    doc = the_corpus()["air-bulletin-2024-02"]
    sections = count_forms({doc.source.id: doc}, the_knowledge())
    assert dispersion(sections, doc.source.id, "COP29", parts=0)[1] > 0.5


def test_company_is_kept_inside_the_sentence_and_the_window():
    text = "The quiet town of Karabakh slept. Loud drums rolled. " * 5
    doc = read(text)
    found = count_forms({"case": doc}, the_knowledge())
    terms = terms_of(read_terms({"case": doc}, the_knowledge(), ["region"]))
    forms = {one.form for one in find_collocates(found, terms, window=2, least=1)}
    assert {"town", "of", "slept"} == forms
    assert "loud" not in {one.form for one in find_collocates(found, terms, window=9, least=1)}


def test_each_collocate_leads_to_its_passages(counts):
    terms = terms_of(read_terms(the_corpus(), the_knowledge(), ["region"]))
    found = find_collocates(counts, terms)
    assert found
    assert [one.kept for one in found] == sorted((one.kept for one in found), reverse=True)
    rows = collocates_table(counts, found)
    assert [len(spans) for spans in rows["Passages"]] == list(rows["Near"])
    assert find_collocates(counts, []) == []


def test_short_texts_say_what_they_cannot_show(counts):
    rows = detectable_table(counts, tests=600)
    rare = rows[rows["Elsewhere per 10,000"] == rows["Elsewhere per 10,000"].min()]
    assert set(rare["Seen as less from"]) == {"never"}, "that a rare word is absent proves nothing"
