"""A client's settings, and the requests that they make of calls."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, cast

import attrs
import httpx
from friendli_api.rules import OPERATIONS
from friendli_api.types import UNSET, Unset

import friendli_facade
from friendli_facade import checks
from friendli_facade.calls import Call, Timeout
from friendli_facade.errors import ValidationError
from friendli_facade.utils import RetryConfig
from friendli_facade.violations import Violation, shortened

# Drawing takes seconds to minutes: a short read timeout would lose pictures that are paid for.
DEFAULT_TIMEOUT = httpx.Timeout(connect=5, read=600, write=600, pool=None)
_HTTPX_DEFAULT_TIMEOUT = httpx.Timeout(5)
_DEFAULT_RETRIES = RetryConfig()
_NO_RETRIES = RetryConfig("none")


class Token:
    """A secret that no repr, log or pickle shows."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "'***'" if self else "None"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled: make a client in each process")

    def violations(self) -> Iterator[Violation]:
        """What is wrong with it as a header's value."""
        return checks.header_value("token", self._value)

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"


@attrs.frozen
class Prepared:
    """A call that was found right, ready to be sent.

    `token` is whether the client's token goes along; it comes last, into the request itself.
    """

    method: str
    url: str
    headers: dict[str, str] = attrs.field(repr=False)
    content: bytes = attrs.field(repr=False)
    timeout: httpx.Timeout
    retries: RetryConfig
    token: bool


@attrs.frozen
class Settings:
    """What holds for every call of a client, unless the call says otherwise."""

    token: Token
    x_friendli_team: str | None
    server_url: str | None
    timeout: Timeout
    retries: RetryConfig | None | Unset
    max_response_bytes: int
    allow_insecure_http: bool

    def violations(self) -> list[Violation]:
        """What is wrong with the client's own arguments."""
        found = list(self.token.violations()) if self.token else []
        if self.x_friendli_team is not None:
            found += checks.header_value("x_friendli_team", self.x_friendli_team)
        if self.server_url is not None:
            found += checks.server_url(self.server_url, token=False)
        found += _timeout(self.timeout)
        found += _retries(self.retries)
        largest = cast("object", self.max_response_bytes)
        if not isinstance(largest, int) or isinstance(largest, bool) or largest < 1:
            rule = "must be an integer of at least 1"
            found.append(Violation("max_response_bytes", rule, shortened(largest)))
        return found

    def prepare(self, call: Call[Any], client_timeout: httpx.Timeout) -> Prepared:
        """The request of a call; raises ValidationError with everything that is wrong.

        `client_timeout` is that of the httpx client, which counts where nobody set another.
        """
        operation, options = OPERATIONS[call.operation], call.options
        server = self.server_url if options.server_url is None else options.server_url
        server = operation["server"] if server is None else server
        team = self.x_friendli_team if call.x_friendli_team is None else call.x_friendli_team
        own = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "Content-Type": "application/json",
            "User-Agent": f"friendli-facade/{friendli_facade.__version__}",
        }
        found = checks.body(call.operation, call.body, call.violations)
        found += checks.server_url(
            server, token=operation["token"] and not self.allow_insecure_http
        )
        found += _timeout(options.timeout)
        found += _retries(options.retries)
        if "X-Friendli-Team" in operation["parameters"] and team is not None:
            found += checks.header_value("x_friendli_team", team)
            own["X-Friendli-Team"] = team
        if options.http_headers is not None:
            found += checks.headers("http_headers", options.http_headers)
        if operation["token"] and not self.token:
            rule = "is required on dedicated endpoints: pass token=... or set FRIENDLI_TOKEN"
            found.append(Violation("token", rule))
        if found:
            raise ValidationError(found)
        return Prepared(
            method=operation["method"],
            url=server.rstrip("/") + operation["path"],
            headers=_merged(own, options.http_headers or {}),
            content=_encoded(call.body),
            timeout=self._timeout(options.timeout, client_timeout),
            retries=self._retries(options.retries),
            token=operation["token"],
        )

    def _retries(self, retries: RetryConfig | None | Unset) -> RetryConfig:
        chosen = self.retries if isinstance(retries, Unset) else retries
        return _DEFAULT_RETRIES if isinstance(chosen, Unset) else chosen or _NO_RETRIES

    def _timeout(self, timeout: Timeout, client_timeout: httpx.Timeout) -> httpx.Timeout:
        for chosen in (timeout, self.timeout):
            if not isinstance(chosen, Unset):
                return chosen if isinstance(chosen, httpx.Timeout) else httpx.Timeout(chosen)
        # httpx's own default of five seconds is nobody's choice.
        return DEFAULT_TIMEOUT if client_timeout == _HTTPX_DEFAULT_TIMEOUT else client_timeout


def _retries(value: object) -> Iterator[Violation]:
    if value is not None and value is not UNSET and not isinstance(value, RetryConfig):
        yield Violation("retries", "must be a utils.RetryConfig or None", shortened(value))


def _merged(own: dict[str, str], further: Mapping[str, str]) -> dict[str, str]:
    """Both sets of headers; the caller's win, whatever their case."""
    chosen = {name.lower() for name in further}
    kept = {name: value for name, value in own.items() if name.lower() not in chosen}
    return {**kept, **further}


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _timeout(value: object) -> Iterator[Violation]:
    if value is None or value is UNSET or isinstance(value, httpx.Timeout):
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        rule = "must be seconds, an httpx.Timeout or None"
    elif math.isfinite(value) and value > 0:
        return
    else:
        rule = "must be more than 0 seconds (None waits without limit)"
    yield Violation("timeout", rule, shortened(value))
