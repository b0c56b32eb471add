"""From words on a command line to values: prompts, pictures, seeds and the token."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

MOST_PICTURES = 10_000
_URL = re.compile(r"https?://|data:", re.IGNORECASE)
_SEEDS = re.compile(r"(-?\d{1,30})(?:\.\.(-?\d{1,30}))?", re.ASCII)


class StandardInput:
    """Standard input, which can be read once."""

    def __init__(self) -> None:
        self._reader = ""

    @property
    def is_waiting(self) -> bool:
        """Whether something is piped in that nobody has asked for."""
        return not self._reader and not sys.stdin.isatty()

    def read(self, reader: str) -> bytes:
        """All of it, for an argument; raises UsageError where another has had it."""
        if self._reader:
            raise click.UsageError(
                f"standard input can be read once, by {self._reader} or {reader}"
            )
        self._reader = reader
        return sys.stdin.buffer.read()


def prompts(words: Sequence[str], name: str, stdin: StandardInput) -> list[str]:
    """The prompts that are meant: texts, `@file` with one a line, `@-`, `-` or nothing for stdin.

    `@@` begins a prompt with an @. Raises UsageError.
    """
    if not words and stdin.is_waiting:
        words = ["-"]
    found = [prompt for word in words for prompt in _prompts(word, name, stdin)]
    if not found:
        raise click.UsageError(f"{name} is required: a text, @FILE with one a line, or stdin")
    return found


def _prompts(word: str, name: str, stdin: StandardInput) -> Iterator[str]:
    if word in {"-", "@-"}:
        yield from _lines(stdin.read(name), "standard input")
    elif word.startswith("@@") or not word.startswith("@"):
        yield word.removeprefix("@") if word.startswith("@@") else word
    else:
        yield from _lines(_content(word[1:], name), word[1:])


def _lines(content: bytes, place: str) -> Iterator[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"{place} is not UTF-8 text") from None
    for line in text.split("\n"):
        if line.strip():
            yield line.removesuffix("\r")


def picture(word: str, name: str, stdin: StandardInput) -> bytes | str | Path:
    """The picture that is meant: `-` is standard input, a URL is one, all else is a file."""
    if word == "-":
        return stdin.read(name)
    return word if _URL.match(word) else Path(word)


def seeds(words: str) -> list[int]:
    """The seeds of `1..8`, `3,5` or `1..3,7`, each once; raises UsageError."""
    found: dict[int, None] = {}
    for part in words.split(","):
        match = _SEEDS.fullmatch(part.strip())
        if not match:
            raise click.UsageError(f"--seeds must be as in 1..8 or 3,5,9, not {part!r}")
        first = int(match[1])
        last = int(match[2] or first)
        if last < first:
            raise click.UsageError(f"--seeds must count up: {last}..{first}, not {part!r}")
        if len(found) + last - first >= MOST_PICTURES:
            raise click.UsageError(f"--seeds must be at most {MOST_PICTURES} of them")
        found.update(dict.fromkeys(range(first, last + 1)))
    return list(found)


def token(file: str | None) -> str | None:
    """The token, of a file or of FRIENDLI_TOKEN; never of an argument. Raises UsageError."""
    if file is not None:
        found = _content(file, "--token-file").decode("utf-8", errors="replace").strip()
        if not found:
            raise click.UsageError("--token-file is empty")
        return found
    return os.environ.get("FRIENDLI_TOKEN") or None


def can_ask() -> bool:
    """Whether somebody sits there who can type a token."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked_token() -> str:
    """The token as it is typed, unseen."""
    typed: str = click.prompt("Friendli token (not shown)", hide_input=True, err=True)
    return typed.strip()


def _content(path: str, name: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.UsageError(f"{name}: {path} cannot be read: {reason}") from error
