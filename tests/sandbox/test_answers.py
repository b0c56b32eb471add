"""The shapes of the sandbox's answers."""

import hashlib
import io
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from friendli_facade.sandbox import Request, Sandbox
from friendli_facade.sandbox._pictures.drawing import Scene, draw
from friendli_facade.sandbox._pictures.store import Picture, Store
from tests.sandbox.asking import (
    CONTAINER_EDIT,
    CONTAINER_GENERATE,
    DEDICATED_EDIT,
    DEDICATED_GENERATE,
    HEADERS,
    OPERATIONS,
    ORIGIN,
    answer,
    encoded,
    opened,
    post,
)

SHARED = Sandbox()
TINY = {"image": encoded(Image.new("RGB", (3, 2), "red"))}


def test_url_is_the_default(sandbox: Sandbox) -> None:
    """A dedicated answer has a URL under the origin that was asked, where a PNG can be got."""
    (item,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", seed=7)["data"]
    assert (item["seed"], item["response_format"]) == (7, "url")
    assert item["url"].startswith(f"{ORIGIN}/pictures/")
    response = sandbox.handle(Request("GET", item["url"]))
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert item["url"].endswith(f"/{hashlib.sha256(response.content).hexdigest()}.png")
    assert Image.open(io.BytesIO(response.content)).size == (512, 512)


def test_user_of_a_url_is_not_repeated(sandbox: Sandbox) -> None:
    """Credentials in the URL that was asked do not come back in the answer's URL."""
    body = b'{"model": "m", "prompt": "p"}'
    headers = {"authorization": "bearer t", "content-type": "application/json"}
    request = Request("POST", f"http://me:secret@here:81{DEDICATED_GENERATE}", headers, body)
    (item,) = json.loads(sandbox.handle(request).content)["data"]
    assert item["url"].startswith("http://here:81/pictures/")


@pytest.mark.parametrize(
    ("forwarded", "scheme"),
    [("https", "https"), ("HTTPS , http", "https"), ("http", "http"), ("javascript", "http")],
)
def test_url_behind_a_proxy(sandbox: Sandbox, forwarded: str, scheme: str) -> None:
    """A proxy that ends TLS says so in X-Forwarded-Proto, and the answer's URL is under https."""
    body = b'{"model": "m", "prompt": "p"}'
    headers = {**HEADERS, "X-Forwarded-Proto": forwarded}
    request = Request("POST", f"http://here:81{DEDICATED_GENERATE}", headers, body)
    (item,) = json.loads(sandbox.handle(request).content)["data"]
    assert item["url"].startswith(f"{scheme}://here:81/pictures/")


def test_picture_is_only_read(sandbox: Sandbox) -> None:
    """A picture's URL can be got and nothing else."""
    (item,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", seed=7)["data"]
    response = sandbox.handle(Request("DELETE", item["url"]))
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("wanted", "kind"), [("raw", "PNG"), ("png", "PNG"), ("jpeg", "JPEG"), ("jpg", "JPEG")]
)
def test_dedicated_formats(sandbox: Sandbox, wanted: str, kind: str) -> None:
    """Every other format of a dedicated endpoint comes as base64 in the item."""
    (item,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", response_format=wanted)[
        "data"
    ]
    assert item.keys() == {"seed", "response_format", "b64_json"}
    assert (item["response_format"], opened(item["b64_json"]).format) == (wanted, kind)


@pytest.mark.parametrize(("wanted", "kind"), [("raw", "PNG"), ("jpeg", "JPEG"), (None, "JPEG")])
def test_container_formats(sandbox: Sandbox, wanted: str | None, kind: str) -> None:
    """A container answers with one bare picture, a JPEG unless told otherwise."""
    result = answer(sandbox, CONTAINER_GENERATE, prompt="p", response_format=wanted)
    assert result.keys() == {"image"}
    assert opened(result["image"]).format == kind


def test_null_is_as_good_as_absent(sandbox: Sandbox) -> None:
    """Where the contract allows null, it stands for the default."""
    nulls = dict.fromkeys(
        ("guidance_scale", "seed", "response_format", "control_images", "controlnet_weights")
    )
    expected = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p")
    assert answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", **nulls) == expected


def test_made_up_seed_repeats_the_picture(sandbox: Sandbox) -> None:
    """Without a seed one is made up from the request, reported, and draws the same again."""
    (item,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p")["data"]
    (again,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", seed=item["seed"])["data"]
    (other,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="q")["data"]
    assert again == item
    assert other["seed"] != item["seed"]


@pytest.mark.parametrize("steps", [20, 20.0])
def test_integers_as_json_has_them(sandbox: Sandbox, steps: float) -> None:
    """An integer may be written with a fraction of zero."""
    expected = answer(sandbox, CONTAINER_GENERATE, prompt="p")
    assert answer(sandbox, CONTAINER_GENERATE, prompt="p", num_inference_steps=steps) == expected


@pytest.mark.parametrize("seed", [-7, 10**300, 1e300])
@pytest.mark.parametrize("guidance", [-5, 10**400, 1e308])
def test_outlandish_numbers(sandbox: Sandbox, seed: float, guidance: float) -> None:
    """Numbers that no schema bounds are drawn, however large."""
    body = {"model": "m", "prompt": "p", "seed": seed, "guidance_scale": guidance}
    (item,) = answer(sandbox, DEDICATED_GENERATE, **body)["data"]
    assert item["seed"] == int(seed)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(OPERATIONS), st.binary())
def test_any_bytes(path: str, body: bytes) -> None:
    """Whatever the bytes of a body, the answer is theirs to fix."""
    assert 400 <= post(SHARED, path, body).status_code < 500


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
IMAGE = st.just(TINY) | st.fixed_dictionaries({"image": st.text() | st.just("http://x/")}) | VALUES
BODIES = st.fixed_dictionaries(
    {"prompt": st.text() | VALUES, "image": IMAGE | st.lists(IMAGE, max_size=3)},
    optional={
        "model": st.text() | VALUES,
        "num_inference_steps": st.integers(1, 3) | VALUES,
        "guidance_scale": st.floats(allow_nan=False) | VALUES,
        "seed": st.integers() | VALUES,
        "response_format": st.sampled_from(["url", "raw", "jpeg"]) | VALUES,
        "control_images": st.lists(IMAGE, max_size=3) | VALUES,
        "controlnet_weights": st.lists(st.floats(0, 1), max_size=3) | VALUES,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(OPERATIONS), BODIES)
def test_any_json(path: str, body: dict[str, Any]) -> None:
    """Whatever the JSON of a body, it is answered or refused, and the same way again."""
    content = json.dumps(body).encode()
    first = post(SHARED, path, content)
    assert first.status_code in {200, 400, 422}
    assert post(SHARED, path, content) == first


def test_the_same_request_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that was answered before is answered from memory, in its own format."""
    sandbox, drawn = Sandbox(), Counter[str]()

    def counted(scene: Scene) -> Image.Image:
        drawn[scene.prompt] += 1
        return draw(scene)

    monkeypatch.setattr("friendli_facade.sandbox._sandbox.draw", counted)
    for wanted in ("png", "png", "raw", "jpeg"):
        answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", response_format=wanted)
    assert drawn == {"p": 2}


@settings(max_examples=25, deadline=None)
@given(st.text(), st.integers(), st.integers(1, 50))
def test_same_request_same_bytes(prompt: str, seed: int, steps: int) -> None:
    """Sandboxes that share nothing draw the same bytes for the same request."""
    body = {"model": "m", "prompt": prompt, "seed": seed, "num_inference_steps": steps}
    expected = answer(SHARED, DEDICATED_GENERATE, **body)
    assert answer(Sandbox(), DEDICATED_GENERATE, **body) == expected


@pytest.mark.parametrize("path", [DEDICATED_EDIT, CONTAINER_EDIT])
def test_one_image_or_a_list_of_one(sandbox: Sandbox, path: str) -> None:
    """An edit of one picture is the same whether it comes alone or in a list."""
    body = {"model": "m", "prompt": "p"}
    assert answer(sandbox, path, image=TINY, **body) == answer(sandbox, path, image=[TINY], **body)


def test_unknown_fields_are_ignored(sandbox: Sandbox) -> None:
    """A field that an operation does not have changes nothing, known elsewhere or not."""
    expected = answer(sandbox, CONTAINER_EDIT, prompt="p", image=TINY, seed=1)
    more = {"controlnet_weights": ["x"], "control_images": [5], "size": "large"}
    assert answer(sandbox, CONTAINER_EDIT, prompt="p", image=TINY, seed=1, **more) == expected


def test_store_is_bounded() -> None:
    """A store lets go of what was unused longest, but always keeps the newest."""
    store = Store(20_000)
    for name in ("a", "b"):
        store.put(name, Picture(bytes(8000), "image/png", name))
    store.get("a")
    store.put("c", Picture(bytes(8000), "image/png", "c"))
    assert [store.get(name) is not None for name in "abc"] == [True, False, True]
    store.put("large", Picture(bytes(20_000), "image/png", "large"))
    assert [store.get(name) is not None for name in ("a", "c", "large")] == [False, False, True]


def test_small_pictures_need_room_too() -> None:
    """However small its pictures are, a store holds no unbounded number of them."""
    store = Store(20_000)
    for number in range(1000):
        store.put(f"{number}", Picture(b"", "image/png", f"{number}"))
    assert sum(store.get(f"{number}") is not None for number in range(1000)) < 50
