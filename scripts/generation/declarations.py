"""The facade's operations as their source has them.

Read, not imported: pages can be written while the facade does not fit the contract yet.
"""

import ast
import inspect
import re
from pathlib import Path

import attrs

OPERATIONS = Path("friendli_facade/operations")
RESULTS = Path("friendli_facade/_answers/results.py")
_ENTRY = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


@attrs.frozen
class Argument:
    """A keyword argument: its annotation as written, and what the docstring says of it."""

    name: str
    annotation: str
    required: bool
    description: str


@attrs.frozen
class Function:
    """An operation's function: its signature, and the parts of its docstring."""

    arguments: tuple[Argument, ...]
    result: str
    remarks: str
    raises: dict[str, str]


def read(root: Path, place: str) -> Function | None:
    """The function at `dedicated.edit`, say; None where there is none."""
    surface, _, name = place.partition(".")
    path = root / OPERATIONS / f"{surface}.py"
    tree = ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return _function(node)
    return None


def _function(node: ast.FunctionDef) -> Function:
    text = inspect.cleandoc(ast.get_docstring(node) or "")
    before, _, after = text.partition("\nArgs:\n")
    described, _, raised = after.partition("\nRaises:\n")
    descriptions = _entries(described)
    arguments = tuple(
        Argument(
            name=argument.arg,
            annotation=ast.unparse(argument.annotation) if argument.annotation else "",
            required=default is None,
            description=descriptions.get(argument.arg, ""),
        )
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    )
    result = re.sub(r"^Call\[(.*)\]$", r"\1", ast.unparse(node.returns) if node.returns else "")
    remarks = _line(before.partition("\n\n")[2])
    return Function(arguments, result, remarks, _entries(raised))


def _entries(section: str) -> dict[str, str]:
    return {found[1]: _line(found[2]) for found in _ENTRY.finditer(section)}


def _line(text: str) -> str:
    return " ".join(text.split())


def summary(root: Path, result: str) -> str:
    """The first line of a result's docstring."""
    for node in ast.parse((root / RESULTS).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == result:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    return ""
