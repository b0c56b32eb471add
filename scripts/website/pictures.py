"""Draws the pictures of the pages: each is what an example of its page saves, on the sandbox."""

import os
import re
import shutil
from collections.abc import Generator
from contextlib import chdir, contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from friendli_facade.sandbox import Sandbox
from scripts.contract.loading import ROOT
from scripts.demonstration.drawing import PICTURES
from scripts.gates.documentation_examples import Example, examples, pages

_PICTURE = re.compile(r"!\[[^\]]*\]\((?:\.\./)*pictures/([\w-]+)/([\w.-]+)\)")

_INPUTS = {picture.name for picture in PICTURES}


def draw(root: Path = ROOT) -> list[Path]:
    """The pictures that pages show, drawn anew; raises ValueError where no example saves one."""
    folder = root / "docs" / "pictures"
    shutil.rmtree(folder, ignore_errors=True)
    drawn: list[Path] = []
    for page in pages(root):
        wanted = {Path(found[1], found[2]) for found in _PICTURE.finditer(page.read_text("utf-8"))}
        if not wanted:
            continue
        for example in examples(page):
            drawn += _saved(example, folder, wanted)
        if missing := wanted.difference(path.relative_to(folder) for path in drawn):
            raise ValueError(f"{page}: no example of the page saves {', '.join(map(str, missing))}")
    return drawn


def _saved(example: Example, folder: Path, wanted: set[Path]) -> list[Path]:
    """The pictures among `wanted` that an example saves; those of another page are none of its."""
    with TemporaryDirectory() as place, _sandboxed(Path(place)):
        code = compile(example.module, str(example.page), "exec")
        exec(code, {"__name__": "__main__"})  # noqa: S102
        found: list[Path] = []
        for path in sorted(wanted):
            made = Path(place, path.name)
            is_its_own = path.parent.name == example.page.stem and path.name not in _INPUTS
            if made.is_file() and is_its_own:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                found.append(Path(shutil.copy(made, folder / path)))
        return found


@contextmanager
def _sandboxed(place: Path) -> Generator[None]:
    """Works in a folder with two pictures, with the sandbox where clients go by themselves."""
    for picture in PICTURES:
        shutil.copy(picture, place)
    with Sandbox().serve() as server:
        settings = {"FRIENDLI_SERVER_URL": server.url, "FRIENDLI_TOKEN": "flp_sandbox"}
        with mock.patch.dict(os.environ, settings), chdir(place), redirect_stdout(StringIO()):
            yield
