"""A server that costs next to nothing, so that the clients are what is measured.

The path's first part says how it answers: `/plain` at once, `/wait-0.2` after as many seconds,
`/base64-8` with a picture of 8 MiB, `/url-8` with the URL of one (but for a connection's first
answer, so that clients can warm up), `/checked` after looking into the pictures that it was sent.
What does not look like the calls that are measured gets 422, and is counted.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO, Any, ClassVar, cast

from scripts.benchmark.pictures import MIB, PROMPT, base64_length, is_whole, picture

# The MiB of the pictures that come in an edit.
UPLOADS: tuple[tuple[int, ...], ...] = ((1,), (8,), (50,), (50, 50, 50, 50))
SMALL_ANSWER = 512
_MOST_PARSED = 64 * 1024  # bytes of a body that costs little to parse, however it is sent
_BUFFER = memoryview(bytearray(MIB))  # of all connections: each empties it at once


def _response(content: object, status: str = "200 OK") -> bytes:
    return _whole(json.dumps(content).encode(), "application/json", status)


def _whole(body: bytes, kind: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@cache
def _with_picture(size: int) -> bytes:
    return _response({"image": b64encode(picture(size)).decode()})


@cache
def _picture(size: int) -> bytes:
    return _whole(picture(size), "image/png")


@cache
def _with_url(size: int, port: int) -> bytes:
    item = {"seed": 7, "response_format": "url", "url": f"http://127.0.0.1:{port}/picture-{size}/"}
    return _response({"data": [item]})


_REFUSAL = _response({"detail": "not a call that is measured"}, "422 Unprocessable Entity")


class Connection(asyncio.BufferedProtocol):
    """One connection: requests with a Content-Length or without a body, one after the other."""

    counts: ClassVar = {"answered": 0, "refused": 0}

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.is_warm = False
        self._next()

    def _next(self) -> None:
        self.head = b""
        self.kind = self.argument = ""
        self.length = self.received = 0
        self.keeps_body = True
        self.body = bytearray()
        self.ends = b""  # the first two bytes of a body that is not kept, and its last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way to answer."""
        self.transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go: a buffer that is used again, so that none is allocated."""
        del sizehint
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        """Takes what came, and answers if that was the request's end."""
        start = 0
        if not self.kind:
            self.head += bytes(_BUFFER[:nbytes])
            head, end, rest = self.head.partition(b"\r\n\r\n")
            if not end:
                return
            self._begin(head)
            start = nbytes - len(rest)
        if self.keeps_body:
            self.body += _BUFFER[start:nbytes]
        elif nbytes > start:
            begins = self.ends[:2] or bytes(_BUFFER[start : start + 2])
            self.ends = begins + _BUFFER[nbytes - 1 : nbytes]
        self.received += nbytes - start
        if self.received >= self.length:
            self._finish()

    def _begin(self, head: bytes) -> None:
        lines = head.split(b"\r\n")
        first = lines[0].split(b" ")[1].decode().split("/")[1]
        self.kind, _, self.argument = first.partition("-")
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                self.length = int(value)
        self.keeps_body = self.length <= _MOST_PARSED or self.kind == "checked"

    def _finish(self) -> None:
        if self.kind == "counts":
            self.transport.write(_response(self.counts))
        elif self.kind == "picture":
            self.transport.write(_picture(int(self.argument)))
        else:
            self._answer()
        self._next()

    def _answer(self) -> None:
        is_right = self._is_right()
        self.counts["answered" if is_right else "refused"] += 1
        is_large = self.is_warm and self.kind in {"base64", "url"}
        size = int(self.argument) * MIB if is_large else SMALL_ANSWER
        self.is_warm = True
        if not is_right:
            self.transport.write(_REFUSAL)
        elif self.kind == "wait":
            self.loop.call_later(float(self.argument), self._write, _with_picture(size))
        elif self.kind == "url":
            port = self.transport.get_extra_info("sockname")[1]
            self.transport.write(_with_url(size, port))
        else:
            self.transport.write(_with_picture(size))

    def _write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)

    def _is_right(self) -> bool:
        if self.keeps_body:
            return is_right(bytes(self.body))
        # The prompt and what a client adds to it are short beside a picture.
        rest = (self.length - _text_length(sizes) for sizes in UPLOADS)
        return any(0 < length < 512 for length in rest) and (
            self.ends[:2] == b'{"' and self.ends.endswith(b"}")
        )


def _text_length(sizes: Sequence[int]) -> int:
    """How many characters pictures of so many MiB have as base64."""
    return sum(base64_length(size * MIB) for size in sizes)


def is_right(body: bytes) -> bool:
    """Whether a body is a measured call's: the prompt, and whole pictures if there are any."""
    try:
        content: Any = json.loads(body)
        images = [image["image"] for image in content.get("image", [])]
        return content["prompt"] == PROMPT and all(
            is_whole(b64decode(image, validate=True)) for image in images
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Its starter ends the input, also by dying, and so the server.
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def serving() -> Generator[str]:
    """The URL of a running server, in a process of its own."""
    command = [sys.executable, "-m", "scripts.benchmark.server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        port = int(cast("IO[str]", process.stdout).readline())
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
