"""Who is named in a text outside its quotations: by name, title, office, role or group, and who that is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

import ahocorasick

from apparatus.extract.candidates import KINDS, Candidate, is_straight
from apparatus.extract.mentions import view_names
from apparatus.extract.names import Names, Part
from apparatus.extract.roles import AGENT, Roles
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, Name, alternatives
from apparatus.model import Document
from apparatus.sentences import sentences_of

Interval = tuple[int, int]
BESIDE = re.compile(
    r",? (?:of|for|in|at) (?:the |its |his |her )?(?P<field>(?:[a-z-]+ ){0,3}(?:(?:of |the |and |for )*[A-Z][\w-]* )*)"
    r"|(?: (?:of|for) [^,.;]{3,60})?, (?:[A-Z][\w.-]* )?(?:in reserve )?"
)
BYLINE = re.compile(r"(?:- )?(?:By|BY|Written by|Authors?:|Text:|Opinion by) (?=[A-Z])")
MODIFIER = re.compile(
    r"(?:(?<=[Tt]he )[A-Z][a-z]+ [a-z]+ |(?<=[Tt]he )(?:(?!of |in |at |to |and |or |for |with )[a-z-]+ ){1,2}"
    r"|(?<![\w’'-])(?:(?:(?!The |This |That |An? )[A-Z][a-z]+"
    r"|local|senior|health|police|government|military|company|court|state"
    r"|finance|foreign|interior|defen[cs]e|justice|home|[a-z]+al) ){1,2})$"
)
JOINED = re.compile(r"\b([A-Z][a-z]+) and $")  # "French and Armenian experts"
INITIAL = re.compile(r"\b([A-Z])(?= [A-Z])")
WORDY = re.compile(r"[\w’'-]")
COMPLEMENT = re.compile(r" (?:for|of|at|from) (?:the |an? |one )?[a-z]")
AGED = re.compile(r"\b[Tt]he (\d{1,3})-year-old ([a-z]+)")
LEADERS = re.compile(r"^[A-Z][\w-]+ leaders$")
SAYS = re.compile(r" (?P<verb>[a-z]+(?<!s)\b|[a-z]+s\b(?= that\b|[:,]? ?[“\"‘«]))")  # "the German states" are many
NEXT_WORD = re.compile(r" ([a-z]+)(?![\w-])")
FAR_BACK = 24  # sentences in which the body meant by "the agency" is looked for
NEAR_BACK = 12  # sentences in which a title without a name may go back to a name without a title
LONGEST = 1500  # characters of a sentence that are read together
MANY = 40  # names before a place that are looked at


@lru_cache(maxsize=4)
def _described(lexicon: Lexicon) -> re.Pattern[str]:
    titles = alternatives(word for words in lexicon.titles.values() for word in words)
    return re.compile(
        r"[TtLl](?:"
        r"(?:he [Ll])?(?:eaders|eadership)(?P<leaders> (?:of|in) (?:the )?(?:[\w-]+ )?(?:country|republic))\b"
        rf"|he (?<![\w’'-][Tt]he )(?:(?P<title>(?:[\w-]+ )?{titles})(?![\w-])"
        r"|(?=(?P<role>(?:[\w-]+ ){0,2}[a-z][\w-]+))))"
    )


@lru_cache(maxsize=4)
def _automaton(lexicon: Lexicon, kind: str) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    groups = lexicon.grammar["group"] | lexicon.grammar["kind_of_body"]
    for word in groups if kind == "group" else lexicon.offices:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


class Named:
    """The names, titles and groups of one text, sentence by sentence; each is read when it is asked for."""

    def __init__(self, doc: Document, known: Knowledge, quoted: tuple[Interval, ...]) -> None:
        """Find the runs of capitals and the names of the gazetteer once."""
        self.text, self.lexicon, self.quoted = doc.view.text, known.lexicon, quoted
        self.year = int(doc.source.issued[:4] or 0) if doc.source.issued[:4].isdigit() else 0
        self.sentences = list(self._stretches(sentences_of(doc).starts))
        self.hits = view_names(doc, known)
        self.hit_starts = [hit[0] for hit in self.hits]
        self.quoted_ends = [end for _, end in quoted]
        self.names = Names(self.text, known.lexicon)
        self.says = known.lexicon.reporting["verb"]
        self.author = self._author(doc)
        self._named: dict[int, list[Candidate]] = {}
        self._names_of: dict[int, list[Candidate]] = {}
        self._bodies: dict[int, list[Candidate]] = {}

    def _stretches(self, starts: list[int]) -> Iterator[int]:
        """Yield where sentences begin, and where one that does not end is cut, lest each question read it whole."""
        for start, end in pairwise([*starts, len(self.text)]):
            yield start
            while end - start > LONGEST:
                start = self.text.find(" ", start + LONGEST, end) + 1 or end
                if start < end:
                    yield start

    @cached_property
    def roles(self) -> Roles:
        """What the persons of the text are called."""
        return Roles(self.names, self.lexicon, self._office_holders())

    def _office_holders(self) -> Iterator[tuple[int, str, str]]:
        for start, _, office in self._words_of("office", 0, len(self.text)):
            if holder := self._holder(office):
                yield start, holder, office

    def _words_of(self, kind: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Yield the nouns of groups, or the offices, that are whole words, with their places."""
        for at, word in _automaton(self.lexicon, kind).iter(self.text[start:end]):  # `iter` copies all it is given
            low, high = start + at + 1 - len(word), start + at + 1
            if not (WORDY.match(self.text[max(0, low - 1) : low]) or WORDY.match(self.text[high : high + 1])):
                yield low, high, word

    def _author(self, doc: Document) -> str:
        """Return the document's author: as the catalog names him, else as a by-line does."""
        if doc.source.author:
            return doc.source.author.split(",")[0]
        for start, end, zone in (*doc.blocks[:12], *doc.blocks[12:][-4:]):
            if zone == "byline" or (end - start < 160 and BYLINE.match(self.text, start, end)):
                people = [part.name for part in self.names.within(start, end) if part.kind == "person"]
                return self.names.plain(people[0]) if people else ""
        return ""

    def sentence(self, place: int) -> int:
        """Return the number of the sentence that holds a place."""
        return bisect_right(self.sentences, place) - 1

    def edges(self, index: int) -> Interval:
        """Return where a sentence begins and ends, by its number."""
        after = self.sentences[index + 1] if index + 1 < len(self.sentences) else len(self.text)
        return self.sentences[index], after

    def is_quoted(self, place: int) -> bool:
        """Tell whether a place lies inside quotation marks."""
        index = bisect_right(self.quoted_ends, place)
        return index < len(self.quoted) and self.quoted[index][0] <= place

    def within(self, index: int) -> list[Candidate]:
        """Return the names and titles of a sentence, by its number."""
        if index not in self._named:
            start, end = self.edges(index)
            plain = self._plain(index)
            names = [self._with_name(one, plain) if one.kind == "office" else one for one in plain]
            taken = [(one.start, one.end) for one in names]
            found = [*names, *self._unnamed(start, end, names, taken)]
            self._named[index] = sorted(
                (one for one in found if not self.is_quoted(one.start)), key=lambda one: one.start
            )
        return self._named[index]

    def _plain(self, index: int) -> list[Candidate]:
        """Return the names of a sentence; who an office in capitals means is not asked yet."""
        if index not in self._names_of:
            self._names_of[index] = sorted(self._names(*self.edges(index)), key=lambda one: one.start)
        return self._names_of[index]

    def _names(self, start: int, end: int) -> Iterator[Candidate]:
        """Yield the names by capitals, each as the gazetteer calls it where it knows the whole of it."""
        low, high = bisect_left(self.hit_starts, start), bisect_left(self.hit_starts, end)
        hits = list(self.hits[low:high])
        last = start
        for part in self.names.within(start, end):
            while hits and hits[0][1] <= part.start:
                yield from self._hit(*hits.pop(0), last)
            over = [hit for hit in hits if hit[0] < part.end]
            whole = next((hit for hit in over if self._covers(hit, part)), None)
            if whole:
                yield from (one._replace(lead=min(part.lead, one.start)) for one in self._hit(*whole, last))
                last = whole[1]
            elif part.start >= last:
                yield from self._unknown(part, start)
                last = part.end
            hits = [hit for hit in hits if hit[1] > part.end and hit is not whole]
        for hit in hits:
            yield from self._hit(*hit, last)

    def _covers(self, hit: tuple[int, int, Name], part: Part) -> bool:
        if hit[2].kind == "person" and part.kind == "person":
            return hit[1] >= part.end or hit[0] <= part.start
        return hit[0] <= part.start and hit[1] >= part.end and part.kind != "office"

    def _hit(self, start: int, end: int, name: Name, last: int) -> Iterator[Candidate]:
        if start < last:
            return
        if name.kind == "people" and name.name.endswith("s") and self.text[end : end + 1] not in ("'", "’"):
            yield Candidate(start, end, name.name, "group")
        elif name.kind == "people" and self.text[max(0, start - 4) : start] in ("The ", "the "):
            after = SAYS.match(self.text, end, end + 40)
            person = self._last_named(self.sentence(start), start) if after and after["verb"] in self.says else ""
            if person:
                yield Candidate(start, end, person, "person", "title", self.names.gender(person))
        elif name.kind in KINDS and (name.kind != "place" or name.note):
            speaker = f"{name.name} ({name.note})" if name.kind == "place" else name.entity
            gender = self.names.gender(name.entity) if name.kind == "person" else ""
            yield Candidate(start, end, speaker, name.kind, gender=gender)

    def _unknown(self, part: Part, sentence: int) -> Iterator[Candidate]:
        """Yield a name that the gazetteer does not know: the fullest form that the text gives it, before or after."""
        if part.kind == "office":
            yield Candidate(part.start, part.end, part.name, "office", "title")
            return
        full = self.names.full(part.name, part.start, part.gender) if " " not in part.name else part.name
        person = part.kind == "person" or (part.kind == "single" and bool(full))
        if person:
            name = self._canonical(full or part.name)
            yield Candidate(
                part.start,
                part.end,
                name,
                "person",
                gender=self.names.gender(name, part.title) or part.gender,
                lead=part.lead,
            )
        elif part.name in self.names.acronyms:
            yield Candidate(part.start, part.end, self.names.acronyms[part.name], "body")
        elif (
            part.kind == "body"
            or part.start - sentence > 2
            or part.name in self.names.inside
            or part.name in self.media
        ):
            yield Candidate(part.start, part.end, part.name, "body")

    @cached_property
    def _entities(self) -> dict[str, str]:
        return {name.name: name.entity for name in self.lexicon.names if name.kind == "person"}

    def _canonical(self, name: str) -> str:
        name = self.names.plain(INITIAL.sub(r"\1.", name))
        return self._entities.get(name, name)

    def _unnamed(self, start: int, end: int, names: list[Candidate], taken: list[Interval]) -> Iterator[Candidate]:
        """Yield titles, roles and groups without a name: "the head of state", "the diver", "health officials"."""
        for match in _described(self.lexicon).finditer(self.text, start, end):
            kind = str(match.lastgroup)
            at, stop = match.span(kind)
            if any(low < stop and at < high for low, high in taken):
                continue
            if kind == "leaders":
                taken.append((match.start(), stop))
                yield Candidate(match.start(), stop, self._leadership(at), "group", "title")
            elif self.text[stop : stop + 1] == "," or not any(
                one.start - stop in (1, 2) and one.kind == "person" for one in names
            ):
                yield from self._called(kind, at, stop, names)
        for match in AGED.finditer(self.text, start, end):
            if match[2] in self.says and (person := self._aged(match[1], start, match.start())):
                yield Candidate(
                    match.start() + 4, match.start(2) - 1, person, "person", "title", self.names.gender(person)
                )
        for at, stop, _ in self._words_of("group", start, end):
            if modifier := MODIFIER.search(self.text, max(start, at - 40), at):
                at = modifier.start()
            joined = JOINED.search(self.text, start, at)
            at = joined.start() if joined and joined[1] in self.lexicon.adjective_words else at
            if not any(low < stop and at < high for low, high in taken) and not self._is_attribute(stop):
                yield self._group(at, stop)

    def _is_attribute(self, end: int) -> bool:
        """Tell a noun before another: "the military exercise"."""
        match = NEXT_WORD.match(self.text, end, end + 30)
        if not match or self.text[end - 1] == "s" or match[1].endswith(("ed", "s", "ly")):
            return False
        grammar, reporting = self.lexicon.grammar, self.lexicon.reporting
        verbs = (grammar["function"], grammar["verb"], grammar["past_form"], reporting["verb"])
        return not any(match[1] in words for words in verbs)

    def _group(self, start: int, end: int) -> Candidate:
        """Return the body that "the agency" goes back to, or the group as it is called."""
        phrase = self.text[start:end]
        if LEADERS.search(phrase) and (country := self.lexicon.listed.get(phrase.rsplit(" ", 1)[0])):
            return Candidate(start, end, f"{country.name} leadership", "group", "title")
        if " " not in phrase and phrase[0].isupper():
            return Candidate(start, end, phrase.lower(), "group", "title")
        if " " in phrase or self.text[start - 4 : start].lower() != "the ":
            return Candidate(start, end, phrase, "group", "title")
        index = self.sentence(start)
        generic = phrase in self.lexicon.grammar["kind_of_body"]
        known = self.known_bodies | self.media
        sure = likely = ""
        for number in range(index, max(-1, index - FAR_BACK), -1):
            bodies = [one for one in self._named_bodies(number) if one.end <= start]
            for one in reversed(bodies):
                if phrase.capitalize() in one.speaker.split():
                    return Candidate(start, end, one.speaker, "body", "title")
            straight = [one for one in bodies if is_straight(self.text, one)]
            sure = sure or next((one.speaker for one in (*straight, *bodies) if one.speaker in known), "")
            likely = likely or next((one.speaker for one in straight if self._is_likely(one)), "")
        other = (sure or likely) if generic else ""
        return Candidate(start, end, other or phrase, "body" if other else "group", "title")

    @cached_property
    def no_persons(self) -> frozenset[str]:
        """The bodies, countries and places of the gazetteer."""
        return frozenset(name.entity for name in self.lexicon.names if name.kind != "person")

    @cached_property
    def persons(self) -> frozenset[str]:
        """The persons whom a first name, a title, the gazetteer or what they do shows to be persons."""
        known = {name.entity for name in self.lexicon.names if name.kind == "person"} | self.roles.persons
        for part in self.names.introduced:
            if part.kind == "person":
                after = NEXT_WORD.match(self.text, part.end, part.end + 30)
                if part.title or part.name.split()[0] in self.lexicon.first_names or (after and after[1] in self.says):
                    known.add(self._canonical(part.name))
        return frozenset(known)

    @cached_property
    def known_bodies(self) -> frozenset[str]:
        """The bodies of the gazetteer."""
        return frozenset(name.entity for name in self.lexicon.names if name.kind == "body")

    @cached_property
    def media(self) -> frozenset[str]:
        """The names of media, which are names at a sentence's beginning too."""
        return frozenset(self.lexicon.reporting["medium"])

    def _is_likely(self, one: Candidate) -> bool:
        return " " in one.speaker or (one.speaker.isupper() and one.speaker.isalpha() and len(one.speaker) > 2)

    def _named_bodies(self, index: int) -> list[Candidate]:
        if index not in self._bodies:
            self._bodies[index] = [
                one for one in self._plain(index) if one.kind == "body" and one.speaker not in self.places
            ]
        return self._bodies[index]

    @cached_property
    def places(self) -> frozenset[str]:
        """Unknown names that stand after "in" or "at" and so are places, not bodies."""
        return frozenset(re.findall(r"\b(?:in|at|near) (?:the )?([A-Z]\w+(?: [A-Z]\w+)*)", self.text))

    def _called(self, kind: str, start: int, end: int, names: list[Candidate]) -> Iterator[Candidate]:
        if kind == "role":
            words = self.text[start:end].split()
            known = [at for at in range(len(words)) if words[at] in self.roles.of and AGENT.search(words[at])]
            if not known:
                return
            end = start + len(" ".join(words[: known[-1] + 1]))
        beside = [one for one in names if one.kind == "person" and end < one.start < end + 70]
        beside = [one for one in beside if self._is_beside(end, one)]
        if beside:
            yield Candidate(start, end, beside[0].speaker, "person", "title", beside[0].gender)
        else:
            yield self._titled(start, end, self.text[start:end])

    def _with_name(self, one: Candidate, names: list[Candidate]) -> Candidate:
        """Return an office in capitals with the name that follows it: "the Minister of Health, Ana Souza"."""
        for other in names:
            if other.kind == "person" and one.end < other.start < one.end + 70 and self._is_beside(one.end, other):
                return one._replace(speaker=other.speaker, kind="person", gender=other.gender)
        return self._titled(one.start, one.end, one.speaker)

    def _is_beside(self, end: int, one: Candidate) -> bool:
        """Tell a name in apposition to a title: "the head of the agency, Ana Souza"."""
        match = BESIDE.fullmatch(self.text, end, one.head)
        between = match["field"].split() if match and match["field"] else []
        described = bool(between) and "," not in match[0] and bool(AGENT.search(between[-1])) if match else False
        done = any(word in self.lexicon.grammar["verb"] or word.endswith("ed") for word in between)
        return bool(match) and not described and not done

    def _titled(self, start: int, end: int, phrase: str) -> Candidate:
        """Return who a title without a name means; the title itself where nobody is known by it."""
        person, before = self.roles.who(phrase, start, self.text.rfind("\n\n", max(0, start - LONGEST), start))
        if holder := self._holder(phrase):
            person, before = holder, True
        if not before and phrase.split()[-1].islower() and not COMPLEMENT.match(self.text, end, end + 20):
            titled = any(True for _ in self.roles.titles_in(phrase))
            person = (self._last_named(self.sentence(start), start) if titled else "") or person
        if person:
            person = self._canonical(person)
            return Candidate(start, end, person, "person", "title", self.names.gender(person))
        return Candidate(start, end, phrase, "group", "title")

    def _last_named(self, index: int, place: int) -> str:
        """Return the first person named in one of the sentences before, to whom a title may go back."""
        for number in range(index - 1, max(-1, index - NEAR_BACK), -1):
            for one in self._plain(number):
                label = self.text[one.end : one.end + 1] == ":"
                if one.kind == "person" and not label and is_straight(self.text, one) and not self.is_quoted(one.start):
                    return one.speaker
        return ""

    def _aged(self, age: str, sentence: int, place: int) -> str:
        """Return the last person before a place whose age was given so, else the first one named before."""
        given = [one for at, one in self.roles.ages.get(age, ()) if at < place]
        return self._canonical(given[-1]) if given else self._last_named(self.sentence(sentence), place)

    def _leadership(self, place: int) -> str:
        index = bisect_right(self.hit_starts, place) - 1
        for _, _, name in self.hits[max(0, index - MANY) : index + 1][::-1]:
            country = name.entity if name.kind == "country" else name.note if name.kind == "place" else ""
            if country:
                return f"{self.lexicon.adjectives.get(country, country)} leadership"
        return "leadership"

    def _holder(self, office: str) -> str:
        for one in self.lexicon.offices.get(office, ()):
            if not self.year or (one.since <= self.year and (not one.until or self.year <= one.until)):
                return one.holder
        return ""
