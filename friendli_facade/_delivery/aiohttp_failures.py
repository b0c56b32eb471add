"""What failures of aiohttp mean below an httpx client of the caller's, as httpx-aiohttp makes one.

Its own table calls a connection that broke after sending one that was never made, and such a
request would be repeated; and it lets through what is no HTTP. aiohttp is not imported here: where
nobody has done that, none of its errors can come.
"""

import sys
from typing import Any

import httpx

# The first that fits, by the name that it has in aiohttp.
_MEANINGS: tuple[tuple[str, type[httpx.RequestError]], ...] = (
    ("ClientHttpProxyError", httpx.ProxyError),
    ("ConnectionTimeoutError", httpx.ConnectTimeout),
    ("ClientConnectorError", httpx.ConnectError),
    ("ClientConnectorCertificateError", httpx.ConnectError),
    ("ServerTimeoutError", httpx.ReadTimeout),
    ("InvalidURL", httpx.UnsupportedProtocol),
    ("ClientOSError", httpx.ReadError),
    ("ClientError", httpx.RemoteProtocolError),
)


def is_used(http: httpx.AsyncClient) -> bool:
    """Whether an httpx client sends through aiohttp, which says nothing of how far it came."""
    made: Any = sys.modules.get("httpx_aiohttp")
    return made is not None and isinstance(http, made.HttpxAiohttpClient)


def as_httpx(error: Exception) -> Exception:
    """The error with which httpx itself says the same; the error as it is, if it is another's."""
    aiohttp: Any = sys.modules.get("aiohttp")
    if aiohttp is None:
        return error
    told: Any = error if isinstance(error, aiohttp.ClientError) else error.__cause__
    for name, kind in _MEANINGS:
        if isinstance(told, getattr(aiohttp, name)):
            meant = kind(_words(told))
            meant.__cause__ = told.__cause__ or told  # the system's own, if there is one
            return meant
    return error


def peer(error: Exception) -> tuple[str, int] | None:
    """Whom aiohttp could not connect to, where an error of httpx-aiohttp's says that."""
    told: Any = error.__cause__
    aiohttp: Any = sys.modules.get("aiohttp")
    if aiohttp is None or not isinstance(told, aiohttp.ClientConnectorError):
        return None
    return told.host, told.port


def forget_request(error: BaseException) -> None:
    """Takes the headers of the request, of which one is the token, from an error of aiohttp's."""
    told: Any = error
    if hasattr(told, "request_info"):
        told.request_info = told.request_info._replace(headers={})
        told.args = (told.request_info, ())


def _words(error: Any) -> str:
    """What the error says, without the request, on one line."""
    words: str = getattr(error, "message", None) or str(error)
    # Of what is no HTTP, its status is invented.
    status = f"{error.status} " if type(error).__name__ == "ClientHttpProxyError" else ""
    return status + " ".join(str(words).split())
