"""The overlay that any slice of Friendli's document needs, found by its shape."""

from typing import Any

from scripts.contract.documents import Json, operations
from scripts.generation import repairs
from scripts.generation.rules import TYPICAL_ANSWER, answer


def overlay(document: Json) -> Json:
    """The overlay that a slice can be generated with; its `x-answer`s are there to be read."""
    actions: list[Any] = list(repairs.of(document))
    for path, method, _, operation in operations(document):
        found = answer(operation)[0]
        if found != TYPICAL_ANSWER:
            target = f"{repairs.below('$.paths', path)}.{method}"
            actions.append({"target": target, "update": {"x-answer": found}})
    title = "Repairs by shape: headers, forms, bytes in JSON, and answers that are not JSON"
    return {"overlay": "1.0.0", "info": {"title": title, "version": "1.0.0"}, "actions": actions}
