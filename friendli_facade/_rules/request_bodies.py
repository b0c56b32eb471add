"""Everything that can be wrong with a request body before it is sent.

The contract's own rules come from `friendli_api.rules`; what no schema can say stands here:
as many weights as control images, nothing empty, numbers that JSON knows, text that UTF-8
knows, and nothing for which JSON has no type.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from friendli_api.rules import OPERATIONS, SCHEMAS

from friendli_facade._rules.json_types import is_array, is_object
from friendli_facade._rules.json_values import Unknown
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

    `found` are the violations of what was refused before it came into the body. `content` is in
    JSON's own types, with `Unknown` where there is none.
    """
    values = list(_values(content, ""))
    found = [*found, *_unencodable(values), *_empty(content)]
    body_check(operation)(content, "", found)
    if all(violation.argument != "control_images" for violation in found):
        found += _unpaired_weights(content)
    # Where the contract has said what an argument must be, what is inside of it does not matter.
    said = tuple(violation.argument for violation in found)
    found += [
        violation for violation in _unknown(values) if not violation.argument.startswith(said)
    ]
    # The first complaint about an argument is the most telling: NaN is also "below 0".
    return list({violation.argument: violation for violation in reversed(found)}.values())[::-1]


def _values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """All that is neither list nor object in `value`, each with its path."""
    if is_array(value):
        for index, item in enumerate(value):
            yield from _values(item, f"{path}[{index}]")
    elif is_object(value):
        for name, item in value.items():
            shown = name if name.isidentifier() else shortened(name)
            yield from _values(item, f"{path}.{shown}" if path else shown)
    else:
        yield path, value


def _unencodable(values: Iterable[tuple[str, Any]]) -> Iterator[Violation]:
    """What JSON, or its encoding, cannot hold."""
    for path, value in values:
        match value:
            case str() if not _is_utf8(value):
                rule = "must be text that UTF-8 can encode: it has half of a surrogate pair"
            case float() if not math.isfinite(value):
                rule = "must be finite"
            case int() if value.bit_length() > _MOST_BITS:
                rule = "must have fewer digits"
            case _:
                continue
        yield Violation(path, rule, shortened(value))


def _unknown(values: Iterable[tuple[str, Any]]) -> Iterator[Violation]:
    """What JSON has no type for, and the contract no rule."""
    for path, value in values:
        if isinstance(value, Unknown):
            rule = "must be a string, number, bool, None, list or mapping, as JSON has them"
            yield Violation(path, rule, shortened(value))


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
