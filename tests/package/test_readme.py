"""The documentation's code is true."""

import gc
import re
from collections.abc import Callable
from inspect import iscoroutinefunction, signature
from pathlib import Path
from shutil import copy
from typing import Any

import anyio
import pytest

from friendli_facade.sandbox import Sandbox
from scripts.contract.loading import ROOT
from scripts.demonstration.drawing import PICTURES
from scripts.gates.documentation_examples import Example, examples, languages, pages
from tests.examples import run

_EXAMPLES = [example for page in pages() for example in examples(page)]


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda example: example.name)
def test_the_example_runs(
    example: Example,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    friendli_sandbox: Sandbox,
    request: pytest.FixtureRequest,
) -> None:
    """Every block runs alone against the sandbox, prints what the page says, and its tests pass.

    Beside those of the README lies no file, beside the others two pictures.
    """
    monkeypatch.chdir(tmp_path)
    if example.page.name != "README.md":
        for picture in PICTURES:
            copy(picture, tmp_path)
    names = run(example.module, str(example.page))
    if example.output is not None:
        assert capsys.readouterr().out == example.output
    for name, found in names.items():
        if name.startswith("test_"):
            friendli_sandbox.requests.clear()
            _call(found, request)
    names.clear()
    gc.collect()  # so that what was not closed is told here, and not of a test to come


def _call(test: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    """Calls a test with the fixtures that it names."""
    fixtures = [request.getfixturevalue(name) for name in signature(test).parameters]
    if iscoroutinefunction(test):
        anyio.run(test, *fixtures)
    else:
        test(*fixtures)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_code_block_escapes(page: Path) -> None:
    """Every block is Python that runs, or output that is no code; none is indented."""
    assert languages(page) <= {"python", "text"}
    assert re.search(r"^[ \t]+```", page.read_text(encoding="utf-8"), re.MULTILINE) is None


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    """What a page outside of the site links to, or shows, is there."""
    links = re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (ROOT / link).exists()] == []


def test_the_readme_is_short() -> None:
    """The README stays under 200 lines."""
    assert (pages()[0].read_text(encoding="utf-8").count("\n")) < 200
