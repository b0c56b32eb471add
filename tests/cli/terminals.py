"""The command in a terminal: a process of its own on a pseudo-terminal, and what it wrote there."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are there on POSIX alone")

# The process takes the terminal for its own, so that Ctrl-C typed there reaches it.
_START = (
    "import fcntl, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); "
    "from friendli_facade.cli import main; sys.exit(main(sys.argv[1:]))"
)
# However late it is answered, the question is not given up after its tenth of a second.
ANSWERED = (
    "import textual_image._terminal as terminal; ask = terminal.capture_terminal_response; "
    "terminal.capture_terminal_response = lambda start_marker, end_marker, timeout: "
    "ask(start_marker, end_marker, 60); "
)
_PATIENCE = 60


@attrs.frozen
class Screen:
    """What a command left: its exit status, what it wrote on the terminal, and into a pipe."""

    status: int
    text: str
    piped: bytes


# Gets all that was written so far, and says what to type now, if anything.
Typist = Callable[[str], str]


def once(is_time: Callable[[str], bool], text: str) -> Typist:
    """Somebody who types a text when it is time, and then no more."""
    typed: list[str] = []

    def typist(written: str) -> str:
        if typed or not is_time(written):
            return ""
        typed.append(text)
        return text

    return typist


def on_terminal(
    *words: str,
    typist: Typist = lambda _: "",
    environment: Mapping[str, str] | None = None,
    piped_in: bytes | None = None,
    is_piped_out: bool = False,
    folder: Path | None = None,
    before: str = "",
    closes: Callable[[str], bool] = lambda _: False,
) -> Screen:
    """The command on a terminal of 80 columns, but for what is piped; `before` is run first.

    `closes` gets all that was written so far, and says whether the terminal is closed now.
    """
    ours, theirs = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 800, 800))
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-c", before + _START, *words],
        stdin=theirs if piped_in is None else subprocess.PIPE,
        stdout=subprocess.PIPE if is_piped_out else theirs,
        stderr=theirs,
        start_new_session=True,
        env={**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
        cwd=folder,
    )
    os.close(theirs)
    try:
        if piped_in is not None and process.stdin is not None:
            process.stdin.write(piped_in)
            process.stdin.close()
        try:
            text = _watched(ours, process, typist, closes)
        finally:
            os.close(ours)
        piped = process.stdout.read() if process.stdout is not None else b""
        return Screen(process.wait(_PATIENCE), text, piped)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _watched(
    ours: int,
    process: "subprocess.Popen[bytes]",
    typist: Typist,
    closes: Callable[[str], bool],
) -> str:
    """All that is written on a terminal until its other end is closed, or it is to be."""
    written = b""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        is_over = process.poll() is not None  # asked first: its last words may come meanwhile
        if not select.select([ours], [], [], 0.05)[0]:
            if is_over:
                break
            continue
        try:
            piece = os.read(ours, 65536)
        except OSError:  # what Linux says of a terminal that nobody holds any more
            break
        if not piece:
            break
        written += piece
        text = written.decode(errors="replace")
        if closes(text):
            break
        if typed := typist(text):
            os.write(ours, typed.encode())
    return written.decode(errors="replace")
