"""The noun phrase after a number: what is counted, ranked or labelled. Word classes are data: grammar.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.lexicon import Lexicon, alternatives

WORD = re.compile(r"( )((?:[A-Z]\.){2,}|[\w’'.-]*[\w’'])")
ADJECTIVE = re.compile(r".*(?:al|ic|ive|ous|ful|less|able|ible|ary|ed|ing|ern|ish|ese|ian|ly|-\w+)$")
LIMIT = 6
OPENED = re.compile(r"(?<!\w)['‘](?=\w)[^'’‘\n]*$")
HALF_OF = re.compile(r" (?:of|the|its|their|his|her|our|all)\b")
LATER = re.compile(r" (?:later|earlier|ago|before|after)\b")
ENDS_PART = re.compile(r"[.,;)]|\Z| (?:were|are|have|had|say|said|live|remain|survives?)\b")
ARE = re.compile(r" (?:were|are|have|say|live|remain)")
OBJECT = re.compile(r" (?:an?|the|that|this|its|their|his|her|how|not|no|to|one|two|three|it|them|\d+)\b")
FURTHER_NOUN = re.compile(r" (?:[a-z-]+ )?(?:[a-z-]{3,}s\b(?<! this)|(?:men|women|people|children)\b)")
BARE_ONE = re.compile(r",? (?:is|was|has|had|died|remains|and|survived|escaped|fled)\b|[.;)]")
NAMED = re.compile(r"[A-Z][a-z]+$|(?:I|we|you|they|he|she|who|which|that)$")
PEOPLE_NAMED_BY_ADJECTIVE = re.compile(r"[A-Z]\w+ese$")


class Nouns:
    """Finds noun phrases by closed word classes and endings; English as news writes it, no parser."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the word classes that matter from the lexicon."""
        self.lexicon = lexicon
        grammar = lexicon.grammar
        self.stop = grammar["function"] | grammar["verb"]
        self.plurals, self.not_plural = grammar["plural"], grammar["not_plural"]
        self.before_no_rank, self.before_named_half = grammar["before_no_rank"], grammar["before_named_half"]
        self.nouns = grammar["noun"]
        self.adjectives, self.further = grammar["adjective"], grammar["further"]
        self.before_of = grammar["noun_before_of"]
        self.after_noun = grammar["verb_after_noun"]
        numbers = lexicon.numbers
        self.numerals = frozenset([*numbers.cardinal, *numbers.magnitude, *numbers.ordinal])
        self.person_endings, self.no_person = tuple(grammar["person_ending"]), grammar["no_person"]
        self.peoples = lexicon.adjective_words
        numeral = alternatives([*numbers.cardinal, *numbers.magnitude])
        self._take_ranks(grammar)
        self._take_ones(grammar, numeral)
        further_rank = rf"(?:\d+(?:st|nd|rd|th)|{alternatives(numbers.ordinal)})"
        self.other_ranks = re.compile(
            rf"(?:(?:(?:,|,? (?:and|or|to)) {further_rank}){{1,4}}| (?:and|or)(?: only)?)(?= [a-z])"
        )
        changed = alternatives(grammar["change"])
        self.change_by = re.compile(rf"\b{changed}(?: [\w’'-]+){{0,5}} by (?:[a-z]+ ){{0,3}}$")
        self.places = {name.name for name in lexicon.names if name.kind in ("place", "country")}
        self.numeral_after = re.compile(rf" (?:\d+|{numeral})\b")
        self.ones = {unit.name for unit in lexicon.units.values() if unit.one}
        self.reports = re.compile(rf"(?: {alternatives(lexicon.reporting['verb'])}| as saying)\b|, [A-Z]")
        self.of_whose = re.compile(
            r" (?:out )?of (?:its|the|their|these|those|his|her|our|all|some|about)?(?: ?most\b| [\w-]+['’]s)?"
            rf"(?: ?[\d.,]+\b| ?{numeral}(?:-{numeral})?\b){{0,2}}(?: [\w-]+['’]s)?"
        )

    def _take_ranks(self, grammar: dict[str, frozenset[str]]) -> None:
        """Compile what stands before and after a rank."""
        self.idiom = re.compile(rf"[ -]{alternatives(grammar['rank_idiom'])}\b|[,:]")
        bare = grammar["before_bare_rank"] | grammar["placing"]
        self.bare_rank = re.compile(rf"(?:\b{alternatives(bare)}|['’]s?|[,(]) ?$", re.IGNORECASE)
        self.placed = re.compile(rf"\b{alternatives(grammar['placing'])} (?:in |joint |equal |a distant )?$")
        self.deed = re.compile(rf" (?:[a-z]+ed (?!by\b)|{alternatives(grammar['past'])}\b)")
        self.moment = re.compile(rf"\b(?:{alternatives(grammar['moment'])} a|per) $", re.IGNORECASE)
        self.contest = re.compile(rf" in (?:the|its|their|his|her) (?:[\w’'-]+ )?{alternatives(grammar['contest'])}\b")
        owning = grammar["before_bare_rank"] - {"and", "or", "this", "that"} | grammar["placing"]
        self.owned_rank = re.compile(rf"\b{alternatives(owning)} $", re.IGNORECASE)

    def _take_ones(self, grammar: dict[str, frozenset[str]], numeral: str) -> None:
        """Compile what makes "one" a count."""
        self.only = re.compile(r"(?<![Tt]he )\b(?:[Oo]nly|[Jj]ust|than|exactly|[Ss]o far) $")
        clause = r"[\w -]{1,40},?(?: and| but| with)"
        phrase = r"(?:(?! (?:ha[dsv]|was|were|is|are)\b)[\w -]){1,40},"
        self.and_one = re.compile(rf"(?:\d|\b{numeral})[ -](?:{clause}|{phrase}) $", re.IGNORECASE)
        self.object_one = re.compile(rf"\b{alternatives(grammar['before_one'])} $")
        self.and_more = re.compile(rf"(?:,? and| every| for every) (?:\d|{numeral}\b)")

    def _words(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Yield the words that follow with single spaces between, and their ends, up to a word that ends the phrase."""
        for _ in range(LIMIT):
            match = WORD.match(text, at)
            if not match or match[2] in self.numerals or match[2][0].isdigit():
                return
            at, low = match.end(), match[2].lower()
            noun = low in self.before_of and text.startswith(" of ", at)
            if low in self.stop and not noun and not (low in self.further and FURTHER_NOUN.match(text, at)):
                return
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
            if unit and unit.kind == "count" and single:
                return end, unit.name
            if unit and unit.kind == "count" and self.is_plural(word):
                return self._with_head(text, end, unit.name)
            if self.is_plural(word) and not single:
                return self._with_head(text, end, self.unit_of(word))
            if one[1]:
                break
            if single and not self.is_adjective(word) and word not in self.places:
                one = end, plural(singular(word.lower() if word[1:].islower() else word))
            people = end if PEOPLE_NAMED_BY_ADJECTIVE.match(word) else people
            if not single and (shared := self._shared_head(text, end)):
                return shared
        return (people, "people") if people > at and not single else one

    def _shared_head(self, text: str, end: int) -> tuple[int, str] | None:
        """Return the plural that two adjectives share: "12 Soviet combat and military advisers"."""
        if not text.startswith((" and ", " or "), end):
            return None
        first, *rest = [*self._words(text, text.index(" ", end + 1)), ("", 0)][:2]
        if rest and first[0] and not self.is_plural(first[0]) and self.is_plural(rest[0][0]):
            return rest[0][1], self.unit_of(rest[0][0])
        return None

    def _with_head(self, text: str, end: int, unit: str) -> tuple[int, str]:
        """Return a plural, or the plural it qualifies ("sports clubs", "sanctions resolutions")."""
        following, last = next(self._words(text, end), ("", end))
        verb = following in self.after_noun or following in self.lexicon.reporting["verb"] or OBJECT.match(text, last)
        owned = text[end - 1 : end] in ("'", "’")
        if following.islower() and self.is_plural(following) and not verb and not owned:
            head = self.unit_of(following)
            return (last, head) if unit != "people" or head == unit else (end, unit)
        return end, unit

    def _compound(self, text: str, at: int) -> tuple[int, str]:
        match = re.match(r"-([a-z]+(?:-[a-z]+)?)(?!\w)", text[at : at + 30])
        if not match or match[1] in self.stop or match[1] in self.numerals:
            return at, ""
        unit, adjective = self.lexicon.units.get(match[1]), self.is_adjective(match[1]) or "-" in match[1]
        if unit and (unit.name != "people" or adjective):
            return at + match.end(), unit.name
        return at + match.end(), "" if adjective else plural(match[1])

    def unit_of(self, word: str) -> str:
        """Return what a plural counts, as a unit: persons of all kinds are people."""
        unit = self.lexicon.units.get(word) or self.lexicon.units.get(word.lower())
        if unit:
            return unit.name
        if word in self.peoples or (word.lower().endswith(self.person_endings) and word.lower() not in self.no_person):
            return "people"
        return word if word[:1].isupper() and word[:-1].isupper() else word.lower()

    def is_owner(self, text: str, start: int, end: int) -> bool:
        """Tell the apostrophe of "300 miners' wives" from the mark that ends a quotation."""
        return text[end : end + 2].strip().isalpha() and not OPENED.search(text, max(0, start - 60), start)

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
            if not word.endswith(("ly", "ed", "ing")):
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
        if not head and (other := self.other_ranks.match(text, at, at + 80)):
            return at, self.ranked(text, other.end())[1]
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
        if word == "second" and self._is_moment(text, start, end):
            return False
        if self.idiom.match(text, end):
            return text[end] in ",:" and bool(self.owned_rank.search(text, max(0, start - 12), start))
        previous = re.search(r"([\w’']+) $", text[max(0, start - 20) : start])
        if not previous:
            return True
        acts = NAMED.match(previous[1]) and self.deed.match(text, end)
        adverb = acts or previous[1].lower() in self.before_no_rank
        return not adverb or bool(self.contest.match(text, end))

    def _is_moment(self, text: str, start: int, end: int) -> bool:
        """Tell the second of time: "a second later", "for a second"."""
        if text.endswith(" a ", 0, start) and LATER.match(text, end):
            return True
        return not re.match(" [a-z]", text[end : end + 2]) and bool(self.moment.search(text, max(0, start - 12), start))

    def is_bare_rank(self, text: str, start: int, end: int) -> bool:
        """Tell a rank without its noun ("the first to", "came third") from the adverb ("puts trade first")."""
        return bool(self.bare_rank.search(text, max(0, start - 24), start) or self.contest.match(text, end))

    def placing(self, text: str, start: int, end: int) -> str:
        """Return "place" for a rank in a contest: "came third", "seventh in the league"."""
        placed = self.placed.search(text, max(0, start - 24), start) or self.contest.match(text, end)
        return "place" if placed else ""

    def ranked_compound(self, text: str, at: int, *, word: bool) -> tuple[int, str]:
        """Return where the noun hyphened to a rank ends and its name ("19th-century"), or (at, "")."""
        match = re.match(r"-([a-z]+)\b", text[at : at + 24])
        if not match or (word and match[1] not in self.lexicon.grammar["rank_compound"]):
            return at, ""
        return at + match.end(), match[1]

    def is_half(self, text: str, start: int, end: int) -> bool:
        """Tell the share "half of the fund" from a half that has a name ("this half", "the second half")."""
        opens = text.endswith(("\n", ". ", ", ", "; "), 0, start)
        if text.endswith(" by ", 0, start) or (opens and ENDS_PART.match(text, end)):
            return True
        if not HALF_OF.match(text, end):
            return False
        before = re.search(r"([\w’'-]+) $", text[max(0, start - 20) : start])
        word = before[1].lower() if before else ""
        return not (word in self.numerals or word in self.before_named_half or self.is_adjective(word))

    def is_part(self, text: str, start: int, end: int) -> bool:
        """Tell the share "a third of" or "by a third." from the rank "a third attempt"."""
        if text.startswith(" of", end) or self.change_by.search(text, max(0, start - 60), start):
            return True
        stops = ENDS_PART.match(text, end)
        return stops is not None and (
            bool(ARE.match(stops[0]))
            or text.endswith("quarter", start, end)
            or text.endswith((" by ", " to "), 0, start)
        )

    def one_counts(self, text: str, start: int, end: int, unit: str) -> bool:
        """Tell whether "one" with its noun counts: persons, unless they speak, and what stands beside another count."""
        if unit in self.ones:
            return not self.reports.match(text, end)
        if text.startswith("-", start + 3):
            return False
        return self.is_beside_count(text, start) or bool(self.and_more.match(text, end))

    def is_beside_count(self, text: str, start: int) -> bool:
        """Tell whether "one" follows another count or "only": "six parties and one bloc"."""
        before = text[max(0, start - 60) : start]
        return bool(self.only.search(before) or self.and_one.search(before))

    def bare_one_counts(self, text: str, start: int, end: int) -> bool:
        """Tell the count "one" without a noun ("killed one and hurt three", "nine fell and one was hurt")."""
        if self.object_one.search(text, max(0, start - 12), start):
            return bool(re.match(r" of (?!the (?:\w+est|most|best|worst)\b)|,? and |[,.;]| in ", text[end : end + 14]))
        if not self.is_beside_count(text, start):
            return False
        return bool(
            BARE_ONE.match(text, end) or (text.startswith(" of ", end) and self.only.search(text[:start][-12:]))
        )

    def of_what(self, text: str, end: int) -> str:
        """Return the unit of a number whose noun comes later: "more than 30 of its villages"."""
        match = self.of_whose.match(text, end, end + 60)
        if not match:
            return ""
        for word, _ in self._words(text, match.end()):
            if self.is_plural(word):
                return self.unit_of(word)
        return ""


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
