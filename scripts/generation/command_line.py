"""Writes `cli/_contract.py`: what the command line asks for, as the contract has it."""

from pathlib import Path
from pprint import pformat
from typing import Any

import attrs

from friendli_facade._rules.json_types import is_object
from scripts.contract.documents import Json, operations
from scripts.contract.loading import ROOT, load
from scripts.generation import arguments, constraint_words, rules
from scripts.generation.arguments import Field
from scripts.generation.python.formatting import formatted

PATH = Path("friendli_facade/cli/_contract.py")
_HEADER = '''"""The operations and their arguments, as the contract has them, for the command line.

Written by scripts/generate; never edited. It imports nothing, so help and completion are quick.
"""

from typing import Any, Final, Literal, NamedTuple

Kind = Literal["integer", "number", "string", "boolean", "picture", "json"]


class Field(NamedTuple):
    """An argument of an operation; `rule` and `description` are words for people."""

    name: str
    description: str = ""
    kind: Kind = "string"
    holds: Literal["one", "many", "one or many"] = "one"
    required: bool = False
    nullable: bool = False
    in_body: bool = True
    choices: tuple[str, ...] = ()
    rule: str = ""
    default: Any = None


class Operation(NamedTuple):
    """An operation under its name in the contract, whether it needs a token, what it takes."""

    name: str
    summary: str
    needs_token: bool
    fields: tuple[Field, ...]


'''
# What need not be written, for it is the default of Field.
_USUAL: dict[str, Any] = {
    "description": "",
    "kind": "string",
    "holds": "one",
    "required": False,
    "nullable": False,
    "in_body": True,
    "choices": (),
    "rule": "",
    "default": None,
}
_IMAGE = "#/components/schemas/ImageInput"
_SCALARS = frozenset({"integer", "number", "string", "boolean"})


def write(root: Path = ROOT) -> None:
    """Replaces the file below `root`."""
    (root / PATH).write_text(source(root), encoding="utf-8")


def differences(root: Path = ROOT) -> list[str]:
    """The file's name, where it is not what the contract yields."""
    path = root / PATH
    current = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [] if current == source(root) else [PATH.as_posix()]


def source(root: Path) -> str:
    """The text of the file."""
    document = load(root)
    found = "".join(
        f"{arguments.function_name(operation['operationId'])!r}: {_operation(document, operation)},"
        for *_, operation in operations(document)
    )
    text = f"{_HEADER}OPERATIONS: Final[dict[str, Operation]] = {{{found}}}\n"
    return formatted(text, PATH.as_posix())


def _operation(document: Json, operation: Json) -> str:
    # What a call must have comes first; else the contract's order.
    fields = sorted(
        arguments.of_operation(document, operation).items(), key=lambda entry: not entry[1].required
    )
    return _call(
        "Operation",
        name=operation["operationId"],
        summary=operation.get("summary", ""),
        needs_token=rules.needs_token(operation),
        fields=_Source(f"({''.join(f'{_field(name, field)},' for name, field in fields)})"),
    )


def _field(name: str, field: Field) -> str:
    branches = _branches(field.schema)
    kind, holds, choices = _shape([one for one in branches if one.get("type") != "null"])
    facts = {
        "description": " ".join(field.description.split()),
        "kind": kind,
        "holds": holds,
        "required": field.required,
        "nullable": field.in_body and {"type": "null"} in branches,
        "in_body": field.in_body,
        "choices": tuple(choices),
        "rule": "" if choices else constraint_words.of_schema(field.schema),
        "default": field.schema.get("default") if is_object(field.schema) else None,
    }
    told = {key: value for key, value in facts.items() if value != _USUAL[key]}
    return _call("Field", name=name, **told)


def _branches(schema: Any) -> list[Json]:
    """The kinds of values that a schema in canonical form allows."""
    return list(schema.get("anyOf", [schema])) if is_object(schema) else [{}]


def _shape(branches: list[Json]) -> tuple[str, str, list[str]]:
    """The kind of an argument's values, how many it takes, and which, where they are listed."""
    lists = [one for one in branches if one.get("type") == "array"]
    single = [one for one in branches if one.get("type") != "array"]
    items = [part for one in lists for part in _branches(one.get("items", True))]
    kinds = {_kind(one) for one in (*single, *items)}
    if len(kinds) != 1 or (lists and single and kinds != {"picture"}):
        return "json", "one", []
    holds = "one" if not lists else "one or many" if single else "many"
    choices = [c for one in (*single, *items) for c in one.get("enum", ()) if isinstance(c, str)]
    return kinds.pop(), holds, choices


def _kind(branch: Json) -> str:
    if branch.get("$ref") == _IMAGE:
        return "picture"
    kind = branch.get("type")
    return kind if kind in _SCALARS else "json"


@attrs.frozen
class _Source:
    """Python as it is to be written."""

    text: str


def _call(callee: str, /, **values: Any) -> str:
    written = (
        f"{key}={value.text if isinstance(value, _Source) else pformat(value)}"
        for key, value in values.items()
    )
    return f"{callee}({', '.join(written)})"
