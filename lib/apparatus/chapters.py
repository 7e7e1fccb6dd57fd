"""What a theme's chapter shows, part by part: each function displays tables and figures, and states what they say.

A notebook calls these in its order, asks before each call and reads what it shows; what only one theme has to show
stands in that theme's notebook.
"""

from __future__ import annotations

from collections.abc import Sequence

from apparatus.figures import plot_places, plot_positions, plot_score
from apparatus.knowledge import Theme
from apparatus.model import Quotation, Reuse, Span
from apparatus.positions import disputed, evidence_of, position_key, positions_on, positions_table, shared, unheard
from apparatus.reading import Reading
from apparatus.reconcile import find_ledger
from apparatus.reconcile.decisions import confirmed, undecided
from apparatus.reconcile.ledger import bearing_on, ledger_table, stated_in, with_verdict
from apparatus.reconcile.record import Comparison
from apparatus.references import later, passages_of, references_table, relating
from apparatus.reuse import find_reuse, within_passages
from apparatus.reuse.drift import order_words
from apparatus.reuse.tables import reuse_table
from apparatus.show import figure, finding, paragraphs, passages, table
from apparatus.speaking import Speaking, read_speaking, speech_table, words_of
from apparatus.tables import numbers_table, overview_table, quotes_table, terms_table
from apparatus.terms import OWN, Use, choices_table, choose_contrasts, contrast_table, in_voice, read_terms, terms_of
from apparatus.timeline import TOLD, Timeline, claims_table, omissions_table, read_timeline, timeline_table


def show_question(theme: Theme) -> None:
    """Display what a theme's chapter asks, and what it cannot show, as the theme's file says it."""
    paragraphs(theme.question or f"What do the sources say on {theme.subject}?")
    if theme.cannot:
        paragraphs(theme.cannot, lead="What this page cannot show.")


def show_passages(reading: Reading) -> None:
    """Display which passages concern the theme: how many in each source, where, and the passages themselves."""
    table(overview_table(reading), "What each source has on the theme")
    figure(
        plot_places(reading),
        label="places",
        caption=f"{len(reading.passages)} passages on the theme, in {len(reading.speaking)} of {len(reading.corpus)} "
        "texts. A strip is a text; a bar is a passage, taller where more strands of the theme meet in it.",
        alt="One strip per source with a bar at each passage on the theme; sources without one are marked silent.",
    )
    finding(
        "Of {all} sources read, {count} have passages on the theme: {speaking}. Silent on it: {silent}. The first "
        "passage of each opens below.",
        evidence=[reading.of(source)[0] for source in reading.speaking],
        count=len(reading.speaking),
        all=len(reading.corpus),
        speaking=reading.labels(reading.speaking),
        silent=reading.labels(reading.silent),
    )
    passages(reading)


def show_voices(reading: Reading, types: Sequence[str] = ("direct", "term")) -> Speaking:
    """Display whose words the passages are: the sources' own, reported or quoted; and every quotation of some types."""
    speaking = read_speaking(reading.corpus, reading.everything, reading.known).within(reading.passages)
    figure(
        plot_score(speaking),
        label="score",
        caption=f"{words_of(speaking.given):,} of {words_of(speaking.pieces):,} words in the passages are given to "
        "others: quoted ones stand above the line of a source's own voice, reported ones below; right, their share.",
        alt="A strip per source: bars above the line are quoted words, bars below it reported ones; colour and "
        "hatching tell for whom the speaker speaks, and a percentage how many words are given to others.",
    )
    spoken = speech_table(speaking)
    table(spoken.drop(columns="Longest piece"), "Who is given words in the passages, and how many")
    named = [name for name in dict.fromkeys(spoken["Speaker"]) if name in _named(speaking)]
    finding(
        "Of {all} words in the passages, {own} are the sources' own, {reported} are reported of others and {quoted} "
        "are quoted. These are put to: {speakers}.",
        evidence=list(spoken["Longest piece"]),
        all=words_of(speaking.pieces),
        own=_words(speaking, "own"),
        reported=_words(speaking, "reported"),
        quoted=_words(speaking, "quoted"),
        speakers=named,
    )
    listed = [quote for quote in reading.spans.quotes if quote.type in types]
    table(quotes_table(reading, listed), "Words in quotation marks in the passages")
    _tell_quoted(reading)
    return speaking


def _named(speaking: Speaking) -> set[str]:
    return {one.speaker for one in speaking.given if speaking.who(one).named}


def _words(speaking: Speaking, voice: str) -> int:
    return words_of(one for one in speaking.pieces if one.voice == voice)


def _tell_quoted(reading: Reading) -> None:
    direct = [quote for quote in reading.spans.quotes if quote.type == "direct"]
    quoting = {quote.source for quote in direct}
    finding(
        "{count} quotations of speech stand in the passages, of {speakers}. Sources that quote nobody there: "
        "{without}. Whether the words were said so is not checked here.",
        evidence=direct,
        count=len(direct),
        speakers=_speakers(direct),
        without=reading.labels(source for source in reading.speaking if source not in quoting) or "none",
    )


def _speakers(quotes: Sequence[Quotation]) -> list[str]:
    return list(dict.fromkeys(quote.speaker or "speakers not named" for quote in quotes))


def show_positions(reading: Reading) -> None:
    """Display where the sources take the same position on the theme's questions, different ones, or none."""
    apart, alike, alone = disputed(reading), shared(reading), unheard(reading)
    figure(
        plot_positions(reading),
        label="positions",
        caption=f"Sources take different positions on {len(apart)} of {len(reading.questions)} questions. Filled: own "
        "voice; open: only reported.",
        alt="A matrix of contested questions by sources with a letter for each position and a sign for each silence.",
        key=position_key(reading),
    )
    table(positions_table(reading), "Positions on the contested questions")
    finding(
        "Of {all} questions, sources take different positions on {count}: {apart}. Several speak and agree on: "
        "{alike}. {caution}A single source speaks, or none, on: {alone}.",
        evidence=evidence_of(reading, apart) or evidence_of(reading, reading.questions),
        main=True,
        all=len(reading.questions),
        count=len(apart),
        apart=[one.name for one in apart] or "none",
        alike=[one.name for one in alike] or "none",
        caution="That they agree does not show that they are right. " if alike else "",
        alone=[one.name for one in alone] or "none",
    )
    _tell_reported(reading)


def _tell_reported(reading: Reading) -> None:
    reported = [
        span
        for question in reading.questions
        for held in positions_on(reading, question).values()
        if held.voice == "reported"
        for span in held.evidence
    ]
    if reported:
        finding(
            "Passages for positions that a source holds only in words it reports of others: {count}, in {sources}.",
            evidence=reported,
            count=len(reported),
            sources=reading.labels(dict.fromkeys(span.source for span in reported)),
        )


def show_silences(reading: Reading) -> None:
    """Display which strands of the theme each source has, and which it has not."""
    counts = terms_table(reading)
    table(counts, "Passages of each source that hold a strand; a dash is a silence")
    alone = [row["Strand"] for _, row in counts.iterrows() if (row.drop("Strand") > 0).sum() == 1]
    finding(
        "Of {all} strands, those that occur in a single source: {alone}.",
        evidence=reading.holding(*alone),
        all=len(counts),
        alone=alone or "none",
    )


def show_records(reading: Reading) -> None:
    """Display what independent records say beside the words they bear on, and how that comes out."""
    table(references_table(reading), "References beside the words they bear on")
    finding(
        "References filed under the theme or bearing on its passages: {count}; confirming the words they bear on: "
        "{confirm}, qualifying them: {qualify}, contradicting them: {contradict}, putting them in context: {context}. "
        "References to what came after the documents: {later}.",
        evidence=passages_of(reading.references),
        count=len(reading.references) - len(later(reading)),
        confirm=len(relating(reading, "confirms")),
        qualify=len(relating(reading, "qualifies")),
        contradict=len(relating(reading, "contradicts")),
        context=len(relating(reading, "context")),
        later=len(later(reading)),
    )
    bare = [one for one in reading.passages if not _borne(reading, one)]
    finding(
        "Of {all} passages, {bare} have none of these records beside them; that neither confirms nor contradicts them.",
        evidence=bare[:1],
        bare=len(bare),
        all=len(reading.passages),
    )


def _borne(reading: Reading, passage: Span) -> bool:
    return any(
        place.source == passage.source and place.start < passage.end and passage.start < place.end
        for reference in reading.references
        for place in reference.passages
    )


def show_names(reading: Reading) -> list[Use]:
    """Display which of several names each source chooses for what the theme speaks of, in whose voice."""
    contrasts = choose_contrasts(reading.known, reading.theme.contrasts)
    uses = read_terms(
        reading.corpus,
        reading.known,
        [one.id for one in contrasts],
        quotes=reading.everything.quotes,
        passages=reading.passages,
    )
    table(
        contrast_table(reading.corpus, reading.known, uses),
        "Names chosen in the passages, by voice; set apart: in quotation marks, or with “so-called”, “called”",
    )
    own = in_voice(uses, OWN)
    chosen = choices_table(reading.corpus, contrasts, uses)
    differing = [
        title for title, rows in chosen.groupby("What is named", sort=False) if rows["Listed as"].nunique() > 1
    ]
    finding(
        "Things named in a source's own voice: {all}; those that sources name differently: {differing}. Of "
        "{uses} uses of such names, {own} stand in a source's own voice; the others are set apart, reported, quoted "
        "or denied.",
        evidence=terms_of(own) or terms_of(uses),
        all=chosen["What is named"].nunique(),
        differing=differing or "none",
        own=len(own),
        uses=len(uses),
    )
    return uses


def show_numbers(reading: Reading) -> list[Comparison]:
    """Display every number of the passages, in whose voice it stands, and what it was held against."""
    numbers = reading.spans.numbers
    table(numbers_table(reading, numbers), "Numbers in the passages", folded=True)
    own = reading.in_own_voice(numbers)
    finding(
        "Of {count} numbers in the passages, {own} stand in a source's own voice, with nobody named for them there.",
        evidence=own,
        count=len(numbers),
        own=len(own),
    )
    ledger = find_ledger(reading.corpus, reading.everything, reading.known)
    rows = bearing_on(confirmed(ledger), reading.passages)
    apart, alike = with_verdict(rows, "impossible", "differs"), with_verdict(rows, "agrees", "rounds")
    table(ledger_table(apart, reading.corpus), "Figures, dates and offices that differ, or cannot be")
    table(ledger_table(alike, reading.corpus), "Those that agree, or agree once rounded", folded=True)
    if unread := bearing_on(undecided(ledger), reading.passages):
        table(ledger_table(unread, reading.corpus), "Found by the rules, not yet read by anybody", folded=True)
    finding(
        "Comparisons in which figures, dates and offices of the passages stand: {all}; in agreement: {agree}, in "
        "agreement once rounded: {round}, different: {differ}, impossible: {impossible}. Numbers that nothing bears "
        "on: {open}.",
        evidence=stated_in(apart) or stated_in(alike),
        all=len(apart) + len(alike),
        agree=len(with_verdict(rows, "agrees")),
        round=len(with_verdict(rows, "rounds")),
        differ=len(with_verdict(rows, "differs")),
        impossible=len(with_verdict(rows, "impossible")),
        open=len(with_verdict(rows, "not recomputable")),
    )
    return rows


def show_dates(reading: Reading) -> Timeline:
    """Display which events of the theme each source dates, names or does not mention, and the dates in the passages."""
    timeline = read_timeline(reading.corpus, reading.everything, reading.known)
    timeline = timeline.of_themes([reading.theme.id], reading.passages)
    told = [event for event in timeline.events.values() if timeline.sources(event.id, *TOLD)]
    table(claims_table(timeline, told, silent=False), "What the sources date or name, event by event")
    table(omissions_table(timeline), "Who dates an event, who names it, who is silent")
    several, unheard_of = timeline.dated_by(2), timeline.unheard_of
    finding(
        "Events entered for this theme: {all}. Dated by more than one source: {several}; by a single one: {one}. "
        "Dated otherwise than the list has it: {otherwise}. Neither dated nor named in any: {names}.",
        evidence=timeline.evidence(told),
        all=len(timeline.events),
        several=len(several),
        one=len(timeline.dated_by(1, 1)),
        otherwise=[event.title for event in timeline.dated_otherwise] or "none",
        names=[event.title for event in unheard_of] or "none",
    )
    table(timeline_table(timeline), "Dates in the passages, earliest first", folded=True)
    return timeline


def show_shared(reading: Reading) -> list[Reuse]:
    """Display the passages on the theme that stand in more than one text, word for word or reworded."""
    found = find_reuse(reading.corpus, reading.known)
    shared = [one for one in within_passages(found, reading.passages) if one.a.source != one.b.source]
    table(reuse_table(reading.corpus, shared), "Passages that resemble each other")
    pairs = list(dict.fromkeys((one.a.source, one.b.source) for one in shared))
    finding(
        "Passages on the theme that resemble a passage of another text: {count}; with a long run of words in common: "
        "{verbatim}, saying the same in other words: {reworded}, quoting the same utterance: {quoted}. The texts: "
        "{texts}.",
        evidence=[span for one in shared for span in (one.a, one.b)],
        count=len(shared),
        verbatim=sum(one.kind == "verbatim" for one in shared),
        reworded=sum(one.kind == "paraphrase" for one in shared),
        quoted=sum(one.kind == "shared_quote" for one in shared),
        texts=[f"{reading.label(a)} with {reading.label(b)} ({order_words(reading.corpus, a, b)})" for a, b in pairs],
    )
    return shared


def show_limits(theme: Theme) -> None:
    """Display what a reader should bear in mind, as the theme's file says it."""
    paragraphs(*theme.limits)
