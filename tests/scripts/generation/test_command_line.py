"""What the command line knows of the contract's arguments."""

from pathlib import Path
from typing import Any

import pytest

from scripts.generation import command_line
from tests.scripts.trees import change

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def guidance(root: Path) -> Any:
    """The field of `guidance_scale`, as the file that is written has it."""
    names: dict[str, Any] = {"__name__": "contract"}
    exec(command_line.source(root), names)
    fields = names["OPERATIONS"]["dedicated.generate"].fields
    return next(field for field in fields if field.name == "guidance_scale")


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [TEXT, WHOLE]},
        {"anyOf": [WHOLE, {"type": "array", "items": WHOLE}]},
        {"type": "array", "items": {}},
        {"type": "object"},
    ],
    ids=str,
)
def test_what_no_option_can_say_is_given_as_json(tree: Path, schema: Any) -> None:
    """One kind of scalar, or a list of one, has options of its own; all else is written as JSON."""

    def how(document: Any) -> None:
        body = document["components"]["schemas"]["DedicatedImageGenerationBody"]
        body["properties"]["guidance_scale"] = schema

    assert (guidance(tree).kind, guidance(tree).holds) == ("number", "one")
    change(tree, how)
    assert guidance(tree).kind == "json"
