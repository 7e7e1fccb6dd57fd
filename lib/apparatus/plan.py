"""What is to be run: the entries of notebooks/plan.toml, and the parameters a notebook declares."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apparatus.entries import near, read_toml
from apparatus.errors import DataError
from apparatus.paths import PLAN

ENTRY_KEYS: dict[str, tuple[type, ...]] = {
    "notebook": (str,),
    "id": (str,),
    "title": (str,),
    "part": (str,),
    "gathers": (bool,),
    "parameters": (dict,),
    "seconds": (int, float),
}
SIMPLE_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "str": (str,),
    "None": (type(None),),
}


@dataclass(frozen=True)
class PlannedRun:
    """One entry of the plan: a notebook and the parameters it is run with.

    `title` replaces the notebook's own heading in the book, and `part` is the part of the book it stands in. A run that
    `gathers` is made from the findings of all others, so it comes after them.
    """

    id: str
    path: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 120.0
    title: str = ""
    part: str = ""
    gathers: bool = False

    @property
    def notebook(self) -> str:
        """Return the notebook's name, without folder and suffix."""
        return self.path.stem


@dataclass(frozen=True)
class Parameter:
    """A typed assignment of the cell tagged `parameters`, as written there."""

    name: str
    type: str
    default: str
    meaning: str

    def accepts(self, value: object) -> bool:
        """Return whether the value is of the declared type. True and False are no numbers."""
        return _fits(ast.parse(self.type, mode="eval").body, value)


def load_plan(path: Path = PLAN) -> list[PlannedRun]:
    """Return the runs in the order of the plan, every parameter checked against its notebook.

    Raises: DataError.
    """
    table = read_toml(path)
    _refuse_unknown(table, ["run"], f"{path.name}: unknown table")
    runs = [_planned(entry, number, path) for number, entry in enumerate(table.get("run", []), 1)]
    _refuse_twins(runs, path.name)
    return runs


def _planned(entry: dict[str, Any], number: int, plan: Path) -> PlannedRun:
    where = f"{plan.name}, run {number} ({entry.get('id') or entry.get('notebook') or 'no notebook'})"
    _refuse_unknown(entry, ENTRY_KEYS, f"{where}: unknown key")
    for key, value in entry.items():
        if not isinstance(value, ENTRY_KEYS[key]) or (isinstance(value, bool) and ENTRY_KEYS[key] != (bool,)):
            raise DataError(f"{where}: {key} cannot be {value!r}")
    if "notebook" not in entry:
        raise DataError(f'{where}: name the notebook, as in notebook = "election"')
    path = plan.parent / f"{entry['notebook']}.ipynb"
    if not path.is_file():
        there = sorted(other.stem for other in plan.parent.glob("*.ipynb"))
        raise DataError(f"{where}: there is no notebook {path.name}{near(entry['notebook'], there)}")
    run = PlannedRun(
        id=entry.get("id", path.stem),
        path=path,
        parameters=entry.get("parameters", {}),
        seconds=float(entry.get("seconds", PlannedRun.seconds)),
        title=entry.get("title", ""),
        part=entry.get("part", ""),
        gathers=entry.get("gathers", False),
    )
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", run.id):
        raise DataError(f"{where}: the id names a file, so it is made of letters, digits, - and _")
    try:
        check_parameters(run.parameters, declared_parameters(path))
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    return run


def _refuse_unknown(table: Mapping[str, Any], known: Iterable[str], complaint: str) -> None:
    for key in table.keys() - set(known):
        raise DataError(f"{complaint} {key!r}{near(key, known)}")


def _refuse_twins(runs: Sequence[PlannedRun], plan: str) -> None:
    seen: set[str] = set()
    for number, run in enumerate(runs, 1):
        if run.id in seen:
            raise DataError(f"{plan}, run {number}: there is a run {run.id!r} already; give this one an id of its own")
        seen.add(run.id)


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as its JSON, read without nbformat, whose import takes longer than all that a no-op does.

    Raises: DataError.
    """
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"there is no notebook {path.name}") from None
    except json.JSONDecodeError as error:
        raise DataError(f"{path.name} is not a notebook: {error}") from None
    ids = [cell.get("id") for cell in notebook.get("cells", [])]
    if not all(ids) or len(set(ids)) < len(ids):
        raise DataError(f"{path.name}: every cell needs an id of its own; save it as notebook format 4.5")
    return notebook


def heading(notebook: Path) -> str:
    """Return the heading of a notebook: the first line of its first cell."""
    lines = "".join(read_notebook(notebook)["cells"][0]["source"]).splitlines()
    return lines[0].removeprefix("# ").strip() if lines else ""


def declared_parameters(path: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name, in its order; none when no cell has the tag `parameters`.

    Only what can be checked before a kernel starts is allowed there: typed assignments of literals.

    Raises: DataError.
    """
    for cell in read_notebook(path)["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            source = "".join(cell["source"])
            try:
                return {parameter.name: parameter for parameter in _read_parameters(source)}
            except (SyntaxError, ValueError) as error:
                raise DataError(f"{path.name}, cell {cell['id']}: {error}") from None
    return {}


def _read_parameters(source: str) -> list[Parameter]:
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or not node.value:
            raise ValueError(f"{ast.unparse(node)!r} is no typed assignment like 'window: int = 3  # what it means'")
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        parameter = Parameter(
            name=node.target.id,
            type=ast.unparse(node.annotation),
            default=ast.unparse(node.value),
            meaning=" ".join(comments[line] for line in lines if line in comments),
        )
        if not parameter.accepts(ast.literal_eval(node.value)):
            raise ValueError(f"the default of {parameter.name} is not of its type {parameter.type}")
        found.append(parameter)
    return found


def _fits(kind: ast.expr, value: object) -> bool:
    match kind:
        case ast.Constant(value=str(quoted)):
            return _fits(ast.parse(quoted, mode="eval").body, value)
        case ast.Name() | ast.Constant(value=None) if (name := ast.unparse(kind)) in SIMPLE_TYPES:
            return isinstance(value, SIMPLE_TYPES[name]) and (name == "bool" or not isinstance(value, bool))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _fits(left, value) or _fits(right, value)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return isinstance(value, list) and all(_fits(item, member) for member in value)
        case ast.Subscript(value=ast.Name(id="Literal")):
            return value in _choices(kind)
    raise ValueError(f"the type {ast.unparse(kind)} cannot be checked: use int, float, bool, str, list[…], Literal[…]")


def _choices(kind: ast.Subscript) -> Sequence[object]:
    choices = ast.literal_eval(kind.slice)
    return choices if isinstance(choices, tuple) else (choices,)


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Parameter]) -> None:
    """Raise ValueError unless the notebook declares every given name, and each value is of its type."""
    for name, value in given.items():
        if name not in declared:
            raise ValueError(f"unknown parameter {name!r}{near(name, declared)}")
        if not declared[name].accepts(value):
            raise ValueError(f"parameter {name} must be {declared[name].type}, not {value!r}")


def parse_parameters(texts: Collection[str], declared: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return the parameters written `name=value` on a command line, checked.

    A value is read as Python or JSON; what fits only as text is text, so `issue=2024` suits a `str`.

    Raises: ValueError.
    """
    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"write a parameter as name=value, not {text!r}")
        given[name] = _literal(value)
        for plain in (value, value.split(",")):  # words need no quotation marks, a list of words no brackets
            if name in declared and not declared[name].accepts(given[name]) and declared[name].accepts(plain):
                given[name] = plain
    check_parameters(given, declared)
    return given


def _literal(text: str) -> Any:
    for read in (ast.literal_eval, json.loads):
        try:
            return read(text)
        except (ValueError, SyntaxError):
            continue
    return text
