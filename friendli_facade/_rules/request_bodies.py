"""Everything that can be wrong with a request body before it is sent.

The contract's own rules come from `friendli_api.rules`; what no schema can say stands here:
as many weights as control images, nothing empty, numbers that JSON knows, text that UTF-8
knows.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from friendli_api.rules import OPERATIONS, SCHEMAS

from friendli_facade._rules.keywords import is_array, is_object
from friendli_facade._rules.schemas import Check, Schemas
from friendli_facade._rules.violations import Violation, shortened

_schemas = Schemas(SCHEMAS)
_MOST_BITS = 14_000  # of an integer; Python refuses to write more than 4300 digits


@cache
def body_check(operation: str) -> Check:
    """The contract's rules for the request body of an operation, compiled once."""
    return _schemas.compile(OPERATIONS[operation]["body"] or {})


@cache
def response_check(operation: str) -> Check:
    """The contract's rules for a 200 of an operation, compiled once."""
    return _schemas.compile(OPERATIONS[operation]["response"])


def violations(
    operation: str, content: Mapping[str, Any], found: Sequence[Violation]
) -> list[Violation]:
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
