"""Whatever a file holds, `find` gives right offsets or says in one sentence why not, and goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from apparatus.extract import KINDS, find_in_files
from apparatus.files import LIMIT
from apparatus.knowledge import the_knowledge

SENTENCE = "On 3 May 2021 the mayor of Baku, in Türkiye, said: “We lost 300 boats.”"
DATE = "3 May 2021"
NO_DATE = "is no EDTF date; write e.g. 2024-02-07, 2024-02 or 2024.\n"


def find(kind: str, *paths: Path, date: str = "") -> tuple[list[dict], list[str]]:
    """The records, and the sentences in which files were refused."""
    refused: list[ValueError] = []
    found = list(find_in_files(kind, paths, the_knowledge(), date=date, refuse=refused.append))
    return found, [str(error) for error in refused]


def say(*words: str | Path, stdin: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Status, output and complaint of the command line."""
    command = [sys.executable, "-m", "apparatus", "find", *words]
    done = subprocess.run(command, input=stdin, capture_output=True, env=os.environ | environment)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "raw",
    [
        f"\ufeff{SENTENCE}",
        f"{SENTENCE}\ufeff {SENTENCE}",
        f"{SENTENCE}\r\n\r\n{SENTENCE}\r\n",
        f"{SENTENCE}\r{SENTENCE}\n{SENTENCE}\r\n{SENTENCE}\n\r",
        f"שלום עולם {SENTENCE} \u200f{SENTENCE}\u200e",
        f"\u202b{SENTENCE}\u202c",
        f"👩\u200d🚀 {SENTENCE} e\u0301\u0301 {SENTENCE} 🇦🇿",
        f"\t{SENTENCE}\f{SENTENCE}\v{SENTENCE}\x85{SENTENCE}\u2028{SENTENCE}",
        f"\x01\x1b[31m{SENTENCE}\x7f\ufffe\uffff\U0010ffff",
        SENTENCE.replace(" ", "\u00a0"),
    ],
    ids=[
        *("byte order mark", "one in the middle", "CRLF", "mixed newlines", "right to left", "embedding"),
        *("emoji and accents", "blanks", "control characters", "no-break spaces"),
    ],
)
def test_offsets_count_the_code_points_of_the_file_as_it_is(tmp_path: Path, raw: str, kind: str) -> None:
    path = write(tmp_path / "one.txt", raw)
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read() == raw
    found, refused = find(kind, path)
    assert (found != [], refused) == (True, [])
    for one in found:
        assert one["exact"] == raw[one["start"] : one["end"]]
        assert one["exact"].strip() == one["exact"]
        assert not one["exact"].startswith("\ufeff")
        assert json.loads(json.dumps(one, allow_nan=False)) is not None
    if kind == "dates" and "\u00a0" not in raw:
        assert [one["exact"] for one in found] == [DATE] * raw.count(DATE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", ["", " ", "\n\n", "\ufeff", "\r\n\t\f", "\u200b\u00ad", "\u3000"])
def test_a_text_with_nothing_in_it_has_nothing_to_find(tmp_path: Path, raw: str, kind: str) -> None:
    assert find(kind, write(tmp_path / "empty.txt", raw)) == ([], [])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("caf\xe9 au lait".encode("latin-1"), "is not UTF-8 (byte 3)"),
        (SENTENCE.encode("utf-16"), "is UTF-16"),
        (SENTENCE.encode("utf-16-be"), "UTF-16"),
        (SENTENCE.encode("utf-32"), "is UTF-32"),
        (b"one\0two", "NUL"),
        (b"surrogate \xed\xa0\x80", "is not UTF-8 (byte 10)"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
        (b"cut off \xe2\x80", "is not UTF-8 (byte 8)"),
        (b"overlong \xc0\xaf", "is not UTF-8 (byte 9)"),
    ],
)
def test_what_is_no_utf8_text_is_refused_in_one_sentence_and_the_rest_is_read(
    tmp_path: Path, data: bytes, says: str
) -> None:
    paths = [write(tmp_path / "bad.txt", data), write(tmp_path / "good.txt", SENTENCE)]
    for given in (paths, [tmp_path]):
        found, refused = find("dates", *given)
        assert [one["source"] for one in found] == ["good.txt"]
        assert len(refused) == 1
        assert str(paths[0]) in refused[0]
        assert says in refused[0]
        assert "\n" not in refused[0]
    with pytest.raises(ValueError, match=r"bad\.txt"):
        list(find_in_files("dates", paths, the_knowledge()))


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(10**9)
    found, refused = find("dates", tmp_path / "sparse.txt", Path("/dev/zero"))
    assert found == []
    assert [sentence.split(" has ")[1] for sentence in refused] == [
        "more than 50 MB, the limit of one file; split it."
    ] * 2
    assert LIMIT == 50_000_000


def test_a_directory_is_read_with_all_below_it_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/a.md", "sub/deep/c", ".hidden", ".git/config", "sub/.x.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        write(tmp_path / name, SENTENCE)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    found, refused = find("dates", tmp_path)
    assert [one["source"] for one in found] == ["a.md", "b.txt", "sub/a.md", "sub/deep/c"]
    assert refused == []


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    missing, long = tmp_path / "missing.txt", tmp_path / ("n" * 300)
    assert find("dates", missing, long, tmp_path, tmp_path / "empty") == (
        [],
        [
            f"{missing}: there is no such file.",
            f"{long} cannot be read: File name too long.",
            f"{tmp_path / 'broken'}: there is no such file.",
            f"{tmp_path / 'pipe'} is no file.",
            f"{tmp_path / 'empty'}: there is no file in this directory.",
        ],
    )


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "secret.txt", SENTENCE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the super-user may read everything")
    assert find("dates", path)[1] == [f"{path} cannot be read: Permission denied."]


@pytest.mark.parametrize("date", ["yesterday", "2024-13", "2024-02-30", "7.2.2024", "\u0662\u0660\u0662\u0664"])
def test_a_date_of_issue_that_is_no_edtf_is_refused_before_anything_is_read(tmp_path: Path, date: str) -> None:
    with pytest.raises(ValueError, match=r"is no EDTF date; write e\.g\. 2024-02-07"):
        find("dates", tmp_path / "missing.txt", date=date)


@pytest.mark.parametrize("kind", ["dates", "quotes"])
@pytest.mark.parametrize(
    "date",
    [
        *(
            "0000",
            "0000-01-01",
            "9999-12-31",
            "-0044",
            "19XX",
            "XXXX",
            "2024-XX-XX",
            "2024?",
            "2024-21",
            "Y17E7",
            "../..",
        ),
        *("/2024", "2024-02/..", "[2024,2025]", "2024-02-07T10:00:00Z", "2024-02-29"),
    ],
)
def test_any_edtf_may_be_the_date_of_issue(tmp_path: Path, date: str, kind: str) -> None:
    text = (
        "On Tuesday, February 29, the President of Azerbaijan said “no”. Last month, on 7 June, in the 1990s, in May."
    )
    assert find(kind, write(tmp_path / "a.txt", text), date=date)[0]


def test_the_command_goes_on_after_a_file_that_is_no_text(tmp_path: Path) -> None:
    write(tmp_path / "a b.txt", SENTENCE)
    bad = write(tmp_path / "b.bin", b"\0")
    write(tmp_path / "c.txt", SENTENCE)
    status, out, complaint = say("dates", tmp_path)
    assert [json.loads(line)["source"] for line in out.splitlines()] == ["a b.txt", "c.txt"]
    assert (
        complaint
        == f"apparatus: {bad} holds NUL bytes: it is no text, or a text in UTF-16; convert it to UTF-8 first.\n"
    )
    assert status == 2


def test_standard_input_is_read_for_a_hyphen_and_for_its_device() -> None:
    for name in ("-", "/dev/stdin"):
        status, out, complaint = say("dates", name, stdin=SENTENCE.encode())
        record = json.loads(out)
        assert (status, complaint) == (0, "")
        assert (record["exact"], record["source"]) == (DATE, Path(name).name)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["date", "x.txt"], f"There is no kind 'date'; kinds are {', '.join([*KINDS, 'reuse'])}.\n"),
        (["dates", "x.txt", "--date", "May"], f"'May' {NO_DATE}"),
        (["dates", "x.txt", "--date", "2024-1X"], f"'2024-1X' {NO_DATE}"),
        (["dates", "x.txt"], "x.txt: there is no such file.\n"),
        (["dates", ""], "the name of a file is empty\n"),
    ],
)
def test_a_wrong_word_is_one_sentence_and_status_two(words: list[str], says: str) -> None:
    status, out, complaint = say(*words)
    assert (status, out) == (2, "")
    assert complaint.endswith(says)
    assert "Traceback" not in complaint


def test_any_terminal_and_any_name_of_a_file_gets_json_on_one_line_each(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xe2\x80\xa8.txt")
    write(tmp_path / name, f"“{SENTENCE[:38]}\u2028\x85 é \uffff 🌟 \u202egone”")
    for environment in ({}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "cp1252"}):
        done = subprocess.run(
            [sys.executable, "-m", "apparatus", "find", "quotes", tmp_path / name, tmp_path / f"{name}.none"],
            capture_output=True,
            env=os.environ | environment,
        )
        (record,) = map(json.loads, done.stdout.decode(environment.get("PYTHONIOENCODING", "utf-8")).splitlines())
        assert record["source"] == name
        assert record["exact"].endswith("\u2028\x85 é \uffff 🌟 \u202egone")
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1


def test_a_reader_who_goes_away_ends_the_command_quietly(tmp_path: Path) -> None:
    path = write(tmp_path / "long.txt", f"{SENTENCE}\n\n" * 5000)
    with subprocess.Popen(
        [sys.executable, "-m", "apparatus", "find", "dates", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert json.loads(process.stdout.readline())["exact"] == DATE
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", f"{SENTENCE}\n\n" * 500)
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "apparatus", "find", "dates", path]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"apparatus: [Errno 28] No space left on device\n")


def test_the_command_works_from_any_directory(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SENTENCE)
    command = [sys.executable, "-m", "apparatus", "find", "dates", "a.txt", "./a.txt", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["a.txt"] * 3
