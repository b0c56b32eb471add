"""Coming from the official SDK: the page has all of it, and its scripts do the same."""

import copy
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import httpx
import pytest

from friendli_facade import FriendliError, SDKError, SyncFriendli, ValidationError, models
from friendli_facade.sandbox import Sandbox
from scripts.contract.loading import ROOT
from tests.migration import official
from tests.samples import PNG, PNG_BASE64
from tests.transports import Wire, always

_PAGE = (ROOT / "docs" / "migration.md").read_text(encoding="utf-8")


def _installed() -> str:
    try:
        return version("friendli")
    except PackageNotFoundError:
        return ""


with_official = pytest.mark.skipif(
    _installed() != official.VERSION, reason=f"friendli=={official.VERSION} is not installed"
)


def rows() -> dict[str, set[str]]:
    """The names in the first column of the page's tables, by the headings above them."""
    found: dict[str, set[str]] = {}
    for section in re.split(r"^## ", _PAGE, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        _, *lines = re.findall(r"^\| (.*?) \|", text, re.MULTILINE) or [""]
        names = {name for line in lines for name in re.findall(r"`([\w.]+)`", line)}
        if names:
            found[title] = names - {"TypedDict"}
    return found


@with_official
def test_the_page_has_a_row_for_every_name() -> None:
    """Classes, arguments, exceptions and attributes; and no row for a name that is gone."""
    surface = official.surface()
    assert rows() == surface
    assert sum(map(len, surface.values())) > 120


def test_what_the_page_calls_the_same_is_there() -> None:
    """Every type that it names has that name here."""
    same = re.findall(r"^\| (.*) \| `(models|utils)`, the same names", _PAGE, re.MULTILINE)
    assert len(same) == 5
    for names, module in same:
        for name in re.findall(r"`(\w+)`", names):
            assert hasattr(__import__(f"friendli_facade.{module}", fromlist=[name]), name)


@pytest.mark.slow
@with_official
def test_the_script_does_the_same_before_and_after(
    tmp_path: Path, friendli_sandbox: Sandbox
) -> None:
    """Both draw the same pictures, byte for byte, with the same requests but for the defaults."""
    (before,) = re.findall(r"(?ms)^```text\n(.*?)^```$", _PAGE)
    (after,) = re.findall(r"(?ms)^```python\n(.*?)^```$", _PAGE)
    seen: list[tuple[str, dict[str, bytes], list[Any]]] = []
    for name, code in (("before", before), ("after", after)):
        friendli_sandbox.requests.clear()
        folder = tmp_path / name
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=True,
        )
        bodies = [request.json() for request in friendli_sandbox.requests]
        for body in bodies:
            body.pop("num_inference_steps", None)
        pictures = {path.name: path.read_bytes() for path in folder.iterdir()}
        seen.append((done.stdout, pictures, bodies))
    assert seen[0] == seen[1]
    assert seen[1][0] == "8\n"
    assert seen[1][1].keys() == {"lighthouse.png", "winter.png"}


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("timeout_ms", "timeout, which is in seconds,"),
        ("retry_config", "retries"),
        ("client", "http_client"),
        ("async_client", "http_client, an httpx.AsyncClient of an AsyncFriendli,"),
    ],
)
def test_an_argument_of_theirs_is_refused_with_ours(name: str, ours: str) -> None:
    """It would change what is sent, or how long is waited, if it were ignored."""
    kind: Any = SyncFriendli
    with pytest.raises(TypeError) as failed:
        kind(**{name: None})
    assert str(failed.value).endswith(f"; did you mean {ours} for {name}?")
    if name == "timeout_ms":
        with pytest.raises(TypeError, match="did you mean timeout, which is in seconds"):
            kind(token="t").dedicated.image.generate(model="m", prompt="p", timeout_ms=5)


ITEMS: list[dict[str, Any]] = [
    {"seed": 7, "response_format": "png", "b64_json": PNG_BASE64},
    {"seed": 8, "response_format": "url", "url": "https://storage.example/cat.png?signed=1"},
]


def test_results_give_the_shape_of_the_wire() -> None:
    """`to_dict()` is the answer's JSON, of copies and of pictures that were fetched too."""
    answer = {"data": ITEMS}

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=answer)
        return httpx.Response(200, content=PNG)

    result = Wire(handler).sync().dedicated.image.generate(model="m", prompt="p")
    assert result.to_dict() == answer
    result.images[1].read()
    assert json.loads(json.dumps(copy.copy(result).to_dict())) == answer
    container = Wire(always(200, json={"image": PNG_BASE64})).sync().container.image
    assert container.generate(prompt="p").to_dict() == {"image": PNG_BASE64}


@with_official
@pytest.mark.parametrize("item", ITEMS, ids=["b64_json", "url"])
def test_that_shape_is_what_theirs_dumps(item: dict[str, Any]) -> None:
    """Their model of the same answer, dumped for JSON, is `to_dict()`."""
    answer = {"data": [item]}
    theirs: Any = import_module("friendli.core.models")
    result = Wire(always(200, json=answer)).sync().dedicated.image.generate(model="m", prompt="p")
    dumped = theirs.DedicatedImageGenerateSuccess.model_validate(answer).model_dump(mode="json")
    assert result.to_dict() == dumped


def test_items_are_of_the_official_types() -> None:
    """So that `isinstance` goes on telling one from the other."""
    result = (
        Wire(always(200, json={"data": ITEMS}))
        .sync()
        .dedicated.image.generate(model="m", prompt="p")
    )
    came, linked = result.data
    assert isinstance(came, models.B64ImageItem)
    assert not isinstance(came, models.URLImageItem)
    assert isinstance(linked, models.URLImageItem)
    assert not isinstance(linked, models.B64ImageItem)
    assert (came.b64_json, linked.url) == (PNG_BASE64, ITEMS[1]["url"])


def test_a_validation_error_is_no_answer() -> None:
    """Its docstring and the page say so, and why."""
    assert not issubclass(ValidationError, SDKError)
    assert issubclass(ValidationError, FriendliError)
    for text in (ValidationError.__doc__ or "", _PAGE):
        words = " ".join(text.replace("`", "").split())
        assert "It is no SDKError" in words
        assert "answers of a server, with a status and a body" in words
