"""`make binder-check`: what Binder does with this repository, done here, in a temporary copy and without a container.

First mamba's way with environment.yml, in a fresh environment: its pip lines go to a file beside it, and that file to
`pip install -U -r`. Then postBuild, and one notebook. Last, repo2docker's own plan for an image, held to what it should
have detected.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml

from apparatus.paths import ROOT

PYTHON = "3.11"
REPO2DOCKER = "jupyter-repo2docker==2026.4.0"  # in an environment of its own: it is no part of the bundle
UNCOPIED = shutil.ignore_patterns(".venv", "build", ".git", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
PLAN = (  # in this order
    f"Building conda environment for python={PYTHON}",
    "COPY --chown=0:0 src/ ${REPO_DIR}/",
    'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"',
    "RUN ./postBuild",
)


def python() -> str:
    found = sys.executable if sys.version.startswith(f"{PYTHON}.") else shutil.which(f"python{PYTHON}")
    return found or sys.exit(f"Binder runs Python {PYTHON}, and there is no python{PYTHON} command here.")


def fresh(folder: Path) -> dict[str, str]:
    """The variables of a process in a new, empty environment."""
    subprocess.run([python(), "-m", "venv", folder], check=True)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def install_as_binder(copy: Path, folder: Path) -> None:
    variables = fresh(folder)

    def run(*command: str) -> None:
        print("$", *command, flush=True)
        subprocess.run(command, cwd=copy, env=variables, check=True)

    dependencies = yaml.safe_load((copy / "environment.yml").read_text())["dependencies"]
    lines = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    (copy / "mambaf.txt").write_text("\n".join(lines) + "\n")
    run("python", "-m", "pip", "install", "-qq", "-U", "-r", "mambaf.txt", "--no-input")
    run("./postBuild")
    run("python", "-m", "pip", "check")
    first = tomllib.loads((copy / "notebooks/plan.toml").read_text())["run"][0]["notebook"]
    run("python", "-m", "apparatus", "run", first)


def image_plan(copy: Path, folder: Path) -> str:
    variables = fresh(folder)
    subprocess.run(["python", "-m", "pip", "install", "-qq", REPO2DOCKER], env=variables, check=True)
    command = ["python", "-m", "repo2docker", "--no-build", "--debug", "."]
    print("$", *command, flush=True)
    done = subprocess.run(
        command, cwd=copy, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout if done.returncode == 0 else sys.exit(done.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        copy = shutil.copytree(ROOT, temporary / "copy", ignore=UNCOPIED)
        install_as_binder(copy, temporary / "environment")
        plan = image_plan(copy, temporary / "repo2docker")
    places = [plan.find(line) for line in PLAN]
    if -1 in places or places != sorted(places):
        sys.exit("repo2docker does not plan, in this order: " + "; ".join(PLAN))
    print("Binder's install, postBuild, a notebook and repo2docker's plan: as they should be.")


if __name__ == "__main__":
    main()
