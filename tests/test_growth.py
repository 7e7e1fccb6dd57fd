"""Time grows with the length of a text and no faster, whatever stands in it. The clock itself is not tested."""

import gc
import time
from collections.abc import Iterator
from functools import cache, lru_cache

import pytest

from apparatus.corpus import read_document
from apparatus.extract import KINDS
from apparatus.knowledge import the_knowledge
from apparatus.model import Document, Source
from work import check_growth

SMALL, LARGE = 20_000, 160_000  # characters
ALLOWED = 22  # times as long for a text eight times as long: the middle between 8 and 64, its square, in proportion
SHORT = 0.03  # seconds of processor time: below it the clock tells nothing
SHAPES = {
    "a line without stops": "the harbour of the town lay still and the boats came in with ",
    "sentences on one line": "On 3 May 2021 the mayor, Ana Ruiz, said that “over 300 people” had left the town. ",
    "paragraphs": "The mayor said: “We lost 300 boats in 2020.” Nobody answered.\n\n",
    "opening marks": "“",
    "closing marks": "”",
    "straight marks": '"',
    "straight marks and blanks": '" ',
    "apostrophes": "'",
    "opening single marks": "‘",
    "angle marks": "«",
    "low marks": "„",
    "nested marks": "“‘",
    "nested and closed": "“a ‘b’ c” ",
    "marks in words": "a“b ",
    "marks never closed": "“We left, he said. ",
    "pull quotes": "“The boats of the harbour left the old town in the rain of the night.”\n\n",
    "digits": "7",
    "numbers and commas": "1,000,",
    "numbers and blanks": "12 345 ",
    "one": "one ",
    "number words": "two hundred and ",
    "percent": "3% ",
    "dots between digits": "1.2.3.",
    "dates": "3 May 2021, ",
    "May": "May ",
    "years and dashes": "2020-",
    "commas": ",",
    "stops": ".",
    "stops and blanks": ". ",
    "newlines": "\n",
    "lines of a word": "word\n",
    "wrapped lines": "the harbour of the town lay still and the boats came in with the\n",
    "carriage returns": "\r",
    "form feeds": "\f",
    "blanks": " ",
    "blanks in a line": "a" + " " * 5000,
    "no-break spaces": "a\u00a0",
    "invisible characters": "a\u200b",
    "hyphens": "-",
    "hyphens and newlines": "-\n",
    "cut words": "ab-\n",
    "cut words of pages": "ab-\n\n",
    "small letters": "a",
    "capitals": "A",
    "capitals and blanks": "A ",
    "capitals and stops": "A. ",
    "names": "Ana Maria Ruiz ",
    "titles": "President ",
    "he said": "he said ",
    "a contents list": "- I. The harbour\n2\n",
    "a numbered list": "1. The harbour\n",
    "headings": "The harbour\n\n",
    "parentheses": "(",
    "right to left": "שלום עולם ",
    "right-to-left marks": "\u200f",
    "emoji": "🌟",
    "joined emoji": "👩\u200d🚀",
    "combining marks": "e" + "\u0301" * 50,
}
BEFORE = {"a contents list": "Contents\n"}
LONGER = {"sentences on one line": 6, "paragraphs": 6}  # ordinary text, of which people have the most


def text_of(shape: str, size: int) -> str:
    pattern = SHAPES[shape]
    return BEFORE.get(shape, "") + pattern * (size // len(pattern) + 1)


@lru_cache(maxsize=6)  # the tests of one shape follow each other
def read(shape: str, size: int, attempt: int) -> tuple[Document, float]:
    """The document, and the seconds it took to read it."""
    raw, start = text_of(shape, size), time.process_time()
    return read_document(Source(id="long", file="long"), raw), time.process_time() - start


def seconds(kind: str, shape: str, size: int, attempt: int) -> float:
    doc, reading = read(shape, size, attempt)
    if kind == "reading":
        return reading
    start = time.process_time()
    KINDS[kind](doc, the_knowledge())
    return time.process_time() - start


@cache
def warm(kind: str) -> None:
    """Compile and load what is made once."""
    seconds(kind, "paragraphs", 1000, 0)


@pytest.fixture(autouse=True)
def no_pause() -> Iterator[None]:
    """Without the collections of garbage, whose time is that of all tests before."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("kind", ["reading", *KINDS])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_eight_times_as_long_takes_some_eight_times_as_long(kind: str, shape: str) -> None:
    warm(kind)
    small = large = float("inf")
    for attempt in range(8):  # the best of eight: a machine may be busy
        large = min(large, seconds(kind, shape, LARGE * LONGER.get(shape, 1), attempt))
        if large < SHORT:
            return
        small = min(small, seconds(kind, shape, SMALL * LONGER.get(shape, 1), attempt))
        if large < ALLOWED * small:
            return
    raise AssertionError(f"{large / small:.0f} times as long")


def test_work_that_grows_with_the_square_is_caught() -> None:
    def numbers(size: int) -> tuple[range]:
        return (range(size),)

    check_growth(lambda some: [abs(one) for one in some], numbers, 40, 4)
    with pytest.raises(AssertionError, match="16 times the calls for 4 times as much"):
        check_growth(lambda some: [abs(one - other) for one in some for other in some], numbers, 40, 4)
