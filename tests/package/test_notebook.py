"""docs/notebook.ipynb runs, and shows its pictures in a browser that has nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.loading import ROOT
from scripts.recording.notebook import NOTEBOOK

pytestmark = pytest.mark.slow

# Four seasons, and what came from URLs.
PICTURES = 6


def outputs(path: Path) -> list[Any]:
    """What the cells of a notebook show, but for the pictures themselves."""
    text = re.sub(r"base64,[^\\]+|\d+ (?:bytes|kB)|\w{64}", "", path.read_text(encoding="utf-8"))
    cells = json.loads(text)["cells"]
    return [(cell["source"], cell.get("outputs")) for cell in cells]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook as a kernel of today leaves it."""
    path = tmp_path_factory.mktemp("executed") / "notebook.ipynb"
    command = [sys.executable, "-m", "scripts.recording.notebook", "--output", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path


def test_the_notebook_shows_today_what_is_committed(executed: Path) -> None:
    """Every cell runs, and shows the same; `python -m scripts.recording.notebook` renews it."""
    assert outputs(executed) == outputs(NOTEBOOK)


def test_the_notebook_is_small_and_needs_no_other_file() -> None:
    """Its pictures are in it, and what was not fetched says what to await."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 300_000
    sources = re.findall(r'src=\\"(.{11})', text)
    assert sources == ["data:image/"] * PICTURES
    assert "This picture is not fetched yet: await result.aread()" in text


def test_a_browser_shows_the_pictures(executed: Path, tmp_path: Path) -> None:
    """The sandbox is gone with its process, and there is no network: they are all there."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(executed)], check=True, capture_output=True)
    page = tmp_path / "notebook.html"
    widths = "[...document.images].map(one => one.naturalWidth)"
    script = f"<script>onload = () => document.title = 'widths ' + {widths}</script>"
    # Of the converter's own scripts none is needed, and none could be fetched.
    html = re.sub(r'<script[^>]* src="http[^>]*></script>', "", page.read_text(encoding="utf-8"))
    page.write_text(html.replace("</head>", f"{script}</head>"), encoding="utf-8")
    browser = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    browser += ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [*browser, "--dump-dom", page.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    title = re.search(r"<title>widths ([\d,]+)</title>", shown)
    assert title is not None
    assert title[1].split(",") == ["512", "224", "224", "224", "224", "224"]
    assert "&lt;b&gt;Paint&lt;/b&gt; it in oil" in shown
