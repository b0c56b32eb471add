"""Writes `rules.py`: what the contract demands of requests and answers, as Python data."""

from collections.abc import Iterator
from pprint import pformat
from typing import Any

from friendli_facade.keywords import ANNOTATIONS, KEYWORDS, is_object
from scripts.contract import ContractError, Json, operations

_TEMPLATE = '''"""The contract's constraints as data. Written by scripts/generate; never edited."""

from typing import Any, Final, TypedDict


Parameter = TypedDict("Parameter", {{"in": str, "required": bool, "schema": dict[str, Any]}})


class Operation(TypedDict):
    """Where an operation is sent, what it takes, and what a 200 holds."""

    method: str
    path: str
    server: str
    token: bool
    parameters: dict[str, Parameter]
    body: dict[str, Any] | None
    response: dict[str, Any]


SCHEMAS: Final[dict[str, dict[str, Any]]] = {schemas}

OPERATIONS: Final[dict[str, Operation]] = {operations}
'''


def source(document: Json) -> str:
    """The text of `rules.py`; raises ContractError for what the rules cannot express."""
    schemas = {
        name: _constraints(schema, f"components.schemas.{name}")
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    }
    found: dict[str, Any] = {}
    for path, method, item, operation in operations(document):
        name = operation["operationId"]
        if name in found:
            raise ContractError(f"{name}: two operations have this operationId")
        found[name] = _operation(path, method, item, operation, document)
    return _TEMPLATE.format(
        schemas=pformat(schemas, sort_dicts=False), operations=pformat(found, sort_dicts=False)
    )


def _operation(path: str, method: str, item: Json, operation: Json, document: Json) -> Json:
    name = operation["operationId"]
    places: list[Json] = [operation, item, document]
    servers: list[str] = [server["url"] for place in places for server in place.get("servers", [])]
    success: Json = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    )
    if not _constraints(success.get("schema"), f"{name}.response"):
        raise ContractError(f"{name}: has no typed 200 answer (application/json with a schema)")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "method": method.upper(),
        "path": path,
        "server": next(iter(servers), ""),
        "token": needs_token(operation.get("security", document.get("security", []))),
        "parameters": {
            parameter["name"]: {
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": _constraints(parameter.get("schema", {}), f"{name}.{parameter['name']}"),
            }
            for parameter in parameters(item, operation, document)
        },
        "body": _constraints(body["schema"], f"{name}.body") if "schema" in body else None,
        "response": _constraints(success["schema"], f"{name}.response"),
    }


def needs_token(security: Any) -> bool:
    """Whether no alternative of a security requirement is to send nothing."""
    return bool(security) and all(security)


def parameters(item: Json, operation: Json, document: Json) -> Iterator[Json]:
    """The parameters of an operation, those that only refer to one looked up."""
    for parameter in [*item.get("parameters", []), *operation.get("parameters", [])]:
        if "$ref" in parameter:
            yield document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        else:
            yield parameter


def _constraints(schema: Any, place: str) -> Any:
    """`schema` without what only describes; raises ContractError for an unknown keyword."""
    if not is_object(schema):
        return schema
    kept: Json = {}
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS or keyword.startswith("x-"):
            continue
        if keyword not in KEYWORDS:
            raise ContractError(f"{place}: the rules engine does not know the keyword {keyword!r}")
        match keyword:
            case "properties":
                kept[keyword] = {
                    name: _constraints(part, f"{place}.{name}") for name, part in value.items()
                }
            case "items" | "additionalProperties":
                kept[keyword] = _constraints(value, f"{place}.{keyword}")
            case "anyOf" | "oneOf" | "allOf" | "prefixItems":
                kept[keyword] = [
                    _constraints(part, f"{place}.{keyword}[{index}]")
                    for index, part in enumerate(value)
                ]
            case _:
                kept[keyword] = value
    return kept
