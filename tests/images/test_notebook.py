"""What results, pictures and errors show in a notebook."""

import base64
import builtins
import copy
import io
import pickle
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from hypothesis import example, given
from IPython.core.formatters import DisplayFormatter
from PIL import Image as PillowImage

from friendli_facade import SyncFriendli, ValidationError, models
from friendli_facade.errors import Violation
from friendli_facade.sandbox import Sandbox
from tests.answers.test_results import PNG_ITEM, URL_ITEM, generate, with_items
from tests.images.wires import drawn, item
from tests.provenance.pictures import PROMPTS, encoded, noise
from tests.samples import PNG
from tests.transports import Wire, right

EVIL = "</figcaption><script>alert(1)</script>\" onerror='x' &lt; \u202egnp\u2066 \x1b[2J\ud800"


_FORMATTER = cast("Any", DisplayFormatter())  # it has no types


class Page(HTMLParser):
    """The elements and texts of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keeps a text."""
        self.texts.append(data)

    def pictures(self) -> list[bytes]:
        """The bytes of each picture, all of which it holds itself."""
        sources = [str(attributes["src"]) for tag, attributes in self.elements if tag == "img"]
        found = [re.fullmatch("data:image/[a-z]+;base64,(.*)", source) for source in sources]
        return [base64.b64decode(one[1]) for one in found if one]


def shown(value: object) -> Page:
    """What IPython takes for a value's HTML; there is a text beside it."""
    bundle, _ = _FORMATTER.format(value)
    assert bundle.keys() == {"text/plain", "text/html"}
    return Page(bundle["text/html"])


def test_a_result_fetches_what_it_shows() -> None:
    """Pictures at a URL and those that came along, side by side, with prompt, seed and size."""
    wire = with_items(URL_ITEM, PNG_ITEM)
    page = shown(generate(wire))
    assert page.pictures() == [PNG, PNG]
    assert page.texts == ["p", "seed 7, 4 by 3, 1 kB", "p", "seed 8, 4 by 3, 1 kB"]
    assert len(wire.requests) == 2
    container = Wire(right).sync().container.image.generate(prompt="p", seed=0)
    assert shown(container).pictures() == [PNG]


@pytest.mark.parametrize("form", ["url", "raw", "png", "jpeg", "jpg"])
def test_a_result_shows_itself_whatever_its_format(form: Any) -> None:
    """On the sandbox in process, whose URLs lead nowhere else."""
    with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
        result = friendli.dedicated.image.generate(model="m", prompt="p", response_format=form)
        assert shown(result).pictures() == [*result.read()]


async def test_an_async_result_says_what_to_await() -> None:
    """Once it is read it shows itself."""
    wire = with_items(URL_ITEM, PNG_ITEM)
    result = await wire.asynchronous().dedicated.image.generate(model="m", prompt="p")
    page = shown(result)
    assert page.texts[0] == "This picture is not fetched yet: await result.aread()"
    assert page.pictures() == [PNG]
    assert await result.aread() == (PNG, PNG)
    assert shown(result).pictures() == [PNG, PNG]


def test_a_failed_download_is_told_and_the_other_pictures_are_shown() -> None:
    """Never is anything raised; the URL's signature stays out of it."""

    def handler(request: httpx.Request) -> httpx.Response:
        items = [URL_ITEM, PNG_ITEM]
        gone = request.method == "GET"
        return httpx.Response(403) if gone else httpx.Response(200, json={"data": items})

    page = shown(generate(Wire(handler)))
    assert page.pictures() == [PNG]
    assert "answered 403 Forbidden; the URL may have expired" in " ".join(page.texts)
    assert "signature" not in " ".join(page.texts)
    with with_items(URL_ITEM).sync() as friendli:
        result = friendli.dedicated.image.generate(model="m", prompt="p")
    assert "this SyncFriendli is closed" in " ".join(shown(result).texts)


def test_images_are_a_sequence_that_shows_itself() -> None:
    """A slice too, and one of several results; it is a tuple in all else."""
    images = generate(with_items(PNG_ITEM, {**PNG_ITEM, "seed": 9}, PNG_ITEM)).images
    assert isinstance(images, models.Images)
    assert isinstance(images[1:], models.Images)
    assert len(shown(images[1:]).pictures()) == 2
    assert shown(images[1]).texts == ["p", "seed 9, 4 by 3, 1 kB"]
    assert images.read() == (PNG, PNG, PNG)
    assert images == tuple(images)
    both = models.Images([*images, *images[:1]])
    assert [image.seed for image in both] == [8, 9, 8, 8]
    for copied in (pickle.loads(pickle.dumps(images)), copy.deepcopy(images), copy.copy(images)):
        assert isinstance(copied, models.Images)
        assert len(shown(copied).pictures()) == 3
    assert shown(models.Images()).pictures() == []


@pytest.mark.slow
def test_a_large_picture_is_shown_small() -> None:
    """A notebook stays small: by Pillow, where a picture or all of them are past a limit."""
    large = encoded(noise("RGBA", (1200, 900)), "PNG")
    (image,) = drawn(item(large))
    (small,) = shown(image).pictures()
    with PillowImage.open(io.BytesIO(small)) as thumbnail:
        assert (thumbnail.size, thumbnail.format) == ((1024, 768), "WEBP")
    assert len(large) > 4_000_000 > len(small)
    assert shown(image).texts[-1] == f"seed 7, 1200 by 900, {len(large) / 1e6:.1f} MB"
    page = shown(models.Images([image] * 70))
    assert len(page.pictures()) == 60
    assert sum(map(len, page.pictures())) < 8 * 1024 * 1024
    assert page.texts[-1] == "and 10 more"


@pytest.mark.parametrize("kind", ["TIFF", "JPEG2000", "BMP"])
def test_a_picture_that_browsers_do_not_show_is_shown_as_another(kind: str) -> None:
    """Of its size."""
    (image,) = drawn(item(encoded(noise("RGB"), kind)))
    (content,) = shown(image).pictures()
    assert content[8:12] == b"WEBP"


def test_without_pillow_small_pictures_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of others it is told what would show them."""
    importing = builtins.__import__

    def without(name: str, *rest: Any, **others: Any) -> Any:
        if name.partition(".")[0] == "PIL":
            raise ImportError(name)
        return importing(name, *rest, **others)

    images = [
        one
        for content in (PNG, encoded(noise("L"), "TIFF"), PNG + bytes(2_000_000))
        for one in drawn(item(content))
    ]
    monkeypatch.setattr(builtins, "__import__", without)
    page = shown(models.Images(images))
    assert page.pictures() == [PNG]
    told = " ".join(page.texts)
    assert "is of a kind that browsers do not show. Pillow makes a small copy: pip install" in told
    assert "is too large" in told
    assert "seed 7, 2.0 MB" in told


@given(PROMPTS)
@example(EVIL)
@example("\u202e" * 400)
def test_strangers_text_is_text(text: str) -> None:
    """A prompt, a rule, a value: no element and no change of direction comes of it."""
    prompt = text.encode(errors="ignore").decode() or "p"
    wire = with_items(PNG_ITEM)
    result = (
        wire.sync().dedicated.image.generate(model="m", prompt=prompt)
        if prompt.strip()
        else generate(wire)
    )
    for value in (result, ValidationError([Violation(text, text, text)] * 2)):
        page = shown(value)
        for tag, attributes in page.elements:
            assert tag in {"div", "figure", "img", "figcaption", "br", "table", "tr", "th", "td"}
            assert attributes.keys() <= {"class", "style", "src", "alt", "dir"}
        words = "".join([*page.texts, *(str(one.get("alt", "")) for _, one in page.elements)])
        assert words.isprintable()
        assert len(words) < 12_000


def test_prices_in_a_prompt_are_no_formula() -> None:
    """MathJax, which notebooks have, passes over what lies in an element of these classes."""
    prompt = "A sale: $5, not $9"
    result = with_items(PNG_ITEM).sync().dedicated.image.generate(model="m", prompt=prompt)
    for value in (result, ValidationError([Violation(prompt, prompt, prompt)])):
        tag, attributes = shown(value).elements[0]
        assert tag in {"div", "table"}
        assert attributes["class"] == "tex2jax_ignore mathjax_ignore"


def test_violations_are_a_table() -> None:
    """A row for each: the argument, the rule, the value."""
    with pytest.raises(ValidationError) as refused:
        SyncFriendli(token="t").dedicated.image.generate(
            model="m", prompt="", num_inference_steps=51
        )
    page = shown(refused.value)
    assert page.texts[3:] == [
        *("prompt", "must not be empty"),
        *("num_inference_steps", "must be at most 50", "51"),
    ]


def test_an_answer_that_cannot_be_shown_is_saved_all_the_same(tmp_path: Path) -> None:
    """A kind of tomorrow is told, and is there."""
    (image,) = drawn(item(b"\x00\x01a format of tomorrow\xff" * 9))
    assert "This picture is not shown" in " ".join(shown(image).texts)
    assert image.save(tmp_path / "cat").exists()
