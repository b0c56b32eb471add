"""Streams that are closed, full or left: no traceback, and no picture is lost to them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import COMMAND
from tests.servers import Recorder

DRAW = ("generate", "a kite", "--sandbox", "--steps", "1")
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


def through_shell(redirections: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """A run of the command with what a shell does to its streams."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirections}', "sh", *COMMAND, *words],
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirections", "words", "status"),
    [
        (">&-", ["--help"], 0),
        (">&-", ["contract"], 0),
        (">&-", ["draw"], 2),
        (">&-", DRAW, 0),
        ("2>&-", ["draw"], 2),
        ("2>&-", [*DRAW, "--steps", "99"], 2),
        ("<&-", ["generate", "--sandbox"], 2),
        ("<&-", ["generate", "-", "--sandbox"], 2),
        ("<&-", ["generate", "a", "--model", "m"], 2),
        ("<&- >&- 2>&-", DRAW, 0),
        pytest.param("2>/dev/full", ["draw"], 2, marks=needs_full),
        pytest.param(">/dev/full", ["--help"], 5, marks=needs_full),
        pytest.param(">/dev/full", ["contract"], 5, marks=needs_full),
        pytest.param(">/dev/full", [*DRAW, "--dry-run"], 5, marks=needs_full),
    ],
)
def test_a_stream_that_is_closed_or_full_is_no_traceback(
    redirections: str, words: list[str], status: int
) -> None:
    """What can be done is done, and what can be said is said."""
    done = through_shell(redirections, *words)
    assert (done.returncode, b"Traceback" in done.stderr) == (status, False), done.stderr
    assert len(done.stderr.splitlines()) <= 2
    if tuple(words) == DRAW:
        assert [path.name for path in Path().iterdir()] == ["a-kite.png"]


@needs_full
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_what_cannot_be_said_of_a_picture_does_not_make_it_missing(option: list[str]) -> None:
    """All are drawn and saved; one line says why nothing was heard of them."""
    done = through_shell(">/dev/full", *DRAW, "--seeds", "1..3", "-j", "1", *option)
    assert sorted(path.name for path in Path().iterdir()) == [f"a-kite-{n}.png" for n in (1, 2, 3)]
    assert done.returncode == 5
    assert done.stderr == b"error: standard output: No space left on device\n"


def test_a_closed_output_is_no_place_for_a_picture(server: Recorder) -> None:
    """It is refused before anything is sent."""
    words = ("generate", "a", "--container", "--server-url", server.url, "-o", "-")
    done = through_shell(">&-", *words)
    assert (done.returncode, server.requests) == (2, [])
    assert b"-o - writes to standard output, and that is closed" in done.stderr


@pytest.mark.parametrize("is_full", [pytest.param(True, marks=needs_full), False])
def test_a_picture_that_a_pipe_does_not_take_is_kept(is_full: bool) -> None:
    """It is paid for: its bytes lie in a file that the message names."""
    reading, writing = os.pipe()
    os.close(reading)
    with FULL.open("wb") if is_full else open(writing, "wb") as out:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, *DRAW, "-o", "-"], stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    if is_full:
        os.close(writing)
    first, second = done.stderr.splitlines()
    assert (done.returncode, "error: standard output: " in first) == (5, True)
    kept = Path(second.removeprefix("what came is kept at "))
    assert kept.read_bytes().startswith(b"\x89PNG")


def test_files_never_take_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """What is written to descriptor 1 would stand in the next file that was opened."""
    code = "import os; from friendli_facade.cli import main; main(['--version']); os.fstat(1)"
    done = through_shell_of(code)
    assert (done.returncode, done.stderr) == (0, b"")


def through_shell_of(code: str) -> "subprocess.CompletedProcess[bytes]":
    """Python that runs this, its standard output closed."""
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False)
