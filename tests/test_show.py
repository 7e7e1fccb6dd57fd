import json
import re

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from apparatus import show
from apparatus.figures.style import canvas
from apparatus.model import Span
from apparatus.outputs import FINDING

InteractiveShell.instance()  # what `display` sends its output to, as in a kernel
SPAN = Span(source="one", start=3, end=8, exact="12\n\n<b>")


def shown(call: object, *arguments: object, **settings: object) -> dict[str, object]:
    with capture_output() as captured:
        call(*arguments, **settings)  # type: ignore[operator]
    return captured.outputs[0].data


def test_a_finding_links_its_numbers_and_lists_its_passages() -> None:
    data = shown(show.finding, "{n} texts give {words}, said {who}.", [SPAN], n=1200, words=SPAN, who=["A", "B", "C"])
    assert data["text/plain"] == "1,200 texts give “12 <b>”, said A, B and C."
    assert '“<a class="ref" href="#one:3-8">12 &lt;b&gt;</a>”' in data["text/html"]
    assert data[FINDING]["evidence"] == ["one:3-8"]
    assert data[FINDING]["numbers"] == {"n": 1200}
    assert json.dumps(data[FINDING])


def test_parts_of_a_statement_are_joined_as_they_are_and_its_passages_are_evidence() -> None:
    data = shown(show.finding, "Names: {said}.", [], said=("Report: ", SPAN, " (2)"))
    assert data["text/plain"] == "Names: Report: “12 <b>” (2)."
    assert data[FINDING]["evidence"] == ["one:3-8"]


@pytest.mark.parametrize("sentence", ["There are 3 of {n}.", "All three of {n}.", "Half of {n}.", "Twice {n}."])
def test_a_typed_number_in_a_finding_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match="typed into it"):
        show.finding(sentence, [SPAN], n=1)


def test_a_quoted_number_is_the_sources_own() -> None:
    assert "“forty-four 44 days”" in str(shown(show.finding, "It says “forty-four 44 days”.", [SPAN])["text/plain"])


def test_a_finding_without_a_passage_is_not_made() -> None:
    data = shown(show.finding, "{n} texts.", [], n=0)
    assert FINDING not in data
    assert "no passage for a statement" in data["text/html"]


def test_a_table_links_spans_escapes_words_and_shows_zero_as_silence() -> None:
    frame = pd.DataFrame([{"Words": SPAN, "Count": 0, "Who": "<i>"}])
    html = str(shown(show.table, frame, "A caption")["text/html"])
    assert 'href="#one:3-8">12 &lt;b&gt;</a>' in html
    assert '<span class="silent">–</span>' in html
    assert "&lt;i&gt;" in html
    assert "A caption (n = 1)" in html


@pytest.mark.parametrize("points", [show.SMALLEST, show.SMALLEST - 0.5])
def test_words_too_small_for_a_phone_are_refused(points: float) -> None:
    axes = canvas(2.0)
    axes.set_xlabel("place in the text", fontsize=points)
    if points < show.SMALLEST:
        with pytest.raises(ValueError, match="'place in the text' in less than"):
            show.figure(axes, label="small", caption="A caption.", alt="Nothing.")
    else:
        assert "A caption." in str(shown(show.figure, axes, label="small", caption="A caption.", alt="Nothing."))


def test_a_figure_explains_its_letters_and_folds_a_long_key() -> None:
    rows = {f"question {at}": ["A. <yes>", "B. no"] for at in range(show.SHOWN + 1)}
    for count, opened in ((show.SHOWN, " open"), (show.SHOWN + 1, "")):
        key = dict(list(rows.items())[:count])
        html = str(shown(show.figure, canvas(2.0), label="a", caption="b", alt="c", key=key)["text/html"])
        assert f'<details class="key"{opened}>' in html
        assert html.count("<dd>A. &lt;yes&gt;; B. no</dd>") == count


def test_an_empty_table_says_so() -> None:
    assert "nothing found" in str(shown(show.table, pd.DataFrame(), "Quotations")["text/html"])


def test_every_link_of_a_notebook_leads_to_its_closing_list() -> None:
    from apparatus.corpus import load_corpus

    corpus = load_corpus()
    doc = corpus["caspian-news-2023-10-03"]
    spans = [
        doc.mark_raw(Span, 891, 899),
        doc.mark_raw(Span, 0, 11),
        doc.mark_raw(Span, len(doc.raw) - 9, len(doc.raw)),
    ]
    show._cited.clear()
    shown(show.finding, "It says so.", spans)
    html = str(shown(show.apparatus, corpus)["text/html"])
    for span in spans:
        assert f'<li id="{span.ref}">' in html
    assert re.search(r"For <mark>28 years</mark>, we", html)
