"""Compares two contracts: every change of an operation, and what it means for callers."""

from scripts.contract.documents import Json, operations
from scripts.evolution.compare_operations import Operation, OperationComparison
from scripts.evolution.compare_schemas import unchanged
from scripts.evolution.facade_work import Notes
from scripts.evolution.severity import Change, Direction, Effect, gathered


def compare(old: Json, new: Json) -> list[Change]:
    """Every change from the old document to the new one, both in canonical form, each once."""
    before, after = _operations(old), _operations(new)
    changes: list[Change] = []
    same = unchanged(
        *(document.get("components", {}).get("schemas", {}) for document in (old, new))
    )
    for name in after:
        known = before.get(name) or _renamed(after[name], before, after)
        if known is None:
            notes = Notes(name, Direction.REQUESTS, changes)
            notes.add("", "the operation was added", Effect.OFFERED, "add a method for it")
        else:
            before.pop(known.name)
            OperationComparison(known, after[name], changes, same).compare()
    for name in before:
        notes = Notes(name, Direction.REQUESTS, changes)
        notes.add("", "the operation was removed", Effect.OTHER, "remove its method")
    return gathered(changes)


def _renamed(
    operation: Operation, before: dict[str, Operation], after: dict[str, Operation]
) -> Operation | None:
    """The old operation in the same place, where its name is gone."""
    place = operation.method, operation.path
    found = (
        one for one in before.values() if (one.method, one.path) == place and one.name not in after
    )
    return next(found, None)


def _operations(document: Json) -> dict[str, Operation]:
    return {
        operation["operationId"]: Operation(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            facts=operation,
            parameters={
                (part["in"], part["name"]): part for part in operation.get("parameters", ())
            },
            servers=[server["url"] for server in operation.get("servers", ())],
            security=operation.get("security", []),
            components=document.get("components", {}),
        )
        for path, method, _, operation in operations(document)
    }
