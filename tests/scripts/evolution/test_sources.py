"""Where a document comes from: a path, a URL, a commit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.fetching import fetch
from scripts.evolution import __main__ as command
from tests.scripts.evolution.contracts import operation
from tests.scripts.trees import snapshot
from tests.servers import Received, Reply, recording

from .conftest import Upstream

Output = pytest.CaptureFixture[str]
SHA = "0123456789abcdef0123456789abcdef01234567"


def deprecated(document: Any) -> None:
    operation(document, "dedicatedImagesEdit")["deprecated"] = True


def test_a_document_comes_over_http(tree: Path, upstream: Upstream, capsys: Output) -> None:
    """A URL is fetched, and recorded without what might be secret in it."""
    content = Path(upstream(deprecated)).read_bytes()

    def answer(request: Received) -> Reply:
        return 200, {}, content

    with recording(answer) as server:
        url = server.url.replace("//", "//user:secret@") + "/openapi.yaml?token=secret"
        assert command.main([url, "--dry-run", "--output", str(tree)]) == 0
    said = capsys.readouterr().out
    assert f"{server.url}/openapi.yaml" in said
    assert "secret" not in said


RAW = "https://raw.githubusercontent.com/friendliai/friendli-openapi"


@pytest.mark.parametrize(
    ("source", "name", "commit"),
    [
        (f"{RAW}/main/openapi.yaml", "https://github.com/friendliai/friendli-openapi", None),
        (f"{RAW}/{SHA}/openapi.yaml", "https://github.com/friendliai/friendli-openapi", SHA),
    ],
)
def test_github_tells_repository_and_commit(
    monkeypatch: pytest.MonkeyPatch, source: str, name: str, commit: str | None
) -> None:
    """A raw URL names its repository; its commit is known where it stands in the URL."""

    def download(url: str) -> bytes:
        return b"a: 1"

    monkeypatch.setattr("scripts.contract.fetching._download", download)
    found = fetch(source)
    assert (found.source, found.commit) == (f"{name} openapi.yaml", commit)
    assert fetch(source, "f" * 40).commit == "f" * 40


def test_a_commit_is_a_commit(capsys: Output) -> None:
    """What is no sha would stand in the header for good."""
    with pytest.raises(SystemExit):
        command.main(["openapi.yaml", "--commit", "main\nopenapi: 3.0"])
    assert "40 hexadecimal digits" in capsys.readouterr().err


def not_found(request: Received) -> Reply:
    return 404, {}, b"No."


def page(request: Received) -> Reply:
    return 200, {}, b"<!DOCTYPE html><p>Hello"


@pytest.mark.parametrize(("answer", "reason"), [(not_found, "404"), (page, "web page")])
def test_a_url_without_a_document_is_an_error(
    tree: Path, capsys: Output, answer: Callable[[Received], Reply], reason: str
) -> None:
    """The error names the URL and what it answered."""
    before = snapshot(tree)
    with recording(answer) as server:
        assert command.main([server.url, "--output", str(tree)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"scripts/sync: {server.url}: ")
    assert reason in said
    assert snapshot(tree) == before
