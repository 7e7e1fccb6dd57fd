"""A small book of the real texts and two notebooks, built once for all tests that look at one."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from apparatus.book import build_book
from apparatus.corpus import the_corpus
from apparatus.ledger import hash_words
from apparatus.outputs import FINDING
from tiny import code, notebook, prose

BULLETIN = "air-bulletin-2024-02"
WORDS = "he secured 92.12% of the votes"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_folder = TemporaryDirectory()


@cache
def cited() -> str:
    """Return the address of a passage of the bulletin."""
    start = the_corpus()[BULLETIN].raw.index(WORDS)
    return f"{BULLETIN}:{start}-{start + len(WORDS)}"


def shown(id: str, html: str, **data: object) -> dict:
    """Return a cell that was run and showed HTML, and other data."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html, "text/plain": id, **data}}
    return code(id, f"show({id!r})", "hide-input") | {"execution_count": 1, "outputs": [output]}


def write_notebooks(folder: Path, *more: dict) -> dict[str, Path]:
    """Write a start page and a theme, and return them as the runner hands them over."""
    ref = f'<a class="ref" href="#{cited()}">{WORDS}</a>'
    finding = f'<div class="finding" id="finding-1"><p>It says “{ref}”.</p></div>'
    stated = {"id": "finding-1", "sentence": f"It says “{WORDS}”.", "numbers": {}, "evidence": [cited()]}
    stated["words_sha256"] = hash_words([WORDS])
    figure = f'<figure><img src="data:image/png;base64,{PIXEL}" alt="One dot."><figcaption>A dot.</figcaption></figure>'
    table = '<div class="table-box" role="region" tabindex="0" aria-label="Wide"><table class="dataframe"><tr>'
    table += "".join(f"<td>column {number} with words</td>" for number in range(12)) + "</tr></table></div>"
    record = '<p><a href="#ref-cec-final-result">The record</a></p>'
    listed = f'<div class="apparatus"><ol><li id="{cited()}">…<mark>{WORDS}</mark>… {ref}</li></ol></div>'
    method = prose("method", "## How we know\n\nBy reading.") | {"metadata": {"tags": ["method"]}}
    cells = {
        "start": [prose("title", "# Start\n\nSee [the theme](election.ipynb).")],
        "election": [
            prose("title", "# A theme\n\n## A question"),
            shown("stated", finding, **{FINDING: stated}),
            *(shown(f"cell-{at}", html) for at, html in enumerate([figure, table, record])),
            method,
            *more,
            prose("end", "## The passages cited"),
            shown("listed", listed),
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in cells.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(*made)), encoding="utf-8")
    return {name: folder / f"{name}.ipynb" for name in cells}


@cache
def built() -> Path:
    """Return the folder of the built book."""
    root = Path(_folder.name)
    build_book(write_notebooks(root / "notebooks"), build=root / "build", say=lambda line: None)
    return root / "build" / "book"
