"""The plan, its parameters, and running it: real kernels on tiny notebooks."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from apparatus.errors import DataError
from apparatus.outputs import FINDING
from apparatus.plan import PlannedRun, check_parameters, declared_parameters, load_plan, parse_parameters, read_notebook
from apparatus.runner import (
    accept,
    find_changes,
    find_planned,
    find_states,
    hold,
    run_notebook,
    run_plan,
    vary,
)
from tiny import PICTURE, House, code, notebook, prose

PARAMETERS = """\
from typing import Literal

window: int = 3  # sentences around a mention
share: float = 0.5  # smallest share shown
sources: list[str] = [
    "air",
    "oped",
]  # which texts are read
strict: bool = False
unit: Literal["word", "sentence"] = "word"  # what is counted
label: str | None = None
"""
FINDING_CELL = f"""\
from IPython.display import display
record = {{"id": "width", "sentence": f"It is {{window}} wide.", "numbers": {{}}, "evidence": [], "words_sha256": ""}}
display({{"{FINDING}": record}}, raw=True)
"""
GATHERING_CELL = """\
from pathlib import Path
from apparatus.ledger import load_findings
print(*(one.id for one in load_findings(path=Path("../build/findings.jsonl"), plan=Path("plan.toml"))))
"""


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def fault(house):
    with pytest.raises(DataError) as raised:
        load_plan(house.plan)
    return str(raised.value)


def test_a_plan_lists_runs_in_order(house):
    house.add(
        "first", code("p", PARAMETERS, "parameters"), entry="seconds = 9\nparameters = {window = 4}\ntitle = 'One'"
    )
    house.add("second", prose("a", "b"))
    house.add("third", entry='id = "again"')
    first, second, third = load_plan(house.plan)
    assert first == PlannedRun("first", house.notebooks / "first.ipynb", {"window": 4}, 9.0, "One")
    assert (second.seconds, second.parameters) == (120.0, {})
    assert (third.id, third.notebook) == ("again", "third")


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        ("[[run]]\nnotebook = 3", "plan.toml, run 1 (3): notebook cannot be 3"),
        ("[[run]]\nid = 'x'", "run 1 (x): name the notebook"),
        (
            "[[run]]\nnotebook = 'elction'",
            "run 1 (elction): there is no notebook elction.ipynb; did you mean 'election'?",
        ),
        ("[[run]]\nnotebook = 'election'\nsecond = 3", "unknown key 'second'; did you mean 'seconds'?"),
        ("[[run]]\nnotebook = 'election'\nseconds = true", "seconds cannot be True"),
        ("[[run]]\nnotebook = 'election'\nid = '../x'", "the id names a file"),
        ("[[runs]]", "unknown table 'runs'; did you mean 'run'?"),
        ("[[run]]\nnotebook = 'election'\n" * 2, "run 2: there is a run 'election' already"),
        (
            "[[run]]\nnotebook = 'election'\nparameters = {windw = 1}",
            "unknown parameter 'windw'; did you mean 'window'?",
        ),
        ("[[run]]\nnotebook = 'election'\nparameters = {window = 'x'}", "parameter window must be int, not 'x'"),
        ("[[run", "plan.toml is not TOML"),
    ],
)
def test_a_fault_of_the_plan_is_named(house, plan, complaint):
    house.add("election", code("p", PARAMETERS, "parameters"))
    house.plan.write_text(plan)
    assert complaint in fault(house)


def test_a_missing_plan_and_a_broken_notebook_are_named(house):
    assert "plan.toml is missing" in fault(house)
    path = house.add("election")
    path.write_text("{")
    assert "election.ipynb is not a notebook" in fault(house)
    path.write_text(json.dumps(notebook(code("a", ""), code("a", ""))))
    assert "every cell needs an id of its own" in fault(house)


def test_parameters_are_read_with_type_default_and_meaning(house):
    declared = declared_parameters(house.add("election", code("p", PARAMETERS, "parameters")))
    rows = [(each.name, each.type, each.default, each.meaning) for each in declared.values()]
    assert rows == [
        ("window", "int", "3", "sentences around a mention"),
        ("share", "float", "0.5", "smallest share shown"),
        ("sources", "list[str]", "['air', 'oped']", "which texts are read"),
        ("strict", "bool", "False", ""),
        ("unit", "Literal['word', 'sentence']", "'word'", "what is counted"),
        ("label", "str | None", "None", ""),
    ]


@pytest.mark.parametrize(
    "source",
    ["window = 3", "window: int = len('abc')", "window: Window = 3", "window: int = 'x'", "window: int", "print()"],
)
def test_a_parameter_that_cannot_be_checked_is_refused(house, source):
    with pytest.raises(DataError, match=r"election.ipynb, cell p: "):
        declared_parameters(house.add("election", code("p", source, "parameters")))


@pytest.mark.parametrize(
    "given",
    [
        {"window": 5},
        {"share": 1},
        {"sources": []},
        {"strict": True},
        {"unit": "sentence"},
        {"label": "x"},
        {"label": None},
    ],
)
def test_values_of_their_type_are_accepted(house, given):
    check_parameters(given, declared_parameters(house.add("election", code("p", PARAMETERS, "parameters"))))


@pytest.mark.parametrize(
    "given",
    [
        {"window": True},
        {"window": 0.5},
        {"share": "1"},
        {"sources": ["a", 1]},
        {"strict": 1},
        {"unit": "page"},
        {"label": 3},
    ],
)
def test_ill_typed_values_are_refused(house, given):
    declared = declared_parameters(house.add("election", code("p", PARAMETERS, "parameters")))
    with pytest.raises(ValueError, match="must be"):
        check_parameters(given, declared)


def test_values_are_read_from_the_command_line_by_their_type(house):
    declared = declared_parameters(house.add("election", code("p", PARAMETERS, "parameters")))
    texts = ["window=4", "share=.2", 'sources=["a", "b"]', "strict=true", "label=2024", "unit=sentence"]
    assert parse_parameters(texts, declared) == {
        "window": 4,
        "share": 0.2,
        "sources": ["a", "b"],
        "strict": True,
        "label": "2024",
        "unit": "sentence",
    }
    for wrong in ("window", "window=four", "windows=4"):
        with pytest.raises(ValueError, match="window"):
            parse_parameters([wrong], declared)


class Ran:
    """A house whose plan was run once, with what was said and how each run ended."""

    def __init__(self, house: House):
        self.house, self.said = house, []
        self.plan = load_plan(house.plan)

    def run(self, *names):
        chosen = find_planned(self.plan, names) if names else None
        with hold(self.house.build) as scratch:
            runs = run_plan(
                self.plan,
                chosen=chosen,
                scratch=scratch,
                say=self.said.append,
                build=self.house.build,
                inputs=self.house.inputs,
            )
        return {run.id: run for run in runs}

    def stale(self):
        states = find_states(self.plan, build=self.house.build, inputs=self.house.inputs)
        return {state.planned.id: state.stale for state in states}


@pytest.fixture(scope="module")
def ran_once(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("ran"))
    window = code("set", "window: int = 3  # how wide", "parameters")
    house.add("plain", prose("ask", "# How wide?"), window, code("show", FINDING_CELL), code("figure", PICTURE))
    library = "import statistics\n\n\ndef middle(values):\n    return statistics.mean(values)\n"
    house.write("notebooks/reading.py", library)
    house.add("fails", code("ok", "import reading\n"), code("middle", "values = []\nreading.middle(values)\n"))
    house.add("hangs", code("ok", "1"), code("wait", "import time\ntime.sleep(600)"), entry="seconds = 20")
    house.add("dies", code("end", "import os\nos._exit(3)"))
    house.add("leaks", code("place", "import os\nos.getcwd()"))
    house.add("leaves", code("early", "raise SystemExit(0)"), code("late", "2"))
    with house.plan.open("a") as plan:
        plan.write('[[run]]\nnotebook = "plain"\nid = "wide"\nparameters = {window = 9}\n')
    ran = Ran(house)
    ran.runs = ran.run()
    return ran


@pytest.fixture
def ran(ran_once, tmp_path):
    """What was run once, in another folder: to be changed by a test."""
    house = House(tmp_path / "copy")
    shutil.copytree(ran_once.house.root, house.root, dirs_exist_ok=True)
    return Ran(house)


def test_a_failing_cell_is_told_with_the_lines_that_matter(ran_once):
    run = ran_once.runs["fails"]
    assert run.error == "cell middle: StatisticsError: mean requires at least one data point"
    lines = run.details.splitlines()
    assert lines[:2] == ["Cell In[2], line 2", "----> 2 reading.middle(values)"]
    assert lines[2].endswith("reading.py:5, in middle(values)")
    assert lines[3:] == ["----> 5     return statistics.mean(values)"]


def test_a_failed_run_leaves_its_copy_and_nothing_else(ran_once):
    build = ran_once.house.build
    for id in ("fails", "hangs", "dies", "leaks", "leaves"):
        assert ran_once.runs[id].path == build / "failed" / f"{id}.ipynb"
        assert not (build / "notebooks" / f"{id}.ipynb").exists()
    cells = read_notebook(build / "failed" / "fails.ipynb")["cells"]
    assert [cell["id"] for cell in cells] == ["ok", "middle"]
    assert cells[1]["outputs"][0]["ename"] == "StatisticsError"
    assert len(list((build / "cache").glob("*.ipynb"))) == 2


def test_a_notebook_that_hangs_is_stopped_and_its_cell_named(ran_once):
    run = ran_once.runs["hangs"]
    assert run.error == "cell wait: still running when the 20 s of the notebook were over"
    assert run.seconds < 40  # far from the ten minutes it would sleep


def test_other_ends_are_failures_too(ran_once):
    assert ran_once.runs["dies"].error == "cell end: Kernel died"
    assert "cell place shows" in ran_once.runs["leaks"].error
    assert ran_once.runs["leaves"].error == "cell late was never run"


def test_one_calm_line_is_said_for_each_run(ran_once):
    assert len(ran_once.said) == 7
    (failed,) = (line for line in ran_once.said if line.startswith("fails "))
    assert failed == "fails   FAILED  cell middle: StatisticsError: mean requires at least one data point"
    (done,) = (line for line in ran_once.said if line.startswith("plain "))
    assert done.startswith("plain   ")
    assert done.endswith(" s")


def test_what_succeeded_is_not_run_again(ran):
    before = {path: path.stat().st_mtime_ns for path in (ran.house.build / "cache").iterdir()}
    runs = ran.run("plain")
    assert all(run.cached for run in runs.values())
    assert ran.said == ["plain  unchanged", "wide   unchanged"]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_lost_copy_is_made_again_from_the_cache(ran):
    copy = ran.house.build / "notebooks" / "plain.ipynb"
    kept = copy.read_bytes()
    copy.write_text("{")
    ran.run("plain")
    assert copy.read_bytes() == kept


def test_two_parameter_values_give_two_notebooks(ran_once):
    sources = {}
    for id in ("plain", "wide"):
        cells = read_notebook(ran_once.runs[id].path)["cells"]
        sources[id] = {cell["id"]: "".join(cell["source"]) for cell in cells}
    assert "injected-parameters" not in sources["plain"]
    assert "window = 9" in sources["wide"]["injected-parameters"]


def test_findings_are_gathered_in_the_order_of_the_plan(ran_once):
    lines = (ran_once.house.build / "findings.jsonl").read_text().splitlines()
    found = [{name: json.loads(line)[name] for name in ("notebook", "cell", "id", "sentence")} for line in lines]
    assert found == [
        {"notebook": "plain", "cell": "show", "id": "plain#width", "sentence": "It is 3 wide."},
        {"notebook": "wide", "cell": "show", "id": "wide#width", "sentence": "It is 9 wide."},
    ]


def planned(root, *entries):
    """A house with notebooks, each given as its name, its cells and its entry in the plan."""
    house = House(root)
    for name, cells, entry in entries:
        house.add(name, *cells, entry=entry)
    return Ran(house)


SAYING = (code("set", "window: int = 3  # how wide", "parameters"), code("show", FINDING_CELL))


def test_a_run_that_gathers_findings_comes_after_the_others_and_again_when_they_change(tmp_path):
    gathering = ("all", [code("gather", GATHERING_CELL)], "gathers = true")
    ran = planned(tmp_path, gathering, ("one", SAYING, ""))
    assert not any(run.error for run in ran.run("all").values())
    shown = read_notebook(ran.house.build / "notebooks" / "all.ipynb")
    assert shown["cells"][0]["outputs"][0]["text"] == ["one#width\n"]
    assert ran.stale() == {"all": "", "one": ""}
    ran.house.add("two", code("say", "1"))
    changed = "what the other notebooks are made from changed"
    assert Ran(ran.house).stale() == {"all": changed, "one": "", "two": "never run"}


def test_a_run_that_gathers_findings_fails_with_the_run_that_it_needs(tmp_path):
    ran = planned(tmp_path, ("all", [code("gather", "1")], "gathers = true"), ("one", [code("fail", "1 / 0")], ""))
    assert ran.run("all")["all"].error == "it gathers the findings of the others, and one failed"


def test_the_ledger_is_accepted_once_every_run_is_fresh(tmp_path):
    ran = planned(tmp_path, ("one", SAYING, ""))
    ran.run()
    settings = {"build": ran.house.build, "inputs": ran.house.inputs}
    ledger = ran.house.notebooks / "findings.jsonl"
    assert ledger in accept(ran.plan, **settings)
    assert ledger.read_bytes() == (ran.house.build / "findings.jsonl").read_bytes()
    assert accept(ran.plan, **settings) == []


def test_the_report_gives_time_and_memory_of_each_run(ran_once):
    report = json.loads((ran_once.house.build / "report.json").read_text())
    assert report["failed"] == ["dies", "fails", "hangs", "leaks", "leaves"]
    assert report["runs"].keys() == ran_once.runs.keys()
    assert 0.3 < report["runs"]["plain"]["seconds"] < 60
    assert 60 < report["runs"]["plain"]["memory_mib"] < 2000
    assert not report["runs"]["plain"]["cached"]


def test_a_run_says_why_it_is_stale(ran):
    assert ran.stale()["plain"] == ran.stale()["wide"] == ""
    assert ran.stale()["fails"] == "never run"
    ran.house.write("lib/reading.py", "second\n")
    assert ran.stale()["plain"] == ran.stale()["wide"] == "the library changed"
    ran.house.write("requirements.txt", "second\n")
    assert ran.stale()["plain"] == "the library changed and the lock file changed"
    ran.house.write("lib/reading.py", "first\n")
    assert ran.stale()["plain"] == "the lock file changed"
    ran.house.write("requirements.txt", "first\n")
    ran.house.write("seeds/deep/new.txt", "")
    assert ran.stale()["plain"] == "the seeds changed"


def test_only_a_changed_notebook_is_stale_and_dates_play_no_part(ran):
    path = ran.house.notebooks / "fails.ipynb"
    path.write_text(path.read_text().replace("values = []", "values = [1]"))
    os.utime(ran.house.notebooks / "plain.ipynb", (0, 0))
    assert ran.stale()["plain"] == ""
    plain = ran.house.notebooks / "plain.ipynb"
    plain.write_text(plain.read_text().replace("How wide?", "How broad?"))
    assert ran.stale()["plain"] == "the notebook changed"


def test_a_result_is_not_kept_when_the_library_changed_while_it_was_made(house):
    edit = "from pathlib import Path\nPath('../lib/reading.py').write_text('second');"
    house.add("edits", code("edit", edit))
    ran = Ran(house)
    assert "changed meanwhile" in ran.run()["edits"].error
    assert ran.stale()["edits"] == "never run"


def test_a_damaged_result_is_not_used(ran):
    for path in (ran.house.build / "cache").glob("*.ipynb"):
        path.write_bytes(path.read_bytes()[:-100])
    assert ran.stale()["plain"] == "its result was damaged"


def test_a_result_is_accepted_and_then_differs_no_more(ran):
    folders = {"build": ran.house.build, "inputs": ran.house.inputs}
    plain = ran.house.notebooks / "plain.ipynb"
    assert "plain, cell figure: never run in the reference" in map(str, find_changes(ran.plan, **folders))
    assert accept(ran.plan, ["plain"], **folders) == [plain]
    assert plain.read_bytes() == (ran.house.build / "notebooks" / "plain.ipynb").read_bytes()
    assert find_changes(ran.plan, **folders) == []
    assert accept(ran.plan, ["plain"], **folders) == []
    assert ran.stale()["plain"] == ""


def test_a_stale_result_is_not_accepted(ran):
    plain = ran.house.notebooks / "plain.ipynb"
    plain.write_text(plain.read_text().replace("How wide?", "How broad?"))
    before = plain.read_bytes()
    with pytest.raises(ValueError, match="plain cannot be accepted: the notebook changed"):
        accept(ran.plan, ["plain"], build=ran.house.build, inputs=ran.house.inputs)
    assert plain.read_bytes() == before


def test_a_variant_has_an_id_of_its_own(ran):
    variant = vary(ran.plan, "plain", ["window=5"])
    assert variant.id.startswith("plain-")
    assert variant.parameters == {"window": 5}
    assert vary(ran.plan, "plain", ["window=6"]).id != variant.id
    with pytest.raises(ValueError, match="did you mean 'plain'"):
        vary(ran.plan, "plane", [])


def test_runs_that_left_the_plan_are_forgotten_and_variants_stay(ran):
    kept = {"plain.ipynb", "plain-0123abcd.ipynb"}
    for name in (*kept, "old.ipynb"):
        shutil.copy(ran.house.build / "notebooks" / "wide.ipynb", ran.house.build / "notebooks" / name)
    ran.plan = ran.plan[:1]
    ran.run()
    assert {path.name for path in (ran.house.build / "notebooks").iterdir()} == kept
    assert list((ran.house.build / "failed").iterdir()) == []
    assert ran.said == ["plain  unchanged"]


def test_two_runs_cannot_hold_the_same_build(tmp_path):
    with hold(tmp_path), pytest.raises(ValueError, match="another run holds"), hold(tmp_path):
        pass
    with hold(tmp_path):
        pass


def test_what_a_killed_run_left_is_swept_up(tmp_path):
    left = Path(tempfile.mkdtemp(prefix="apparatus-"))
    (tmp_path / "lock").write_text(str(left))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / ".x.tmp").write_text("half")
    with hold(tmp_path) as scratch:
        assert not left.exists()
        assert scratch.is_dir()
    assert not scratch.exists()
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_sweep_deletes_nothing_but_scratch_folders(tmp_path):
    (tmp_path / "lock").write_text(str(tmp_path))
    with hold(tmp_path):
        assert tmp_path.exists()


def test_surroundings_do_not_change_the_bytes(ran_once, tmp_path, monkeypatch):
    surroundings = {"TZ": "Asia/Baku", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "MPLBACKEND": "agg"}
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    profile = tmp_path / "ipython" / "profile_default" / "startup"
    profile.mkdir(parents=True)
    (profile / "00.py").write_text("print('from the profile of the user')")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "other", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    (tmp_path / "elsewhere").mkdir()
    source = shutil.copy(ran_once.house.notebooks / "plain.ipynb", tmp_path / "elsewhere")
    run = run_notebook(Path(source), tmp_path / "out.ipynb")
    assert run.error == ""
    assert run.path.read_bytes() == ran_once.runs["plain"].path.read_bytes()


def test_wrong_parameters_are_refused_before_anything_runs(ran_once, tmp_path):
    with pytest.raises(ValueError, match="did you mean 'window'"):
        run_notebook(ran_once.house.notebooks / "plain.ipynb", tmp_path / "out.ipynb", parameters={"windwo": 3})
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_cannot_be_written_is_a_failure_and_leaves_nothing(ran_once, tmp_path):
    (tmp_path / "file").write_text("no folder")
    run = run_notebook(ran_once.house.notebooks / "plain.ipynb", tmp_path / "file" / "out.ipynb")
    assert "File exists" in run.error
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
