import io
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from apparatus.corpus import read_document
from apparatus.errors import DataError
from apparatus.figures import plot_ladders, plot_stated, plot_verdicts
from apparatus.knowledge import load_knowledge
from apparatus.marked import load_marked
from apparatus.model import Document, Quantity, Source, Span
from apparatus.paths import KNOWLEDGE, READINGS, ROOT
from apparatus.reading import find_spans, resolves
from apparatus.reconcile import find_ledger
from apparatus.reconcile.decisions import confirmed, load_decisions, undecided
from apparatus.reconcile.facts import load_facts, the_facts
from apparatus.reconcile.intervals import compare, interval
from apparatus.reconcile.ledger import (
    bearing_on,
    dismissed_table,
    ladders,
    ledger_table,
    of_sources,
    reason_counts,
    rules_table,
    under_rule,
    verdict_counts,
    with_verdict,
)
from apparatus.reconcile.record import CAUSES, REASONS, RULES, UNCHECKED, VERDICTS, Comparison
from apparatus.reconcile.scoring import precision, score_ledger, score_marked
from five import CORPUS
from work import check_growth

KNOWN = load_knowledge()
SPANS = find_spans(CORPUS, KNOWN)
LEDGER = find_ledger(CORPUS, SPANS, KNOWN)
CASES = tomllib.loads((ROOT / "tests/cases/reconcile.toml").read_text(encoding="utf-8"))["case"]
BULLETIN = "air-bulletin-2024-02"
MARK = re.compile(r"⟦([^⟧]*)⟧")
THRESHOLDS = tomllib.loads((ROOT / "tests/thresholds.toml").read_text(encoding="utf-8"))["reconcile"]


def read(*texts: str, date: str = "") -> list[Comparison]:
    """The ledger of some short texts, with no decision applied."""
    docs = {
        name: read_document(Source(id=name, file=name, issued=date), raw)
        for name, raw in zip("abcdef", texts, strict=False)
    }
    return find_ledger(docs, find_spans(docs, KNOWN), KNOWN, decisions=[])


def changed(source: str, old: str, new: str, *, count: int = 1) -> dict[str, Document]:
    """The corpus with some words of one text changed."""
    raw = CORPUS[source].raw
    assert old in raw
    return CORPUS | {source: read_document(CORPUS[source].source, raw.replace(old, new, count))}


def ledger_of(corpus: dict[str, Document]) -> list[Comparison]:
    return find_ledger(corpus, find_spans(corpus, KNOWN), KNOWN, decisions=[])


def holding(rows: list[Comparison], *words: str) -> list[Comparison]:
    """The comparisons whose passages read so, each of the words once or more."""
    return [row for row in rows if set(words) <= {span.words for span in row.stated}]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, marks=pytest.mark.xfail(reason=one["xfail"], strict=True) if "xfail" in one else ())
        for one in CASES
    ],
    ids=lambda case: f"{case.get('rule', 'nothing')}: {case['why']}",
)
def test_a_rule_finds_its_cases_and_nothing_else(case: dict[str, Any]) -> None:
    rows = read(*(MARK.sub(r"\1", text) for text in case["texts"]), date=case.get("date", ""))
    relations = [row for row in rows if row.rule != "no comparison"]
    if "rule" not in case:
        assert [(row.rule, row.says) for row in relations] == []
        return
    wanted = case.get("marks") or [mark for text in case["texts"] for mark in MARK.findall(text)]
    fitting = [row for row in relations if (row.rule, row.verdict) == (case["rule"], case["verdict"])]
    assert any(set(wanted) <= {span.words for span in row.stated} for row in fitting), [
        (row.rule, row.verdict, [span.words for span in row.stated]) for row in relations
    ]


def test_every_rule_has_a_case_and_a_fifth_of_the_cases_are_of_nothing() -> None:
    assert {case["rule"] for case in CASES if "rule" in case} >= set(RULES) - {
        "no comparison",
        "two ranges of one period",
    }
    nothing = [case for case in CASES if "rule" not in case]
    assert len(nothing) >= len(CASES) / 5


@pytest.mark.parametrize("series", the_facts().series, ids=lambda series: series.name)
def test_a_series_gives_its_own_examples(series: Any) -> None:
    assert series.tests
    for text, verdict in series.tests:
        assert verdict in {row.verdict for row in under_rule(read(text), "number and year")}, text


def test_every_number_of_the_corpus_has_a_verdict() -> None:
    refs = {ref for row in LEDGER for ref in row.refs}
    assert {number.ref for number in SPANS.numbers} <= refs
    assert {row.verdict for row in LEDGER} <= set(VERDICTS)
    assert all(row.reason in REASONS for row in with_verdict(LEDGER, UNCHECKED))
    assert resolves(CORPUS, [span for row in LEDGER for span in row.stated])


def test_every_comparison_was_read_by_somebody_and_says_why() -> None:
    assert undecided(LEDGER) == []
    decisions = load_decisions()
    assert all(one.why and one.who and one.cause in CAUSES for one in decisions)
    assert all(row.cause for row in confirmed(with_verdict(LEDGER, "impossible", "differs")))


def test_the_order_of_the_documents_makes_no_difference() -> None:
    backwards = dict(reversed(CORPUS.items()))
    assert find_ledger(backwards, find_spans(backwards, KNOWN), KNOWN) == LEDGER


@pytest.mark.parametrize(
    ("source", "old", "new", "rule", "verdict", "words"),
    [
        (BULLETIN, "106 women", "606 women", "said again", "differs", ("606 women", "over 100 women")),
        (BULLETIN, "106 women", "606 women", "part of a total", "differs", ("606 women", "613 individuals")),
        (BULLETIN, "613 individuals", "713 individuals", "said again", "differs", ("713 individuals",)),
        (BULLETIN, "eight international airports", "nine international airports", "next in order", "differs", ()),
        (BULLETIN, "57th Eurovision", "58th Eurovision", "number and year", "impossible", ()),
        (BULLETIN, "32-year anniversary", "30-year anniversary", "anniversary", "differs", ("30-year",)),
        (BULLETIN, "20 years of presidency", "40 years of presidency", "time in office", "differs", ()),
        (BULLETIN, "October 1991", "October 1993", "order of time", "impossible", ("October 1993",)),
        ("caspian-news-2023-10-03", "lasted 44 days", "lasted 54 days", "length of an event", "differs", ("54 days",)),
        ("caspian-news-2023-10-03", "on Monday", "on Sunday", "weekday", "impossible", ("Sunday",)),
        ("eadaily-2024-10-02", "Wednesday, October", "Tuesday, October", "weekday", "impossible", ()),
        ("eadaily-2024-10-02", "three co-chairs", "four co-chairs", "names counted", "differs", ("four co-chairs",)),
    ],
)  # fmt: skip
def test_a_figure_changed_in_a_copy_of_a_text_appears_in_the_ledger(
    source: str, old: str, new: str, rule: str, verdict: str, words: tuple[str, ...]
) -> None:
    def faults(rows: list[Comparison]) -> list[Comparison]:
        return [row for row in holding(rows, *words) if (row.rule, row.verdict) == (rule, verdict)]

    before = [row.says for row in faults(LEDGER)]
    after = faults(ledger_of(changed(source, old, new)))
    assert [row for row in after if row.says not in before], f"{new!r} went by unseen"


def test_one_slip_makes_one_row() -> None:
    wrong = "He addressed the 75th session of the UN General Assembly on 24 September 2021."
    right = "She addressed the 76th session of the UN General Assembly on 24 September 2021."
    impossible = with_verdict(read(f"{wrong} {right}"), "impossible")
    assert [row.rule for row in impossible] == ["number and year"]


def test_an_office_of_then_is_held_against_the_day_told_not_against_since_when() -> None:
    text = (
        "On 26 February 1992 the town, besieged since October 1991 and dark since January 1992, was stormed.\n\n"
        "Armenia's then Defense Minister Serzh Sargsyan spoke of it."
    )
    [row] = under_rule(read(text), "office held")
    assert (row.verdict, row.difference) == ("differs", "542 days")
    assert "also be said of a later time" in row.why


def test_a_length_of_time_ago_is_not_a_length_that_lasts() -> None:
    lasting = "The calm on the border lasted five months, until a shot broke the calm on the border."
    back = "The operation on the border was conducted five months ago, before the calm."
    assert [row.says for row in under_rule(read(f"{lasting} {back}"), "said again")] == []
    assert under_rule(read(f"{lasting} The calm on the border of five months was broken."), "said again")


def test_speech_in_a_text_of_unknown_date_is_counted_from_the_day_last_told() -> None:
    text = (
        "The resolutions remained on paper from 1993. On 17 October 2020 he was interviewed.\n\n"
        '"The resolutions have remained on paper for 27 years," he said. On 24 September 2021 he spoke elsewhere.'
    )
    [row] = under_rule(read(text, date="2021-09-24/.."), "time counted back")
    assert row.recomputed == "26.8 to 27.8 years: 1993 to 17 October 2020"


def test_the_difference_is_that_of_the_nearest_values_the_words_allow() -> None:
    women = "In Baku the fire killed 106 women and 20 children. In Baku over 100 women were killed by the fire."
    [row] = with_verdict(under_rule(read(women), "said again"), "rounds")
    assert row.difference == "0"


def test_a_text_without_numbers_or_no_text_has_an_empty_ledger() -> None:
    assert read("Nothing is counted here.") == []
    assert find_ledger({}, find_spans({}, KNOWN), KNOWN, decisions=[]) == []


@pytest.mark.parametrize(
    "write",
    [
        lambda size: "\n\n".join([CORPUS["caspian-news-2023-10-03"].raw[400:]] * (size // 50)),
        lambda size: " ".join(f"{at} cows, {at % 97}% of" for at in range(3000, 3000 + size)),
    ],
    ids=["a text again and again", "a table without stops"],
)
def test_a_text_four_times_as_long_takes_some_four_times_as_much_work(write: Callable[[int], str]) -> None:
    def taken(size: int) -> tuple[dict[str, Document], list[Span]]:
        docs = {"a": read_document(Source(id="a", file="a", issued="2023-10-03"), write(size))}
        return docs, find_spans(docs, KNOWN)

    check_growth(lambda docs, spans: find_ledger(docs, spans, KNOWN, decisions=[]), taken, 400, 4)


def decisions_in(folder: Path, text: str) -> Path:
    path = folder / "reconciliation.toml"
    path.write_text(text, encoding="utf-8")
    return path


ENTRY = '[[decision]]\nrule = "weekday"\nrefs = ["eadaily-2024-10-02:0-26"]\ndecision = "confirmed"\nwhy = "w"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('who = "me"\n' + ENTRY.replace("0-26", "0-27"), "no row of the ledger has these passages any more"),
        ('who = "me"\n' + ENTRY + ENTRY, "decided already; keep one"),
        ('who = "me"\n' + ENTRY.replace("confirmed", "agreed"), "'agreed' is none of confirmed, dismissed"),
        ('who = "me"\n' + ENTRY + 'cause = "malice"\n', "'malice' is none of slip of the source"),
        ('who = "me"\n' + ENTRY.replace("why =", "wyh ="), "unknown field 'wyh'; did you mean 'why'"),
        (ENTRY, "needs its reason"),
        (
            'who = "me"\n'
            + ENTRY.replace('"weekday"', '"said again"').replace(
                "eadaily-2024-10-02:0-26", "air-bulletin-2024-02:53892-53903"
            ),
            "it fits several rows; give more of its refs",
        ),
    ],
)
def test_a_faulty_or_stale_decision_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        planted = load_decisions(decisions_in(tmp_path, text))
        find_ledger(CORPUS, SPANS, KNOWN, decisions=[*load_decisions(), *planted])


def test_a_text_that_nobody_decided_on_makes_no_decision_stale_and_is_not_told_as_read() -> None:
    record = replace(CORPUS["daily-sabah-oped"].source, id="another", label="Another")
    corpus = CORPUS | {"another": read_document(record, CORPUS["daily-sabah-oped"].raw.replace("2018", "2017"))}
    rows = find_ledger(corpus, find_spans(corpus, KNOWN), KNOWN)
    assert any("another" in row.sources for row in undecided(rows))
    assert not [row for row in confirmed(rows) if "another" in row.sources and row.verdict != "not recomputable"]


def test_a_decision_on_a_source_that_is_not_read_is_left_aside() -> None:
    alone = {"eadaily-2024-10-02": CORPUS["eadaily-2024-10-02"]}
    others = [one for one in load_decisions() if not any(ref.startswith("eadaily") for ref in one.refs)]
    assert find_ledger(alone, find_spans(alone, KNOWN), KNOWN, decisions=others)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("series.toml", "every = 4", "evry = 4", "unknown field 'evry'; did you mean 'every'"),
        ("series.toml", 'name = "European Games"', 'name = "Zzz"', "stands after"),
        ("dated.toml", '"2009-10-10"', '"2009-13-41"', "is no EDTF date"),
        ("dated.toml", 'event = "alma-ata"', 'event = "alma"', "has no event 'alma'"),
        ("dated.toml", 'event = "alma-ata"\n', "", "give the `event` of events.toml, or else `when` and `source`"),
        ("dated.toml", 'entity = "Alma-Ata Declaration"\n', "", "give its `entity` or the `words`"),
        ("offices-held.toml", '"2021-12-08/2025-05-06"', '"soon"', "'soon' is no EDTF date"),
        ("comparing.toml", '"26 children among the 1,200"', '"26 children"', "does not match its example"),
        ("comparing.toml", '"amongst"', '"among("', "no regular expression"),
        ("ratios.toml", "under =", "below =", "unknown field 'below'"),
        ("confusable.toml", 'since = "2021-11-12"', 'since = "12 November"', "is no EDTF date"),
    ],
)
def test_a_slip_in_a_file_of_facts_is_named(tmp_path: Path, file: str, old: str, new: str, complaint: str) -> None:
    for path in KNOWLEDGE.glob("*.toml"):
        shutil.copy(path, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_facts(tmp_path)


def test_the_persons_events_and_offices_of_the_facts_are_in_the_gazetteer() -> None:
    entities = {name.entity for name in KNOWN.lexicon.names}
    assert {person for office in the_facts().offices for person, _ in office.held} <= entities
    assert {dated.entity for dated in the_facts().dated if dated.entity} <= entities


def number(value: float, modifier: str = "exact", unit: str = "people") -> Quantity:
    return Quantity(source="a", start=0, end=1, exact="1", kind="quantity", value=value, modifier=modifier, unit=unit)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (number(613), number(613), "agrees"),
        (number(1000, "more_than"), number(1275), "rounds"),
        (number(100, "more_than"), number(606), "differs"),
        (number(30, "about"), number(30, "more_than"), "rounds"),
        (number(30, "nearly"), number(28), "rounds"),
        (number(30, "nearly"), number(24), "differs"),
        (number(30), number(31), "rounds"),
        (number(31), number(32), "differs"),
        (number(35), number(33), "differs"),
    ],
)
def test_wordings_leave_room(one: Quantity, other: Quantity, verdict: str) -> None:
    assert compare(one, other) == compare(other, one) == verdict


def test_a_range_is_its_own_interval() -> None:
    assert interval((4, 5)) == (4, 5)


def test_the_tables_have_their_columns_and_count_every_row() -> None:
    rows = confirmed(LEDGER)
    assert list(ledger_table(rows, CORPUS)) == ["Rule", "Stated", "Recomputed", "Difference", "Verdict", "Why"]
    assert int(verdict_counts(rows)[list(VERDICTS)].to_numpy().sum()) == len(rows)
    assert int(reason_counts(rows)["Rows"].sum()) == len(with_verdict(rows, UNCHECKED))
    assert len(rules_table()) == len(RULES)
    assert len(dismissed_table(LEDGER, CORPUS)) == len(LEDGER) - len(rows)
    assert list(ledger_table([], CORPUS)) == list(ledger_table(rows, CORPUS))


def test_rows_are_chosen_by_passage_source_rule_and_verdict() -> None:
    doc = CORPUS[BULLETIN]
    at = doc.raw.index("613 individuals")
    near = bearing_on(LEDGER, [doc.mark_raw(Span, at, at + 5)])
    assert near
    assert all(any(span.words == "613 individuals" for span in row.stated) for row in near)
    assert {row.sources for row in of_sources(LEDGER, ["daily-sabah-oped"])} == {("daily-sabah-oped",)}
    with pytest.raises(ValueError, match="no verdict 'wrong'"):
        with_verdict(LEDGER, "wrong")
    with pytest.raises(ValueError, match="no rule 'wrong'"):
        under_rule(LEDGER, "wrong")


def test_a_ladder_holds_each_wording_of_a_quantity_once_per_passage() -> None:
    for group in ladders(LEDGER):
        assert len({one.ref for one in group}) == len(group)
        assert len({(one.value, one.modifier) for one in group}) > 1


def test_the_figures_are_drawn_with_rows_and_without() -> None:
    for rows in (confirmed(LEDGER), []):
        for axes in (plot_verdicts(verdict_counts(rows)), plot_stated(rows), plot_ladders(ladders(rows), CORPUS)):
            assert rows or [text.get_text() for text in axes.texts]
            axes.figure.savefig(io.BytesIO())
            plt.close(axes.figure)


def test_a_marked_relation_is_found_by_two_of_its_passages_or_by_the_only_one() -> None:
    row = next(row for row in LEDGER if row.rule == "part of a total")
    places = [{"source": span.source, "start": span.start, "end": span.end} for span in row.stated]
    mark = {"verdict": row.verdict, "passages": places}
    away = {"source": "a", "start": 0, "end": 1}
    assert score_ledger([row], [mark]).recall == 1
    assert score_ledger([row], [mark | {"passages": [*places[:2], away]}]).recall == 1
    assert score_ledger([row], [mark | {"passages": [places[0], away]}]).recall == 0
    assert score_ledger([row], [mark | {"passages": places[:1]}]).recall == 1
    other = score_ledger([replace(row, verdict="differs")], [mark])
    assert (other.recall, other.recall_of_places) == (0, 1)


def measured() -> dict[str, float]:
    right, decided = precision(LEDGER)
    found = {"precision on the corpus": right / decided}
    for texts, score in score_marked(LEDGER, KNOWN).items():
        found[f"recall with verdict, {texts}"] = score.recall
        found[f"recall of places, {texts}"] = score.recall_of_places
    return found


def test_the_scores_hold_their_thresholds_and_the_thresholds_rise_with_them() -> None:
    scores = measured()
    cut = {name: int(score * 100 + 1e-9) / 100 for name, score in scores.items()}
    assert cut == THRESHOLDS, scores


def test_the_ledger_of_the_unseen_texts_resolves() -> None:
    unseen = load_marked()[1].docs
    rows = find_ledger(unseen, find_spans(unseen, KNOWN), KNOWN, decisions=[])
    assert resolves(unseen, [span for row in rows for span in row.stated])
    assert Counter(row.verdict for row in rows)["differs"] < 5


def test_the_first_measurement_is_kept_beside_the_latest() -> None:
    table = tomllib.loads((READINGS / "reconciliation.toml").read_text(encoding="utf-8"))["measured"]
    assert [entry["texts"] for entry in table] == ["corpus", "unseen texts", "unseen figures"]
