"""Describes calls: from an operation's keyword arguments to what is sent, by the contract.

Everything here is the same in sync and async. Which arguments are pictures, and what None means
for each, the contract says.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import attrs
from friendli_api import models, types
from friendli_api.rules import OPERATIONS, SCHEMAS

from friendli_facade._inputs.arguments import Inputs
from friendli_facade._requests import headers
from friendli_facade._rules.json_values import Unknown, exact, plain
from friendli_facade._rules.violations import Violation, refusals, shortened
from friendli_facade.utils import UNSET, RetryConfig, Timeout, Unset

_IMAGE = {"$ref": "#/components/schemas/ImageInput"}


@attrs.frozen
class Options:
    """What a call may set for itself alone, beside the operation's own arguments."""

    retries: RetryConfig | None | Unset = UNSET
    server_url: str | None = attrs.field(default=None, repr=False)
    timeout: Timeout = UNSET
    http_headers: Mapping[str, str] | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Call:
    """What a call sends; `inputs` are its pictures, still to be read."""

    operation: str
    body: Mapping[str, Any] = attrs.field(repr=False)
    options: Options
    inputs: Inputs
    x_friendli_team: str | None = attrs.field(repr=False)


@attrs.frozen
class _Field:
    """How an argument comes into the body: the conversion, and whether None is left out."""

    name: str
    convert: Callable[[Inputs, str, Any], Any]
    is_required: bool
    drops_none: bool


def describe(operation: str, arguments: Mapping[str, Any]) -> Call:
    """The call of an operation with these arguments.

    What was not given is not sent. None is sent where the contract has null, and left out of any
    other field; where such a field is required, the rules refuse it.
    """
    model, fields = _plan(operation)
    inputs = Inputs()
    body: dict[str, Any] = {}
    for field in fields:
        value = arguments.get(field.name, UNSET)
        if value is UNSET and field.is_required:
            value = None
        is_unset = value is UNSET or (value is None and field.drops_none)
        body[field.name] = types.UNSET if is_unset else field.convert(inputs, field.name, value)
    return Call(
        operation=operation,
        body=model(**body).to_dict(),
        options=_options(arguments, inputs.violations),
        inputs=inputs,
        x_friendli_team=exact(arguments.get("x_friendli_team")),
    )


_OPTIONS = tuple(field.name for field in attrs.fields(Options))


def _options(arguments: Mapping[str, Any], found: list[Violation]) -> Options:
    chosen = {name: exact(arguments[name]) for name in _OPTIONS if name in arguments}
    chosen["http_headers"] = headers.taken(chosen.get("http_headers"), found)
    return Options(**chosen)


@cache
def _plan(operation: str) -> tuple[Any, list[_Field]]:
    """The generated model of an operation's body, and how its fields are filled."""
    name = (OPERATIONS[operation]["body"] or {})["$ref"].rpartition("/")[2]
    schema = SCHEMAS[name]
    fields: list[_Field] = []
    for argument, rules in schema["properties"].items():
        branches: list[Any] = rules.get("anyOf", [rules])
        is_required = argument in schema["required"]
        drops_none = {"type": "null"} not in branches and not is_required
        fields.append(_Field(argument, _conversion(branches), is_required, drops_none))
    return getattr(models, name), fields


def _conversion(branches: list[Any]) -> Callable[[Inputs, str, Any], Any]:
    if _IMAGE in branches:
        return Inputs.one_or_more
    return Inputs.many if any(one.get("items") == _IMAGE for one in branches) else _plain


def _plain(inputs: Inputs, argument: str, value: object) -> Any:
    with refusals(argument, value, inputs.violations):
        return plain(value)
    return Unknown(shortened(value))
