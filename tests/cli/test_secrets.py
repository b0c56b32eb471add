"""The token: where it comes from, and that nothing shows it."""

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.servers import Recorder

TOKEN = "flp_MARKER_0123456789"
DRAW = ["generate", "a", "--model", "m"]


def test_it_comes_from_the_environment_or_a_file(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file wins, for it was named; white space around the token is none of it."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_of_the_environment")
    words = [*DRAW, "--server-url", server.url]
    Path("token").write_text(f"\n{TOKEN}\n")
    assert run(*words).status == 0
    assert run(*words, "--token-file", "token").status == 0
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer flp_of_the_environment", f"Bearer {TOKEN}"]


def test_a_container_is_sent_none(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the library has it."""
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    assert run("generate", "a", "--container", "--server-url", server.url).status == 0
    assert "authorization" not in server.requests[0].headers
    monkeypatch.delenv("FRIENDLI_TOKEN")
    assert run("generate", "a", "--container", "--server-url", server.url).status == 0


@pytest.mark.parametrize("words", [[], ["--token-file", "gone"], ["--token-file", "empty"]])
def test_without_one_nothing_is_sent(server: Recorder, words: list[str]) -> None:
    """Exit 2, and the ways to give one; an empty or missing file is named."""
    Path("empty").touch()
    done = run(*DRAW, "--server-url", server.url, *words)
    assert (done.status, server.requests) == (2, [])
    assert "token" in done.err


def test_no_argument_takes_it(server: Recorder) -> None:
    """What stands on a command line stands in `ps`, and in the shell's history."""
    done = run(*DRAW, "--server-url", server.url, "--token", TOKEN)
    assert (done.status, server.requests) == (2, [])


def test_no_output_shows_it(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor a traceback, nor a dry run, nor the doctor, beyond its end."""
    monkeypatch.setenv("FRIENDLI_TOKEN", TOKEN)
    for words in (
        [*DRAW, "--dry-run"],
        [*DRAW, "--dry-run", "--json"],
        [*DRAW, "--debug", "--server-url", "http://127.0.0.1:1", "--steps", "99"],
        [*DRAW, "--debug", "--server-url", server.url, "-o", "k.png"],
        ["doctor", "--server-url", server.url],
        ["doctor", "--server-url", server.url, "--json"],
    ):
        done = run(*words)
        assert TOKEN[:-4] not in done.out + done.err
