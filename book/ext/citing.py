"""How to cite the bundle and a passage, made from CITATION.cff and the catalog, so that nothing is typed twice."""

import json
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from apparatus.corpus import load_catalog

COPY = "the address of the copy that you used"


def people(record):
    """Return the authors of a CITATION.cff by name: bodies as they are, persons given name first."""
    return [one.get("name") or f"{one['given-names']} {one['family-names']}" for one in record["authors"]]


def plain(record, address):
    """Return a line for a list of works.

    >>> plain({"authors": [{"name": "They"}], "title": "It", "version": "1"}, "https://example.org")
    'They. It. Version 1. https://example.org'
    """
    return f"{', '.join(people(record))}. {record['title']}. Version {record['version']}. {address or f'[{COPY}]'}"


def bibtex(record, address):
    """Return an entry for BibTeX, names of bodies in double braces."""
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in people(record)),
        "title": f"{{{record['title']}}}",
        "version": str(record["version"]),
        "url": address or COPY,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@software{{apparatus,\n{lines}}}"


def csl(record, address):
    """Return an item of CSL-JSON, as Zotero and pandoc read it."""
    authors = [{"literal": name} for name in people(record)]
    item = {"id": "apparatus", "type": "software", "title": record["title"], "author": authors}
    item |= {"version": str(record["version"]), "URL": address or COPY}
    return json.dumps([item], indent=2, ensure_ascii=False)


def passage(record, address):
    """Return a paragraph per text, to be completed with the place of the passage."""
    work = record["title"].partition(":")[0]
    return "\n\n".join(
        f"{source.label}, “{source.title}”, {source.issued.replace('/..', ' or later')}, "
        f"{source.id}:START-END, in {work}, version {record['version']}."
        for source in load_catalog().values()
    )


FORMS = {"plain": (plain, "text"), "bibtex": (bibtex, "bibtex"), "csl": (csl, "json"), "passage": (passage, "text")}


class Citation(SphinxDirective):
    """The directive `{citation} FORM`: one of the forms above, each paragraph of it to be copied."""

    required_arguments = 1

    def run(self):
        """Return a block of text per paragraph."""
        path = Path(self.env.srcdir, "CITATION.cff")
        self.env.note_dependency(str(path))
        form, language = FORMS[self.arguments[0]]
        words = form(yaml.safe_load(path.read_text(encoding="utf-8")), self.config.apparatus_repository)
        return [nodes.literal_block(one, one, language=language, classes=["copied"]) for one in words.split("\n\n")]
