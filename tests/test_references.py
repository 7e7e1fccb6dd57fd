from collections import Counter
from dataclasses import replace

import pytest

from apparatus.figures import plot_bearing, plot_records
from apparatus.model import Reference, Span
from apparatus.reading import read_theme, resolves
from apparatus.readings import RELATIONS, VERIFIED
from apparatus.references import (
    LATER,
    SEEN,
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


def test_the_table_of_a_theme_has_every_reference_once() -> None:
    reading = read_theme("khojaly")
    table = references_table(reading)
    assert len(table) == len(reading.references)
    assert list(table["Dates from"]) == sorted(table["Dates from"], key=lambda words: words.startswith("after"))


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
