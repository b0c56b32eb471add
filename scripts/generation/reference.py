"""Writes the reference pages in `docs/`: what contract and facade say of each operation."""

from pathlib import Path

from scripts.contract.documents import ContractError, operations
from scripts.contract.loading import ROOT, load
from scripts.generation import arguments, declarations
from scripts.generation.reference_sections import Section

FOLDER = Path("docs")
HEADER = "<!-- Written by scripts/generate from openapi/ and friendli_facade/; never edited. -->\n"


def write(root: Path = ROOT) -> None:
    """Replaces the reference pages below `root`, and no other file; raises ContractError."""
    expected, written = pages(root), _written(root)
    for path in expected:
        if path not in written and (root / path).exists():
            raise ContractError(f"{path}: is not of scripts/generate, and would be replaced")
    for path in written.keys() - expected.keys():
        (root / path).unlink()
    for path, text in expected.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def differences(root: Path = ROOT) -> list[str]:
    """The reference pages that are not what contract and facade yield."""
    expected, current = pages(root), _written(root)
    every = expected.keys() | current.keys()
    return sorted(path.as_posix() for path in every if expected.get(path) != current.get(path))


def _written(root: Path) -> dict[Path, str]:
    """The pages that an earlier run wrote, with their texts."""
    texts = {path: path.read_text(encoding="utf-8") for path in (root / FOLDER).glob("*.md")}
    return {path.relative_to(root): t for path, t in texts.items() if t.startswith(HEADER)}


def pages(root: Path) -> dict[Path, str]:
    """The text of each page: one for each resource of the facade, which names it."""
    document = load(root)
    known = {
        arguments.function_name(operation["operationId"]): (path, method, operation)
        for path, method, _, operation in operations(document)
    }
    found: dict[Path, str] = {}
    for resource in declarations.resources(root):
        # What is in one of the two alone, the gate of signatures names.
        sections = [
            Section(document, *known[place], declared, root)
            for declared in resource.operations
            for place in (f"{resource.surface}.{declared.name}",)
            if place in known
        ]
        name = resource.name.removeprefix(resource.surface.title())
        if sections:
            page = FOLDER / f"{resource.surface}-{name.lower()}.md"
            found[page] = _page(resource.surface, name, sections)
    return found


def _page(surface: str, name: str, sections: list[Section]) -> str:
    listed = "\n".join(f"* [{one.name}](#{one.name}) - {one.summary}" for one in sections)
    resource = f"friendli.{surface}.{name.lower()}"
    parts = (
        f"{HEADER}\n# {surface.title()}.{name}",
        "## Overview",
        f"`{resource}` of `SyncFriendli`, and of `AsyncFriendli`, whose methods are awaited.\n"
        "Types are those of `friendli_facade.models` and `friendli_facade.utils`. `ImageSource`\n"
        "is [a picture in any of its forms](guide/inputs.md).",
        f"### Available Operations\n\n{listed}",
        *(section.text() for section in sections),
    )
    return "\n\n".join(parts) + "\n"
