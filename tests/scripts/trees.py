"""Looks at directories byte for byte, and changes contracts in them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from scripts.contract import loading
from scripts.contract.loading import DOCUMENT, ROOT

Tree = dict[str, bytes | None]


def snapshot(directory: Path) -> Tree:
    """Every path below a directory with its bytes, directories with None; no bytecode."""
    return {
        path.relative_to(directory).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if "__pycache__" not in path.parts
    }


def copy(folder: str | Path, root: Path) -> None:
    """Copies a folder of the project below `root`.

    No bytecode: its files have other names while another process writes them.
    """
    shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))


def change(root: Path, how: Callable[[Any], object], file: Path = DOCUMENT) -> None:
    """Rewrites a YAML file below `root` as `how` leaves its content."""
    content = loading.read(root / file)
    how(content)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    (root / file).write_text(text, encoding="utf-8")
