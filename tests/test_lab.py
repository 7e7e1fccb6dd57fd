"""The notebooks as a student meets them: opened and run in JupyterLab, in a real browser."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from apparatus.outputs import compare_notebooks
from apparatus.paths import ROOT

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on this machine")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
RUN_ALL = """async () => {
  const app = window.jupyterapp; await app.restored;
  const panel = app.shell.currentWidget;
  await panel.context.ready; await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info;
  await app.commands.execute('notebook:run-all-cells');
}"""
MODEL = "window.jupyterapp.shell.currentWidget.context.model.toJSON()"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a JupyterLab on a copy of the notebooks, with the library as it is."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    options = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token=t"]
    options += ["--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None", f"--ServerApp.root_dir={home}"]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks/"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None
        time.sleep(0.1)
    raise TimeoutError("JupyterLab did not start within 30 seconds")


@pytest.fixture(scope="module")
def khojaly(lab: str) -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{lab}khojaly.ipynb?token=t")
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.evaluate(RUN_ALL)
        yield page
        browser.close()


def test_run_all_gives_the_committed_outputs(khojaly: Any) -> None:
    committed = json.loads((ROOT / "notebooks" / "khojaly.ipynb").read_text(encoding="utf-8"))
    in_lab = khojaly.evaluate(MODEL)
    assert [str(one) for one in compare_notebooks(committed, in_lab, "khojaly")] == []


def test_a_click_on_a_number_leads_to_its_words_in_the_notebook(khojaly: Any) -> None:
    khojaly.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")  # long tables fold
    link = khojaly.locator('table a.ref[href^="#"]', has_text=re.compile("^613 individuals$")).first
    link.scroll_into_view_if_needed()
    target = link.get_attribute("href").removeprefix("#")
    link.click()
    place = khojaly.locator(f'[id="{target}"]')
    place.wait_for(state="visible", timeout=5000)
    khojaly.wait_for_timeout(300)
    box = place.bounding_box()
    assert place.locator("mark").first.inner_text() == "613 individuals"
    assert 0 <= box["y"] <= 900, "the passage is on the screen"
