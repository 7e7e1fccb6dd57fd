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
from apparatus.model import Document, Reference, Span
from apparatus.outputs import FINDING
from apparatus.paths import BOOK, NOTEBOOKS, ROOT
from apparatus.reader import MARKS, Element, page
from apparatus.readings import load_references

BINDER = "https://mybinder.org"
LINK = re.compile(r'href="#(?:(?P<source>[\w-]+):(?P<start>\d+)-(?P<end>\d+)|(?P<reference>ref-[\w-]+))"')
METHOD = "\n\n% tag: method\n"  # a comment, which book/ext turns into a class of the section
Place = tuple[str, int, int]


def assemble(notebooks: Mapping[str, Path], folder: Path, *, repository: str = "") -> None:
    """Write everything the book is built from into a folder. `repository` is where it is published, if it is."""
    shutil.copytree(BOOK, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CITATION.cff", folder)
    (folder / "notebooks").mkdir()
    cited: set[Place] = set()
    for run, path in notebooks.items():
        notebook, places = relink(json.loads(path.read_text(encoding="utf-8")))
        cited |= places
        (folder / "notebooks" / f"{run}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    corpus = load_corpus()
    references = load_references(corpus)
    spans = _spans(corpus, references, sorted(cited))
    for name, doc in corpus.items():
        _write_page(folder / "reader" / name, page(doc, spans[name]))
    _write_page(folder / "references", references_page(references, corpus))
    _write_config(folder, repository)
    (folder / "_toc.yml").write_text(json.dumps(contents([*notebooks], [*corpus])), encoding="utf-8")


def relink(notebook: dict[str, Any]) -> tuple[dict[str, Any], set[Place]]:
    """Return an executed notebook whose outputs link into the reader and the references, and the places it links to.

    The list of cited passages, to which links lead in JupyterLab, is folded: here they lead to the reader. The tag
    `method` of a prose cell, which Sphinx would not see, becomes a comment in it.
    """
    places: set[Place] = set()

    def into_book(link: re.Match[str]) -> str:
        if link["reference"]:
            return f'href="../references.html#{link["reference"]}"'
        places.add((link["source"], int(link["start"]), int(link["end"])))
        return f'href="../reader/{link["source"]}.html#{link["start"]}-{link["end"]}"'

    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "method" in cell["metadata"].get("tags", []):
            cell["source"] = "".join(cell["source"]) + METHOD
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            data.pop(FINDING, None)  # for machines; Sphinx would warn that it cannot show it
            data |= {
                kind: LINK.sub(into_book, "".join(data[kind])).replace("<details open>", "<details>")
                for kind in ("text/html", "text/markdown")
                if kind in data
            }
    return notebook, places


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


def contents(runs: Sequence[str], texts: Sequence[str]) -> dict[str, Any]:
    """Return the table of contents: first the root, `sources` before the themes, `quality` beside the method."""
    root, *others = runs
    part = {"sources": "Sources", "quality": "About"}
    parts: dict[str, list[str]] = {"Sources": [], "Themes": [], "The texts": [], "About": ["method"]}
    for run in others:
        parts[part.get(run, "Themes")].append(f"notebooks/{run}")
    parts["The texts"] += [f"reader/{text}" for text in texts]
    parts["About"] += ["references", "cite"]
    chapters = {caption: [{"file": file} for file in files] for caption, files in parts.items() if files}
    return {
        "format": "jb-book",
        "root": f"notebooks/{root}",
        "parts": [{"caption": caption, "chapters": files} for caption, files in chapters.items()],
    }
