"""The command line: `python -m apparatus --help`.

What a command needs is imported inside it, so that a command with nothing to do is done at once.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from apparatus.errors import DataError
from apparatus.execute import Run
from apparatus.outputs import Difference, write_atomically
from apparatus.paths import BUILD, NOTEBOOKS
from apparatus.plan import PlannedRun, declared_parameters, load_plan
from apparatus.runner import accept, find_changes, find_planned, find_states, hold, run_plan, vary

ABOUT = """\
Apparatus reads partisan documents with the sources open: every number, quotation and date in the book
leads to the words it came from. The notebooks under notebooks/ make the book; these commands run them.
"""
EXAMPLES = """\
examples:
  python -m apparatus book                              make the book; only what changed is run again
  python -m apparatus params election                   what can be set in the notebook election, and what it means
  python -m apparatus run election -p name=value        run it with another value, into a notebook of its own
  python -m apparatus status                            which notebooks would be run, and why

exit status: 0 all is well, 1 a notebook failed, 2 a fault in the command or in a file of the project, 130 interrupted
"""

FIND = """\
Find numbers, dates, quotes, mentions, terms, sentences or reuse in files of English prose and write them as JSON lines,
UTF-8 where it can be written: source (the file's name), start, end, exact, then what the kind says, and the section and
part of the page (zone) it stands in. start and end count the code points of the file as it is, a byte order mark and
each character of a line end being one.

  numbers   kind, value (a range is [low, high]), modifier, unit, what: the words that say what is counted
  dates     edtf (Extended Date/Time Format; "" where nothing resolves it), kind, rule: what resolved it
  quotes    type (direct speech, or a term), speaker, quotee_source: the medium named, cue: what named the speaker
  mentions  entity of the gazetteer that is named, kind of entity
  terms     contrast: a thing for which several names are in use, variant: the name chosen (see contrasts.toml)
  sentences number, paragraph
  reuse     passages of one file that repeat or reword a passage of another, or of the same: a_source, a_start, a_end,
            b_source, b_start, b_end (a is the earlier file as given, or the earlier place), kind (verbatim, paraphrase,
            shared_quote: both quote one utterance), score: how alike they are, from 0 to 1

Words such as "yesterday" or "last year" are no dates here. Tables, markup and other languages are read as if they were
prose.
"""
WHEN = "when the texts were issued, e.g. 2024-02-07 or 2024-02; without it, what a text says of itself counts"
FIND_ENDS = """\
A directory is read with all below it, in the order of names; hidden files are left out. A file may have 50 MB and must
be UTF-8 text. One that cannot be read is named in one sentence, the others are read all the same, and the exit status
is 2. An empty text has nothing to find, which is no fault.
"""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CHANGES_SHOWN = 10  # of each notebook
say = partial(print, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit status of a command."""
    arguments = _parser().parse_args(argv)
    for number in STOPPING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        return int(arguments.command(arguments))
    except (ValueError, DataError) as error:
        print(f"apparatus: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:  # a folder that cannot be written, a full disk
        print(f"apparatus: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("apparatus: interrupted; what was finished is kept", file=sys.stderr)
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    for other in STOPPING:  # a second Ctrl-C must not stop the clearing up
        signal.signal(other, lambda *_: None)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "apparatus", description=ABOUT, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, command: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, help=help, description=help)
        subparser.set_defaults(command=command)
        return subparser

    add("book", _book, "run what is stale, build the book, say where it is")
    run = add("run", _run, "run what is stale and show what changed in the committed notebooks")
    run.add_argument("names", nargs="*", metavar="ID", help="runs of the plan or notebooks; all when none is named")
    run.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="run with this value")
    run.add_argument("-o", "--out", type=Path, help="also put the executed notebook here")
    add("status", _status, "say which runs are stale, and why")
    take = add("accept", _accept, "put the outputs of the last run into the committed notebooks")
    take.add_argument("names", nargs="*", metavar="NOTEBOOK", help="all when none is named")
    params = add("params", _params, "list the parameters of a notebook and what they mean")
    params.add_argument("notebook", metavar="NOTEBOOK")
    names = add("names", _names, "list the names that the gazetteer does not know, and near spellings")
    files = "texts, directories or -; the catalog's texts when none is named"
    names.add_argument("files", nargs="*", type=_path, metavar="FILE", help=files)
    add("check", _check, "check the texts, the knowledge and the readings")
    _describe_find(add("find", _find, "find numbers, dates, quotes, … in text files, as JSON lines"))
    return parser


def _describe_find(find: argparse.ArgumentParser) -> None:
    find.description, find.epilog, find.formatter_class = FIND, FIND_ENDS, argparse.RawDescriptionHelpFormatter
    find.add_argument("kind", metavar="KIND", help="numbers, dates, quotes, mentions, terms, sentences or reuse")
    find.add_argument("files", nargs="+", type=_path, metavar="FILE", help="a text, a directory, or - (standard input)")
    find.add_argument("--date", default="", metavar="DATE", help=WHEN)


def _path(name: str) -> Path:
    if not name:  # Path("") is the working directory
        raise argparse.ArgumentTypeError("the name of a file is empty")
    return Path(name)


def _book(arguments: argparse.Namespace) -> int:
    from apparatus.book import build_book

    with hold() as scratch:
        plan = load_plan()
        _check_before(plan)
        runs = run_plan(plan, scratch=scratch, say=say)
        if _tell_failures(runs):
            return 1
        build_book({run.id: run.path for run in runs}, plan=plan, say=say)
    say(f"book: {_relative(BUILD / 'book' / 'index.html')}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    plan = load_plan()
    if arguments.parameter:
        if len(arguments.names) != 1:
            raise ValueError("parameters are set for one notebook: python -m apparatus run NOTEBOOK -p NAME=VALUE")
        chosen = [vary(plan, arguments.names[0], arguments.parameter)]
    else:
        chosen = find_planned(plan, arguments.names)
    if arguments.out and len(chosen) != 1:
        raise ValueError("--out takes the result of one run: name that run")
    with hold() as scratch:
        _check_before(plan, chosen)
        runs = run_plan(plan, chosen=chosen if arguments.names else None, scratch=scratch, say=say)
    if _tell_failures(runs):
        return 1
    if arguments.out:
        write_atomically(arguments.out, runs[0].path.read_bytes())
    if arguments.parameter or arguments.out:
        say(f"{runs[0].id}: {_relative(arguments.out or runs[0].path)}")
    else:
        _tell_changes(find_changes(plan, chosen))
    return 0


def _tell_changes(changes: Sequence[Difference]) -> None:
    for notebook, group in itertools.groupby(changes, lambda change: change.notebook):
        lines = [str(change) for change in group]
        more = len(lines) - CHANGES_SHOWN
        for line in lines[:CHANGES_SHOWN] + ([f"{notebook}: {more} more differences"] if more > 0 else []):
            say(line)
    if changes:
        say("the committed notebooks show something else; `python -m apparatus accept` takes these outputs over")
    else:
        say("the committed notebooks show the same")


def _status(arguments: argparse.Namespace) -> int:
    states = find_states(load_plan())
    _print_table((state.planned.id, state.stale or "fresh") for state in states)
    return 0


def _accept(arguments: argparse.Namespace) -> int:
    with hold():
        replaced = accept(load_plan(), arguments.names)
    for path in replaced:
        say(f"accepted {_relative(path)}")
    if not replaced:
        say("nothing to accept: the committed notebooks are those of the last run")
    return 0


def _params(arguments: argparse.Namespace) -> int:
    path = NOTEBOOKS / f"{Path(arguments.notebook).stem}.ipynb"
    declared = declared_parameters(path).values()
    if not declared:
        say(f"{path.stem} has no parameters")
    _print_table((each.name, each.type, textwrap.shorten(each.default, 40), each.meaning) for each in declared)
    return 0


def _check_before(plan: Sequence[PlannedRun], chosen: Sequence[PlannedRun] | None = None) -> None:
    """Check the data once where something is to be run, and not in every notebook."""
    if any(state.stale for state in find_states(plan, chosen)):
        from apparatus.checking import check_everything

        check_everything()


def _check(arguments: argparse.Namespace) -> int:
    from apparatus.checking import check_everything

    counts = check_everything()
    say(f"{counts.texts} texts are as received, and the knowledge is in order")
    say(f"{counts.references} references and {counts.codings} codings point to words that are there")
    return 0


class _Refused:
    """Tells of each file that cannot be read, and remembers it for the exit status."""

    status = 0

    def add(self, error: ValueError) -> None:
        self.status = 2
        sys.stdout.flush()
        print(f"apparatus: {error}", file=sys.stderr, flush=True)


def _find(arguments: argparse.Namespace) -> int:
    from apparatus.extract import KINDS, find_in_files
    from apparatus.knowledge import load_knowledge
    from apparatus.reuse import find_reuse_in_files

    kinds = (*KINDS, "reuse")
    if arguments.kind not in kinds:
        raise ValueError(f"There is no kind {arguments.kind!r}; kinds are {', '.join(kinds)}.")
    find = find_reuse_in_files if arguments.kind == "reuse" else partial(find_in_files, arguments.kind)
    refused = _Refused()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # for `… | head`
    known = load_knowledge()
    gc.freeze()  # the garbage collector need not walk through all this knowledge again and again
    for record in find(arguments.files, known, date=arguments.date, refuse=refused.add):
        print(_json_line(record))
    sys.stdout.flush()
    return refused.status


def _names(arguments: argparse.Namespace) -> int:
    from apparatus.corpus import load_corpus, read_document
    from apparatus.extract.unknown_names import find_unknown_names
    from apparatus.files import read_files
    from apparatus.knowledge import load_knowledge
    from apparatus.model import Source

    refused = _Refused()
    texts = read_files(arguments.files, refused.add)
    named = [read_document(Source(id=name, file=name), raw) for name, raw in texts]
    found = find_unknown_names(named if arguments.files else load_corpus().values(), load_knowledge())
    rows = [(str(len(one.places)), one.places[0], one.name, ", ".join(one.near)) for one in found]
    _print_table([("times", "first place", "name", "near"), *rows] if rows else [])
    if not rows and not refused.status:
        say("there is no name that the gazetteer lacks")
    return refused.status


def _json_line(record: dict[str, Any]) -> str:
    """Return a record as one line, whatever a reader takes for the end of a line, in what the output can encode."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return json.dumps(record)
    return line if len(line.splitlines()) == 1 else json.dumps(record)


def _tell_failures(runs: Iterable[Run]) -> bool:
    failed = [run for run in runs if run.error]
    for run in failed:
        copy = f"the executed copy: {_relative(run.path)}" if run.path.exists() else ""
        text = "\n".join(filter(None, [run.error, run.details, copy]))
        print(f"\n{run.id} failed\n{textwrap.indent(text, '  ')}", file=sys.stderr, flush=True)
    return bool(failed)


def _relative(path: Path) -> str:
    return os.path.relpath(path)


def _print_table(rows: Iterable[Sequence[str]]) -> None:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
