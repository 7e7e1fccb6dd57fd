"""The book's sources, gathered in one folder: our pages, the executed notebooks, the generated pages."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from apparatus.bibliography import references_page
from apparatus.corpus import load_corpus
from apparatus.extract import KINDS, find
from apparatus.knowledge import load_knowledge
from apparatus.ledger import Finding, check_findings, find_findings
from apparatus.model import Document, Reference, Span
from apparatus.outputs import FINDING
from apparatus.paths import BOOK, NOTEBOOKS, ROOT
from apparatus.plan import PlannedRun
from apparatus.reader import MARKS, Element, Statement, page
from apparatus.readings import load_references

BINDER = "https://mybinder.org"
ABOUT = "About"
LINK = re.compile(r'href="#(?:(?P<source>[\w-]+):(?P<start>\d+)-(?P<end>\d+)|(?P<reference>ref-[\w-]+))"')
STATEMENT = re.compile(r'data-finding="([\w-]+)#([\w-]+)" href="[^"]*"')
METHOD = "\n\n% tag: method\n"  # a comment, which book/ext turns into a class of the section
Place = tuple[str, int, int]


def assemble(
    notebooks: Mapping[str, Path], folder: Path, *, plan: Sequence[PlannedRun] = (), repository: str = ""
) -> None:
    """Write everything the book is built from into a folder. `repository` is where it is published, if it is.

    The plan gives the runs (run id -> executed notebook) their titles and their parts of the book.
    Raises `DataError` for a finding whose evidence is not in the texts.
    """
    shutil.copytree(BOOK, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CITATION.cff", folder)
    (folder / "notebooks").mkdir()
    planned = {run.id: run for run in plan}
    executed = {run: json.loads(path.read_text(encoding="utf-8")) for run, path in notebooks.items()}
    corpus = load_corpus()
    findings = [*find_findings(executed)]
    check_findings(findings, {name: doc.raw for name, doc in corpus.items()})
    cited: set[Place] = set()
    titles: dict[str, str] = {}
    for run, notebook in executed.items():
        titles[run] = retitle(notebook, planned[run].title if run in planned else "")
        places = relink(notebook)[1]
        cited |= places
        (folder / "notebooks" / f"{run}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    references = load_references(corpus)
    spans = _spans(corpus, references, sorted(cited))
    for name, doc in corpus.items():
        _write_page(folder / "reader" / name, page(doc, spans[name], statements_on(name, findings, titles)))
    _write_page(folder / "references", references_page(references, corpus))
    _write_config(folder, repository)
    parts = {run: planned[run].part if run in planned else "" for run in notebooks}
    (folder / "_toc.yml").write_text(json.dumps(contents(parts, [*corpus])), encoding="utf-8")


def retitle(notebook: dict[str, Any], title: str = "") -> str:
    """Return the heading of a notebook, after putting `title` in its place where there is one."""
    lines = "".join(notebook["cells"][0]["source"]).splitlines(keepends=True)
    if title:
        notebook["cells"][0]["source"] = [f"# {title}\n", *lines[1:]]
    return title or lines[0].removeprefix("# ").strip()


def statements_on(source: str, findings: Iterable[Finding], titles: Mapping[str, str]) -> list[Statement]:
    """Return the statements of the book that rest on passages of a source, in the order of the book."""
    found = []
    for one in findings:
        places = [ref.rpartition(":")[2] for ref in one.evidence if ref.rpartition(":")[0] == source]
        if places:
            address = f"../notebooks/{one.id.replace('#', '.html#')}"
            found.append(Statement(titles[one.notebook], one.sentence, address, tuple(places)))
    return found


def relink(notebook: dict[str, Any]) -> tuple[dict[str, Any], set[Place]]:
    """Return an executed notebook whose outputs link into the reader and the references, and the places it links to.

    The list of cited passages, to which links lead in JupyterLab, is folded: here they lead to the reader. The tag
    `method` of a prose cell, which Sphinx would not see, becomes a comment in it.
    """
    places: set[Place] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "method" in cell["metadata"].get("tags", []):
            cell["source"] = "".join(cell["source"]) + METHOD
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["metadata"]["tags"].append("hide-input")
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            data.pop(FINDING, None)  # for machines; Sphinx would warn that it cannot show it
            data |= {
                kind: _into_book("".join(data[kind]), places) for kind in ("text/html", "text/markdown") if kind in data
            }
    return notebook, places


def _into_book(html: str, places: set[Place]) -> str:
    """Return an output whose links lead to other pages of the book, and add the passages that it links to."""

    def lead(link: re.Match[str]) -> str:
        if link["reference"]:
            return f'href="../references.html#{link["reference"]}"'
        places.add((link["source"], int(link["start"]), int(link["end"])))
        return f'href="../reader/{link["source"]}.html#{link["start"]}-{link["end"]}"'

    return STATEMENT.sub(r'href="\1.html#\2"', LINK.sub(lead, html)).replace("<details open>", "<details>")


def _spans(
    corpus: dict[str, Document], references: Sequence[Reference], cited: Iterable[Place]
) -> dict[str, list[Span]]:
    """Return what is marked in each text, and every passage that the book links to, so that each link has its place."""
    known = load_knowledge()
    spans: dict[str, list[Span]] = {name: [] for name in corpus}
    marks = (span for kind in KINDS for span in find(kind, corpus, known) if type(span) in MARKS)
    for span in (*marks, *(passage for reference in references for passage in reference.passages)):
        spans[span.source].append(span)
    for source, start, end in cited:
        if source not in corpus:
            raise ValueError(f"a notebook links to {source}:{start}-{end}, but the catalog has no text of this name")
        spans[source].append(corpus[source].mark_raw(Span, start, end))
    return spans


def _write_page(path: Path, tree: Element) -> None:
    path.parent.mkdir(exist_ok=True)
    path.with_suffix(".json").write_text(json.dumps(tree), encoding="utf-8")
    path.with_suffix(".md").write_text(f"```{{tree}} {path.stem}.json\n```\n", encoding="utf-8")


def _write_config(folder: Path, repository: str) -> None:
    """Fill in the template of the configuration. JSON is YAML, so values are written as JSON."""
    launch = {
        "repository": {"url": repository, "branch": "HEAD"},
        "launch_buttons": {"notebook_interface": "jupyterlab", "binderhub_url": BINDER},
    }
    binder = f"<a href='{binder_url(repository)}'>Open the notebooks in JupyterLab on Binder</a>"
    config = Template((folder / "_config.yml").read_text(encoding="utf-8")).substitute(
        binder=binder if repository else "",
        launch="\n".join(f"{name}: {json.dumps(value)}" for name, value in launch.items()) if repository else "",
        repository=json.dumps(repository),
        notebooks=json.dumps(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))),
    )
    (folder / "_config.yml").write_text(config, encoding="utf-8")


def binder_url(repository: str) -> str:
    """Return the link that opens JupyterLab on the notebooks in Binder.

    >>> binder_url("https://github.com/someone/apparatus")
    'https://mybinder.org/v2/gh/someone/apparatus/HEAD?urlpath=lab/tree/notebooks'
    """
    forge, _, name = repository.removeprefix("https://").partition("/")
    where = {"github.com": f"gh/{name}", "gitlab.com": f"gl/{quote(name, safe='')}"}
    return f"{BINDER}/v2/{where.get(forge, 'git/' + quote(repository, safe=''))}/HEAD?urlpath=lab/tree/notebooks"


def contents(parts: Mapping[str, str], texts: Sequence[str]) -> dict[str, Any]:
    """Return the table of contents: first the root, then the parts of the plan, the texts, and the rest.

    `parts` gives each run its part; one without stands under "Notebooks". What the plan puts under "About" stands
    there after the method.
    """
    root, *runs = parts
    files: dict[str, list[str]] = {}
    for run in runs:
        files.setdefault(parts[run] or "Notebooks", []).append(f"notebooks/{run}")
    about = files.pop(ABOUT, [])
    files |= {"The texts": [f"reader/{text}" for text in texts], ABOUT: ["method", *about, "references", "cite"]}
    return {
        "format": "jb-book",
        "root": f"notebooks/{root}",
        "parts": [{"caption": part, "chapters": [{"file": one} for one in names]} for part, names in files.items()],
    }
