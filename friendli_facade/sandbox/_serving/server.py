"""The skin with a port: the standard library's server, tuned."""

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self

from friendli_facade.sandbox._messages import RefusalError, Request, Response
from friendli_facade.sandbox._serving.application import Application

LARGEST = 512 * 1024 * 1024  # bytes of one request
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*[;\r\n]")


class Server:
    """A sandbox on a port. It listens from the start, and answers inside its `with` block."""

    def __init__(self, application: Application, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = _Listener(application, family, (host, port))
        self._thread = Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, as `http://127.0.0.1:8000`."""
        host, port = self._listener.server_address[:2]
        name = str(host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.stopping.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._listener.hang_up()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_port = False

    def __init__(
        self, application: Application, family: socket.AddressFamily, address: Any
    ) -> None:
        self.address_family = family
        self._connections: set[Any] = set()
        self._changed = Condition()
        self.stopping = Event()
        super().__init__(address, partial(_Handler, application, self.stopping))

    def server_bind(self) -> None:
        """Binds without the reverse look-up of the host that HTTPServer makes."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection before its thread starts."""
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection and forgets it."""
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about a client that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Ends every connection, and gives an answer under way a moment to go out."""
        for how, patience in ((socket.SHUT_RD, 2.0), (socket.SHUT_RDWR, 2.0)):
            with self._changed:
                for connection in self._connections:
                    with suppress(OSError):
                        connection.shutdown(how)
                if self._changed.wait_for(lambda: not self._connections, patience):
                    return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "friendli-sandbox"
    sys_version = ""
    # Without these two a keep-alive response waits 40 ms for the client's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(self, application: Application, stopping: Event, *arguments: Any) -> None:
        self._application = application
        self._stopping = stopping
        super().__init__(*arguments)

    def _respond(self) -> None:
        url = self._url()
        fault = self._application.next_fault(self.command, url)
        if fault.ends == "unread":
            self.close_connection = True
            return
        try:
            body = self._body()
        except RefusalError as refusal:
            self.close_connection = True
            self._send(refusal.response)
            self._drain()
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, url, headers, body)
        self._application.requests.append(request)
        is_stopped = fault.delay > 0 and self._stopping.wait(fault.delay)
        if is_stopped or fault.ends == "unanswered":
            self.close_connection = True
            return
        response = fault.response or self._application.handle(request)
        self._send(response, is_cut=fault.ends == "unfinished")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _respond  # noqa: N815

    def handle_expect_100(self) -> bool:
        """Whether to go on; sends the go-ahead at once, where a client waits for it."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The sandbox is quiet."""

    def _url(self) -> str:
        """The absolute URL that the client asked for, under the name it knows us by."""
        if self.path.startswith(("http://", "https://")):
            return self.path
        host, port = self.connection.getsockname()[:2]
        return f"http://{self.headers.get('host') or f'{host}:{port}'}{self.path}"

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding"):
            if self.headers["transfer-encoding"].strip().lower() != "chunked":
                raise RefusalError(411, "Length Required")
            return b"".join(self._chunks())
        declared = self.headers.get("content-length", "0").strip()
        if not (declared.isascii() and declared.isdigit()):
            raise RefusalError(400, "Invalid Content-Length")
        # More digits than any length has could be too many for int().
        if len(declared) > 18 or int(declared) > LARGEST:
            raise RefusalError(413, "Request Entity Too Large")
        return self._read(int(declared))

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        while True:
            digits = _CHUNK.match(self.rfile.readline(1000))
            if digits is None:
                raise RefusalError(400, "Invalid chunk")
            size = int(digits[1], 16)
            total += size
            if total > LARGEST:
                raise RefusalError(413, "Request Entity Too Large")
            if size == 0:
                break
            yield self._read(size)
            if self.rfile.readline(3).strip():
                raise RefusalError(400, "Invalid chunk")
        # Trailers, up to the empty line.
        while self.rfile.readline(65537).strip():
            pass

    def _read(self, size: int) -> bytes:
        content = self.rfile.read(size)
        if len(content) < size:
            raise ConnectionAbortedError("the client went away in the middle of its request")
        return content

    def _send(self, response: Response, *, is_cut: bool = False) -> None:
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.content)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if is_cut:
            self.wfile.write(response.content[: len(response.content) // 2])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(response.content)
        self.wfile.flush()

    def _drain(self) -> None:
        """Reads on for a moment, so that the answer arrives before the connection ends."""
        # Closing on unread bytes resets a connection, and the reset can overtake the answer.
        self.connection.settimeout(1.0)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            for _ in range(256):
                if not self.connection.recv(1 << 20):
                    break
