"""Other parameters give other, sensible notebooks."""

import json
from pathlib import Path

import pytest

from apparatus.paths import NOTEBOOKS
from apparatus.runner import run_notebook


def shown(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs)


@pytest.mark.parametrize(
    ("notebook", "parameters", "words"),
    [
        ("khojaly", {"sources": ["caspian-news-2023-10-03"]}, "Caspian News report: silent on this theme."),
        (
            "cop29",
            {"sources": ["bayramov-article"], "quoted": []},
            "The sources read have no passage for a statement here.",
        ),
        ("election", {"threshold": 9, "unit": "sentence"}, "nothing found with these parameters"),
        ("peace-talks", {"unit": "paragraph", "later_records": False}, "parameter unit</td>"),
        ("western-narratives", {"sources": ["daily-sabah-oped"], "zones": ["pull quote"]}, "Daily Sabah op-ed"),
        ("sources", {"sources": ["daily-sabah-oped"], "zones": ["body", "pull quote"]}, "Daily Sabah op-ed"),
        ("contested-questions", {"sources": ["daily-sabah-oped"], "least_confidence": 3}, "questions in 1 texts"),
        ("contested-questions", {"themes": ["khojaly"], "voices": ["reported"]}, "– not coded, or left out"),
        ("references", {"sources": ["daily-sabah-oped"], "relations": ["context"]}, "nothing found with these"),
        ("references", {"themes": ["election"], "later_records": False}, "16 references by theme and source"),
    ],
)
def test_a_notebook_runs_with_other_parameters(
    tmp_path: Path, notebook: str, parameters: dict[str, object], words: str
) -> None:
    run = run_notebook(NOTEBOOKS / f"{notebook}.ipynb", tmp_path / "out.ipynb", parameters=parameters)
    assert run.error == ""
    page = shown(run.path)
    assert words in page
    assert page != shown(NOTEBOOKS / f"{notebook}.ipynb")
