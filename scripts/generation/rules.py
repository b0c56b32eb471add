"""Writes `rules.py`: what the contract demands of requests and answers, as Python data."""

from pprint import pformat
from typing import Any

from friendli_facade._rules.constraints import ANNOTATIONS, KEYWORDS
from friendli_facade._rules.json_types import is_object
from scripts.contract.documents import ContractError, Json, operations

_JSON = "application/json"
TYPICAL_ANSWER = f"200 {_JSON}"
_TEMPLATE = '''"""The contract's constraints as data. Written by scripts/generate; never edited."""

from typing import Any, Final, TypedDict


Parameter = TypedDict("Parameter", {{"in": str, "required": bool, "schema": dict[str, Any]}})


class Operation(TypedDict):
    """Where an operation is sent, what it takes, and what its answer holds."""

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
    found = {
        operation["operationId"]: _operation(path, method, operation)
        for path, method, _, operation in operations(document)
    }
    return _TEMPLATE.format(
        schemas=pformat(schemas, sort_dicts=False), operations=pformat(found, sort_dicts=False)
    )


def _operation(path: str, method: str, operation: Json) -> Json:
    name = operation["operationId"]
    body = _preferred(operation.get("requestBody", {}).get("content", {}))
    for parameter in operation.get("parameters", ()):
        if "content" in parameter:
            place = f"{name}.{parameter['name']}"
            raise ContractError(
                f"{place}: a parameter with `content` cannot be sent, only a schema"
            )
    return {
        "method": method.upper(),
        # A fragment tells two operations on one path apart in the document; it is not sent.
        "path": path.partition("#")[0],
        "server": operation.get("servers", [{"url": ""}])[0]["url"],
        "token": needs_token(operation),
        "parameters": {
            parameter["name"]: {
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": _constraints(parameter.get("schema", {}), f"{name}.{parameter['name']}"),
            }
            for parameter in operation.get("parameters", ())
        },
        "body": _constraints(body["schema"], f"{name}.body") if "schema" in body else None,
        "response": _response(operation),
    }


def answer(operation: Json) -> tuple[str, Any]:
    """What an operation answers when all is well, in a word or two, and the schema of it.

    `200 application/json` is typical. Without a schema the media type is left out (`204`); the
    schema of `200 text/event-stream` is that of one event.
    """
    codes = sorted(
        (code for code in operation.get("responses", ()) if code.startswith("2")), key=_last
    )
    if not codes:
        return "nothing", {}
    content: Json = operation["responses"][codes[0]].get("content", {})
    place = f"{operation['operationId']}.response"
    schemas = {
        media_type: _constraints(media.get("schema"), place)
        for media_type, media in content.items()
    }
    typed = [media_type for media_type in schemas if schemas[media_type]]
    if not typed:
        return codes[0], {}
    media_type = _JSON if _JSON in typed else typed[0]
    return f"{codes[0]} {media_type}", schemas[media_type]


def _last(code: str) -> tuple[bool, str]:
    return code != "200", code


def _response(operation: Json) -> Any:
    """The schema of the answer; raises ContractError for one that nobody asked for.

    A client is worth little without typed results, so an answer that is not typical must be
    named by the overlay, as the operation's `x-answer`.
    """
    name, found = operation["operationId"], answer(operation)
    expected = str(operation.get("x-answer", TYPICAL_ANSWER))
    if found[0] == expected:
        return found[1]
    if expected == TYPICAL_ANSWER:
        raise ContractError(f"{name}: has no typed 200 answer (application/json with a schema)")
    raise ContractError(f"{name}: its x-answer is {expected!r}, but it answers {found[0]!r}")


def _preferred(content: dict[str, Json]) -> Json:
    """The JSON form of a content, or its first."""
    forms = [content[_JSON]] if _JSON in content else list(content.values())
    return forms[0] if forms else {}


def needs_token(operation: Json) -> bool:
    """Whether an operation is answered only where something is sent that says who asks."""
    security: list[Json] = operation.get("security", [])
    return bool(security) and all(security)


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
