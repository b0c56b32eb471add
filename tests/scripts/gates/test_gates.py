"""The command that `scripts/check` calls."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from scripts.contract import loading
from scripts.contract.documents import ContractError
from scripts.contract.loading import ROOT
from scripts.gates import __main__ as command
from scripts.gates import calls, readme_bounds, rules_agreement, signatures


def test_it_is_silent_where_all_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 and no word on the project as it stands."""
    assert command.main() == 0
    assert capsys.readouterr() == ("", "")


def saying(*lines: str) -> Callable[..., list[str]]:
    """A gate with these lines to say."""
    return lambda *_: list(lines)


def test_it_prints_the_lines_of_all_gates(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, and one line for each problem, all at once."""
    monkeypatch.setattr(signatures, "problems", saying("one", "two"))
    monkeypatch.setattr(rules_agreement, "problems", saying("three"))
    monkeypatch.setattr(calls, "problems", saying("four"))
    monkeypatch.setattr(readme_bounds, "problems", saying("five"))
    monkeypatch.setattr(loading, "wider", saying("six"))
    assert command.main() == 1
    assert capsys.readouterr() == ("", "one\ntwo\nthree\nfour\nfive\nsix\n")


def test_a_broken_contract_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract that cannot be read is said in its own words, without a traceback."""

    def load(_: Any) -> Any:
        raise ContractError("openapi/overlay.yaml: is empty")

    monkeypatch.setattr(loading, "load", load)
    assert command.main() == 1
    assert capsys.readouterr().err == "openapi/overlay.yaml: is empty\n"


def test_a_facade_that_does_not_import_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model that is gone stops the facade's import: the line says which, and what to change."""
    monkeypatch.setitem(sys.modules, "friendli_api.rules", None)
    assert command.main() == 1
    said = capsys.readouterr().err
    assert "friendli_api.rules" in said
    assert said.endswith("change friendli_facade/ with it\n")


def test_check_calls_the_gates() -> None:
    """`scripts/check`, and so CI, runs the comparison with the files and all gates."""
    commands = (ROOT / "scripts" / "check").read_text(encoding="utf-8").splitlines()
    assert ".venv/bin/python -m scripts.generation --check" in commands
    assert ".venv/bin/python -m scripts.gates" in commands
    assert "./scripts/check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
