"""The committed notebooks show what a run shows, also where nbval does not look; and a run is the same anywhere."""

import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from apparatus.outputs import check_complete, check_portable, compare_notebooks, normalise, to_bytes
from apparatus.paths import BUILD, LOCK, NOTEBOOKS, ROOT, SEEDS
from apparatus.plan import load_plan, read_notebook
from apparatus.runner import hold, run_plan

PLAN = load_plan()
DEFAULTS = [planned for planned in PLAN if not planned.parameters]


@pytest.fixture(scope="module")
def runs():
    """Every run of the plan; what is stale is executed first."""
    with hold() as scratch:
        return {run.id: run for run in run_plan(PLAN, scratch=scratch, say=print)}


def test_every_notebook_is_in_the_plan_once_with_its_own_parameters():
    assert Counter(planned.path for planned in DEFAULTS) == Counter(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("planned", DEFAULTS, ids=lambda planned: planned.id)
def test_every_cell_of_a_committed_notebook_was_run_and_shows_no_machine(planned):
    committed = read_notebook(planned.path)
    check_complete(committed)
    check_portable(committed)
    assert any(cell.get("outputs") for cell in committed["cells"])
    assert planned.path.read_bytes() == to_bytes(normalise(committed)), (
        "save it with `make notebooks` and `make accept`"
    )


@pytest.mark.parametrize("planned", DEFAULTS, ids=lambda planned: planned.id)
def test_a_committed_notebook_shows_what_a_run_shows(planned, runs):
    run = runs[planned.id]
    assert not run.error, f"{run.error}\n{run.details}"
    differences = compare_notebooks(read_notebook(planned.path), read_notebook(run.path), planned.notebook)
    assert not differences, "\n".join(map(str, differences))


def test_a_run_in_another_place_gives_the_same_bytes(runs, tmp_path):
    project = tmp_path / "elsewhere" / "Бакы project"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints")
    for folder in (ROOT / "lib", SEEDS, NOTEBOOKS):
        shutil.copytree(folder, project / folder.name, ignore=ignore)
    shutil.copy(LOCK, project)
    ids = [planned.id for planned in PLAN if not planned.gathers][-2:]
    place = {
        "TZ": "Asia/Baku",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(project / "lib"),
        "COLUMNS": "40",
    }
    command = [sys.executable, "-m", "apparatus", "run", *ids]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | place, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert str(project) not in done.stdout
    for id in ids:
        assert (project / "build" / "notebooks" / f"{id}.ipynb").read_bytes() == runs[id].path.read_bytes()
        assert runs[id].path == BUILD / "notebooks" / f"{id}.ipynb"
