"""Contrasting terms as evidence: in whose voice a text chooses a name, set in marks or not, and beside which others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from apparatus.contrasts import Contrast
from apparatus.extract.quotes import find_quotes
from apparatus.extract.terms import find_terms
from apparatus.knowledge import Knowledge
from apparatus.model import Coding, Document, Quotation, Span, Term
from apparatus.stats import wilson_interval
from apparatus.themes import RUNNING_TEXT, within
from apparatus.voices import Voice, find_voices
from apparatus.words import count_words

OWN, APART, REPORTED, QUOTED = HOWS = "own voice", "set apart", "reported", "quoted"
CALLED = re.compile(
    r"\b(?:(?:so-)?called|termed|dubbed|labell?ed|nicknamed|(?:known|referred to|described|portrayed) as)"
    r"(?: (?:the|an?|its|their))?[ “\"«‘]*$",
    re.IGNORECASE,
)  # words by which a text says that others call it so
CALLED_FAR = 40
MAJORITY = 0.5
WORDS = 8  # shown on either side of a term
CONTRAST_COLUMNS = (
    "What is named", "Source", "Variant", "Own voice", "Set apart", "Reported or quoted", "Passages",
)  # fmt: skip
CHOICE_COLUMNS = (
    "What is named", "Source", "Chosen most", "Uses", "Interval of its share", "The choice is", "Passages",
)  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A term where it stands: in whose voice, and whether the text sets it apart as not its own word.

    It does so by quotation marks that are nobody's speech, or by words such as "so-called", "known as".
    """

    term: Term
    voice: Voice
    apart: bool

    @property
    def how(self) -> str:
        """How the source uses the term: own voice, set apart, reported or quoted."""
        if self.voice.kind == "quoted":
            return QUOTED
        if self.apart:
            return APART
        return REPORTED if self.voice.kind == "reported" else OWN


def choose_contrasts(known: Knowledge, names: Iterable[str] = ()) -> list[Contrast]:
    """Return some contrasts in the order given, or all. Raises `ValueError` for one that is none."""
    return [known.contrast(name) for name in list(names) or known.contrasts]


def read_terms(
    corpus: Mapping[str, Document],
    known: Knowledge,
    contrasts: Iterable[str] = (),
    *,
    zones: Sequence[str] = RUNNING_TEXT,
    quotes: Sequence[Quotation] | None = None,
    passages: Iterable[Span] | None = None,
) -> list[Use]:
    """Return every use of the terms of some contrasts, or of all, in the order of the corpus and of each text.

    `quotes` are the quotations of the corpus where they are known already. With `passages`, only uses that overlap
    one of them. The words of a text's title, of running heads and of contents lists are others' or repeated: only
    `zones` are read.
    """
    names = {contrast.id for contrast in choose_contrasts(known, contrasts)}
    uses = [use for doc in corpus.values() for use in _uses(doc, known, names, zones, quotes)]
    if passages is not None:
        kept = set(within(terms_of(uses), passages))
        uses = [use for use in uses if use.term in kept]
    return uses


def _uses(
    doc: Document, known: Knowledge, names: set[str], zones: Sequence[str], quotes: Sequence[Quotation] | None
) -> list[Use]:
    terms = [term for term in find_terms(doc, known) if term.contrast in names and term.zone in zones]
    here = find_quotes(doc, known) if quotes is None else [one for one in quotes if one.source == doc.source.id]
    marked = set(within(terms, [quote for quote in here if quote.type == "term"]))
    voices = find_voices(doc, terms, here, known)
    return [
        Use(term, voice, term in marked or _is_called(doc, term)) for term, voice in zip(terms, voices, strict=True)
    ]


def _is_called(doc: Document, term: Term) -> bool:
    """Tell a term that the text gives as what others say: "the so-called", "referred to as", "many called"."""
    place = doc.view.from_raw(term.start, term.end)
    return place is not None and bool(CALLED.search(doc.view.text[max(0, place[0] - CALLED_FAR) : place[0]]))


def of_contrast(uses: Iterable[Use], contrast: Contrast | str, *variants: str) -> list[Use]:
    """Return the uses of one contrast, or of some variants of it."""
    name = contrast if isinstance(contrast, str) else contrast.id
    return [use for use in uses if use.term.contrast == name and (not variants or use.term.variant in variants)]


def in_voice(uses: Iterable[Use], *hows: str) -> list[Use]:
    """Return the uses of some kinds: own voice, set apart, reported, quoted."""
    return [use for use in uses if use.how in hows]


def terms_of(uses: Iterable[Use]) -> list[Term]:
    """Return the terms of some uses: the passages."""
    return [use.term for use in uses]


def contrast_table(corpus: Mapping[str, Document], known: Knowledge, uses: Sequence[Use]) -> pd.DataFrame:
    """Return a row per contrast, source and variant: how often in the own voice and otherwise, with the passages."""
    groups: dict[tuple[str, str, str], list[Use]] = {
        (contrast.id, source, label): []
        for contrast in known.contrasts.values()
        for source in corpus
        for label in contrast.labels
    }
    for use in uses:
        groups[use.term.contrast, use.term.source, use.term.variant].append(use)
    rows = [
        {
            "What is named": known.contrasts[name].title,
            "Source": corpus[source].source.label,
            "Variant": f"“{label}”",
            "Own voice": len(in_voice(found, OWN)),
            "Set apart": len(in_voice(found, APART)),
            "Reported or quoted": len(in_voice(found, REPORTED, QUOTED)),
            "Passages": terms_of(found),
        }
        for (name, source, label), found in groups.items()
        if found
    ]
    return pd.DataFrame(rows, columns=CONTRAST_COLUMNS)


def terms_by_voice_table(corpus: Mapping[str, Document], contrast: Contrast, uses: Sequence[Use]) -> pd.DataFrame:
    """Return a row per variant of a contrast, also those that no text has, and a column per source.

    A cell gives the uses in the own voice, and after a plus the others: set apart, reported or quoted.
    """
    mine = of_contrast(uses, contrast)
    rows = []
    for label in contrast.labels:
        found = [use for use in mine if use.term.variant == label]
        row: dict[str, object] = {"Variant": f"“{label}”"}
        for source, doc in corpus.items():
            row[doc.source.label] = _counts([use for use in found if use.term.source == source])
        rows.append(row | {"All": _counts(found)})
    return pd.DataFrame(rows, columns=["Variant", *(doc.source.label for doc in corpus.values()), "All"])


def _counts(uses: Sequence[Use]) -> str | int:
    own = len(in_voice(uses, OWN))
    others = len(uses) - own
    return f"{own} + {others}" if others else own


def choice_words(corpus: Mapping[str, Document], contrast: Contrast, uses: Sequence[Use], *hows: str) -> str:
    """Return which names of a contrast each source has, and how often: 'Report: “exodus” (3), “fled” (1); …'.

    `hows` are the uses that count, all where none is named. A source that has none is left out.
    """
    mine = in_voice(of_contrast(uses, contrast), *(hows or HOWS))
    said = []
    for source, doc in corpus.items():
        counts = Counter(use.term.variant for use in mine if use.term.source == source)
        names = [f"“{label}” ({counts[label]})" for label in contrast.labels if counts[label]]
        if names:
            said.append(f"{doc.source.label}: {', '.join(names)}")
    return "; ".join(said) or "none"


def unused(contrasts: Iterable[Contrast], uses: Sequence[Use]) -> list[str]:
    """Return the names of some contrasts that no use has, nor holds in a longer one, each once, in quotation marks."""
    said = {use.term.variant for use in uses} | {use.term.words.casefold() for use in uses}
    missing = dict.fromkeys(label for one in contrasts for label in one.labels if label not in said)
    return [f"“{label}”" for label in missing if not any(label.casefold() in words for words in said)]


def uses_table(corpus: Mapping[str, Document], uses: Sequence[Use], *, level: float = 0.95) -> pd.DataFrame:
    """Return a row per source: its words, its uses of the names by voice, and the share in the own voice."""
    rows = []
    for source, doc in corpus.items():
        mine = [use for use in uses if use.term.source == source]
        counts = Counter(use.how for use in mine)
        low, high = wilson_interval(counts[OWN], len(mine), level=level)
        rows.append(
            {
                "Source": doc.source.label,
                "Words": count_words(doc),
                "Things named": len({use.term.contrast for use in mine}),
                **{how.capitalize(): counts[how] for how in HOWS},
                "Share in the own voice": f"{low:.0%} to {high:.0%}" if mine else "silent",
            }
        )
    return pd.DataFrame(rows)


def choices_table(
    corpus: Mapping[str, Document], contrasts: Iterable[Contrast], uses: Sequence[Use], *, level: float = 0.95
) -> pd.DataFrame:
    """Return a row per contrast and source that names it in its own voice: the variant chosen most, and its share.

    A choice is called clear where the interval of the share lies above a half, or else open: with so few uses another
    text by the same hand could as well choose otherwise. The interval takes the uses for independent, which those in
    one paragraph are not; it is rather too narrow.
    Source: Wilson 1927.
    """
    own = in_voice(uses, OWN)
    rows = [
        {"What is named": contrast.title, "Source": doc.source.label, **_choice(contrast, terms, level)}
        for contrast in contrasts
        for source, doc in corpus.items()
        if (terms := [use.term for use in of_contrast(own, contrast) if use.term.source == source])
    ]
    return pd.DataFrame(rows, columns=CHOICE_COLUMNS)


def _choice(contrast: Contrast, terms: Sequence[Term], level: float) -> dict[str, object]:
    counts = Counter(term.variant for term in terms)
    label = max(contrast.labels, key=lambda one: counts[one])
    low, high = wilson_interval(counts[label], len(terms), level=level)
    return {
        "Chosen most": f"“{label}”",
        "Uses": f"{counts[label]} of {len(terms)}",
        "Interval of its share": f"{low:.0%} to {high:.0%}",
        "The choice is": "clear" if low > MAJORITY else "open",
        "Passages": [term for term in terms if term.variant == label],
    }


def coded_table(
    corpus: Mapping[str, Document], known: Knowledge, uses: Sequence[Use], codings: Sequence[Coding]
) -> pd.DataFrame:
    """Return a row per coded question that can be counted, and source: what a coder read, and what is counted."""
    asked = [
        (known.questions[name], of_contrast(in_voice(uses, OWN), contrast), contrast.labels)
        for contrast in known.contrasts.values()
        for name in contrast.questions
        if known.questions[name].mechanical
    ]
    rows = []
    for question, own, labels in asked:
        for coding in (one for one in codings if one.question == question.id and one.source in corpus):
            terms = [use.term for use in own if use.term.source == coding.source]
            counts = Counter(term.variant for term in terms)
            rows.append(
                {
                    "Question": question.question,
                    "Source": corpus[coding.source].source.label,
                    "Coded": question.label(coding.code) if coding.held else "silent",
                    "Coder": coding.coder,
                    "Counted": ", ".join(f"“{one}” {counts[one]}" for one in labels if counts[one]) or "none",
                    "Passages": terms,
                }
            )
    return pd.DataFrame(rows, columns=["Question", "Source", "Coded", "Coder", "Counted", "Passages"])


def concordance_table(corpus: Mapping[str, Document], uses: Sequence[Use], *, words: int = WORDS) -> pd.DataFrame:
    """Return a row per use, in the order of the texts: the words before it, the term, the words after it, its voice."""
    rows = []
    for use in uses:
        before, after = _sides(corpus[use.term.source], use.term, words)
        speaker = f" {use.voice.speaker or 'someone not named'}" if use.how in (REPORTED, QUOTED) else ""
        rows.append(
            {
                "Source": corpus[use.term.source].source.label,
                "Before": before,
                "Term": use.term,
                "After": after,
                "Voice": f"{use.how}{':' if speaker else ''}{speaker}",
            }
        )
    return pd.DataFrame(rows, columns=["Source", "Before", "Term", "After", "Voice"])


def _sides(doc: Document, term: Term, words: int) -> tuple[str, str]:
    """Return so many words before and after a term, of its own paragraph, as they are read."""
    place = doc.view.from_raw(term.start, term.end)
    assert place is not None, "what was found in the view is shown by it"
    start, end, _ = next(block for block in doc.blocks if block[0] <= place[0] < block[1])
    before, after = doc.view.text[start : place[0]].split(), doc.view.text[place[1] : end].split()
    return " ".join(before[max(0, len(before) - words) :]), " ".join(after[:words])
