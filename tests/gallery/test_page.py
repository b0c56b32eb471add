"""What people do with the page, in Chromium."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from friendli_facade import gallery
from tests.gallery.folders import Look, drawn

Cards = Callable[[Page], list[str]]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SCREENS: dict[str, dict[str, Any]] = {
    "desktop, dark": {"color_scheme": "dark"},
    "phone, light": PHONE,
}


def test_search_filters_and_order_leave_what_they_say(
    page_file: Path, look: Look, cards: Cards
) -> None:
    """Words in any order and case, of prompts and names; a model, a seed, and both together."""
    with look(page_file) as page:
        assert cards(page)[:3] == ["plain.png", "Make it winter", "A kite, number 11"]
        page.fill("#search", "NUMBER  kite 1")
        expect(page.locator("#count")).to_have_text("3 of 14 pictures")
        assert cards(page) == ["A kite, number 11", "A kite, number 10", "A kite, number 1"]
        page.select_option("#sort", "name")
        assert cards(page) == ["A kite, number 1", "A kite, number 10", "A kite, number 11"]
        page.select_option("#model", label="m1")
        page.select_option("#sort", "seed")
        assert cards(page) == ["A kite, number 11", "A kite, number 1"]
        page.fill("#seed", "99")
        assert cards(page) == ["A kite, number 1"]
        page.fill("#search", "inner/kite-1.p")
        assert cards(page) == ["A kite, number 1"]
        page.fill("#search", "nothing of the kind")
        page.click("#clear")
        expect(page.locator("#count")).to_have_text("14 pictures")
        assert len(cards(page)) == 14


def test_the_keyboard_suffices(page_file: Path, look: Look, cards: Cards) -> None:
    """Search, the grid by arrows, a picture by Enter, others by arrows, and back by Escape."""
    with look(page_file) as page:
        keys = page.keyboard
        name, focused = page.locator("#dialog-name"), page.locator(":focus")
        keys.press("/")
        keys.type("kite")
        for _ in range(4):  # over model, seed and order to the pictures
            keys.press("Tab")
        expect(focused).to_have_class("card")
        keys.press("ArrowRight")
        keys.press("ArrowDown")
        below = focused.locator(".words").text_content()
        columns = cards(page).index(below or "") - 1
        assert columns > 1
        keys.press("Enter")
        expect(name).to_have_text(f"inner/kite-{10 - columns}.png")
        keys.press("ArrowRight")
        expect(name).to_have_text(f"inner/kite-{9 - columns}.png")
        for _ in range(3):  # from the button that closes to the picture, and to what is beside it
            keys.press("Tab")
            assert focused.evaluate("element => element.closest('dialog') !== null")
        keys.press("Escape")
        expect(page.locator("#dialog")).not_to_be_visible()
        expect(focused.locator(".words")).to_have_text(f"A kite, number {9 - columns}")
        keys.press("End")
        expect(focused.locator(".words")).to_have_text("A kite, number 0")
        keys.press("ArrowRight")
        expect(focused.locator(".words")).to_have_text("A kite, number 0")
        keys.press("Home")
        keys.press("Enter")
        keys.press("ArrowLeft")
        expect(name).to_have_text("inner/kite-11.png")


def test_keys_go_on_where_a_button_went(page_file: Path, look: Look) -> None:
    """The picture that had the focus is another one, and there is no next one after the last."""
    with look(page_file) as page:
        name, keys = page.locator("#dialog-name"), page.keyboard
        page.select_option("#sort", "name")
        page.fill("#search", "kite-1")
        page.click(".card")
        page.focus(".zoom")
        keys.press("ArrowRight")
        keys.press("ArrowLeft")
        expect(name).to_have_text("inner/kite-1.png")
        page.focus("#next")
        keys.press("Enter")
        keys.press("Enter")
        expect(name).to_have_text("inner/kite-11.png")
        keys.press("ArrowLeft")
        expect(name).to_have_text("inner/kite-10.png")


def test_an_edit_stands_beside_what_it_was_made_of(page_file: Path, look: Look) -> None:
    """The inputs that are in the folder; of others, what is known of them, and no request."""
    with look(page_file) as page:
        page.fill("#search", "winter")
        page.click(".card")
        figures = page.locator("#pictures figure")
        expect(figures).to_have_count(4)
        pictures = page.locator("#pictures img")
        expect(pictures).to_have_count(2)
        for picture in pictures.all():
            expect(picture).to_have_js_property("naturalWidth", 13)
        assert figures.locator("figcaption").all_text_contents() == [
            *("Result", "image[0]: inner/kite-0.png", "image[1]", "image[2]")
        ]
        found, url = figures.locator(".missing").all_text_contents()
        assert found.startswith("not found here, image/png, 9 bytes, sha256 ")
        assert url == "at https://example.com/a.png"


def test_the_command_is_copied(page_file: Path, look: Look) -> None:
    """With the whole path of the file, which the page itself does not hold."""
    with look(page_file, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.fill("#search", "kite-3")
        page.click(".card")
        page.click("#copy-command")
        expect(page.locator("#copied")).to_have_text("The command is copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"friendli-facade again {page_file.parent}/inner/kite-3.png"
    assert str(page_file.parent) not in page_file.read_text(encoding="utf-8")


def _width(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["width"]


def test_a_picture_is_shown_at_its_own_size(tmp_path: Path, look: Look) -> None:
    """And back again."""
    (tmp_path / "a.png").write_bytes(drawn("a"))
    with look(gallery.write(tmp_path)) as page:
        page.click(".card")
        picture = page.locator("#pictures img")
        expect(picture).to_have_js_property("naturalWidth", 13)  # it has come
        assert _width(picture) > 100
        page.click(".zoom")
        assert _width(picture) == 13
        page.click(".zoom")
        assert _width(picture) > 100


@pytest.mark.parametrize("screen", SCREENS)
def test_everybody_can_read_it(page_file: Path, look: Look, screen: str) -> None:
    """axe-core finds nothing, in the grid or in the dialog; nothing is wider than the screen."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    with look(page_file, **SCREENS[screen]) as page:
        page.evaluate(axe)
        for search in ("", "winter"):
            page.fill("#search", search)
            if search:
                page.click(".card")
            found = page.evaluate("axe.run()")
            assert found["passes"]
            assert [(one["id"], one["nodes"]) for one in found["violations"]] == []
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width == page.evaluate("innerWidth")
        background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        is_dark = max(int(part) for part in background[4:-1].split(",")) < 100
        assert is_dark == ("dark" in screen)


def test_thousands_are_listed_and_few_are_fetched(tmp_path: Path, look: Look) -> None:
    """What is far below the screen is there for the search, and its picture is not fetched."""
    content = drawn("a")
    for number in range(300):
        (tmp_path / f"{number}.png").write_bytes(content)
    with look(gallery.write(tmp_path)) as page:
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.reload()
        page.locator(".card").nth(299).wait_for(state="attached")
        assert len([url for url in fetched if url.endswith(".webp")]) < 150
        page.focus(".card")
        page.keyboard.press("End")
        last = page.locator(".card").last
        expect(last).to_be_focused()
        expect(last.locator("img")).to_have_js_property("naturalWidth", 13)
