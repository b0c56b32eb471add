"""What can be wrong with the settings of a client, or of a call, before it is sent."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import httpx

from friendli_facade._requests import urls
from friendli_facade._rules.json_types import is_number, is_object
from friendli_facade._rules.violations import Violation, shortened
from friendli_facade.utils import RetryConfig, Unset

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?")
_LONGEST = 1_000_000_000  # seconds; sockets and event loops cannot count much further
_MOST_RETRIES = 1_000  # a number beyond is no number of retries
_OWN_HEADERS = {"content-length", "content-type", "host", "transfer-encoding"}


def headers(argument: str, values: object) -> Iterator[Violation]:
    """What is wrong with headers that a caller adds."""
    if not is_object(values):
        rule = f"must be a mapping of names to values, not {type(values).__name__}"
        yield Violation(argument, rule)  # they may be secret, and are not shown
        return
    for name, value in cast("Mapping[object, object]", values).items():
        place = f"{argument}[{shortened(name)}]"
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            yield Violation(place, "must be a header name as HTTP has it: letters, digits, -")
        elif name.lower() in _OWN_HEADERS:
            yield Violation(place, "must be left to the client: it belongs to the request itself")
        else:
            yield from header_value(place, value)


def header_value(argument: str, value: object) -> Iterator[Violation]:
    """What is wrong with a header's value; it may be a secret, so it is not shown."""
    if not isinstance(value, str):
        yield Violation(argument, f"must be a string, not {type(value).__name__}")
    elif not _HEADER_VALUE.fullmatch(value):
        rule = "must be visible ASCII without a line break or white space around it"
        yield Violation(argument, f"{rule}: HTTP headers cannot hold more")


def token(value: object, argument: str) -> Iterator[Violation]:
    """What is wrong with a token, which is not shown."""
    if isinstance(value, str) and value.lower().startswith("bearer "):
        rule = "must be the token alone, without 'Bearer' before it: the client adds that"
        yield Violation(argument, rule)
    else:
        yield from header_value(argument, value)


def server_url(
    value: object, argument: str, *, token: bool, paths: tuple[str, ...] = ()
) -> Iterator[Violation]:
    """What is wrong with a server URL, to which a token is sent or not, and `paths` are added."""
    is_server, is_safe = _judged(value) if isinstance(value, str) else (False, False)
    if not is_server:
        rule = "must be an http(s) URL without query or fragment"
    elif token and not is_safe:
        rule = "must be https, or loopback, where the token is sent"
    elif isinstance(value, str) and value.rstrip("/").endswith(paths):
        rule = "must not hold an operation's path, which the client adds"
    else:
        return
    shown = urls.without_password(value) if isinstance(value, str) else value
    yield Violation(argument, rule, shortened(shown))


@lru_cache(maxsize=256)
def _judged(url: str) -> tuple[bool, bool]:
    """Whether a URL is a server's, and whether a token may go there."""
    if re.search(r"[\s\x00-\x1f\x7f?#]", url):
        return False, False
    try:
        urls.parsed(url)
        parts = urlsplit(url)
    except ValueError:
        return False, False
    return True, parts.scheme == "https" or urls.is_loopback(parts.hostname or "")


def timeout(argument: str, value: object) -> Iterator[Violation]:
    """What is wrong with a timeout, or with a step of an `httpx.Timeout`."""
    if isinstance(value, Unset):
        return
    if not isinstance(value, httpx.Timeout):
        yield from _seconds(argument, value, "seconds, an httpx.Timeout or None")
        return
    # httpx takes anything here, and fails only after the request was sent.
    for step, limit in value.as_dict().items():
        yield from _seconds(f"{argument}.{step}", limit, "seconds or None")


def _seconds(argument: str, value: object, kinds: str) -> Iterator[Violation]:
    if value is None:
        return
    if not is_number(value):
        yield Violation(argument, f"must be {kinds}", shortened(value))
    elif not 0 < value <= _LONGEST:
        rule = f"must be more than 0 seconds and at most {_LONGEST:,} (None waits without limit)"
        yield Violation(argument, rule, shortened(value))


def retries(value: object) -> Iterator[Violation]:
    """What is wrong with a retry configuration."""
    if value is not None and not isinstance(value, RetryConfig | Unset):
        rule = f"must be a utils.RetryConfig or None{_meant(value)}"
        yield Violation("retries", rule, shortened(value))


def _meant(value: object) -> str:
    """How to write the number of retries that `value` is."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST_RETRIES:
        return ""
    if value == 0:
        return " (None is for no retries)"
    times = "once" if value == 1 else f"{value} times"
    return f" (utils.RetryConfig(max_attempts={value + 1}) repeats a call {times} at most)"
