"""`scripts/sync` wherever it is called, and whatever stands in its way: words and an exit code."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from scripts.contract import fetching
from scripts.contract.loading import ROOT
from scripts.evolution import __main__ as command
from scripts.generation import installation, package
from scripts.generation.installation import PACKAGE
from tests.scripts.evolution.contracts import Mutation, operation, probing, schema
from tests.scripts.trees import snapshot
from tests.servers import Received, Reply, recording

from .conftest import Sync, Upstream

pytestmark = pytest.mark.slow

Output = pytest.CaptureFixture[str]
TAGS = ("--tags", "Container.Image")
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONOPTIMIZE": "2"}
SYNC = (sys.executable, "-P", "-m", "scripts.evolution")


def nothing(document: Any) -> None:
    """Upstream as it is."""


def sync(*arguments: str, cwd: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **surroundings}
    return subprocess.run(
        [*SYNC, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_report_goes_where_standard_output_goes(run: Sync, upstream: Upstream) -> None:
    """Into a text in memory too, which has no encoding that could lack a letter."""
    with redirect_stdout(StringIO()) as said:
        assert run(upstream(nothing), "--check") == 0
    assert said.getvalue().startswith("The contract agrees with ")


def test_a_relative_path_is_below_the_working_directory(
    tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--output client` makes a tree there, and a second run finds it up to date."""
    source = upstream(nothing)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for _ in range(2):
        assert command.main([source, *TAGS, "--output", "client"]) == 0
    assert package.differences(tmp_path / "here" / "client") == []
    assert [path.name for path in Path().iterdir()] == ["client"]


@pytest.mark.parametrize("place", ["a-file", "a-file/below", "/proc/nowhere", "/dev/null"])
def test_a_place_where_nothing_can_be_written_is_refused_in_words(
    tmp_path: Path, upstream: Upstream, capsys: Output, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """A file, or a system that takes no files: one line that names the place, and exit 2."""
    monkeypatch.chdir(tmp_path)
    Path("a-file").write_text("mine", encoding="utf-8")
    assert command.main([upstream(nothing), *TAGS, "--output", place]) == 2
    said = capsys.readouterr().err
    assert place.partition("/below")[0] in said
    assert len(said.splitlines()) == 1
    assert Path("a-file").read_text(encoding="utf-8") == "mine"


def test_a_full_disk_leaves_the_tree_as_it_was(
    tree: Path, run: Sync, upstream: Upstream, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file cannot be written the error says so, and contract and package are the old."""
    before = snapshot(tree)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(installation, "install", full)
    assert run(upstream(probing("ImageInput", {"type": "string"}))) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert snapshot(tree) == before


def unnamed(document: Any) -> None:
    del operation(document, "containerImagesEdit")["operationId"]


def headerless(document: Any) -> None:
    """An action of the overlay fits one place less."""
    del operation(document, "dedicatedImagesEdit")["parameters"]


def within_itself(document: Any) -> None:
    schemas = document["components"]["schemas"]
    schemas["Self"] = {"allOf": [{"$ref": "#/components/schemas/Self"}, {"required": ["a"]}]}
    reference = {"$ref": "#/components/schemas/Self"}
    schema(document, "ImageInput")["properties"]["probe"] = reference


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (unnamed, "POST /v1/images/edits: has no operationId"),
        (within_itself, "the schema Self is an alias of itself, or contains itself"),
    ],
)
@pytest.mark.parametrize("which", ["--tags", "--all-tags"])
def test_what_no_client_can_be_made_of_is_refused_in_words(
    tmp_path: Path, upstream: Upstream, capsys: Output, how: Mutation, words: str, which: str
) -> None:
    """One line and exit 2, whichever operations are asked for."""
    asked = TAGS if which == "--tags" else (which,)
    assert command.main([upstream(how), *asked, "--output", str(tmp_path / "new")]) == 2
    assert capsys.readouterr().err == f"scripts/sync: {words}\n"


def test_a_schema_that_needs_itself_has_no_value(tmp_path: Path) -> None:
    """Where an object requires an object of its own kind, the gates say that no value is finite."""
    from scripts.contract.documents import ContractError
    from scripts.contract.sample_values import Values

    reference = {"$ref": "#/components/schemas/Self"}
    own = {"type": "object", "required": ["a"], "properties": {"a": reference}}
    values = Values({"components": {"schemas": {"Self": own}}})
    with pytest.raises(ContractError, match="no value is finite"):
        values.allowed(reference)


def test_all_tags_take_operations_without_a_tag(
    tmp_path: Path, upstream: Upstream, capsys: Output
) -> None:
    """An operation that nobody tagged is an operation."""

    def how(document: Any) -> None:
        del operation(document, "containerImagesEdit")["tags"]

    place = tmp_path / "new"
    assert command.main([upstream(how), "--all-tags", "--output", str(place)]) == 0
    assert "`containerImagesEdit`: the operation was added" in capsys.readouterr().out
    assert (place / PACKAGE / "api" / "default" / "container_images_edit.py").is_file()
    assert package.differences(place) == []


def test_exit_codes_tell_behind_from_could_not(
    run: Sync, upstream: Upstream, tmp_path: Path
) -> None:
    """0: nothing to do. 1: behind, also where an action is stale. 2: it cannot be told."""
    behind = probing("ImageInput", {"type": "string"})
    expected: dict[Mutation, int] = {nothing: 0, behind: 1, headerless: 1}
    assert {how: run(upstream(how), "--check") for how in expected} == expected
    assert run(str(tmp_path / "missing.yaml"), "--check") == 2
    assert run(str(tmp_path / "missing.yaml")) == 2


def endless(request: Received) -> Reply:
    return 200, {}, b"a: 1\n" * 100_000


def test_a_document_that_comes_too_slowly_is_given_up(
    tree: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it together has a limit, however steadily the server sends."""
    clock = iter(range(0, 10**6, 100))
    monkeypatch.setattr(fetching, "monotonic", lambda: next(clock))
    with recording(endless) as server:
        assert command.main([server.url, "--output", str(tree)]) == 2
    assert "is not there after 120 seconds" in capsys.readouterr().err


def packed(encoding: str) -> Callable[[Received], Reply]:
    return lambda request: (200, {"Content-Encoding": encoding}, b"\x1f\x8b" + b"a" * 1000)


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br", "x"])
def test_a_packed_document_is_not_unpacked(tree: Path, capsys: Output, encoding: str) -> None:
    """A few kilobytes could become any number of gigabytes; it is asked for as plain text."""
    with recording(packed(encoding)) as server:
        assert command.main([server.url, "--output", str(tree)]) == 2
        assert server.requests[0].headers["accept-encoding"] == "identity"
    assert f"the server answers in {encoding}" in capsys.readouterr().err


FORGED = "a\r\x1b[2J\u202e`: the operation was removed\n- `b"


def test_names_cannot_forge_lines_or_reach_the_terminal(
    run: Sync, upstream: Upstream, capsys: Output
) -> None:
    """Whatever a name in upstream's document holds, it is shown, and not obeyed."""
    source = upstream(probing("ImageInput", {"type": "string"}, name=FORGED))
    for option in ("--dry-run", "--json"):
        assert run(source, "--check", option) == 1
        said = capsys.readouterr()
        assert all(one.isprintable() or one == "\n" for one in said.out + said.err)
    assert run(source, "--check") == 1
    lines = capsys.readouterr().out.splitlines()
    assert not any(line.startswith("- `b") for line in lines)
    assert any(r"ImageInput.a\r\x1b[2J\u202e`" in line for line in lines)


def test_optimised_python_in_an_ascii_locale_says_and_writes_the_same(
    tmp_path: Path, upstream: Upstream
) -> None:
    """No docstring, no assertion and no UTF-8: the same report, the same bytes."""
    source = upstream(probing("ImageInput", {"type": "string", "default": "é"}))
    plain = sync(source, *TAGS, "--output", "plain", cwd=tmp_path, PYTHONUTF8="1")
    other = sync(source, *TAGS, "--output", "other", cwd=tmp_path, **BARE)
    assert (plain.returncode, plain.stderr) == (other.returncode, other.stderr) == (0, "")
    assert other.stdout == plain.stdout
    assert snapshot(tmp_path / "other") == snapshot(tmp_path / "plain")


def test_check_clears_away_what_a_killed_build_left(
    tree: Path, run: Sync, upstream: Upstream
) -> None:
    """The next command does, though it writes nothing else."""
    before = snapshot(tree)
    (tree / ".building-abandoned" / "new").mkdir(parents=True)
    assert run(upstream(nothing), "--check") == 0
    assert snapshot(tree) == before
    (tree / ".building-abandoned").mkdir()
    assert package.differences(tree) == []
    assert snapshot(tree) == before
