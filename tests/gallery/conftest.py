"""What the tests of the gallery share: a folder of pictures, and a browser that looks at a page."""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from friendli_facade import gallery
from tests.gallery.folders import Look, sea

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60_000  # milliseconds; five seconds are little on a busy machine
expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    """The Chromium that is installed."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of some pictures."""
    return gallery.write(sea(tmp_path_factory.mktemp("pictures") / "sea"))


@pytest.fixture
def look(browser: Browser) -> Look:
    """Opens a page from its file, and fails if it asks for anything else, or has errors."""

    @contextmanager
    def opened(path: Path, **screen: object) -> Generator[Page]:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **screen})  # type: ignore[arg-type]  # pyright: ignore
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
        page.on("request", lambda request: said.extend(_elsewhere(request.url, path)))
        page.goto(path.as_uri())
        yield page
        context.close()
        assert said == []

    return opened


def _elsewhere(url: str, page: Path) -> list[str]:
    return [] if url.startswith(page.parent.parent.as_uri() + "/") else [f"asked for {url}"]


@pytest.fixture
def cards() -> Callable[[Page], list[str]]:
    """The words of the cards that are shown, in their order."""
    return lambda page: page.locator(".card .words").all_text_contents()
