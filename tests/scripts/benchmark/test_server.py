"""The benchmark's server answers what is measured, and nothing else."""

import asyncio
import json
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from scripts.benchmark.pictures import MIB, PROMPT, is_whole, picture, stored
from scripts.benchmark.server import Connection, is_right, serving

CALL = "/v1/images/generations"


def test_a_picture_tells_whether_it_is_whole(tmp_path: Path) -> None:
    """A byte more, less or other is seen, and a stored picture is made once."""
    content = picture(1000)
    assert len(content) == 1000
    assert is_whole(content)
    assert not is_whole(content[:-1])
    assert not is_whole(content.replace(content[500:501], b"?"))
    path = stored(tmp_path, 1000)
    assert path.read_bytes() == content
    assert stored(tmp_path, 1000) == path


def test_only_the_measured_calls_are_right() -> None:
    """Another prompt, no JSON, a broken picture: none is what is measured."""
    image = b64encode(picture(900)).decode()
    assert is_right(json.dumps({"prompt": PROMPT}).encode())
    for images in ([image], [image, image]):
        body = {"image": [{"image": image} for image in images], "prompt": PROMPT}
        assert is_right(json.dumps(body).encode())
    bodies: list[object] = [
        {"prompt": "A kite"},
        {"image": [{"image": image}, {"image": image[4:]}], "prompt": PROMPT},
        {"image": image, "prompt": PROMPT},
        [],
    ]
    assert not any(is_right(json.dumps(body).encode()) for body in bodies)
    assert not is_right(b"{")


def test_it_answers_as_the_path_says(tmp_path: Path) -> None:
    """Small, large after a small one, looked into, refused, and counted."""
    body = {"prompt": PROMPT}
    whole = b64encode(stored(tmp_path, 8 * MIB).read_bytes()).decode()
    with serving() as url, httpx.Client() as client:
        small = client.post(f"{url}/plain{CALL}", json=body).json()
        assert len(small["image"]) == 684  # of 512 bytes
        large = client.post(f"{url}/base64-8{CALL}", json=body).json()
        assert len(large["image"]) == (8 * MIB + 2) // 3 * 4
        for path in ("plain", "checked"):
            edit = {"image": [{"image": whole}], "prompt": PROMPT}
            assert client.post(f"{url}/{path}/v1/images/edits", json=edit).status_code == 200
            edit = {"image": [{"image": whole[: 4 * MIB]}], "prompt": PROMPT}
            assert client.post(f"{url}/{path}/v1/images/edits", json=edit).status_code == 422
        assert client.get(f"{url}/counts/").json() == {"answered": 4, "refused": 2}


def test_a_url_leads_to_a_picture() -> None:
    """A small one on a connection's first answer, and then one of the size that the path says."""
    body = {"model": "m", "prompt": PROMPT}
    with serving() as url, httpx.Client() as client:
        for size in (512, 1 * MIB):
            answer = client.post(f"{url}/url-1/dedicated{CALL}", json=body).json()
            content = client.get(answer["data"][0]["url"]).content
            assert len(content) == size
            assert is_whole(content)


class Recorded(asyncio.Transport):
    """A connection's way to answer that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data


@pytest.mark.parametrize("piece", [1, 30, 1000])
def test_a_request_may_come_in_pieces(piece: int) -> None:
    """However the wire cuts its head and its body, it is answered once, when it is whole."""
    body = json.dumps({"prompt": PROMPT}).encode()
    head = f"POST /plain{CALL} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def send(request: bytes) -> bytes:
        connection, transport = Connection(), Recorded()
        connection.connection_made(transport)
        for start in range(0, len(request), piece):
            sent = request[start : start + piece]
            connection.get_buffer(-1)[: len(sent)] = sent
            connection.buffer_updated(len(sent))
        return transport.written

    assert asyncio.run(send((head + body)[:-1])) == b""
    answered = asyncio.run(send(head + body))
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answered.count(b"HTTP/1.1") == 1
