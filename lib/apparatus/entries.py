"""Files that a person edits, read so that a slip is named with its file, its entry and the name that was meant."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

from apparatus.edtf_days import days
from apparatus.errors import DataError

# A type, or several: int | list; [shape]: a list of such; (shape, shape): a list of just these; {name: shape}: a table
# of just these fields.
Shape = Any
NONE: Mapping[str, Shape] = MappingProxyType({})
SAID = {
    str: "text in quotation marks",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list in square brackets",
    dict: "a table of fields",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises `DataError`, which names the file, where it is missing or no TOML."""
    try:
        return tomllib.loads(read_words(path))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path.name} is not TOML: {error}; mend it.") from None


def read_words(path: Path) -> str:
    """Return what is written in a file. Raises `DataError`, which names the file, where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{path.name} is missing; restore it.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None


def read_entries(
    path: Path,
    key: str,
    needed: Mapping[str, Shape],
    optional: Mapping[str, Shape] = NONE,
    *,
    beside: Mapping[str, Shape] = NONE,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where, entry) for each `[[key]]` of a TOML file, its fields checked; `where` names file and entry.

    `beside` are the other fields and tables that the file may have. A file without entries has none, which is no fault.
    """
    table = read_toml(path)
    check_fields(table, path.name, NONE, {key: [dict], **beside})
    for number, entry in enumerate(table.get(key, []), start=1):
        named = next((entry[name] for name in ("id", "name", "label") if name in needed and name in entry), number)
        where = f"{path.name}, {key} {named!r}"
        check_fields(entry, where, needed, optional)
        yield where, entry


def read_jsonl(
    path: Path, needed: Mapping[str, Shape] | None = None, optional: Mapping[str, Shape] = NONE
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where, record) for each line of a JSONL file; `where` names file and line for an error message.

    The fields are checked where they are named. An empty line is passed over.
    """
    for number, line in enumerate(read_words(path).split("\n"), start=1):
        where = f"{path.name}, line {number}"
        try:
            record = json.loads(line) if line.strip() else None
        except json.JSONDecodeError as error:
            raise DataError(f"{where}: this is no JSON object ({error.msg}); mend the line.") from None
        if record is not None and needed is not None:
            _check_shape(record, dict, where)
            check_fields(record, where, needed, optional)
        if record is not None:
            yield where, record


def check_fields(
    entry: Mapping[str, Any], where: str, needed: Mapping[str, Shape], optional: Mapping[str, Shape] = NONE
) -> None:
    """Raise `DataError` for a field that is unknown, or needed and missing, or not of its shape."""
    known = {**needed, **optional}
    if unknown := sorted(set(entry) - set(known)):
        raise DataError(f"{where}: unknown field {unknown[0]!r}{near(unknown[0], known)}")
    if missing := [name for name in needed if name not in entry]:
        raise DataError(f"{where}: the field {missing[0]!r} is missing; add it.")
    for name, value in entry.items():
        _check_shape(value, known[name], f"{where}, {name}")


def _check_shape(value: object, shape: Shape, where: str) -> None:
    if isinstance(shape, list | tuple):
        wanted = f"a list of {len(shape)}" if isinstance(shape, tuple) else "a list in square brackets"
        if not isinstance(value, list) or (isinstance(shape, tuple) and len(value) != len(shape)):
            raise DataError(f"{where}: this is {value!r}; write {wanted}.")
        for part, one in zip(value, shape if isinstance(shape, tuple) else repeat(shape[0]), strict=False):
            _check_shape(part, one, where)
    elif isinstance(shape, dict):
        _check_shape(value, dict, where)
        check_fields(cast("dict[str, Any]", value), where, shape)
    elif type(value) not in {*(kinds := get_args(shape) or (shape,)), *((int,) if float in kinds else ())}:
        raise DataError(f"{where}: this is {value!r}; write {' or '.join(SAID[kind] for kind in kinds)}.")


def check_edtf(date: str, where: str) -> None:
    """Raise `DataError` for a date that is not EDTF; "" is no date, and in order."""
    try:
        if date:
            days(date)
    except ValueError:
        raise DataError(f"{where}: {date!r} is no EDTF date; write e.g. 2024-02, 2024-02-18/.. or 2021~.") from None


def near(name: str, known: Iterable[str]) -> str:
    """Return what to add to a complaint about an unknown name: the known name it resembles, else all known names."""
    known = sorted(known)
    alike = difflib.get_close_matches(name, known, n=1)
    if alike:
        return f"; did you mean {alike[0]!r}?"
    return f"; known are {', '.join(known)}" if known else "; there is none yet."
