"""`scripts/generate` as a command: what it writes, what it says, how it ends."""

from collections.abc import Callable

import pytest

from scripts.contract.documents import ContractError
from scripts.generation import __main__ as command
from scripts.generation import command_line, reference, resources


def test_all_that_follows_from_the_contract_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package first, for the others read it."""
    written: list[str] = []

    def writing(name: str) -> Callable[[], None]:
        return lambda: written.append(name)

    monkeypatch.setattr(command, "generate", writing("package"))
    for module in (resources, command_line, reference):
        monkeypatch.setattr(module, "write", writing(module.__name__.rpartition(".")[2]))
    assert command.main([]) == 0
    assert written == ["package", "resources", "command_line", "reference"]


def test_every_stale_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the package, the methods, the command line and the pages: one line for each, exit 1."""
    for number, module in enumerate((command, resources, command_line, reference)):
        monkeypatch.setattr(module, "differences", lambda number=number: [f"file-{number}"])
    assert command.main(["--check"]) == 1
    assert capsys.readouterr() == (
        "",
        "".join(
            f"file-{number}: does not match its sources; run scripts/generate\n"
            for number in range(4)
        ),
    )


def test_what_cannot_be_told_is_no_stale_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and the reason on one line, whether it is the contract's or the system's."""
    for error in (ContractError("is\nempty"), OSError("no space")):

        def failing(error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(command, "differences", failing)
        monkeypatch.setattr(command, "generate", failing)
        for arguments in (["--check"], []):
            assert command.main(arguments) == 2
            said = " ".join(str(error).split())
            assert capsys.readouterr() == ("", f"scripts/generate: {said}\n")
