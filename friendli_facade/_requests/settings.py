"""A client's settings."""

from collections.abc import Iterator, Mapping
from inspect import isawaitable, iscoroutine, iscoroutinefunction
from typing import Any, NoReturn, cast

import attrs
import httpx

from friendli_facade._cache import Cache
from friendli_facade._requests import option_rules
from friendli_facade._requests.time_limits import DEFAULT_TIMEOUT, TimeLimits
from friendli_facade._requests.urls import without_password
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.errors import ValidationError
from friendli_facade.utils import RetryConfig, Timeout, Unset

_HTTPX_DEFAULT_TIMEOUT = httpx.Timeout(5)
_DEFAULT_RETRIES = RetryConfig()
_NO_RETRIES = RetryConfig("none")
_PLAIN = "must be a text, or a function that gives one without being awaited, for SyncFriendli"


class Token:
    """A secret that no repr, log or pickle shows, or the function that gives it for a request."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value: Any = value

    def __repr__(self) -> str:
        return "'***'" if self else "None"

    def __bool__(self) -> bool:
        return self.is_function or bool(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled: make a client in each process")

    @property
    def is_function(self) -> bool:
        """Whether it is one that gives a token."""
        return callable(self._value)

    def violations(self, *, is_async: bool) -> Iterator[Violation]:
        """What is wrong with it as far as can be told before a request."""
        if not callable(self._value):
            yield from option_rules.token(self._value, "token")
        elif iscoroutinefunction(self._value) and not is_async:
            yield Violation("token", _PLAIN)

    def header(self) -> str:
        """The value of the Authorization header; asks the function, and raises ValidationError."""
        if not callable(self._value):
            return self._bearer()
        given = Token(self._value())
        if isawaitable(given._value):
            if iscoroutine(given._value):
                given._value.close()
            raise ValidationError([Violation("token", _PLAIN)])
        return given._checked()

    async def aheader(self) -> str:
        """The same of a function, which may have to be awaited."""
        given = Token(self._value())
        return (Token(await given._value) if isawaitable(given._value) else given)._checked()

    def _bearer(self) -> str:
        return f"Bearer {self._value}"

    def _checked(self) -> str:
        found = list(option_rules.token(self._value, "what the function token gave"))
        if found:
            raise ValidationError(found)
        return self._bearer()


@attrs.frozen
class Settings:
    """What holds for every call of a client, unless the call says otherwise."""

    token: Token
    token_name: str  # where it comes from: an argument or a variable
    x_friendli_team: str | None
    server_url: str | None = attrs.field(repr=lambda url: repr(url and without_password(url)))
    server_url_name: str  # where it comes from: an argument or a variable
    timeout: Timeout
    retries: RetryConfig | None | Unset
    http_headers: Mapping[str, str] | None = attrs.field(repr=False)
    max_response_bytes: int
    allow_insecure_http: bool
    cache: Cache | None = None

    def violations(self, *, is_async: bool) -> list[Violation]:
        """What is wrong with the own arguments of a client, which is async or not."""
        found = list(self.token.violations(is_async=is_async)) if self.token else []
        if self.x_friendli_team is not None:
            found += option_rules.header_value("x_friendli_team", self.x_friendli_team)
        if self.server_url is not None:
            found += option_rules.server_url(self.server_url, self.server_url_name, token=False)
        found += option_rules.timeout("timeout", self.timeout)
        found += option_rules.retries(self.retries)
        if self.http_headers is not None:
            found += option_rules.headers("http_headers", self.http_headers)
        largest = cast("object", self.max_response_bytes)
        if not isinstance(largest, int) or isinstance(largest, bool) or largest < 1:
            rule = "must be an integer of at least 1"
            found.append(Violation("max_response_bytes", rule, shortened(largest)))
        return found

    def retries_of(self, retries: RetryConfig | None | Unset) -> RetryConfig:
        """How a call is repeated that has this configuration of its own, if any."""
        chosen = self.retries if isinstance(retries, Unset) else retries
        return _DEFAULT_RETRIES if isinstance(chosen, Unset) else chosen or _NO_RETRIES

    def time_limits(self, timeout: Timeout, client_timeout: httpx.Timeout) -> TimeLimits:
        """How long a call may take that has this timeout of its own, if any.

        `client_timeout` is that of the httpx client, which counts where nobody set another.
        """
        for chosen in (timeout, self.timeout):
            if not isinstance(chosen, Unset):
                return TimeLimits.of(chosen)
        # httpx's own default of five seconds is nobody's choice.
        is_chosen = client_timeout != _HTTPX_DEFAULT_TIMEOUT
        return TimeLimits.of(client_timeout if is_chosen else DEFAULT_TIMEOUT)
