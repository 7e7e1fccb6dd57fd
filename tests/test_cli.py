"""The command line, as it is typed: what it prints, how it ends, and that it can be stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from apparatus.__main__ import main
from apparatus.paths import ROOT
from apparatus.runner import hold
from tiny import House, code

ENTRIES = {
    "set": code("set", "window: int = 3  # how wide\nshare: float = 0.5", "parameters"),
    "slow": code("slow", "import time\ntime.sleep(60)"),
}


@pytest.fixture
def house(tmp_path):
    """A project of its own: the library and the seeds, copied, and no notebooks yet."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "lib", tmp_path / "project" / "lib", ignore=ignore)
    shutil.copytree(ROOT / "seeds", tmp_path / "project" / "seeds")
    house = House(tmp_path / "project")
    with tempfile.TemporaryDirectory(prefix="t") as house.temporary:  # short: the name of a socket has a limit
        yield house


def start(house: House, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(house.root / "lib"), "TMPDIR": str(house.temporary)}
    command = [sys.executable, "-m", "apparatus", *words]
    return subprocess.Popen(
        command,
        cwd=house.root,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def say(house: House, *words: str) -> tuple[int, str, str]:
    process = start(house, *words)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_the_help_reads_well(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    for command in ("book", "run", "status", "accept", "params", "check", "find"):
        assert f"\n    {command} " in printed
    assert max(map(len, printed.splitlines())) <= 120


def test_a_notebook_that_is_not_there_is_one_sentence(capsys):
    assert main(["params", "elction"]) == 2
    assert capsys.readouterr().err == "apparatus: there is no notebook elction.ipynb\n"


def test_nothing_heavy_is_imported_before_something_is_to_be_run():
    heavy = {"papermill", "nbformat", "pandas", "matplotlib", "sphinx", "numpy", "jupyter_client", "psutil"}
    ask = f"""\
import sys, apparatus.__main__, apparatus.book, apparatus.execute
apparatus.execute.execute([], None, workers=1, done=print)
print({heavy} & sys.modules.keys())
"""
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout == "set()\n"


def test_the_commands_of_a_day(house):
    source = house.add("plain", ENTRIES["set"], code("show", "window * 2")).read_bytes()
    assert say(house, "status") == (0, "plain  never run\n", "")
    assert say(house, "params", "plain") == (0, "window  int    3    how wide\nshare   float  0.5\n", "")

    status, out, err = say(house, "run")
    assert (status, err) == (0, "")
    assert "plain, cell show: never run in the reference" in out
    assert "\x1b" not in out
    assert "\r" not in out
    assert (house.notebooks / "plain.ipynb").read_bytes() == source
    assert say(house, "status") == (0, "plain  fresh\n", "")

    accepted = "accepted notebooks/plain.ipynb\naccepted notebooks/findings.jsonl\n"
    assert say(house, "accept") == (0, accepted, "")
    assert say(house, "run") == (0, "plain  unchanged\nthe committed notebooks show the same\n", "")

    status, out, err = say(house, "run", "plain", "-p", "window=21", "-o", "mine/wide.ipynb")
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].endswith(": mine/wide.ipynb")
    assert '"42"' in (house.root / "mine" / "wide.ipynb").read_text()
    assert json.loads((house.build / "report.json").read_text())["runs"].keys() > {"plain"}

    assert say(house, "run", "plain", "-p", "windw=1")[::2] == (
        2,
        "apparatus: unknown parameter 'windw'; did you mean 'window'?\n",
    )
    assert say(house, "run", "plain", "-p", "window=many")[0] == 2
    assert say(house, "run", "-p", "window=4")[0] == 2
    assert say(house, "run", "plane")[::2] == (2, "apparatus: the plan has no run 'plane'; did you mean 'plain'?\n")


def test_a_failing_notebook_ends_in_status_one(house):
    house.add("fails", code("divide", "share = 1\nshare / 0"))
    status, out, err = say(house, "run")
    assert status == 1
    assert out == "fails  FAILED  cell divide: ZeroDivisionError: division by zero\n"
    assert "----> 2 share / 0" in err
    assert "the executed copy: build/failed/fails.ipynb" in err


def until_slow(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Every process of the run, once the kernels of the slow notebooks are at work."""
    for _ in range(200):
        family = psutil.Process(process.pid).children(recursive=True)
        kernels = [child for child in family if "ipykernel_launcher" in " ".join(child.cmdline())]
        if len(kernels) == 2:
            time.sleep(1)
            return family
        time.sleep(0.1)
    raise AssertionError("the kernels did not start")


def running(family: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    while True:
        alive = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        if not alive or time.monotonic() > deadline:
            return alive
        time.sleep(0.1)


def leftovers(house: House) -> list[Path]:
    written = [path for path in house.build.rglob("*") if path.is_file() and path.name != "lock"]
    return [*Path(house.temporary).iterdir(), *written]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_at_once_and_leaves_nothing(house, number):
    for name in ("one", "two"):
        house.add(name, ENTRIES["slow"])
    process = start(house, "run")
    family = until_slow(process)
    os.killpg(process.pid, number)  # to the whole group, as a terminal does
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (130, "", "apparatus: interrupted; what was finished is kept\n")
    assert running(family, 0) == []
    assert leftovers(house) == []


def test_a_killed_run_takes_its_kernels_with_it_and_the_next_one_sweeps_up(house):
    for name in ("one", "two"):
        house.add(name, ENTRIES["slow"])
    process = start(house, "run")
    family = until_slow(process)
    process.kill()
    process.communicate(timeout=5)
    assert running(family, 5) == []
    assert [path.name[:10] for path in leftovers(house)] == ["apparatus-"]
    for name in ("one", "two"):
        path = house.notebooks / f"{name}.ipynb"
        path.write_text(path.read_text().replace("time.sleep(60)", "time.sleep(0)"))
    assert say(house, "run")[0] == 0
    assert list(Path(house.temporary).iterdir()) == []


def test_output_that_nobody_reads_any_more_ends_without_a_traceback():
    with subprocess.Popen(
        [sys.executable, "-m", "apparatus", "params", "election"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "build").write_text("a file where the folder should be")
    monkeypatch.setattr("apparatus.__main__.hold", lambda: hold(tmp_path / "build"))
    assert main(["run"]) == 2
    assert "apparatus: [Errno" in capsys.readouterr().err


def test_a_text_without_a_record_is_named_before_anything_is_run(house):
    house.add("one", code("one", "x = 1"))
    (house.root / "seeds" / "texts" / "stray.txt").write_text("A stray text.", encoding="utf-8")
    for command in ("check", "book"):
        status, _, complaint = say(house, command)
        assert status == 2
        assert complaint == (
            "apparatus: seeds/texts/stray.txt has no record; describe it in seeds/catalog.toml, or take it out.\n"
        )
