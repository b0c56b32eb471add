"""Writes `rules.py`: what the contract demands of requests and answers, as Python data."""

from pprint import pformat
from typing import Any

from friendli_facade.schema import ANNOTATIONS, KEYWORDS, is_object
from scripts.contract import ContractError, Json, operations

_TEMPLATE = '''"""The contract's constraints as data. Written by scripts/generate; never edited."""

from typing import Any, Final, TypedDict


class Operation(TypedDict):
    """Where an operation is sent, what it takes, and what a 200 holds."""

    method: str
    path: str
    server: str
    token: bool
    headers: dict[str, dict[str, Any]]
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
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    success: Json = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    )
    if not success.get("schema"):
        raise ContractError(f"{name}: has no typed 200 answer (application/json with a schema)")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "method": method.upper(),
        "path": path,
        "server": next(iter(servers), ""),
        "token": bool(operation.get("security", document.get("security"))),
        "headers": {
            parameter["name"]: _constraints(parameter["schema"], f"{name}.{parameter['name']}")
            for parameter in parameters
            if parameter["in"] == "header"
        },
        "body": _constraints(body["schema"], f"{name}.body") if "schema" in body else None,
        "response": _constraints(success["schema"], f"{name}.response"),
    }


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
