"""Writes the reference pages in `docs/`: what contract and facade say of each operation."""

from pathlib import Path

from scripts.contract.documents import operations
from scripts.contract.loading import ROOT, load
from scripts.generation import arguments, declarations
from scripts.generation.reference_sections import Section

FOLDER = Path("docs")
HEADER = "<!-- Written by scripts/generate from openapi/ and friendli_facade/; never edited. -->\n"


def write(root: Path = ROOT) -> None:
    """Replaces the reference pages below `root`."""
    expected = pages(root)
    for path in _written(root).keys() - expected.keys():
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
    """The text of each page: one for each tag of the contract."""
    document = load(root)
    declared = {
        f"{resource.surface}.{operation.name}": operation
        for resource in declarations.resources(root)
        for operation in resource.operations
    }
    known = {
        arguments.function_name(operation["operationId"]): (path, method, operation)
        for path, method, _, operation in operations(document)
    }
    sections: dict[str, list[Section]] = {}
    # What is in one of the two alone, the gate of signatures names.
    for place in (place for place in declared if place in known):
        path, method, operation = known[place]
        section = Section(document, path, method, operation, declared[place], root)
        sections.setdefault(operation["tags"][0], []).append(section)
    return {
        FOLDER / f"{tag.lower().replace('.', '-')}.md": _page(tag, found)
        for tag, found in sections.items()
    }


def _page(tag: str, sections: list[Section]) -> str:
    listed = "\n".join(f"* [{one.name}](#{one.name}) - {one.summary}" for one in sections)
    resource = f"friendli.{tag.lower()}"
    parts = (
        f"{HEADER}\n# {tag}",
        "## Overview",
        f"`{resource}` of `SyncFriendli`, and of `AsyncFriendli`, whose methods are awaited.\n"
        "Types are those of `friendli_facade.models` and `friendli_facade.utils`. `ImageSource`\n"
        "is [a picture in any of its forms](../README.md#pictures-in).",
        f"### Available Operations\n\n{listed}",
        *(section.text() for section in sections),
    )
    return "\n\n".join(parts) + "\n"
