"""Runs the plan: only what changed, kept by what it was made from; and hands over what was found."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apparatus.entries import near
from apparatus.execute import ENVIRONMENT, Job, Run, execute
from apparatus.ledger import ACCEPTED, LEDGER, find_findings, write_findings
from apparatus.outputs import (
    Difference,
    Notebook,
    compare_notebooks,
    source_only,
    write_atomically,
)
from apparatus.paths import BUILD, LOCK, SEEDS
from apparatus.plan import (
    PlannedRun,
    check_parameters,
    declared_parameters,
    parse_parameters,
    read_notebook,
)

# What a notebook is made from beside its own cells, each with the files that count.
INPUTS: dict[str, tuple[Path, str]] = {
    "library": (Path(__file__).parent, "**/*.py"),
    "seeds": (SEEDS, "**/*"),
    "lock": (LOCK.parent, LOCK.name),
}
CHANGES = {
    "notebook": "the notebook changed",
    "parameters": "its parameters changed",
    "library": "the library changed",
    "seeds": "the seeds changed",
    "lock": "the lock file changed",
    "python": "another Python is used",
    "environment": "the kernel's environment changed",
    "findings": "what the other notebooks are made from changed",
}
MEANWHILE = "the library, the seeds or the lock file changed meanwhile; run it again"
WORKERS = (os.cpu_count() or 1) + 1  # one more than the cores: it fills the waits of starting kernels
SCRATCH = "apparatus-"
Cost = tuple[float | None, int | None]  # seconds and MiB of a run's last execution, as the last report has them
SPARE = 40  # results no longer in the plan that are kept, so that going back to them costs nothing


@dataclass(frozen=True)
class State:
    """A planned run, what its result would be made from, and why there is no such result yet."""

    planned: PlannedRun
    notebook: Notebook
    made_from: Mapping[str, str]
    cached: Path
    stale: str


def find_states(
    plan: Sequence[PlannedRun],
    chosen: Sequence[PlannedRun] | None = None,
    *,
    build: Path = BUILD,
    inputs: Mapping[str, tuple[Path, str]] = INPUTS,
) -> list[State]:
    """Return the state of each run of the plan, or of those chosen. What counts is what a result was made from, never
    the date of a file; a run that gathers findings is made from all that the others are made from.
    """
    shared = _digest_inputs(inputs)
    records = [_read_json(path) for path in (build / "cache").glob("*.json")]
    made = {planned.id: _made_from(planned, shared) for planned in (*plan, *(chosen or ()))}
    others = _digest([made[planned.id] for planned in plan if not planned.gathers])
    states = []
    for planned in chosen or plan:
        made_from = made[planned.id] | ({"findings": others} if planned.gathers else {})
        cached = build / "cache" / f"{_digest(made_from)}.ipynb"
        stale = "" if _is_whole(cached) else _explain(planned.id, made_from, records)
        states.append(State(planned, read_notebook(planned.path), made_from, cached, stale))
    return states


def _made_from(planned: PlannedRun, shared: Mapping[str, str]) -> dict[str, str]:
    notebook = _digest(source_only(read_notebook(planned.path)))
    return {"notebook": notebook, "parameters": _digest(planned.parameters), **shared}


def _digest_inputs(inputs: Mapping[str, tuple[Path, str]]) -> dict[str, str]:
    digests = {"python": "{}.{}".format(*sys.version_info), "environment": _digest(ENVIRONMENT)}
    for name, (folder, pattern) in inputs.items():
        files = [path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith(".")]
        digests[name] = _digest({path.relative_to(folder).as_posix(): _digest_file(path) for path in files})
    return digests


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _digest_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _is_whole(cached: Path) -> bool:
    return cached.exists() and _digest_file(cached) == _read_json(cached.with_suffix(".json")).get("sha256")


def _explain(id: str, made_from: Mapping[str, str], records: Sequence[Mapping[str, Any]]) -> str:
    """Return why a run is stale, measured against the nearest of its earlier results."""
    earlier = [
        [change for part, change in CHANGES.items() if record["made_from"].get(part) != made_from.get(part)]
        for record in records
        if record["run"] == id
    ]
    if not earlier:
        return "never run"
    nearest = min(earlier, key=len)
    return " and ".join(nearest) or "its result was damaged"


def run_plan(
    plan: Sequence[PlannedRun],
    *,
    scratch: Path,
    say: Callable[[str], None],
    chosen: Sequence[PlannedRun] | None = None,
    build: Path = BUILD,
    inputs: Mapping[str, tuple[Path, str]] = INPUTS,
    workers: int = WORKERS,
) -> list[Run]:
    """Return the runs of the plan, or those `chosen`, in their order; what was stale among them was executed.

    The caller holds the build folder, which also gives the scratch folder: see `hold`. A failed run has an
    `error` and leaves the others alone. Where one of them gathers findings, the rest of the plan is run before it.
    """
    started = time.monotonic()
    found = find_states(plan, _with_gathered(plan, chosen or plan), build=build, inputs=inputs)
    states = {state.planned.id: state for state in found}
    costs = _read_costs(build)
    width = max(map(len, states), default=0)
    runs: dict[str, Run] = {}

    def done(run: Run) -> None:
        state = states[run.id]
        if not run.cached and not run.error and _digest_inputs(inputs).items() - state.made_from.items():
            run = replace(run, error=MEANWHILE, path=_job(state, build).failed)
        runs[run.id] = run if run.error else _publish(run, state, build)
        say(f"{run.id:<{width}}  {_outcome(run)}")

    for id, state in states.items():
        if not state.stale:
            done(Run(id, state.cached, *costs.get(id, (None, None)), cached=True))
    first, last = _stages([state for state in states.values() if state.stale], costs, build)
    execute(first, scratch, workers=workers, done=done)
    _gather(plan, build)
    if failed := [run.id for run in runs.values() if run.error]:
        for job in last:
            done(Run(job.id, job.failed, error=f"it gathers the findings of the others, and {failed[0]} failed"))
    else:
        execute(last, scratch, workers=workers, done=done)
        _gather(plan, build)
    _write_report(plan, list(runs.values()), time.monotonic() - started, build)
    if not chosen and not any(run.error for run in runs.values()):
        _prune(list(states.values()), build)
    return [runs[planned.id] for planned in chosen or plan]


def _stages(stale: Iterable[State], costs: Mapping[str, Cost], build: Path) -> tuple[list[Job], list[Job]]:
    """Return what can be run at once, the longest first, and what gathers the findings of these."""
    longest = sorted(stale, key=lambda one: costs.get(one.planned.id, (None, None))[0] or float("inf"), reverse=True)
    first, last = ([_job(one, build) for one in longest if one.planned.gathers == gathers] for gathers in (False, True))
    return first, last


def _with_gathered(plan: Sequence[PlannedRun], chosen: Sequence[PlannedRun]) -> list[PlannedRun]:
    """Return the runs chosen, and those whose findings one of them gathers."""
    needed = plan if any(planned.gathers for planned in chosen) else ()
    return [*chosen, *(planned for planned in needed if planned not in chosen)]


def _job(state: State, build: Path) -> Job:
    planned = state.planned
    return Job(
        planned.id,
        state.notebook,
        planned.parameters,
        planned.seconds,
        folder=planned.path.parent,
        out=state.cached,
        failed=build / "failed" / f"{planned.id}.ipynb",
    )


def _outcome(run: Run) -> str:
    if run.error:
        return f"FAILED  {textwrap.shorten(run.error, 100, placeholder=' …')}"
    return "unchanged" if run.cached else f"{run.seconds:.1f} s"


def _publish(run: Run, state: State, build: Path) -> Run:
    """Return the run after putting its result in build/notebooks, and in the cache what it was made from."""
    if not run.cached:
        record = {"run": run.id, "made_from": state.made_from, "sha256": _digest_file(state.cached)}
        _write_json(state.cached.with_suffix(".json"), record)
    path, data = build / "notebooks" / f"{run.id}.ipynb", state.cached.read_bytes()
    if not path.exists() or path.read_bytes() != data:
        write_atomically(path, data)
    (build / "failed" / path.name).unlink(missing_ok=True)
    return replace(run, path=path)


def _write_json(path: Path, value: Any) -> None:
    write_atomically(path, (json.dumps(value, sort_keys=True, indent=1) + "\n").encode())


def _gather(plan: Sequence[PlannedRun], build: Path) -> None:
    """Write the ledger of findings: those of every run of the plan that has a result."""
    results = {planned.id: build / "notebooks" / f"{planned.id}.ipynb" for planned in plan}
    shown = {id: read_notebook(path) for id, path in results.items() if path.exists()}
    write_findings(find_findings(shown), build / LEDGER.name)


def _read_costs(build: Path) -> dict[str, Cost]:
    runs = _read_json(build / "report.json").get("runs", {})
    return {id: (run["seconds"], run["memory_mib"]) for id, run in runs.items()}


def _write_report(plan: Sequence[PlannedRun], runs: Sequence[Run], seconds: float, build: Path) -> None:
    """Write the only file of the build that tells times, so the only one that differs from one build to the next."""
    ids = {planned.id for planned in plan}
    costs = {id: cost for id, cost in _read_costs(build).items() if id in ids}
    costs |= {run.id: (run.seconds, run.memory_mib) for run in runs}
    executed = sorted(run.id for run in runs if not run.cached)
    report = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "runs": {
            id: {"seconds": cost[0], "memory_mib": cost[1], "cached": id not in executed} for id, cost in costs.items()
        },
        "executed": executed,
        "failed": sorted(run.id for run in runs if run.error),
        "seconds": round(seconds, 2),
        "peak_memory_mib": max((run.memory_mib or 0 for run in runs), default=0),
    }
    _write_json(build / "report.json", report)


def _prune(states: Sequence[State], build: Path) -> None:
    """Forget runs that left the plan, and all but the newest results that nothing asks for any more.

    Runs with parameters given on the command line end in eight hexadecimal digits, and stay.
    """
    planned = {state.planned.id for state in states}
    for path in [*(build / "notebooks").glob("*.ipynb"), *(build / "failed").glob("*.ipynb")]:
        if path.stem not in planned and not re.search(r"-[0-9a-f]{8}$", path.stem):
            path.unlink()
    wanted = {state.cached for state in states}
    spare = [path for path in (build / "cache").glob("*.ipynb") if path not in wanted]
    for path in sorted(spare, key=lambda path: path.stat().st_mtime, reverse=True)[SPARE:]:
        path.with_suffix(".json").unlink(missing_ok=True)
        path.unlink()


def run_notebook(
    path: Path, out: Path, *, parameters: Mapping[str, Any] | None = None, seconds: float = PlannedRun.seconds
) -> Run:
    """Return the run of one notebook, executed with these parameters into `out`.

    A failed one leaves `<out>.failed.ipynb` instead. Raises ValueError for a parameter that the notebook does not
    have, or that is not of its type.
    """
    check_parameters(parameters or {}, declared_parameters(path))
    failed = out.with_name(f"{out.stem}.failed.ipynb")
    job = Job(path.stem, read_notebook(path), parameters or {}, seconds, path.parent, out, failed)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as scratch:
        return execute([job], Path(scratch), workers=1, done=lambda run: None)[0]


def vary(plan: Sequence[PlannedRun], notebook: str, texts: Sequence[str]) -> PlannedRun:
    """Return a run of a planned notebook with parameters written `name=value`, under an id of its own.

    Raises: ValueError.
    """
    first = find_planned(plan, [notebook])[0]
    parameters = parse_parameters(texts, declared_parameters(first.path))
    return replace(first, id=f"{first.notebook}-{_digest(parameters)[:8]}", parameters=parameters)


def find_planned(plan: Sequence[PlannedRun], names: Sequence[str]) -> list[PlannedRun]:
    """Return the runs that have one of these names as id or notebook, in the plan's order; all runs for no names.

    Raises: ValueError.
    """
    known = {name for planned in plan for name in (planned.id, planned.notebook)}
    for name in set(names) - known:
        raise ValueError(f"the plan has no run {name!r}{near(name, known)}")
    return [planned for planned in plan if not names or {planned.id, planned.notebook} & set(names)]


def find_changes(
    plan: Sequence[PlannedRun],
    chosen: Sequence[PlannedRun] | None = None,
    *,
    build: Path = BUILD,
    inputs: Mapping[str, tuple[Path, str]] = INPUTS,
) -> list[Difference]:
    """Return in what fresh results differ from the committed notebooks, which are those without parameters."""
    defaults = [planned for planned in chosen or plan if not planned.parameters]
    return [
        difference
        for state in (find_states(plan, defaults, build=build, inputs=inputs) if defaults else [])
        if not state.stale and state.cached.read_bytes() != state.planned.path.read_bytes()
        for difference in compare_notebooks(state.notebook, read_notebook(state.cached), state.planned.notebook)
    ]


def accept(
    plan: Sequence[PlannedRun],
    names: Sequence[str] = (),
    *,
    build: Path = BUILD,
    inputs: Mapping[str, tuple[Path, str]] = INPUTS,
) -> list[Path]:
    """Return the committed notebooks that were replaced by their executed copies, of all notebooks or of those named.

    Only a fresh run without parameters is taken over, so a copy made from another source, library or text is
    refused, and then none is replaced.

    Raises: ValueError.
    """
    defaults = [planned for planned in find_planned(plan, names) if not planned.parameters]
    states = find_states(plan, defaults, build=build, inputs=inputs) if defaults else []
    for state in states:
        if state.stale:
            id = state.planned.id
            raise ValueError(f"{id} cannot be accepted: {state.stale}; first `python -m apparatus run {id}`")
    changed = [state for state in states if state.cached.read_bytes() != state.planned.path.read_bytes()]
    for state in changed:
        write_atomically(state.planned.path, state.cached.read_bytes())
    return [state.planned.path for state in changed] + _accept_findings(plan, build, inputs)


def _accept_findings(plan: Sequence[PlannedRun], build: Path, inputs: Mapping[str, tuple[Path, str]]) -> list[Path]:
    """Return the committed ledger of findings where it was replaced, which needs every run of the plan to be fresh."""
    fresh, accepted = build / LEDGER.name, plan[0].path.with_name(ACCEPTED.name)
    if any(state.stale for state in find_states(plan, build=build, inputs=inputs)) or not fresh.exists():
        return []
    if accepted.exists() and accepted.read_bytes() == fresh.read_bytes():
        return []
    write_atomically(accepted, fresh.read_bytes())
    return [accepted]


@contextmanager
def hold(build: Path = BUILD) -> Iterator[Path]:
    """Yield a scratch folder, while nobody else may write to the build folder; first sweep up after killed runs.

    Raises: ValueError when another run holds it.
    """
    build.mkdir(parents=True, exist_ok=True)
    with (build / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"another run holds {build.name}/lock: wait until it is done") from None
        lock.seek(0)
        _sweep(build, lock.read())
        with tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True) as scratch:
            lock.truncate(0)
            lock.write(scratch)
            lock.flush()
            yield Path(scratch)
        lock.truncate(0)


def _sweep(build: Path, scratch: str) -> None:
    for folder in (build, *(build / name for name in ("cache", "notebooks", "failed"))):
        for leftover in folder.glob(".*.tmp"):
            leftover.unlink()
    left = Path(scratch)
    if left.name.startswith(SCRATCH) and left.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(left, ignore_errors=True)
