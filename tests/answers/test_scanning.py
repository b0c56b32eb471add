"""Answers are read while they come, and told as they came."""

import base64
import json
import tracemalloc
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from friendli_facade import InvalidResponseError
from friendli_facade._answers.parsing import decoded
from friendli_facade._answers.scanning import Scanner
from friendli_facade._delivery.receiving import Incoming
from tests.samples import PNG
from tests.thorough import examples
from tests.transports import Wire

LONG = base64.b64encode(bytes(range(256)) * 40).decode()
TEXTS = st.one_of(
    st.text(max_size=40),
    st.binary(min_size=4000, max_size=9000).map(lambda content: base64.b64encode(content).decode()),
    st.sampled_from(["/", "\\", "=", '"', "\n", " ", "é", "-"]).flatmap(
        lambda odd: st.integers(0, len(LONG)).map(lambda place: LONG[:place] + odd + LONG[place:])
    ),
    st.sampled_from(
        [LONG, LONG + "=", LONG + "QQ==" + LONG, LONG + "QR==", LONG[:-1], LONG + "\\"]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def scanned(body: bytes, cuts: list[int]) -> Scanner:
    """A scanner that was fed the body in pieces."""
    scanner = Scanner(10**9)
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    for start, end in pairwise(places):
        scanner.add(body[start:end])
    return scanner


def restored(value: Any, pictures: Any) -> Any:
    """A value with the text of each picture in place of its name."""
    if isinstance(value, str) and value in pictures:
        return base64.b64encode(pictures[value]).decode()
    if isinstance(value, list):
        return [restored(item, pictures) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {  # pyright: ignore[reportUnknownVariableType]
            restored(name, pictures): restored(item, pictures)
            for name, item in value.items()  # pyright: ignore[reportUnknownVariableType]
        }
    return value


@settings(max_examples=examples(100, 50_000))
@given(
    value=VALUES,
    ascii_only=st.booleans(),
    slashes=st.booleans(),
    cuts=st.lists(st.integers(0, 10**6), max_size=8),
)
@example(value=[LONG], ascii_only=True, slashes=False, cuts=[5000])
@example(value=[LONG + '\\"'], ascii_only=True, slashes=False, cuts=[5000, 13700])
def test_a_body_is_told_as_it_came_however_it_is_cut(
    value: Any, ascii_only: bool, slashes: bool, cuts: list[int]
) -> None:
    """The JSON means the same and the body is the same, byte for byte."""
    text = json.dumps(value, ensure_ascii=ascii_only)
    body = (text.replace("/", "\\/") if slashes else text).encode("utf-8", "surrogatepass")
    scanner = scanned(body, cuts)
    assert scanner.content() == body
    assert restored(json.loads(scanner.json()), scanner.pictures()) == value
    assert all(len(picture) > 3_000 for picture in scanner.pictures().values())


def test_a_picture_is_found_wherever_its_end_is_cut() -> None:
    """Before its padding, within it, before its quote and behind."""
    for padding in (b"", b"=", b"=="):
        text = LONG.rstrip("=").encode()
        text = text[: len(text) // 4 * 4 - len(padding)] + padding
        text = base64.b64encode(base64.b64decode(text))
        body = b'{"image":"' + text + b'","next":"a"}'
        for cut in range(-12, 3):
            scanner = scanned(body, [5_000, body.index(b'","next') + cut])
            assert list(scanner.pictures().values()) == [base64.b64decode(text)]
            assert scanner.content() == body


@pytest.mark.parametrize(
    "text",
    [
        LONG[:8000] + "QUI=" + "QUJD" * 9,
        LONG[:8000] + "QQ==" + "QUJD" * 9,
        LONG[:8000] + "QR==",
        LONG[:8000] + "QUJ=",
        LONG[:8000] + "Q===",
    ],
)
def test_what_is_no_base64_is_told_as_it_came(text: str) -> None:
    """Padding within, and bits that no base64 has, wherever the pieces end."""
    body = json.dumps({"image": text}).encode()
    for cut in range(len(body) - 60, len(body)):
        scanner = scanned(body, [5_000, cut])
        assert (scanner.pictures(), scanner.content()) == ({}, body)
        assert json.loads(scanner.json()) == {"image": text}


@pytest.mark.parametrize("end", ["", '"', "\\"])
def test_a_long_text_is_told_as_it_came(end: str) -> None:
    """A prompt that is sent back, say, which has grown long before its end is there."""
    value = ["A kite at dusk. " * 1000 + end, LONG]
    body = json.dumps(value).encode()
    scanner = scanned(body, [5_000, 5_001, 12_000, len(body) - 5_000])
    assert restored(json.loads(scanner.json()), scanner.pictures()) == value
    assert (len(scanner.pictures()), scanner.content()) == (1, body)


def test_escapes_behind_base64_are_counted_wherever_they_are_cut() -> None:
    """An odd number of backslashes escapes the quote behind them, an even one does not."""
    for count in range(6):
        value = [LONG[:8000] + "\\" * count + '"' + "x", LONG]
        body = json.dumps(value).encode()
        for cut in range(8_000, 8_020):
            scanner = scanned(body, [5_000, cut, len(body) - 5_000])
            assert restored(json.loads(scanner.json()), scanner.pictures()) == value
            assert (len(scanner.pictures()), scanner.content()) == (1, body)


@given(body=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=5))
def test_garbage_is_told_as_it_came(body: bytes, cuts: list[int]) -> None:
    """A body that is no JSON at all is kept as it is, cut or not."""
    assert scanned(body, cuts).content() == body
    assert (
        scanned(b'["' + LONG.encode() + body, [4100, *cuts]).content()[2:] == LONG.encode() + body
    )


@pytest.mark.parametrize("kept", [0, 1, 5000, 13_000])
def test_no_more_is_kept_than_the_limit(kept: int) -> None:
    """What comes after the limit is dropped, and said to be."""
    body = json.dumps({"image": LONG}).encode()
    scanner = Scanner(kept)
    assert not scanner.add(body)
    assert (scanner.is_cut, scanner.size, scanner.content()) == (True, kept, body[:kept])
    in_pieces = Scanner(kept)
    room = [in_pieces.add(body[start : start + 1_000]) for start in range(0, len(body), 1_000)]
    assert room == [kept >= end for end in range(1_000, len(body) + 1_000, 1_000)]
    assert (in_pieces.is_cut, in_pieces.size) == (True, kept)
    assert in_pieces.content() == body[:kept]


def test_a_picture_is_never_held_as_text() -> None:
    """Peak memory of a large answer is that of its picture, not of text, copy and bytes."""
    content = PNG + bytes(8 * 1024 * 1024)
    text = base64.b64encode(content)
    tracemalloc.start()
    try:
        scanner = Scanner(10**9)
        scanner.add(b'{"data":[{"seed":1,"b64_json":"')
        for start in range(0, len(text), 65_536):
            scanner.add(text[start : start + 65_536])
        scanner.add(b'"}]}')
        json.loads(scanner.json())
        (picture,) = scanner.pictures().values()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert picture == content
    assert peak < 1.25 * len(content)


def test_a_broken_answer_is_reported_with_its_whole_body() -> None:
    """An answer without the fields of the contract keeps its picture's text."""
    body = json.dumps({"data": [{"seed": "x", "b64_json": LONG}]}).encode()
    wire = Wire(lambda _: httpx.Response(200, content=body))
    with pytest.raises(InvalidResponseError) as failed:
        wire.sync().dedicated.image.generate(model="m", prompt="p")
    assert failed.value.body == body
    entry = json.loads(failed.value.body)["data"][0]
    assert decoded(entry["b64_json"]) == bytes(range(256)) * 40


def test_what_is_announced_has_its_room_at_once() -> None:
    """A picture of 8 MiB takes no more than that while it comes: its bytes are never moved."""
    picture = bytes(8 * 2**20)
    body = json.dumps({"image": base64.b64encode(picture).decode()}).encode()
    scanner = Scanner(2**30)
    tracemalloc.start()
    try:
        scanner.announced = len(body)
        scanner.add(body[: 2**16])
        held = tracemalloc.get_traced_memory()[0]
        for start in range(2**16, len(body), 2**16):
            scanner.add(body[start : start + 2**16])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(picture) <= held <= most <= len(picture) + 2**19
    assert list(scanner.pictures().values()) == [picture]


@pytest.mark.parametrize(("announced", "most"), [(2**40, 16 * 2**20), (4096, 2**16), (0, 2**16)])
def test_what_is_only_announced_takes_little(announced: int, most: int) -> None:
    """A server that announces a terabyte gets 16 MiB; what comes is told as it came."""
    body = b'{"image":"' + LONG.encode()
    scanner = Scanner(2**30)
    scanner.announced = announced
    tracemalloc.start()
    try:
        scanner.add(body)
        assert 0 <= most + 2**16 - tracemalloc.get_traced_memory()[1] <= 2**17
    finally:
        tracemalloc.stop()
    assert scanner.content() == body


def test_the_length_of_an_answer_is_what_is_announced() -> None:
    """Content-Length counts, unless the answer comes packed: then it is no length of the answer."""
    for headers, announced in (
        ({"Content-Length": "77"}, 77),
        ({"Content-Length": "77", "Content-Encoding": "gzip"}, 0),
        ({"Content-Length": "-1"}, 0),
        ({"Content-Length": "9" * 5000}, 10**18 - 1),
        ({}, 0),
    ):
        scanner = Scanner(100)
        Incoming(httpx.Response(200, headers=headers), scanner)
        assert scanner.announced == announced


@pytest.mark.parametrize("end", ["", '"', "\\", "\n", '\\"x', 'x"\\', "x" * 20 + "\n" + "x" * 20])
def test_a_string_ends_at_its_quote_wherever_that_is(end: str) -> None:
    """One of a few hundred characters is as whole as a short one, whatever is escaped in it."""
    for length in (*range(3), *range(250, 260), 2_000):
        for strings in (["a" * length + end, LONG], ["a" * length, end, LONG]):
            body = json.dumps(strings).encode()
            scanner = scanned(body, [len(body) - 5_000])  # so that the picture comes in two
            assert restored(json.loads(scanner.json()), scanner.pictures()) == strings
            assert len(scanner.pictures()) == 1
            assert scanner.content() == body


@pytest.mark.parametrize("end", ["Q", "QQ=", "QR==", "=QQ="])
def test_base64_that_ends_wrongly_is_text(end: str) -> None:
    """A length that none has, and bits of which nothing would be left, are told as they came."""
    body = json.dumps([LONG[:-4] + end]).encode()  # without its own padding
    scanner = scanned(body, [len(body) - 100])
    assert dict(scanner.pictures()) == {}
    assert scanner.content() == body
