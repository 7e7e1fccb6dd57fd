"""Measure the notebooks of a plan against the same code as bare scripts: `make bench`.

In one run and turn by turn: the runner with nothing cached, the scripts on two worker processes, and as many notebooks
with nothing in them, whose time is what kernels cost. Each is measured as a process of its own, imports included.
"""

import argparse
import ast
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from apparatus.execute import ENVIRONMENT
from apparatus.paths import PLAN
from apparatus.plan import PlannedRun, load_plan, read_notebook
from tiny import House, code

RUN = """\
import sys
from pathlib import Path
from apparatus.plan import load_plan
from apparatus.runner import hold, run_plan
plan, build = Path(sys.argv[1]), Path(sys.argv[2])
with hold(build) as scratch:
    runs = run_plan(load_plan(plan), scratch=scratch, build=build, say=print)
    assert not any(run.error for run in runs), [run.error for run in runs]
    if "book" in sys.argv:
        from apparatus.book import build_book
        build_book({run.id: run.path for run in runs}, plan=load_plan(plan), build=build, say=print)
"""
# What a kernel does for a cell and a script does not: show the last value, and draw the figures left open.
PRELUDE = """\
import io as _io, sys as _sys
def _show(*values):
    for value in values:
        html = getattr(value, "_repr_html_", None)
        value is None or print(html() if html else repr(value))
def _draw():
    pyplot = _sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        pyplot.figure(number).savefig(_io.BytesIO(), format="png")
        pyplot.close(number)
"""


def to_script(planned: PlannedRun) -> str:
    """The code cells of a notebook as one script that does the same work."""
    lines = [PRELUDE]
    for cell in read_notebook(planned.path)["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(line for line in cell["source"] if not line.startswith(("%", "!")))
        tree = ast.parse(source)
        if tree.body and isinstance(last := tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            shown = ast.Call(ast.Name("_show"), [last.value], [])
            tree.body[-1] = ast.fix_missing_locations(ast.copy_location(ast.Expr(shown), last))
        lines += [ast.unparse(tree), "_draw()"]
        if "parameters" in cell["metadata"].get("tags", []):
            lines += [f"{name} = {value!r}" for name, value in planned.parameters.items()]
    return "\n".join(lines) + "\n"


class Cost(NamedTuple):
    """Seconds of wall time, and of processor time of all processes started. On a busy machine only these are fair."""

    wall: float
    cpu: float


def measured(work: Callable[[], Any]) -> Cost:
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - started, cpu)


def execute(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    # A session for each, as kernels have: on a busy machine Linux shares the processors out by session.
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, start_new_session=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def run_cold(plan: Path) -> tuple[Cost, dict[str, Any]]:
    """The cost of the runner with an empty build folder, and its report."""
    with tempfile.TemporaryDirectory() as build:
        cost = measured(lambda: execute("-c", RUN, plan, build))
        return cost, json.loads(Path(build, "report.json").read_text())


def run_scripts(scripts: list[Path], cwd: Path) -> Cost:
    environment = {**os.environ, **ENVIRONMENT, "MPLBACKEND": "agg"}
    with ThreadPoolExecutor(2) as workers:
        return measured(lambda: list(workers.map(lambda script: execute(script, cwd=cwd, env=environment), scripts)))


def time_book(plan: Path) -> tuple[float, float]:
    """Wall time of building the book from executed notebooks, and of doing nothing because nothing changed."""
    with tempfile.TemporaryDirectory() as build:
        execute("-c", RUN, plan, build)
        first, second = (measured(lambda: execute("-c", RUN, plan, build, "book")).wall for _ in range(2))
        return first - second, second


def measure(path: Path, turns: int) -> tuple[dict[str, list[Cost]], dict[str, Any]]:
    """The costs of what was measured, turn by turn, and the last report."""
    costs: dict[str, list[Cost]] = {"scripts": [], "runner": [], "empty": []}
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        empty, scripts = House(Path(folder, "empty")), []
        for planned in load_plan(path):
            empty.add(planned.id, code("nothing", "None"))
            scripts.append(Path(folder, f"{planned.id}.py"))
            scripts[-1].write_text(to_script(planned), encoding="utf-8")
        run_scripts(scripts, path.parent)  # so that nobody pays for reading the disk for the first time
        for turn in range(turns):
            costs["scripts"].append(run_scripts(scripts, path.parent))
            cost, report = run_cold(path)
            costs["runner"].append(cost)
            costs["empty"].append(run_cold(empty.plan)[0])
            print(f"turn {turn + 1}: " + ", ".join(f"{name} {each[-1].wall:.1f} s" for name, each in costs.items()))
    return costs, report


def spread(values: Iterable[float], digits: int = 1) -> str:
    low, *_, high = numbers = sorted([*values] * 2)
    return f"{statistics.median(numbers):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def both(costs: list[Cost]) -> str:
    return f"{spread(cost.wall for cost in costs)} s, processor {spread(cost.cpu for cost in costs)} s"


def tell(costs: dict[str, list[Cost]], report: dict[str, Any]) -> None:
    memory = {id: run["memory_mib"] for id, run in report["runs"].items()}
    most = max(memory, key=lambda id: memory[id])
    machine = report["machine"]
    bytecode = "not written (PYTHONDONTWRITEBYTECODE)" if sys.dont_write_bytecode else "written"
    pairs = list(zip(costs["runner"], costs["scripts"], strict=True))
    walls, cpus = ([one[part] / other[part] for one, other in pairs] for part in (0, 1))
    share = statistics.median(empty.cpu / run.cpu for empty, run in zip(costs["empty"], costs["runner"], strict=True))
    print(f"""
machine          {machine["cores"]} cores, Python {machine["python"]}, {machine["system"]}; bytecode {bytecode}
                 load {os.getloadavg()[0]:.1f}; {len(memory)} notebooks, n = {len(pairs)}: median (lowest to highest)
bare scripts     {both(costs["scripts"])}; on two worker processes
runner, cold     {both(costs["runner"])}
ratio            {spread(walls, 2)}, processor {spread(cpus, 2)}
empty notebooks  {both(costs["empty"])}: starting kernels is {share:.0%} of the runner's work
peak memory      median {statistics.median(memory.values()):.0f} MiB a kernel, most {memory[most]} MiB ({most})""")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", nargs="?", type=Path, default=PLAN)
    parser.add_argument("-n", type=int, default=3, help="turns (default 3)")
    parser.add_argument("--no-book", action="store_true", help="leave the book out")
    arguments = parser.parse_args()
    tell(*measure(arguments.plan, arguments.n))
    if not arguments.no_book:
        book, nothing = time_book(arguments.plan)
        print(f"book             cold {book:.1f} s; notebooks and book with nothing to do {nothing:.1f} s")


if __name__ == "__main__":
    main()
