"""Errors are a line or two under the options' names, with an exit status; what came is kept."""

import base64
import errno
import json
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import Provenance, models
from friendli_facade.cli._arguments import calls
from friendli_facade.sandbox import Sandbox
from tests.cli.running import Outcome, run
from tests.samples import JPEG, PNG, answer
from tests.servers import Received, Reply, recording


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox of the test's own."""
    return Sandbox(endpoints=["my-endpoint"])


@pytest.fixture
def url(sandbox: Sandbox) -> Generator[str]:
    """Where it is served."""
    with sandbox.serve() as server:
        yield server.url


def container(url: str, *words: str) -> Outcome:
    """A picture of a container at this address."""
    return run("generate", "a kite", "--container", "--server-url", url, "--steps", "1", *words)


def dedicated(url: str, *words: str) -> Outcome:
    """A picture of a dedicated endpoint at this address."""
    return run("generate", "a kite", "--model", "my-endpoint", "--server-url", url, *words)


def test_all_violations_are_told_at_once_under_the_options_names() -> None:
    """Exit 2, a line each, and nothing is sent; what is missing is among them."""
    words = ["generate", "", "--dedicated", "--steps", "51", "--seed", "x", "--timeout", "-1"]
    words += ["--controlnet-weights", "0.5", "--controlnet-weights", "2", "--server-url", "nowhere"]
    done = run(*words, "--dry-run")
    assert (done.status, done.out) == (2, "")
    assert sorted(done.err.splitlines()) == sorted(
        [
            "error: --model is required",
            "error: PROMPT must not be empty",
            "error: --num-inference-steps must be at most 50, not 51",
            "error: --seed must be an integer, not 'x'",
            "error: --controlnet-weights (number 2) must be at most 1, not 2",
            "error: --controlnet-weights must not be given without --control-images",
            "error: --server-url must be an http(s) URL without query or fragment, not 'nowhere'",
            "error: --timeout must be more than 0 seconds and at most 1,000,000,000, not -1",
        ]
    )


def test_what_the_command_itself_refuses_is_told_with_the_rest() -> None:
    """A missing token, a contradiction, a number of its own: a line each beside the contract's."""
    words = ["generate", "", "--model", "m", "--steps", "51", "--timeout", "soon", "-j", "0"]
    words += ["--seeds", "8..1", "--control-images", "gone.png", "--sheet", "s.txt"]
    done = run(*words)
    assert (done.status, done.out) == (2, "")
    said = "\n".join(done.err.splitlines())
    for line in (
        "PROMPT must not be empty",
        "--num-inference-steps must be at most 50, not 51",
        "--timeout must be",
        "-j must be from 1 to 256, not 0",
        "--seeds must count up: 1..8",
        "--control-images (number 1) must be a file that exists",
        "--sheet must be named .png",
        "a token is needed there",
    ):
        assert said.count(f"error: {line}") == 1, said
    done = run("generate", "a", "--container", "--team", "t", "--steps", "0")
    assert done.err.splitlines() == [
        "error: --container has no --team",
        "error: --num-inference-steps must be at least 1, not 0",
    ]


def test_what_is_no_option_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of the environment have no dashes."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_0123456789")
    monkeypatch.setenv("HTTPS_PROXY", "socks9://127.0.0.1:1")
    monkeypatch.delenv("https_proxy", raising=False)
    done = run("generate", "a", "--model", "m")
    assert done.err.startswith("error: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY or NO_PROXY must name ")


def test_a_traceback_of_a_refusal_is_shown_where_it_is_asked_for(
    sandbox: Sandbox, url: str
) -> None:
    """Of the first that failed so, and without --debug of none."""
    sandbox.fail_next(400, times=6)
    assert "Traceback" not in container(url).err
    done = container(url, "--debug", "--seeds", "1..2")
    assert (done.status, done.err.count("Traceback (most recent call last):")) == (3, 1)
    assert "friendli_facade.errors." in done.err


def test_a_file_is_called_what_it_was_called() -> None:
    """Python's names for paths and for nothing are not the command line's."""
    Path("notes.txt").write_text("no picture")
    done = run("edit", "gone.png", "notes.txt", "--prompt", "a", "--sandbox")
    assert done.err.splitlines()[0] == (
        "error: IMAGE (number 1) must be a file that exists, not 'gone.png'"
    )
    assert "IMAGE (number 2) must be a picture" in done.err
    assert "Path(" not in done.err


def test_a_refusal_is_exit_3(sandbox: Sandbox, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server's own words, and what to look at."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_0123456789")
    sandbox.fail_next(401, detail="no such token")
    done = dedicated(url)
    assert (done.status, done.out) == (3, "")
    assert "401 Unauthorized: no such token\n" in done.err  # and no argument of Python's
    assert "is the token right?" in done.err
    assert len(done.err.splitlines()) == 2
    done = run("generate", "a", "--model", "another", "--server-url", url)
    assert (done.status, "is --model the id of an endpoint" in done.err) == (3, True)


def test_what_a_422_refuses_is_under_the_options_name(sandbox: Sandbox, url: str) -> None:
    """A server that knows more than the contract speaks of its fields, and the user has options."""
    detail = [{"loc": ["body", "num_inference_steps"], "msg": "too many for it", "type": "x"}]
    sandbox.fail_next(422, detail=detail)
    done = container(url)
    assert (done.status, done.err.splitlines()[1]) == (
        3,
        "--num-inference-steps: too many for it",
    )


def test_a_server_that_is_not_there_is_exit_4() -> None:
    """Nothing was sent, and the line says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = container(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert done.status == 4
    assert done.err.splitlines()[-1] == "nothing was sent"


def test_a_gateway_that_sent_the_request_on_is_said(sandbox: Sandbox, url: str) -> None:
    """Its 504 may be a picture that is paid for; it is not asked for again."""
    sandbox.fail_next(504)
    done = container(url)
    assert (done.status, len(sandbox.requests)) == (3, 1)
    assert done.err.splitlines()[-1] == "the picture may have been drawn and paid for"


@pytest.mark.parametrize("fault", ["disconnect_next", "truncate_next"])
def test_what_may_be_paid_for_is_said(sandbox: Sandbox, url: str, fault: str) -> None:
    """An answer that did not come whole may have been drawn; it is not asked for again."""
    getattr(sandbox, fault)()
    done = container(url)
    assert (done.status, len(sandbox.requests)) == (4, 1)
    assert done.err.splitlines()[1] == "the picture may have been drawn and paid for"


def test_a_late_answer_is_exit_4(sandbox: Sandbox, url: str) -> None:
    """--timeout is the call's."""
    sandbox.delay_next(30)
    done = container(url, "--timeout", "0.2")
    assert (done.status, "paid for" in done.err) == (4, True)


def test_an_answer_that_is_not_understood_is_kept(sandbox: Sandbox, url: str) -> None:
    """The picture in it is paid for: the whole body lies in a file that the message names."""
    sandbox.garble_next()
    done = container(url)
    assert (done.status, len(done.err.splitlines())) == (3, 3)
    kept = Path(done.err.splitlines()[-1].removeprefix("what came is kept at "))
    assert kept.read_bytes().startswith(b"<!doctype html>")


def half_broken(request: Received) -> Reply:
    """A picture, and what should have been another."""
    good = answer(request.path)["data"][0]
    return 200, {}, json.dumps({"data": [good, good | {"b64_json": "no base64"}]}).encode()


def test_a_picture_of_a_broken_answer_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came whole is paid for, whatever came with it."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "t")
    with recording(half_broken) as server:
        done = dedicated(server.url, "-o", "k.png")
    assert (done.status, done.out) == (3, "")
    assert done.err.splitlines()[-1] == "what came is kept at k.png"
    assert Provenance.removed_from(Path("k.png").read_bytes()) == PNG


def test_a_picture_that_cannot_be_fetched_is_named(
    sandbox: Sandbox, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is drawn and paid for, so its whole URL is told."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "t")
    sandbox.fail_next(404, of="downloads")
    done = dedicated(url)
    assert done.status == 4
    assert "drawn and paid for" in done.err
    assert f"what came is kept at {url}/pictures/" in done.err


def test_a_full_disk_loses_no_picture(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be saved where it should be is kept among temporary files; exit 5."""

    def full(*_arguments: Any, **_options: Any) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", "k.jpg")

    monkeypatch.setattr(models.Image, "save", full)
    done = container(url, "-o", "k.jpg")
    assert (done.status, done.out) == (5, "")
    first, second = done.err.splitlines()
    assert first == "error: k.jpg: No space left on device"
    assert Path(second.removeprefix("what came is kept at ")).read_bytes().startswith(b"\xff\xd8")


def test_attempts_are_counted_and_told(sandbox: Sandbox, url: str) -> None:
    """A picture that took three says so; each wait is a line on standard error."""
    sandbox.fail_next(503, times=2)
    done = container(url, "--json")
    assert (done.status, done.records[0]["attempts"]) == (0, 3)
    first, second = done.err.splitlines()
    assert "answered 503 Service Unavailable" in first
    assert second.startswith("attempt 2 failed alike; again in ")


def refusing(request: Received) -> Reply:
    """Refuses even seeds."""
    if json.loads(request.body)["seed"] % 2:
        return 200, {}, json.dumps({"image": base64.b64encode(JPEG).decode()}).encode()
    return 400, {}, b'{"detail": "even"}'


def test_a_failure_does_not_take_the_others_with_it() -> None:
    """Each picture that is drawn is kept; one line names all that failed alike, one the missing."""
    with recording(refusing) as server:
        done = container(server.url, "--seeds", "1..8", "-o", "all/")
    assert (done.status, len(server.requests)) == (3, 8)
    assert sorted(done.out.splitlines()) == [f"all/a-kite-{seed}.jpg" for seed in (1, 3, 5, 7)]
    assert done.err.splitlines() == [
        f"error: seeds 2,4,6,8: POST {server.url}/v1/images/generations answered 400 Bad Request: "
        "even",
        "4 of 8 pictures are missing: seeds 2,4,6,8",
    ]


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_after_a_failure_that_all_would_share_nothing_more_is_sent(
    sandbox: Sandbox, url: str, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """A wrong token is wrong for every seed, and so is an account without money."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "t")
    sandbox.fail_next(status, times=8)
    done = dedicated(url, "--seeds", "1..8", "-j", "2")
    assert (done.status, len(sandbox.requests) <= 2) == (3, True)
    assert "8 of 8 pictures are missing: seeds 1..8" in done.err


def test_a_fault_of_the_command_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1; --debug shows the traceback."""

    def broken(*_arguments: object) -> None:
        raise RuntimeError("of our own")

    monkeypatch.setattr(calls, "described", broken)
    done = run("generate", "a", "--sandbox")
    assert (done.status, done.err) == (
        1,
        "error: RuntimeError: of our own (--debug shows where)\n",
    )
    for words in (["--debug", "generate", "a"], ["generate", "a", "--debug"]):
        assert "Traceback (most recent call last):" in run(*words).err


def test_what_is_said_of_no_field_names_no_option() -> None:
    """A 422 may be about the whole body."""

    def reply(_: Received) -> Reply:
        detail = [{"loc": ["body"], "msg": "Not today", "type": "value_error"}]
        return 422, {"Content-Type": "application/json"}, json.dumps({"detail": detail}).encode()

    with recording(reply) as server:
        done = container(server.url)
    assert done.status == 3
    assert "422" in done.err
    assert "Not today" in done.err
    assert not any(line.startswith((": ", "--")) for line in done.err.splitlines())
