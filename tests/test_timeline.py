import re
import tomllib

import pytest

from apparatus.corpus import read_document, the_corpus
from apparatus.errors import DataError
from apparatus.events import (
    DATED,
    NAMED,
    ONE_LIKE,
    OTHERWISE,
    SAME_TIME,
    bounds,
    find_event_mentions,
    load_events,
    precision,
)
from apparatus.extract import KINDS
from apparatus.figures import plot_events, plot_timeline
from apparatus.knowledge import the_knowledge
from apparatus.model import Source
from apparatus.paths import KNOWLEDGE
from apparatus.reading import find_spans
from apparatus.readings import written_before
from apparatus.timeline import (
    AHEAD,
    AROUND,
    EARLIER,
    EXACTNESS,
    NOT_KNOWN,
    NOT_MENTIONED,
    UNSURE,
    WRITTEN_BEFORE,
    Timeline,
    ahead_table,
    claims_table,
    omissions_table,
    precision_table,
    read_timeline,
    seen_from,
    timeline_table,
)
from apparatus.voices import Voice

EVENTS = """
[[event]]
id = "flood"
title = "Flood at Lima"
when = "1997-03-04/1997-03-05"
names = ["Lima floods?", "flooding of Lima"]
examples = ["the Lima flood"]
themes = ["khojaly"]
why = "w"
source = "s"

[[event]]
id = "war"
title = "War of the ports"
when = "2001-02-03/2001-08-09"
names = ["port war"]
examples = ["the port war"]
themes = []
why = "w"
source = "s"

[[event]]
id = "treaty"
title = "Treaty of Lima"
when = "2001-08-09"
names = ["Lima treaty"]
examples = ["the Lima treaty"]
themes = []
why = "w"
source = "s"

[[event]]
id = "fair"
title = "Fair of 2003"
when = "2003-05-01"
names = ["Lima Fair"]
recurs = true
examples = ["the Lima Fair"]
themes = []
why = "w"
source = "s"

[[event]]
id = "vote"
title = "Vote of 2004"
when = "2004-06-01"
names = ["Lima vote"]
others = true
examples = ["the Lima vote"]
themes = []
why = "w"
source = "s"
"""


@pytest.fixture
def events(tmp_path):
    return load_events(the_knowledge().themes, write(tmp_path, EVENTS))


def write(folder, text):
    path = folder / "events.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(raw, events):
    doc = read_document(Source(id="case", file="case", issued="2010-01-02", latest="2010-01-02"), raw)
    dates = KINDS["dates"](doc, the_knowledge())
    return [(one.event, one.how, one.edtf, one.exact) for one in find_event_mentions(doc, dates, events.values())]


FLOOD_OF_THE_DAY_BEFORE = [
    ("flood", SAME_TIME, "1997-03-04", "4 March 1997"),
    ("flood", DATED, "1997-03-04", "4 March 1997"),
]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("The Lima flood of 4 March 1997 took ships.", [("flood", DATED, "1997-03-04", "4 March 1997")]),
        ("The Lima flood of March 1997 took ships.", [("flood", DATED, "1997-03", "March 1997")]),
        ("In 1997 came the Lima flood.", [("flood", DATED, "1997", "1997")]),
        ("The Lima flood took ships.", [("flood", NAMED, "", "Lima flood")]),
        ("The Lima flood of 1998 took ships.", [("flood", OTHERWISE, "1998", "1998")]),
        ("In the Lima flood on March 8, 1997, ships sank.", [("flood", OTHERWISE, "1997-03-08", "March 8, 1997")]),
        ("The 1998 Lima flood took ships.", [("flood", OTHERWISE, "1998", "1998")]),
        ("The Lima flood (1998) took ships.", [("flood", OTHERWISE, "1998", "1998")]),
        ("The port war of 2005 was long.", [("war", OTHERWISE, "2005", "2005")]),
        ("Peru recognised the Lima flood in 2009.", [("flood", NAMED, "", "Lima flood")]),
        ("After the Lima flood, in 1998, a dam was built.", [("flood", NAMED, "", "Lima flood")]),
        ("In 1998 Lima floods were the talk of Peru.", [("flood", NAMED, "", "Lima floods")]),
        ("On 4 March 1997 Peru said that the Lima flood was over.", [("flood", NAMED, "", "Lima flood")]),
        (
            "The Lima flood of 1997 was told of at a fair in March of the same year.",
            [("flood", DATED, "1997", "1997")],
        ),
        (
            "Between the port war and the Lima vote of 2004 came a Lima flood.",
            [("flood", NAMED, "", "Lima flood"), ("war", NAMED, "", "port war"), ("vote", DATED, "2004", "2004")],
        ),
        (
            "After the port war came the Lima treaty of 9 August 2001.",
            [("war", NAMED, "", "port war"), ("treaty", DATED, "2001-08-09", "9 August 2001")],
        ),
        ("On 4 March 1997 it rained. The Lima flood took ships.", FLOOD_OF_THE_DAY_BEFORE),
        (
            "On 4 March 1997 it rained.\n\nThe Lima flood took ships.",
            [FLOOD_OF_THE_DAY_BEFORE[0], ("flood", NAMED, "", "Lima flood")],
        ),
        (
            "On 3 February 2001 a ship sank. The port war was long.",
            [("war", DATED, "2001-02-03", "3 February 2001")],
        ),
        ("In 2001 a ship sank. The port war was long.", [("war", NAMED, "", "port war")]),
        ("The Lima vote was free.", [("vote", NAMED, "", "Lima vote")]),
        ("The Lima vote of 2008 was free.", []),
        ("The Lima vote of 3 June 2004 was free.", [("vote", OTHERWISE, "2004-06-03", "3 June 2004")]),
        ("On 5 March 1997 it rained.", [("flood", SAME_TIME, "1997-03-05", "5 March 1997")]),
        ("In March 1997 it rained.", []),
        ("From 1980 to 2005 Peru saw the Lima flood.", [("flood", NAMED, "", "Lima flood")]),
        ("The port war began on 3 February 2001.", [("war", DATED, "2001-02-03", "3 February 2001")]),
        ("In the port war a ship sank on 5 May 2001.", [("war", NAMED, "", "port war")]),
        ("On 5 May 2001 a ship sank.", []),
        ("The Lima Fair is large.", [("fair", ONE_LIKE, "", "Lima Fair")]),
        ("The Lima Fair of May 2005 was large.", []),
        ("The Lima Fair of May 2003 was large.", [("fair", DATED, "2003-05", "May 2003")]),
        ("The lima floods were many.", [("flood", NAMED, "", "lima floods")]),
        ("The Lima flooding was bad.", []),
    ],
)
def test_what_a_sentence_tells_of_an_event(raw, found, events):
    assert told(raw, events) == found


def test_a_mention_carries_its_sentence(events):
    doc = read_document(Source(id="case", file="case"), "It rained. The Lima flood took ships. It dried.")
    [one] = find_event_mentions(doc, [], events.values())
    assert one.passage.exact == "The Lima flood took ships."


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('"Lima floods?", ', ""), "do not find its example 'the Lima flood'"),
        (("khojaly", "khojali"), "there is no theme 'khojali'; did you mean 'khojaly'"),
        (('when = "2003-05-01"', 'when = "2003-5"'), "is no EDTF date"),
        (("recurs", "recur"), "unknown field 'recur'; did you mean 'recurs'"),
        (('id = "war"', 'id = "flood"'), "stands twice"),
        (("port war", "port ("), "in a regular expression"),
        (('examples = ["the port war"]', 'examples = ["the port war"]\nwithout = ["a port war"]'), "find 'a port war'"),
    ],
)
def test_a_faulty_event_is_named(tmp_path, change, complaint):
    with pytest.raises(DataError, match=complaint):
        load_events(the_knowledge().themes, write(tmp_path, EVENTS.replace(*change)))


def test_the_list_of_events_is_in_the_order_of_time():
    entries = tomllib.loads((KNOWLEDGE / "events.toml").read_text(encoding="utf-8"))["event"]
    keys = [(entry["when"].split("/")[0], entry["id"]) for entry in entries]
    assert keys == sorted(keys)
    assert all(precision(entry["when"]) in EXACTNESS for entry in entries)


def test_an_open_date_has_an_open_end():
    low, high = bounds("2024-02-14/..")
    assert high > low + 10**5


SOURCES = {
    "closed": Source(id="a", file="a", issued="2024-02", latest="2024-02-29"),
    "open": Source(id="b", file="b", issued="2024-02-14/..", latest="2024-02-14"),
    "unknown": Source(id="c", file="c"),
}


@pytest.mark.parametrize(
    ("source", "edtf", "seen"),
    [
        ("closed", "2024-03-01", AHEAD),
        ("closed", "2024", AROUND),
        ("closed", "2024-01", EARLIER),
        ("open", "2024-02-15", UNSURE),
        ("open", "2024-02-14", AROUND),
        ("open", "2024-02-13", EARLIER),
        ("unknown", "2024-02-14", ""),
        ("closed", "", ""),
    ],
)
def test_a_date_is_seen_from_its_text(source, edtf, seen):
    assert seen_from(SOURCES[source], edtf) == seen


@pytest.fixture(scope="module")
def timeline():
    known, corpus = the_knowledge(), the_corpus()
    return read_timeline(corpus, find_spans(corpus, known), known)


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ({"issued": "1997-03-03", "latest": "1997-03-03"}, WRITTEN_BEFORE),
        ({"issued": "1997-03-01/..", "latest": "1997-03-03"}, NOT_KNOWN),
        ({"issued": "1997-02", "latest": "1997-02-20"}, WRITTEN_BEFORE),
        ({"issued": "1997-03", "latest": "1997-03-02"}, NOT_KNOWN),
        ({"issued": "1997-03", "latest": "1997-03-30"}, NOT_MENTIONED),
        ({"issued": "1997-03-05/..", "latest": "1997-03-05"}, NOT_MENTIONED),
        ({}, NOT_KNOWN),
    ],
)
def test_a_text_is_written_before_an_event_only_where_its_last_day_is(source, way, events):
    doc = read_document(Source(id="x", file="x", **source), "Nothing is dated here.")
    told = Timeline(corpus={"x": doc}, dates=[], events=events, mentions=[], voices={}, everywhere=[])
    assert told.how("flood", "x") == way


def test_silence_has_the_reason_that_the_codings_give_it_where_the_issue_of_a_text_is_known(timeline):
    for (event, source), way in timeline.ways.items():
        record = timeline.corpus[source].source
        if way in (NOT_MENTIONED, WRITTEN_BEFORE) and ".." not in record.issued:
            before = written_before(record, timeline.events[event].when)
            assert way == (WRITTEN_BEFORE if before else NOT_MENTIONED)


def test_a_date_unlike_that_of_the_list_is_told_apart_everywhere(events):
    raw = "The Lima flood of 1998 took ships. The Lima flood of 1997 was long. The Lima treaty of 2003 was short."
    corpus = {"x": read_document(Source(id="x", file="x", label="X", issued="2010-01-02", latest="2010-01-02"), raw)}
    dates = KINDS["dates"](corpus["x"], the_knowledge())
    mentions = find_event_mentions(corpus["x"], dates, events.values())
    voices = {one.ref: Voice("own") for one in mentions}
    told = Timeline(corpus=corpus, dates=dates, events=events, mentions=mentions, voices=voices, everywhere=dates)
    assert (told.how("flood", "x"), told.how("treaty", "x")) == (DATED, OTHERWISE)
    assert [one.id for one in told.dated_otherwise] == ["flood", "treaty"]
    assert [one.id for one in told.dated_by(1)] == ["flood"]
    assert "treaty" not in {one.id for one in told.unheard_of}
    claims = claims_table(told, silent=False)
    assert sorted(claims.loc[claims["How"] == OTHERWISE, "Date (EDTF)"]) == ["1998", "2003"]
    assert set(omissions_table(told)["Dated otherwise by"]) == {"X (1998)", "X (2003)", "–"}


def test_every_claim_has_its_words_and_its_passage(timeline):
    for one in timeline.mentions:
        raw = timeline.corpus[one.source].raw
        assert raw[one.start : one.end] == one.exact
        assert raw[one.passage.start : one.passage.end] == one.passage.exact


def test_the_tables_have_a_row_for_each_date_and_each_source_of_an_event(timeline):
    assert len(timeline_table(timeline)) == len(timeline.dates)
    assert len(omissions_table(timeline)) == len(timeline.events)
    assert len(claims_table(timeline)) >= len(timeline.events) * len(timeline.corpus)
    assert precision_table(timeline).drop(columns="Precision").to_numpy().sum() == len(timeline.dates)


def test_dates_ahead_are_found_on_the_whole_page(timeline):
    assert "furniture" in set(ahead_table(timeline)["Part of the page"])


def test_events_are_restricted_to_a_theme(timeline):
    part = timeline.of_themes(["khojaly"])
    assert all("khojaly" in one.themes for one in part.events.values())
    assert {one.event for one in part.mentions} <= part.events.keys()
    with pytest.raises(ValueError, match="there is no theme 'nothing'"):
        timeline.of_themes(["nothing"])


def test_dates_ahead_are_those_of_the_passages_where_passages_are_given(timeline):
    ahead = timeline.everywhere[-1:]
    assert timeline.of_themes([], ahead).everywhere == ahead
    assert timeline.of_themes([]).everywhere == timeline.everywhere


def test_what_one_date_tells_does_not_depend_on_the_order_of_the_texts(timeline):
    known = the_knowledge()
    corpus = dict(reversed(the_corpus().items()))
    turned = read_timeline(corpus, find_spans(corpus, known), known)
    assert turned.ways == timeline.ways


def test_losses_of_both_peoples_are_on_the_list(timeline):
    titles = " ".join(one.title for one in timeline.events.values())
    pairs = (
        ("Azerbaijanis at Khojaly", "Armenians at Maragha"),
        ("Sargsyan v. Azerbaijan", "Chiragov and Others v. Armenia"),
        ("Azerbaijanis at Gugark", "Armenians at Sumgait"),
        ("Displacement of Azerbaijanis from Armenia", "Displacement of Armenians from Azerbaijan"),
        ("Displacement of Azerbaijanis from Shusha/Shushi", "Displacement of the Armenians of Nagorno-Karabakh"),
        ("Strikes on Ganja", "Strikes on Stepanakert"),
        ("Azerbaijani forces take Shusha/Shushi", "Armenian forces take Shusha/Shushi"),
    )
    assert [pair for pair in pairs if not all(words in titles for words in pair)] == []


WORDS = ("killings", "massacre", "murders", "pogrom", "slaughter", "tragedy", "victims", "violence")
KILLINGS = {name: name.capitalize() for name in ("askeran", "gugark", "khojaly", "maragha", "sumgait")}
FLIGHTS = ("were expelled from", "were deported from", "had fled", "were forced to leave", "were uprooted from")
HOMES = {
    "expulsions-from-armenia": "Azerbaijanis {} Armenia",
    "expulsions-from-azerbaijan": "Armenians {} Azerbaijan",
    "displacement-districts": "Azerbaijanis {} these districts",
    "displacement-martakert": "Armenians {} Martakert",
}
BY_EITHER_SIDE = {
    "operation-2023": ("the counter-terrorist operation in Garabagh", "the aggression against Artsakh of 19 September"),
    "departure-2023": ("the relocation of the Armenian population", "the expulsion of the Armenians of Artsakh"),
    "lachin-road": ("protests of ecologists on the Lachin road", "the blockade of Artsakh", "the Lachin blockade"),
    "war-2020": ("the 44-day Patriotic War", "the 44-day aggression", "the Second Artsakh War"),
    "dissolution-2023": ("the dissolution of the separatist regime", "Artsakh ceased to exist"),
    "unification-resolution": ("the reunification with Armenia", "the Karabakh movement"),
}


@pytest.mark.parametrize("word", WORDS)
def test_killings_of_either_people_are_known_by_the_same_words(word, timeline):
    for event, place in KILLINGS.items():
        for of in ("of", "at", "in"):
            assert timeline.events[event].pattern.search(f"the {word} {of} {place}"), (event, of)
    if word != "victims":
        assert timeline.events["baku-armenians"].pattern.search(f"the {word} of Armenians in Baku")


@pytest.mark.parametrize("flight", FLIGHTS)
def test_flight_of_either_people_is_known_by_the_same_words(flight, timeline):
    assert [
        event for event, words in HOMES.items() if not timeline.events[event].pattern.search(words.format(flight))
    ] == []


@pytest.mark.parametrize("event", BY_EITHER_SIDE)
def test_an_event_is_known_by_the_words_of_either_side(event, timeline):
    assert [words for words in BY_EITHER_SIDE[event] if not timeline.events[event].pattern.search(words)] == []


@pytest.mark.parametrize(
    "other",
    [
        "the attack in September 2022",
        "the war of September 1939",
        "a town close to Lachin",
        "the Lachin road was built",
    ],
)
def test_what_is_like_an_event_is_none(other, timeline):
    found = {name for name, event in timeline.events.items() if event.pattern.search(other)}
    assert not found & {"operation-2023", "lachin-road"}


ABOUT_THE_CORPUS = r"\b(?:(?:all|most|no|one|some|two|several|latest|read here) )?(?:sources?|texts?|bulletin|op-ed)\b"


def test_why_an_event_is_entered_says_nothing_of_what_the_texts_hold(timeline):
    said = {one.id for one in timeline.events.values() if re.search(ABOUT_THE_CORPUS, one.why)}
    assert said == {"border-2024", "constitution-1995", "khojaly", "operation-2023"}, "these speak of texts in general"


def test_what_is_another_thing_is_no_name_of_an_event(timeline):
    patterns = {name: one.pattern for name, one in timeline.events.items()}
    ruling = "The European Court of Human Rights (ECHR) ruling in 2015 acknowledged Armenia's control"
    assert patterns["echr-chiragov-2015"].search(ruling)
    assert not patterns["echr-sargsyan-2015"].search(ruling)
    assert patterns["echr-sargsyan-2015"].search(ruling.replace("Armenia", "Azerbaijan"))
    assert not patterns["displacement-districts"].search("cleanse Azerbaijanis from Armenia and the Garabagh region")
    assert not patterns["dissolution-2023"].search("the dismantling of the separatist regime")
    assert not patterns["unification-resolution"].search("irredentist campaigns")
    assert patterns["economic-regions"].search("transformed into the Karabakh economic region")


TOWNS = {
    "askeran": "Askeran",
    "barda-2020": "Barda",
    "ganja-2020": "Ganja",
    "gugark": "Gugark",
    "khojaly": "Khojaly",
    "maragha": "Maragha",
    "stepanakert-2020": "Stepanakert",
    "sumgait": "Sumgait",
    "tovuz-2020": "Tavush",
}


@pytest.mark.parametrize(("event", "town"), TOWNS.items())
def test_a_town_alone_does_not_tell_what_happened_to_it(event, town, timeline):
    known = {event: timeline.events[event]}
    assert told(f"A school opened in {town}.", known) == []
    assert [one[:2] for one in told(f"The killings at {town}, and the shelling of {town}, went on.", known)] == [
        (event, NAMED)
    ]


def test_the_figures_are_drawn_of_any_texts(timeline):
    assert plot_timeline(timeline).figure is not None
    axes = plot_events(timeline, list(timeline.events.values())[:3])
    assert len(axes.get_yticklabels()) == 3
    empty = read_document(Source(id="x", file="x", label="X"), "Nothing is dated here.")
    bare = read_timeline({"x": empty}, find_spans({"x": empty}, the_knowledge()), the_knowledge())
    assert plot_timeline(bare).figure is not None
    assert plot_events(bare, []).figure is not None
