"""What installs the bundle agrees with itself: pyproject.toml, both locks, environment.yml, postBuild, Makefile."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from apparatus.paths import ROOT

LOCKS = ("requirements.txt", "tests/requirements.txt")
FILES = (*LOCKS, "pyproject.toml", "environment.yml", "postBuild", "Makefile", "CITATION.cff")
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = [
    {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": platform, "extra": ""}
    for version in PYTHONS
    for platform in ("linux", "darwin")
]

Pins = dict[str, Requirement]


def read_lock(path: Path) -> Pins:
    pins = [Requirement(line.rstrip("\\ ")) for line in path.read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)]
    return {canonicalize_name(pin.name): pin for pin in pins}


def asked_for(requirement: Requirement, machine: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(machine)


def lock_text_faults(name: str, root: Path) -> Iterator[str]:
    text = (root / name).read_text()
    for entry in re.split(r"\n(?=\S)", text):
        if not re.match(r"#|\S+==\S+ [^\n]*\\\n    --hash=sha256:", entry):
            yield f"{name}: not one pinned, hashed package: {entry.splitlines()[0]}"
    if "://" in text:
        yield f"{name}: names an address"


@cache
def requires(package: str, extra: str) -> list[Requirement]:
    """What an installed package says that it needs here."""
    requirements = [Requirement(text) for text in metadata.requires(package) or ()]
    return [requirement for requirement in requirements if asked_for(requirement, {"extra": extra})]


def needed(wanted: list[Requirement], pins: Pins) -> set[str]:
    """The names of all pinned packages that these requirements bring in here."""
    found: set[tuple[str, str]] = set()
    ask = list(wanted)
    while ask:
        requirement = ask.pop()
        name = canonicalize_name(requirement.name)
        for key in {(name, extra) for extra in ("", *requirement.extras) if name in pins} - found:
            found.add(key)
            ask += requires(*key)
    return {name for name, _ in found}


def lock_faults(name: str, wanted: list[Requirement], pins: Pins) -> Iterator[str]:
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{name}: {requirement.name} is missing; say: make lock"
        elif not requirement.specifier.contains(next(iter(pin.specifier)).version):
            yield f"{name}: {pin} is outside {requirement}; say: make lock"
        elif not all(asked_for(pin, machine) for machine in MACHINES if asked_for(requirement, machine)):
            yield f"{name}: {pin} is not for every Python and platform that {requirement} is for"
    here = {package for package, pin in pins.items() if asked_for(pin, {"extra": ""})}
    for package in sorted(here - needed(wanted, pins)):
        yield f"{name}: nothing asks for {package}; say: make lock"


def environment_faults(root: Path, project: dict[str, Any]) -> Iterator[str]:
    environment = yaml.safe_load((root / "environment.yml").read_text())
    lowest = PYTHONS[0]
    expected = {
        "name": project["name"],
        "channels": ["conda-forge", "nodefaults"],
        "dependencies": [f"python={lowest}", "pip", {"pip": ["-r requirements.txt"]}],
    }
    for key in expected.keys() | environment.keys():
        if environment.get(key) != expected.get(key):
            yield f"environment.yml: {key} is {environment.get(key)}, not {expected.get(key)}"
    if "pip install --quiet --no-deps --no-build-isolation -e .\n" not in (root / "postBuild").read_text():
        yield "postBuild: does not install the package"


def version_faults(root: Path, config: dict[str, Any]) -> Iterator[str]:
    lowest, highest = PYTHONS[0], PYTHONS[-1]
    makefile = (root / "Makefile").read_text()
    if config["project"]["requires-python"] != f">={lowest}":
        yield f"pyproject.toml: requires-python is not >={lowest}"
    if config["tool"]["ruff"]["target-version"] != "py" + lowest.replace(".", ""):
        yield f"pyproject.toml: ruff's target-version is not Python {lowest}"
    bounds = re.findall(r"v ([<>]) \((\d+), (\d+)\)", makefile)
    expected = [("<", *lowest.split(".")), (">", *highest.split("."))]
    if bounds != expected or f"--python-version {lowest}" not in makefile:
        yield f"Makefile: its Pythons are not {lowest} to {highest}"
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    if Version(str(citation["version"])) != Version(config["project"]["version"]):
        yield "CITATION.cff: its version is not that of pyproject.toml"


def disagreements(root: Path) -> list[str]:
    """Everything in which the set-up files under root contradict each other, as sentences."""
    config = tomllib.loads((root / "pyproject.toml").read_text())
    project = config["project"]
    readers = [Requirement(text) for text in project["dependencies"]]
    testers = readers + [Requirement(text) for text in project["optional-dependencies"]["dev"]]
    pins, test_pins = (read_lock(root / name) for name in LOCKS)
    return [
        *(fault for name in LOCKS for fault in lock_text_faults(name, root)),
        *lock_faults(LOCKS[0], readers, pins),
        *lock_faults(LOCKS[1], testers, test_pins),
        *(f"{LOCKS[1]}: lacks {pin}, or has another" for name, pin in pins.items() if test_pins.get(name) != pin),
        *environment_faults(root, project),
        *version_faults(root, config),
    ]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_set_up_files_agree() -> None:
    assert disagreements(ROOT) == []


def test_every_locked_package_is_installed_as_locked() -> None:
    pins = read_lock(ROOT / "tests/requirements.txt")
    here = [pin for pin in pins.values() if asked_for(pin, {"extra": ""})]
    assert [str(pin) for pin in here if not pin.specifier.contains(metadata.version(pin.name))] == []


PLANTED = {
    "stale lock: range raised": ("pyproject.toml", r"papermill>=2\.7", "papermill>=99", "outside papermill>=99"),
    "stale lock: package added": ("pyproject.toml", r'  "pandas>', '  "polars>=1",\n  "pandas>', "polars is missing"),
    "stale lock: package dropped": ("pyproject.toml", r'  "papermill.*\n', "", "nothing asks for papermill"),
    "stale test lock: tool dropped": ("pyproject.toml", r'  "ruff.*\n', "", "nothing asks for ruff"),
    "Python raised": ("pyproject.toml", r'requires-python = ">=3.11"', 'requires-python = ">=3.12"', "requires-python"),
    "pin lowered": ("requirements.txt", r"papermill==\S+", "papermill==2.0.0", "outside papermill>=2.7"),
    "pin for fewer Pythons": (
        "requirements.txt",
        r"(papermill==\S+)",
        r"\1 ; python_version < '3.12'",
        "not for every Python",
    ),
    "hash missing": ("requirements.txt", r"(papermill==\S+)( .*\n    --hash.*)+", r"\1", "not one pinned, hashed"),
    "version not pinned": ("requirements.txt", r"papermill==", "papermill>=", "not one pinned, hashed"),
    "index named": ("requirements.txt", r"\A", "--index-url https://example.org\n", "names an address"),
    "locks differ": ("tests/requirements.txt", r"pandas==\S+", "pandas==2.3.3", "lacks pandas=="),
    "another Python on Binder": ("environment.yml", r"python=3.11", "python=3.12", "dependencies is"),
    "package beside the lock": ("environment.yml", r"(- -r req.*)", r"\1\n      - polars", "dependencies is"),
    "another channel": ("environment.yml", r"  - nodefaults\n", "", "channels is"),
    "package not installed": ("postBuild", r".*pip install.*\n", "", "does not install"),
    "untested Python": ("Makefile", r"v > \(3, 13\)", "v > (3, 14)", "Pythons"),
    "another version cited": ("CITATION.cff", r"version: 0.1.0", "version: 0.2.0", "version is not"),
}


def test_the_library_imports_nothing_that_readers_do_not_have() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "lib").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    others = {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"apparatus"}
    pins, givers = read_lock(ROOT / "requirements.txt"), metadata.packages_distributions()
    assert {"pandas", "papermill"} <= others
    assert [name for name in others if not any(canonicalize_name(giver) in pins for giver in givers[name])] == []


@pytest.mark.parametrize(("file", "pattern", "replacement", "complaint"), PLANTED.values(), ids=PLANTED)
def test_a_planted_disagreement_is_named(copy: Path, file: str, pattern: str, replacement: str, complaint: str) -> None:
    before = (copy / file).read_text()
    (copy / file).write_text(re.sub(pattern, replacement, before, count=1))
    assert any(complaint in sentence for sentence in disagreements(copy)), disagreements(copy)


STAND_IN = """\
#!/bin/sh
# Stands in for Python: makes an environment of itself, notes what it is asked to install, fails while told to.
case "$*" in
  *"-m venv"*) mkdir -p .venv/bin && rm -f .venv/made-* && cp python .venv/bin/python ;;
  *install*) [ ! -e broken ] && echo "$*" | grep -oE "requirements.txt|-e ." >> installed ;;
esac
"""


def installed(folder: Path) -> list[str]:
    """What `make env` installs in a folder, where nothing is installed in earnest."""
    log = folder / "installed"
    log.write_text("")
    path = os.pathsep.join({str(Path(str(shutil.which(tool))).parent) for tool in ("make", "sh", "cmp")})
    command = ["make", "env", "PYTHON=./python"]
    done = subprocess.run(command, cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == (2 if (folder / "broken").exists() else 0), done.stderr
    return log.read_text().splitlines()


@pytest.fixture
def stand_in(copy: Path) -> Path:
    (copy / "python").write_text(STAND_IN)
    (copy / "python").chmod(0o755)
    return copy


def test_an_environment_is_made_again_only_when_what_it_is_made_from_changes(stand_in: Path) -> None:
    assert installed(stand_in) == ["requirements.txt", "-e ."]
    assert installed(stand_in) == []
    (stand_in / "pyproject.toml").touch()
    assert installed(stand_in) == []
    (stand_in / "pyproject.toml").write_text("[project]\n")
    assert installed(stand_in) == ["-e ."]
    (stand_in / "requirements.txt").write_text("pandas==3.0.0\n")
    assert installed(stand_in) == ["requirements.txt", "-e ."]
    moved = stand_in.rename(stand_in.with_name("moved folder"))
    assert installed(moved) == ["requirements.txt", "-e ."]


def test_an_install_that_failed_is_not_taken_for_complete(stand_in: Path) -> None:
    (stand_in / "broken").touch()
    assert installed(stand_in) == []
    (stand_in / "broken").unlink()
    assert installed(stand_in) == ["requirements.txt", "-e ."]


def test_ci_runs_the_readmes_test_command_last() -> None:
    assert "    make test\n" in (ROOT / "README.md").read_text()
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "exec make test < /dev/null"


def test_git_changes_no_byte_of_a_text() -> None:
    assert "seeds/texts/*.txt -text\n" in (ROOT / ".gitattributes").read_text()
