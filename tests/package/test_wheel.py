"""The wheel, alone in a fresh environment, is all that a user needs."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT

USER = """
from pathlib import Path

from friendli_facade import SyncFriendli, models
from friendli_facade.sandbox import Sandbox


def draw(prompt: str) -> models.Image:
    with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
        return friendli.dedicated.image.generate(
            model="m", prompt=prompt, response_format="png", control_images=[Path(__file__)]
        ).images[0]


def edit(picture: bytes) -> str:
    with SyncFriendli(http_client=Sandbox().http_client()) as friendli:
        return friendli.container.image.edit(image=picture, prompt="more").image


with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
    first = friendli.dedicated.image.generate(model="m", prompt="a kite", response_format="png")
print(first.images[0].media_type, len(edit(first.images[0].read())) > 1000)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; fails with all of it if the command fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and its sandbox extra, and a user's file in it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns(".*", "build", "tests"))
    run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, folder / "source", cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = str(folder / "venv" / "bin" / "python")
    run(*pip, "--python", python, "install", f"{wheel}[sandbox]", cwd=folder)
    (folder / "user.py").write_text(USER, encoding="utf-8")
    return folder


def test_it_runs_a_call_against_its_own_sandbox(environment: Path) -> None:
    """The installed wheel draws and edits a picture, without the checkout."""
    assert run("venv/bin/python", "user.py", cwd=environment) == "image/png True\n"


def test_it_holds_the_packages_and_nothing_else(environment: Path) -> None:
    """Both packages are in the wheel with their data; scripts and tests are not."""
    (site,) = environment.glob("venv/lib/*/site-packages")
    data = ["friendli_api/openapi.json", "friendli_api/py.typed", "friendli_facade/py.typed"]
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
