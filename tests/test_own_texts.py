"""Other texts may take the place of these: what hangs on the old ones is told, and pages are made of the new ones."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apparatus.paths import ROOT

TEXT = "The mill at Orrin closed on 3 May 2021. Its owner said: “We lost 300 boats.” Nobody was hurt.\n"
RECORD = f"""\
[[source]]
id = "mill"
file = "mill.txt"
sha256 = "{hashlib.sha256(TEXT.encode()).hexdigest()}"
label = "The mill"
title = "The mill closes"
publisher = "The Orrin Herald"
rights = "© The Orrin Herald. Quoted for analysis."
"""
# The notebooks that ask of any texts; the others are each about one theme of the texts that were taken out.
ANY = ("start", "sources", "theme", "contested-questions", "numbers", "timeline", "voices", "references", "reuse")
ANY += ("quality", "symmetry", "reproduction")
PORTRAIT = '[[run]]\nnotebook = "portrait"\nparameters = { source = "mill" }\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which one text of three sentences stands alone in the catalog."""
    folder = tmp_path_factory.mktemp("other") / "apparatus"
    for name in ("lib", "notebooks", "book", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", folder)
    shutil.rmtree(folder / "seeds" / "texts")
    (folder / "seeds" / "texts").mkdir()
    (folder / "seeds" / "texts" / "mill.txt").write_bytes(TEXT.encode())
    (folder / "seeds" / "catalog.toml").write_text(RECORD, encoding="utf-8")
    gathers = ("start", "reproduction")
    runs = [f'[[run]]\nnotebook = "{name}"\ngathers = {str(name in gathers).lower()}\n' for name in ANY]
    (folder / "notebooks" / "plan.toml").write_text("\n".join([*runs, PORTRAIT]), encoding="utf-8")
    return folder


def say(folder: Path, *words: str) -> tuple[int, str]:
    variables = os.environ | {"PYTHONPATH": str(folder / "lib")}
    command = [sys.executable, "-m", "apparatus", *words]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def empty(paths: list[Path]) -> None:
    for path in paths:
        path.write_text("", encoding="utf-8")


def test_what_hangs_on_texts_taken_out_is_told_and_the_pages_are_made_of_the_others(project: Path) -> None:
    seeds, readings = project / "seeds", project / "seeds" / "readings"
    status, said = say(project, "check")
    marked = [*(readings / "gold").iterdir(), *(readings / "codings").iterdir()]
    marked += [readings / name for name in ("references.jsonl", "zones.toml", "reconciliation.toml")]
    told = re.findall(r"[\w-]+\.(?:toml|jsonl)", said.partition("catalog.toml has no source")[0])
    assert status == 2
    assert set(told) == {path.name for path in marked if path.name != "corrections.toml"}
    empty(marked)

    status, said = say(project, "check")
    assert status == 2
    assert "none of its variants occurs in any text of the corpus" in said
    empty([seeds / "knowledge" / "contrasts.toml"])
    status, said = say(project, "check")
    assert (status, "no contrast" in said) == (2, True)
    for theme in (seeds / "knowledge" / "themes").iterdir():
        theme.write_text(re.sub(r"^contrasts = \[[^]]*\]\n", "", theme.read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert say(project, "check")[0] == 0
    status, said = say(project, "run")
    assert status == 0, said
