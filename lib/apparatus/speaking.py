"""Who speaks in the sources, in how many words, named or not, and about whom; and who is never given a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from apparatus.knowledge import Knowledge, the_knowledge
from apparatus.model import Document, Mention, Span
from apparatus.parties import Group, Parties, Speaker, find_group, load_parties
from apparatus.reading import Spans
from apparatus.themes import RUNNING_TEXT, within
from apparatus.voices import Speech, find_speech

KINDS = {
    "person": "a named person",
    "body": "a named body",
    "state": "a state, or its capital",
    "name": "a name not in the gazetteer",
    "phrase": "not named: a phrase",
    "nobody": "nobody is told",
}
NOT_NAMED, NO_PARTY = "not named", "a name without a party on file"
VOICES = ["Source", "Words", "Own voice", "Reported", "Quoted", "Given to others, %", "Speakers", "Without a name"]
SPEAKERS = ["Source", "Speaker", "Told as", "Speaks for", "Words quoted", "Words reported", "Longest piece"]
ABOUT = ["Speaks for", "About", "Words", "Pieces"]
UNHEARD = ["Source", "Named there", "Kind", "Times", "Given words in", "First named"]
GROUPS = ["Group", "Source", "Times written of", "Words given", "First written of"]


@dataclass(frozen=True, eq=False)
class Speaking:
    """The running text of some sources in pieces of one voice each, with the names in it and who speaks for whom."""

    corpus: Mapping[str, Document]
    pieces: list[Speech]
    mentions: list[Mention]
    parties: Parties
    zones: tuple[str, ...]

    def label(self, source: str) -> str:
        """Return what readers call a source."""
        return self.corpus[source].source.label

    @cached_property
    def speakers(self) -> dict[tuple[str, str], Speaker]:
        """Who each speaker's name is, by source and name."""
        return {
            (one.source, one.speaker): self.parties.speaker(
                one.speaker, issued=self.corpus[one.source].source.issued.replace("/..", "")
            )
            for one in self.given
        }

    @cached_property
    def given(self) -> list[Speech]:
        """The pieces whose words are somebody else's: quoted or reported."""
        return [one for one in self.pieces if one.voice != "own"]

    def who(self, piece: Speech) -> Speaker:
        """Return the speaker of a piece that is not the source's own."""
        return self.speakers[piece.source, piece.speaker]

    def of(self, source: str, *voices: str) -> list[Speech]:
        """Return the pieces of a source, in some voices or in all."""
        return [one for one in self.pieces if one.source == source and (not voices or one.voice in voices)]

    @cached_property
    def heard(self) -> dict[str, set[str]]:
        """The entities that are quoted or reported in each source, and the parties for which they speak."""
        found: dict[str, set[str]] = {source: set() for source in self.corpus}
        for one in self.given:
            speaker = self.who(one)
            found[one.source].update(speaker.entities, map(self.parties.of, speaker.entities))
        return found

    def party(self, piece: Speech) -> str:
        """Return for whom the speaker of a piece speaks, in the reader's words; former offices count as the party."""
        speaker = self.who(piece)
        return (speaker.party or NO_PARTY) if speaker.named else NOT_NAMED

    def by_speaker(self) -> dict[str, list[Speech]]:
        """Return the pieces of each speaker, who has most words first."""
        return _most_words_first((one.speaker or KINDS["nobody"], one) for one in self.given)

    def by_party(self, source: str = "") -> dict[str, list[Speech]]:
        """Return the pieces spoken for each party, that with most words first; in one source or in all."""
        return _most_words_first((self.party(one), one) for one in self.given if source in ("", one.source))

    @property
    def one_sided(self) -> list[str]:
        """The sources in which named speakers speak for a single party."""
        apart = {NO_PARTY, NOT_NAMED}
        return [source for source in self.corpus if len(self.by_party(source).keys() - apart) == 1]

    def within(self, passages: Iterable[Span]) -> Speaking:
        """Return what is said in some passages only: those of a theme, or of a section."""
        places = list(passages)
        return Speaking(
            self.corpus, within(self.pieces, places), within(self.mentions, places), self.parties, self.zones
        )


def read_speaking(
    corpus: Mapping[str, Document],
    spans: Spans,
    known: Knowledge | None = None,
    *,
    zones: Sequence[str] = RUNNING_TEXT,
) -> Speaking:
    """Return who speaks in the running text of some sources. `spans` are the quotations and names found in them."""
    known = known or the_knowledge()
    pieces = [
        piece
        for source, doc in corpus.items()
        for piece in find_speech(doc, [one for one in spans.quotes if one.source == source], known, zones=zones)
    ]
    mentions = [one for one in spans.mentions if one.zone in zones]
    return Speaking(corpus, pieces, mentions, load_parties(known.lexicon), tuple(zones))


def _most_words_first(pairs: Iterable[tuple[str, Speech]]) -> dict[str, list[Speech]]:
    found: dict[str, list[Speech]] = defaultdict(list)
    for name, piece in pairs:
        found[name].append(piece)
    return dict(sorted(found.items(), key=lambda one: (-words_of(one[1]), one[0])))


def words_of(pieces: Iterable[Speech]) -> int:
    """Return the number of words of some pieces."""
    return sum(piece.length for piece in pieces)


def voice_table(speaking: Speaking) -> pd.DataFrame:
    """Return a row per source: its words by voice, the share given to others, the speakers, the words without a name.

    Units: words; the three voices add up to all words of the zones read.
    """
    rows = []
    for source in speaking.corpus:
        words = [words_of(speaking.of(source, voice)) for voice in ("own", "reported", "quoted")]
        given = speaking.of(source, "reported", "quoted")
        row = [speaking.label(source), sum(words), *words, round(100 * sum(words[1:]) / max(sum(words), 1))]
        without = words_of(one for one in given if not speaking.who(one).named)
        rows.append([*row, len({one.speaker for one in given if speaking.who(one).named}), without])
    return pd.DataFrame(rows, columns=VOICES)


def speech_table(speaking: Speaking) -> pd.DataFrame:
    """Return a row per source and speaker, most words first: told as whom, for whom, words quoted and reported.

    A former office is marked; what was said may be older than the text that quotes it. Units: words.
    """
    found: dict[tuple[str, str], list[Speech]] = defaultdict(list)
    for one in speaking.given:
        found[one.source, one.speaker].append(one)
    order = list(speaking.corpus)
    rows = []
    for (source, name), pieces in sorted(found.items(), key=lambda one: (order.index(one[0][0]), -words_of(one[1]))):
        speaker = speaking.speakers[source, name]
        quoted, reported = ([one for one in pieces if one.voice == voice] for voice in ("quoted", "reported"))
        longest = max(pieces, key=lambda one: (one.length, -one.start))
        row = [speaking.label(source), name or KINDS["nobody"], KINDS[speaker.kind], party_words(speaker)]
        rows.append([*row, words_of(quoted), words_of(reported), longest])
    return pd.DataFrame(rows, columns=SPEAKERS)


def party_words(speaker: Speaker) -> str:
    """Return for whom somebody speaks, in the reader's words."""
    if not speaker.named:
        return NOT_NAMED
    return (speaker.party or NO_PARTY) + (" (no longer in office)" if speaker.former else "")


def about_table(speaking: Speaking) -> pd.DataFrame:
    """Return a row per party that speaks and party spoken of: the words of the pieces that name it, and those pieces.

    Whoever belongs to a party, and its country and people, count as the party. A piece that names several counts for
    each, so that the words do not add up. Units: words.
    """
    found: dict[tuple[str, str], list[Speech]] = defaultdict(list)
    places = _mentions_by_source(speaking)
    for one in speaking.given:
        for about in sorted(_named_in(one, places[one.source], speaking.parties)):
            found[speaking.party(one), about].append(one)
    most_first = sorted(found.items(), key=lambda one: (-words_of(one[1]), one[0]))
    return pd.DataFrame([[*sides, words_of(pieces), pieces] for sides, pieces in most_first], columns=ABOUT)


def _mentions_by_source(speaking: Speaking) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = {source: [] for source in speaking.corpus}
    for one in speaking.mentions:
        found[one.source].append(one)
    return found


def _named_in(piece: Speech, mentions: Sequence[Mention], parties: Parties) -> set[str]:
    inside = (one for one in mentions if piece.start <= one.start and one.end <= piece.end)
    return {party for one in inside if (party := parties.of(one.entity))}


def most_across(about: pd.DataFrame) -> tuple[str, str, list[Speech], list[Speech]]:
    """Return which party speaks most about which other one: both, the pieces, and the pieces the other way round."""
    across = about[(about["Speaks for"] != about["About"]) & ~about["Speaks for"].isin([NOT_NAMED, NO_PARTY])]
    if across.empty:
        return "nobody", "nobody", [], []
    speaker, other, _, pieces = across.iloc[0]
    back = across[(across["Speaks for"] == other) & (across["About"] == speaker)]["Pieces"]
    return speaker, other, pieces, [piece for some in back for piece in some]


def unheard_table(
    speaking: Speaking, *, least: int = 3, kinds: Sequence[str] = ("person", "body", "people", "country")
) -> pd.DataFrame:
    """Return a row per source and entity that it names at least so often, and neither quotes nor reports.

    Another source may give it words: then that source is named. A state or body counts as heard where its capital
    or one who holds its offices speaks; a people counts as named where its noun stands ("Armenians", not "Armenian
    law"). To be named and not heard is a choice that a short text must often make; no motive is read into it.
    """
    rows = []
    for source, mentions in _mentions_by_source(speaking).items():
        named: dict[str, list[Mention]] = defaultdict(list)
        for one in mentions:
            if one.kind in kinds and _is_named(one):
                named[one.entity].append(one)
        for entity, places in sorted(named.items(), key=lambda one: (-len(one[1]), one[0])):
            if len(places) >= least and entity not in speaking.heard[source]:
                others = [speaking.label(other) for other, heard in speaking.heard.items() if entity in heard]
                row = [speaking.label(source), entity, places[0].kind, len(places)]
                rows.append([*row, ", ".join(others) or "none", places[0]])
    return pd.DataFrame(rows, columns=UNHEARD)


def _is_named(mention: Mention) -> bool:
    """Tell a name from the adjective of a people."""
    return mention.kind != "people" or mention.exact.endswith("s")


def named_by_all(speaking: Speaking, *kinds: str) -> dict[str, list[Mention]]:
    """Return the entities that every source names and none quotes or reports, with their mentions."""
    named: dict[str, list[Mention]] = defaultdict(list)
    for one in speaking.mentions:
        if (not kinds or one.kind in kinds) and _is_named(one):
            named[one.entity].append(one)
    heard = set().union(*speaking.heard.values())
    everywhere = {entity for entity, places in named.items() if {one.source for one in places} == set(speaking.corpus)}
    return {entity: named[entity] for entity in sorted(everywhere - heard)}


def groups_table(speaking: Speaking, groups: Iterable[Group]) -> pd.DataFrame:
    """Return a row per group of people and source that writes of it: how often, and how many words are given to it.

    Words are given to a group where the speaker is told by a phrase that holds one of the group's words.
    """
    rows = []
    for group in groups:
        for source, doc in speaking.corpus.items():
            places = find_group(doc, group, *speaking.zones)
            told = [one for one in speaking.given if one.source == source and not speaking.who(one).named]
            given = words_of(one for one in told if group.pattern.search(one.speaker))
            if places:
                rows.append([group.name, speaking.label(source), len(places), given, places[0]])
    return pd.DataFrame(rows, columns=GROUPS)
