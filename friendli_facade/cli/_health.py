"""What is configured, and what answers at each endpoint: the facts, and what to do, in words.

A probe is an empty request: it has no prompt, so that nothing can be drawn or paid for.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import attrs
import httpx

_DAY = 86_400
_OFF = 60  # seconds that a clock may be off


@attrs.frozen
class Setting:
    """A setting, its value as it may be shown, and its source; None where it is not set."""

    name: str
    value: str | None
    source: str | None


@attrs.define
class Endpoint:
    """What answers at a server, and what to do about it."""

    surface: str
    server: str
    proxy: str | None = None
    is_reachable: bool = False
    is_ready: bool = False
    status_code: int | None = None
    seconds: float | None = None
    tls: str | None = None
    clock_off: float | None = None
    problem: str | None = None
    advice: list[str] = attrs.field(factory=list[str])


def shown_token(token: str) -> str:
    """The end of a token; nothing of one that is too short to be a token."""
    return f"...{token[-4:]}" if len(token) >= 12 else "(too short to be shown)"


def settings(token: str | None, token_file: str | None) -> Iterator[Setting]:
    """All settings that the library reads of its environment."""
    source = None if token is None else f"--token-file {token_file}" if token_file else None
    shown = None if token is None else shown_token(token)
    yield Setting("token", shown, source or (token and "FRIENDLI_TOKEN"))
    for name, variable in (
        ("team", "FRIENDLI_TEAM"),
        ("server URL", "FRIENDLI_SERVER_URL"),
        ("log", "FRIENDLI_DEBUG"),
        ("certificates", "SSL_CERT_FILE"),
        ("certificates", "SSL_CERT_DIR"),
    ):
        value = os.environ.get(variable) or None
        if value is not None or not variable.startswith("SSL"):
            yield Setting(name, value and _without_user(value), value and variable)
    for scheme, proxy in getproxies().items():
        if scheme in {"http", "https", "all"}:
            yield Setting("proxy", _without_user(proxy), f"{scheme.upper()}_PROXY")
    if os.environ.get("NO_PROXY") or os.environ.get("no_proxy"):
        yield Setting("no proxy for", getproxies().get("no"), "NO_PROXY")


def probe(
    surface: str, operation: Any, server: str, credentials: Mapping[str, str], timeout: float
) -> Endpoint:
    """What answers when an empty request is sent to an operation of a server.

    `credentials` are headers that it is sent if it asks for a token, and the way to it is secret.
    """
    url = server.rstrip("/") + operation["path"]
    found = Endpoint(surface, _without_user(server))
    started = time.monotonic()
    try:
        parts = urlsplit(server)
        is_local = (parts.hostname or "") in {"localhost", "127.0.0.1", "::1"}
        # Plain http to loopback goes through no proxy, and a token over nothing else than this.
        is_direct = is_local and parts.scheme == "http"
        found.proxy = None if is_direct else _proxy(parts.scheme, parts.hostname or "")
        is_secret = operation["token"] and (is_local or parts.scheme == "https")
        headers = dict(credentials) if is_secret else dict[str, str]()
        with (
            httpx.Client(timeout=timeout, trust_env=not is_direct) as http,
            http.stream(operation["method"], url, json={}, headers=headers) as response,
        ):
            found.seconds = round(time.monotonic() - started, 3)
            _read(
                found,
                response,
                needs_token=operation["token"],
                has_token="Authorization" in headers,
            )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        found.problem, advice = _failure(error, found, timeout)
        found.advice.append(advice)
    return found


def _read(found: Endpoint, response: httpx.Response, *, needs_token: bool, has_token: bool) -> None:
    found.is_reachable, found.status_code = True, response.status_code
    stream = response.extensions.get("network_stream")
    secure = stream.get_extra_info("ssl_object") if stream is not None else None
    if secure is not None:
        found.tls = _certificate(found, secure)
    _compare_clocks(found, response.headers.get("Date"))
    match response.status_code:
        case 400 | 422:
            found.is_ready = has_token or not needs_token
            if not found.is_ready:
                found.advice.append("set FRIENDLI_TOKEN, or give --token-file")
        case 401 | 403 if has_token:
            found.problem = f"it refuses the token ({response.status_code})"
            found.advice.append("make a new token, and see that it belongs to this team")
        case 401 | 403:
            found.problem = "it asks for a token"
            found.advice.append("set FRIENDLI_TOKEN, or give --token-file")
        case 404 | 405:
            found.problem = f"something answers there, and not Friendli ({response.status_code})"
            found.advice.append("is the server URL right, without the path of an operation?")
        case code if 300 <= code < 400:
            found.problem = f"it redirects ({code}) to {response.headers.get('Location')}"
            found.advice.append("give the URL that it redirects to, if that is a Friendli")
        case code:
            found.problem = f"it answered {code} to an empty request"
            found.advice.append("try again later, or ask who runs it")


def _certificate(found: Endpoint, secure: ssl.SSLObject) -> str:
    certificate: Any = secure.getpeercert()
    issuer = {name: value for part in certificate["issuer"] for name, value in part}
    ends: str = certificate["notAfter"]
    left = ssl.cert_time_to_seconds(ends) - time.time()
    if left < 14 * _DAY:
        found.advice.append(f"its certificate ends in {left / _DAY:.0f} days")
    by = issuer.get("organizationName") or issuer.get("commonName") or "somebody unnamed"
    return f"{secure.version()}, certificate by {by} until {ends}"


def _compare_clocks(found: Endpoint, date: str | None) -> None:
    try:
        then = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return
    off = (datetime.now(UTC) - then.replace(tzinfo=then.tzinfo or UTC)).total_seconds()
    found.clock_off = round(off)
    if abs(off) > _OFF:
        side = "ahead of" if off > 0 else "behind"
        found.advice.append(f"this clock is {abs(off):.0f} s {side} the server's: set it")


def _failure(error: Exception, found: Endpoint, timeout: float) -> tuple[str, str]:
    """Why nothing answered, and what to do."""
    causes = list(_causes(error))
    certificate = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    match error:
        case httpx.ProxyError():
            why, advice = f"the proxy refuses: {error}", "ask who runs the proxy, or set NO_PROXY"
        case httpx.TimeoutException():
            why = f"no answer within {timeout:g} s"
            advice = "does a firewall drop it, or does it need a proxy?"
        case _ if isinstance(certificate, ssl.SSLCertVerificationError):
            why = f"its certificate is not trusted: {certificate.verify_message}"
            advice = "set SSL_CERT_FILE to the certificates that your network signs with"
        case _ if certificate is not None:
            why, advice = (
                f"TLS fails: {certificate.reason or certificate}",
                "is it http, not https?",
            )
        case _ if any(isinstance(one, socket.gaierror) for one in causes):
            why, advice = "there is no such host", "is the name right, and is there a network?"
        case _ if any(isinstance(one, ConnectionRefusedError) for one in causes):
            whom = "the proxy" if found.proxy else "the container" if _is_container(found) else "it"
            why, advice = "the connection is refused", f"does {whom} run, at this address and port?"
        case _:
            why = str(error) or type(error).__name__
            advice = "is it a server of HTTP, and reachable?"
    return why, advice


def _is_container(found: Endpoint) -> bool:
    return found.surface == "container"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _proxy(scheme: str, host: str) -> str | None:
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return None if proxy is None or proxy_bypass(host) else _without_user(proxy)


def _without_user(url: str) -> str:
    head, at, tail = url.rpartition("@")
    scheme, mark, _ = head.partition("://")
    return f"{scheme}{mark}{tail}" if mark else tail if at else url
