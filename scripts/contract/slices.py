"""Slices Friendli's document: the facts of some operations, without prose, in canonical form."""

from collections.abc import Collection, Mapping
from typing import Any

from friendli_facade._rules.json_types import is_array, is_object
from scripts.contract import canonical_form
from scripts.contract.documents import (
    DATA,
    METHODS,
    NAMED,
    ContractError,
    Json,
    check_version,
    operations,
    resolved,
    shaped,
)
from scripts.contract.validation import explained

IMAGES = ("Dedicated.Image", "Container.Image")
_PROSE = {
    *("title", "description", "summary", "example", "examples", "externalDocs", "$comment"),
    *("contact", "license", "termsOfService", "links"),
}


def tags(document: Json) -> list[str]:
    """Every tag of an operation, in the order of the operations; raises ContractError."""
    with shaped():
        found = [
            tag
            for *_, operation in operations({"paths": _path_items(document)})
            for tag in operation.get("tags", [])
        ]
        return list(dict.fromkeys(found))


def cut(document: Json, chosen: Collection[str] | None) -> Json:
    """The facts of the operations with a chosen tag, or of all; raises ContractError."""
    check_version(document)
    with shaped():
        paths: Json = {}
        for path, item in _path_items(document).items():
            left_out = {
                method
                for method in METHODS
                if method in item and not _is_chosen(item[method], chosen)
            }
            kept = {name: part for name, part in item.items() if name not in left_out}
            if not kept.keys().isdisjoint(METHODS):
                paths[path] = kept
        if not paths:
            tagged = f" tagged {' or '.join(chosen)}" if chosen else ""
            raise ContractError(f"the document has no operation{tagged}")
        used = {tag for *_, one in operations({"paths": paths}) for tag in one.get("tags", [])}
        names = ("openapi", "servers", "security", "components")
        chosen_parts: Json = {
            **{name: document[name] for name in names if name in document},
            "info": {name: document["info"][name] for name in ("title", "version")},
            "paths": paths,
            "tags": [tag for tag in document.get("tags", []) if tag["name"] in used],
        }
    with explained(chosen_parts):
        return canonical_form.of(
            {
                **chosen_parts,
                **{
                    name: _less_prose(chosen_parts[name], by_name=name == "paths")
                    for name in chosen_parts.keys() - {"info", "security"}
                },
            }
        )


def _path_items(document: Json) -> Json:
    """The path items of a document, those that only refer to one looked up."""
    return {path: resolved(item, "pathItems", document) for path, item in document["paths"].items()}


def _is_chosen(operation: Mapping[str, Any], chosen: Collection[str] | None) -> bool:
    return chosen is None or not set(chosen).isdisjoint(operation.get("tags", []))


def _less_prose(value: Any, *, by_name: bool = False) -> Any:
    """A part of a document without what is there for people, and without extensions."""
    if is_array(value):
        return [_less_prose(part) for part in value]
    if not is_object(value):
        return value
    return {
        name: part
        if name in DATA and not by_name
        else _less_prose(part, by_name=name in NAMED and not by_name)
        for name, part in value.items()
        if by_name or not (name in _PROSE or name.startswith("x-"))
    }
