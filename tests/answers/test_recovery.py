"""Pictures that came whole in an answer that failed: they are paid for, and can be had."""

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendli_facade import (
    APIConnectionError,
    FriendliError,
    InvalidResponseError,
    OtherStatusError,
)
from friendli_facade._answers import recovery
from scripts.faults.server import Answer, Then, serving
from tests.callers import Caller
from tests.samples import PNG, PNG_BASE64
from tests.transports import Wire, always

LARGE = PNG + bytes(range(256)) * 400
LARGE_BASE64 = base64.b64encode(LARGE).decode()
URL = "https://storage.example.com/cat.png?signature=s3cret"
SMALL_ITEM = {"seed": 7, "response_format": "png", "b64_json": PNG_BASE64}
LARGE_ITEM = {"seed": 8, "response_format": "jpeg", "b64_json": LARGE_BASE64}
URL_ITEM = {"seed": 9, "response_format": "url", "url": URL}
BODY = json.dumps({"data": [SMALL_ITEM, LARGE_ITEM, URL_ITEM, LARGE_ITEM]}).encode()


def told(error: FriendliError) -> list[tuple[Any, ...]]:
    """What is known of an error's pictures."""
    return [
        (image.seed, image.response_format, image.url or image.read()) for image in error.images
    ]


WHOLE = [(7, "png", PNG), (8, "jpeg", LARGE), (9, "url", URL), (8, "jpeg", LARGE)]
# How many bytes come, and how many of the pictures are whole in them.
SECOND = BODY.index(LARGE_BASE64.encode())
CUTS = {
    "nothing": (0, 0),
    "before a picture": (30, 0),
    "within the first": (BODY.index(PNG_BASE64.encode()) + 20, 0),
    "behind the first": (BODY.index(PNG_BASE64.encode()) + len(PNG_BASE64) + 1, 1),
    "within the second": (SECOND + 5000, 1),
    "behind the second": (SECOND + len(LARGE_BASE64) + 1, 2),
    "behind the third": (BODY.index(URL.encode()) + len(URL) + 3, 3),
    "within the last": (len(BODY) - 9, 3),
    "before the last brackets": (len(BODY) - 3, 4),
}


@pytest.mark.parametrize(("size", "count"), CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
async def test_what_came_before_a_cut_is_kept(
    size: int, count: int, packed: bool, client: Callable[..., Caller], tmp_path: Path
) -> None:
    """A connection that breaks loses what had not come; pictures that had can be saved."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY) * 2}\r\n"
    sent = gzip.compress(BODY[:size]) if packed else BODY[:size]
    head += "Content-Encoding: gzip\r\n" if packed else ""
    with serving(lambda _: Answer(head.encode() + b"\r\n" + sent, Then.CLOSE)) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(APIConnectionError) as failed:
                await friendli.draw()
    assert (failed.value.body, told(failed.value)) == (BODY[:size], WHOLE[:count])
    for number, image in enumerate(failed.value.images[:2]):
        assert image.save(tmp_path / str(number)).read_bytes() == WHOLE[number][2]


def dedicated(body: bytes | dict[str, Any], status: int = 200, **settings: Any) -> FriendliError:
    """The error of a call that is answered so."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    friendli = Wire(always(status, content=content)).sync(**settings)
    with pytest.raises(FriendliError) as failed:
        friendli.dedicated.image.generate(model="m", prompt="p", seed=5, response_format="png")
    return failed.value


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"data": [LARGE_ITEM, {**SMALL_ITEM, "b64_json": "?"}, URL_ITEM]}, WHOLE[1:3]),
        ({"data": [{**LARGE_ITEM, "seed": "x"}]}, [(5, "jpeg", LARGE)]),
        ({"data": [{"b64_json": PNG_BASE64, "seed": 1.5}]}, [(5, "png", PNG)]),
        ({"data": {"b64_json": PNG_BASE64, "seed": 3.0}}, [(3, "png", PNG)]),
        ({"pictures": [PNG_BASE64, LARGE_BASE64]}, [(5, "png", PNG), (5, "png", LARGE)]),
        ({"image": PNG_BASE64}, [(5, "png", PNG)]),
        ({"output": {"image": "data:image/png;base64," + PNG_BASE64}}, [(5, "png", PNG)]),
        ({"data": [{"url": "ftp://e/x"}, {"url": 7}, "abcd", None]}, []),
        (LARGE_BASE64.encode(), []),
        (b'no JSON, "' + LARGE_BASE64.encode() + b'" and more', [(5, "png", LARGE)]),
        (b'{"data":[' + b"[" * 100_000, []),
        (b'{"data":[' + b'"' * 100_001, []),
        (b"\xff\xfe", []),
    ],
)
def test_pictures_of_another_shape_are_found(body: bytes | dict[str, Any], expected: Any) -> None:
    """Wherever in the JSON they are; what an item does not say is what was asked for."""
    error = dedicated(body)
    assert isinstance(error, InvalidResponseError)
    assert told(error) == expected


@pytest.mark.parametrize("status", [201, 203, 299])
def test_other_successes_keep_their_pictures(status: int) -> None:
    """A proxy's 203 is no result; the picture in it is paid for all the same."""
    error = dedicated(BODY, status)
    assert isinstance(error, OtherStatusError)
    assert (error.body, told(error)) == (BODY, WHOLE)


def test_an_answer_that_is_too_large_keeps_what_fits() -> None:
    """`max_response_bytes` cuts an answer; the pictures before the cut are there."""
    error = dedicated(BODY, max_response_bytes=len(BODY) - 9)
    assert isinstance(error, InvalidResponseError)
    assert (error.body, told(error)) == (BODY[:-9], WHOLE[:3])


def test_errors_have_no_pictures() -> None:
    """What a 500 quotes is nobody's picture; nor has a call that never began one."""
    assert (dedicated(b"[1]", 300).images, dedicated(BODY, 300).images) == ((), ())
    assert dedicated(BODY, 500).images == dedicated(b"[", 200).images == FriendliError.images == ()


async def test_an_odd_coding_hides_no_picture(client: Callable[..., Caller]) -> None:
    """A body that says a coding that is none is told as it came, and its pictures are found."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\nContent-Encoding: utf-8\r\n\r\n"
    with serving(lambda _: Answer(head.encode() + BODY)) as server:
        async with client(server_url=server.url) as friendli:
            with pytest.raises(InvalidResponseError) as failed:
                await friendli.draw()
    assert (failed.value.body, told(failed.value)) == (BODY, WHOLE)


def test_no_more_words_are_looked_at_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a body that is no JSON: a picture behind them is in the error's body alone."""
    monkeypatch.setattr(recovery, "_MOST_TOKENS", 9)
    for before, count in ((8, 1), (9, 0)):
        body = b"no JSON " + b'""' * before + b'"' + PNG_BASE64.encode() + b'"'
        error = dedicated(body)
        assert isinstance(error, InvalidResponseError)
        assert (len(error.images), error.body) == (count, body)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("", ""),
        ('{"a', ""),
        ('{"a":', ""),
        ('{"a":1', ""),
        ('{"a":"b', ""),
        ('{"a":"b","c', '{"a":"b"}'),
        ('{"a":"b","c":', '{"a":"b"}'),
        ('{"a" : "b","c', '{"a" : "b"}'),
        ('{"a":{"b":"c"', '{"a":{"b":"c"}}'),
        ('["a","b', '["a"]'),
        ('[["a","b', '[["a"]]'),
        ('[[["a","b', '[[["a"]]]'),
        ('{"a":["b","c', '{"a":["b"]}'),
        ('[{"a":"b"},{"c', '[{"a":"b"}]'),
        ('{"a":[1],"b":[2', '{"a":[1]}'),
        ("[[1],[2],[3", "[[1],[2]]"),
        ("[]]]", "[]"),
    ],
)
def test_what_broke_off_is_closed_behind_its_last_whole_value(text: str, closed: str) -> None:
    """A name without its value is none, nor a number that may go on."""
    assert recovery.closed(text.encode()).decode() == closed


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(value=st.lists(VALUES) | st.dictionaries(st.text(), VALUES), share=st.floats(0, 1))
def test_json_that_broke_off_is_closed_to_json(value: Any, share: float) -> None:
    """Whatever came of a document, what is made of it can be parsed, and nothing is added."""
    text = json.dumps(value)
    cut = text[: round(share * len(text))].encode()
    closed = recovery.closed(cut)
    if closed:
        json.loads(closed)
        assert cut.startswith(closed.rstrip(b"]}").rstrip())
    assert recovery.closed(text.encode()) == text.encode()
