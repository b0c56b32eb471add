"""Tells the URLs that can be asked from those that cannot."""

import httpx


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
