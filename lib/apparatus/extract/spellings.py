"""The ways in which a text may write a name of the gazetteer: capitals, accents, apostrophes, hyphens, line ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import ahocorasick

from apparatus.lexicon import Lexicon, Name
from apparatus.text import unaccented

SHORTEST_SHOUTED = 4  # letters: "US" in capitals is no "us"
JOINT = re.compile(r"(?<=[^\W\d_])-(?=[A-Z])")  # a hyphen lost with the end of a line
ARTICLE = re.compile(r"(?:[aAeE]l|as|ash|ad|ar)-([A-Z]\w+)$")  # "al-Assad", who is Assad as well
BREAK = "  "  # what stands for the end of a block, so that every place stays where it is


def spellings(name: Name) -> Iterator[str]:
    """Yield the spellings that follow from one of the gazetteer's.

    >>> list(spellings(Name("Viktor Orbán", "person", "Orbán")))[1:3]
    ['ORBÁN', 'Orban']
    """
    forms = [name.name]
    if name.kind == "person" and (surname := ARTICLE.match(name.name)):
        forms.append(surname[1])
    if len(name.name) >= SHORTEST_SHOUTED and name.name != name.name.upper():
        forms.append(name.name.upper())
        if name.kind == "person" and " " in name.name:
            first, last = name.name.rsplit(" ", 1)
            forms.append(f"{first} {last.upper()}")
    for form in list(forms):
        forms.append(unaccented(form))
        forms.append(unicodedata.normalize("NFD", form))
    for form in list(forms):
        forms += [form.replace("'", "’"), form.replace("-", "‑"), form.replace("-", "–")]
        forms.append(JOINT.sub("", form))
    for form in list(dict.fromkeys(forms)):
        yield form
        for at, sign in enumerate(form):
            if sign == " ":
                yield form[:at] + BREAK + form[at + 1 :]


@lru_cache(maxsize=2)
def spelling_finder(lexicon: Lexicon) -> ahocorasick.Automaton:
    """Return the automaton that finds every spelling in one pass. Source: Aho and Corasick 1975.

    With a spelling come its length less one, its name, and whether it goes over the end of a block. One that the
    gazetteer lists belongs to the entity that lists it.
    """
    found: dict[str, Name] = {name.name: name for name in lexicon.names}
    for name in lexicon.names:
        for form in spellings(name):
            found.setdefault(form, name)
    automaton = ahocorasick.Automaton()
    for form, name in found.items():
        automaton.add_word(form, (len(form) - 1, name, BREAK in form))
    automaton.make_automaton()
    return automaton
