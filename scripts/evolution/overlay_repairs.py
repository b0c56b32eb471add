"""Repairs that any slice of Friendli's document needs, found by its shape, as an overlay."""

from typing import Any

from scripts.contract.documents import Json, operations
from scripts.contract.overlay import count
from scripts.generation.rules import TYPICAL_ANSWER, answer

# A header cannot be null: it is sent, or it is left out.
_NULL_HEADERS = "$.paths..parameters[?@.in=='header'].schema.anyOf[?@.type=='null']"


def overlay(document: Json) -> Json:
    """The overlay that a slice can be generated with; its `x-answer`s are there to be read."""
    actions: list[Any] = []
    if fits := count(document, _NULL_HEADERS):
        actions.append({"target": _NULL_HEADERS, "x-fits": fits, "remove": True})
    for path, method, _, operation in operations(document):
        found = answer(operation)[0]
        if found != TYPICAL_ANSWER:
            target = f"$.paths[{_quoted(path)}].{method}"
            actions.append({"target": target, "update": {"x-answer": found}})
    title = "Repairs by shape: nullable headers, and answers that are not JSON of a schema"
    return {"overlay": "1.0.0", "info": {"title": title, "version": "1.0.0"}, "actions": actions}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
