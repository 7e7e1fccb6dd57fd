"""What else a name of the gazetteer may be, what an abbreviation may end, and the names that nobody has listed."""

import tomllib

import pytest

from apparatus.__main__ import main
from apparatus.corpus import read_document
from apparatus.errors import DataError
from apparatus.extract.mentions import find_mentions
from apparatus.extract.unknown_names import find_unknown_names
from apparatus.knowledge import the_knowledge
from apparatus.model import Source
from apparatus.paths import KNOWLEDGE
from apparatus.sentences import load_stops

HOMONYMS = tomllib.loads((KNOWLEDGE / "homonyms.toml").read_text(encoding="utf-8"))["homonym"]


def read(raw):
    return read_document(Source(id="text", file="text.txt"), raw)


def found(raw):
    return [span.exact for span in find_mentions(read(raw), the_knowledge())]


@pytest.mark.parametrize("entry", HOMONYMS, ids=lambda entry: entry["name"])
def test_a_homonym_is_told_apart_in_its_examples(entry):
    assert not [example for example in entry["examples"] if set(found(example)) & set(entry["words"])]
    assert not [example for example in entry["found"] if not set(found(example)) & set(entry["words"])]


def test_every_homonym_is_a_name_of_the_gazetteer():
    assert [word for entry in HOMONYMS for word in entry["words"] if word not in the_knowledge().lexicon.listed] == []


def test_names_that_no_entry_covers_come_with_near_spellings_and_their_places():
    raw = "In March President Nikol Pashinian met Ana Sousa. Stepanakerd was quiet. Ana Sousa left France on Monday."
    names = find_unknown_names([read(raw)], the_knowledge())
    assert [(one.name, len(one.places), one.near[:1]) for one in names] == [
        ("Ana Sousa", 2, ()),
        ("Nikol Pashinian", 1, ("Nikol Pashinyan",)),
        ("Stepanakerd", 1, ("Stepanakert",)),
    ]
    assert names[1].places == (f"text:{raw.index('Nikol')}",)


def test_a_near_spelling_is_near_as_a_whole():
    raw = "Delegates of the Conference of the Parties met in Lima, and the Conference of the Parties went on."
    near = {one.name: one.near for one in find_unknown_names([read(raw)], the_knowledge())}
    assert near["Conference of the Parties"] == ()


def test_what_only_begins_a_sentence_is_no_name():
    assert find_unknown_names([read("However, it rained. Farmers rejoiced. Yesterday was dry.")], the_knowledge()) == []


def test_the_command_lists_the_names_of_a_file(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("They met Nikol Pashinian there.", encoding="utf-8")
    assert main(["names", str(tmp_path / "a.txt")]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        "1",
        "a.txt:9",
        *["Nikol", "Pashinian"],
        "Nikol",
        "Pashinyan",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [('"Mrs"', '"Mrs", "Inc"', "'Inc' belongs to"), ("It begins at 9 a.m. Monday", "He left. It rained", "breaks its")],
)
def test_a_fault_in_the_abbreviations_is_named(tmp_path, old, new, says):
    for name in ("abbreviations.toml", "reporting.toml"):
        text = (KNOWLEDGE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=says):
        load_stops(tmp_path)
