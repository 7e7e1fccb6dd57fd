"""Text files as people have them: whatever is no text is refused in one sentence that names the file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

LIMIT = 50_000_000  # bytes of one file: reading and marking takes some 50 times as much memory
STANDARD_INPUT = Path("-")
UNICODE_MARKS = {  # the longer first: UTF-32 begins as UTF-16 does
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

Refuse = Callable[[ValueError], None]


def stop(error: ValueError) -> None:
    """Raise the error: a file that cannot be read ends everything."""
    raise error


def read_files(paths: Iterable[Path], refuse: Refuse = stop) -> Iterator[tuple[str, str]]:
    """Yield (name, text) for each file, the newlines of the text untouched; `-` is standard input.

    A directory is read with all below it, in the order of names, hidden files left out; such a file's name is its path
    inside that directory. `refuse` is called with one sentence for each file or directory that cannot be read.
    """
    for path in paths:
        below = os.path.isdir(path)  # noqa: PTH112 (Path.is_dir fails where a name is too long)
        for file in _files_below(path, refuse) if below else [path]:
            try:
                raw = read_raw(file)
            except ValueError as error:
                refuse(error)
            else:
                yield file.relative_to(path).as_posix() if below else path.name, raw


def _files_below(folder: Path, refuse: Refuse) -> Iterator[Path]:
    count = 0
    for place, folders, names in os.walk(folder, onerror=lambda error: refuse(_cannot_read(error.filename, error))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            count += 1
            if (file := Path(place, name)).is_file() or file.is_symlink():
                yield file
            else:
                refuse(ValueError(f"{file} is no file."))
    if not count:
        refuse(ValueError(f"{folder}: there is no file in this directory."))


def _cannot_read(path: Path | str, error: OSError) -> ValueError:
    return ValueError(f"{path} cannot be read: {error.strerror}.")


def read_raw(path: Path) -> str:
    """Return the text of a file with its newlines untouched. Raises `ValueError` where it is no UTF-8 text."""
    try:
        data = _read_bytes(path)
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise _cannot_read(path, error) from None
    if mark := next((name for mark, name in UNICODE_MARKS.items() if data.startswith(mark)), ""):
        raise ValueError(f"{path} is {mark}, not UTF-8; convert it first.")
    if b"\0" in data:
        raise ValueError(f"{path} holds NUL bytes: it is no text, or a text in UTF-16; convert it to UTF-8 first.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 (byte {error.start}); convert it first.") from None


def _read_bytes(path: Path) -> bytes:
    path = Path("/dev/stdin") if path == STANDARD_INPUT else path
    size = path.stat().st_size  # of a pipe or a device it is no measure
    with path.open("rb") as file:
        data = b"" if size > LIMIT else file.read(LIMIT + 1)
    if max(size, len(data)) > LIMIT:
        raise ValueError(f"{path} has more than {LIMIT // 1_000_000} MB, the limit of one file; split it.")
    return data
