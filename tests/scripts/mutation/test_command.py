"""`scripts/mutate` as a command: what it says while it works."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray", reason="scripts/mutate installs it")
pytest.importorskip("coverage", reason="scripts/mutate installs it")

from scripts.mutation import __main__ as command
from scripts.mutation import rooms, running
from scripts.mutation.mutants import Mutant
from scripts.mutation.running import Outcome, Reached

SOURCE = """\
import json

def most(text: str) -> int:
    try:
        return json.loads(text) + 1
    except (TypeError, json.JSONDecodeError):
        return 3
"""


def test_a_terminal_is_told_how_far_the_work_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Up to the last change; one that makes no Python is not tried, and not in the table."""
    (tmp_path / "most.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "test_most.py").touch()
    for module in (command, rooms):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(command, "ROOMS", {"most": rooms.Room(("most.py",), ("test_most.py",))})
    monkeypatch.setattr(command, "preload", lambda: None)
    tried: list[Mutant] = []

    def kept(_: rooms.Room) -> Reached:
        return Reached({}, {"most.py": {}}, [])

    def outcome(mutant: Mutant, _: Sequence[running.Test]) -> Outcome:
        tried.append(mutant)
        return Outcome(mutant, "killed", "", 0.0)

    monkeypatch.setattr(command, "kept", kept)
    monkeypatch.setattr(command, "outcome", outcome)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert command.main(["most"]) == 0
    said = capsys.readouterr()
    drawn = re.search(r"^most: (\d+) of \1 changes$", said.out, re.MULTILINE)
    assert drawn is not None
    assert 0 < len(tried) < int(drawn[1])
    assert re.search(rf"^all +{len(tried)} ", said.out, re.MULTILINE)
    assert said.err.startswith("\r1 of ")
