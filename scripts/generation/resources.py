"""Writes `_resources.py`: the declared operations as methods, sync and async."""

import json
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from scripts.contract.documents import operations
from scripts.contract.loading import ROOT, load
from scripts.contract.sample_values import Values
from scripts.generation import arguments, constraint_words, declarations
from scripts.generation.arguments import Field
from scripts.generation.declarations import Argument, Operation, Resource
from scripts.generation.python.formatting import formatted

PATH = Path("friendli_facade/_resources.py")
_HEADER = '''"""The operations as methods of both clients.

Written by scripts/generate from friendli_facade/operations/ and the contract; never edited.
"""

'''
_IMPORTS = """
import httpx
from typing import Literal
from friendli_facade._language.lazy_resource import resource
from friendli_facade._language.named_arguments import NamedArguments
from friendli_facade._sender import AsyncSender, SyncSender
"""
_WIDTH = 100
_SURFACES = {
    "dedicated": "Friendli's dedicated endpoints.",
    "container": "A self-hosted Friendli Container.",
}


def write(root: Path = ROOT) -> None:
    """Replaces `_resources.py` below `root`."""
    (root / PATH).write_text(source(root), encoding="utf-8")


def differences(root: Path = ROOT) -> list[str]:
    """The file's name, where it is not what contract and declarations yield."""
    path = root / PATH
    current = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [] if current == source(root) else [PATH.as_posix()]


def source(root: Path) -> str:
    """The text of `_resources.py`."""
    document = load(root)
    known = {
        arguments.function_name(operation["operationId"]): _Contract(
            operation["operationId"],
            operation.get("deprecated", False),
            arguments.of_operation(document, operation),
            Values(document),
        )
        for *_, operation in operations(document)
    }
    resources = declarations.resources(root)
    imports = {line for resource in resources for line in resource.imports}
    classes = [
        text
        for resource in resources
        for kind in ("Sync", "Async")
        for text in (_resource(resource, kind, known), _surface(resource, kind))
    ]
    text = _HEADER + "\n".join(sorted(imports)) + _IMPORTS + "\n\n" + "\n\n".join(classes)
    return formatted(text, PATH.as_posix())


@attrs.frozen
class _Contract:
    """What the contract says of an operation."""

    operation: str
    deprecated: bool
    fields: Mapping[str, Field]
    values: Values


def _resource(resource: Resource, kind: str, known: Mapping[str, _Contract]) -> str:
    methods = [
        _method(operation, kind, known[place])
        for operation in resource.operations
        for place in (f"{resource.surface}.{operation.name}",)
        # One that the contract has not is for the gate of signatures to name.
        if place in known
    ]
    return "\n".join(
        (
            f"class {kind}{resource.name}(NamedArguments):",
            f'    """{resource.description}"""',
            "",
            f"    def __init__(self, sender: {kind}Sender) -> None:",
            "        self._sender = sender",
            "",
            *methods,
        )
    )


def _surface(resource: Resource, kind: str) -> str:
    surface, name = resource.surface.title(), f"{kind}{resource.name}"
    attribute = resource.name.removeprefix(surface).lower()
    return "\n".join(
        (
            f"class {kind}{surface}:",
            f'    """{_SURFACES[resource.surface]}"""',
            "",
            f"    def __init__(self, sender: {kind}Sender) -> None:",
            "        self._sender = sender",
            "",
            f"    {attribute}: {name} = resource(lambda: {name})",
            f'    """{resource.description}"""',
            "",
        )
    )


def _method(operation: Operation, kind: str, contract: _Contract) -> str:
    is_async = kind == "Async"
    signature = ", ".join(_parameter(argument, contract) for argument in operation.arguments)
    given = ", ".join(f"{argument.name}={argument.name}" for argument in operation.arguments)
    return "\n".join(
        (
            f"    {'async ' * is_async}def {operation.name}(self, *, {signature}) "
            f"-> {operation.result}:",
            textwrap.indent(f'"""{_quoted(_docstring(operation, contract))}"""', " " * 8),
            f"        return {'await ' * is_async}self._sender.send("
            f"{operation.result}, {contract.operation!r}, {given})",
            "",
        )
    )


def _parameter(argument: Argument, contract: _Contract) -> str:
    annotation = argument.annotation.replace("Timeout", "float | httpx.Timeout | None | Unset")
    field = contract.fields.get(argument.name)
    literals = _enum(field.schema, contract.values) if field else []
    if literals:
        # The values themselves, where the declaration has the alias that the models give them.
        names = ", ".join(repr(value) for value in literals)
        annotation = re.sub(r"^\w+", lambda _: f"Literal[{names}]", annotation)
    default = "" if argument.default is None else f" = {argument.default}"
    return f"{argument.name}: {annotation}{default}"


def _enum(schema: Any, values: Values) -> list[Any]:
    """The values other than null that a schema lists, in the contract's order."""
    schema = values.referred(schema)
    for part in schema.get("anyOf", ()):
        if found := _enum(part, values):
            return found
    return [value for value in schema.get("enum", ()) if value is not None]


def _docstring(operation: Operation, contract: _Contract) -> str:
    described = [
        _entry(argument.name, f"{argument.description}{_facts(argument, contract)}")
        for argument in operation.arguments
    ]
    raised = [_entry(name, meaning) for name, meaning in operation.raises.items()]
    return "\n".join(
        (
            f"{operation.summary}\n",
            *(["Deprecated: Friendli means to drop this operation.\n"] * contract.deprecated),
            *(textwrap.wrap(operation.remarks, _WIDTH - 8)),
            "",
            "Args:",
            *described,
            "",
            "Raises:",
            *raised,
            "",
        )
    )


def _quoted(text: str) -> str:
    """A text for a docstring, which a pattern or a default of the contract must not end."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _facts(argument: Argument, contract: _Contract) -> str:
    """What the contract adds to a description: deprecation, bounds, values, server's default."""
    field = contract.fields.get(argument.name)
    if field is None:
        return ""
    words = constraint_words.of_schema(field.schema)
    default = field.schema.get("default")
    words = f"one of {words}" if words.startswith("`") else words
    facts = " Deprecated." if field.deprecated else ""
    facts += f" {words[0].upper()}{words[1:]}." if words else ""
    return facts if default is None else f"{facts} Left to the server, it is {_code(default)}."


def _code(value: Any) -> str:
    return f"`{json.dumps(value)}`" if isinstance(value, str) else repr(value)


def _entry(name: str, text: str) -> str:
    lines = textwrap.wrap(f"{name}: {text}", _WIDTH - 16, break_long_words=False)
    return textwrap.indent("\n".join((lines[0], *(f"    {line}" for line in lines[1:]))), "    ")
