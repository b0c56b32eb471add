"""The page of the command line: it shows what is recorded, and what is recorded is still so."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from friendli_facade.cli._application import application
from scripts.contract.loading import ROOT
from scripts.recording.__main__ import PAGE, main
from scripts.recording.takes import TAKES, Take


def sections(text: str) -> dict[str, str]:
    """The parts of a page by their titles."""
    _, *parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def check(text: str) -> None:
    """Each take is on the page, with what must come of it."""
    found = sections(text)
    assert list(found) == [take.title for take in TAKES]
    for take in TAKES:
        shown = found[take.title]
        assert f"$ {take.command}\n" in shown
        frames = re.findall(r"^```text\n(.*?)\n```$", shown, flags=re.MULTILINE | re.DOTALL)
        assert len(frames) == 1 + bool(take.meanwhile)
        assert re.search(take.meanwhile, frames[0])
        assert [part for part in take.then if part not in frames[-1]] == []


def test_the_committed_page_shows_every_take() -> None:
    """A take that is changed is recorded again."""
    check((ROOT / PAGE).read_text(encoding="utf-8"))


@pytest.mark.parametrize("take", TAKES, ids=lambda take: take.title)
def test_the_command_still_knows_its_words(take: Take) -> None:
    """No option on the page is one of yesterday's."""
    words = shlex.split(re.split(r"[|;]", take.command)[0])[1:]
    with application.make_context("friendli-facade", words) as context:
        name, command, rest = application.resolve_command(context, words)
        assert isinstance(command, click.Command)
        command.make_context(name, rest, parent=context)


@pytest.mark.slow
def test_a_recording_of_today_shows_the_same(tmp_path: Path) -> None:
    """In a real terminal, against a real sandbox: every take comes to its end."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    assert main(["--output", str(tmp_path / "page.md")]) == 0
    check((tmp_path / "page.md").read_text(encoding="utf-8"))


def test_without_tmux_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And leaves the page as it is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--output", str(tmp_path / "page.md")]) == 1
    assert "tmux is not installed" in capsys.readouterr().err
    assert not (tmp_path / "page.md").exists()
