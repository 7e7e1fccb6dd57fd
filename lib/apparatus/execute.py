"""Notebooks run by papermill, each in a worker process with a kernel of its own, several side by side."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import re
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from apparatus.errors import DataError
from apparatus.outputs import (
    Notebook,
    check_complete,
    check_portable,
    normalise,
    to_bytes,
    write_atomically,
)

# What a kernel is told about its surroundings, so that they are the same everywhere.
ENVIRONMENT = {
    "IPYKERNEL_CELL_NAME": "<cell>",  # else warnings and tracebacks name a temporary file
    "LC_ALL": "C.UTF-8",
    "MATPLOTLIBRC": os.devnull,  # a reader's own style must not reach our figures
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "SOURCE_DATE_EPOCH": "1704067200",
    "TZ": "UTC",
}
# Variables of the caller that would change a kernel. MPLBACKEND alone would make every figure vanish.
KEPT_BACK = re.compile(
    r"PYTHON(?!DONTWRITEBYTECODE|PYCACHEPREFIX)|IPYTHON|JUPYTER|JPY|MPLBACKEND|LANG|LC_|OPENBLAS|OMP|MKL"
    r"|COLUMNS|LINES|NO_COLOR|FORCE_COLOR"
)

PAPERMILL: dict[str, Any] = {
    "kernel_name": "python3",
    "language": "python",
    "progress_bar": False,
    "request_save_on_cell_execute": False,
    "shutdown_kernel": "immediate",  # a graceful end takes half a second, and is of no use to a kernel that is done
    "iopub_timeout": 60,  # a busy machine may deliver an output late
    "record_timing": False,
    "coalesce_streams": True,  # else how a stream is split tells of the machine's speed
}


@dataclass(frozen=True)
class Job:
    """A notebook to execute, as read: what is run is what was hashed, even if the file is edited meanwhile."""

    id: str
    notebook: Notebook
    parameters: Mapping[str, Any]
    seconds: float
    folder: Path
    out: Path
    failed: Path


@dataclass(frozen=True)
class Run:
    """What became of a job. `path` is the executed notebook, of a failed run the copy that shows the failure."""

    id: str
    path: Path
    seconds: float | None = None
    memory_mib: int | None = None
    cached: bool = False
    error: str = ""
    details: str = ""


class _StoppedError(Exception):
    """A run's end short of its last cell: one line, and the few lines that matter."""


def execute(jobs: Sequence[Job], scratch: Path, *, workers: int, done: Callable[[Run], None]) -> list[Run]:
    """Return the runs in the order they ended; `done` is told of each as it ends.

    A process for each job, and not a pool: the time and memory of a kernel are then those of its process, and
    to stop it is to kill a family that nobody else uses.
    """
    if not jobs:
        return []
    import papermill  # noqa: F401  before the fork, so that no worker has to import it

    _list_fonts()
    waiting = list(jobs)
    running: dict[Any, tuple[Job, BaseProcess, Path]] = {}  # by the pipe its worker answers through
    runs = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                _start(waiting.pop(0), Path(tempfile.mkdtemp(dir=scratch)), running)
            for pipe in wait(list(running)):
                runs.append(_collect(pipe, *running.pop(pipe)))
                done(runs[-1])
    finally:
        for _, process, _ in running.values():
            _stop(process)
    return runs


def _list_fonts() -> None:
    """Let matplotlib list the fonts, on a machine where it never did: kernels would warn about it in an output."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folders = (os.environ.get("MPLCONFIGDIR") or f"{cache}/matplotlib", "~/.matplotlib")
    if not any(list(Path(folder).expanduser().glob("fontlist-*.json")) for folder in folders):
        import matplotlib.font_manager  # noqa: F401


def _start(job: Job, scratch: Path, running: dict[Any, tuple[Job, BaseProcess, Path]]) -> None:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, scratch, theirs), daemon=True)
    running[ours] = job, process, scratch
    process.start()
    theirs.close()


def _collect(pipe: Any, job: Job, process: BaseProcess, scratch: Path) -> Run:
    try:
        run: Run = pipe.recv()
    except EOFError:  # the worker died without a word: what it said on stderr is all there is
        run = Run(job.id, job.failed, error="the worker died", details=_tail(scratch))
    process.join()
    return run


def _stop(worker: BaseProcess) -> None:
    if worker.pid is not None:
        os.kill(worker.pid, signal.SIGSTOP)  # so that it starts no kernel while its kernels are counted
        _kill_descendants(worker.pid)
        worker.kill()
        worker.join()


def _kill_descendants(pid: int) -> None:
    import psutil

    family = psutil.Process(pid).children(recursive=True)
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=1)


def _work(job: Job, scratch: Path, reply: Connection) -> None:
    started = time.monotonic()
    os.setsid()  # Ctrl-C at the terminal is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    _enter(scratch)
    path, error, details = job.out, "", ""
    try:
        write_atomically(job.out, to_bytes(_run_cells(job, started + job.seconds, scratch)))
    except _StoppedError as failure:
        path, (error, details, notebook) = job.failed, failure.args
        if notebook:
            write_atomically(path, to_bytes(normalise(notebook)))
    except OSError as fault:  # no room to write, say
        error = str(fault)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)
    reply.send(Run(job.id, path, round(time.monotonic() - started, 2), peak, error=error, details=details))


def _die_with(parent: int) -> None:
    """End this worker and its kernel soon after the parent was killed."""
    while os.getppid() == parent:
        time.sleep(0.5)
    _kill_descendants(os.getpid())
    os._exit(1)


def _enter(scratch: Path) -> None:
    """Make this process the surroundings of a kernel: its environment, its own kernel spec, output to a log."""
    for name in [name for name in os.environ if KEPT_BACK.match(name)]:
        del os.environ[name]
    folders = {"IPYTHONDIR": scratch / "ipython", "JUPYTER_PATH": scratch, "JUPYTER_RUNTIME_DIR": scratch}
    library = {"PYTHONPATH": Path(__file__).parents[1]}
    os.environ |= ENVIRONMENT | {name: str(path) for name, path in (folders | library).items()}
    # "python3" is this interpreter, whatever other kernel of that name the user has.
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    write_atomically(scratch / "kernels" / "python3" / "kernel.json", json.dumps(spec).encode())
    log = os.open(scratch / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)


def _run_cells(job: Job, deadline: float, scratch: Path) -> Notebook:
    import papermill
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    source = scratch / "notebook.ipynb"
    write_atomically(source, to_bytes(job.notebook))
    seen: dict[str, Any] = {}
    try:
        executed = papermill.execute_notebook(
            source,
            None,
            parameters=dict(job.parameters),
            cwd=job.folder,
            config=_own_kernel(scratch),
            timeout_func=lambda cell: max(deadline - time.monotonic(), 0.001),
            on_notebook_start=lambda notebook: seen.update(notebook=notebook),
            on_cell_execute=lambda cell, **_: seen.update(cell=cell),
            **PAPERMILL,
        )
        return _checked(executed)
    except PapermillExecutionError as error:
        reason, details = f"{error.ename}: {error.evalue}", _matter(error.traceback)
    except CellTimeoutError:
        reason, details = f"still running when the {job.seconds:g} s of the notebook were over", ""
    except RuntimeError as error:  # what nbclient raises for a kernel that died or never started
        reason, details = str(error), _tail(scratch)
    place = f"cell {seen['cell']['id']}: " if "cell" in seen else ""
    raise _StoppedError(place + reason, details, seen.get("notebook"))


def _own_kernel(scratch: Path) -> Any:
    """Return the settings of a kernel that talks through files of its own. Over TCP, kernels race for ports."""
    from traitlets.config import Config

    files = {"ip": str(scratch / "k"), "connection_file": str(scratch / "kernel.json")}
    return Config({"KernelManager": {"transport": "ipc", **files}})


def _checked(notebook: Any) -> Notebook:
    import nbformat

    plain = normalise(notebook)
    try:
        nbformat.validate(plain)
        check_complete(plain)
        check_portable(plain)
    except (DataError, nbformat.ValidationError) as error:
        raise _StoppedError(str(error), "", plain) from None
    return plain


def _matter(traceback: Sequence[str]) -> str:
    """Return, of a traceback, the line of the cell and the last frame in code of ours, each with the line at fault."""
    frames = [re.sub(r"\x1b\[[\d;]*m", "", frame).splitlines() for frame in traceback]
    cells = [frame for frame in frames if frame and re.match(r"\s*Cell In", frame[0])]
    files = [frame for frame in frames if frame and re.match(r"\s*File (?!.*(site-packages|/lib/python\d))", frame[0])]
    arrows = [line for frame in (cells[-1:] + files[-1:]) for line in _at_fault(frame)]
    return "\n".join(arrows)


def _at_fault(frame: Sequence[str]) -> list[str]:
    pointed = [line for line in frame[1:] if line.startswith("--")]
    return [frame[0], *(pointed or frame[1:])]


def _tail(scratch: Path) -> str:
    log = scratch / "log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
