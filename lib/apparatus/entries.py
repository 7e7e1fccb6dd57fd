"""Files that a person edits, read so that a slip is named with its file, its entry and the name that was meant."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from apparatus.edtf_days import days
from apparatus.errors import DataError


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises `DataError`, which names the file, where it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path.name} is missing; restore it.") from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path.name} is not TOML: {error}.") from None


def check_fields(entry: Mapping[str, Any], where: str, needed: Collection[str], optional: Collection[str] = ()) -> None:
    """Raise `DataError` for a field that is unknown, or needed and missing."""
    if unknown := sorted(set(entry) - set(needed) - set(optional)):
        raise DataError(f"{where}: unknown field {unknown[0]!r}{near(unknown[0], [*needed, *optional])}")
    if missing := [name for name in needed if name not in entry]:
        raise DataError(f"{where}: the field {missing[0]!r} is missing; add it.")


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
    return f"; known are {', '.join(known)}" if known else ""
