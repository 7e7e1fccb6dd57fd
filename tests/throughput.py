"""Measure how fast each kind is found: megabytes a second on one core, beside the tools of peers.py (`make bench`).

Every measurement is a process of its own, so that its peak memory is its own; turn by turn, several rounds. A kind
alone pays for the reading of the text and for the kinds that it needs (numbers need dates); all together share these.
Peers read the same text, less of it where they are slow: their speed does not depend on the length.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from datetime import datetime

from apparatus.corpus import load_corpus, read_document
from apparatus.extract import KINDS
from apparatus.knowledge import load_knowledge
from apparatus.model import Source
from peers import REGEX, TOOLS

MEGABYTES = 10.0
SLICE = 0.05  # megabytes for the slow peers
ALL = "all kinds together"


def repeated_corpus(megabytes: float) -> str:
    """The texts of the corpus one after another, again and again, up to a size."""
    once = "\n\n".join(doc.raw for doc in load_corpus().values()) + "\n\n"
    return (once * (int(megabytes * 1e6 / len(once.encode())) + 1))[: int(megabytes * 1e6)]


def measure(kind: str, tool: str, megabytes: float) -> dict[str, float]:
    """Seconds of one core for a text, and the peak memory of this process in megabytes."""
    text, known = repeated_corpus(megabytes), load_knowledge()
    warm = read_document(Source(id="warm", file="warm"), text[:20_000])
    if tool:
        list(TOOLS[kind][tool](text[:2_000], datetime(2024, 1, 1)))
        started = time.process_time()
        list(TOOLS[kind][tool](text, datetime(2024, 1, 1)))
    else:
        kinds = list(KINDS) if kind == ALL else [kind]
        for each in kinds:
            KINDS[each](warm, known)
        started = time.process_time()
        doc = read_document(Source(id="bench", file="bench"), text)
        for each in kinds:
            KINDS[each](doc, known)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"speed": len(text.encode()) / 1e6 / seconds, "peak": peak}


def in_a_process(kind: str, tool: str, megabytes: float) -> dict[str, float]:
    """The same, measured in a new process."""
    command = [sys.executable, __file__, "--one", kind, "--tool", tool, "--megabytes", str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Measure all, and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one")
    parser.add_argument("--tool", default="")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.tool, arguments.megabytes)))
        return
    jobs = [(kind, "") for kind in (*KINDS, ALL)] + [(kind, tool) for kind, tools in TOOLS.items() for tool in tools]
    results: dict[tuple[str, str], list[dict[str, float]]] = {job: [] for job in jobs}
    for _ in range(arguments.rounds):
        for kind, tool in jobs:
            slow = tool and tool != REGEX
            results[kind, tool].append(in_a_process(kind, tool, SLICE if slow else arguments.megabytes))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{arguments.megabytes:g} MB (slow peers: {SLICE:g} MB), median of {arguments.rounds} rounds (least to most)")
    for (kind, tool), runs in results.items():
        speeds = [run["speed"] for run in runs]
        middle = statistics.median(speeds)
        ours = statistics.median(run["speed"] for run in results[kind, ""])
        ratio = f"Apparatus is {ours / middle:.3g} times as fast" if tool else ""
        print(f"{kind:20} {tool or 'Apparatus':18} {middle:8.2f} MB/s ({min(speeds):.2f} to {max(speeds):.2f})  "
              f"peak {max(run['peak'] for run in runs):5.0f} MB  {ratio}".rstrip())  # fmt: skip


if __name__ == "__main__":
    main()
