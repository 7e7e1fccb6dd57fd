"""Every notebook has the one shape: question, parameters, findings that compute, method, checks, limits, provenance."""

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from apparatus.knowledge import Theme, the_knowledge
from apparatus.ledger import ACCEPTED, read_findings
from apparatus.paths import BOOK, NOTEBOOKS, PLAN, ROOT
from apparatus.plan import PlannedRun, load_plan
from apparatus.show import NUMBER_WORDS

NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
THEMES = ["election", "ots-pivot", "peace-talks", "khojaly", "cop29", "western-narratives"]
PLANNED = load_plan()
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)


@cache
def cells(name: str) -> list[dict[str, Any]]:
    return json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def tags(cell: dict[str, Any]) -> list[str]:
    return cell["metadata"].get("tags", [])


def code(name: str) -> list[str]:
    return [source(cell) for cell in cells(name) if cell["cell_type"] == "code"]


def tagged(name: str, tag: str) -> list[str]:
    return [source(cell) for cell in cells(name) if tag in tags(cell)]


def allowed_words() -> list[str]:
    entries = tomllib.loads((ROOT / "tests" / "prose-numbers.toml").read_text(encoding="utf-8"))["allowed"]
    return sorted((word for entry in entries for word in entry["words"]), key=len, reverse=True)


def typed_numbers(prose: str) -> list[str]:
    """Return the digits and number words of a prose text that are neither quoted, nor code, nor allowed."""
    prose = re.sub(r"“[^”]*”|```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]+>", " ", prose, flags=re.DOTALL)
    for word in allowed_words():
        prose = prose.replace(word, " ")
    return re.findall(r"\w*\d[\w.,%-]*", prose) + [match.group() for match in NUMBER_WORDS.finditer(prose)]


def long_cells(blocks: list[str]) -> list[str]:
    """Return the code cells of more than twelve lines, imports and the brackets that end them apart."""
    return [block for block in blocks if len(_statement_lines(block)) > 12]


def _statement_lines(block: str) -> list[int]:
    tree = ast.parse(block)
    imports = {
        line
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for line in range(node.lineno, node.end_lineno + 1)
    }  # type: ignore[operator]
    return [at for at, line in enumerate(block.splitlines(), start=1) if line.strip() and at not in imports]


def definitions(blocks: list[str]) -> list[str]:
    return [
        type(node).__name__ for block in blocks for node in ast.walk(ast.parse(block)) if isinstance(node, FORBIDDEN)
    ]


def test_the_notebooks_are_those_of_the_plan() -> None:
    planned = {run["notebook"] for run in tomllib.loads(PLAN.read_text(encoding="utf-8"))["run"]}
    assert planned == set(NAMES)
    assert {"start", "sources", *THEMES} <= planned


@pytest.mark.parametrize("name", NAMES)
def test_the_shape(name: str) -> None:
    first, last = cells(name)[0], cells(name)[-1]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith("# ")
    assert "cannot" in source(first) or name == "start"
    assert "parameters" in tags(cells(name)[1])
    assert tagged(name, "method")
    assert "How we know" in tagged(name, "method")[0]
    assert all("assert " in block for block in tagged(name, "check"))
    assert tagged(name, "check")
    assert any(source(cell).startswith("## Limits") for cell in cells(name))
    assert last["cell_type"] == "code"
    assert source(last).startswith("provenance(")


@pytest.mark.parametrize("name", NAMES)
def test_code_cells_are_short_and_define_nothing(name: str) -> None:
    assert long_cells(code(name)) == []
    assert definitions(code(name)) == []
    assert not [block for block in code(name) if "import *" in block or re.search(r"""["'](\.\.?/|/)""", block)]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_typed_explained_and_used(name: str) -> None:
    [block] = tagged(name, "parameters")
    assignments = ast.parse(block).body
    assert 1 <= len(assignments) <= 6
    rest = "\n".join(code(name)).replace(block, "")
    for node, line in zip(assignments, block.splitlines(), strict=True):
        assert isinstance(node, ast.AnnAssign)
        assert "# " in line
        assert re.search(rf"\b{node.target.id}\b", rest), f"{node.target.id} changes nothing"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", NAMES)
def test_prose_holds_no_typed_number(name: str) -> None:
    prose = "\n".join(source(cell) for cell in cells(name) if cell["cell_type"] == "markdown")
    assert typed_numbers(prose) == []


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda page: page.stem)
def test_prose_of_the_book_holds_no_typed_number(page: Path) -> None:
    assert typed_numbers(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("theme", the_knowledge().themes.values(), ids=lambda theme: theme.id)
def test_a_theme_without_a_notebook_of_its_own_asks_in_its_file_and_types_no_number(theme: Theme) -> None:
    prose = [theme.question, theme.cannot, *theme.limits]
    assert (all(prose) and theme.limits) if theme.id not in NAMES else not any(prose), "the prose stands in one place"
    assert typed_numbers("\n".join(prose)) == []


@pytest.mark.parametrize("name", NAMES)
def test_cell_ids_are_unique_words(name: str) -> None:
    ids = [cell["id"] for cell in cells(name)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in ids)


def leaked(shown: list[dict[str, Any]]) -> list[str]:
    """Return the cells that show something which nobody laid out for reading: a value's repr, or printed lines."""
    outputs = [(cell["id"], output) for cell in shown for output in cell.get("outputs", [])]
    return [name for name, output in outputs if "text/html" not in output.get("data", {})]


@pytest.mark.parametrize("name", NAMES)
def test_no_output_is_a_bare_repr(name: str) -> None:
    assert leaked(cells(name)) == []


@pytest.mark.parametrize("run", [run for run in PLANNED if run.part in ("Themes", "Sources")], ids=lambda run: run.id)
def test_a_chapter_states_enough_and_each_statement_has_its_passages(run: PlannedRun) -> None:
    made = [one for one in read_findings(ACCEPTED) if one.notebook == run.id]
    assert len(made) >= (5 if run.part == "Themes" else 3)
    assert all(one.evidence for one in made)


@pytest.mark.parametrize("name", [*THEMES, "theme", "portrait"])
def test_a_theme_has_tables_to_read_and_figures_that_differ(name: str) -> None:
    shown = [output["data"]["text/html"] for cell in cells(name) for output in cell.get("outputs", [])]
    html = "".join("".join(one) for one in shown)
    figures = re.findall(r'<figure id="([^"]+)"', html)
    assert len(figures) == len(set(figures)) >= 3
    assert html.count("<table") >= 6
    assert 'class="apparatus"' in html


def test_the_lint_sees_planted_faults() -> None:
    laid_out = {"output_type": "display_data", "data": {"text/html": "<p>4</p>", "text/plain": "4"}}
    value = {"output_type": "execute_result", "data": {"text/plain": "<Axes: >"}}
    printed = {"output_type": "stream", "name": "stdout", "text": "4"}
    made = [laid_out, value, printed]
    assert leaked([{"id": f"cell-{at}", "outputs": [one]} for at, one in enumerate(made)]) == ["cell-1", "cell-2"]
    assert typed_numbers("Turnout was 76.43% in two of five texts.") == ["76.43%", "two", "five"]
    assert typed_numbers("They say “44 days” and `threshold = 2`; see [it](page2.html).") == []
    assert long_cells(["\n".join(f"a{at} = 1" for at in range(13))])
    assert definitions(["def helper():\n    return 1"]) == ["FunctionDef"]
