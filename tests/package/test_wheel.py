"""The wheel, alone in a fresh environment, is all that a user needs."""

import sys
from pathlib import Path

from tests.package.installed import run

LOOKS_FOR = """
import asyncio
import sys
from importlib.abc import MetaPathFinder

from friendli_facade import AsyncFriendli
from friendli_facade.sandbox import Sandbox

missed = set()


class Last(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        missed.add(name)


async def main(url):
    async with AsyncFriendli(server_url=url) as friendli:
        await friendli.container.image.generate(prompt="a kite")
        sys.meta_path.append(Last())
        await friendli.container.image.generate(prompt="a kite")


with Sandbox().serve() as server:
    asyncio.run(main(server.url))
print(sorted(missed))
"""


def test_it_runs_a_call_against_its_own_sandbox(environment: Path) -> None:
    """The installed wheel draws and edits a picture, without the checkout."""
    assert run("venv/bin/python", "user.py", cwd=environment) == "image/png True\n"


def test_a_call_looks_for_nothing_that_is_not_installed(environment: Path) -> None:
    """A module that is missing is searched for in all of sys.path, each time anew."""
    (environment / "looks_for.py").write_text(LOOKS_FOR, encoding="utf-8")
    assert run("venv/bin/python", "looks_for.py", cwd=environment) == "[]\n"


def test_it_holds_the_packages_and_nothing_else(environment: Path) -> None:
    """Both packages are in the wheel with their data; scripts and tests are not."""
    (site,) = environment.glob("venv/lib/*/site-packages")
    data = ["friendli_api/openapi.json", "friendli_api/py.typed", "friendli_facade/py.typed"]
    data += [
        f"friendli_facade/sandbox/_pictures/unifont/{name}" for name in ("bitmaps.gz", "LICENSE")
    ]
    assert [name for name in data if not (site / name).is_file()] == []
    assert not {"scripts", "tests", "openapi"} & {path.name for path in site.iterdir()}


def test_a_users_file_type_checks_under_mypy_strict(environment: Path) -> None:
    """The wheel is typed: mypy strict finds nothing in a user's file."""
    tool = [sys.executable, "-m", "mypy", "--strict", "--python-executable", "venv/bin/python"]
    assert run(*tool, "user.py", cwd=environment).startswith("Success")


def test_a_users_file_type_checks_under_pyright_strict(environment: Path) -> None:
    """The wheel is typed: pyright strict finds nothing in a user's file."""
    (environment / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    tool = [sys.executable, "-m", "pyright", "--pythonpath", "venv/bin/python"]
    assert "0 errors" in run(*tool, "user.py", cwd=environment)
