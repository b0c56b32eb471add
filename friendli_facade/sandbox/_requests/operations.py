"""The operations that the contract declares, each with a compiled check of its bodies."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType]


def _is_unicode(_checker: object, value: object) -> bool:
    """Whether a JSON string is text: an escaped half of a surrogate pair parses, but is none."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


BodyValidator: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("string", _is_unicode),
)


@frozen(eq=False)
class Operation:
    """A POST of the contract: what its bodies may hold, and the shape of its answer."""

    path: str
    needs_token: bool
    fields: Mapping[str, Mapping[str, Any]]
    validator: Validator
    # A dedicated endpoint answers with a list of items, a container with one bare picture.
    is_dedicated: bool

    def argument(self, body: Mapping[str, Any], name: str) -> Any:
        """The value of a field; where there is none or null, the contract's default or None."""
        value = body.get(name)
        return self.fields.get(name, {}).get("default") if value is None else value


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation by its path."""
    text = resources.files("friendli_api").joinpath("openapi.json").read_text("utf-8")
    return {operation.path: operation for operation in _operations(json.loads(text))}


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        declared = methods["post"]
        body = _schema(document, declared["requestBody"])
        yield Operation(
            path=path,
            needs_token=bool(declared.get("security", document.get("security"))),
            fields=body["properties"],
            # With the components beside it, the schema is a document that its own
            # references resolve in.
            validator=BodyValidator({**body, "components": document["components"]}),
            is_dedicated="data" in _schema(document, declared["responses"]["200"])["properties"],
        )


def _schema(document: Mapping[str, Any], message: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = message["content"]["application/json"]["schema"]
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema  # type: ignore[no-any-return]
