"""The book is the same everywhere, is never half there, and refuses what would mislead its readers."""

import hashlib
import json
import os
import re
import subprocess
import sys
from html import unescape

import pytest
import yaml

from apparatus.assembly import assemble, contents, relink
from apparatus.book import BookError, _run_sphinx, book_key, build_book, repository_url
from apparatus.corpus import load_catalog
from apparatus.errors import DataError
from apparatus.ledger import hash_words
from apparatus.paths import ROOT
from apparatus.plan import PlannedRun
from tiny import prose
from tiny_book import BULLETIN, WORDS, built, cited, shown, write_notebooks

BUILD_AGAIN = """
import sys
from pathlib import Path
from apparatus.book import build_book
folder, build = map(Path, sys.argv[1:])
notebooks = {name: folder / f"{name}.ipynb" for name in ("start", "election")}
print(build_book(notebooks, build=build, say=lambda line: None))
print(*sorted({"sphinx", "numpy", "apparatus.corpus"} & set(sys.modules)))
"""


def quiet(line):
    """Say nothing."""


def run(folder, build, **environment):
    command = [sys.executable, "-c", BUILD_AGAIN, str(folder), str(build)]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def digests(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_two_builds_in_other_surroundings_are_byte_identical(tmp_path):
    other = tmp_path / "another place"
    write_notebooks(other / "in")
    run(other / "in", other / "out", TZ="Pacific/Apia", LC_ALL="C", PYTHONHASHSEED="7")
    assert digests(other / "out" / "book") == digests(built())


def test_a_book_that_is_up_to_date_is_left_alone_and_costs_next_to_nothing(tmp_path):
    before = digests(built())
    root = built().parent.parent
    assert run(root / "notebooks", root / "build") == ["False", ""]
    assert digests(built()) == before


def test_a_page_at_fault_stops_the_build_and_the_former_book_stays(tmp_path):
    build = tmp_path / "build"
    (build / "book").mkdir(parents=True)
    (build / "book" / "index.html").write_text("the former book", encoding="utf-8")
    (build / "src-killed").mkdir()
    notebooks = write_notebooks(
        tmp_path, prose("dead", "[gone](nowhere.md)"), shown("gone", '<a href="#ref-gone">x</a>')
    )
    with pytest.raises(BookError, match=r"(?s)does not build.*election\.ipynb.*nowhere\.md") as error:
        build_book(notebooks, build=build, say=quiet)
    assert str(build) not in str(error.value)
    assert {path.name for path in build.iterdir()} == {"book"}
    assert (build / "book" / "index.html").read_text(encoding="utf-8") == "the former book"


def test_a_link_to_a_reference_that_does_not_exist_stops_the_build(tmp_path):
    notebooks = write_notebooks(tmp_path, shown("gone", '<a href="#ref-gone">x</a>'))
    with pytest.raises(BookError, match=r"notebooks/election\.html: links to \.\./references\.html#ref-gone"):
        build_book(notebooks, build=tmp_path / "build", say=quiet)


@pytest.mark.parametrize("place", ["no-such-text:1-2", f"{BULLETIN}:5-900000", f"{BULLETIN}:7-7"])
def test_a_link_to_a_passage_that_does_not_exist_is_refused(tmp_path, place):
    notebooks = write_notebooks(tmp_path / "in", shown("gone", f'<a href="#{place}">x</a>'))
    with pytest.raises(ValueError, match=place.split(":")[0]):
        assemble(notebooks, tmp_path / "src")


def test_a_finding_whose_words_are_not_in_the_text_stops_the_build(tmp_path):
    notebooks = write_notebooks(tmp_path / "in")
    shifted = notebooks["election"].read_text(encoding="utf-8").replace(hash_words([WORDS]), hash_words(["other"]))
    notebooks["election"].write_text(shifted, encoding="utf-8")
    with pytest.raises(DataError, match=r"election#finding-1.*make notebooks"):
        assemble(notebooks, tmp_path / "src")


def test_the_plan_gives_a_run_its_title(tmp_path):
    notebooks = write_notebooks(tmp_path / "in")
    plan = [PlannedRun("election", notebooks["election"], title="Another heading", part="Themes")]
    assemble(notebooks, tmp_path / "src", plan=plan)
    made = json.loads((tmp_path / "src" / "notebooks" / "election.ipynb").read_text(encoding="utf-8"))
    assert made["cells"][0]["source"][0] == "# Another heading\n"
    assert "Another heading" in (tmp_path / "src" / "reader" / f"{BULLETIN}.json").read_text(encoding="utf-8")


def test_a_statement_gathered_from_another_chapter_leads_to_its_place_there():
    made, _ = relink(
        {"cells": [shown("all", '<a data-finding="election#finding-1" href="election.ipynb">It says.</a>')]}
    )
    html = made["cells"][0]["outputs"][0]["data"]["text/html"]
    assert html == '<a href="election.html#finding-1">It says.</a>'


def test_links_lead_into_the_book_and_the_notebook_for_download_is_untouched():
    page = (built() / "notebooks" / "election.html").read_text(encoding="utf-8")
    source, place = cited().split(":")
    assert f'href="../reader/{source}.html#{place}">{WORDS}</a>' in page
    assert 'href="../references.html#ref-cec-final-result"' in page
    original = built().parent.parent / "notebooks" / "election.ipynb"
    assert (built() / "_sources" / "notebooks" / "election.ipynb").read_bytes() == original.read_bytes()


def test_only_outputs_are_rewritten():
    link = f'<a href="#{cited()}">x</a>'
    cells = [prose("text", link), shown("cell", link)]
    made, places = relink({"cells": json.loads(json.dumps(cells))})
    assert made["cells"][0] == cells[0]
    assert (
        made["cells"][1]["outputs"][0]["data"]["text/html"]
        == f'<a href="../reader/{cited().replace(":", ".html#")}">x</a>'
    )
    assert len(places) == 1


def test_the_tag_method_becomes_a_class_of_its_section():
    assert re.search(
        r'<section class="method" id="how-we-know">', (built() / "notebooks" / "election.html").read_text()
    )


def test_an_address_in_a_heading_stands_once_on_the_page():
    page = (built() / "reader" / f"{BULLETIN}.html").read_text(encoding="utf-8")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_page_on_citing_has_the_record_and_the_form_of_each_text():
    page = html_words(built() / "cite.html")
    record = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert page.count(record["title"]) == 3
    for said in (
        f"Version {record['version']}",
        f"version = {{{record['version']}}}",
        f'"version": "{record["version"]}"',
    ):
        assert said in page
    for source in load_catalog().values():
        assert f"“{source.title}”" in page
        assert f"{source.id}:START-END" in page


def html_words(path):
    """Return the words of a page as they stand in its blocks."""
    return unescape(re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")))


def test_the_key_changes_with_a_notebook_and_with_their_order(tmp_path):
    notebooks = write_notebooks(tmp_path)
    keys = {book_key(notebooks), book_key(dict(reversed(notebooks.items())))}
    notebooks["election"].write_text("{}", encoding="utf-8")
    keys.add(book_key(notebooks))
    assert len(keys) == 3


def test_contents_follow_the_plan():
    parts = {"start": "", "sources": "Sources", "election": "Themes", "quality": "About", "cop29": "Themes"}
    made = contents(parts, ["a-text"])
    assert made["root"] == "notebooks/start"
    assert [(part["caption"], [one["file"] for one in part["chapters"]]) for part in made["parts"]] == [
        ("Sources", ["notebooks/sources"]),
        ("Themes", ["notebooks/election", "notebooks/cop29"]),
        ("The texts", ["reader/a-text"]),
        ("About", ["method", "notebooks/quality", "references", "cite"]),
    ]


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:someone/apparatus.git", "https://github.com/someone/apparatus"),
        ("https://gitlab.com/someone/apparatus", "https://gitlab.com/someone/apparatus"),
        ("https://token@bitbucket.org/someone/apparatus.git", "https://bitbucket.org/someone/apparatus"),
        ("https://git.example.org/someone/apparatus.git", ""),
        ("../somewhere/apparatus", ""),
        ("", ""),
    ],
)
def test_a_repository_page_is_made_only_from_a_remote_that_binder_knows(remote, url):
    assert repository_url(remote) == url


def test_with_a_remote_notebooks_open_in_jupyterlab_on_binder(tmp_path):
    notebooks = write_notebooks(tmp_path / "in")
    assemble(
        notebooks | {"a-variant": notebooks["election"]}, tmp_path / "src", repository="https://github.com/some/one"
    )
    html = _run_sphinx(tmp_path / "src")
    lab = "https://mybinder.org/v2/gh/some/one/HEAD?urlpath=lab/tree/notebooks"
    links = {
        name: set(re.findall(rf"[\"']({re.escape(lab)}[^\"']*)", (html / name).read_text()))
        for name in ("notebooks/election.html", "notebooks/a-variant.html", "method.html")
    }
    assert links == {
        "notebooks/election.html": {f"{lab}/election.ipynb", lab},
        "notebooks/a-variant.html": {lab},
        "method.html": {lab},
    }


def test_without_a_remote_no_page_speaks_of_binder():
    if repository_url():
        pytest.skip("this clone has a remote that Binder knows")
    assert not [path for path in built().rglob("*.html") if "mybinder" in path.read_text(encoding="utf-8")]
