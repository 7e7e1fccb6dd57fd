"""What a notebook shows: tables, findings, figures and passages, every one linked to the words it came from.

A link is `#SOURCE:START-END`: it leads to the list of cited passages that ends the notebook, and, in the book,
to the highlighted words in the reader.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.metadata import version
from itertools import groupby
from string import Formatter
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.pyplot import close
from matplotlib.text import Text
from PIL import Image

from apparatus.ledger import Finding, hash_words
from apparatus.model import DateExpr, Document, Mention, Quantity, Reference, Reuse, Span
from apparatus.outputs import FINDING
from apparatus.plan import heading, load_plan
from apparatus.reading import Reading
from apparatus.reuse.changes import Change

PACKAGES = ("jupyterlab", "papermill", "pandas", "matplotlib", "nbval", "jupyter-book")
NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half|"
    r"thirds?|quarters?|twice)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”")
SHOWN = 6  # parts of a cell that are shown; the others fold
UNQUOTED = (Quantity, DateExpr, Mention)  # a number, a date or a name is no statement
RECORD = (
    "title", "publisher", "author", "speaks_for", "issued", "dating",
    "language", "translation", "obtained", "condition", "rights", "sha256",
)  # fmt: skip
REWORDED = {  # how a change of words is marked: what it is, and its look, stand in book/static/apparatus.css
    "other form": ('<span class="other-form">', "</span>"),
    "exchanged": ('<em class="exchanged">', "</em>"),
    "moved": ('<span class="moved">', "</span>"),
    "dropped": ("<del>", "</del>"),
    "added": ("<ins>", "</ins>"),
}
REWORDINGS = (
    ("other form", "the same word in another form"),
    ("exchanged", "other words in the same place"),
    ("moved", "the same word in another place"),
    ("dropped", "in passage a only"),
    ("added", "in passage b only"),
)
PALETTE = 64  # colours of a picture
SMALLEST = 8  # points of a figure's words, which a phone shows at three quarters of that
PROSE = 80  # characters from which a cell needs room
CONTEXT = 90  # characters shown on either side of a cited passage

_cited: dict[str, Span] = {}
_named: set[str] = set()  # the references named so far


def link(span: Span, text: str = "") -> str:
    """Return the HTML of a link to a passage, showing its words or another text, and note that it is cited."""
    _cited[span.ref] = span
    return f'<a class="ref" href="#{span.ref}">{escape(text or span.words)}</a>'


def cell(value: object) -> str:
    """Return the HTML of a table cell: spans become links, words of a source quoted; references lead to the list."""
    if isinstance(value, Span):
        return link(value) if isinstance(value, UNQUOTED) else f"“{link(value)}”"
    if isinstance(value, Reference):
        name = f"{value.organisation}: {value.title}" + (f" ({value.date})" if value.date.strip("-") else "")
        target = "" if value.id in _named else f' id="ref-{escape(value.id)}"'  # an id stands once on a page
        _named.add(value.id)
        return f'<a{target} href="#ref-{escape(value.id)}">{escape(name)}</a>'
    if isinstance(value, list):
        parts = [f"“{link(one)}”" if isinstance(one, Span) else cell(one) for one in value]
        if len(parts) <= SHOWN + 1:
            return " ".join(parts)
        more = f"<details><summary>{len(parts) - SHOWN:,} more</summary>{' '.join(parts[SHOWN:])}</details>"
        return " ".join(parts[:SHOWN]) + more
    text = "–" if value == 0 else f"{value:,}" if isinstance(value, int) else escape(str(value))
    return f'<span class="silent">{text}</span>' if text.startswith(("silent", "–")) else text


def table(frame: pd.DataFrame, caption: str, *, folded: bool = False) -> None:
    """Display a table with its caption. Zero is shown as a dash: nothing found is a silence, not a quantity.

    A long one may be folded: the reader sees the caption, and opens it.
    """
    if frame.empty:
        _html(f'<p class="silent">{escape(caption)}: nothing found with these parameters.</p>')
        return
    names = [escape(str(name)) for name in frame.columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(f"<tr>{_cells(names, row)}</tr>" for row in frame.itertuples(index=False))
    body = f'<table class="dataframe"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    title = f"{escape(caption)} (n = {len(frame):,})"
    shown = "" if folded else f'<p class="caption">{title}</p>'
    box = f'<div class="table-box" role="region" tabindex="0" aria-label="{escape(caption)}">{shown}{body}</div>'
    _html(f'<details class="passages"><summary>{title}</summary>{box}</details>' if folded else box)


def _cells(names: Sequence[str], row: Iterable[object]) -> str:
    """Return the cells of a row, each with its column's name, which a narrow screen shows in the cell."""
    html = [(name, cell(value)) for name, value in zip(names, row, strict=True)]
    prose = [' class="prose"' if len(_words_of(inside)) > PROSE else "" for _, inside in html]
    return "".join(
        f'<td{kind} data-label="{name}">{inside}</td>' for kind, (name, inside) in zip(prose, html, strict=True)
    )


def _words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def _html(html: str, plain: str = "", **other: Any) -> None:
    display({"text/html": html, "text/plain": plain or _plain_text(html), **other}, raw=True)


def _plain_text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())[:80]


def paragraphs(*texts: str, lead: str = "") -> None:
    """Display prose that stands under `seeds/`, a paragraph each; the first begins with `lead`, in bold."""
    start = f"<strong>{escape(lead, quote=False)}</strong> " if lead else ""
    _html(start.join(["<p>", "</p><p>".join(escape(text, quote=False) for text in texts)]) + "</p>")


def finding(sentence: str, evidence: Iterable[Span], *, main: bool = False, **values: object) -> None:
    """Display a statement of the book's own with its passages, and record it.

    Every number in it is a value, never typed: `finding("{n} sources name it.", evidence=spans, n=3)`. A value may be
    a number, words, a span (which is shown in quotation marks and linked, and is evidence too), a list of these, or a
    tuple of them, which are joined as they are.
    Where the parameters leave no passage, the notebook says so instead, and nothing is recorded. A `main` one is what
    the start page shows of its chapter.
    Raises `ValueError` where a number or a number word is typed into the sentence outside quotation marks.
    """
    typed = QUOTED.sub("", re.sub(r"\{[^}]*\}", "", sentence))
    if number := re.search(r"\d", typed) or NUMBER_WORDS.search(typed):
        raise ValueError(
            f"a finding has {number.group()!r} typed into it; compute it and give it as a value: {sentence!r}"
        )
    quoted = (one for value in values.values() for one in (value if isinstance(value, list | tuple) else [value]))
    evidence = [*evidence, *(one for one in quoted if isinstance(one, Span))]
    spans = sorted({span.ref: span for span in evidence}.values(), key=lambda span: (span.source, span.start, span.end))
    if not spans:
        _html('<p class="silent">The sources read have no passage for a statement here.</p>')
        return
    plain, html = _fill(sentence, values)
    name = "finding-" + hashlib.sha256(sentence.encode()).hexdigest()[:8]
    listed = "".join(f"<li>{escape(span.source)}: “{link(span)}”</li>" for span in spans)
    count = _count(len(spans), "passage")
    record = {
        "id": name,
        "sentence": plain,
        "numbers": {key: value for key, value in values.items() if isinstance(value, int | float)},
        "evidence": [span.ref for span in spans],
        "words_sha256": hash_words(span.exact for span in spans),
        "main": main,
    }
    _html(
        f'<div class="finding" id="{name}"><p>{html}</p>'
        f'<details class="evidence"><summary>{count}</summary><ul>{listed}</ul></details></div>',
        plain,
        **{FINDING: record},
    )


def _fill(sentence: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Return the sentence with its values, as plain text and as HTML."""
    plain, html = [], []
    for text, name, form, _ in Formatter().parse(sentence):
        plain.append(text)
        html.append(escape(text, quote=False))
        if name is not None:
            plain.append(_value(values[name], form or "", _words))
            html.append(_value(values[name], form or "", link))
    return "".join(plain), "".join(html)


def _words(span: Span) -> str:
    return span.words


def _value(value: object, form: str, show_span: Any) -> str:
    if isinstance(value, Span):
        return f"“{show_span(value)}”"
    if isinstance(value, tuple):
        return "".join(_value(one, form, show_span) for one in value)
    if isinstance(value, list):
        parts = [_value(one, form, show_span) for one in value]
        return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "none"
    if isinstance(value, int) and not form:
        return f"{value:,}" if value else "none"
    text = format(value, form)
    return escape(text, quote=False) if show_span is link else text


def statements(findings: Iterable[Finding]) -> None:
    """Display the statements of other chapters, by chapter, the main ones first; each leads to its place there."""
    parts = []
    runs = {run.id: run for run in load_plan()}
    for name, group in groupby(findings, key=lambda one: one.notebook):
        made, run = list(group), runs[name]
        main = "".join(f"<li>{_statement(one, run.notebook)}</li>" for one in made if one.main)
        others = "".join(f"<li>{_statement(one, run.notebook)}</li>" for one in made if not one.main)
        more = f"<details><summary>{sum(not one.main for one in made)} more</summary><ul>{others}</ul></details>"
        title = escape(run.title or heading(run.path), quote=False)
        link = f'<a data-finding="{escape(made[0].id)}" href="{escape(run.notebook)}.ipynb">{title}</a>'
        parts.append(f'<div class="chapter"><p class="caption">{link}</p><ul>{main}</ul>{more if others else ""}</div>')
    _html(f'<div class="statements">{"".join(parts)}</div>', "The statements of the chapters")


def _statement(one: Finding, notebook: str) -> str:
    words = escape(one.sentence, quote=False)
    return f'<a data-finding="{escape(one.id)}" href="{escape(notebook)}.ipynb">{words}</a>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def figure(axes: Axes, *, label: str, caption: str, alt: str, key: Mapping[str, Sequence[str]] | None = None) -> None:
    """Display a figure with its caption, which says the result and the n, and a text for those who do not see it.

    `key` says what the letters of each row stand for; a long one is folded.
    Raises `ValueError` where words of the figure are too small for a phone.
    """
    drawn = axes.figure
    assert isinstance(drawn, Figure)
    words = [one for one in drawn.findobj(Text) if isinstance(one, Text) and one.get_text().strip()]
    if tiny := sorted({one.get_text() for one in words if float(one.get_fontsize()) < SMALLEST}):
        raise ValueError(f"the figure {label!r} writes {tiny[0]!r} in less than {SMALLEST} points; write it larger.")
    file, small = io.BytesIO(), io.BytesIO()
    drawn.savefig(file, format="png")
    close(drawn)
    with Image.open(file) as picture:  # a palette of few colours: a third of the size, in every commit that follows
        picture.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    data = base64.b64encode(small.getvalue()).decode()
    _html(
        f'<figure id="{escape(label)}"><img src="data:image/png;base64,{data}" alt="{escape(alt)}">'
        f"<figcaption>{escape(caption, quote=False)}</figcaption>{_key(key or {})}</figure>",
        f"Figure: {alt}",
    )


def _key(key: Mapping[str, Sequence[str]]) -> str:
    if not key:
        return ""
    rows = "".join(
        f"<div><dt>{escape(row)}</dt><dd>{escape('; '.join(words), quote=False) or 'no position taken'}</dd></div>"
        for row, words in key.items()
    )
    opened = " open" if len(key) <= SHOWN else ""
    return f'<details class="key"{opened}><summary>What the letters stand for</summary><dl>{rows}</dl></details>'


def passages(reading: Reading) -> None:
    """Display the passages on the theme, source by source, with the theme's terms marked; silent sources say so."""
    parts = []
    for source in reading.corpus:
        found = reading.of(source)
        if not found:
            parts.append(f'<p class="silent">{escape(reading.label(source))}: silent on this theme.</p>')
            continue
        items = "".join(f"<li>{_section(one)}{_marked(one, reading)} {link(one, one.anchor)}</li>" for one in found)
        parts.append(
            f'<details class="passages"><summary>{escape(reading.label(source))}: {_count(len(found), "passage")}'
            f"</summary><ol>{items}</ol></details>"
        )
    _html("".join(parts), f"Passages on {reading.theme.title}")


def _section(span: Span) -> str:
    zone = f"{span.zone}: " if span.zone != "body" else ""
    return f'<span class="section">{escape(f"§ {span.section} " if span.section else "")}{escape(zone)}</span>'


def _marked(span: Span, reading: Reading) -> str:
    words = span.words
    held = {
        place
        for term in reading.theme.terms
        for match in term.pattern.finditer(words)
        for place in range(*match.span())
    }
    html, inside = [], False
    for place, character in enumerate(words):
        if (place in held) != inside:
            inside = not inside
            html.append("<mark>" if inside else "</mark>")
        html.append(escape(character, quote=False))
    return "".join(html) + ("</mark>" if inside else "")


def rewording(corpus: Mapping[str, Document], pairs: Sequence[tuple[Reuse, Sequence[Change]]], caption: str) -> None:
    """Display pairs of passages side by side: what only one has is struck out or underlined, what differs is marked.

    The marks are of the text's own, so that they are heard by who listens to the page and seen without colour.
    """
    rows = "".join(
        f"<tr><td>{_reworded(corpus[one.a.source], one.a, [(each.kind, each.a) for each in changes])}</td>"
        f"<td>{_reworded(corpus[one.b.source], one.b, [(each.kind, each.b) for each in changes])}</td></tr>"
        for one, changes in pairs
    )
    legend = "".join(f"<li>{REWORDED[kind][0]}{escape(words)}{REWORDED[kind][1]}</li>" for kind, words in REWORDINGS)
    _html(
        f'<div class="table-box rewording" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<p class="caption">{escape(caption)} (n = {len(pairs):,})</p><ul class="key">{legend}</ul>'
        f'<table class="dataframe"><thead><tr><th scope="col">Passage a</th><th scope="col">Passage b</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _reworded(doc: Document, passage: Span, changes: Sequence[tuple[str, Span | None]]) -> str:
    """Return the HTML of a passage with its changes marked, and a link to it."""
    html, at = [], passage.start
    places = sorted((span.start, span.end, kind) for kind, span in changes if span)
    for start, end, kind in places:
        before, after = REWORDED.get(kind, ("", ""))
        html += [escape(doc.raw[at:start], quote=False), before, escape(doc.raw[start:end], quote=False), after]
        at = end
    html.append(escape(doc.raw[at : passage.end], quote=False))
    return f"{' '.join(''.join(html).split())} {link(passage, passage.anchor)}"


def apparatus(corpus: Mapping[str, Document]) -> None:
    """Display every passage that the notebook cites, in its context, highlighted: where its links lead."""
    parts = []
    for source, doc in corpus.items():
        spans = sorted(
            (span for span in _cited.values() if span.source == source), key=lambda span: (span.start, span.end)
        )
        if spans:
            items = "".join(
                f'<li id="{span.ref}">{_in_context(doc, span)} {link(span, span.ref)}</li>' for span in spans
            )
            parts.append(
                f"<details open><summary>{escape(doc.source.label)}: {_count(len(spans), 'passage')}</summary>"
                f"<ol>{items}</ol></details>"
            )
    _html(f'<div class="apparatus">{"".join(parts)}</div>', "The passages cited")


def _in_context(doc: Document, span: Span) -> str:
    before = doc.raw[max(0, span.start - CONTEXT) : span.start].lstrip().split(" ", 1)[-1] if span.start else ""
    after = doc.raw[span.end : span.end + CONTEXT].rsplit(" ", 1)[0]
    parts = [" ".join(escape(part, quote=False).split()) for part in (before, span.exact, after)]
    gaps = [" " if before[-1:].isspace() else "", " " if after[:1].isspace() else ""]
    return f"…{parts[0]}{gaps[0]}<mark>{parts[1]}</mark>{gaps[1]}{parts[2]}…"


def records(corpus: Mapping[str, Document]) -> None:
    """Display the catalog's record of each source, field by field."""
    parts = []
    for doc in corpus.values():
        fields = [(name, getattr(doc.source, name)) for name in RECORD]
        rows = "".join(
            f"<div><dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(value)}</dd></div>" for name, value in fields
        )
        parts.append(
            f'<details class="record" open><summary>{escape(doc.source.label)}</summary><dl>{rows}</dl></details>'
        )
    _html("".join(parts), "The records of the sources")


def provenance(corpus: Mapping[str, Document], **parameters: object) -> None:
    """Display what this notebook was made from: the texts' hashes, the parameters, the versions of the packages."""
    texts = [{"What": doc.source.label, "Is": f"sha256 {doc.source.sha256}"} for doc in corpus.values()]
    chosen = [{"What": f"parameter {name}", "Is": _shown(value)} for name, value in parameters.items()]
    used = [{"What": name, "Is": version(name)} for name in PACKAGES]
    table(pd.DataFrame([*texts, *chosen, *used]), "What this page was made from")


def _shown(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "all"
    return str(value)
