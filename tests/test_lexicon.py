import csv
import shutil

import pytest
from edtf import parse_edtf

from apparatus.corpus import the_corpus
from apparatus.errors import DataError
from apparatus.extract import find
from apparatus.knowledge import the_knowledge
from apparatus.lexicon import load_lexicon
from apparatus.paths import KNOWLEDGE


@pytest.fixture
def folder(tmp_path):
    for path in KNOWLEDGE.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_knowledge_as_it_stands_loads(folder):
    assert load_lexicon(folder).names


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("modifiers.toml", '"about 5,400 people"', '"5,400 people"', "does not match its example"),
        ("modifiers.toml", "examples = [", "instances = [", "unknown field 'instances'"),
        ("weekdays.toml", '"Tues."', '"Mon."', "belongs to"),
        ("modifiers.toml", '["almost", "approaching"', '["approaching", "almost"', "not in order"),
        ("modifiers.toml", 'name = "about"', 'name = "zzz"', "stands after"),
        ("gazetteer.csv", "Azerbaijan,country,AZERBAIJAN,", "Azerbaijan,country,Zzz,", "stands after"),
        ("gazetteer.csv", "ADA University,body,ADA University,", "ADA University,body,AFP,", "names"),
        ("gazetteer.csv", "AIR Center,body,AIR Center,", "AIR Center,place,AIR Center,", "elsewhere"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_entry(folder, file, old, new, says):
    change(folder / file, old, new)
    with pytest.raises(DataError, match=says) as caught:
        load_lexicon(folder)
    assert str(caught.value).startswith(file)


def test_every_spelling_of_the_gazetteer_is_written_once():
    with (KNOWLEDGE / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names))


def test_every_date_found_in_the_corpus_is_valid_edtf():
    for span in find("dates", the_corpus(), the_knowledge()):
        assert (span.edtf == "") == (span.kind == "unresolved")
        if span.edtf:
            parse_edtf(span.edtf)


def test_an_office_holder_is_known_by_year_only():
    offices = the_knowledge().lexicon.offices["Chancellor of Germany"]
    assert [(office.holder, office.since, office.until) for office in offices] == [("Olaf Scholz", 2021, 2025)]
