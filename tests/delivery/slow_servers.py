"""Servers that take their time, step by step."""

import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import attrs

PAUSE = 0.05
TIMES = 1000  # so that a server takes fifty seconds


@attrs.define
class Slow:
    """A server that takes its time: `steps` are what it does with a connection, one by one."""

    url: str
    done: int = 0
    ended: Event = attrs.field(factory=Event)


@contextmanager
def slow(steps: Callable[[socket.socket], Iterator[None]]) -> Generator[Slow]:
    """A server that pauses after each step."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server = Slow(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with suppress(OSError), connection:
                        for _ in steps(connection):
                            server.done += 1
                            if server.ended.wait(PAUSE):
                                break

        thread = Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def drip(before: bytes, after: bytes) -> Callable[[socket.socket], Iterator[None]]:
    """Sends what comes before, then a byte at a time, then what comes after."""

    def steps(connection: socket.socket) -> Iterator[None]:
        connection.recv(65536)
        connection.sendall(before)
        for _ in range(TIMES):
            connection.sendall(b" ")
            yield
        connection.sendall(after)

    return steps
