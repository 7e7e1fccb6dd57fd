import pandas as pd
import pytest

from apparatus.corpus import read_document, the_corpus
from apparatus.errors import DataError
from apparatus.figures import plot_about, plot_score
from apparatus.figures.voices import HATCHES, HUES
from apparatus.knowledge import the_knowledge
from apparatus.model import Source
from apparatus.parties import find_group, load_groups, load_parties
from apparatus.reading import find_spans
from apparatus.readings import load_codings
from apparatus.speaking import (
    ABOUT,
    NOT_NAMED,
    about_table,
    groups_table,
    most_across,
    named_by_all,
    read_speaking,
    speech_table,
    unheard_table,
    voice_table,
    words_of,
)
from apparatus.voice_score import different_voices, missed_speech, read_coded, voice_score_table

ONE = (
    'Emmanuel Macron said that Armenia lost 3 ships. "Azerbaijan won," Nikol Pashinyan said. Analysts say that '
    "France lost. It is argued that residents left. Olaf Scholz spoke. Olaf Scholz and Olaf Scholz ate."
)
TWO = "The residents left. Olaf Scholz slept."


@pytest.fixture(scope="module")
def parties():
    return load_parties(the_knowledge().lexicon)


@pytest.fixture(scope="module")
def speaking():
    known = the_knowledge()
    texts = {"one": ONE, "two": TWO}
    corpus = {
        name: read_document(Source(id=name, file=name, label=name.upper(), issued="2024-02"), raw)
        for name, raw in texts.items()
    }
    return read_speaking(corpus, find_spans(corpus, known), known)


def test_words_of_the_three_voices_add_up(speaking):
    table = voice_table(speaking)
    assert list(table["Words"]) == list(table["Own voice"] + table["Reported"] + table["Quoted"])
    assert table["Words"].sum() == words_of(speaking.pieces)
    assert list(table["Given to others, %"])[1] == 0


def test_a_speaker_has_a_kind_and_a_party(speaking):
    rows = {row["Speaker"]: (row["Told as"], row["Speaks for"]) for _, row in speech_table(speaking).iterrows()}
    assert rows == {
        "Emmanuel Macron": ("a named person", "France"),
        "Nikol Pashinyan": ("a named person", "Armenia"),
        "analysts": ("not named: a phrase", NOT_NAMED),
        "nobody is told": ("nobody is told", NOT_NAMED),
    }


@pytest.mark.parametrize(
    ("name", "kind", "party"),
    [
        ("Baku (Azerbaijan)", "state", "Azerbaijan"),
        ("Yerevan (Armenia)", "state", "Armenia"),
        ("Ministry of Foreign Affairs of Armenia", "body", "Armenia"),
        ("Ministry of Foreign Affairs of Azerbaijan", "body", "Azerbaijan"),
        ("World Bank", "body", "World Bank"),
        ("Ana Souza", "name", ""),
        ("source close to the Kremlin", "phrase", ""),
        ("French and Armenian experts", "phrase", ""),
        ("", "nobody", ""),
    ],
)
def test_who_speaks_for_whom(parties, name, kind, party):
    speaker = parties.speaker(name)
    assert (speaker.kind, speaker.party) == (kind, party)


def test_two_who_speak_together_speak_for_nobody_unless_for_one_party(parties):
    assert parties.speaker("Ilham Aliyev and Nikol Pashinyan").party == ""
    assert parties.speaker("Nikol Pashinyan and Ararat Mirzoyan").party == "Armenia"


def test_an_office_that_was_left_before_the_text_is_marked(parties):
    assert parties.speaker("Serzh Sargsyan", issued="2024-02").former
    assert not parties.speaker("Serzh Sargsyan", issued="2016").former
    assert not parties.speaker("Ilham Aliyev", issued="2024-02").former


def test_both_parties_to_the_conflict_have_their_state_on_file(parties):
    bodies = {body: party for body, party in parties.bodies.items() if party in ("Armenia", "Azerbaijan")}
    assert {"Armed Forces of Armenia", "Armed Forces of Azerbaijan"} <= bodies.keys()
    unrecognised = "Nagorno-Karabakh Republic/Republic of Artsakh (self-declared)"
    assert {office.party for office in parties.offices.values()} >= {"Armenia", "Azerbaijan", unrecognised}


def test_words_are_counted_for_each_party_that_they_name(speaking):
    about = about_table(speaking)
    found = {(row["Speaks for"], row["About"]): row["Words"] for _, row in about.iterrows()}
    assert found == {("France", "Armenia"): 5, ("Armenia", "Azerbaijan"): 2, (NOT_NAMED, "France"): 3}
    speaker, other, pieces, back = most_across(about)
    assert (speaker, other, words_of(pieces), back) == ("France", "Armenia", 5, [])
    assert most_across(pd.DataFrame(columns=ABOUT)) == ("nobody", "nobody", [], [])


def test_who_is_named_and_never_heard_is_listed(speaking):
    table = unheard_table(speaking, least=2)
    assert [(row["Source"], row["Named there"], row["Times"]) for _, row in table.iterrows()] == [
        ("ONE", "Olaf Scholz", 3)
    ]
    assert set(named_by_all(speaking, "person")) == {"Olaf Scholz"}


def test_a_state_is_heard_where_its_office_holder_speaks(speaking):
    assert "France" not in set(unheard_table(speaking, least=1)["Named there"])
    assert "Azerbaijan" in set(unheard_table(speaking, least=1)["Named there"])


def test_a_group_is_given_words_where_its_phrase_speaks(speaking):
    table = groups_table(speaking, load_groups())
    rows = {(row["Group"], row["Source"]): row["Words given"] for _, row in table.iterrows()}
    assert rows == {("experts and observers", "ONE"): 3, ("residents", "ONE"): 0, ("residents", "TWO"): 0}


def test_speech_is_restricted_to_passages(speaking):
    first = speaking.pieces[:2]
    inside = speaking.within(first)
    assert inside.pieces == first
    assert set(speech_table(inside)["Speaker"]) == {"Emmanuel Macron"}


def test_the_corpus_gives_words_to_few_and_the_rules_agree_with_the_codings():
    known, corpus = the_knowledge(), the_corpus()
    spans = find_spans(corpus, known)
    coded = read_coded(corpus, spans.quotes, known, load_codings(corpus, known.questions))
    first, second = voice_score_table(coded).to_dict("records")
    assert first["Passages"] >= 200
    assert float(first["Share alike"]) >= 0.94
    assert float(first["Alpha"]) >= 0.8
    assert float(second["Share alike"]) >= 0.94
    assert len(different_voices(coded, corpus)) == first["Passages"] - first["Alike"]
    missed = [span for spans in missed_speech(coded).values() for span in spans]
    assert missed
    assert len(missed) == sum(one.coded == "reported" and one.found == "source" for one in coded)


def looks(speaking):
    """Return colour and hatching of each party in the legend of a score."""
    (legend,) = plot_score(speaking, shown=9).figure.legends
    patches = zip(legend.get_texts(), legend.get_patches(), strict=True)
    return {text.get_text(): (patch.get_facecolor(), patch.get_hatch()) for text, patch in patches}


def test_a_party_looks_the_same_on_a_page_that_ranks_it_otherwise(speaking):
    every = looks(speaking)
    for name in every:
        alone = speaking.within([piece for piece in speaking.given if speaking.party(piece) == name])
        assert looks(alone) == {name: every[name]}
    assert len(every) == 3


def test_parties_with_an_entry_differ_in_colour_and_hatching_and_no_two_look_alike(parties):
    entered = {*parties.bodies.values(), *(office.party for office in parties.offices.values())}
    assert list(parties.order)[: len(entered)] == sorted(entered)
    assert len(HATCHES) > len(entered)
    assert len({(HUES[at % len(HUES)], HATCHES[at % len(HATCHES)]) for at in range(len(HUES) * len(HATCHES))}) == 78


def test_the_figures_are_drawn_of_any_text(speaking):
    assert plot_score(speaking).get_yticklabels()[0].get_text() == "ONE"
    assert plot_about(about_table(speaking)).figure is not None
    assert plot_about(pd.DataFrame(columns=ABOUT)).figure is not None


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


PARTY = '[[party]]\nname = "Armenia"\nbodies = []\npersons = []\nsource = "s"\nwhy = "w"\n'
GROUP = '[[group]]\nname = "g"\nwords = ["villagers?"]\nexamples = ["a villager"]\nwhy = "w"\n'


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            ("bodies = []", 'bodies = ["Armed Forces of Atlantis"]'),
            "'Armed Forces of Atlantis' is not in the gazetteer",
        ),
        (("bodies = []", 'bodies = ["Ilham Aliyev"]'), "'Ilham Aliyev' is a person"),
        (('name = "Armenia"', 'name = "Ilham Aliyev"'), "is a person"),
        (("why", "wy"), "unknown field 'wy'"),
        (("bodies = []", 'bodies = ["Milli Majlis", "Milli Majlis"]'), "stands twice"),
        (("persons = []", 'persons = [{name = "Ilham Aliyev", office = "o", held = "20x"}]'), "is no EDTF date"),
    ],
)
def test_a_faulty_party_is_named(tmp_path, change, complaint):
    path = write(tmp_path, "parties.toml", PARTY.replace(*change))
    with pytest.raises(DataError, match=complaint):
        load_parties(the_knowledge().lexicon, path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("a villager", "a city"), "does not find its example 'a city'"),
        (("villagers?", "("), "in a regular expression"),
        (("why", 'not = ["two villagers"]\nwhy'), "finds 'two villagers'"),
        (("why", "wy"), "unknown field 'wy'"),
    ],
)
def test_a_faulty_group_is_named(tmp_path, change, complaint):
    path = write(tmp_path, "groups.toml", GROUP.replace(*change))
    with pytest.raises(DataError, match=complaint):
        load_groups(path)


def test_a_group_is_found_in_the_parts_of_the_page_that_are_read():
    [residents] = [group for group in load_groups() if group.name == "residents"]
    doc = read_document(Source(id="case", file="case"), TWO)
    assert [span.exact for span in find_group(doc, residents, "body")] == ["residents"]
    assert find_group(doc, residents, "caption") == []
