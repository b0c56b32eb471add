"""The Python examples of the documentation, as modules that can be checked and run."""

import argparse
import re
from pathlib import Path

from scripts.contract.loading import ROOT

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages(root: Path = ROOT) -> list[Path]:
    """The pages whose code must be true."""
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def languages(page: Path) -> set[str]:
    """The languages of a page's code blocks."""
    return {found[1] for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))}


def module(page: Path) -> str:
    """All Python of a page as one module, each line where the page has it."""
    text = page.read_text(encoding="utf-8")
    lines = [""] * text.count("\n")
    for found in _BLOCK.finditer(text):
        if found[1] == "python":
            start = text.count("\n", 0, found.start(2))
            code = found[2].splitlines()
            lines[start : start + len(code)] = code
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Writes the modules of all pages into a folder, for the type checkers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages():
        name = re.sub(r"\W", "_", page.stem.lower())
        (folder / f"{name}_examples.py").write_text(module(page), encoding="utf-8")


if __name__ == "__main__":
    main()
