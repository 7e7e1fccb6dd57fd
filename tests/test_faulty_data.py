"""Whatever is wrong in a file under seeds/ is said in a sentence that names the file, and is no traceback.

Each field of each file is left out once, and once given a value of another kind, wherever a program reads the file.
"""

import copy
import csv
import io
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apparatus.corpus import load_catalog, load_corpus
from apparatus.errors import DataError
from apparatus.evaluate import load_coverage, load_gold
from apparatus.events import load_events
from apparatus.knowledge import load_knowledge
from apparatus.marked import KINDS, load_unseen
from apparatus.parties import load_groups, load_parties
from apparatus.paths import SEEDS
from apparatus.readings import load_codings, load_references
from apparatus.reconcile.decisions import load_decisions
from apparatus.reconcile.facts import load_facts
from apparatus.reconcile.scoring import load_figure_texts, load_relations
from apparatus.reuse.scoring import load_first_scores, load_pairs
from apparatus.reuse.words import load_rewording
from apparatus.sentences import load_stops
from apparatus.structure import load_decisions as load_zones
from apparatus.structure import load_zone_rules
from apparatus.swaps import load_swaps

Place = tuple[str | int, ...]  # of a field: ("event", 3, "names")
CORPUS = load_corpus()
KNOWN = load_knowledge()

# What reads a file: the first pattern that fits the end of its path. "": no program reads it, or a program wrote it.
LOADERS: dict[str, Callable[[Path], object] | str] = {
    r"readings/peers/.*": "",
    r"catalog\.toml": load_catalog,
    r"knowledge/abbreviations\.toml": lambda path: load_stops.__wrapped__(path.parent),
    r"knowledge/events\.toml": lambda path: load_events(KNOWN.themes, path),
    r"knowledge/groups\.toml": load_groups,
    r"knowledge/parties\.toml": lambda path: load_parties(KNOWN.lexicon, path),
    r"knowledge/rewording\.toml": load_rewording.__wrapped__,
    r"knowledge/swaps\.toml": load_swaps,
    r"knowledge/zones\.toml": load_zone_rules,
    r"knowledge/(comparing|confusable|dated|offices-held|ratios|series)\.toml": lambda path: load_facts(path.parent),
    r"knowledge/themes/.*": lambda path: load_knowledge(path.parents[1]),
    r"knowledge/.*": lambda path: load_knowledge(path.parent),
    r"readings/zones\.toml": load_zones,
    r"readings/reconciliation\.toml": load_decisions,
    r"readings/references\.jsonl": lambda path: load_references(CORPUS, path),
    r"codings/.*\.jsonl": lambda path: load_codings(CORPUS, KNOWN.questions, path.parent),
    r"reuse-scores\.toml": load_first_scores,
    r"(numbers|dates|quotes)\.jsonl": lambda path: load_gold(path.stem, path.parent),
    r"corrections\.toml": lambda path: [load_gold(kind, path.parent) for kind in KINDS],
    r"reconciliation\.jsonl": lambda path: load_relations(path.parent),
    r"(pairs|reuse|reuse-rest)\.jsonl": lambda path: load_pairs(path, CORPUS),
    r"gold/.*coverage\.toml": load_coverage.__wrapped__,
    r"unseen/coverage\.toml": lambda path: load_unseen(path.parent),
    r"unseen-figures/about\.toml": lambda path: load_figure_texts(path.parent),
    r"unseen-reuse/about\.toml": "",
}
WHOLE = ("events", "contrasts", "codebook", "themes", "readings", "catalog")  # other entries or texts need every entry
FREE = ("meta", "silent")  # tables of the codebook that coders read and no program does
FILES = [
    str(path.relative_to(SEEDS)) for path in sorted(SEEDS.rglob("*")) if path.suffix in (".toml", ".csv", ".jsonl")
]


def loader(name: str) -> Callable[[Path], object] | str:
    return next((load for pattern, load in LOADERS.items() if re.search(rf"(^|/){pattern}$", name)), "")


def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    return (
        [json.loads(line) for line in text.splitlines()]
        if path.suffix == ".jsonl"
        else list(csv.DictReader(io.StringIO(text)))
    )


def write(path: Path, content: Any) -> None:
    if path.suffix == ".toml":
        lines = [f"{json.dumps(name)} = {in_toml(value)}" for name, value in content.items()]
    elif path.suffix == ".jsonl":
        lines = [json.dumps(record, ensure_ascii=False) for record in content]
    else:
        rows = io.StringIO()
        writer = csv.DictWriter(rows, ["entity", "kind", "name", "note"], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(content)
        lines = [rows.getvalue()]
    path.write_text("\n".join(lines), encoding="utf-8")


def in_toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)} = {in_toml(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every field, and its path without the numbers of entries: fields of one path are alike."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key not in FREE:
            if isinstance(key, str):
                yield (*place, key), ".".join(part for part in (*place, key) if isinstance(part, str))
            yield from places(inner, (*place, key))


def first_places(content: Any) -> list[Place]:
    """One place of each field."""
    first: dict[str, Place] = {}
    for place, path in places(content):
        first.setdefault(path, place)
    return list(first.values())


def shrunk(content: Any) -> Any:
    """Of each list of entries those that have a field for the first time: enough to be faulty, and quick to read."""
    wanted = first_places(content)
    if isinstance(content, list):
        return [entry for at, entry in enumerate(content) if any(place[0] == at for place in wanted) or at < 40]
    return {
        name: [one for at, one in enumerate(value) if any(place[:2] == (name, at) for place in wanted)]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else dict(list(value.items())[:5])
        if isinstance(value, dict)
        else value
        for name, value in content.items()
    }


def changed(content: Any, place: Place, *values: Any) -> Any:
    content = copy.deepcopy(content)
    holder = content
    for key in place[:-1]:
        holder = holder[key]
    if values:
        holder[place[-1]] = values[0]
    else:
        del holder[place[-1]]
    return content


def wrong(value: Any) -> Any:
    """A value of another kind."""
    if isinstance(value, dict | bool):
        return "x"
    return [7] if isinstance(value, str) else {"x": 7} if isinstance(value, list) else "x"


def fault(load: Callable[[Path], object], path: Path) -> str:
    try:
        load(path)
    except DataError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "seeds"
    shutil.copytree(SEEDS, folder)
    for name in FILES:
        if not any(part in name for part in WHOLE):
            write(folder / name, shrunk(read(folder / name)))
    return folder


def test_every_file_is_read_by_a_loader_or_said_to_be_read_by_none() -> None:
    fitting = [pattern for name in FILES for pattern in LOADERS if re.search(rf"(^|/){pattern}$", name)]
    assert set(fitting) == set(LOADERS)
    assert [name for name in FILES if not any(re.search(rf"(^|/){pattern}$", name) for pattern in LOADERS)] == []


@pytest.mark.parametrize("name", [name for name in FILES if loader(name)])
def test_a_field_left_out_or_of_another_kind_is_named_with_its_file(seeds: Path, name: str) -> None:
    load, path = loader(name), seeds / name
    assert callable(load)
    before = path.read_bytes()
    assert fault(load, path) == ""
    content = read(path)
    try:
        for place in first_places(content):
            holder = content
            for key in place:
                holder = holder[key]
            for values in ((), (wrong(holder),)) if path.suffix != ".csv" else ((), ("",)):
                write(path, changed(content, place, *values))
                said = fault(load, path)
                if values and not (path.suffix == ".csv" and place[-1] == "note"):
                    assert said, f"{place} may be {values[0]!r}"
                if said:
                    assert re.search(r"\w\.(?:toml|csv|jsonl)\b", said), said
                    assert re.search(r"[.?]$|known are|did you mean", said), said
    finally:
        path.write_bytes(before)
