"""A server that costs next to nothing, so that the clients are what is measured.

The path's first part says how it answers: `/plain` at once, `/wait-0.2` after as many seconds,
`/large` with a picture of 8 MiB (but for a connection's first answer, so that clients can warm
up), `/checked` after looking into the picture that it was sent. What
does not look like the one call that is measured gets 422, and is counted.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any, ClassVar, cast

from scripts.benchmark.pictures import MIB, PROMPT, base64_length, is_whole, picture

PICTURES = (8 * MIB, 50 * MIB)  # that come in edits
LARGE_ANSWER = 8 * MIB
SMALL_ANSWER = 512
_MOST_PARSED = 64 * 1024  # bytes of a body that costs little to parse, however it is sent
_BUFFER = memoryview(bytearray(MIB))  # of all connections: each empties it at once


@cache
def _answer(status: str, size: int) -> bytes:
    """A whole response, with a picture of `size` bytes; without one, an error."""
    content: dict[str, str] = {"detail": "not the call that is measured"}
    if size:
        content = {"image": b64encode(picture(size)).decode()}
    return _response(status, content)


def _response(status: str, content: object) -> bytes:
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


class Connection(asyncio.BufferedProtocol):
    """One connection: requests with a Content-Length, one after the other."""

    counts: ClassVar = {"answered": 0, "refused": 0}

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.is_warm = False
        self._next()

    def _next(self) -> None:
        self.head = b""
        self.first = ""
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
        if not self.first:
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
        self.first = lines[0].split(b" ")[1].decode().split("/")[1]
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                self.length = int(value)
        self.keeps_body = self.length <= _MOST_PARSED or self.first == "checked"

    def _finish(self) -> None:
        if self.first == "counts":
            self.transport.write(_response("200 OK", self.counts))
            self._next()
            return
        right = self._is_right()
        self.counts["answered" if right else "refused"] += 1
        size = LARGE_ANSWER if self.first == "large" and self.is_warm else SMALL_ANSWER
        self.is_warm = True
        answer = _answer("200 OK", size) if right else _answer("422 Unprocessable Entity", 0)
        if self.first.startswith("wait-"):
            self.loop.call_later(float(self.first[5:]), self._write, answer)
        else:
            self.transport.write(answer)
        self._next()

    def _write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)

    def _is_right(self) -> bool:
        if self.received != self.length:
            return False
        if self.keeps_body:
            return is_right(bytes(self.body))
        # The prompt and what a client adds to it are short beside a picture.
        rest = (self.length - base64_length(size) for size in PICTURES)
        return any(0 < length < 512 for length in rest) and (
            self.ends[:2] == b'{"' and self.ends.endswith(b"}")
        )


def is_right(body: bytes) -> bool:
    """Whether a body is the measured call's: the prompt, and a whole picture if there is any."""
    try:
        content: Any = json.loads(body)
        image = content.get("image")
        return content["prompt"] == PROMPT and (
            image is None or is_whole(b64decode(image["image"], validate=True))
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


async def _serve() -> None:
    for size in (SMALL_ANSWER, LARGE_ANSWER):
        _answer("200 OK", size)  # kept from here on
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        # Its starter's death ends the input, and so the server.
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def serving() -> Generator[str]:
    """The URL of a running server, in a process of its own."""
    command = [sys.executable, "-m", "scripts.benchmark.server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        port = int(cast("IO[str]", process.stdout).readline())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
