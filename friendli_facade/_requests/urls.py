"""Tells the URLs that can be asked from those that cannot."""

import re
from base64 import b64encode
from functools import lru_cache
from ipaddress import ip_address

import httpx

_USERINFO = re.compile(r"\A([a-z][a-z0-9+.-]*://)?.*@", re.IGNORECASE | re.DOTALL)


def parsed(text: str) -> httpx.URL:
    """The http(s) URL that a text is; raises ValueError, which says why it is none.

    httpx leaves some of this to the socket, whose errors are none of httpx's.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    if url.scheme not in {"http", "https"}:
        raise ValueError(f"its scheme is {url.scheme or 'missing'}, not http or https")
    if not url.host:
        raise ValueError("it has no host")
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError("its port is not one from 1 to 65535")
    url.raw_host.decode("ascii").encode("idna")  # no label is empty, or longer than 63
    return url


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, 127.0.0.1 and its like, or ::1."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(text: str) -> str:
    """What may be shown of a URL, be it valid or not: all but what stands before its last `@`."""
    return _USERINFO.sub(r"\1***@", text)


def login(url: httpx.URL) -> str | None:
    """The Authorization header that user and password of a URL make, if it has any."""
    if not url.userinfo:
        return None
    return f"Basic {b64encode(f'{url.username}:{url.password}'.encode()).decode()}"
