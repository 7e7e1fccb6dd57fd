import re
from itertools import pairwise

import pytest

from apparatus.corpus import load_corpus, read_document
from apparatus.knowledge import Theme, load_knowledge
from apparatus.model import Document, Mention, Source, Span
from apparatus.reading import choose, read_theme, resolves
from apparatus.readings import load_codings, load_references
from apparatus.tables import namings, numbers_table
from apparatus.themes import find_passages, term_counts, within

CORPUS = load_corpus()
KNOWN = load_knowledge()
KHOJALY = KNOWN.themes["khojaly"]


def read(raw: str) -> Document:
    return read_document(Source(id="one", file="one.txt"), raw)


def found(raw: str, theme: Theme = KHOJALY, **settings: object) -> list[str]:
    return [passage.exact for passage in find_passages(read(raw), theme, **settings)]  # type: ignore[arg-type]


def test_a_strong_term_alone_concerns_the_theme_and_a_weak_one_does_not() -> None:
    assert found("They spoke of Khojaly. The victims were named. It rained on the sea.", unit="sentence") == [
        "They spoke of Khojaly."
    ]


def test_a_weak_term_counts_where_its_paragraph_is_on_the_theme() -> None:
    text = "They spoke of Khojaly and the massacre. The victims were named. It rained on the sea."
    assert found(text) == ["They spoke of Khojaly and the massacre.", "The victims were named."]
    assert found("The victims were named. It rained on the sea.") == []


def test_a_paragraph_brings_all_its_sentences() -> None:
    text = "They spoke of Khojaly. It rained on the sea.\n\nNothing else was said."
    assert found(text, unit="paragraph") == ["They spoke of Khojaly.", "It rained on the sea."]


def test_a_higher_threshold_never_finds_more() -> None:
    for theme in KNOWN.themes.values():
        for doc in CORPUS.values():
            refs = [{one.ref for one in find_passages(doc, theme, threshold=level)} for level in (1, 2, 3, 4)]
            assert all(more >= fewer for more, fewer in pairwise(refs))


def test_the_same_term_twice_counts_once() -> None:
    assert found("The victims, the victims, the victims!", threshold=2, unit="sentence") == []


def test_a_word_that_only_contains_a_term_is_no_term() -> None:
    assert found("The Khojalyites left.", unit="sentence") == []


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="one of sentence, context, paragraph"):
        find_passages(read("A."), KHOJALY, unit="page")


def test_passages_of_every_theme_resolve() -> None:
    for theme in KNOWN.themes.values():
        for doc in CORPUS.values():
            assert resolves(CORPUS, find_passages(doc, theme))


def test_most_coded_evidence_of_a_theme_lies_in_its_passages() -> None:
    """The coder did not see the terms, so the coded passages measure them. Recall, in the default unit."""
    codings = load_codings(CORPUS, KNOWN.questions)
    recalls = {}
    for theme in KNOWN.themes.values():
        evidence = [
            span
            for coding in codings
            if coding.held and KNOWN.questions[coding.question].theme == theme.id
            for span in coding.held.evidence
        ]
        passages = [passage for doc in CORPUS.values() for passage in find_passages(doc, theme)]
        recalls[theme.id] = len(within(evidence, passages)) / len(evidence)
    assert min(recalls.values()) >= 0.6, recalls
    assert sum(recalls.values()) / len(recalls) >= 0.75, recalls


def test_terms_are_counted_once_a_passage() -> None:
    passages = find_passages(read("They spoke of Khojaly, yes, Khojaly."), KHOJALY)
    assert term_counts(passages, KHOJALY, ["one"])["one"]["Khojaly"] == 1


def test_a_silent_source_is_said_to_be_silent() -> None:
    reading = read_theme("khojaly", ["caspian-news-2023-10-03"])
    assert reading.silent == ["caspian-news-2023-10-03"]
    assert reading.passages == reading.spans.numbers == []


def test_an_unknown_source_is_refused_with_the_near_name() -> None:
    with pytest.raises(ValueError, match="Did you mean 'eadaily-2024-10-02'"):
        choose(CORPUS, ["eadaily-2024"])


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no theme 'elections'"):
        read_theme("elections")


def test_the_six_themes_are_there_and_have_questions_and_references() -> None:
    references = load_references(CORPUS)
    for theme in ("election", "ots-pivot", "peace-talks", "khojaly", "cop29", "western-narratives"):
        assert theme in KNOWN.themes
        assert any(question.theme == theme for question in KNOWN.questions.values())
        assert any(reference.theme == theme for reference in references)


def test_later_records_can_be_left_out() -> None:
    every = read_theme("cop29").references
    before = read_theme("cop29", later_records=False).references
    assert any(one.after_corpus for one in every)
    assert before == [one for one in every if not one.after_corpus]


def test_within_keeps_overlaps_only() -> None:
    spans = [Span(source="one", start=start, end=start + 2, exact="ab") for start in (0, 4, 8)]
    assert within(spans, [Span(source="one", start=5, end=8, exact="abc")]) == [spans[1]]
    assert within(spans, [Span(source="two", start=0, end=9, exact="abc")]) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The Red Council (RC) met. The RC spoke.", ["Red Council", "RC"]),
        ("The Red Council, RC, met.", ["Red Council", "RC"]),
        ("The Red Council ( \nRC ) met.", ["Red Council"]),
    ],
)
def test_a_name_with_its_abbreviation_in_brackets_is_one_naming(text: str, kept: list[str]) -> None:
    doc = read(text)
    found = [
        doc.mark_raw(Mention, one.start(), one.end(), entity="Red Council", kind="body")
        for one in re.finditer(r"Red Council|\bRC\b", text)
    ]
    assert [one.exact for one in namings(reversed(found), {doc.source.id: doc})] == kept


def test_the_words_beside_a_number_are_the_sources_own() -> None:
    reading = read_theme("khojaly", ["air-bulletin-2024-02"])
    shown = numbers_table(reading, reading.spans.numbers)["Words beside it"]
    assert resolves(reading.corpus, [one for one in shown if isinstance(one, Span)])
    assert all(isinstance(one, Span) or one == "none" or one.startswith("“") for one in shown)
    assert sum(isinstance(one, Span) for one in shown) > len(shown) / 2
