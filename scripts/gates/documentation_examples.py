"""The Python examples of the documentation, each as a module that can be checked and run."""

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs

from scripts.contract.loading import ROOT

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OUTPUT = re.compile(r"\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# Ray is half a gigabyte: the tests of that peer run this page, where it is installed.
_ELSEWHERE = {"cluster.md"}


@attrs.frozen
class Example:
    """A block of Python on a page, complete in itself."""

    page: Path
    line: int
    """The line of the page before its first."""

    code: str
    output: str | None
    """What it prints, where that follows it at once as a block of text."""

    @property
    def name(self) -> str:
        """The page and the line, as editors find them."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line + 1}"

    @property
    def module(self) -> str:
        """The code, each line where the page has it."""
        return "\n" * self.line + self.code


def pages(root: Path = ROOT) -> list[Path]:
    """The pages whose code must be true."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def languages(page: Path) -> set[str]:
    """The languages of a page's code blocks."""
    return {found[1] for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))}


def examples(page: Path) -> Iterator[Example]:
    """The blocks of Python on a page that run with what the development environment has."""
    if page.name in _ELSEWHERE:
        return
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        if found[1] == "python":
            output = _OUTPUT.match(text, found.end())
            line = text.count("\n", 0, found.start(2))
            yield Example(page, line, found[2], output and output[1])


def main() -> None:
    """Writes the examples of all pages into a folder, which is emptied first, for type checkers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for page in pages():
        for example in examples(page):
            name = re.sub(r"\W", "_", example.name.lower())
            (folder / f"{name}.py").write_text(example.module, encoding="utf-8")


if __name__ == "__main__":
    main()
