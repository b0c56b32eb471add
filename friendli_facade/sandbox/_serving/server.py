"""The skin with a port: a thread for each connection, up to a limit."""

import socket
import sys
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self

from friendli_facade.sandbox._serving.application import Application
from friendli_facade.sandbox._serving.connection import Connection, authority_of

_MOST = 512  # connections at once; further clients wait
_PATIENCE = 60.0  # seconds for a client to send its next bytes, or to take an answer


class Server:
    """A sandbox on a port. It listens from the start, and answers inside its `with` block."""

    def __init__(self, application: Application, host: str, port: int) -> None:
        if not host:
            raise ValueError(
                "host must be an address: 127.0.0.1, or 0.0.0.0 for all that there are"
            )
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = _Listener(application, family, (host, port))
        self._thread = Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, as `http://127.0.0.1:8000`."""
        return f"http://{authority_of(self._listener.server_address)}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.stop()
        self._thread.join()
        self._listener.server_close()
        self._listener.hang_up()


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(
        self, application: Application, family: socket.AddressFamily, address: Any
    ) -> None:
        self.address_family = family
        self._application = application
        self._connections: set[Any] = set()
        self._changed = Condition()
        self._stopping = Event()
        super().__init__(address, BaseRequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Starts a connection's thread, once there is room for it."""
        request.settimeout(_PATIENCE)
        with self._changed:
            self._changed.wait_for(lambda: self._stopping.is_set() or not self._is_full())
            self._connections.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Answers what comes on a connection, in its own thread."""
        Connection(request, self._application, self._stopping, self._is_full).run()

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection and forgets it."""
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about a client that went away."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Takes no more connections, and ends the delays of those that there are."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self.shutdown()

    def hang_up(self) -> None:
        """Ends every connection, and gives an answer under way a moment to go out."""
        for how, patience in ((socket.SHUT_RD, 2.0), (socket.SHUT_RDWR, 2.0)):
            with self._changed:
                for connection in self._connections:
                    with suppress(OSError):
                        connection.shutdown(how)
                if self._changed.wait_for(lambda: not self._connections, patience):
                    return

    def _is_full(self) -> bool:
        return len(self._connections) >= _MOST
