"""One connection to a server: HTTP/1.1 as h11 speaks it, less what is ambiguous."""

import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from threading import Event
from typing import Any

import h11

from friendli_facade.sandbox._messages import RefusalError, Request, Response, phrase
from friendli_facade.sandbox._serving.application import Application

LARGEST = 512 * 1024 * 1024  # bytes of one request's body
_LARGEST_HEAD = 64 * 1024
_PART = 256 * 1024  # bytes received at once
# What HTTP lets a server take in one way, in another, or not at all; h11 takes it.
_AMBIGUOUS = {
    "A line ends without a carriage return": re.compile(rb"(?<!\r)\n"),
    "A header is folded": re.compile(rb"\n[ \t]"),
    "The body has two lengths": re.compile(
        rb"\ncontent-length:[^\r]*,"
        rb"|\n(?:content-length|transfer-encoding):.*\n(?:content-length|transfer-encoding):",
        re.IGNORECASE | re.DOTALL,
    ),
}
_TARGET = re.compile(r"(?:(https?)://([^/?#]+))?(/[^#]*)")
# Anything else would change the URL that it is put into.
_AUTHORITY = re.compile(r"(?:[\w.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


class Connection:
    """A client's connection, and the requests that come on it one after the other.

    Args:
        client: Its socket, whose timeout bounds each wait for the client.
        application: What answers.
        stopping: Is set when the server stops; an answer that is delayed is not waited for then.
        is_crowded: Whether others wait for this connection to end.
    """

    def __init__(
        self,
        client: socket.socket,
        application: Application,
        stopping: Event,
        is_crowded: Callable[[], bool],
    ) -> None:
        # Otherwise an answer waits 40 ms for the client's acknowledgement of the one before.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._socket = client
        self._application = application
        self._stopping = stopping
        self._is_crowded = is_crowded
        self._http = h11.Connection(h11.SERVER, _LARGEST_HEAD)

    def run(self) -> None:
        """Answers requests until the client or an answer ends the connection.

        Raises:
            OSError: The client went away, or takes too long to read.
        """
        while self._answer():
            self._http.start_next_cycle()

    def _answer(self) -> bool:
        """Whether the connection goes on after the next request."""
        try:
            head = self._head()
            method, headers = head.method.decode(), _headers(head)
            url = self._url(head.target.decode(), headers)
            fault = self._application.next_fault(method, url)
            if fault.ends == "unread":
                return False
            body = self._body(int(headers.get("content-length", 0)))
        except RefusalError as refusal:
            self._send(refusal.response, is_last=True)
            self._drain()
            return False
        except EOFError:
            return False
        request = Request(method, url, headers, body)
        self._application.requests.append(request)
        is_stopped = fault.delay > 0 and self._stopping.wait(fault.delay)
        if is_stopped or fault.ends == "unanswered":
            return False
        response = fault.response or self._application.handle(request)
        is_cut = fault.ends == "unfinished"
        return self._send(response, method, is_last=self._is_crowded(), is_cut=is_cut)

    def _head(self) -> h11.Request:
        while True:
            head = self._http.trailing_data[0].partition(b"\r\n\r\n")[0]
            for what, pattern in _AMBIGUOUS.items():
                if pattern.search(head):
                    raise RefusalError(400, what)
            event = self._next_event()
            if isinstance(event, h11.Request):
                return event
            self._receive()

    def _url(self, target: str, headers: Mapping[str, str]) -> str:
        """The absolute URL that the client asked for, under the name that it knows us by."""
        parts = _TARGET.fullmatch(target)
        if parts is None:
            raise RefusalError(400, "Invalid target")
        scheme, named, path = parts.groups()
        authority = named or headers.get("host") or authority_of(self._socket.getsockname())
        if not _AUTHORITY.fullmatch(authority):
            raise RefusalError(400, "Invalid Host")
        return f"{scheme or 'http'}://{authority}{path}"

    def _body(self, size: int) -> bytes:
        if size <= LARGEST and self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            self._socket.sendall(self._http.send(go_on))
        body = bytearray()
        while max(size, len(body)) <= LARGEST:
            event = self._next_event()
            if isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return bytes(body)
            else:
                self._receive()
        raise RefusalError(413, "Request Entity Too Large")

    def _next_event(self) -> object:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise RefusalError(error.error_status_hint, str(error)[:200]) from None

    def _receive(self) -> None:
        """Waits for bytes; raises EOFError if the client has no more, or never began."""
        try:
            received = self._socket.recv(_PART)
        except TimeoutError:
            is_idle = self._http.their_state is h11.IDLE and not self._http.trailing_data[0]
            if is_idle:
                raise EOFError from None
            raise RefusalError(408, "Request Timeout") from None
        if not received:
            raise EOFError
        self._http.receive_data(received)

    def _send(
        self, response: Response, method: str = "", *, is_last: bool = False, is_cut: bool = False
    ) -> bool:
        """Whether the connection goes on after a response."""
        headers = {
            "date": formatdate(usegmt=True),
            "server": "friendli-sandbox",
            **response.headers,
        }
        content = response.content
        if response.status_code != 304:
            headers["content-length"] = str(len(content))
        if is_last:
            headers["connection"] = "close"
        start = h11.Response(
            status_code=response.status_code,
            reason=phrase(response.status_code).encode(),
            headers=list(headers.items()),
        )
        sent = [self._http.send(start)]
        if content and method != "HEAD":
            part = content[: len(content) // 2] if is_cut else content
            sent.append(self._http.send(h11.Data(data=part)))
        if not is_cut:
            sent.append(self._http.send(h11.EndOfMessage()))
        self._socket.sendall(b"".join(sent))
        return self._http.our_state is h11.DONE

    def _drain(self) -> None:
        """Reads on for a moment, so that the answer arrives before the connection ends."""
        # Closing on unread bytes resets a connection, and the reset can overtake the answer.
        self._socket.settimeout(1.0)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            for _ in range(256):
                if not self._socket.recv(1 << 20):
                    break


def authority_of(address: Any) -> str:
    """A socket's address as it stands in a URL."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _headers(head: h11.Request) -> dict[str, str]:
    """The headers of a request by name; values of one name together, as httpx has them."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in head.headers:
        name, value = raw_name.decode(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
