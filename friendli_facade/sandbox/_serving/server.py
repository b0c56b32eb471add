"""The skin with a port: a thread for each connection, up to a limit."""

import socket
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Self

from friendli_facade.sandbox._serving.application import Application
from friendli_facade.sandbox._serving.connection import Connection, authority_of

_MOST = 512  # connections at once; further clients wait
_PATIENCE = 60.0  # seconds for a client to send its next bytes, or to take an answer
_MOMENT = 2.0  # seconds for answers under way when it stops


class Server:
    """A sandbox on a port. It listens from the start, and answers inside its `with` block."""

    def __init__(self, application: Application, host: str, port: int) -> None:
        if not host:
            raise ValueError(
                "host must be an address: 127.0.0.1, or 0.0.0.0 for all that there are"
            )
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._application = application
        self._listening = socket.create_server((host, port), family=family, backlog=1024)
        self._listening.setblocking(False)
        self._authority = authority_of(self._listening.getsockname())
        self._connections: set[socket.socket] = set()
        self._changed = Condition()
        self._stopping = Event()
        self._thread = Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, as `http://127.0.0.1:8000`."""
        return f"http://{self._authority}"

    def __enter__(self) -> Self:
        self._woken, self._waking = socket.socketpair()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._waking.close()
        self._thread.join()
        self._woken.close()
        self._listening.close()
        self._hang_up()

    def _accept(self) -> None:
        with DefaultSelector() as selector:
            selector.register(self._listening, EVENT_READ)
            selector.register(self._woken, EVENT_READ)
            while selector.select() and not self._stopping.is_set():
                with suppress(OSError):  # a client that is gone already
                    self._begin(self._listening.accept()[0])

    def _begin(self, client: socket.socket) -> None:
        """Gives a connection its thread, once there is room for it."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping.is_set() or not self._is_crowded())
            self._connections.add(client)
        Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            client.settimeout(_PATIENCE)
            with suppress(ConnectionError, TimeoutError):
                Connection(client, self._application, self._stopping, self._is_crowded).run()
        finally:
            with suppress(OSError):
                client.shutdown(socket.SHUT_WR)  # closing is not enough if the process was forked
            client.close()
            with self._changed:
                self._connections.discard(client)
                self._changed.notify_all()

    def _hang_up(self) -> None:
        """Ends every connection, and gives an answer under way a moment to go out."""
        for how in (socket.SHUT_RD, socket.SHUT_RDWR):
            with self._changed:
                for connection in self._connections:
                    with suppress(OSError):
                        connection.shutdown(how)
                if self._changed.wait_for(lambda: not self._connections, _MOMENT):
                    return

    def _is_crowded(self) -> bool:
        return len(self._connections) >= _MOST
