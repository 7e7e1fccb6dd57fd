"""Executed notebooks as values: their normal form, what must not be in them, and how two of them differ."""

from __future__ import annotations

import base64
import io
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from apparatus.errors import DataError
from apparatus.paths import ROOT

FINDING = "application/vnd.apparatus.finding+json"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
PICTURES = ("image/png", "image/jpeg")
EMBEDDED = re.compile(r"(?<=;base64,)[\w+/=]+")  # the bytes of a picture inside HTML
PASSING_METADATA = {"papermill", "execution", "ExecuteTime", "collapsed", "scrolled", "trusted"}
HOST = platform.node()
PAPERMILL_MARK = "papermill-error-cell-tag"

Notebook = dict[str, Any]
Cell = dict[str, Any]


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file that holds either what it held before or all of the data, whenever the program stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def to_bytes(notebook: Notebook) -> bytes:
    """Return the notebook file: one spelling for one content."""
    return (json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def normalise(notebook: Notebook) -> Notebook:
    """Return the notebook without what differs between two runs, or between papermill and JupyterLab."""
    metadata = {name: value for name, value in notebook["metadata"].items() if name not in PASSING_METADATA}
    metadata |= {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    cells = [_normalise_cell(cell) for cell in notebook["cells"] if PAPERMILL_MARK not in _tags(cell)]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _tags(cell: Cell) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def _normalise_cell(cell: Cell) -> Cell:
    keep = {name: value for name, value in cell["metadata"].items() if name not in PASSING_METADATA}
    if not keep.get("tags", True):
        del keep["tags"]
    plain = cell | {"metadata": keep, "source": _lines(cell["source"])}
    if "injected-parameters" in _tags(cell):
        plain["id"] = "injected-parameters"  # papermill draws a new one for each run
    if cell["cell_type"] == "code":
        plain["outputs"] = [_normalise_output(output) for output in cell["outputs"]]
    return plain


def _normalise_output(output: dict[str, Any]) -> dict[str, Any]:
    if "text" in output:
        return output | {"text": _lines(output["text"])}
    if "data" in output:
        data = {
            mime: _lines(value) if mime.startswith("text/") or mime == "image/svg+xml" else value
            for mime, value in output["data"].items()
        }
        return output | {"data": data}
    return output


def _lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)


def source_only(notebook: Notebook) -> Notebook:
    """Return the normal form of what people write in a notebook: everything but outputs and execution counts."""
    plain = normalise(notebook)
    for cell in plain["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return plain


def check_complete(notebook: Notebook) -> None:
    """Raise DataError unless every code cell was run."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip() and not cell["execution_count"]:
            raise DataError(f"cell {cell['id']} was never run")


def check_portable(notebook: Notebook, *, host: str = HOST) -> None:
    """Raise DataError where an output names this machine: its folders, its name, an address in its memory.

    A host name is looked for only if it can't be a word of a text: when it has a digit, a dot or a hyphen.
    """
    folders = {str(ROOT), str(Path.home()), tempfile.gettempdir(), sys.prefix} - {"/", "."}
    forbidden = [rf"(?<![\w.:/-]){re.escape(folder)}(?![\w-])" for folder in folders]
    forbidden += [rf"\b{re.escape(host)}\b"] if re.search(r"[\d.-]", host) else []
    pattern = re.compile("|".join([r"\b0x[0-9a-fA-F]{6,}\b", *forbidden]))
    for cell, text in _texts(notebook):
        if match := pattern.search(text):
            shown = text[match.start() : match.start() + 100].split("\n")[0]
            raise DataError(f"cell {cell['id']} shows {shown!r}, which is true of this machine only: leave it out")


def _texts(notebook: Notebook) -> Iterator[tuple[Cell, str]]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            shown = {key: value for key, value in output.items() if key != "data"}
            shown |= {mime: value for mime, value in data.items() if mime not in PICTURES}
            for text in _strings(shown):
                yield cell, EMBEDDED.sub("…", text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _strings(member)


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two executions of a notebook."""

    notebook: str
    cell: str
    what: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return one line: where, what, and the part that differs of both."""
        place = f"{self.notebook}, cell {self.cell}: {self.what}"
        if not self.before and not self.after:
            return place
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(self.before, self.after, strict=False))))
        return f"{place}: {_shorten(self.before, same)} -> {_shorten(self.after, same)}"


def _shorten(text: str, start: int, width: int = 50) -> str:
    start = max(0, start - 15)
    part = text[start : start + width].replace("\n", "⏎")
    return repr(("…" if start else "") + part + ("…" if len(text) > start + width else ""))


def compare_notebooks(reference: Notebook, executed: Notebook, name: str) -> list[Difference]:
    """Return everything in which a run differs from the reference.

    This covers what nbval passes over: cells never run, outputs added or taken away, and pictures, which are
    compared as pixels because their bytes change with the compressor.
    """
    before = {cell["id"]: cell for cell in normalise(reference)["cells"]}
    after = {cell["id"]: cell for cell in normalise(executed)["cells"]}
    found = [Difference(name, id, "not in the run") for id in before if id not in after]
    found += [Difference(name, id, "only in the run") for id in after if id not in before]
    if not found and list(before) != list(after):
        found.append(Difference(name, next(iter(after)), "the cells are in another order"))
    for id in before.keys() & after.keys():
        found += [Difference(name, id, *change) for change in _compare_cells(before[id], after[id])]
    place = {id: number for number, id in enumerate([*before, *after])}
    return sorted(found, key=lambda difference: place[difference.cell])


Change = tuple[str, str, str]


def _compare_cells(before: Cell, after: Cell) -> Iterator[Change]:
    for part in ("cell_type", "source", "metadata", "attachments"):
        yield from _compare_values(f"{part.replace('_', ' ')} changed", before.get(part), after.get(part))
    if before["cell_type"] != "code" or after["cell_type"] != "code":
        return
    counts = before["execution_count"], after["execution_count"]
    if None in counts and counts != (None, None):
        yield f"never run in {'the reference' if counts[0] is None else 'this run'}", "", ""
        return
    yield from _compare_values("run out of order", *(f"In [{count}]" for count in counts))
    if len(before["outputs"]) != len(after["outputs"]):
        old, new = (", ".join(map(_kind, cell["outputs"])) or "nothing" for cell in (before, after))
        yield f"{len(before['outputs'])} outputs became {len(after['outputs'])}", old, new
        return
    for outputs in zip(before["outputs"], after["outputs"], strict=True):
        yield from _compare_outputs(*outputs)


def _kind(output: dict[str, Any]) -> str:
    return output.get("name") or "+".join(sorted(output.get("data", {}))) or output["output_type"]


def _compare_outputs(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    if _kind(before) != _kind(after):
        yield "another kind of output", _kind(before), _kind(after)
        return
    for part in sorted((before.keys() | after.keys()) - {"data", "execution_count"}):
        yield from _compare_values(f"{part.replace('_', ' ')} changed", before.get(part), after.get(part))
    for mime, old in before.get("data", {}).items():
        new = after["data"][mime]
        yield from (
            _compare_pictures(old, new) if mime in PICTURES else _compare_shown(mime, _as_text(old), _as_text(new))
        )


def _compare_shown(mime: str, before: str, after: str) -> Iterator[Change]:
    yield from _compare_values(f"{mime} changed", *(EMBEDDED.sub("…", text) for text in (before, after)))
    for pictures in zip(EMBEDDED.findall(before), EMBEDDED.findall(after), strict=False):
        yield from _compare_pictures(*pictures)


def _compare_values(what: str, before: Any, after: Any) -> Iterator[Change]:
    if before != after:
        yield what, _as_text(before), _as_text(after)


def _as_text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _compare_pictures(before: str, after: str) -> Iterator[Change]:
    if before == after:
        return
    import numpy as np
    from PIL import Image

    try:
        old, new = (Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA") for data in (before, after))
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises for bytes that are no picture
        yield "a picture cannot be decoded", "", str(error)
        return
    if old.size != new.size:
        yield "picture of another size", "{}x{}".format(*old.size), "{}x{}".format(*new.size)
    elif changed := np.any(np.asarray(old) != np.asarray(new), axis=2).sum():
        yield f"picture changed in {changed} of {old.width * old.height} pixels", "", ""
