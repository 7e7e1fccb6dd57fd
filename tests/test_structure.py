from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apparatus.corpus import find_sentences, load_corpus, read_document
from apparatus.errors import DataError
from apparatus.model import Document, Source, Span
from apparatus.paths import KNOWLEDGE
from apparatus.structure import Decisions, find_blocks, load_zone_rules

RULES = load_zone_rules(KNOWLEDGE / "zones.toml")
CORPUS = load_corpus()


def read(raw: str, decisions: Decisions | None = None) -> Document:
    return read_document(Source(id="one", file="one.txt"), raw, RULES, decisions)


def paragraphs(doc: Document, *zones: str) -> list[str]:
    return [doc.view.text[start:end] for start, end, _ in doc.paragraphs(*zones)]


def kinds(doc: Document) -> dict[str, str]:
    return {zone.exact: zone.kind for zone in doc.zones}


LONG = (
    "The ministers met in the capital for a third day of talks on fisheries, and the delegations said that they would"
)


CAPTIONED = f"It rained.\n\n{LONG}\n\nMinisters at the harbour\n\nreturn in the spring.\n\nThe next round is open."


def test_a_sentence_broken_by_a_page_is_whole() -> None:
    doc = read(f"{LONG}\n\nreturn in the spring. Nobody gave a date.")
    assert paragraphs(doc) == [f"{LONG} return in the spring. Nobody gave a date."]


def test_a_caption_inside_a_sentence_is_set_after_it_and_marked() -> None:
    doc = read(CAPTIONED)
    assert paragraphs(doc, "caption") == ["Ministers at the harbour"]
    assert paragraphs(doc, "body")[1] == f"{LONG} return in the spring."


def test_a_sentence_around_a_caption_is_marked_in_pieces_that_leave_the_caption_out() -> None:
    doc = read(CAPTIONED)
    pieces = [one for one in find_sentences(doc, "body") if one.number == 2]
    assert [one.exact for one in pieces] == [LONG, "return in the spring."]


def test_a_word_cut_by_a_hyphen_is_whole_and_covers_both_halves() -> None:
    doc = read(f"{LONG} imple-\n\nmentation of it was blocked.")
    at = doc.view.text.index("implementation")
    assert doc.view.to_raw(at, at + 14) == (len(LONG) + 1, len(LONG) + 18)


def test_a_catchword_repeated_after_the_break_is_read_once() -> None:
    doc = read(f"{LONG} leave these ter-\n\nterritories to the others.")
    assert "leave these territories to the others." in doc.view.text


def test_a_hyphen_that_the_text_writes_elsewhere_stays() -> None:
    wrapped = (
        "They praised the well-\nknown harbour. A well-known place, said the well-known mayor of the old town there."
    )
    assert paragraphs(read(wrapped))[0].startswith("They praised the well-known harbour")


def test_a_heading_between_finished_paragraphs_is_no_sentence_of_them() -> None:
    doc = read(f"{LONG} return.\n\nWhat comes next\n\n{LONG} stay.")
    assert kinds(doc)["What comes next"] == "heading"
    assert [section.title for section in doc.sections] == ["What comes next"]


def test_a_line_broken_off_after_a_little_word_is_no_heading() -> None:
    doc = read(f"{LONG} return.\n\nThe president also spoke to members of the\n\nOrganization of Harbour Towns there.")
    assert "heading" not in kinds(doc).values()


def test_numbered_headings_are_the_sections_and_contents_are_not() -> None:
    doc = read(
        f"Contents\n\n- I. Fish\n2\n- II. Nets\n5\n\nI. Fish\n\n{LONG} fish.\n\nII. Nets\n\n{LONG} mend their nets."
    )
    assert [(section.number, section.title) for section in doc.sections] == [("I", "Fish"), ("II", "Nets")]
    assert [zone.exact for zone in doc.zones if zone.kind == "contents"] == [
        "Contents",
        "- I. Fish",
        "2",
        "- II. Nets",
        "5",
    ]


def test_a_pull_quote_repeats_the_text_and_a_quotation_does_not() -> None:
    said = "“The harbour was notably calm, signaling a shift toward winter in the north.”"
    same = "The harbour was notably calm, signaling a shift toward winter in the north, the keeper wrote."
    body = f"{LONG} go. {same} {LONG} stay."
    assert kinds(read(f"{body}\n\n{said}"))[said] == "pull quote"
    assert kinds(read(f"{LONG} go.\n\n{said}"))[said] == "body"


PULLED = "“The keeper of the harbour said that nobody in the town would leave the boats behind.”"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("The keeper of the harbour said that nobody in the town would leave the boats behind", "pull quote"),
        ("The keeper of the harbour said that nobody in this town would leave the boats behind", "pull quote"),
        ("The keeper said that nobody would leave the boats, and the town was of the same mind", "body"),
        ("Nobody would leave the boats, said the keeper, and nobody in the town saw the harbour", "body"),
    ],
)
def test_a_pull_quote_may_differ_in_a_word_and_other_words_of_the_same_kind_are_none(body: str, kind: str) -> None:
    assert kinds(read(f"{LONG} go. {body}. {LONG} stay.\n\n{PULLED}"))[PULLED] == kind


def test_a_hyphen_stays_where_the_text_writes_the_word_with_an_ending_and_not_where_it_writes_another() -> None:
    wrapped = "They asked to have the keeper of the harbour re-\nelect the whole town, {} by the keeper of the harbour."
    assert "harbour re-elect the" in paragraphs(read(wrapped.format("re-elected")))[0]
    assert "harbour reelect the" in paragraphs(read(wrapped.format("re-read, pre-elected")))[0]


def test_a_word_may_be_cut_twice() -> None:
    assert paragraphs(read(f"{LONG} im-\n\nple-\n\nmentation of it.")) == [f"{LONG} implementation of it."]


def test_invisible_characters_and_blanks_are_read_as_one_space_or_none() -> None:
    doc = read("\u200b The\u00a0\u200b har\u00adbour\f  town \u2060\n\n\ufeff It rained.")
    assert doc.view.text == "The harbour town\n\nIt rained.\n\n"
    assert doc.mark(Span, 0, 11).exact == "The\u00a0\u200b har\u00adbour"


@given(st.text(alphabet=st.sampled_from("aB .\n-“”\u00a0I1:🌟\u200b"), max_size=120), st.integers(0, 60))
def test_a_place_has_the_zone_and_the_section_that_hold_it(raw: str, place: int) -> None:
    doc = read(f"I. Fish\n\n{LONG} go.\n\nII. Nets\n\n{LONG} mend.\n\n{raw}")
    for at in (place, place + 130, len(doc.raw) - place - 1):
        assert doc.zone_at(at) == next((zone.kind for zone in doc.zones if zone.start <= at < zone.end), "body")
        assert doc.section_at(at) == next((one.number for one in doc.sections if one.start <= at < one.end), "")


def test_a_decision_by_hand_wins_and_one_without_a_block_stops() -> None:
    entry = {"source": "one", "block": "What comes", "kind": "byline", "why": "."}
    doc = read(f"{LONG} go.\n\nWhat comes next\n\n{LONG} stay.", Decisions(zone=[entry]))
    assert kinds(doc)["What comes next"] == "byline"
    with pytest.raises(DataError, match="0 blocks of one begin with 'No such'"):
        read(f"{LONG} go.", Decisions(zone=[entry | {"block": "No such"}]))


def test_a_zone_pattern_that_misses_its_example_stops(tmp_path: Path) -> None:
    file = tmp_path / "zones.toml"
    file.write_text('[[zone]]\nkind = "furniture"\npattern = "^Share"\nexamples = ["Print"]\n')
    with pytest.raises(DataError, match="does not match its example 'Print'"):
        load_zone_rules(file)


@given(st.text(alphabet=st.sampled_from("aB .\n-“”\u00a0I1:🌟"), max_size=120))
def test_every_letter_of_any_text_is_shown_or_a_hyphen_and_every_sentence_resolves(raw: str) -> None:
    doc = read(raw)
    assert sorted(re_letters(doc.view.text)) == sorted(re_letters(raw)) or "-" in raw
    for sentence in find_sentences(doc):
        assert doc.raw[sentence.start : sentence.end] == sentence.exact


def re_letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize("raw", ["", "\n \n", "\xad", "\ufeff\n\n\u200b \xad"])
def test_a_text_without_a_visible_character_is_an_empty_document(raw: str) -> None:
    assert find_blocks(raw) == []
    assert find_sentences(read(raw)) == []


def test_the_bulletin_has_its_nine_sections_and_carries_them_on_its_spans() -> None:
    doc = CORPUS["air-bulletin-2024-02"]
    assert [section.number for section in doc.sections] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    found = {sentence.section for sentence in find_sentences(doc, "body")}
    assert found == {section.number for section in doc.sections}


def test_broken_sentences_of_the_corpus_end_as_sentences_do() -> None:
    for doc in CORPUS.values():
        whole = [doc.view.text[start:end].rstrip() for start, end, zone in doc.blocks if zone == "body"]
        assert not [text[-60:] for text in whole if text[-1] not in '.!?”"🌟']


def test_the_ministers_first_page_is_read_in_the_order_of_its_columns() -> None:
    text = CORPUS["bayramov-article"].view.text
    assert "ethnic cleansing of these territories by expelling" in text
    assert "on a bilateral basis and in the decisions and resolutions" in text
    assert "facing serious socioeconomic problems and a profound crisis" in text


def test_every_sentence_of_the_corpus_resolves_and_covers_the_text() -> None:
    for doc in CORPUS.values():
        covered = set()
        for sentence in find_sentences(doc):
            assert doc.raw[sentence.start : sentence.end] == sentence.exact
            covered.update(range(sentence.start, sentence.end))
        shown = [place for place in map(int, doc.view.starts) if doc.raw[place].isalnum()]
        assert not [place for place in shown if place not in covered]
