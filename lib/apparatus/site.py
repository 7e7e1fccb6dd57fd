"""Checks of built HTML that need no browser: links, other hosts, alternative text, leftovers of building."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from apparatus.paths import ROOT

LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed"}
UNSEEN = {"script", "style"}
LEFTOVER = re.compile(r"\{(?:glue|numref|ref|cite|doc)[:}`]|Traceback \(most recent call last\)")
MACHINE_PATH = re.compile(rf"{re.escape(str(ROOT))}|(?:file://|(?<![\w./:~-]))/(?:home|root|tmp|Users|mnt)/[\w.-]+")
CSS_LOAD = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)")


@dataclass
class Page(HTMLParser):
    """What the checks need of one page: its anchors, links, loads and words."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    no_alt: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    inside: str = ""

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names, links to and loads."""
        named = {name: value or "" for name, value in attrs}
        self.inside = tag if tag in UNSEEN else ""
        self.anchors.add(named.get("id", ""))
        if "href" in named:
            (self.loads if tag == "link" else self.links).append(named["href"])
        if tag in LOADING and "src" in named:
            self.loads.append(named["src"])
        if tag == "img" and not named.get("alt", "").strip():
            self.no_alt.append(named.get("src", "")[:60])

    def handle_endtag(self, tag: str) -> None:
        """Leave scripts and styles."""
        self.inside = ""

    def handle_data(self, data: str) -> None:
        """Keep the words that a reader sees, and the style sheets' loads."""
        if not self.inside:
            self.words.append(data)
        elif self.inside == "style":
            self.loads += CSS_LOAD.findall(data)


def check_site(folder: Path) -> list[str]:
    """Return the faults of a built book, one line each; none is an empty list."""
    pages = {
        path.relative_to(folder).as_posix(): read_page(path)
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.relative_to(folder).parts
    }
    faults = [f"{name}: {fault}" for name, page in pages.items() for fault in _page_faults(page)]
    faults += [f"{name}: {fault}" for name in pages for fault in _dead_links(name, pages, folder)]
    for path in sorted(folder.rglob("*.css")):
        loads = CSS_LOAD.findall(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(folder).as_posix()}: loads {load} from another host" for load in loads]
    return faults


def read_page(path: Path) -> Page:
    """Return what the checks need of an HTML file."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _page_faults(page: Page) -> Iterator[str]:
    elsewhere = (load for load in page.loads if load.startswith("//") or urlsplit(load).scheme in ("http", "https"))
    yield from (f"loads {load} from another host" for load in elsewhere)
    yield from (f"the image {image} has no alternative text" for image in page.no_alt)
    text = "".join(page.words)
    yield from (f"shows {match.group()!r}, a leftover of building" for match in LEFTOVER.finditer(text))
    paths = (link for link in (*page.links, *page.loads) if urlsplit(link).scheme in ("", "file"))
    found = MACHINE_PATH.finditer(" ".join((text, *paths)))
    yield from (f"shows {match.group()!r}, a path of this machine" for match in found)


def _dead_links(name: str, pages: dict[str, Page], folder: Path) -> Iterator[str]:
    for link in dict.fromkeys((*pages[name].links, *pages[name].loads)):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        path = unquote(parts.path)
        target = normpath(join(dirname(name), path)) if path else name
        if not (folder / target).exists():
            yield f"links to {link}, which is not there"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"links to {link}, but {target} has no such place"
