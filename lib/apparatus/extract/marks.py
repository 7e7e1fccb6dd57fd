"""Where quotation marks open and close: the outermost passages inside them, whatever the convention."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from apparatus.sentences import stops

MARK = re.compile(r"[\"“”„‟«»‹›‚‘`'’「」『』]")
CODE = re.compile(r"```[^`]*(?:`{1,2}[^`]+)*```|(?<!`)`[^`'\s][^`\n]{0,200}`(?!`)")
CLOSES = {  # the marks that may close what each opens
    '"': '"”“',
    "“": '”"“',
    "”": '”"',
    "„": '“”"„',
    "‟": '”"',
    "«": "»",
    "»": "«",
    "‘": "’'",
    "'": "'’",
    "‚": "‘’'",
    "‹": "›",
    "「": "」",
    "『": "』",
}
OPENED_BY = {sign: "".join(one for one in CLOSES if sign in CLOSES[one]) for sign in "\"“”„«»'’‘›」』"}
SINGLE = "‘'‚‹"
BEFORE = "([{—–-/"  # besides blanks, what may stand before an opening mark
ELISION = re.compile(
    r"(?:tis|twas|twere|twill|til|till|cause|em|im|er|n|nother|round|bout|neath|gainst|s|t)\b|\d\ds\b|\d\d\b(?! \w)",
    re.IGNORECASE,
)
DATED = re.compile(r"\b(?:in|of|since|from|the|to|by|until|before|after|[Ss]ummer|[Ww]inter|[Ss]pring|[Aa]utumn) $")
SHORTENED = re.compile(r"\b(?:o|th|an|ol|wi|lil|i|n|em|t|d|N)$", re.IGNORECASE)
REOPENED = re.compile(r"[.!?] $")
LONGEST = 6000
AHEAD = 4  # paragraphs, say captions and page numbers, over which a closing mark is looked for
SINGLES_AHEAD = 40


class Mark(NamedTuple):
    """A quotation mark, and whether its neighbours let it open or close."""

    start: int
    end: int
    sign: str
    opens: bool
    closes: bool


class Piece(NamedTuple):
    """What stands inside marks in one paragraph. Not `closed`: its end is where the next begins, or the paragraph's."""

    start: int
    end: int
    sign: str
    closed: bool
    leads: bool  # the opening mark begins the paragraph
    last: bool  # no mark follows in the paragraph


class Paragraph(NamedTuple):
    """The pieces of a paragraph, and the closing mark that nothing in it opens, if it is the first."""

    end: int
    pieces: list[Piece]
    stray: Mark | None


def find_quoted(text: str) -> list[tuple[int, int]]:
    """Return the insides of the outermost quotation marks.

    A mark that is never closed holds to the end of its sentence. A quotation of several paragraphs opens anew with
    each of them and closes once, or is closed after a caption or a page number that stands in it.
    """
    paragraphs = list(_paragraphs(text))
    found: list[tuple[int, int]] = []
    at = open_until = 0
    while at < len(paragraphs):
        for piece in paragraphs[at].pieces:
            if piece.closed:
                found.append((piece.start, piece.end))
                continue
            index, place = _joined(paragraphs, at, piece) if piece.last and at >= open_until else (at, 0)
            if place:
                found.append((piece.start, place))
                rest = [one for one in paragraphs[index].pieces if one.end > place]
                paragraphs[index] = paragraphs[index]._replace(pieces=rest)
                at = index - 1
                break
            open_until = max(open_until, index)
            if piece.sign not in SINGLE:
                found.append((piece.start, _sentence_end(text, piece.start, piece.end)))
        at += 1
    return list(_outermost(text, found))


def _outermost(text: str, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = 0
    for start, end in found:
        if start >= last and text[start:end].strip():
            yield start, end
            last = end


def _joined(paragraphs: list[Paragraph], at: int, piece: Piece) -> tuple[int, int]:
    """Return the paragraph and the place where a piece left open is closed; place 0 where it never is."""
    index = at + 1
    while index < len(paragraphs) and paragraphs[index].pieces:
        first = paragraphs[index].pieces[0]
        if not (first.leads and first.sign == piece.sign):
            break
        if first.closed:
            return index, first.end
        if not first.last:
            return index, 0
        index += 1
    return _stray_end(paragraphs, at, piece) or (index, 0)


def _stray_end(paragraphs: list[Paragraph], at: int, piece: Piece) -> tuple[int, int] | None:
    """Return the paragraph, not far, whose first mark closes a piece and belongs to nothing else."""
    for index in range(at + 1, min(at + 1 + AHEAD, len(paragraphs))):
        stray = paragraphs[index].stray
        if stray and stray.sign in CLOSES[piece.sign] and stray.start - piece.start < LONGEST:
            return index, stray.start
        if paragraphs[index].pieces or stray:
            break
    return None


def _paragraphs(text: str) -> Iterator[Paragraph]:
    marks = list(_marks(text))
    at, start = 0, 0
    while start <= len(text):
        edge = text.find("\n\n", start)
        end = len(text) if edge < 0 else edge
        first = at
        while at < len(marks) and marks[at].start < end:
            at += 1
        here = marks[first:at]
        double = [mark for mark in here if mark.sign not in "‘'‚‹’›"]
        closed, stray = _pair(double)
        yield Paragraph(end, list(_pieces(text, here, closed, (start, end))), stray)
        start = end + 2


def _marks(text: str) -> Iterator[Mark]:
    """Yield the marks that may open or close something: no apostrophe inside a word, nothing inside code."""
    code = [match.span() for match in CODE.finditer(text)] if "`" in text else []
    index, last = 0, 0
    for match in MARK.finditer(text):
        start, sign = match.start(), match[0]
        before, after = text[start - 1 : start], text[start + 1 : start + 2]
        if start < last or (sign in "'’‘" and before.isalnum() and after.isalnum()):
            continue
        while index < len(code) and code[index][1] <= start:
            index += 1
        if index < len(code) and code[index][0] <= start:
            continue
        if sign in "`'" and after == sign:
            sign, last = ('"' if sign == "'" else "“"), start + 2
            after = text[last : last + 1]
        if sign != "`":
            opens, closes = _directions(text, sign, before, after, start)
            if opens or closes:
                yield Mark(start, max(start + 1, last), sign, opens, closes)


def _directions(text: str, sign: str, before: str, after: str, start: int) -> tuple[bool, bool]:
    """Return whether a mark may open and whether it may close, by what stands on its two sides."""
    free = not before or before.isspace() or before in BEFORE
    tight = bool(after) and not after.isspace()
    if sign in "‘'":
        return _opens_single(text, start, before, after, free), not free and not after.isalnum()
    if sign in "’›":
        return False, bool(before.strip()) and not after.isalnum()
    if sign in "「『」』":
        return sign in "「『", sign in "」』"
    if sign in "„‚‟‹":
        return True, sign == "„" and not free
    if sign == "“":
        opens = free or (tight and after not in ",.;:!?)")
        return opens, not opens
    if sign in "«»":
        turned = (
            free and tight and (after.isalnum() or after in "¿¡([") if sign == "»" else not free and not after.isalnum()
        )
        opens = turned if sign == "»" else not turned
        return opens, not opens
    opens = free and tight
    return opens or (sign == '"' and free and bool(after)), not opens


def _opens_single(text: str, start: int, before: str, after: str, free: bool) -> bool:
    """Tell an opening single mark from an apostrophe that stands for letters or for a century."""
    if not (free or before in '"“') or not after.strip() or after in ",.;:!?)":
        return False
    year = text[start + 1 : start + 3].isdigit() and DATED.search(text, max(0, start - 8), start)
    return not year and not ELISION.match(text, start + 1, start + 12)


def _pair(marks: list[Mark]) -> tuple[dict[int, int], Mark | None]:
    """Return the place of the mark that closes each, innermost first, and the first mark if it closes nothing here."""
    pairs: dict[int, int] = {}
    stack: list[Mark] = []
    waiting: Counter[str] = Counter()
    stray = None
    for index, mark in enumerate(marks):
        if mark.closes and any(waiting[sign] for sign in OPENED_BY[mark.sign]):
            while stack[-1].sign not in OPENED_BY[mark.sign]:
                waiting[stack.pop().sign] -= 1
            waiting[stack[-1].sign] -= 1
            pairs[stack.pop().start] = mark.start
        elif mark.opens:
            stack.append(mark)
            waiting[mark.sign] += 1
        elif not index:
            stray = mark
    return pairs, stray


def _pieces(text: str, marks: list[Mark], closed: dict[int, int], edges: tuple[int, int]) -> Iterator[Piece]:
    """Yield the outermost pieces of a paragraph, in order."""
    singles = [mark for mark in marks if mark.sign in "'’‘›" and mark.closes]
    openers = [mark.start for mark in marks if mark.opens and mark.sign not in SINGLE]
    index = single = 0
    while index < len(marks):
        mark = marks[index]
        leads, index = mark.start == edges[0], index + 1
        while single < len(singles) and singles[single].start <= mark.start:
            single += 1
        if mark.sign not in SINGLE and mark.start in closed:
            end = closed[mark.start]
            yield Piece(mark.end, end, mark.sign, True, leads, False)
        elif mark.sign in SINGLE and mark.opens:
            nearest = _single_end(text, mark, singles[single : single + SINGLES_AHEAD], marks[index : index + 80])
            if nearest is None:
                if leads:
                    yield Piece(mark.end, edges[1], mark.sign, False, True, True)
                continue
            end = nearest
            yield Piece(mark.end, end, mark.sign, True, leads, False)
        elif mark.opens and mark.sign not in SINGLE:
            after = bisect_right(openers, mark.start)
            following = openers[after] if after < len(openers) else edges[1]
            yield Piece(mark.end, following, mark.sign, False, leads, after == len(openers))
            continue
        else:
            continue
        while index < len(marks) and marks[index].start <= end:
            index += 1


def _single_end(text: str, mark: Mark, closing: list[Mark], following: list[Mark]) -> int | None:
    """Return where a single mark is closed: at a mark beside a stop, or else at one that could be a possessive."""
    limit = next((one.start for one in following if one.sign == mark.sign and one.opens), len(text))
    weak = None
    for one in closing:
        if one.sign not in CLOSES[mark.sign] or one.start <= mark.end:
            continue
        if one.start > limit and weak is not None:
            break
        if SHORTENED.search(text, max(mark.end, one.start - 4), one.start):
            continue
        if (
            text[one.start - 1] in "szx"
            and text[one.end : one.end + 1] == " "
            and text[one.end + 1 : one.end + 2].isalpha()
        ):
            weak = weak if weak is not None else one.start
        else:
            return one.start
    return weak


def _sentence_end(text: str, start: int, stop: int) -> int:
    """Return where a quotation that is never closed ends: with its sentence, or where it opens anew after a stop."""
    if stop < len(text) and REOPENED.search(text, max(start, stop - 4), stop) and "\n\n" not in text[start:stop]:
        return start + len(text[start:stop].rstrip())
    match = next(stops(text, start, min(stop, start + LONGEST)), None)
    end = match.start() + 1 if match else stop
    return min(stop, max(start + 1, min(end, start + len(text[start:end].rstrip()))))
