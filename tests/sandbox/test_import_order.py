"""How the sandbox's rooms lean on each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import friendli_facade.sandbox

# Each uses those before it, and nothing else of the project.
ROOMS = (
    "_messages",
    "_received",
    "_faults",
    "_pictures",
    "_requests",
    "_serving",
    "_sandbox",
    "__init__",
    "__main__",
)
FOLDER = Path(friendli_facade.sandbox.__file__).parent
PACKAGE = friendli_facade.sandbox.__name__


def imports(path: Path) -> Iterator[str]:
    """The modules of this project that a file imports, in functions and for types too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_run_one_way() -> None:
    """No file imports a room after its own, nor any other part of friendli_facade."""
    wrong: list[str] = []
    for path in FOLDER.rglob("*.py"):
        room = path.relative_to(FOLDER).parts[0].removesuffix(".py")
        for name in imports(path):
            if not name.startswith("friendli_facade"):
                continue
            inside = name.removeprefix(f"{PACKAGE}.").partition(".")[0]
            used = inside if inside.startswith("_") else "__init__"
            if not name.startswith(PACKAGE) or ROOMS.index(used) > ROOMS.index(room):
                wrong.append(f"{path.relative_to(FOLDER)} imports {name}")
    assert wrong == []


def test_no_circle_inside_a_room() -> None:
    """The files of a folder import each other one way too."""
    uses = {
        path.stem: {
            name.split(".")[3]
            for name in imports(path)
            if name.startswith(f"{PACKAGE}.{path.parent.name}.")
        }
        for path in FOLDER.glob("_*/*.py")
    }
    while free := {name for name, used in uses.items() if not used & uses.keys()}:
        uses = {name: used for name, used in uses.items() if name not in free}
    assert uses == {}
