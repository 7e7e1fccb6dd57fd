"""What is held to be the same in two executed notebooks, and what no output may hold."""

import base64
import copy
import io
import resource
import tempfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from apparatus.errors import DataError
from apparatus.outputs import (
    check_complete,
    check_portable,
    compare_notebooks,
    normalise,
    source_only,
    to_bytes,
    write_atomically,
)
from apparatus.paths import ROOT
from tiny import code, notebook, prose

TABLE = "<table><tr><td>Shusha</td><td>17,000</td></tr></table>"


def picture(dot: tuple[int, int] | None = None, compress: int = 6) -> str:
    image = Image.new("RGB", (40, 30), "white")
    if dot:
        image.putpixel(dot, (255, 255, 254))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=compress)
    return base64.b64encode(file.getvalue()).decode()


def show(**data: Any) -> dict[str, Any]:
    mimes = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": mimes, "metadata": {}}


def executed() -> dict[str, Any]:
    made = notebook(prose("ask", "# Who?"), code("table", "table"), code("figure", "plot(table)"), code("count", "len"))
    _, table, figure, count = made["cells"]
    table |= {"execution_count": 1, "outputs": [show(text_html=TABLE)]}
    figure |= {"execution_count": 2, "outputs": [show(image_png=picture(), text_plain="<Figure>")]}
    count |= {
        "execution_count": 3,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["4\n", "texts\n"]}],
    }
    return made


def differences(change: Any) -> list[str]:
    changed = executed()
    change({cell["id"]: cell for cell in changed["cells"]})
    return [str(difference) for difference in compare_notebooks(executed(), changed, "election")]


def test_the_same_notebook_has_no_differences():
    assert differences(lambda cells: None) == []


def test_one_pixel_is_a_difference():
    def change(cells):
        cells["figure"]["outputs"][0]["data"]["image/png"] = picture(dot=(3, 4))

    assert differences(change) == ["election, cell figure: picture changed in 1 of 1200 pixels"]


def test_other_bytes_for_the_same_pixels_are_none():
    assert picture(compress=1) != picture()

    def change(cells):
        cells["figure"]["outputs"][0]["data"]["image/png"] = picture(compress=1)

    assert differences(change) == []


def test_pictures_inside_html_are_compared_as_pixels_too():
    def html(data):
        return show(text_html=f'<figure><img src="data:image/png;base64,{data}" alt="a"></figure>')

    def with_picture(data):
        made = executed()
        made["cells"][2]["outputs"] = [html(data)]
        return made

    def found(data):
        return [str(one) for one in compare_notebooks(with_picture(picture()), with_picture(data), "election")]

    assert found(picture()) == found(picture(compress=1)) == []
    assert found(picture(dot=(3, 4))) == ["election, cell figure: picture changed in 1 of 1200 pixels"]
    assert found(picture() + '" title="b')[0].startswith("election, cell figure: text/html changed")


@pytest.mark.parametrize("broken", ["", "no picture", picture()[:60]])
def test_a_picture_that_is_none_is_a_difference(broken):
    def change(cells):
        cells["figure"]["outputs"][0]["data"]["image/png"] = broken

    (found,) = differences(change)
    assert "a picture cannot be decoded" in found


def test_one_cell_of_a_table_is_a_difference():
    def change(cells):
        cells["table"]["outputs"][0]["data"]["text/html"] = TABLE.replace("17,000", "17,001")

    (found,) = differences(change)
    assert found.startswith("election, cell table: text/html changed: ")
    assert "17,000" in found
    assert "17,001" in found
    assert "\n" not in found


def test_a_cell_that_was_never_run_is_a_difference():
    def change(cells):
        cells["count"] |= {"execution_count": None, "outputs": []}

    assert differences(change) == ["election, cell count: never run in this run"]


def test_cells_run_out_of_order_are_a_difference():
    def change(cells):
        cells["count"]["execution_count"] = 7

    assert differences(change) == ["election, cell count: run out of order: 'In [3]' -> 'In [7]'"]


def test_an_output_taken_away_is_a_difference():
    assert differences(lambda cells: cells["table"]["outputs"].clear()) == [
        "election, cell table: 1 outputs became 0: 'text/html' -> 'nothing'"
    ]


def test_an_output_added_is_a_difference():
    assert differences(lambda cells: cells["count"]["outputs"].append(show(text_plain="4"))) == [
        "election, cell count: 1 outputs became 2: 'stdout' -> 'stdout, text/plain'"
    ]


def test_a_picture_taken_out_of_an_output_is_a_difference():
    (found,) = differences(lambda cells: cells["figure"]["outputs"][0]["data"].pop("image/png"))
    assert "another kind of output" in found


def test_changed_text_source_and_metadata_are_differences():
    def change(cells):
        cells["count"]["outputs"][0]["text"] = "5\ntexts\n"
        cells["ask"]["source"] = ["# Whom?"]
        cells["figure"]["outputs"][0]["metadata"] = {"image/png": {"alt": "other"}}

    assert [found.split(": ")[0:2] for found in differences(change)] == [
        ["election, cell ask", "source changed"],
        ["election, cell figure", "metadata changed"],
        ["election, cell count", "text changed"],
    ]


def test_cells_added_and_missing_are_differences():
    reference, run = executed(), executed()
    del reference["cells"][3]
    del run["cells"][1]
    found = [str(difference) for difference in compare_notebooks(reference, run, "election")]
    assert found == ["election, cell table: not in the run", "election, cell count: only in the run"]


def test_cells_in_another_order_are_a_difference():
    run = executed()
    run["cells"].reverse()
    assert "another order" in str(compare_notebooks(executed(), run, "election")[0])


def test_what_jupyterlab_and_papermill_add_is_not_content():
    made = executed()
    seen = copy.deepcopy(made)
    seen["metadata"] |= {"language_info": {"name": "python", "version": "3.11.7"}, "papermill": {"duration": 3.1}}
    seen["metadata"]["kernelspec"] = {"display_name": "mine", "language": "python", "name": "mine"}
    for cell in seen["cells"]:
        cell["metadata"] |= {"papermill": {"duration": 1}, "execution": {"iopub.status.idle": "2024"}, "tags": []}
        cell["source"] = "".join(cell["source"])
    assert to_bytes(normalise(seen)) == to_bytes(normalise(made))


def test_normalising_twice_changes_nothing():
    once = normalise(executed())
    assert normalise(once) == once


def test_an_injected_cell_has_a_fixed_id():
    ids = [
        normalise(notebook(code(drawn, "window = 9", "injected-parameters")))["cells"][0]["id"]
        for drawn in ("1a", "2b")
    ]
    assert ids == ["injected-parameters"] * 2


def test_the_source_of_a_notebook_does_not_depend_on_its_outputs():
    bare = executed()
    for cell in bare["cells"][1:]:
        cell |= {"outputs": [], "execution_count": None}
    assert source_only(executed()) == source_only(bare)
    tagged = executed()
    tagged["cells"][1]["metadata"] = {"tags": ["check"]}
    assert source_only(tagged) != source_only(bare)


@pytest.mark.parametrize(
    "leak",
    [
        f"{ROOT}/seeds/texts",
        f"File {Path.home()}/x.py",
        "<matplotlib.axes.Axes at 0x7f3a2b1c9d50>",
        f"opened {tempfile.gettempdir()}/apparatus-1234/k",
    ],
)
def test_what_is_true_of_one_machine_only_is_refused(leak):
    made = executed()
    made["cells"][1]["outputs"] = [show(text_html=["<p>", leak, "</p>"])]
    with pytest.raises(DataError, match="which is true of this machine only"):
        check_portable(made)


def test_the_name_of_the_machine_is_refused_unless_it_could_be_a_word():
    made = executed()
    made["cells"][1]["outputs"] = [show(text_plain="run on baku and on ci-7f.example")]
    check_portable(made, host="baku")
    with pytest.raises(DataError):
        check_portable(made, host="ci-7f.example")


def test_paths_of_web_pages_and_pictures_are_no_leaks():
    made = executed()
    data = {"image/png": "0x1234567/tmp/", "text/html": f"https://example.org{ROOT}/page;base64,+{ROOT}+"}
    made["cells"][1]["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    check_portable(made)


def test_a_notebook_with_a_cell_that_was_not_run_is_incomplete():
    made = executed()
    made["cells"].append(code("empty", "  \n"))
    check_complete(made)
    made["cells"][2]["execution_count"] = None
    with pytest.raises(DataError, match="cell figure was never run"):
        check_complete(made)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "file"
    write_atomically(path, b"first")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # as if the disk were full
    try:
        with pytest.raises(OSError, match="too large"):
            write_atomically(path, b"second" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"first"
    assert [file.name for file in path.parent.iterdir()] == ["file"]
