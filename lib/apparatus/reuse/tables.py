"""Tables of what texts share: pair by pair, how much, the longest repetition, names and words that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import pandas as pd

from apparatus.extract.mentions import find_mentions
from apparatus.knowledge import Knowledge
from apparatus.model import Document, Mention, Reuse, Span
from apparatus.reuse.changes import Change, word_changes
from apparatus.reuse.words import name_stem, plain_words, small_words
from apparatus.themes import within

EXCHANGED = 2  # words: longer exchanges are read side by side
SHOWN = {"verbatim": "word for word", "paraphrase": "in other words", "shared_quote": "one utterance quoted"}


def reuse_table(corpus: Mapping[str, Document], found: Iterable[Reuse]) -> pd.DataFrame:
    """Return a row per two passages, by place: both, with their texts, how they are alike and how much."""
    rows = [
        {
            "Text a": label(corpus, one.a),
            "Passage a": one.a,
            "Text b": label(corpus, one.b),
            "Passage b": one.b,
            "Kind": SHOWN[one.kind],
            "Likeness": f"{one.score:.2f}",
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=["Text a", "Passage a", "Text b", "Passage b", "Kind", "Likeness"])


def label(corpus: Mapping[str, Document], text: Span | str) -> str:
    """Return what readers call a text, given by its id or by a passage of it."""
    source = text.source if isinstance(text, Span) else text
    return corpus[source].source.label or source


def closest_texts(corpus: Mapping[str, Document], between: Iterable[Reuse]) -> tuple[str, str]:
    """Return the ids of the two texts with most pairs of passages, the longer first.

    Where no two texts have any it is the first and the last one: of a single text, that text twice.
    """
    counts = Counter(tuple(sorted((one.a.source, one.b.source))) for one in between)
    texts = list(corpus)
    chosen = max(counts, key=lambda pair: (counts[pair], pair)) if counts else (texts[0], texts[-1])
    one, other = sorted(chosen, key=lambda source: (-len(corpus[source].raw), source))
    return one, other


def shares_table(corpus: Mapping[str, Document], found: Sequence[Reuse]) -> pd.DataFrame:
    """Return a row per text and other text it shares passages with: how many, and how much of the text they are.

    Units: characters of the running text, white space left out; a passage that answers several others counts once.
    """
    rows = []
    for source, doc in corpus.items():
        whole = sum(_letters(doc.view.text[start:end]) for start, end, _ in doc.paragraphs("body", "caption"))
        for other in corpus:
            pairs = [one for one in found if {one.a.source, one.b.source} == {source, other}]
            sides = [side for one in pairs for side in (one.a, one.b) if side.source == source]
            if sides:
                places = {at for side in sides for at in range(side.start, side.end)}
                shared = sum(not doc.raw[at].isspace() for at in places)
                name = "itself" if other == source else label(corpus, other)
                rows.append((label(corpus, source), name, len(pairs), shared, whole))
    table = pd.DataFrame(rows, columns=["Text", "Shares with", "Pairs", "Characters shared", "Of"])
    table["Share"] = [f"{min(1, shared / whole):.0%}" for _, _, _, shared, whole in rows]
    return table


def _letters(text: str) -> int:
    return sum(not sign.isspace() for sign in text)


def longest_repeats(
    corpus: Mapping[str, Document], known: Knowledge, found: Iterable[Reuse]
) -> list[tuple[int, Span, Span]]:
    """Return the longest run of the same words of each pair, longest first, as (words, place in a, place in b)."""
    runs = []
    for one in found:
        docs = [corpus[side.source] for side in (one.a, one.b)]
        words = [plain_words(doc, side, known) for doc, side in zip(docs, (one.a, one.b), strict=True)]
        one_forms, other_forms = ([word.form for word in side] for side in words)
        match = SequenceMatcher(None, one_forms, other_forms, autojunk=False).find_longest_match()
        if match.size:
            rows = words[0][match.a : match.a + match.size], words[1][match.b : match.b + match.size]
            a, b = (doc.mark(Span, row[0].start, row[-1].end) for doc, row in zip(docs, rows, strict=True))
            runs.append((match.size, a, b))
    return sorted(runs, key=lambda run: (-run[0], run[1].source, run[1].start, run[2].source, run[2].start))


def named_only(corpus: Mapping[str, Document], known: Knowledge, found: Sequence[Reuse], side: str) -> list[Mention]:
    """Return what the passages of one side, "a" or "b", name and their likes do not, pair by pair."""
    return [one for _, only in _named_apart(corpus, known, found) for one in only[("a", "b").index(side)]]


def _named_apart(
    corpus: Mapping[str, Document], known: Knowledge, found: Iterable[Reuse]
) -> list[tuple[Reuse, tuple[list[Mention], list[Mention]]]]:
    mentions = [one for doc in corpus.values() for one in find_mentions(doc, known)]
    apart = []
    for one in found:
        named = [within(mentions, [side]) for side in (one.a, one.b)]
        apart.append((one, (_only(named[0], named[1]), _only(named[1], named[0]))))
    return apart


def names_table(corpus: Mapping[str, Document], known: Knowledge, found: Sequence[Reuse]) -> pd.DataFrame:
    """Return a row per two passages that name different things: what only the one names, and what only the other."""
    rows = []
    for one, only in _named_apart(corpus, known, found):
        if any(only):
            rows.append(
                {
                    "Passage a": one.a,
                    "Passage b": one.b,
                    "Named in a only": only[0] or "none",
                    "Named in b only": only[1] or "none",
                }
            )
    return pd.DataFrame(rows, columns=["Passage a", "Passage b", "Named in a only", "Named in b only"])


def _only(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Return the first mention of each thing that the other side does not name."""
    there = {name_stem(one.entity) for one in others}
    first: dict[str, Mention] = {}
    for one in mentions:
        if name_stem(one.entity) not in there:
            first.setdefault(name_stem(one.entity), one)
    return list(first.values())


def exchanges_table(corpus: Mapping[str, Document], known: Knowledge, found: Iterable[Reuse]) -> pd.DataFrame:
    """Return a row per words of `a` for which `b` has others in the same place, in the order of the alphabet.

    Words that stand in the place of at most `EXCHANGED` others; where both are small words only, the row is left out.
    """
    small, grouped = small_words(known), dict[tuple[str, str], list[Change]]()
    for one in found:
        for change in word_changes(corpus, known, one):
            if change.kind == "exchanged" and max(change.words) <= EXCHANGED and change.a and change.b:
                sides = change.a.words.lower(), change.b.words.lower()
                if not small.issuperset(" ".join(sides).split()):
                    grouped.setdefault(sides, []).append(change)
    rows = [
        {"In a": [one.a for one in changes], "In b": [one.b for one in changes]}
        for _, changes in sorted(grouped.items(), key=lambda item: item[0])
    ]
    return pd.DataFrame(rows, columns=["In a", "In b"])
