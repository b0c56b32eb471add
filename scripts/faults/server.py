"""A server on a raw socket that answers, or fails to, byte by byte as it is told."""

import json
import socket
import struct
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from threading import Condition, Thread
from typing import Any

import attrs


@attrs.frozen
class Request:
    """One request that arrived whole; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The value of its body."""
        return json.loads(self.body)


class Then(Enum):
    """What becomes of the connection after an answer."""

    KEEP = auto()
    CLOSE = auto()
    RESET = auto()
    STALL = auto()  # nothing more is said until the client goes


@attrs.frozen
class Answer:
    """The bytes to send, and what to do then."""

    data: bytes = b""
    then: Then = Then.KEEP


def answer(status: str = "200 OK", body: bytes = b"", *headers: str, cut: int = 0) -> Answer:
    """A whole HTTP answer; one that lacks its last `cut` bytes ends in a closed connection."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
    data = "\r\n".join(lines).encode() + body
    return Answer(data[:-cut], Then.CLOSE) if cut else Answer(data)


def of_json(value: object, *headers: str) -> Answer:
    """A 200 with JSON."""
    body = json.dumps(value).encode()
    return answer("200 OK", body, "Content-Type: application/json", *headers)


class FaultServer:
    """A server on 127.0.0.1 with a thread for each connection.

    `greet` may answer a connection whose request is still unread. `requests` are those that were
    read whole, `connections` how many were ever made, and `open` how many still are.
    """

    def __init__(
        self,
        answers: Callable[[Request], Answer],
        greet: Callable[[], Answer | None] = lambda: None,
    ) -> None:
        self.answers = answers
        self.greet = greet
        self.requests: list[Request] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._changed = Condition()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def open(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    def idle(self, most: int = 0, seconds: float = 30) -> bool:
        """Whether all connections but so many are closed within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._open) <= most, seconds)

    def read(self, count: int, seconds: float = 30) -> bool:
        """Whether so many requests are read within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) >= count, seconds)

    def stop(self) -> None:
        """Ends listening, and all connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.idle(seconds=5)

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is closed
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._changed:
                    self._open.add(connection)
                    self.connections += 1
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with suppress(OSError), connection:  # the client is gone
                self._converse(connection)
        finally:
            with self._changed:
                self._open.discard(connection)
                self._changed.notify_all()

    def _converse(self, connection: socket.socket) -> None:
        if not connection.recv(1, socket.MSG_PEEK):
            return
        greeting = self.greet()
        if greeting is not None:
            _say(connection, greeting)
            return
        with connection.makefile("rb") as stream:
            while request := _read(stream.readline, stream.read):
                with self._changed:
                    self.requests.append(request)
                    self._changed.notify_all()
                if not _say(connection, self.answers(request)):
                    return


def _read(line: Callable[[], bytes], read: Callable[[int], bytes]) -> Request | None:
    first = line().decode("latin-1").split()
    if len(first) < 3:
        return None
    headers: dict[str, str] = {}
    while entry := line().decode("latin-1").strip():
        name, _, value = entry.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    body = read(length)
    return Request(first[0], first[1], headers, body) if len(body) == length else None


def _say(connection: socket.socket, reply: Answer) -> bool:
    """Whether the connection is still good for another request."""
    connection.sendall(reply.data)
    if reply.then is Then.RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if reply.then is Then.STALL:
        connection.recv(1)
    return reply.then is Then.KEEP


@contextmanager
def serving(
    answers: Callable[[Request], Answer], greet: Callable[[], Answer | None] = lambda: None
) -> Generator[FaultServer]:
    """A running server."""
    server = FaultServer(answers, greet)
    try:
        yield server
    finally:
        server.stop()
