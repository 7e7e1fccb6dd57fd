"""Names that no gazetteer needs to know: runs of capitalised words, told apart as persons, offices and bodies."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from apparatus.lexicon import Lexicon

CAPITAL = "A-ZÀ-ÖØ-Þ" + "".join(chr(code) for code in range(0x100, 0x530) if chr(code).isupper())
STOPPED = (  # titles written with a stop, by their length, as a look-behind wants it
    r"(?<=\bMr|\bMs|\bDr|\bLt|\bSt|\bFr|\bSr|\bJr)\.|(?<=\bMrs|\bGen|\bCol|\bSen|\bRep|\bGov|\bSgt|\bMaj|\bAdm|\bRev"
    r"|\bHon|\bAmb)\.|(?<=\bProf|\bCapt|\bInsp|\bSupt|\bPres)\."
)
REST = rf"(?:\.(?: ?[{CAPITAL}]\.)*|[\w-]*(?:[’'](?![sS]\b)\w[\w-]*)*(?:{STOPPED})?)"
WORD = rf"[{CAPITAL}]{REST}"
PARTICLES = "de|da|do|dos|das|di|del|della|der|den|des|du|van|von|zu|ter|ten|bin|ibn|bint|al|el|ul|la|le|y"
JOINS = "of the|for the|of|for"
ARTICLE = "(?:al|el|an|as|ar|ash|at|ad|az|ul|du)-?"
RUN = re.compile(  # it begins with a plain class of characters, by which `re` finds its way three times as fast
    rf"[{CAPITAL}](?<![\w’'].){REST}(?: (?:(?:{PARTICLES}|{JOINS}) ){{0,2}}(?:{ARTICLE})?{WORD})*"
)
SPLIT = re.compile(rf"(?:{JOINS})(?= )|\S+")
BEFORE_ARTICLE = re.compile(rf"(?<!\w){ARTICLE}$")
GOES_ON = re.compile(rf" and (?:the )?{WORD}(?: {WORD})*")
INTRODUCED = 3  # mentions of a name beside which it is looked for what its bearer is
DETERMINERS = ("the ", "The ", " in ", " In ", " at ", " a ", " near ", " across ", " through ")
ACRONYM = re.compile(r"(?<= )\(([A-Z]{2,8})\)")
SHOUTED = re.compile(r"\b(Mc|)([^\W\d_])([^\W\d_]+)")
SMALL = re.compile(r"(?<![\w’'-])[a-z]{3,}(?![\w’'-])")
CALLING = re.compile(r"(?:ologist|onomist|ographer|icist|ician|arian)$")  # what may stand before a name as a title
PERSONAL_ENDING = re.compile(r"(?:ova|eva|skaya|ová|dóttir)$")


class Part(NamedTuple):
    """What a run of capitalised words names. `kind`: person, office, body or single (one word, anything)."""

    start: int
    end: int
    name: str
    kind: str
    title: str = ""
    gender: str = ""
    lead: int = 0  # where the title before the name begins


class Names:
    """The names of one text by its capitals, and the full name that each short form stands for anywhere in it."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Find the runs of capitalised words once; each different one is read once."""
        self.text, self.lexicon = text, lexicon
        self.runs = [match.span() for match in RUN.finditer(text)]
        self.starts = [start for start, _ in self.runs]
        self.titles = {word: title for title, words in lexicon.titles.items() for word in words}
        self.no_name = lexicon.grammar["no_name"] | {word.capitalize() for word in lexicon.grammar["function"]}
        self.organisation = lexicon.grammar["organisation"]
        self.thing = lexicon.grammar["thing"]
        calendar = {word.capitalize() for word in (*lexicon.months, *lexicon.weekdays)}
        self.no_part = calendar | lexicon.grammar["postnominal"]
        self.determined = frozenset(self._determined())
        self.read_runs: dict[str, Part | None] = {}

    def within(self, start: int, end: int) -> list[Part]:
        """Return what the runs that begin in an interval name, in order, by their places in the text."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        parts = []
        for index in range(low, high):
            at, stop = self.runs[index]
            if part := self._part(at, stop):
                parts.append(self._placed(part, at, stop))
        return parts

    def _determined(self) -> Iterator[str]:
        """Yield the runs that stand somewhere behind an article or "in": so do things and places, seldom persons."""
        for start, end in self.runs:
            run = self.text[start:end]
            lead = next((word for word in ("The ", "In ", "At ") if run.startswith(word)), "")
            if (lead or self.text[max(0, start - 9) : start].endswith(DETERMINERS)) and self.text[
                end : end + 1
            ] not in "’'":
                yield run[len(lead) :]

    @cached_property
    def introduced(self) -> list[Part]:
        """What each different run names the first few times it stands: there people are introduced."""
        seen: Counter[str] = Counter()
        text, found = self.text, []
        for at, stop in self.runs:
            run = text[at:stop]
            seen[run] += 1
            if seen[run] <= INTRODUCED and (part := self._part(at, stop)):
                found.append(self._placed(part, at, stop))
        return found

    def _placed(self, part: Part, at: int, stop: int) -> Part:
        start, end, lead = at + part.start, min(at + part.end, stop), at + part.lead
        return self._extended(Part(start, end, part.name, part.kind, part.title, part.gender, lead))

    def _extended(self, part: Part) -> Part:
        """Return a body or an office with what "and" adds to its field: "Ministry of Culture and Tourism"."""
        if part.kind not in ("body", "office") or not re.search(r" (?:of|for) ", part.name):
            return part
        more = GOES_ON.match(self.text, part.end, part.end + 60)
        if not more or any(word in self.titles or word in self.lexicon.first_names for word in more[0].split()):
            return part
        name = part.name + more[0]
        return part._replace(end=more.end(), name=name, title=name if part.title else "")

    def _part(self, start: int, end: int) -> Part | None:
        run = self.text[start:end]
        if run not in self.read_runs:
            part = self._read(run)
            if part and part.kind == "person" and not part.title and self._is_thing(part.name):
                part = part._replace(kind="body")
            self.read_runs[run] = part
        return self.read_runs[run]

    def _is_thing(self, name: str) -> bool:
        """Tell a name that no first name shows to be a person's and that elsewhere has an article or "in" before it.

        So too a heading of words that the text also writes small: "Late Nets".
        """
        first, *_, last = words = (self.plain(name) if name.isupper() else name).split()
        if first in self.lexicon.first_names:
            return False
        common = all(word.lower() in self.small_words for word in words)
        return common or name in self.determined or last in self.thing

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that the text writes small."""
        return frozenset(SMALL.findall(self.text))

    def _read(self, run: str) -> Part | None:
        """Return the name in a run, its titles and the words of a sentence's beginning taken off."""
        words = [(match.start(), match[0]) for match in SPLIT.finditer(run)]
        if not self._is_dated([word for _, word in words]):
            while words and (words[0][1] in self.no_name or (words[0][1].endswith("ly") and len(words) > 2)):
                words.pop(0)
            while words and (words[-1][1] in self.no_part or words[-1][1].islower()):
                words.pop()
        if not words or words[0][1].islower():
            return None
        title_end, title = self._title([word for _, word in words])
        rest = self._without_employer(words[title_end:])
        if title and not rest:
            return self._made(run, words, "office", title)
        if title and rest[0][1].startswith(("of", "for")):
            named = next((at for at, (_, word) in enumerate(rest) if word in self.lexicon.first_names), 0)
            return (
                self._made(run, rest[named:], "person", title, words[0][0])
                if named > 1
                else self._made(run, words, "office", title)
            )
        if title and not self._is_body(rest):
            return self._made(run, rest, "person", title, words[0][0])
        return self._untitled(run, words if title else rest)

    def _is_dated(self, words: list[str]) -> bool:
        """Tell a first name and a surname that is a month: "Theresa May"."""
        return len(words) == 2 and words[0] in self.lexicon.first_names and words[1].lower() in self.lexicon.months

    def _without_employer(self, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Return a name without the body that it is of: "Ravi Menon of Coral Bank"."""
        join = next((at for at, (_, word) in enumerate(words) if word in ("of", "of the")), 0)
        if join == 2 and self._is_body(words[join:]) and not self._is_body(words[:join]):
            return words[:join]
        return words

    def _untitled(self, run: str, words: list[tuple[int, str]]) -> Part:
        known = self.lexicon.first_names
        called = len(words) > 2 and words[0][1] not in known
        if called and (words[1][1] in known or CALLING.search(words[0][1])) and not self._is_body(words):
            return self._made(run, words[1:], "person", words[0][1], words[0][0])
        join = next((at for at, (_, word) in enumerate(words) if word[:2] in ("of", "fo") and word.islower()), 0)
        if join and words[0][1] in known and not self._is_body(words[:join]):
            words, join = words[:join], 0
        named = (
            next((at for at in range(join + 2, len(words) - 1) if words[at][1] in self.lexicon.first_names), 0)
            if join
            else 0
        )
        if named and not self._is_body(words[named:]):
            words, join = words[named:], 0
        core = [word for _, word in words if not word.islower()]
        if len(core) == 1:
            return self._made(run, words, "body" if core[0].isupper() and len(core[0]) > 1 else "single")
        familiar = core[0] in known or (core[0].isupper() and core[0].capitalize() in known)
        person = not join and not self._is_body(words) and len(core) <= (5 if familiar else 4)
        shouted = any(word.isupper() and len(word) > 2 and "." not in word for word in core)
        return self._made(run, words, "person" if person and (familiar or not shouted) else "body")

    def _is_body(self, words: list[tuple[int, str]]) -> bool:
        return any(word in self.organisation or word.rstrip("s") in self.organisation for _, word in words)

    def _title(self, words: list[str]) -> tuple[int, str]:
        """Return where the last title of some words ends, and the title as written."""
        found, end = "", 0
        at = 0
        while at < len(words):
            for length in (4, 3, 2, 1):
                phrase = " ".join(words[at : at + length])
                if at + length <= len(words) and (phrase in self.titles or phrase.rstrip(".") in self.titles):
                    found, end = " ".join(words[: at + length]), at + length
                    at += length - 1
                    break
            at += 1
        return end, found

    def _made(self, run: str, words: list[tuple[int, str]], kind: str, title: str = "", lead: int = -1) -> Part:
        start, end = words[0][0], words[-1][0] + len(words[-1][1])
        name = run[start:end]
        if kind == "office":
            title = name
        return Part(
            start,
            end,
            name,
            kind,
            title,
            self.gender(name, title) if kind == "person" else "",
            lead if lead >= 0 else start,
        )

    @staticmethod
    def plain(name: str) -> str:
        """Return a name written all in capitals as it is written elsewhere."""
        if not name.isupper() or " " not in name:
            return name
        name = re.sub(r"\bMC(?=\w{3})", "Mc", name)
        return SHOUTED.sub(lambda match: match[1] + match[2] + match[3].lower(), name)

    def gender(self, name: str, title: str = "") -> str:
        """Return the gender that a title or a first name tells, or ""."""
        for word in reversed(title.split()):
            if word in self.lexicon.gendered or word.lower() in self.lexicon.gendered:
                return self.lexicon.gendered.get(word) or self.lexicon.gendered[word.lower()]
        words = name.split()
        if len(words) > 1 and (known := self.lexicon.first_names.get(words[0])):
            return known
        return "female" if PERSONAL_ENDING.search(name) else ""

    @cached_property
    def _full(self) -> dict[str, list[tuple[int, str]]]:
        """The full names of persons that hold a word, each with its first place, in the order of these."""
        first: dict[str, int] = {}
        for start, end in self.runs:
            first.setdefault(self.text[start:end], start)
        full: dict[str, dict[str, int]] = {}
        for run, place in first.items():
            part = self._part(place, place + len(run))
            if part and part.kind == "person" and " " in part.name:
                for word in part.name.split():
                    full.setdefault(word, {}).setdefault(part.name, place)
        return {word: [(place, name) for name, place in names.items()] for word, names in full.items()}

    def full(self, name: str, place: int, gender: str = "") -> str:
        """Return the full name that one word stands for: the last given before a place, else the first after it."""
        names = self._full.get(name.split(" ")[-1], [])
        names = [(at, full) for at, full in names if full.endswith(name) or " " not in name]
        if gender:
            names = [(at, full) for at, full in names if self.gender(full) in ("", gender)]
        last = [(at, full) for at, full in names if full.split()[-1] == name]
        names = last or names
        at = bisect_right([at for at, _ in names], place)
        return names[max(0, at - 1)][1] if names else ""

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """What the text spells out before an acronym in brackets: "Water Users of Ferghana (WUF)"."""
        found = {
            initials: part.name
            for part in self.introduced
            if part.kind == "body" and len(initials := re.sub(r"[^A-Z]|(?<=\w)[A-Z]", "", part.name)) > 2
        }
        for match in ACRONYM.finditer(self.text):
            words = self.text[max(0, match.start() - 100) : match.start()].split()
            for at in range(len(words)):
                initials = "".join(word[0] for word in words[at:] if word[0].isupper())
                if initials == match[1] and words[at][0].isupper():
                    found.setdefault(match[1], " ".join(words[at:]))
        return found

    @cached_property
    def inside(self) -> frozenset[str]:
        """The runs that stand somewhere else than at the beginning of a sentence, and so are names."""
        text = self.text
        return frozenset(
            text[start:end]
            for start, end in self.runs
            if start > 1 and text[start - 1] == " " and text[start - 2] not in '.!?:”"'
        )
