import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from apparatus.bibliography import RELATIONS as WORDS
from apparatus.bibliography import references_page
from apparatus.figures import plot_bearing, plot_records
from apparatus.model import STRONGEST, Reference, Span
from apparatus.reading import resolves
from apparatus.readings import RELATIONS, VERIFIED
from apparatus.references import (
    LATER,
    SEEN,
    TELLS_LATER,
    balance_table,
    described,
    later,
    passages_of,
    passages_table,
    places_of,
    read_references,
    references_table,
    relating,
    sources_table,
    verified_table,
)
from apparatus.show import cell
from five import FIVE

RECORDS = read_references(FIVE)


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.to_dict("records")


def test_every_passage_stands_in_its_text_and_has_its_references() -> None:
    places = places_of(RECORDS)
    assert resolves(RECORDS.corpus, [place.passage for place in places])
    assert len({place.passage.ref for place in places}) == len(places)
    pairs = {(place.passage.ref, one.id) for place in places for one in place.references}
    assert pairs == {(span.ref, one.id) for one in RECORDS.references for span in one.passages}
    several = places_of(RECORDS, least=2)
    assert several
    assert all(len(place.references) > 1 for place in several)


def test_a_themes_balance_is_counted_and_later_records_stand_apart() -> None:
    table = balance_table(RECORDS)
    assert list(table.columns) == ["Theme", "References", "Confirms", "Qualifies", "Contradicts", "Context", LATER]
    assert table["References"].sum() == len(RECORDS.references)
    parts = table[["Confirms", "Qualifies", "Contradicts", "Context", LATER]].sum()
    assert parts.sum() == len(RECORDS.references)
    assert parts[LATER] == len(later(RECORDS)) == sum(one.after_corpus for one in RECORDS.references)
    assert all(dtype.kind in "iO" for dtype in table.dtypes), "counts, and no averages"


def test_a_reference_counts_in_each_source_that_it_bears_on() -> None:
    table = sources_table(RECORDS).set_index("Source")["References"]
    expected = Counter(
        RECORDS.label(source) for one in RECORDS.references for source in {place.source for place in one.passages}
    )
    assert table.to_dict() == dict(expected)


def test_the_order_of_the_texts_changes_no_count() -> None:
    backwards = replace(RECORDS, corpus=dict(reversed(RECORDS.corpus.items())))
    assert balance_table(backwards).equals(balance_table(RECORDS))
    assert {one.passage.ref for one in places_of(backwards)} == {one.passage.ref for one in places_of(RECORDS)}


def test_themes_relations_sources_and_later_records_can_be_chosen() -> None:
    some = read_references(["daily-sabah-oped"], themes=["ots-pivot"], relations=["contradicts"], later_records=False)
    assert some.references
    assert {one.relation for one in some.references} == {"contradicts"}
    assert {one.theme for one in some.references} == {"ots-pivot"}
    assert {span.source for span in passages_of(some.references)} == {"daily-sabah-oped"}
    assert not later(read_references(later_records=False))
    assert list(read_references(themes=["khojaly"]).headings) == ["khojaly"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"themes": ["elections"]}, "there is no theme 'elections'; it is one of election,"),
        ({"relations": ["supports"]}, "there is no relation 'supports'; it is one of confirms, qualifies"),
        ({"sources": ["nowhere"]}, "there is no source 'nowhere'"),
    ],
)
def test_an_unknown_name_is_refused(choice: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_references(**choice)  # type: ignore[arg-type]


def test_relating_leaves_later_records_out() -> None:
    assert len(relating(RECORDS, *RELATIONS)) + len(later(RECORDS)) == len(RECORDS.references)


def test_a_record_is_named_with_its_identifier_and_how_it_was_verified() -> None:
    assert SEEN.keys() == VERIFIED.keys()
    cells = [described(one) for one in RECORDS.references]
    assert all(isinstance(parts[0], Reference) and parts[-1].rstrip(".") in SEEN.values() for parts in cells)  # type: ignore[union-attr]
    assert verified_table(RECORDS)["References"].sum() == len(RECORDS.references)


def test_a_passage_has_what_came_after_the_documents_in_a_column_apart() -> None:
    table = passages_table(places_of(RECORDS), RECORDS.corpus)
    assert list(table.columns) == ["Source", "Words of the source", "References", "What the records say", LATER]
    assert all(isinstance(words, Span) for words in table["Words of the source"])
    named = {one.id for parts in table[LATER] for one in parts if isinstance(one, Reference)}
    assert named == {one.id for one in later(RECORDS)}


def test_the_table_has_every_passage_of_every_reference_under_its_own_relation() -> None:
    table = references_table(RECORDS)
    listed = {
        (row["Reference"][0].id, place.ref, row["The record"])
        for row in rows_of(table)
        for place in row["Words of the source"]
    }
    assert listed == {(one.id, place.ref, place.relation) for one in RECORDS.references for place in one.passages}
    tells = [TELLS_LATER in words for words in table["Later"]]
    assert tells == sorted(tells)


def test_a_record_that_bears_in_several_ways_counts_once_by_the_strongest_and_lists_each_passage_as_it_bears() -> None:
    mixed = [one for one in RECORDS.references if len({place.relation for place in one.passages}) > 1]
    assert mixed
    for one in mixed:
        assert one.relation == min((place.relation for place in one.passages), key=STRONGEST.index)
    for relation in RELATIONS:
        assert {place.relation for place in passages_of(relating(RECORDS, relation))} <= {relation}
    for place in places_of(RECORDS):
        assert all({each.ref for each in one.passages} == {place.passage.ref} for one in place.references)
    only = read_references(FIVE, relations=["contradicts"])
    assert {place.relation for place in passages_of(only.references)} == {"contradicts"}


def test_a_record_later_than_a_text_says_so_and_never_contradicts_it_for_what_came_after() -> None:
    table = passages_table(places_of(RECORDS), RECORDS.corpus)
    said = " ".join(
        str(part) for column in ("What the records say", LATER) for parts in table[column] for part in parts
    )
    later_words = {place.later for one in RECORDS.references for place in one.passages} - {""}
    assert later_words
    assert all(words in said for words in later_words)
    assert "contradicts" not in {place.relation for one in later(RECORDS) for place in one.passages}
    assert all(any(place.later for place in one.passages) for one in later(RECORDS))


def test_a_reference_has_its_place_on_a_page_once_and_links_lead_to_it() -> None:
    one = replace(RECORDS.references[0], id="named-here-first")
    first, second = cell(one), cell(one)
    assert first.count('id="ref-named-here-first"') == 1
    assert "id=" not in second
    assert 'href="#ref-named-here-first"' in second


def test_the_figures_mark_every_reference() -> None:
    marks = sum(len(one.get_offsets()) for one in plot_records(RECORDS).collections)
    expected = sum(len({place.source for place in one.passages}) for one in RECORDS.references if not one.after_corpus)
    assert marks >= expected + len(later(RECORDS))
    assert len(plot_bearing(RECORDS).collections) >= len(passages_of(RECORDS.references))


def test_with_nothing_gathered_the_tables_are_empty_and_the_figures_still_drawn() -> None:
    nothing = replace(RECORDS, references=[], headings={})
    assert balance_table(nothing).empty
    assert passages_table(places_of(nothing), nothing.corpus).empty
    assert set(sources_table(nothing)["References"]) == {0}
    plot_records(nothing)
    plot_bearing(nothing)


def test_the_bibliography_says_of_each_passage_how_the_record_bears_on_it_and_whether_it_is_later() -> None:
    entries = json.dumps(references_page(RECORDS.references, RECORDS.corpus), ensure_ascii=False)
    for one in RECORDS.references:
        for place in one.passages:
            assert f"{WORDS[place.relation]} the {RECORDS.label(place.source)}: “" in entries
    later_places = [place.later for one in RECORDS.references for place in one.passages if place.later]
    assert entries.count("published after") == len(later_places)
