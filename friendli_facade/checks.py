"""Everything that can be wrong with a call before it is sent.

The contract's own rules come from `friendli_api.rules`; what no schema can say stands here:
as many weights as control images, nothing empty, numbers that JSON knows, text that UTF-8
knows, headers that HTTP knows.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from friendli_api.rules import OPERATIONS, SCHEMAS

from friendli_facade import urls
from friendli_facade.keywords import is_array, is_object
from friendli_facade.schema import Check, Schemas
from friendli_facade.violations import Violation, shortened

_schemas = Schemas(SCHEMAS)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?")
_OWN_HEADERS = {"content-length", "content-type", "host", "transfer-encoding"}
_MOST_BITS = 14_000  # of an integer; Python refuses to write more than 4300 digits


@cache
def body_check(operation: str) -> Check:
    """The contract's rules for the request body of an operation, compiled once."""
    return _schemas.compile(OPERATIONS[operation]["body"] or {})


@cache
def response_check(operation: str) -> Check:
    """The contract's rules for a 200 of an operation, compiled once."""
    return _schemas.compile(OPERATIONS[operation]["response"])


def body(operation: str, content: Mapping[str, Any], found: Sequence[Violation]) -> list[Violation]:
    """What is wrong with a request body: at most one entry for each argument.

    `found` are the violations of pictures, which were refused before they came into the body.
    """
    found = [*found, *_unencodable(content, ""), *_empty(content)]
    body_check(operation)(content, "", found)
    if all(violation.argument != "control_images" for violation in found):
        found += _unpaired_weights(content)
    # The first complaint about an argument is the most telling: NaN is also "below 0".
    return list({violation.argument: violation for violation in reversed(found)}.values())[::-1]


def _unencodable(value: Any, path: str) -> Iterator[Violation]:
    """What JSON, or its encoding, cannot hold."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not _is_utf8(value):
            rule = "must be text that UTF-8 can encode: it has half of a surrogate pair"
            yield Violation(path, rule, shortened(value))
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Violation(path, "must be finite", shortened(value))
    elif isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            yield Violation(path, "must have fewer digits", shortened(value))
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _unencodable(item, f"{path}[{index}]")
    elif is_object(value):
        for name, item in value.items():
            yield from _unencodable(item, f"{path}.{name}" if path else str(name))


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _empty(content: Mapping[str, Any]) -> Iterator[Violation]:
    for name in ("prompt", "model"):
        if content.get(name) == "":
            yield Violation(name, "must not be empty")


def _unpaired_weights(content: Mapping[str, Any]) -> Iterator[Violation]:
    weights, images = content.get("controlnet_weights"), content.get("control_images")
    if not is_array(weights):
        return
    if not is_array(images):
        yield Violation("controlnet_weights", "must not be given without control_images")
    elif len(weights) != len(images):
        rule = f"must be as many as control_images ({len(images)})"
        yield Violation("controlnet_weights", rule, str(len(weights)))


def headers(argument: str, values: object) -> Iterator[Violation]:
    """What is wrong with headers that a caller adds."""
    if not is_object(values):
        yield Violation(argument, "must be a mapping of names to values", shortened(values))
        return
    for name, value in values.items():
        place = f"{argument}[{shortened(name)}]"
        if not _HEADER_NAME.fullmatch(str(name)):
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


def server_url(value: object, *, token: bool) -> Iterator[Violation]:
    """What is wrong with a server URL, to which a token is sent or not."""
    parts = _server(value)
    if parts is None:
        rule = "must be an http(s) URL without query or fragment"
        yield Violation("server_url", rule, shortened(value))
    elif token and parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        rule = "must be https, or loopback, where the token is sent"
        yield Violation("server_url", rule, shortened(value))


def _server(url: object) -> SplitResult | None:
    if not isinstance(url, str) or re.search(r"[\s\x00-\x1f\x7f?#]", url):
        return None
    try:
        urls.parsed(url)
        return urlsplit(url)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))
