"""What a schema allows, in words for people who read of an argument."""

import json
from typing import Any

from friendli_facade._rules.constraints import ASSERTIONS
from friendli_facade._rules.json_types import is_array, is_object


def of_schema(schema: Any) -> str:
    """The bounds and values of a schema: `at least 1, at most 50`; empty where it has none."""
    if not is_object(schema):
        return ""
    parts = [p for key in ("anyOf", "oneOf", "allOf") for p in schema.get(key, ())]
    found = [of_schema(part) for part in parts if "$ref" not in part]
    for keyword, argument in schema.items():
        if keyword == "enum" and is_array(argument):
            shown = (json.dumps(v).replace("`", r"\u0060") for v in argument if v is not None)
            found.append(", ".join(f"`{one}`" for one in shown))
        elif keyword in ASSERTIONS:
            found.append(ASSERTIONS[keyword][2](argument).removeprefix("must be "))
        elif keyword == "items" and is_object(argument) and "$ref" not in argument:
            words = of_schema(argument)
            found.append(f"each {words}" if words else "")
    return ", ".join(filter(None, found))
