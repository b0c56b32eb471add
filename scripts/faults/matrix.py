"""Every way in which an answer to a POST can go wrong, and what must come of it."""

import gzip
import zlib

import attrs
import httpx

from friendli_facade import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    FriendliError,
    InvalidResponseError,
    OtherStatusError,
    RateLimitError,
    ServerError,
)
from scripts.faults.server import Answer, Then, answer

LIMIT = 100_000  # max_response_bytes of every client here
PATIENCE = httpx.Timeout(60)
HASTE = httpx.Timeout(60, read=0.1)
# Statuses with which a proxy says that it sent the request on.
AMBIGUOUS = {408, 499, 502, 504, 520, 521, 522, 523, 524, 598}
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
# As RFC 9110, 7.8 has it: without `Connection`, aiohttp takes the connection for one of HTTP still.
_SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
_HTML = b"<html><h1>No</h1></html>"
_BOMB = gzip.compress(bytes(20_000_000))
_BOMB_IN_A_BOX = gzip.compress(_BOMB)


@attrs.frozen
class Fault:
    """A fault, and what must come of it.

    `body` is what the error keeps of it; None where that is left to chance.
    """

    name: str
    answer: Answer
    error: type[FriendliError]
    ambiguous: bool = False
    status: int | None = None
    body: bytes | None = b""
    words: str = ""
    before: bool = False  # it comes before the request was read

    @property
    def timeout(self) -> httpx.Timeout:
        """How long to wait for it."""
        return HASTE if self.answer.then is Then.STALL else PATIENCE

    @property
    def reads(self) -> int:
        """How many requests the server reads of one attempt."""
        return 0 if self.before else 1


def _lost(
    name: str, reply: Answer, words: str = "", *, before: bool = False, body: bytes | None = b""
) -> Fault:
    return Fault(name, reply, APIConnectionError, True, None, body, words, before)


def _slow(name: str, data: bytes, body: bytes = b"") -> Fault:
    return Fault(name, Answer(data, Then.STALL), APITimeoutError, True, None, body)


def _garbled(name: str, body: bytes, *headers: str, words: str = "") -> Fault:
    reply = answer("200 OK", body, "Content-Type: application/json", *headers)
    return Fault(name, reply, InvalidResponseError, True, 200, body, words)


def _coded(coding: str, body: bytes, words: str) -> Fault:
    fault = _garbled(f"coding {coding}: {words}", body, words=words)
    return attrs.evolve(fault, answer=answer("200 OK", body, f"Content-Encoding: {coding}"))


def _status(line: str, error: type[FriendliError], *headers: str, body: bytes = _HTML) -> Fault:
    reply = answer(line, body, "Content-Type: text/html", *headers)
    status = int(line[:3])
    return Fault(line, reply, error, status in AMBIGUOUS, status, body)


# The server says that it did not do the work.
REFUSALS = [
    _status("429 Too Many Requests", RateLimitError),
    *(_status(f"{status} No", ServerError) for status in (500, 503)),
]


def faults(whole: bytes) -> list[Fault]:
    """Every fault of an answer whose body would be `whole`."""
    chunk = _chunk(whole)
    return [
        _lost("reset before the request is read", Answer(then=Then.RESET), before=True),
        _lost("reset after the request was read", Answer(then=Then.RESET)),
        _lost("closed without a word", Answer(then=Then.CLOSE), "disconnected"),
        _lost("reset within the headers", Answer(b"HTTP/1.1 200 OK\r\nConte", Then.RESET)),
        _lost(
            "reset within the body",
            Answer(answer("200 OK", whole).data[:-9], Then.RESET),
            body=None,
        ),
        _slow("stall before the headers", b""),
        _slow("stall within the headers", b"HTTP/1.1 200 OK\r\nConte"),
        _slow("stall within the body", answer("200 OK", whole).data[:-9], whole[:-9]),
        _lost(
            "cut, with Content-Length",
            answer("200 OK", whole, cut=9),
            f"({len(whole) - 9} bytes of it came)",
            body=whole[:-9],
        ),
        _lost(
            "cut, in chunks",
            Answer(_CHUNKED + chunk[:-11], Then.CLOSE),
            "complete",
            body=whole[:-9],
        ),
        _lost(
            "cut, before the last chunk",
            Answer(_CHUNKED + chunk, Then.CLOSE),
            "complete",
            body=whole,
        ),
        Fault(
            "cut, without a length",
            Answer(_CLOSING + whole[:-9], Then.CLOSE),
            *(InvalidResponseError, True, 200, whole[:-9], "not JSON"),
        ),
        Fault(
            "gzip bomb",
            answer("200 OK", _BOMB, "Content-Encoding: gzip"),
            *(InvalidResponseError, True, 200, bytes(LIMIT), "max_response_bytes"),
        ),
        Fault(
            "too large",
            answer("200 OK", b"[" * (LIMIT + 1)),
            *(InvalidResponseError, True, 200, b"[" * LIMIT, "max_response_bytes"),
        ),
        _coded("gzip, gzip", _BOMB_IN_A_BOX, "coding is gzip, gzip, which nobody asked for"),
        _coded("br", b"\x0b\x00\x80a\x03", "coding is br, which nobody asked for"),
        _coded("zstd", b"\x28\xb5\x2f\xfd\x00", "coding is zstd, which nobody asked for"),
        _coded("utf-8", whole, "coding is utf-8, which nobody asked for"),
        _coded("none", whole, "coding is none, which nobody asked for"),
        _coded("gzip", whole, "said to be gzip, and is not"),
        _coded("deflate", b"\xff" + whole, "said to be deflate, and is not"),
        _coded("gzip", gzip.compress(whole)[:-9], "gzip ends too early"),
        _garbled("HTML as JSON", _HTML, words="not JSON"),
        _garbled("nothing", b"", words="not JSON"),
        _garbled("invalid UTF-8", b'{"data": "\xff\xfe"}', words="not JSON"),
        _garbled("invalid JSON", b'{"data": [', words="not JSON"),
        _garbled("a wrong shape", b'{"data": [{"seed": 7}]}', words="data[0]"),
        _garbled("no base64", b'{"data":[{"seed":7,"response_format":"png","b64_json":"?"}]}'),
        _lost("101", Answer(_SWITCHING, Then.CLOSE)),
        _lost("a huge header", answer("200 OK", whole, "X: " + "x" * 200_000)),
        _lost("no HTTP", Answer(b"SSH-2.0-OpenSSH_9.2\r\n", Then.CLOSE)),
        Fault("204", Answer(b"HTTP/1.1 204 No Content\r\n\r\n"), OtherStatusError, True, 204, b""),
        *(
            _status(f"{status} Redirect", OtherStatusError, "Location: {elsewhere}")
            for status in (301, 302, 303, 307, 308)
        ),
        *(_status(f"{status} On the way", OtherStatusError) for status in (408, 499)),
        *(
            _status(f"{status} On the way", ServerError)
            for status in sorted(AMBIGUOUS - {408, 499})
        ),
        _status("400 Bad Request", OtherStatusError),
        _status("401 Unauthorized", AuthenticationError),
        _status("501 Not Implemented", ServerError),
        _status("529 ", ServerError),
        Fault(
            "501, cut",
            answer("501 Not Implemented", _HTML, cut=9),
            *(ServerError, False, 501, _HTML[:-9], ": No"),
        ),
        Fault(
            "501, cut, in gzip",
            answer("501 No", gzip.compress(_HTML)[:-9], "Content-Encoding: gzip"),
            *(ServerError, False, 501, _HTML, "501 No: No"),
        ),
        Fault(
            "501, no gzip at all",
            answer("501 No", _HTML, "Content-Encoding: gzip"),
            *(ServerError, False, 501, _HTML, "501 No: No"),
        ),
        Fault(
            "400, without end",
            answer("400 Bad Request", b"x" * 3_000_000),
            *(OtherStatusError, False, 400, b"x" * LIMIT, "xxx…"),
        ),
    ]


def harmless(whole: bytes) -> dict[str, Answer]:
    """What looks like a fault, and is a result."""
    good = answer("200 OK", whole, "Content-Type: application/json")
    return {
        "JSON as HTML": answer("200 OK", whole, "Content-Type: text/html"),
        "100 first": Answer(b"HTTP/1.1 100 Continue\r\n\r\n" + good.data),
        "103 first": Answer(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + good.data),
        "no length": Answer(_CLOSING + whole, Then.CLOSE),
        "chunks": Answer(_CHUNKED + _chunk(whole) + b"0\r\n\r\n"),
        "no coding": answer("200 OK", whole, "Content-Encoding:"),
        "identity": answer("200 OK", whole, "Content-Encoding: , Identity"),
        "gzip": answer("200 OK", gzip.compress(whole), "Content-Encoding: gzip, identity"),
        "x-gzip": answer("200 OK", gzip.compress(whole), "Content-Encoding: X-GZip"),
        "deflate": answer("200 OK", zlib.compress(whole), "Content-Encoding: deflate"),
        "deflate without its frame": answer(
            "200 OK", zlib.compress(whole, wbits=-15), "Content-Encoding: deflate"
        ),
    }


def _chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"
