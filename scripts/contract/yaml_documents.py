"""YAML in and out: what is read is plain JSON data of bounded size, whoever wrote it."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from friendli_facade._rules.json_types import is_object

_DEEPEST = 100
_LARGEST = 1_000_000
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.CSafeLoader):
    """YAML in which a key that stands twice is an error, as its specification says."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    problem = f"the key {key.value!r} stands twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


# JSON has no dates: an unquoted one is text.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """YAML without anchors, its lists indented."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def parse(text: str) -> dict[str, Any]:
    """The object that YAML text holds, as JSON has it; raises ValueError."""
    try:
        _measure(text)
        content: object = yaml.load(text, Loader=_Loader)  # noqa: S506
    # The last two are what PyYAML raises for a scalar that its explicit tag does not fit.
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, KeyError) as error:
        raise ValueError(f"cannot be read as YAML: {error}") from error
    if not is_object(content) or not content:
        raise ValueError("is empty, or not an object")
    try:
        # As JSON has it: the keys are text, and no infinity or alias is left.
        return dict(json.loads(json.dumps(content, allow_nan=False)))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"holds what JSON cannot: {error}") from error


def dump(document: Mapping[str, Any]) -> str:
    """YAML text of a document, in the order of its keys."""
    text: str = yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, width=100)
    return text


def _measure(text: str) -> None:
    """Raises ValueError where text is nested too deeply, or its aliases expand to too much.

    The composer written in C would overflow its stack, and a small text can name billions.
    """
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    size = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, size))
            if len(open_nodes) > _DEEPEST:
                raise ValueError(f"it is nested more than {_DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            size += 1
            if anchor is not None:
                sizes[anchor] = size - before
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_nodes):
                raise ValueError(f"the alias {event.anchor!r} contains itself")
            size += sizes.get(event.anchor or "", 1)
        elif isinstance(event, yaml.ScalarEvent):
            size += 1
        if size > _LARGEST:
            raise ValueError(f"it holds more than {_LARGEST} values")
