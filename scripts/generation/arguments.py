"""The contract's operations under the facade's names: functions and their arguments."""

import re
from typing import Any

import attrs

from scripts.contract.documents import Json
from scripts.contract.sample_values import Values


@attrs.frozen
class Field:
    """An argument as the contract has it: a property of the body, or a header."""

    schema: Any
    required: bool
    in_body: bool
    description: str


def function_name(operation: str) -> str:
    """Where the facade has an operation: `dedicated.edit` for `dedicatedImagesEdit`."""
    surface, *further = re.findall(r"[A-Z]?[a-z0-9]+", operation)
    return f"{surface}.{'_'.join(further[1:] or further).lower()}"


def of_operation(document: Json, operation: Json) -> dict[str, Field]:
    """What an operation of the contract takes, under the names of the facade's arguments."""
    found: dict[str, Field] = {}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"].replace("-", "_").lower()
        required = parameter.get("required", False)
        words = parameter.get("description", "")
        found[name] = Field(
            parameter.get("schema", True), required, in_body=False, description=words
        )
    body = body_schema(document, operation)
    for name, schema in body.get("properties", {}).items():
        required = name in body.get("required", ())
        found[name] = Field(
            schema, required, in_body=True, description=schema.get("description", "")
        )
    return found


def body_schema(document: Json, operation: Json) -> Json:
    """The schema of an operation's JSON body; an empty one where it has none."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return dict(Values(document).referred(schema))
