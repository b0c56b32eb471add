"""Runs the command in this process, on streams that are no terminal."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from unittest.mock import patch

import attrs

from friendli_facade.cli import main
from tests.samples import answer
from tests.servers import Received, Reply

COMMAND = [sys.executable, "-m", "friendli_facade"]


@attrs.frozen
class Outcome:
    """What a command left: its exit status, and what it wrote."""

    status: int
    content: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.content.decode()

    @property
    def records(self) -> list[Any]:
        """The JSON of each line of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*words: str, stdin: bytes = b"") -> Outcome:
    """The outcome of `friendli-facade` with these words."""
    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(one, "utf-8", write_through=True) for one in written)
    given = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", given):
        status = main(words)
    return Outcome(status, written[0].getvalue(), written[1].getvalue().decode())


def right(request: Received) -> Reply:
    """An answer of the contract's shape."""
    return 200, {"Content-Type": "application/json"}, json.dumps(answer(request.path)).encode()
