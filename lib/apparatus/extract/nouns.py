"""The noun phrase after a number: what is counted, ranked or labelled. Word classes are data: grammar.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.lexicon import Lexicon, alternatives

WORD = re.compile(r"( )((?:[A-Z]\.){2,}|[\w’'.-]*[\w’'])")
ADJECTIVE = re.compile(r".*(?:al|ic|ive|ous|ful|less|able|ible|ary|ed|ing|ern|ish|ese|ian|ly|-\w+)$")
PHRASE = re.compile(r"[^.,;:!?()\n“”\"–—]*")
MEASURED = re.compile(
    r"((?:[\w’'-]+ ){0,2}[\w’'-]+) "
    r"(?:(?:was|is|were|are|of|at|to|by|from|reached|fell|rose|grew|stood|notably|high|with|an?|the) ){1,4}$"
)
LIMIT = 6
ABOUT_PART = re.compile(r"\b(?:than|about|nearly|almost|around|roughly|over|under) $", re.IGNORECASE)
HALF_OF = re.compile(r" (?:of|the|its|their|his|her|our|all)\b")
HALF_NAMED = frozenset(["this", "that", "other", "latter", "the", "each", "either", "top", "bottom", "better", "my"])
PEOPLE_NAMED_BY_ADJECTIVE = re.compile(r"[A-Z]\w+ese$")


class Nouns:
    """Finds noun phrases by closed word classes and endings; English as news writes it, no parser."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the word classes that matter from the lexicon."""
        self.lexicon = lexicon
        grammar = lexicon.grammar
        self.stop = grammar["function"] | grammar["verb"]
        self.plurals, self.not_plural = grammar["plural"], grammar["not_plural"]
        self.before_no_rank = grammar["before_no_rank"]
        self.nouns = grammar["noun"]
        self.attributive, self.adjectives = grammar["attributive_plural"], grammar["adjective"]
        self.after_noun = grammar["verb_after_noun"]
        self.idiom = re.compile(rf"[ -]{alternatives(grammar['rank_idiom'])}\b|[,:]")
        self.bare_rank = re.compile(rf"(?:\b{alternatives(grammar['before_bare_rank'])}|['’]s?|[,(]) ?$", re.IGNORECASE)
        owning = grammar["before_bare_rank"] - {"and", "or", "this", "that", "a", "an"}
        self.owned_rank = re.compile(rf"\b{alternatives(owning)} $", re.IGNORECASE)
        numbers = lexicon.numbers
        self.numerals = frozenset([*numbers.cardinal, *numbers.magnitude, *numbers.ordinal])
        self.peoples = lexicon.adjective_words
        numeral = alternatives([*numbers.cardinal, *numbers.magnitude])
        self.numeral_after = re.compile(rf" (?:\d+|{numeral})\b")
        self.ones = {unit.name for unit in lexicon.units.values() if unit.one}
        self.reports = re.compile(rf"(?: {alternatives(lexicon.reporting['verb'])}| as saying)\b|, [A-Z]")
        self.only = re.compile(r"\b(?:only|just|than|exactly) $")
        self.and_one = re.compile(rf"(?:\d|\b{numeral})[ -][\w -]{{1,40}}(?:,? and|,) $")
        self.and_more = re.compile(rf",? and (?:\d|{numeral}\b)")
        self.of_whose = re.compile(
            r" (?:out )?of (?:its|the|their|these|those|his|her|our|all|some|about)?"
            rf"(?: ?[\d.,]+\b| ?{numeral}(?:-{numeral})?\b){{0,2}}(?: [\w-]+['’]s)?"
        )

    def _words(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Yield the words that follow with single spaces between, and their ends, up to a word that ends the phrase."""
        for _ in range(LIMIT):
            match = WORD.match(text, at)
            if not match or match[2].lower() in self.stop or match[2] in self.numerals or match[2][0].isdigit():
                return
            at = match.end()
            yield match[2].rstrip("’'"), at

    def is_plural(self, word: str) -> bool:
        """Tell whether a word looks like a plural noun."""
        low = word.lower()
        if (word in self.lexicon.units or word in self.peoples) and word.endswith("s"):
            return True
        if low in self.plurals or low.endswith(("men", "women", "children", "people")):
            return True
        return (
            len(low) > 3
            and low.endswith("s")
            and not low.endswith(("ss", "us", "is", "'s", "’s"))
            and low not in self.not_plural
        ) or (word.endswith("s") and word[:-1].isupper() and len(word) > 2)

    def counted(self, text: str, at: int, *, single: bool) -> tuple[int, str]:
        """Return where the counted noun ends and its name as a unit, or (at, "") where nothing is counted here."""
        if text.startswith("-", at):
            return self._compound(text, at)
        before, people, one = "", at, (at, "")
        for word, end in self._words(text, at):
            unit, before = self.lexicon.units.get(f"{before} {word}") or self.lexicon.units.get(word), word
            if unit and unit.kind == "count" and (single or self.is_plural(word)):
                return end, unit.name
            if self.is_plural(word) and not single:
                return self._with_head(text, end, word)
            if one[1]:
                break
            if single and not self.is_adjective(word):
                one = end, singular(word.lower() if word[1:].islower() else word)
            people = end if PEOPLE_NAMED_BY_ADJECTIVE.match(word) else people
        return (people, "people") if people > at and not single else one

    def _with_head(self, text: str, end: int, word: str) -> tuple[int, str]:
        """Return a plural, or the noun it qualifies ("sports clubs")."""
        if word.lower() in self.attributive:
            for following, last in self._words(text, end):
                if self.is_plural(following):
                    return last, self._unit(following)
                break
        return end, self._unit(word)

    def _compound(self, text: str, at: int) -> tuple[int, str]:
        match = re.match(r"-([a-z]+(?:-[a-z]+)?)(?!\w)", text[at : at + 30])
        if not match or match[1] in self.stop or match[1] in self.numerals:
            return at, ""
        unit, adjective = self.lexicon.units.get(match[1]), self.is_adjective(match[1]) or "-" in match[1]
        if unit and (unit.name != "people" or adjective):
            return at + match.end(), unit.name
        return at + match.end(), "" if adjective else plural(match[1])

    def _unit(self, word: str) -> str:
        unit = self.lexicon.units.get(word) or self.lexicon.units.get(word.lower())
        if unit:
            return unit.name
        if word in self.peoples or (word.endswith("men") and word.lower() != "women" and word.islower()):
            return "people"
        return word if word[:1].isupper() and word[:-1].isupper() else word.lower()

    def is_adjective(self, word: str) -> bool:
        """Tell an adjective or participle by its ending, or by the list of those that have none."""
        low = word.lower()
        if low in self.nouns or singular(low) in self.nouns:
            return False
        return low in self.adjectives or (bool(ADJECTIVE.match(word)) and word.islower()) or word.endswith(("'s", "’s"))

    def ranked(self, text: str, at: int) -> tuple[int, str]:
        """Return where the ranked noun ends and its singular, or (at, "") where none follows."""
        end, head, capital = at, "", False
        last: tuple[int, str] = at, ""
        for word, place in self._words(text, at):
            if not word.endswith(("ly", "ed", "ing", "est")):
                last = place, word
            lower = word.islower()
            if head and ((not lower and not capital) or (lower and not self._continues(word))):
                break
            if not self.is_adjective(word):
                end, head, capital = place, word, not lower
            elif not lower:
                capital = True
            elif head:
                break
        if not head:
            end, head = last
        if not head and (other := re.match(r" (?:and|or) (?=[a-z])", text[at : at + 5])):
            return at, self.ranked(text, at + other.end())[1]
        if not head and (counted := self.numeral_after.match(text, at)):
            return at, singular(self.ranked(text, counted.end())[1])
        return end, singular(head.lower())

    def _continues(self, word: str) -> bool:
        """Tell whether a word after a noun still belongs to its phrase ("phone call") and is not its verb."""
        return (
            word not in self.after_noun
            and not self.is_adjective(word)
            and not (word.endswith("s") and not self.is_plural(word))
        )

    def is_rank(self, text: str, start: int, end: int, word: str) -> bool:
        """Tell a rank in words from the adverb and the idiom: "was first elected", "first of all", "at first"."""
        if self.idiom.match(text, end):
            return text[end] in ",:" and bool(self.owned_rank.search(text, max(0, start - 12), start))
        previous = re.search(r"([\w’']+) $", text[max(0, start - 20) : start])
        if (
            word == "second"
            and previous
            and previous[1] in ("a", "per")
            and not re.match(r" (?!later|earlier|ago|before|after)[a-z]", text[end : end + 9])
        ):
            return False
        return not (previous and previous[1].lower() in self.before_no_rank)

    def is_bare_rank(self, text: str, start: int) -> bool:
        """Tell a rank without its noun ("the first to", "came third") from the adverb ("puts trade first")."""
        return bool(self.bare_rank.search(text, max(0, start - 24), start))

    def ranked_compound(self, text: str, at: int, *, word: bool) -> tuple[int, str]:
        """Return where the noun hyphened to a rank ends and its name ("19th-century"), or (at, "")."""
        match = re.match(r"-([a-z]+)\b", text[at : at + 24])
        if not match or (word and match[1] not in self.lexicon.grammar["rank_compound"]):
            return at, ""
        return at + match.end(), match[1]

    def is_half(self, text: str, start: int, end: int) -> bool:
        """Tell the share "half of the fund" from a half that has a name ("this half", "the second half")."""
        if not HALF_OF.match(text, end):
            return False
        before = re.search(r"([\w’'-]+) $", text[max(0, start - 20) : start])
        word = before[1].lower() if before else ""
        return not (word in self.numerals or word in HALF_NAMED or self.is_adjective(word))

    def is_part(self, text: str, start: int, end: int) -> bool:
        """Tell the share "a third of" or "by a third." from the rank "a third attempt"."""
        if text.startswith(" of", end) or ABOUT_PART.search(text, max(0, start - 10), start):
            return True
        stops = re.match(r"[.,;)]|\Z", text[end : end + 1])
        return stops is not None and (text.endswith("quarter", start, end) or text.endswith((" by ", " to "), 0, start))

    def one_counts(self, text: str, start: int, end: int, unit: str) -> bool:
        """Tell whether "one" with its noun counts: persons, unless they speak, and what stands beside another count."""
        if unit in self.ones:
            return not self.reports.match(text, end)
        if text.startswith("-", start + 3):
            return False
        before = text[max(0, start - 60) : start]
        return bool(self.only.search(before) or self.and_one.search(before) or self.and_more.match(text, end))

    def counted_before(self, text: str, at: int) -> str:
        """Return the singular of what was counted or named before a bare rank: "eight airports and a ninth"."""
        sentence = re.split(r"[.!?] ", text[max(0, at - 120) : at])[-1]
        subject = re.search(
            r"([\w-]+) (?:would|will|is|was|were|are|to|could|may|might)(?: (?:be|become|have been))? (?:the )?$",
            sentence,
        )
        if subject:
            return singular(subject[1].lower())
        plurals = [word for word in re.findall(r"[A-Za-z-]+", sentence) if self.is_plural(word)]
        return singular(plurals[-1].lower()) if plurals else ""

    def of_what(self, text: str, end: int) -> str:
        """Return the unit of a number whose noun comes later: "more than 30 of its villages"."""
        match = self.of_whose.match(text, end, end + 60)
        if not match:
            return ""
        for word, _ in self._words(text, match.end()):
            if self.is_plural(word):
                return self._unit(word)
        return ""

    def about(self, text: str, core_end: int, end: int) -> str:
        """Return the words that say what is counted or ranked: the noun phrase and what qualifies it."""
        rest = PHRASE.match(text, core_end, end + 70)
        words = (rest[0] if rest else "").strip(" -").split()
        return " ".join(words[: len(text[core_end:end].split()) + 6]).strip("-")

    def measured(self, text: str, start: int, end: int) -> str:
        """Return the words that say what is measured: "of the votes" after the number, or "turnout of" before it."""
        after = PHRASE.match(text, end, end + 60)
        words = (after[0] if after else "").split()
        if words and words[0] not in (
            "in",
            "on",
            "at",
            "by",
            "and",
            "or",
            "to",
            "from",
            "with",
            "after",
            "before",
            "when",
            "while",
            "as",
        ):
            return " ".join(words[:7]).removeprefix("of ").removeprefix("the ")
        before = MEASURED.search(text, max(0, start - 70), start)
        return before[1] if before else " ".join(words[:5])


def singular(noun: str) -> str:
    """Return the singular of an English noun, by its ending.

    >>> singular("anniversaries"), singular("elections"), singular("congress")
    ('anniversary', 'election', 'congress')
    """
    if noun.endswith("ies") and len(noun) > 4 and noun not in ("series", "species"):
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return (
        noun[:-1]
        if noun.endswith("s") and not noun.endswith(("ss", "us", "is", "series", "species", "innings"))
        else noun
    )


def plural(noun: str) -> str:
    """Return the plural of an English noun, by its ending.

    >>> plural("run"), plural("party"), plural("bus")
    ('runs', 'parties', 'buses')
    """
    if noun.endswith(("s", "sh", "ch", "x")):
        return noun + "es"
    return noun[:-1] + "ies" if re.search("[^aeiou]y$", noun) else noun + "s"
