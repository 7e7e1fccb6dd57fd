import shutil
from pathlib import Path

import pytest

from apparatus.corpus import load_corpus
from apparatus.entries import near, read_toml
from apparatus.errors import DataError
from apparatus.extract.quotes import find_quotes
from apparatus.knowledge import load_knowledge
from apparatus.paths import KNOWLEDGE
from apparatus.plan import Parameter, parse_parameters


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title = ", "titel = ", "themes/election.toml: unknown field 'titel'; did you mean 'title'"),
        ("weight = 2", "wieght = 2", "term 'presidential election': unknown field 'wieght'; did you mean 'weight'"),
        ("weight = 2", "weight = 7", "has weight 7; it is 1 or 2"),
        ("[[term]]", "[[term]", "election.toml is not TOML"),
        ("the snap presidential elections", "the plebiscite", "does not find its example 'the plebiscite'"),
    ],
)
def test_a_slip_in_a_theme_is_named_with_its_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    theme = folder / "themes" / "election.toml"
    theme.write_text(theme.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message.replace("(", r"\(")):
        load_knowledge(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"plan\.toml is missing"):
        read_toml(tmp_path / "plan.toml")


def test_near_names_what_was_meant_or_all_there_is() -> None:
    assert near("treshold", ["threshold", "unit"]) == "; did you mean 'threshold'?"
    assert near("x", ["b", "a"]) == "; known are a, b"


def test_a_list_of_words_needs_no_brackets_on_the_command_line() -> None:
    declared = {"sources": Parameter("sources", "list[str]", "[]", "")}
    assert parse_parameters(["sources=one,two"], declared) == {"sources": ["one", "two"]}
    assert parse_parameters(['sources=["one"]'], declared) == {"sources": ["one"]}


def test_a_quotation_is_shown_without_the_caption_that_stands_inside_it() -> None:
    doc = load_corpus()["bayramov-article"]
    captions = [zone for zone in doc.zones if zone.kind == "caption"]
    broken = [
        quote
        for quote in find_quotes(doc, load_knowledge())
        if any(quote.start < caption.start < quote.end for caption in captions)
    ]
    assert broken
    for quote in broken:
        inside = [caption.exact for caption in captions if quote.start < caption.start < quote.end]
        assert all(words in quote.exact and words not in quote.words for words in inside)
    assert any("continued occupation and annexation of" in quote.words for quote in broken)
