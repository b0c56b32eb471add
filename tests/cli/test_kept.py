"""What is paid for is never lost, and what is somebody's is never replaced unasked."""

import base64
import errno
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from friendli_facade.cli._arguments import destinations
from friendli_facade.sandbox import Sandbox
from tests.cli.running import Outcome, run
from tests.cli.test_failures import dedicated
from tests.samples import JPEG, PNG, answer
from tests.servers import Received, Recorder, Reply, recording

pytest.importorskip("resource", reason="limits are there on POSIX alone")
SANDBOX = ("--sandbox", "--steps", "1")


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_test")


def answered(pictures: Sequence[bytes], *words: str) -> Outcome:
    """The outcome of a call whose answer has these pictures."""

    def reply(request: Received) -> Reply:
        good = answer(request.path)["data"][0]
        items = [good | {"b64_json": base64.b64encode(one).decode()} for one in pictures]
        return 200, {}, json.dumps({"data": items}).encode()

    with recording(reply) as server:
        rest = ("--model", "m", "--server-url", server.url, "--no-metadata")
        return run("generate", "a", *rest, *words)


def files() -> dict[str, bytes]:
    """All files of this folder."""
    return {path.name: path.read_bytes() for path in Path().iterdir()}


@pytest.mark.parametrize(
    ("words", "sheet"),
    [
        (("a", "-o", "k.png"), "k.png"),
        (("a", "-o", "k.png"), "./k.jpg"),
        (("a", "b", "-o", "k.png", "--overwrite"), "k-2.png"),
        (("a kite", "--seed", "7", "-o", "."), "a-kite-7.png"),
    ],
)
def test_a_sheet_does_not_take_the_place_of_a_picture(
    words: tuple[str, ...], sheet: str, server: Recorder
) -> None:
    """It is refused before anything is sent, for any kind of picture that may come."""
    rest = ("--model", "m", "--server-url", server.url, "--sheet", sheet)
    done = run("generate", *words, *rest)
    assert (done.status, server.requests, files()) == (2, [], {})
    assert "a picture goes there" in done.err


def test_a_sheet_does_not_replace_a_picture_that_was_renamed() -> None:
    """Another picture came than was planned; the sheet takes the next name, and a line says so."""
    done = answered([PNG, PNG], "-o", "k.png", "--overwrite", "--sheet", "k-2.png")
    assert (done.status, done.out.splitlines()) == (0, ["k.png", "k-2.png", "k-2-2.png"])
    assert "k-2-2.png: another file had taken its place" in done.err
    assert files()["k-2.png"] == PNG


def test_a_sheet_is_not_overwritten_unless_told() -> None:
    """A file that appears meanwhile is somebody's."""
    Path("s.png").write_text("mine")
    words = ("generate", "a", *SANDBOX, "-o", "k.png", "--sheet", "s.png")
    assert run(*words).status == 5
    assert files() == {"s.png": b"mine"}
    assert run(*words, "--overwrite").status == 0
    assert files()["s.png"].startswith(b"\x89PNG")


def test_a_picture_that_pillow_cannot_open_is_no_failure() -> None:
    """It is saved and paid for; the sheet shows the others."""
    broken = PNG[:40]
    done = answered([broken, PNG], "-o", "k.png", "--sheet", "s.png")
    assert (done.status, done.out.splitlines()) == (0, ["k.png", "k-2.png", "s.png"])
    (line,) = done.err.splitlines()
    assert line.startswith("k.png cannot be shown: ")
    assert files()["k.png"] == broken
    with Image.open("s.png") as sheet:
        assert sheet.width < 2 * 320


@pytest.mark.parametrize("place", ["k.png", "k"])
def test_a_picture_of_no_known_kind_is_kept(place: str) -> None:
    """Under the suffix of unknown bytes."""
    unknown = b"\x00\x01\x02 no kind that is known"
    done = answered([unknown], "-o", place)
    assert (done.status, done.out) == (0, "k.bin\n")
    assert files() == {"k.bin": unknown}
    assert ("the server sent a picture of no known kind" in done.err) == (place == "k.png")


def test_only_the_file_that_was_named_is_replaced() -> None:
    """Not the one beside it that has the name of what came instead, or came as well."""
    for name in ("k.png", "k.jpg", "k-2.png", "k-2.jpg"):
        Path(name).write_text(name)
    done = answered([JPEG, JPEG], "-o", "k.png", "--overwrite")
    assert (done.status, done.out.splitlines()) == (0, ["k-3.jpg", "k-2-2.jpg"])
    kept = files()
    for name in ("k.png", "k.jpg", "k-2.png", "k-2.jpg"):
        assert kept[name] == name.encode()


@pytest.mark.parametrize("words", [("-o", "x" * 250 + ".png"), ("-o", "x" * 253)])
def test_names_that_are_too_long_cost_nothing(words: tuple[str, ...], server: Recorder) -> None:
    """Numbered or not, to be overwritten or not: they are looked at before anything is sent."""
    rest = ("--model", "m", "--server-url", server.url, "--seeds", "1..2")
    for option in ((), ("--overwrite",)):
        done = run("generate", "a", *rest, *words, *option)
        assert (done.status, server.requests, files()) == (5, [], {})
        assert "File name too long" in done.err


def test_a_folder_in_the_place_of_a_picture_costs_nothing(server: Recorder) -> None:
    """It cannot be replaced, and that is said first."""
    Path("k-2.png").mkdir()
    words = ("--model", "m", "--server-url", server.url, "--seeds", "1..2", "-o", "k.png")
    done = run("generate", "a", *words, "--overwrite")
    assert (done.status, server.requests) == (5, [])
    assert "k-2.png" in done.err


def test_all_pictures_of_an_answer_are_told_of() -> None:
    """One that cannot be fetched does not take the others with it."""

    def reply(request: Received) -> Reply:
        good = answer(request.path)["data"][0]
        gone = {"seed": 1, "response_format": "url", "url": "http://127.0.0.1:1/gone"}
        last = gone | {"url": "http://127.0.0.1:1/too"}
        return 200, {}, json.dumps({"data": [gone, good, last]}).encode()

    with recording(reply) as server:
        words = ("--model", "m", "--server-url", server.url, "-o", "k.png", "--timeout", "5")
        done = run("generate", "a", *words, "--no-metadata")
    assert (done.status, done.out) == (4, "k-2.png\n")
    assert files() == {"k-2.png": PNG}
    kept = "what came is kept at http://127.0.0.1:1/gone, http://127.0.0.1:1/too"
    assert done.err.splitlines()[-1] == kept


def test_a_second_picture_for_a_pipe_is_kept() -> None:
    """The first is what the pipe is for."""
    done = answered([PNG, JPEG], "-o", "-")
    assert (done.status, done.content) == (0, PNG)
    told, _, kept = done.err.strip().rpartition(": ")
    assert told == "-: a pipe is for one picture, and another came"
    assert Path(kept).read_bytes() == JPEG


def test_a_second_picture_that_nobody_can_keep_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no folder for temporary files, it is lost; that is said in words."""
    monkeypatch.setattr("tempfile.tempdir", "nowhere")
    done = answered([PNG, JPEG], "-o", "-")
    assert (done.status, done.content) == (0, PNG)
    told = "a pipe is for one picture, and another came: there was no place to keep it"
    assert told in done.err


# Makes every file that has more than some bytes a full disk, but not for what measures coverage.
LIMITED = """
import atexit, resource, sys
from friendli_facade.cli import main
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
atexit.register(resource.setrlimit, resource.RLIMIT_FSIZE, (hard, hard))
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
sys.exit(main(sys.argv[1:]))
"""


def limited(*words: str) -> "subprocess.CompletedProcess[str]":
    """A run of the command in a process whose files may not be large."""
    command = [sys.executable, "-c", LIMITED, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_where_nothing_can_be_written_it_is_said() -> None:
    """What lies at a URL is still there, and the URL is told; what came along is lost."""
    with Sandbox().serve() as server:
        rest = ("--model", "m", "--server-url", server.url)
        lost = limited("generate", "a", *rest, "-o", "k.png")
        there = limited("generate", "a", *rest, "-o", "k")
    assert (lost.returncode, there.returncode, files()) == (5, 5, {})
    assert lost.stderr.splitlines() == [
        "error: k.png: File too large",
        "a picture is lost: there was no place to keep it",
    ]
    assert f"\nwhat came is kept at {server.url}/pictures/" in there.stderr


@pytest.mark.parametrize("place", ["-", "k.png"])
def test_what_came_of_a_broken_answer_is_kept_somewhere(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe gets no picture of a call that failed, and a disk may be full."""

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    def reply(request: Received) -> Reply:
        item = json.dumps(answer(request.path)["data"][0])
        return 200, {}, f'{{"data": [{item}, {{"b64_js'.encode()

    if place != "-":
        monkeypatch.setattr(destinations, "save", full)
    with recording(reply) as server:
        done = dedicated(server.url, "-o", place)
    assert (done.status, done.content, list(Path().iterdir())) == (3, b"", [])
    kept = done.err.splitlines()[-1].removeprefix("what came is kept at ")
    assert Path(kept).read_bytes() == PNG
