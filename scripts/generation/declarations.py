"""The facade's operations as they are declared: signatures, and what their docstrings say.

Read, not imported: what is written from them can be while the facade does not fit the contract yet.
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
    """A keyword argument as written, and what the docstring says of it."""

    name: str
    annotation: str
    default: str | None
    description: str

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None


@attrs.frozen
class Operation:
    """A declared operation: its signature, and the parts of its docstring."""

    name: str
    arguments: tuple[Argument, ...]
    result: str
    summary: str
    remarks: str
    raises: dict[str, str]


@attrs.frozen
class Resource:
    """A class of declared operations: `DedicatedImage` of `dedicated.py`."""

    surface: str
    name: str
    description: str
    operations: tuple[Operation, ...]
    imports: tuple[str, ...]


def resources(root: Path) -> list[Resource]:
    """All of them, by the names of their files."""
    return [
        resource
        for path in sorted((root / OPERATIONS).glob("[!_]*.py"))
        for resource in _resources(path)
    ]


def _resources(path: Path) -> list[Resource]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [
        ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return [
        Resource(
            path.stem,
            node.name,
            ast.get_docstring(node) or "",
            tuple(_operation(one) for one in node.body if isinstance(one, ast.FunctionDef)),
            tuple(imports),
        )
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    ]


def _operation(node: ast.FunctionDef) -> Operation:
    text = inspect.cleandoc(ast.get_docstring(node) or "")
    before, _, after = text.partition("\nArgs:\n")
    described, _, raised = after.partition("\nRaises:\n")
    descriptions = _entries(described)
    arguments = tuple(
        Argument(
            name=argument.arg,
            annotation=ast.unparse(argument.annotation) if argument.annotation else "",
            default=ast.unparse(default) if default else None,
            description=descriptions.get(argument.arg, ""),
        )
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    )
    summary, _, remarks = before.partition("\n\n")
    result = ast.unparse(node.returns) if node.returns else ""
    return Operation(node.name, arguments, result, summary, _line(remarks), _entries(raised))


def _entries(section: str) -> dict[str, str]:
    return {found[1]: _line(found[2]) for found in _ENTRY.finditer(section)}


def _line(text: str) -> str:
    return " ".join(text.split())


def summary(root: Path, result: str) -> str:
    """The first line of a result's docstring; none where there is no such result."""
    found = [
        ast.get_docstring(node) or ""
        for node in ast.parse((root / RESULTS).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == result
    ]
    return "".join(found).partition("\n")[0]
