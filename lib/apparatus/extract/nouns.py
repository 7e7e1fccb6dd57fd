"""The noun phrase after a number: what is counted, ranked or labelled. Word classes are data: grammar.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apparatus.lexicon import Lexicon, alternatives

WORD = re.compile(r"( )([\w’'.-]*[\w’'])")
ADJECTIVE = re.compile(r".*(?:al|ic|ive|ous|ful|less|able|ible|ary|ed|ing|ern|ish|ese|ian|ly|-\w+)$")
PHRASE = re.compile(r"[^.,;:!?()\n“”\"–—]*")
MEASURED = re.compile(
    r"((?:[\w’'-]+ ){0,2}[\w’'-]+) "
    r"(?:(?:was|is|were|are|of|at|to|by|from|reached|fell|rose|grew|stood|notably|high|with|an?|the) ){1,4}$"
)
LIMIT = 6


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
        self.after_noun, self.labels = grammar["verb_after_noun"], grammar["label"]
        self.idiom = re.compile(rf"[ -]{alternatives(grammar['rank_idiom'])}\b|,")
        numbers = lexicon.numbers
        self.numerals = frozenset([*numbers.cardinal, *numbers.magnitude, *numbers.ordinal])

    def _words(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Yield the words that follow with single spaces between, and their ends, up to a word that ends the phrase."""
        for _ in range(LIMIT):
            match = WORD.match(text, at)
            if not match or match[2].lower() in self.stop or match[2].lower() in self.numerals or match[2][0].isdigit():
                return
            at = match.end()
            yield match[2].rstrip("’'"), at

    def is_plural(self, word: str) -> bool:
        """Tell whether a word looks like a plural noun."""
        low = word.lower()
        if word in self.lexicon.units and word.endswith("s"):
            return True
        if low in self.plurals or low.endswith(("men", "women", "children")):
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
        first, before = at, ""
        for word, end in self._words(text, at):
            unit, before = self.lexicon.units.get(f"{before} {word}") or self.lexicon.units.get(word), word
            if unit and unit.kind == "count" and (single or self.is_plural(word)):
                return end, unit.name
            if self.is_plural(word) and not single:
                return self._with_head(text, end, word)
            if single and not self._is_adjective(word):
                return end, singular(word.lower())
        return first, ""

    def _with_head(self, text: str, end: int, word: str) -> tuple[int, str]:
        """Return a plural, or the noun it qualifies ("sports clubs")."""
        if word.lower() in self.attributive:
            for following, last in self._words(text, end):
                if self.is_plural(following):
                    return last, self._unit(following)
                break
        return end, self._unit(word)

    def _compound(self, text: str, at: int) -> tuple[int, str]:
        match = re.match(r"-([a-z]+)(?![\w])", text[at : at + 20])
        if not match or match[1] in self.stop or match[1] in self.numerals:
            return at, ""
        return at + match.end(), self._unit(match[1])

    def _unit(self, word: str) -> str:
        unit = self.lexicon.units.get(word) or self.lexicon.units.get(word.lower())
        return unit.name if unit else word if word[:1].isupper() and word[:-1].isupper() else word.lower()

    def _is_adjective(self, word: str) -> bool:
        low = word.lower()
        if low in self.nouns or singular(low) in self.nouns:
            return False
        return low in self.adjectives or (bool(ADJECTIVE.match(word)) and word.islower()) or word.endswith(("'s", "’s"))

    def ranked(self, text: str, at: int) -> tuple[int, str]:
        """Return where the ranked noun ends and its singular, or (at, "") where none follows."""
        end, head, capital = at, "", False
        last: tuple[int, str] = at, ""
        for word, place in self._words(text, at):
            last = place, word
            lower = word.islower()
            if head and ((not lower and not capital) or (lower and not self._continues(word))):
                break
            if not self._is_adjective(word):
                end, head, capital = place, word, not lower
            elif not lower:
                capital = True
            elif head:
                break
        if not head and last[1] and not last[1].endswith(("ly", "ed", "ing", "est")):
            end, head = last
        return end, singular(head.lower())

    def _continues(self, word: str) -> bool:
        """Tell whether a word after a noun still belongs to its phrase ("phone call") and is not its verb."""
        return (
            word not in self.after_noun
            and not self._is_adjective(word)
            and not (word.endswith("s") and not self.is_plural(word))
        )

    def is_rank(self, text: str, start: int, end: int, word: str) -> bool:
        """Tell a rank in words from the adverb and the idiom: "was first elected", "first of all", "at first"."""
        if self.idiom.match(text, end) or text[end : end + 1] == "-":
            return text.startswith("-ever", end)
        previous = re.search(r"([\w’']+) $", text[max(0, start - 20) : start])
        if (
            word == "second"
            and previous
            and previous[1] in ("a", "per")
            and not re.match(r" [a-z]", text[end : end + 2])
        ):
            return False
        return not (previous and previous[1].lower() in self.before_no_rank)

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

    def label_before(self, text: str, at: int) -> tuple[int, bool] | None:
        """Return where the label of a number begins and whether it is a known one: "Polling Station 14"."""
        match = re.search(
            r"(?:(?<=[\s(“\"])|^)((?:[A-Z][\w’'-]* )*)([A-Z][\w-]*\.?) (?:No\.? )?$", text[max(0, at - 60) : at]
        )
        if not match:
            return None
        start = at - (len(text[max(0, at - 60) : at]) - match.start(2))
        if match[2] in self.labels:
            previous = re.search(r"([A-Z][a-z]+) $", match[1])
            if previous and previous[1].endswith("ing"):
                start -= len(previous[0])
            return start, True
        first = start == 0 or re.search(r"[.!?…\n“\"] ?$", text[max(0, start - 2) : start])
        return None if first or match[2].lower() in self.stop else (start, False)

    def of_what(self, text: str, end: int) -> str:
        """Return the unit of a number whose noun comes later: "more than 30 of its villages"."""
        match = re.match(r" of (?:its|the|their|these|those|his|her|our|all)?(?: [\w-]+['’]s)?", text[end : end + 40])
        if not match:
            return ""
        for word, _ in self._words(text, end + match.end()):
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
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is", "series", "species")) else noun
