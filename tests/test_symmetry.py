"""The reading does not tilt: a text with its parties exchanged is read as the mirror of the text."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apparatus.corpus import read_document, the_corpus
from apparatus.errors import DataError
from apparatus.knowledge import Knowledge, the_knowledge
from apparatus.measured import choose_measures, find_theme, forget
from apparatus.model import Document, Source, Span
from apparatus.paths import KNOWLEDGE
from apparatus.structure import load_zone_rules
from apparatus.swaps import load_swaps, the_swaps
from apparatus.symmetry import (
    Comparison,
    compare_all,
    counterpart,
    mirror_corpus,
    mirror_document,
    sides_table,
    symmetry_table,
    turn_back,
)
from five import FIVE

CORPUS, KNOWN, SWAPS = the_corpus(), the_knowledge(), the_swaps()
RULES = load_zone_rules(KNOWLEDGE / "zones.toml")
MEASURES = choose_measures(KNOWN)
WHOLE = ("keywords", "shared passages", "ledger of figures", "events")  # of a corpus, and slow on many small ones
QUICK = tuple(name for name in MEASURES if name not in WHOLE)
CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
PARTY = sorted(SWAPS.partner)


def read(raw: str, name: str = "one") -> Document:
    return read_document(Source(id=name, file=f"{name}.txt"), raw, RULES)


@cache
def compared_corpus(*names: str) -> list[Comparison]:
    return compared(CORPUS, KNOWN, *names)


def compared(corpus: dict[str, Document], known: Knowledge = KNOWN, *names: str) -> list[Comparison]:
    chosen = {name: measure for name, measure in MEASURES.items() if not names or name in names}
    return list(compare_all(corpus, known, SWAPS, chosen))


def tilts(comparisons: list[Comparison]) -> list[str]:
    return [
        f"{one.measure}, {one.source}: {each.span.words!r} {each.fields or ('found' if each.here else 'missed')}"
        for one in comparisons
        for each in one.unexplained
    ]


@cache
def marked_texts() -> dict[str, Document]:
    """The texts of all cases that name a party."""
    texts: dict[str, Document] = {}
    for path in CASES:
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("case", []), start=1):
            raw = re.sub("[⟦⟧]", "", case.get("text", ""))
            if SWAPS.exchange(raw) != raw and "xfail" not in case:
                texts[f"{path.stem}-{number}"] = read(raw, f"{path.stem}-{number}")
    return texts


# ---- the exchange itself


def test_every_text_exchanged_twice_is_the_same_text() -> None:
    for doc in CORPUS.values():
        assert SWAPS.exchange(SWAPS.exchange(doc.raw)) == doc.raw
        assert SWAPS.exchange(doc.raw) != doc.raw or doc.source.id not in FIVE


WORDS = st.sampled_from(
    [*PARTY, *(words for words in PARTY for words in [words.lower()]), "a", "an", "A", "An", "Republic of", "Mount",
     "(", ")", " ", " ", " ", "\n", "\u00a0", ".", ",", "'s", "’s", "-", "pro-", "East", "x", "İ", "🌟", "President"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map("".join))
def test_any_text_exchanged_twice_is_the_same_text(text: str) -> None:
    view = SWAPS.view(text)
    assert view.text == SWAPS.exchange(text)
    assert SWAPS.exchange(view.text) == text


@given(st.lists(WORDS, min_size=1, max_size=14).map(" ".join))
def test_each_character_of_a_mirror_stands_for_some_of_the_text(text: str) -> None:
    view = SWAPS.view(text)
    for place, character in enumerate(view.text):
        start, end = view.to_raw(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert text[start:end] == character or SWAPS.exchange(text) != text


def test_the_map_of_a_mirror_leads_to_the_words_that_stood_there() -> None:
    raw = "Ilham\nAliyev flew from Baku to Rome."
    view = SWAPS.view(raw)
    at = view.text.index("Rome")
    assert view.text.startswith("Nikol\nPashinyan flew from Yerevan")
    assert raw[slice(*view.to_raw(at, at + 4))] == "Rome"
    assert view.to_raw(0, len("Nikol\nPashinyan")) == (0, len("Ilham\nAliyev"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('["Yerevan", "Baku"]', '["Yerevan", "Baku city"]'), "differ in their number of words"),
        (('["Yerevan", "Baku"]', '["Yerevan", "Azerbaijan"]'), "stands for 'Armenia' already"),
        (('"Baku answered Yerevan."', '"Baku answered."'), "mend the example"),
        (("[[keep]]\nwords", "[[keep]]\nword"), "did you mean 'words'"),
    ],
)
def test_a_fault_in_the_table_is_said(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    text = (KNOWLEDGE / "swaps.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "swaps.toml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        load_swaps(tmp_path / "swaps.toml")


# ---- the measures


def test_every_measure_of_the_corpus_gives_the_mirror_result() -> None:
    assert tilts(compared_corpus()) == []


def test_every_measure_of_the_marked_examples_gives_the_mirror_result() -> None:
    assert len(marked_texts()) >= 30
    assert tilts(compared(marked_texts(), KNOWN, *QUICK)) == []


SIDES = st.sampled_from(
    ["Armenia", "Azerbaijan", "Yerevan", "Baku", "President Ilham Aliyev", "Prime Minister Nikol Pashinyan", "Aliyev",
     "Pashinyan", "Jeyhun Bayramov", "Ararat Mirzoyan", "the Armenian Ministry of Defense", "Azerbaijani forces",
     "an Armenian", "an Azerbaijani", "Armenians", "Azerbaijanis", "Armenia's government", "the Milli Majlis",
     "Foreign Minister of Azerbaijan", "the President", "he", "Khankendi", "Stepanakert", "Artsakh", "Garabagh"]
)  # fmt: skip
VERBS = st.sampled_from(["said", "told", "denied", "attacked", "met", "accused", "signed a peace treaty with", "is"])
OBJECTS = st.sampled_from(
    ["on 3 May 2021", "“that is wrong”", "that 12 people died", "about 1,000 prisoners", "the 44-day War", "Khojaly",
     "three villages", "COP29", "the constitution", "territorial claims"]
)  # fmt: skip
SENTENCES = st.lists(st.tuples(SIDES, VERBS, st.one_of(SIDES, OBJECTS), OBJECTS), min_size=1, max_size=4)


@settings(deadline=None)
@given(SENTENCES)
def test_every_measure_of_a_made_text_gives_the_mirror_result(parts: list[tuple[str, ...]]) -> None:
    raw = " ".join(f"{' '.join(words)}." for words in parts)
    assert tilts(compared({"one": read(raw)}, KNOWN, *QUICK)) == []


def test_a_mirror_turned_back_lies_in_the_text_with_its_words() -> None:
    for name, mirror in mirror_corpus(CORPUS, SWAPS).items():
        for span in MEASURES["mentions"]({name: mirror.doc}, KNOWN):
            back = turn_back(span, mirror, KNOWN)
            assert back.exact == CORPUS[name].raw[back.start : back.end]


def test_the_author_of_a_mirror_is_the_other_sides() -> None:
    doc = replace(CORPUS["bayramov-article"])
    mirror = mirror_document(doc, SWAPS, rules=RULES)
    assert mirror.doc.source.author == SWAPS.exchange(doc.source.author) != doc.source.author


# ---- what is known of both


def test_each_name_of_one_party_is_known_of_the_other() -> None:
    listed = KNOWN.lexicon.listed
    missing = []
    for name in KNOWN.lexicon.names:
        other = SWAPS.exchange(name.name)
        if other == name.name:
            continue
        wanted = counterpart(name.entity, SWAPS, KNOWN)
        found = listed.get(other)
        if not found or name.kind != found.kind:
            missing.append(f"{name.name}: {other} is not in the gazetteer")
        elif found.entity != wanted and counterpart(found.entity, SWAPS, KNOWN) != name.entity:
            missing.append(f"{name.name} is {name.entity}, {other} is {found.entity}")
    assert missing == []


def test_each_office_of_one_party_is_known_of_the_other() -> None:
    offices = KNOWN.lexicon.offices
    assert [words for words in offices if SWAPS.exchange(words) not in offices] == []


def test_each_example_of_a_theme_is_found_when_it_is_exchanged() -> None:
    missed = [
        f"{theme.id}, {term.label}: {SWAPS.exchange(example)!r}"
        for theme in KNOWN.themes.values()
        for term in theme.terms
        for example in term.examples
        if not term.pattern.search(SWAPS.exchange(example))
    ]
    assert missed == []


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.glob("*.toml")), ids=lambda path: path.stem)
def test_no_list_of_words_names_one_party_alone(path: Path) -> None:
    if path.name not in FACTS:
        words = {in_order(word) for word in words_in(tomllib.loads(path.read_text(encoding="utf-8")))}
        assert sorted(word for word in words if in_order(counterpart(word, SWAPS, KNOWN)) not in words) == []


def in_order(words: str) -> str:
    """An expression with the words between which it chooses in order."""
    return re.sub(r"\(\?:([^()]*)\)", lambda match: f"(?:{'|'.join(sorted(match[1].split('|')))})", words)


FACTS = {
    "codebook.toml": "the questions are about what these texts say of one state or the other",
    "contrasts.toml": "a variant is what a text says of one side; the measure of terms is compared with its reasons",
    "dated.toml": "events are what happened",
    "events.toml": "events are what happened",
    "offices-held.toml": "who held which office when is what happened",
    "series.toml": "sessions and convocations of bodies are counted each for itself",
    "swaps.toml": "the table itself",
}


def words_in(tables: dict[str, object]) -> Iterator[str]:
    """The words of the lists in a TOML file; sentences that are examples apart."""
    for key, value in tables.items():
        for one in value if isinstance(value, list) and key not in ("examples", "found") else [value]:
            if isinstance(one, dict):
                yield from words_in(one)
            elif isinstance(one, str) and isinstance(value, list):
                yield one


# ---- a tilt is seen


def test_a_person_whom_the_gazetteer_lacks_is_seen() -> None:
    seen = tilts(compared(CORPUS, forget(KNOWN, "Nikol Pashinyan"), "mentions"))
    assert any("Pashinyan" in one for one in seen)
    assert any("Aliyev" in one for one in seen)


def test_an_office_known_of_one_party_only_is_seen() -> None:
    offices = {words: one for words, one in KNOWN.lexicon.offices.items() if "Azerbaijan" not in words}
    assert [words for words in offices if SWAPS.exchange(words) not in offices]


def test_a_term_that_names_one_party_is_seen() -> None:
    theme = KNOWN.themes["peace-talks"]
    term = replace(theme.terms[0], pattern=re.compile("Yerevan"))
    tilted = replace(KNOWN, themes={**KNOWN.themes, "peace-talks": replace(theme, terms=(*theme.terms, term))})
    assert tilts(list(compare_all(CORPUS, tilted, SWAPS, {"talks": find_theme("peace-talks")})))


def test_a_verb_that_counts_for_one_party_only_is_seen() -> None:
    doc = read("Baku insisted that the claim is false. Yerevan insisted that the claim is true.")

    def one_sided_measure(corpus: dict[str, Document], known: Knowledge) -> list[Span]:
        return [
            doc.mark_raw(Span, *match.span())
            for doc in corpus.values()
            for match in re.finditer(r"(?<=Baku )insisted", doc.raw)
        ]

    [comparison] = compare_all({"one": doc}, KNOWN, SWAPS, {"verbs": one_sided_measure})
    assert (comparison.here, comparison.there, comparison.equal) == (1, 1, 0)
    assert len(comparison.unexplained) == 2


def test_a_difference_with_a_reason_is_told_apart() -> None:
    explained = [each for one in compared_corpus("mentions") for each in one.differences if each.why]
    assert [each.span.words for each in explained] == ["Aliyev Jr."]
    unknown = compare_all(CORPUS, KNOWN, replace(SWAPS, accepted=()), {"mentions": MEASURES["mentions"]})
    assert len(tilts(list(unknown))) == 1


def test_each_reason_explains_a_difference() -> None:
    reasons = {each.why for one in compared_corpus() for each in one.differences}
    assert [one.why for one in SWAPS.accepted if one.why not in reasons] == []


def test_a_measure_or_an_entity_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'mentions'"):
        choose_measures(KNOWN, ["mention"])
    with pytest.raises(ValueError, match="did you mean 'Nikol Pashinyan'"):
        forget(KNOWN, "Nikol Pashinian")


def test_the_sides_of_a_pair_change_places() -> None:
    sides = sides_table(CORPUS, KNOWN, SWAPS)
    assert (sides["One, texts"] == sides["Other, mirrors"]).all()
    assert (sides["Other, texts"] == sides["One, mirrors"]).all()
    assert set(sides["What"]) == {"named", "words spoken for"}


def test_the_table_counts_what_is_found_alike_and_otherwise() -> None:
    table = symmetry_table(compared_corpus("mentions", "terms")).set_index("Measure")
    assert (table["Alike"] <= table["In the texts"]).all()
    assert (table["Otherwise, without"] == 0).all()
    assert (table["Otherwise, with a reason"] > 0).all()
