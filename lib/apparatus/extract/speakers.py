"""Who is named as speaking: names, titles, offices, pronouns and groups, resolved to one canonical name each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from apparatus.extract.mentions import view_names
from apparatus.knowledge import Knowledge
from apparatus.lexicon import Lexicon, Name, alternatives
from apparatus.model import Document

Interval = tuple[int, int]
Hit = tuple[int, int, Name]
PERSONAL = r"[Hh]e|[Ss]he|[Hh]im|[Hh]is|[Hh]er"
NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*[^\W\d_]"
INITIALS = r"(?:(?:[A-Z]\. ?)+)?"
PARTICLE = r"(?:de|da|del|der|den|van|von|al|el|bin|ibn|la|le|of(?: the)?|for(?: the)?)"
OBLIQUE = re.compile(
    r"\b(?:of|at|in|to|with|from|by|for|on|against|between|under|including|via|and|like|over)(?: the| an?)?(?: \w+)? $"
)
ADVERBS = re.compile(
    r"(?:,[^,.;]{0,60},)?(?: (?:has|have|had|also|further|then|later|earlier|repeatedly|did|not|never|itself|\w+ly))* "
)
KINDS = ("person", "body", "country", "place")


@dataclass(frozen=True)
class Candidate:
    """A passage that may name a speaker. `kind`: person body group country place."""

    start: int
    end: int
    speaker: str
    kind: str


@dataclass
class _Context:
    """What was named so far, for reading titles, surnames and pronouns."""

    person: str = ""
    place: int = 0
    country: str = ""
    titled: dict[str, Counter[str]] = field(default_factory=dict)
    latest: dict[str, tuple[int, str]] = field(default_factory=dict)
    surnames: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4)
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    titles = alternatives(word for words in lexicon.titles.values() for word in words)
    no_name = alternatives(lexicon.grammar["no_name"])
    kind_of_group = "the|[A-Z][a-z]+|local|senior|health|police|government|military|company|court|state|federal"
    forms = {
        "leaders": r"(?:[Tt]he )?(?:[Ll]eaders|[Ll]eadership) (?:of|in) (?:the )?(?:[\w-]+ )?(?:country|republic)\b",
        "office": rf"(?=[A-Z]){alternatives(lexicon.offices)}(?![\w-])",
        "title": rf"[Tt]he (?:\w+ )?(?P<bare>{titles})(?! (?:of\b|{NAME}))(?!\w)",
        "group": rf"(?:(?:{kind_of_group}) ){{0,2}}{alternatives(lexicon.grammar['group'])}(?!\w)",
        "pronoun": rf"(?:{PERSONAL})(?!\w)",
        "name": rf"(?!(?:{no_name}|[A-Z]\w+ing)\b){INITIALS}{NAME}(?: (?:{PARTICLE} )?{INITIALS}{NAME})*",
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{form})' for name, form in forms.items())})")


class Speakers:
    """The candidates of one text, in order, with those inside quotation marks left out."""

    def __init__(self, doc: Document, known: Knowledge, quoted: tuple[Interval, ...]) -> None:
        """Read the whole text once, in order: who "he" is depends on what came before."""
        self.text, self.lexicon = doc.view.text, known.lexicon
        self.year = int(doc.source.issued[:4] or 0) if doc.source.issued[:4].isdigit() else 0
        self.names = view_names(doc, known)
        self.titles = {word: title for title, words in self.lexicon.titles.items() for word in words}
        self.quoted = quoted
        self.candidates = sorted(self._find(), key=lambda one: one.start)
        self.starts = [one.start for one in self.candidates]

    def between(self, start: int, end: int) -> list[Candidate]:
        """Return the candidates that lie in an interval."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [one for one in self.candidates[low:high] if one.end <= end]

    def _speaks(self, one: Candidate, end: int) -> bool:
        """Tell a plain subject from an owner ("Macron's visit") and from what qualifies another noun ("UN summit")."""
        if self.text[one.end : one.end + 1] in ("'", "’") or self.text[one.start : one.end].lower() in (
            "his",
            "her",
            "him",
        ):
            return False
        return one.kind == "person" or bool(ADVERBS.fullmatch(self.text, one.end, end))

    def subject(self, start: int, end: int, *, strict: bool = False) -> Candidate | None:
        """Return the candidate nearest before `end`, one after a preposition only where there is no other.

        A country or capital stands for its government only where no person or body is the subject.
        """
        found = [one for one in self.between(start, end) if not strict or self._speaks(one, end)]
        straight = [one for one in found if not OBLIQUE.search(self.text, max(0, one.start - 30), one.start)]
        for among in (straight,) if strict else (straight, found):
            for kinds in (("person", "body", "group"), KINDS):
                if fitting := [one for one in among if one.kind in kinds]:
                    return fitting[-1]
        return None

    def _find(self) -> Iterator[Candidate]:
        context = _Context()
        names = iter([*self.names, None])
        quotes = iter([*self.quoted, (len(self.text) + 1, len(self.text) + 1)])
        quote, name, last = next(quotes), next(names), 0
        for match in _pattern(self.lexicon).finditer(self.text):
            while quote[1] <= match.start():
                quote = next(quotes)
            if match.start() < last or quote[0] <= match.start():
                continue
            while name and name[1] <= match.start():
                name = next(names)
            inside = []
            while name and name[0] < match.end():
                inside.append(name)
                name = next(names)
            for found in self._read(match, inside, context):
                yield found
                last = found.end

    def _read(self, match: re.Match[str], inside: list[Hit], context: _Context) -> Iterator[Candidate]:
        kind = next(name for name, value in match.groupdict().items() if value)
        if kind == "name":
            yield from self._named(match, inside, context)
        elif kind == "office":
            if holder := self._holder(match[0]):
                self._name_person(holder, match.start(), context)
                self._entitle(_title_in(match[0], self.titles), holder, match.start(), context)
                yield Candidate(match.start(), match.end(), holder, "person")
        elif kind == "leaders":
            adjective = self.lexicon.adjectives.get(context.country, context.country)
            yield Candidate(match.start(), match.end(), f"{adjective} leadership".strip(), "group")
        elif kind == "title":
            if person := self._titled(self.titles[match["bare"]], match.start(), context):
                yield Candidate(match.start(), match.end(), person, "person")
        elif kind == "pronoun" and context.person:
            yield Candidate(match.start(), match.end(), context.person, "person")
        elif kind == "group":
            yield Candidate(match.start(), match.end(), re.sub("^[Tt]he ", "", match[0]), "group")

    def _named(self, match: re.Match[str], inside: list[Hit], context: _Context) -> Iterator[Candidate]:
        for start, end, name in inside:
            if name.kind == "country":
                context.country = name.entity
            elif name.kind == "place" and name.note:
                context.country = name.note
            if name.kind == "person":
                self._remember(name.entity, start, context)
            speaker = f"{name.name} ({name.note})" if name.kind == "place" else name.entity
            if name.kind in KINDS and (name.kind != "place" or name.note):
                yield Candidate(start, end, speaker, name.kind)
        if not inside:
            yield from self._unknown(match, context)

    def _unknown(self, match: re.Match[str], context: _Context) -> Iterator[Candidate]:
        """Yield a capitalised name that the gazetteer does not know: the fullest form that the text gave it."""
        words = re.sub(r"['’]s$", "", match[0]).split()
        start = match.start()
        while words and words[0].lower() in self.lexicon.grammar["function"]:
            start += len(words.pop(0)) + 1
        titles = 0
        while titles < len(words) and words[titles].rstrip(".") in self.lexicon.title_words | {"Mr", "Mrs", "Ms", "Dr"}:
            titles += 1
        words = words[titles:]
        if not words or words[-1].lower() in PARTICLE or match[0] in self.lexicon.adjective_words:
            return
        name = " ".join(words)
        if len(words) == 1 and name in context.surnames:
            name = context.surnames[name]
        elif len(words) > 1:
            context.surnames.setdefault(words[-1], name)
        looks_personal = (
            len(words) in (2, 3) and not set(words) & self.lexicon.grammar["organisation"] and " of " not in name
        )
        person = looks_personal or titles > 0 or name in context.surnames.values()
        if person:
            self._remember(name, match.start() + (titles > 0), context)
        yield Candidate(start, match.end() - 2 * match[0].endswith(("'s", "’s")), name, "person" if person else "body")

    def _in_passing(self, earlier: int, start: int) -> bool:
        """Tell whether a name after a preposition follows another of the same paragraph, which stays the topic."""
        oblique = OBLIQUE.search(self.text, max(0, start - 30), start)
        return bool(oblique) and "\n\n" not in self.text[earlier:start]

    def _name_person(self, person: str, start: int, context: _Context) -> None:
        if not context.person or not self._in_passing(context.place, start):
            context.person, context.place = person, start

    def _entitle(self, title: str, person: str, start: int, context: _Context) -> None:
        context.titled.setdefault(title, Counter())[person] += 1
        if title not in context.latest or not self._in_passing(context.latest[title][0], start):
            context.latest[title] = (start, person)

    def _remember(self, person: str, start: int, context: _Context) -> None:
        self._name_person(person, start, context)
        before = re.search(r"((?:[\w.-]+ )?(?:[\w.-]+ )?[\w.-]+) $", self.text[max(0, start - 40) : start])
        words = before[1].split() if before else []
        for at in range(len(words)):
            if title := self.titles.get(" ".join(words[at:])):
                self._entitle(title, person, start, context)
                return

    def _titled(self, title: str, place: int, context: _Context) -> str:
        """Return who "the president" is: the last so titled in the paragraph, else the one most often so titled."""
        if title == "head of state":
            title = next((one for one in ("president", "king", "queen") if one in context.titled), title)
        if title not in context.titled:
            return ""
        at, person = context.latest[title]
        if "\n\n" not in self.text[at:place]:
            return person
        return context.titled[title].most_common(1)[0][0]

    def _holder(self, office: str) -> str:
        for one in self.lexicon.offices[office]:
            if not self.year or (one.since <= self.year and (not one.until or self.year <= one.until)):
                return one.holder
        return ""


def _title_in(office: str, titles: dict[str, str]) -> str:
    """Return the title of an office, "president" for "President of Azerbaijan"."""
    found = [titles[word] for word in sorted(titles, key=len, reverse=True) if word in office]
    return found[0] if found else ""
