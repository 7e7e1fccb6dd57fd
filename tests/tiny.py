"""Tiny notebooks to run, and the folders a runner needs around them."""

import json
from pathlib import Path
from typing import Any

PICTURE = """\
%matplotlib inline
import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(1, 1))
axes.plot([1, 2]);
"""


def code(id: str, source: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": id,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }


def prose(id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


class House:
    """Notebooks, a plan, a library, seeds and a lock file in a folder of their own."""

    def __init__(self, root: Path):
        self.root = root
        self.notebooks = root / "notebooks"
        self.build = root / "build"
        self.plan = self.notebooks / "plan.toml"
        self.temporary = ""
        self.inputs = {
            "library": (root / "lib", "**/*.py"),
            "seeds": (root / "seeds", "**/*"),
            "lock": (root, "requirements.txt"),
        }
        for name in ("lib/reading.py", "seeds/text.txt", "requirements.txt"):
            self.write(name, "first\n")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def add(self, name: str, *cells: dict[str, Any], entry: str = "") -> Path:
        """Write a notebook and its entry in the plan."""
        path = self.write(f"notebooks/{name}.ipynb", json.dumps(notebook(*cells)))
        with self.plan.open("a", encoding="utf-8") as plan:
            plan.write(f'[[run]]\nnotebook = "{name}"\n{entry}\n')
        return path
