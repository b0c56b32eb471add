"""What a failure of httpx means: what was sent, whether it can heal, and what to look at."""

import socket
import ssl
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

import attrs
import httpx

from friendli_facade._delivery.deadline import Deadline
from friendli_facade._error_answers.printing import hidden, secrets, shown
from friendli_facade.errors import APIConnectionError, APITimeoutError

# Failures of httpx after which nothing of the request can have reached the server.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# What httpcore's events say; there are many others.
_EVENTS = {
    "connection.connect_tcp.started": "connecting",
    "socks.connect_tcp.started": "connecting",
    "connection.start_tls.started": "TLS",
    "proxy.start_tls.started": "TLS through a proxy",
    "socks.start_tls.started": "TLS through a proxy",
    "http11.send_request_headers.started": "sending",
    "http2.send_request_headers.started": "sending",
}
# What OpenSSL calls an answer that is no TLS.
_NO_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
_BINARY = "illegal request line"  # as h11 calls an answer whose first byte is no character
_TOO_SLOW = (
    (httpx.PoolTimeout, "pool", "no connection of http_client became free"),
    (httpx.ReadTimeout, "read", "nothing came"),
    (httpx.WriteTimeout, "write", "nothing could be sent"),
)
_Cause = TypeVar("_Cause", bound=BaseException)


@attrs.define
class Progress:
    """How far a request has come, as httpcore's `trace` extension tells it.

    `peer` is whom it was last to be connected to: its server, or a proxy.
    """

    request: httpx.Request
    peer: tuple[str, int] | None = None
    in_tls: bool = False
    is_sent: bool = False
    # An error that the caller is handling is the context of all, and explains none of them.
    callers: BaseException | None = attrs.field(factory=sys.exception)

    @property
    def server(self) -> tuple[str, int]:
        """Host and port of the request's URL."""
        url = self.request.url
        return url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)

    @property
    def is_connecting(self) -> bool:
        """Whether it is known that nothing of the request was sent."""
        return self.peer is not None and not self.is_sent

    def note(self, event: str, info: dict[str, Any]) -> None:
        """Takes in an event."""
        match _EVENTS.get(event):
            case "connecting":
                self.peer, self.in_tls = (info["host"], info["port"]), False
            case "TLS":
                self.in_tls = True
            case "TLS through a proxy":
                self.peer, self.in_tls = self.server, True
            case "sending" if info["request"].method != b"CONNECT":
                self.is_sent = True
            case _:
                pass

    async def anote(self, event: str, info: dict[str, Any]) -> None:
        """Takes in an event of an async client."""
        self.note(event, info)


def told(error: Exception, progress: Progress, deadline: Deadline) -> APIConnectionError:
    """The error to raise for a failure of httpx."""
    request, is_late = progress.request, isinstance(error, httpx.TimeoutException)
    reason, lasting = _reason(error, progress)
    if is_late and not deadline.left:
        reason = f"the {deadline.limits.total:g} s that it may take in all are over"
    # Servers repeat what they were sent, and transports that are not httpx's own quote it.
    reason = hidden(reason, secrets(request.headers))
    return (APITimeoutError if is_late else APIConnectionError)(
        request.method,
        shown(request.url),
        reason,
        ambiguous=not (
            progress.is_connecting or isinstance(error, _NOT_SENT) or _is_bad_header(error)
        ),
        lasting=lasting,
    )


def is_bad_redirect(error: BaseException | None) -> bool:
    """Whether httpx failed to prepare the request of a redirect, which nobody follows here."""
    return isinstance(error, httpx.InvalidURL | UnicodeError) or (
        isinstance(error, httpx.RemoteProtocolError)
        and isinstance(error.__context__, httpx.InvalidURL)
    )


def _is_bad_header(error: Exception) -> bool:
    """Whether h11 refused a header before anything of the request was written."""
    return isinstance(error, httpx.LocalProtocolError) and str(error).startswith("Illegal header")


def _reason(error: Exception, progress: Progress) -> tuple[str, bool]:
    """What happened and what to look at, and whether it would happen again."""
    if _is_bad_header(error):  # whose value may be a secret
        return "http_client adds a header that HTTP cannot hold: a line break at its end?", True
    if is_bad_redirect(error):
        return f"its redirect cannot be read ({error})", True
    causes = list(_causes(error, progress.callers))
    failure = _first(causes, OSError)
    system = failure.strerror if failure else None
    words = str(error) or system or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        # A proxy's 502 or 503 is about the server behind it, which may yet come.
        reason = f"the proxy refused to connect to {_place(progress.server)}: {words}"
        return reason, not words.startswith("5")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return _unconnected(causes, progress, system or words)
    for kind, step, what in _TOO_SLOW:
        if isinstance(error, kind):
            words = what + _within(progress, step)
    if words == _BINARY:
        words = "what came is no HTTP, and may be TLS: is its URL https, and not http?"
    return words, isinstance(error, httpx.UnsupportedProtocol)


def _unconnected(
    causes: Sequence[BaseException], progress: Progress, words: str
) -> tuple[str, bool]:
    """Why there is no connection, and whether there will be none."""
    peer = progress.peer or progress.server
    place = ("" if peer == progress.server else "the proxy ") + _place(peer)
    if unknown := _first(causes, socket.gaierror):
        lasting = unknown.errno != socket.EAI_AGAIN
        what = "there is no such host" if lasting else "its name cannot be looked up now"
        return f"{place} is not found: {what} ({unknown.strerror})", lasting
    if certificate := _first(causes, ssl.SSLCertVerificationError):
        words = f"the certificate of {place} is not accepted ({certificate.verify_message})"
        return f"{words}: for one of your own, pass http_client=httpx.Client(verify=...)", True
    fault = _first(causes, ssl.SSLError)
    if progress.in_tls or fault:
        lasting = fault is not None and not isinstance(fault, ssl.SSLEOFError)
        hint = ": is its URL http, and not https?" if fault and fault.reason in _NO_TLS else ""
        return f"no TLS with {place} ({words}){hint}", lasting
    if _first(causes, ConnectionRefusedError):
        hint = "is the server, or the container, running there?"
        return f"{place} refuses connections: {hint}", False
    if _first(causes, httpx.ConnectTimeout):
        words = f"no connection to {place}{_within(progress, 'connect')}: is the address right?"
        return words, False
    return f"no connection to {place}: {words}", False


def _place(peer: tuple[str, int]) -> str:
    return f"{peer[0]}:{peer[1]}"


def _within(progress: Progress, step: str) -> str:
    # A hook of the caller's may have put others in their place.
    limit: float | None = progress.request.extensions.get("timeout", {}).get(step)
    return "" if limit is None else f" within {limit:g} s"


def _causes(error: BaseException | None, end: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that it came of, before the one at which to end."""
    while error is not None and error is not end:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in cast("BaseExceptionGroup[BaseException]", error).exceptions:
                yield from _causes(one, end)
        error = error.__cause__ or error.__context__


def _first(causes: Iterable[BaseException], kind: type[_Cause]) -> _Cause | None:
    return next((cause for cause in causes if isinstance(cause, kind)), None)
