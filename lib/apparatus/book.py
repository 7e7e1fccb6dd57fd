"""The book: assembled from scratch, built cold, checked, and only then swapped in."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from apparatus.paths import BOOK, BUILD, LOCK, NOTEBOOKS, ROOT, SEEDS
from apparatus.plan import PlannedRun

FORGES = ("github.com", "gitlab.com", "bitbucket.org")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
LIB = Path(__file__).parent


class BookError(ValueError):
    """The book could not be built; the text says which pages are at fault."""


def build_book(
    notebooks: Mapping[str, Path],
    *,
    plan: Sequence[PlannedRun] = (),
    build: Path = BUILD,
    say: Callable[[str], None],
) -> bool:
    """Return True once `build/book` shows the executed notebooks (run id -> file), False where it did already.

    The mapping's order is the book's. A cold build each time: Sphinx keeps stale values when it reuses its own
    results. Raises `BookError`, and leaves the former book in place, where a page is at fault.
    """
    book, record = build / "book", build / "book.json"
    made_from = json.dumps({"key": book_key(notebooks, plan)}) + "\n"
    if (book / "index.html").exists() and record.exists() and record.read_text(encoding="utf-8") == made_from:
        return False
    from apparatus.assembly import assemble  # late: a book that is up to date needs neither the corpus nor Sphinx
    from apparatus.site import check_site

    _sweep(build)
    with TemporaryDirectory(prefix="src-", dir=build) as folder:
        source = Path(folder)
        say("book: gathering pages")
        assemble(notebooks, source, plan=plan, repository=repository_url())
        say("book: building")
        html = _run_sphinx(source)
        _finish(html, notebooks)
        say("book: checking")
        if faults := check_site(html):
            raise BookError("the book is not sound:\n" + "\n".join(faults))
        record.unlink(missing_ok=True)
        _swap(html, book)
    record.write_text(made_from, encoding="utf-8")
    return True


def book_key(notebooks: Mapping[str, Path], plan: Sequence[PlannedRun] = ()) -> str:
    """Return the digest of everything that the book is made of."""
    inputs = [LOCK, ROOT / "CITATION.cff", *_files(BOOK), *_files(SEEDS), *_files(LIB)]
    named = [(path.relative_to(ROOT).as_posix(), path) for path in inputs]
    named += [(f"run {run}", path) for run, path in notebooks.items()]
    offered = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    shown = [(run.id, run.title, run.part) for run in plan]
    digest = hashlib.sha256(repr((repository_url(), offered, shown)).encode())
    for name, path in named:
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def repository_url(remote: str | None = None) -> str:
    """Return the address of the repository's page, made from the git remote; "" where Binder knows no such forge.

    >>> repository_url("git@github.com:someone/apparatus.git")
    'https://github.com/someone/apparatus'
    """
    if remote is None:
        ask = ["git", "remote", "get-url", "origin"]
        remote = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    match = re.search(rf"\b({'|'.join(map(re.escape, FORGES))})[:/]([^/]+/[^/]+?)(?:\.git)?/?$", remote)
    return f"https://{match.group(1)}/{match.group(2)}" if match else ""


def _sweep(build: Path) -> None:
    """Remove what builds that were killed left behind."""
    build.mkdir(parents=True, exist_ok=True)
    for leftover in (*build.glob("src-*"), *build.glob("book-old")):
        shutil.rmtree(leftover)


def _run_sphinx(source: Path) -> Path:
    """Return the folder of the HTML that Jupyter Book makes, warnings as errors, in a process of its own."""
    start = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", start, "build", str(source), "-W", "-n", "--keep-going", "-q"]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if run.returncode:
        said = COLOUR.sub("", run.stderr + run.stdout).replace(f"{source}/", "").splitlines()
        faults = [line for line in said if re.search(r"WARNING|ERROR|rror:", line)]
        raise BookError("the book does not build:\n" + "\n".join(faults or said[-15:]))
    return source / "_build" / "html"


def _finish(html: Path, notebooks: Mapping[str, Path]) -> None:
    """Take out what is not the same everywhere, and offer each notebook for download as it was executed."""
    (html / ".buildinfo").unlink(missing_ok=True)
    for run, path in notebooks.items():
        shutil.copyfile(path, html / "_sources" / "notebooks" / f"{run}.ipynb")


def _swap(new: Path, book: Path) -> None:
    """Put a finished folder in the place of the former one, which is moved aside first and deleted last."""
    aside = book.with_name("book-old")
    if book.exists():
        book.rename(aside)
    new.rename(book)
    shutil.rmtree(aside, ignore_errors=True)
