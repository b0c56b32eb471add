"""What pictures are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from friendli_facade._images.media_types import KINDS

_LONGEST = 40  # characters of a prompt in a file's name
_OF_SUFFIX = {suffix: kind.media_type for kind in KINDS for suffix in kind.suffixes}


def kind(path: Path) -> str | None:
    """The media type of a picture by its file's name; None for what is no picture's."""
    return _OF_SUFFIX.get(path.suffix.lower())


def of_picture(folder: Path, prompt: str, seed: int | None) -> Path:
    """The name of a picture, without a suffix."""
    return folder / "-".join((_slug(prompt), *_words(seed)))


def in_folder(folder: Path, prompts: Sequence[str], seeds: Sequence[int | None]) -> list[Path]:
    """A name for each prompt with each seed; prompts that make the same name are numbered."""
    names = [_slug(prompt) for prompt in prompts]
    alike = {name for name in names if names.count(name) > 1}
    return [
        folder / "-".join((name, *([str(n)] if name in alike else ()), *_words(seed)))
        for n, name in enumerate(names, 1)
        for seed in seeds
    ]


def numbered(file: Path, prompts: Sequence[str], seeds: Sequence[int | None]) -> list[Path]:
    """The name itself for one picture; with the prompt's number and the seed for several."""
    stem, suffix = (file.stem, file.suffix) if kind(file) else (file.name, "")
    return [
        file.with_name(
            "-".join(
                (
                    stem,
                    *([str(n)] if len(prompts) > 1 else ()),
                    *(_words(seed) if len(seeds) > 1 else ()),
                )
            )
            + suffix
        )
        for n in range(1, len(prompts) + 1)
        for seed in seeds
    ]


def _words(seed: int | None) -> list[str]:
    return [] if seed is None else [str(seed)]


def _slug(prompt: str) -> str:
    """A prompt as a file's name that every file system takes."""
    text = unicodedata.normalize("NFC", prompt[: 10 * _LONGEST]).casefold()
    name = re.sub(r"\W+", "-", text).strip("-_")
    while len(name) > _LONGEST or len(name.encode(errors="replace")) > 3 * _LONGEST:
        # At a word's end, if there is one.
        name = name[:-1] if "-" not in name[_LONGEST // 2 : -1] else name.rpartition("-")[0]
    return name or "picture"
