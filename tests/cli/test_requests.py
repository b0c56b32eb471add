"""The command line and the library send the same for the same arguments, and refuse the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from friendli_facade import SyncFriendli, ValidationError
from friendli_facade.cli._arguments import options
from tests.cli.running import run
from tests.cli.words import UnsayableError, said
from tests.requests.arguments import Operation, argument_sets, operations
from tests.samples import PNG
from tests.servers import Recorder

SETS = 100


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_the_same_arguments_make_the_same_request(
    operation: Operation, server: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Method, path, headers and body are equal; what the library refuses is named and not sent."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_test")
    (tmp_path / "cat.png").write_bytes(PNG)  # a name that is drawn
    counts = {"sent": 0, "refused": 0}

    @settings(
        max_examples=SETS,
        deadline=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(arguments=argument_sets(operation))
    def check(arguments: dict[str, Any]) -> None:
        try:
            wanted = said(operation, arguments, tmp_path)
        except (UnsayableError, KeyError):
            assume(False)
            return
        server.requests.clear()
        rest = ["--server-url", server.url, "-o", "pictures/", "--overwrite"]
        done = run(wanted.words[0], *rest, *wanted.words[1:])
        ours = list(server.requests)
        server.requests.clear()
        if missing := set(operation.schema["required"]) - wanted.arguments.keys():
            named = missing
        else:
            try:
                call(**wanted.arguments)
                named = set[str]()
            except ValidationError as error:
                named = {one.argument.partition("[")[0] for one in error.violations}
        assert done.status == (2 if named else 0), done.err
        assert ours == server.requests
        placed = {"generate": ["prompt"], "edit": ["image"]}[operation.method]
        for name in named:
            assert options.label(name, placed) in done.err
        counts["refused" if named else "sent"] += 1

    with SyncFriendli(server_url=server.url) as friendli:
        call = getattr(getattr(friendli, operation.surface).image, operation.method)
        check()
    print(operation.name, counts)
    assert min(counts.values()) > SETS / 10


def test_a_dry_run_shows_the_request_and_sends_none(server: Recorder) -> None:
    """What is shown is what the same command sends, but for the token and the pictures."""
    Path("cat.png").write_bytes(PNG)
    words = ["edit", "cat.png", "--container", "--prompt", "more", "--seeds", "1..2", "-j", "1"]
    words += ["--server-url", server.url]
    done = run(*words, "--dry-run", "--json")
    assert (done.status, server.requests, done.err) == (0, [], "")
    assert run(*words).status == 0
    for shown, sent in zip(done.records, server.requests, strict=True):
        assert (shown["method"], shown["url"]) == (sent.method, server.url + sent.path)
        assert shown["headers"] == sent.headers
        assert shown["body"] == json.loads(sent.body)


def test_a_dry_run_needs_no_token_and_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request can be looked at before there is a token, and with one it is masked."""
    words = ["generate", "a kite", "--model", "m", "--dry-run"]
    assert "authorization: Bearer ***" in run(*words).out
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_secret")
    assert run(*words).out == run(*words).out
    assert "secret" not in run(*words).out


def test_a_dry_run_hides_the_password_of_a_url() -> None:
    """It is sent in a header of its own kind."""
    url = "http://user:MARKER@127.0.0.1:1"
    done = run("generate", "a", "--container", "--server-url", url, "--dry-run")
    assert "authorization: Basic ***" in done.out
    assert "MARKER" not in done.out


def test_a_dry_run_shows_pictures_shortened_and_prompts_whole() -> None:
    """A request of megabytes is a few lines, and nothing of a prompt is left out."""
    Path("cat.png").write_bytes(PNG + bytes(100_000))
    done = run("edit", "cat.png", "--sandbox", "--prompt", "a" * 5_000, "--dry-run")
    assert "a" * 5_000 in done.out
    assert len(done.out) < 6_000
    assert "characters)" in done.out
