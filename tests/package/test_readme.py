"""The documentation's code is true."""

from pathlib import Path

import pytest

from friendli_facade import SyncFriendli
from friendli_facade.sandbox import Sandbox
from scripts.gates.documentation_examples import languages, module, pages
from tests import examples


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_the_examples_run(
    page: Path,
    sandboxed: Path,
    capsys: pytest.CaptureFixture[str],
    friendli: SyncFriendli,
    friendli_sandbox: Sandbox,
) -> None:
    """All Python of a page runs, in its order, against the sandbox."""
    names = examples.run(module(page), str(page))
    printed = capsys.readouterr().out
    if page.name == "README.md":
        friendli_sandbox.requests.clear()
        names["test_a_limit_is_told"](friendli, friendli_sandbox)
        assert "lighthouse.png" in printed
        assert "num_inference_steps must be at most 50 51" in printed
        assert sorted(path.name for path in sandboxed.glob("winter-*")) == [
            f"winter-{number}.jpg" for number in range(3)
        ]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_code_block_escapes(page: Path) -> None:
    """Every block is Python that runs, or output that is no code."""
    assert languages(page) <= {"python", "text"}


def test_the_readme_is_short() -> None:
    """The README stays under 250 lines."""
    assert (pages()[0].read_text(encoding="utf-8").count("\n")) < 250
