"""Contrasting terms: the knowledge tests itself, what is counted keeps its place, and the faults that must be seen."""

import re
import shutil
from pathlib import Path

import pytest

from apparatus.contrasts import load_contrasts
from apparatus.corpus import find_sentences, read_document, the_corpus
from apparatus.errors import DataError
from apparatus.extract.terms import check_contrasts, find_terms
from apparatus.knowledge import load_knowledge, the_knowledge
from apparatus.model import Source
from apparatus.paths import KNOWLEDGE
from apparatus.readings import load_codings
from apparatus.terms import (
    CONTRAST_COLUMNS,
    choice_words,
    choices_table,
    coded_table,
    concordance_table,
    contrast_table,
    each_once,
    of_contrast,
    read_terms,
    terms_by_voice_table,
    unused,
)
from five import CORPUS

ENTRY = """
[[contrast]]
id = "weather"
title = "What falls"
why = "Words for rain."
variants = [
  {{ label = "rain", pattern = '{rain}', examples = ["heavy rain"] }},
  {{ label = "drizzle", pattern = '{drizzle}', examples = ["a drizzle"] }},
]
{more}
"""


def written(folder: Path, *, rain: str = "(heavy )?rain", drizzle: str = "drizzle", more: str = "") -> Path:
    path = folder / "contrasts.toml"
    path.write_text(ENTRY.format(rain=rain, drizzle=drizzle, more=more), encoding="utf-8")
    return path


def read(text: str):
    return read_document(Source(id="case", file="case.txt"), text)


def test_an_entry_is_read_with_its_variants_in_order(tmp_path):
    [contrast] = load_contrasts(written(tmp_path), {}).values()
    assert contrast.labels == ["rain", "drizzle"]
    assert contrast.find("heavy rain, then drizzle", lambda place, scope: "") == [(0, 10, "rain"), (17, 24, "drizzle")]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"rain": "snow"}, "'rain' does not find its example 'heavy rain'"),
        ({"drizzle": "(heavy )?rain|drizzle", "rain": "rain"}, "'rain' does not find its example 'heavy rain'"),
        ({"drizzle": "heavy|drizzle", "rain": "rain"}, "'heavy rain' of 'rain' is claimed by 'drizzle' too"),
        ({"rain": "heavy rain"}, "'rain' is a label, and no form that its variant finds"),
        ({"drizzle": "(drizzle"}, "no regular expression"),
        ({"drizzle": "(drizzle)?"}, "finds an empty place"),
        ({"more": 'near = "cloud"'}, "'rain' does not find its example"),
        ({"more": 'within = "page"'}, "it is one of sentence, paragraph"),
        ({"more": 'questions = ["who-rained"]'}, "the codebook has no question 'who-rained'"),
        ({"more": 'colour = "grey"'}, "unknown field 'colour'"),
        (
            {"more": "others = [{ pattern = 'rain of blows', examples = ['rain of blow'], why = 'a beating' }]"},
            "does not find its example 'rain of blow'",
        ),
        (
            {"more": "others = [{ pattern = 'rain', examples = ['a heavy rain of blows'], why = 'a beating' }]"},
            "'rain' is found in 'a heavy rain of blows', which is said to name something else",
        ),
    ],
)
def test_a_planted_fault_in_an_entry_stops_with_file_entry_and_what_to_do(tmp_path, changed, complaint):
    with pytest.raises(DataError) as error:
        load_contrasts(written(tmp_path, **changed), {})
    message = str(error.value)
    assert complaint in message
    assert message.startswith("contrasts.toml, contrast 'weather'")


def test_a_contrast_that_stands_twice_is_refused(tmp_path):
    path = written(tmp_path)
    path.write_text(2 * path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DataError, match="stands twice"):
        load_contrasts(path, {})


def test_a_planted_contrast_that_matches_nothing_in_the_corpus_stops_the_check(tmp_path):
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    check_contrasts(the_corpus(), load_knowledge(folder))
    with (folder / "contrasts.toml").open("a", encoding="utf-8") as file:
        file.write(ENTRY.format(rain="(heavy )?rain", drizzle="drizzle", more=""))
    with pytest.raises(DataError, match="contrast 'weather': none of its variants occurs in any text") as error:
        check_contrasts(the_corpus(), load_knowledge(folder))
    assert "mend a pattern" in str(error.value)


def test_a_theme_that_names_no_contrast_of_the_file_is_refused(tmp_path):
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    theme = folder / "themes" / "khojaly.toml"
    rest = re.sub(r"^contrasts = \[.*?\]", "", theme.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    theme.write_text(f'contrasts = ["khojaly-killing"]\n{rest}', encoding="utf-8")
    with pytest.raises(DataError, match=r"no contrast 'khojaly-killing'; did you mean 'khojaly-killings'"):
        load_knowledge(folder)


def test_what_looks_like_a_variant_and_names_something_else_is_not_found(tmp_path):
    more = "others = [{ pattern = 'rain of blows', examples = ['a rain of blows'], why = 'a beating' }]"
    [contrast] = load_contrasts(written(tmp_path, more=more), {}).values()
    assert contrast.find("a rain of blows, then rain", lambda place, scope: "") == [(22, 26, "rain")]


def test_terms_of_one_contrast_do_not_overlap_and_those_of_two_may():
    terms = find_terms(read("They met in Karabakh before the Second Karabakh War."), the_knowledge())
    assert [(term.contrast, term.exact) for term in terms] == [
        ("region", "Karabakh"),
        ("region-spelling", "Karabakh"),
        ("war-2020", "Second Karabakh War"),
        ("region-spelling", "Karabakh"),
    ]


def test_near_is_looked_for_in_the_sentence_or_the_paragraph():
    known = the_knowledge()
    apart = read("The Armenians fled. Later came a displacement of goods; the exodus was of shares.")
    assert [term.exact for term in find_terms(apart, known) if term.contrast == "departure-2023"] == ["fled", "exodus"]
    whole = read("Khojaly was taken. The massacre is remembered.\n\nA massacre elsewhere is remembered too.")
    assert [term.start for term in find_terms(whole, known) if term.contrast == "khojaly-killings"] == [23]


def test_every_question_about_a_name_has_its_contrast():
    asked = {name for contrast in the_knowledge().contrasts.values() for name in contrast.questions}
    assert {"khojaly-term", "place-name-region", "ethnic-cleansing-of-whom", "ukraine-war-term"} <= asked


def test_each_variant_of_the_corpus_is_found_and_silent_ones_stand_beside_them():
    known = the_knowledge()
    found = {(term.contrast, term.variant) for doc in the_corpus().values() for term in find_terms(doc, known)}
    every = {(one.id, label) for one in known.contrasts.values() for label in one.labels}
    assert found < every, "a contrast lists names that these texts lack"
    assert all(len({label for name, label in found if name == one.id}) for one in known.contrasts.values())


def test_how_a_term_is_used_is_told_by_voice_marks_and_words_that_set_it_apart():
    text = (
        "The 44-day War ended. The minister said that the Patriotic War was won. "
        "“We remember the Second Karabakh War,” the minister said. Libraries shelve the “2020 war” beside "
        "what was known as the Artsakh war."
    )
    uses = read_terms({"case": read(text)}, the_knowledge(), ["war-2020"])
    assert [(use.term.variant, use.how) for use in uses] == [
        ("44-day war", "own voice"),
        ("Patriotic War", "reported"),
        ("Second Karabakh War", "quoted"),
        ("2020 war", "set apart"),
        ("Artsakh war", "set apart"),
    ]


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("It was not a tragic accident", "denied"),
        ("It was not really a tragedy", "denied"),
        ("It wasn’t a tragedy", "denied"),
        ("It was a plan rather than a “tragedy”", "set apart"),
        ("The minister said that it was not a tragedy", "reported"),
        ("It was not only a tragedy", "own voice"),
        ("It was not the tragedy’s end", "own voice"),
        ("It was no secret that the tragedy", "own voice"),
        ("It is what many called a tragedy", "set apart"),
    ],
)
def test_a_name_that_a_text_denies_is_not_its_own(words, how):
    [use] = read_terms({"case": read(f"Khojaly is remembered. {words}.")}, the_knowledge(), ["khojaly-killings"])
    assert use.how == how


def test_what_stands_in_quotation_marks_is_a_source_s_own_form_and_leads_to_it(all_uses):
    contrasts = the_knowledge().contrasts.values()
    parts = [part for one in contrasts for part in choice_words(the_corpus(), one, all_uses)]
    assert not any("“" in part for part in parts if isinstance(part, str))
    chosen = choices_table(the_corpus(), contrasts, all_uses)
    named = contrast_table(the_corpus(), the_knowledge(), all_uses)
    for rows, column in ((chosen, "Chosen most"), (named, "Its name")):
        assert all(name in passages for name, passages in zip(rows[column], rows["Passages"], strict=True))


def test_the_form_a_source_has_most_is_shown_and_others_are_said_to_be_there():
    text = "An exodus of Armenians began. Then a mass exodus of Armenians, then a mass exodus of Armenians."
    uses = read_terms({"case": read(text)}, the_knowledge(), ["departure-2023"])
    [_, name, rest] = choice_words({"case": read(text)}, the_knowledge().contrasts["departure-2023"], uses)
    assert (name.words, rest) == ("mass exodus", " and other forms (3)")


def test_words_that_two_contrasts_list_are_said_once():
    text = "Many called it ethnic cleansing of Armenians who fled. The Republic of Nagorno-Karabakh is gone."
    uses = read_terms({"case": read(text)}, the_knowledge())
    once = [use.term.words for use in each_once(uses)]
    assert sorted(set(once)) == sorted(once) and "ethnic cleansing" in once and "Nagorno-Karabakh" not in once
    assert len(uses) > len(once)


def test_a_name_that_is_said_to_be_used_by_nobody_is_used_by_nobody(all_uses):
    contrasts = the_knowledge().contrasts.values()
    labels = {f"“{label}”" for one in contrasts for label in one.labels}
    missing = unused(contrasts, all_uses)
    used = {f"“{use.term.variant}”" for use in all_uses}
    assert len(missing) == len(set(missing)) and set(missing) <= labels - used


def test_a_contrast_that_is_none_is_refused_with_the_one_that_was_meant():
    with pytest.raises(ValueError, match="there is no contrast 'regoin'; did you mean 'region'"):
        read_terms({}, the_knowledge(), ["regoin"])


def test_terms_can_be_those_of_some_passages_only():
    doc = read("Karabakh is one.\n\nGarabagh is another.")
    [first, _] = find_sentences(doc)
    uses = read_terms({"case": doc}, the_knowledge(), ["region"], passages=[first])
    assert [use.term.variant for use in uses] == ["Karabakh"]


@pytest.fixture(scope="module")
def all_uses():
    return read_terms(the_corpus(), the_knowledge())


def test_every_use_stands_once_in_the_table_of_contrasts(all_uses):
    rows = contrast_table(the_corpus(), the_knowledge(), all_uses)
    assert list(rows.columns) == list(CONTRAST_COLUMNS)
    assert rows[["Own voice", "Set apart", "Reported or quoted", "Denied"]].sum().sum() == len(all_uses)
    refs = [(term.contrast, term.ref) for terms in rows["Passages"] for term in terms]
    assert len(refs) == len(set(refs)) == len(all_uses)


def test_the_table_by_voice_has_silent_variants_and_adds_up(all_uses):
    contrast = the_knowledge().contrasts["operation-2023"]
    rows = terms_by_voice_table(the_corpus(), contrast, all_uses)
    assert list(rows["Listed as"]) == contrast.labels
    assert (rows["All"] == 0).any(), "a name that these texts lack is seen"
    numbers = [sum(map(int, str(cell).split(" + "))) for cell in rows["All"]]
    assert sum(numbers) == len(of_contrast(all_uses, contrast))


def test_a_choice_is_clear_only_where_the_interval_lies_above_a_half(all_uses):
    rows = choices_table(the_corpus(), the_knowledge().contrasts.values(), all_uses)
    few = rows[rows["Uses"].isin(["1 of 1", "2 of 2", "3 of 3"])]
    assert set(few["The choice is"]) == {"open"}, "three uses of three prove nothing"
    assert {"clear", "open"} == set(rows["The choice is"])


def test_what_is_counted_stands_beside_what_was_coded(all_uses):
    codings = load_codings(CORPUS, the_knowledge().questions)
    rows = coded_table(CORPUS, the_knowledge(), all_uses, codings)
    assert len(rows) == len(CORPUS) * rows["Question"].nunique() * rows["Coder"].nunique()
    silent = rows[(rows["Coded"] == "silent") & rows["Question"].str.contains("Ukraine")]
    assert set(silent["Counted"]) == {"none"}


def test_each_line_of_a_concordance_leads_to_its_words_in_their_paragraph():
    doc = read("It began early. The war of Karabakh was long and hard.\n\nNobody came.")
    rows = concordance_table({"case": doc}, read_terms({"case": doc}, the_knowledge(), ["region"]), words=3)
    [row] = rows.to_dict("records")
    assert (row["Before"], row["Term"].exact, row["After"]) == ("The war of", "Karabakh", "was long and")
    bare = concordance_table({"case": doc}, read_terms({"case": doc}, the_knowledge(), ["region"]), words=0)
    assert list(bare["Before"]) == [""]
