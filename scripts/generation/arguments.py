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
    deprecated: bool


def function_name(operation: str) -> str:
    """Where the facade has an operation: `dedicated.edit` for `dedicatedImagesEdit`."""
    surface, *further = re.findall(r"[A-Z]?[a-z0-9]+", operation)
    return f"{surface}.{'_'.join(further[1:] or further).lower()}"


def argument_name(parameter: str) -> str:
    """What the facade calls a parameter: `x_friendli_team` for `X-Friendli-Team`."""
    return parameter.replace("-", "_").lower()


def of_operation(document: Json, operation: Json) -> dict[str, Field]:
    """What an operation of the contract takes, under the names of the facade's arguments."""
    body = body_schema(document, operation)
    headers = {
        argument_name(one["name"]): Field(
            schema=one.get("schema", {}),
            required=one.get("required", False),
            in_body=False,
            description=one.get("description", ""),
            deprecated=one.get("deprecated", False),
        )
        for one in operation.get("parameters", ())
    }
    fields = {
        name: Field(
            schema=schema,
            required=name in body.get("required", ()),
            in_body=True,
            description=schema.get("description", ""),
            deprecated=schema.get("deprecated", False),
        )
        for name, schema in body.get("properties", {}).items()
        if not schema.get("readOnly")
    }
    return headers | fields


def body_schema(document: Json, operation: Json) -> Json:
    """The schema of an operation's JSON body; an empty one where it has none."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return dict(Values(document).referred(schema))
