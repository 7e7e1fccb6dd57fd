import shutil
from pathlib import Path

import pytest

from apparatus.corpus import load_catalog, load_corpus
from apparatus.errors import DataError
from apparatus.paths import CATALOG, KNOWLEDGE, READINGS, TEXTS
from five import FIVE


def seeds(folder: Path) -> dict[str, Path]:
    shutil.copytree(TEXTS, folder / "texts")
    shutil.copy(CATALOG, folder)
    return {"catalog": folder / "catalog.toml", "texts": folder / "texts"}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_one_changed_byte_of_a_text_stops_with_its_name_and_what_to_do(tmp_path: Path) -> None:
    where = seeds(tmp_path)
    file = where["texts"] / "eadaily-2024-10-02.txt"
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(DataError, match=r"eadaily-2024-10-02\.txt is not the text .*git checkout"):
        load_corpus(**where)


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    where = seeds(tmp_path)
    (where["texts"] / "daily-sabah-oped.txt").unlink()
    with pytest.raises(DataError, match=r"'daily-sabah-oped': there is no file daily-sabah-oped\.txt"):
        load_corpus(**where)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('label = "EADaily article"', 'lable = "EADaily article"', "unknown field 'lable'"),
        ('label = "EADaily article"\n', "", "the field 'label' is missing"),
        ('issued = "2024-10-02"', 'issued = "2 October 2024"', "'2 October 2024' is no EDTF date"),
        ('id = "eadaily-2024-10-02"', 'id = "air-bulletin-2024-02"', "the id stands twice"),
    ],
)
def test_a_faulty_record_says_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    where = seeds(tmp_path)
    edit(where["catalog"], old, new)
    with pytest.raises(DataError, match=message):
        load_catalog(where["catalog"])


def test_texts_are_read_with_their_newlines_untouched(tmp_path: Path) -> None:
    for doc in load_corpus().values():
        assert doc.raw.encode("utf-8") == (TEXTS / doc.source.file).read_bytes()


def test_every_record_is_complete() -> None:
    for name in FIVE:
        source = load_catalog()[name]
        assert all((source.author, source.speaks_for, source.issued, source.obtained, source.condition, source.dating))
        assert set(source.expected) == {"sections", "numbers", "dates", "quotes"}


def test_no_code_knows_a_source_by_name() -> None:
    names = list(load_catalog())
    for file in sorted(KNOWLEDGE.parents[1].glob("lib/**/*.py")):
        code = file.read_text(encoding="utf-8")
        docstring_examples = [line for line in code.splitlines() if "e.g." in line or ">>>" in line or "->" in line]
        rest = "\n".join(line for line in code.splitlines() if line not in docstring_examples)
        assert not [name for name in names if name in rest and f'"{name}"' in rest], file.name


def test_the_readings_folder_holds_what_the_corpus_needs() -> None:
    assert (READINGS / "zones.toml").exists()
