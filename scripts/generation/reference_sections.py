"""One operation's section of a reference page."""

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from friendli_facade import errors
from friendli_facade._rules.json_types import is_array, is_object
from scripts.contract.documents import Json
from scripts.contract.plain_text import printable
from scripts.contract.sample_values import Values
from scripts.generation import arguments, constraint_words, declarations
from scripts.generation.declarations import Argument, Operation
from scripts.generation.rules import needs_token


@attrs.frozen
class Section:
    """An operation of the contract, and the facade's function for it."""

    document: Json
    path: str
    method: str
    operation: Json
    function: Operation
    root: Path

    @property
    def place(self) -> str:
        """The surface and the name of the function: `dedicated.edit`."""
        return arguments.function_name(self.operation["operationId"])

    @property
    def name(self) -> str:
        """The name of the function: `edit`."""
        return self.place.partition(".")[2]

    @property
    def summary(self) -> str:
        """The contract's words of the operation, in short."""
        return _words(self.operation.get("summary", ""))

    def text(self) -> str:
        """The whole section, as Markdown."""
        return "\n\n".join(
            (
                f"## {self.name}",
                f"{_words(self.operation.get('description', ''))} {self.function.remarks}",
                self._request(),
                "### Example Usage",
                f"```python\n{self._example()}```",
                "### Parameters",
                _table(
                    ("Parameter", "Type", "Required", "Description", "Values", "Server's default"),
                    map(self._parameter, self._arguments()),
                ),
                self._nulls(),
                "### Response",
                f"`models.{self.function.result}`: "
                f"{declarations.summary(self.root, self.function.result)}",
                "### Errors",
                _table(("Error", "Status", "Meaning"), self._errors()),
            )
        )

    def _request(self) -> str:
        server = _code(self.operation.get("servers", [{"url": "/"}])[0]["url"])
        request = _code(f"{self.method.upper()} {self.path}")
        token = "the client's token" if needs_token(self.operation) else "no token"
        return f"Sends {request} to {server}, with {token}."

    def _example(self) -> str:
        content = self.operation["requestBody"]["content"]["application/json"]
        example: Json = content.get("example") or Values(self.document).allowed(content["schema"])
        arguments = "".join(f"        {name}={_literal(v)},\n" for name, v in example.items())
        file = self.place.replace(".", "-")
        return (
            "from friendli_facade import SyncFriendli\n\n"
            "with SyncFriendli() as friendli:\n"
            f"    result = friendli.{self.place.replace('.', '.image.')}(\n{arguments}    )\n"
            f'    print(result.images[0].save("{file}"))\n'
        )

    @property
    def _fields(self) -> Mapping[str, arguments.Field]:
        return arguments.of_operation(self.document, self.operation)

    def _arguments(self) -> list[Argument]:
        """The function's arguments, and at the contract's places those that it still lacks."""
        found = list(self.function.arguments)
        before = ""
        for name, field in self._fields.items():
            names = [argument.name for argument in found]
            if name not in names:
                # It reads the generated models, which most pages do without.
                from scripts.generation.python import types_of_schemas

                types = types_of_schemas.of_schema(field.schema, Values(self.document))
                types = types if field.required else types | {type(None)}
                words = types_of_schemas.words(types).strip("`")
                place = names.index(before) + 1 if before else 0
                found.insert(
                    place,
                    Argument(name, words, None if field.required else "UNSET", field.description),
                )
            before = name
        return found

    def _parameter(self, argument: Argument) -> tuple[str, ...]:
        field = self._fields.get(argument.name)
        schema = field.schema if field else True
        default = schema.get("default") if is_object(schema) else None
        return (
            _code(argument.name),
            _code(argument.annotation.removesuffix(" | Unset")),
            "yes" if argument.required else "no",
            _words(field.description) if field else argument.description,
            _words(constraint_words.of_schema(schema)),
            "" if default is None else _code(json.dumps(default)),
        )

    def _nulls(self) -> str:
        values = Values(self.document)
        sent: dict[bool, list[str]] = {True: [], False: []}
        for name, field in self._fields.items():
            if not field.required:
                sent[field.in_body and values.is_allowed(None, field.schema)].append(_code(name))
        lines = [
            f"`None` is sent, as `null`, for {', '.join(sent[True])}." if sent[True] else "",
            f"It is the same as nothing for {', '.join(sent[False])}." if sent[False] else "",
        ]
        return "\n".join(filter(None, lines))

    def _errors(self) -> Iterator[tuple[str, ...]]:
        classes = {code: name for name, code in re.findall(r"(\w+Error) +(\d{3})", _tree())}
        for name, meaning in self.function.raises.items():
            if name == "SDKError":
                for code, response in self.operation["responses"].items():
                    if code in classes and not code.startswith("2"):
                        yield f"`{classes[code]}`", code, _words(response.get("description", ""))
            yield f"`{name}`", "4XX, 5XX" if name == "SDKError" else "", meaning


def _tree() -> str:
    # Read, for Python may have been told to forget docstrings.
    return ast.get_docstring(ast.parse(inspect.getsource(errors))) or ""


def _words(text: str) -> str:
    """A text of the contract on one line, in which Markdown and HTML see nothing but code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(
        part if index % 2 else re.sub(r"[\\`*_\[\]<>#!&]", r"\\\g<0>", part)
        for index, part in enumerate(parts)
    )


def _code(text: str) -> str:
    """A text as code, whatever it holds: fenced by more backticks than it has in a row."""
    line = printable(text)
    fence = "`" * (max(map(len, re.findall(r"`+", line)), default=0) + 1)
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    every = [head, ("---",) * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in every
    )


def _literal(value: Any) -> str:
    """A JSON value as Python code, with double quotes."""
    if is_object(value):
        return f"{{{', '.join(f'{_literal(k)}: {_literal(v)}' for k, v in value.items())}}}"
    if is_array(value):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
