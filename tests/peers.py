"""What other tools find in the marked texts: `make peers` writes it to seeds/readings/peers, where the book reads it.

Each reads the text as received and is told its date of issue. Words such as "on" at the edge of what a tool takes for
a date are cut off; its words are looked for, since its offsets may be wrong; and a date counts as precise as its words
are, though the tools return days only. A test runs them again and holds the files to it. PYTHONHASHSEED must be 0:
quantulum3 goes by the order of sets.
"""

import json
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from apparatus.evaluate import Record
from apparatus.marked import load_marked
from apparatus.model import Document

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
DATE = re.compile(rf"(?:\d\d? )?(?:{MONTHS})(?: \d\d?)?(?:,? \d{{4}})?|\b(?:19|20)\d\d\b")
QUOTE = re.compile(r"[“\"]([^”\"]+)[”\"]")
WORD = "(?:on|of|in|at|the|to|and|by|from)"
EDGE = re.compile(rf"^(?:[^\w]|{WORD}\b)+|(?:[^\w]|\b{WORD})+$", re.IGNORECASE)


def quantulum3_numbers(text: str, issued: datetime) -> Iterator[Record]:
    """Numbers of quantulum3 with their values."""
    from quantulum3 import parser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses its optional classifier
        for found in parser.parse(text):
            start, end = found.span
            value, spread = found.value, found.uncertainty  # by which it reads a range
            yield _record(text, start, end, value=[value - spread, value + spread] if spread else value)


def regex_numbers(text: str, issued: datetime) -> Iterator[Record]:
    """Digits with commas, a decimal point and a percent sign."""
    for match in NUMBER.finditer(text):
        yield _record(text, *match.span(), value=float(match[0].rstrip("%").replace(",", "")))


def datefinder_dates(text: str, issued: datetime) -> Iterator[Record]:
    """Dates of datefinder."""
    import datefinder

    found = datefinder.find_dates(text, source=True, base_date=issued)
    yield from _dated(text, ((words, moment) for moment, words in found))


def dateparser_dates(text: str, issued: datetime) -> Iterator[Record]:
    """Dates of dateparser's search, which gives no offsets."""
    from dateparser.search import search_dates

    yield from _dated(text, search_dates(text, languages=["en"], settings={"RELATIVE_BASE": issued}) or ())


def regex_dates(text: str, issued: datetime) -> Iterator[Record]:
    """Days, months and years in digits and English names."""
    for match in DATE.finditer(text):
        year = re.search(r"\d{4}", match[0])
        name = re.search(MONTHS, match[0])
        day = re.search(r"\b\d\d?\b", match[0])
        parts = [year[0] if year else "", f"{MONTHS.split('|').index(name[0]) + 1:02}" if name else ""]
        edtf = "-".join(filter(None, [*parts, f"{int(day[0]):02}" if day else ""])) if year else ""
        yield _record(text, *match.span(), edtf=edtf)


def regex_quotes(text: str, issued: datetime) -> Iterator[Record]:
    """What stands between quotation marks."""
    for match in QUOTE.finditer(text):
        yield _record(text, *match.span(1))


def _dated(text: str, found: Iterable[tuple[str, datetime]]) -> Iterator[Record]:
    """The dates of a search, each looked for after the one before it."""
    at = 0
    for words, moment in found:
        core = EDGE.sub("", words)
        start = text.find(core, at) if core else -1
        if start >= 0:
            at = start + len(core)
            parts = [f"{moment.year:04}", f"{moment.month:02}", f"{moment.day:02}"]
            day = re.search(r"(?<!\d)\d{1,2}(?!\d)", core)
            precision = 3 if day else 2 if re.search("[A-Za-z]{3}", core) else 1
            yield _record(text, start, at, edtf="-".join(parts[:precision]))


def _record(text: str, start: int, end: int, **fields: Any) -> Record:
    return {"start": start, "end": end, "exact": text[start:end], **fields}


REGEX = "one-line regex"
TOOLS: dict[str, dict[str, Callable[[str, datetime], Iterator[Record]]]] = {
    "numbers": {f"quantulum3 {version('quantulum3')}": quantulum3_numbers, REGEX: regex_numbers},
    "dates": {
        f"datefinder {version('datefinder')}": datefinder_dates,
        f"dateparser {version('dateparser')}": dateparser_dates,
        REGEX: regex_dates,
    },
    "quotes": {REGEX: regex_quotes},
}


def found_by_peers(kind: str) -> list[Record]:
    """What each tool finds of a kind in all marked texts, up to where they are marked."""
    return [
        {"tool": tool, "source": source, **span}
        for tool, find in TOOLS[kind].items()
        for marked in load_marked()
        for source, until in marked.coverage.items()
        for span in find(marked.docs[source].raw[:until], issued(marked.docs[source]))
    ]


def issued(doc: Document) -> datetime:
    """The day of issue, or the first of the month or year that is known of it."""
    year, month, day = (int(part) for part in (doc.source.issued[:10] + "-01-01").split("-")[:3])
    return datetime(year, month, day)


def lines(kind: str) -> str:
    """The file of a kind."""
    return "".join(json.dumps(span, ensure_ascii=False) + "\n" for span in found_by_peers(kind))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for kind in TOOLS:
        (folder / f"{kind}.jsonl").write_text(lines(kind), encoding="utf-8")
