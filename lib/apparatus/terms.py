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

OWN, APART, REPORTED, QUOTED, DENIED = HOWS = "own voice", "set apart", "reported", "quoted", "denied"
OTHERS = HOWS[1:]
CALLED = re.compile(
    r"\b(?:(?:so-)?called|termed|dubbed|labell?ed|nicknamed|(?:known|referred to|described|portrayed) as)"
    r"(?: (?:the|an?|its|their))?[ “\"«‘]*$",
    re.IGNORECASE,
)  # words by which a text says that others call it so
CALLED_FAR = 40
DENYING = re.compile(
    r"(?:\b(?:not|never|no|nor|neither|without|rather than|instead of)|n[’']t)"
    r"(?: (?:an?|the|any|(?!(?:on|mere|simp)ly)\w+ly))* [“\"«‘]*$",
    re.IGNORECASE,
)  # words by which a text says that a name does not hold: "was not an accident"
POSSESSED = re.compile(r"[’']s\b")  # "is not the state's only aim": the aim is denied, not the state
MAJORITY = 0.5
WORDS = 8  # shown on either side of a term
CONTRAST_COLUMNS = (
    "What is named", "Source", "Its name", "Own voice", "Set apart", "Reported or quoted", "Denied", "Passages",
)  # fmt: skip
CHOICE_COLUMNS = (
    "What is named", "Source", "Chosen most", "Listed as", "Uses", "Interval of its share", "The choice is", "Passages",
)  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A term where it stands: in whose voice, and whether the text sets it apart as not its own word, or denies it.

    It sets it apart by quotation marks that are nobody's speech, or, without marks, by words such as "so-called",
    "called", "known as"; it denies it by a "not" or "rather than" just before.
    """

    term: Term
    voice: Voice
    apart: bool
    denied: bool = False

    @property
    def how(self) -> str:
        """How the source uses the term: own voice, set apart, reported, quoted or denied, which the own voice does."""
        if self.voice.kind == "quoted":
            return QUOTED
        if self.apart:
            return APART
        if self.voice.kind == "reported":
            return REPORTED
        return DENIED if self.denied else OWN


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
        Use(term, voice, term in marked or _follows(doc, term, CALLED), _is_denied(doc, term))
        for term, voice in zip(terms, voices, strict=True)
    ]


def _follows(doc: Document, term: Term, words: re.Pattern[str]) -> bool:
    """Tell a term that stands just after some words: "the so-called", "many called"; "was not a"."""
    place = doc.view.from_raw(term.start, term.end)
    return place is not None and bool(words.search(doc.view.text[max(0, place[0] - CALLED_FAR) : place[0]]))


def _is_denied(doc: Document, term: Term) -> bool:
    return _follows(doc, term, DENYING) and not POSSESSED.match(doc.raw, term.end)


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


def each_once(uses: Sequence[Use]) -> list[Use]:
    """Return some uses, of those on the same words the longest one: words that two contrasts list are said once."""
    kept: list[Use] = []
    for use in sorted(uses, key=lambda use: (use.term.source, use.term.start, -use.term.end)):
        last = kept[-1].term if kept else None
        if last is None or last.source != use.term.source or last.end <= use.term.start:
            kept.append(use)
    return kept


def own_form(terms: Sequence[Term]) -> Term:
    """Return the first of the terms that has their commonest words: what stands in quotation marks is a text's own."""
    counts = Counter(term.words.casefold() for term in terms)
    return max(terms, key=lambda term: counts[term.words.casefold()])


def contrast_table(corpus: Mapping[str, Document], known: Knowledge, uses: Sequence[Use]) -> pd.DataFrame:
    """Return a row per contrast, source and variant, in the source's own form: how often in whose voice, and where."""
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
            "Its name": own_form(terms_of(found)),
            "Own voice": len(in_voice(found, OWN)),
            "Set apart": len(in_voice(found, APART)),
            "Reported or quoted": len(in_voice(found, REPORTED, QUOTED)),
            "Denied": len(in_voice(found, DENIED)),
            "Passages": terms_of(found),
        }
        for (name, source, _), found in groups.items()
        if found
    ]
    return pd.DataFrame(rows, columns=CONTRAST_COLUMNS)


def terms_by_voice_table(corpus: Mapping[str, Document], contrast: Contrast, uses: Sequence[Use]) -> pd.DataFrame:
    """Return a row per variant of a contrast, also those that no text has, and a column per source.

    A variant is given as listed, which is a heading for its forms and no quotation. A cell gives the uses in the own
    voice, and after a plus the others: set apart, reported, quoted or denied.
    """
    mine = of_contrast(uses, contrast)
    rows = []
    for label in contrast.labels:
        found = [use for use in mine if use.term.variant == label]
        row: dict[str, object] = {"Listed as": label}
        for source, doc in corpus.items():
            row[doc.source.label] = _counts([use for use in found if use.term.source == source])
        rows.append(row | {"All": _counts(found)})
    return pd.DataFrame(rows, columns=["Listed as", *(doc.source.label for doc in corpus.values()), "All"])


def _counts(uses: Sequence[Use]) -> str | int:
    own = len(in_voice(uses, OWN))
    others = len(uses) - own
    return f"{own} + {others}" if others else own


def choice_words(
    corpus: Mapping[str, Document], contrast: Contrast, uses: Sequence[Use], *hows: str
) -> tuple[str | Term, ...]:
    """Return which names of a contrast each source has, in its own form, and how often: parts of a statement.

    Shapes: words and passages in turn, as in 'Report: “mass exodus” and other forms (3), “fled” (1); …'. `hows` are the
    uses that count, all where none is named. A source that has none is left out.
    """
    mine = in_voice(of_contrast(uses, contrast), *(hows or HOWS))
    said: list[str | Term] = []
    for source, doc in corpus.items():
        here = terms_of(use for use in mine if use.term.source == source)
        lead = f"{'; ' if said else ''}{doc.source.label}: "
        for found in _by_variant(contrast, here).values():
            several = len({term.words.casefold() for term in found}) > 1
            said += [lead, own_form(found), f" {'and other forms ' if several else ''}({len(found)})"]
            lead = ", "
    return tuple(said) or ("none",)


def _by_variant(contrast: Contrast, terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Return terms of a contrast by variant, in the order of its file; a variant that none has is left out."""
    groups: dict[str, list[Term]] = {label: [] for label in contrast.labels}
    for term in terms:
        groups[term.variant].append(term)
    return {label: found for label, found in groups.items() if found}


def unused(contrasts: Iterable[Contrast], uses: Sequence[Use]) -> list[str]:
    """Return the names of some contrasts that no use has in any form, nor holds in a longer one, each once, quoted."""
    said = {use.term.variant.casefold() for use in uses} | {use.term.words.casefold() for use in uses}
    missing = dict.fromkeys(label for one in contrasts for label in one.labels)
    return [f"“{label}”" for label in missing if not any(label.casefold() in words for words in said)]


def uses_table(corpus: Mapping[str, Document], uses: Sequence[Use], *, level: float = 0.95) -> pd.DataFrame:
    """Return a row per source: its words, its uses of the names by voice, and the share in the own voice.

    Words that several contrasts list are one use.
    """
    rows = []
    for source, doc in corpus.items():
        every = [use for use in uses if use.term.source == source]
        mine = each_once(every)
        counts = Counter(use.how for use in mine)
        low, high = wilson_interval(counts[OWN], len(mine), level=level)
        rows.append(
            {
                "Source": doc.source.label,
                "Words": count_words(doc),
                "Things named": len({use.term.contrast for use in every}),
                **{how.capitalize(): counts[how] for how in HOWS},
                "Share in the own voice": f"{low:.0%} to {high:.0%}" if mine else "silent",
            }
        )
    return pd.DataFrame(rows)


def choices_table(
    corpus: Mapping[str, Document], contrasts: Iterable[Contrast], uses: Sequence[Use], *, level: float = 0.95
) -> pd.DataFrame:
    """Return a row per contrast and source that names it in its own voice: the variant chosen most, and its share.

    The name is given in the source's own form, and as listed, by which sources are compared.

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
    groups = _by_variant(contrast, terms)
    label = max(groups, key=lambda one: len(groups[one]))
    found = groups[label]
    low, high = wilson_interval(len(found), len(terms), level=level)
    return {
        "Chosen most": own_form(found),
        "Listed as": label,
        "Uses": f"{len(found)} of {len(terms)}",
        "Interval of its share": f"{low:.0%} to {high:.0%}",
        "The choice is": "clear" if low > MAJORITY else "open",
        "Passages": found,
    }


def coded_table(
    corpus: Mapping[str, Document], known: Knowledge, uses: Sequence[Use], codings: Sequence[Coding]
) -> pd.DataFrame:
    """Return a row per coded question that can be counted, and source: what a coder read, and what is counted."""
    asked = [
        (known.questions[name], contrast, of_contrast(in_voice(uses, OWN), contrast))
        for contrast in known.contrasts.values()
        for name in contrast.questions
        if known.questions[name].mechanical
    ]
    rows = []
    for question, contrast, own in asked:
        for coding in (one for one in codings if one.question == question.id and one.source in corpus):
            terms = [use.term for use in own if use.term.source == coding.source]
            found = _by_variant(contrast, terms).values()
            rows.append(
                {
                    "Question": question.question,
                    "Source": corpus[coding.source].source.label,
                    "Coded": question.label(coding.code) if coding.held else "silent",
                    "Coder": coding.coder,
                    "Counted": ", ".join(f"“{own_form(one).words}” {len(one)}" for one in found) or "none",
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
