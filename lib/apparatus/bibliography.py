"""The independent references as a page of the book, each tied to the words of a source that it bears on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from apparatus.knowledge import load_headings
from apparatus.model import Bearing, Document, Reference
from apparatus.reader import Element, Node, element
from apparatus.readings import VERIFIED

ABOUT = (
    "Records made by others than the sources, each tied to the words of a source that it bears on. They were gathered "
    "with machine assistance. Most were seen in a search result, often on a mirror, and not in the original document: "
    "each entry says so. Cite the organisation, title, date and identifier, once you have seen the original."
)
RELATIONS = {
    "confirms": "Confirms",
    "qualifies": "Qualifies",
    "contradicts": "Contradicts",
    "context": "Gives context to",
}


def references_page(references: Sequence[Reference], corpus: Mapping[str, Document]) -> Element:
    """Return the bibliography as a tree of elements, by theme in the order of the references."""
    titles = load_headings()
    sections = []
    for theme in dict.fromkeys(reference.theme for reference in references):
        entries = (_entry(reference, corpus) for reference in references if reference.theme == theme)
        sections.append(element("section", element("h2", titles[theme]), *entries, id=f"theme-{theme}"))
    return element("section", element("h1", "References"), element("p", ABOUT), *sections, id="references")


def _entry(reference: Reference, corpus: Mapping[str, Document]) -> Element:
    parts = (reference.title, reference.date.strip("-"), reference.identifier)
    later = [element("em", " Later than the documents.")] if reference.after_corpus else []
    bears = (_bears_on(passage, corpus) for passage in reference.passages)
    return element(
        "div",
        element("p", element("strong", reference.organisation), f". {'. '.join(filter(None, parts))}.", *later),
        element("p", reference.finding),
        element("ul", *bears, class_="passages"),
        element("p", *_verified(reference), f" {reference.note}".rstrip(), class_="verified"),
        class_="reference-entry",
        id=f"ref-{reference.id}",
    )


def _bears_on(passage: Bearing, corpus: Mapping[str, Document]) -> Element:
    link = element("a", passage.ref, class_="ref", href=f"reader/{passage.source}.html#{passage.anchor}")
    words = " ".join(passage.exact.split())
    said = f"{RELATIONS[passage.relation]} the {corpus[passage.source].source.label}: “{words}” "
    later = [element("em", f" ({passage.later})")] if passage.later else []
    return element("li", said, link, *later)


def _verified(reference: Reference) -> Iterator[Node]:
    yield VERIFIED[reference.verified]
    for count, address in enumerate(reference.search_evidence):
        yield ", " if count else " Seen at "
        yield element("a", address.split("/")[2], href=address)
    if reference.evidence_words:
        yield f"{';' if reference.search_evidence else ' In'} words: {reference.evidence_words}."
