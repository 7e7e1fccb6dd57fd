"""In a real browser: nothing is asked of another host, everybody can read it, and every link lands on its words."""

import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from apparatus.corpus import the_corpus
from apparatus.paths import BUILD
from tiny_book import BULLETIN, WORDS, built, cited

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync"]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}  # only colours differ
HIGHLIGHTED = "[...document.querySelectorAll('mark.here')].map(mark => mark.textContent).join('')"
GO_TO = "place => new Promise(done => { onhashchange = () => setTimeout(done); location.hash = place })"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium or google-chrome on this machine")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[f"--{flag}" for flag in QUIET])
        yield running
        running.close()


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pages(folder):
    """Return the pages of a book, but for the first, which only leads to the start page."""
    return [
        path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts and path.name != "index.html"
    ]


def read(source):
    return the_corpus()[source].raw


def address(source, place):
    return f"{(built() / 'reader' / source).as_uri()}.html#{place}"


@pytest.fixture(scope="module")
def book():
    """Return the book that was built here, where there is one: `make test` builds it first. Else the small one."""
    return BUILD / "book" if (BUILD / "book").exists() else built()


@pytest.mark.parametrize("scheme", RULES)
def test_every_page_is_quiet_accessible_and_asks_nothing_of_another_host(browser, book, scheme):
    context = browser.new_context(color_scheme=scheme)
    faults = [fault for path in pages(book) for fault in faults_of(context, path, **RULES[scheme])]
    context.close()
    assert faults == []


def faults_of(context, path, **rules):
    page, faults = context.new_page(), []
    page.on("request", lambda asked: faults.append(f"asks for {asked.url}") if asked.url.startswith("http") else None)
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"], **rules}).response["violations"]
    faults += [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    page.close()
    return [f"{path.name}: {fault}" for fault in faults]


def test_no_page_is_wider_than_a_phone(browser, book):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    wide = [path.name for path in pages(book) if is_too_wide(page, path)]
    context.close()
    assert wide == []


def is_too_wide(page, path):
    page.goto(path.as_uri())
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_wide_table_is_not_cut_off_at_a_laptops_width(browser, book):
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    cut = [(path.name, one) for path in pages(book) for one in cut_off(page, path)]
    as_tables = ".table-box { container-type: normal !important }"
    seen = [cut_off(page, path, as_tables) for path in pages(book) if path.stem == "numbers"]
    context.close()
    assert cut == []
    assert all(seen)


def cut_off(page, path, style="/* as it is */"):
    """Return the captions of the wide tables, of nine columns or of six with prose, that have to be moved sideways."""
    page.goto(path.as_uri())
    page.add_style_tag(content=style)
    return page.evaluate("""
        document.querySelectorAll("details").forEach((one) => (one.open = true));
        [...document.querySelectorAll(".table-box:is(:has(th:nth-child(6)):has(td.prose), :has(th:nth-child(9)))")]
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.getAttribute("aria-label"));
    """)


def test_a_page_at_fault_is_seen(browser, tmp_path):
    path = tmp_path / "page.html"
    loads = '<img src="http://127.0.0.1:9/dot.png"><script>nothing()</script>'
    path.write_text(f'{loads}<div style="width: 999px">Wide</div>', encoding="utf-8")
    context = browser.new_context(viewport=PHONE)
    faults = " ".join(faults_of(context, path))
    assert is_too_wide(context.new_page(), path)
    context.close()
    for fault in ("asks for http://127.0.0.1:9/dot.png", "image-alt", "nothing is not defined"):
        assert fault in faults


def test_the_first_page_leads_to_the_start_page(page):
    page.goto((built() / "index.html").as_uri())
    page.wait_for_url("**/notebooks/start.html")


def test_a_link_in_a_notebook_lands_on_the_highlighted_words(page):
    page.goto((built() / "notebooks" / "election.html").as_uri())
    page.locator(".finding a.ref").click()
    page.wait_for_selector("mark.here")
    source, place = cited().split(":")
    assert page.url.endswith(f"/reader/{source}.html#{place}")
    assert page.evaluate(HIGHLIGHTED) == WORDS
    assert page.locator("mark.here").first.is_visible()
    top = page.evaluate("document.querySelector('mark.here').getBoundingClientRect().top")
    assert 0 < top < page.viewport_size["height"]
    assert page.evaluate("document.activeElement.matches('mark.here')")
    assert cited() in page.locator("[role=status]").inner_text()


def test_every_link_of_a_notebook_lands_on_its_words(page):
    for path in pages(built() / "notebooks"):
        page.goto(path.as_uri())
        for link in set(page.eval_on_selector_all("a.ref", "links => links.map(link => link.href)")):
            source, start, end = re.search(r"reader/([\w-]+)\.html#(\d+)-(\d+)$", link).groups()
            page.goto(link)
            assert page.evaluate(HIGHLIGHTED) == read(source)[int(start) : int(end)]


@pytest.mark.parametrize("source", the_corpus())
def test_any_interval_is_highlighted_whatever_marks_it_cuts(page, source):
    raw = read(source)
    page.goto((built() / "reader" / f"{source}.html").as_uri())
    astral = next((at for at, character in enumerate(raw) if ord(character) > 0xFFFF), len(raw) // 3)
    places = [(0, 1), (0, len(raw)), (len(raw) - 1, len(raw)), (astral - 3, astral + 3), (astral, astral + 1)]
    for start, end in places + [(at, at + 333) for at in range(0, len(raw) - 333, len(raw) // 7)]:
        page.evaluate(
            f"new Promise(done => {{ onhashchange = () => setTimeout(done); location.hash = '{start}-{end}' }})"
        )
        assert page.evaluate(HIGHLIGHTED) == raw[start:end]
    assert page.evaluate("[...document.querySelectorAll('[data-start]')].map(b => b.textContent).join('')") == raw


@pytest.mark.parametrize("place", ["5-5", "9-2", "999999-1000000", "nonsense"])
def test_an_address_that_is_none_highlights_nothing(page, place):
    page.goto(address(BULLETIN, place))
    assert page.evaluate(HIGHLIGHTED) == ""


def test_a_click_on_a_mark_gives_its_address_and_what_it_is(page):
    page.goto((built() / "reader" / f"{BULLETIN}.html").as_uri())
    mark = page.locator(".block .numbers[data-at]").filter(has_text="92.12").first
    place = mark.get_attribute("data-at")
    mark.click()
    start, end = map(int, place.split("-"))
    assert page.url.endswith(f"#{place}")
    assert page.evaluate(HIGHLIGHTED) == read(BULLETIN)[start:end]
    said = page.locator("[role=status]").inner_text()
    assert f"{BULLETIN}:{place}" in said and "92.12 percent" in said


def test_a_passage_leads_back_to_the_statements_that_rest_on_it(page):
    page.goto(address(*cited().split(":")))
    page.locator(".address summary").click()
    page.locator(".address li a").click()
    page.wait_for_url("**/notebooks/election.html#finding-1")
    assert WORDS in page.locator("#finding-1").inner_text()
    page.goto(address(BULLETIN, "0-5"))
    assert page.locator(".address summary").count() == 0


def test_marks_of_a_kind_can_be_hidden(page):
    page.goto((built() / "reader" / f"{BULLETIN}.html").as_uri())
    line = "getComputedStyle(document.querySelector('.block .numbers')).textDecorationLine"
    assert page.evaluate(line) == "underline"
    page.locator("#show-numbers").uncheck()
    assert page.evaluate(line) == "none"


def test_without_script_the_address_still_leads_to_its_place(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    source, place = cited().split(":")
    page.goto(address(source, place))
    assert page.locator(f"[id='{place}']:target").bounding_box()["y"] < page.viewport_size["height"]
    context.close()


def test_search_finds_words_of_a_text_and_of_a_notebook(page):
    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *words):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=built()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/search.html?q=constituency")
        page.wait_for_selector("ul.search li a")
        assert "AIR Center bulletin" in page.locator("ul.search").inner_text()
    finally:
        server.shutdown()


def test_search_works_from_the_file_system(page):
    page.goto(f"{(built() / 'search.html').as_uri()}?q=theme")
    page.wait_for_selector("ul.search li a")
    page.locator("ul.search li a", has_text="A theme").first.click()
    page.wait_for_url(re.compile(r"notebooks/election\.html"))
