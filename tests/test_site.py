"""The static checks of built HTML find what they are meant to find."""

import pytest

from apparatus.paths import BUILD, ROOT
from apparatus.site import check_site

SOUND = """<!doctype html><html lang="en"><head><title>A page</title><link rel="stylesheet" href="a.css"></head>
<body><p id="here">Words, with a <a href="folder/other.html#there">link</a>, <a href="#here">one to this page</a>
and <a href="https://example.org/">one to another host</a>.</p><img src="dot.png" alt="A dot"></body></html>"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.css").write_text("p { background: url(dot.png) }", encoding="utf-8")
    (tmp_path / "dot.png").write_bytes(b"")
    (tmp_path / "page.html").write_text(SOUND, encoding="utf-8")
    other = '<p id="there"><a href="../page.html#here">back</a> <img src="data:image/png;base64,x" alt="A dot"></p>'
    (tmp_path / "folder" / "other.html").write_text(other, encoding="utf-8")
    return tmp_path


def test_a_sound_site_has_no_fault(site):
    assert check_site(site) == []


@pytest.mark.parametrize(
    ("sound", "planted", "fault"),
    [
        ("other.html#there", "other.html#nowhere", "folder/other.html has no such place"),
        ("#here", "#gone", "page.html has no such place"),
        ("folder/other.html", "folder/missing.html", "which is not there"),
        ('alt="A dot"', 'alt=" "', "the image dot.png has no alternative text"),
        (' alt="A dot"', "", "the image dot.png has no alternative text"),
        ("dot.png", "gone.png", "which is not there"),
        ("</body>", '<script src="https://example.org/x.js"></script></body>', "loads https://example.org/x.js"),
        ("</body>", '<iframe src="//example.org/x"></iframe></body>', "loads //example.org/x"),
        ('href="a.css"', 'href="https://example.org/a.css"', "loads https://example.org/a.css"),
        ("</head>", "<style>@import 'https://example.org/a.css'</style></head>", "loads https://example.org/a.css"),
        ("Words,", "{glue:text}`share:.1f`", "a leftover of building"),
        ("Words,", "see {numref}`figure`", "a leftover of building"),
        ("Words,", "Traceback (most recent call last):", "a leftover of building"),
        ("Words,", "in /home/someone/notebook.ipynb", "a path of this machine"),
        ("Words,", f"in {ROOT}", "a path of this machine"),
    ],
)
def test_a_planted_fault_is_found(site, sound, planted, fault):
    page = site / "page.html"
    assert sound in SOUND
    page.write_text(SOUND.replace(sound, planted, 1), encoding="utf-8")
    found = check_site(site)
    assert found and all(line.startswith("page.html: ") for line in found)
    assert any(fault in line for line in found), found


def test_a_style_sheet_that_loads_from_another_host_is_found(site):
    (site / "a.css").write_text("@font-face { src: url('//example.org/font.woff2') }", encoding="utf-8")
    assert check_site(site) == ["a.css: loads //example.org/font.woff2 from another host"]


def test_the_words_of_a_script_are_no_leftovers(site):
    (site / "page.html").write_text(SOUND.replace("</body>", "<script>'{ref}`x`'</script></body>"), encoding="utf-8")
    assert check_site(site) == []


@pytest.mark.skipif(not (BUILD / "book").exists(), reason="no book has been built here: make book")
def test_the_book_that_was_built_is_sound():
    assert check_site(BUILD / "book") == []
