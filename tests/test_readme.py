"""The README is true: its commands run, its targets, files and packages exist, and a text is added as it says."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from apparatus.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"`([^`\n]+)`", README)
MADE = {"build/", ".venv"}  # by make, so not in a clean checkout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is committed, with the environment that runs this test as its own."""
    folder = tmp_path_factory.mktemp("a clone") / "apparatus"
    unmade = shutil.ignore_patterns(".venv", "build", ".git", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=unmade)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell makes of the command in a folder, whose own package comes before the one installed."""
    variables = os.environ | {"PYTHONPATH": str(folder / "lib")}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=variables, capture_output=True, text=True, check=False)


def blocks(language: str) -> list[str]:
    return [textwrap.dedent(block) for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)]


COMMANDS = [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run_in_a_clone(command: str, clone: Path) -> None:
    done = run(command, clone)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_commands_are_found_in_the_text() -> None:
    assert {"check", "params", "run"} <= {command.split()[3] for command in COMMANDS}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|    )make ([a-z-]+)", README))))
def test_targets_are_in_the_makefile_and_in_its_help(target: str) -> None:
    assert run(f"make -n {target}", ROOT).returncode == 0
    assert f"make {target} " in run("make", ROOT).stdout


def test_named_files_exist() -> None:
    shape = re.compile(r"[\w./-]*/[\w./-]*|[\w.-]+\.(?:toml|txt|yml|cff)")
    links = re.findall(r"\]\(([^)]+)\)", README)
    named = {code for code in CODE if shape.fullmatch(code)} - MADE
    assert named, "no file is named"
    assert [name for name in [*named, *links] if not (ROOT / name).exists()] == []


def test_everything_at_the_top_is_explained() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    top = {line.split("/")[0] for line in listed.splitlines()} - {"README.md", ".gitignore", ".gitattributes"}
    assert [name for name in sorted(top) if not any(code.split("/")[0] == name for code in CODE)] == []


def test_every_package_earns_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    table = README.split("## What it stands on")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([^`]+)`", "".join(rows))) == sorted(Requirement(text).name for text in wanted)


def test_a_text_is_added_as_it_says(clone: Path) -> None:
    (record,) = blocks("toml")
    check = next(command for command in COMMANDS if command.endswith("apparatus check"))
    catalog, file = clone / "seeds/catalog.toml", clone / "seeds/texts/example-2024.txt"
    before = catalog.read_text(encoding="utf-8")
    text = b"An example\n\nAccording to Example Press, 12 people voted in Baku on 7 February 2024.\n"
    digest = hashlib.sha256(text).hexdigest()

    catalog.write_text(f"{before}\n{record}", encoding="utf-8")
    assert "no file example-2024.txt" in run(check, clone).stderr
    file.write_bytes(text)
    assert digest in run(check, clone).stderr
    catalog.write_text(f"{before}\n{record}".replace('sha256 = ""', f'sha256 = "{digest}"'), encoding="utf-8")
    done = run(check, clone)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{before.count('[[source]]') + 1} texts ")

    file.unlink()
    catalog.write_text(before, encoding="utf-8")
