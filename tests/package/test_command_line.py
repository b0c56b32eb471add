"""The command as it is installed: with its extra alone, and without."""

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.package.installed import run

_DRAW = ("generate", "A lighthouse", "--sandbox", "--steps", "1")


@pytest.fixture(scope="module")
def command(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script in a fresh environment with the wheel and the extra `cli` alone."""
    folder = tmp_path_factory.mktemp("cli")
    (wheel,) = environment.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python"]
    run(*pip, str(folder / "venv" / "bin" / "python"), "install", f"{wheel}[cli]", cwd=folder)
    return folder / "venv" / "bin" / "friendli-facade"


def test_a_picture_goes_from_the_embedded_sandbox_into_a_pipe(command: Path) -> None:
    """Without network, token, or another extra."""
    done = subprocess.run([command, *_DRAW, "-o", "-"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    program = shutil.which("file")
    if program is None:
        assert done.stdout.startswith(b"\x89PNG")
    else:
        told = subprocess.run([program, "-"], input=done.stdout, capture_output=True, check=True)
        assert b"PNG image data, 512 x 512" in told.stdout


def test_all_of_the_command_works_with_its_extra_alone(command: Path, tmp_path: Path) -> None:
    """A sheet, a gallery, lines of JSON, tables, and the same by `python -m`."""
    words = (*_DRAW, "--seeds", "1..2", "--sheet", "sheet.png", "--json")
    lines = run(command, *words, cwd=tmp_path).splitlines()
    assert sorted(json.loads(line)["seed"] for line in lines) == [1, 2]
    assert (tmp_path / "sheet.png").is_file()
    page = Path(run(command, "gallery", ".", cwd=tmp_path).strip())
    assert page.read_text(encoding="utf-8").count('"again": true') == 2
    assert "containerImagesEdit" in run(command, "contract", "--json", cwd=tmp_path)
    python = command.parent / "python"
    module = (python, "-m", "friendli_facade")
    assert run(*module, "contract", cwd=tmp_path) == run(command, "contract", cwd=tmp_path)


def test_without_the_extra_it_says_which_to_install(environment: Path) -> None:
    """One line, and exit 1; the environment has the other extras, and no click."""
    done = subprocess.run(
        [environment / "venv" / "bin" / "friendli-facade", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "friendli-facade needs click: pip install 'friendli-facade[cli]', "
        "or uvx --from 'friendli-facade[cli]' friendli-facade\n"
    )
