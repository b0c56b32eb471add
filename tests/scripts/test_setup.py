"""Environments of other Pythons than that of `.venv`."""

import subprocess

from scripts.contract.loading import ROOT


def test_a_python_that_is_not_here_is_told_apart_from_a_failure() -> None:
    """CI goes on without it: exit code 69, one line, and no folder."""
    done = subprocess.run(
        [ROOT / "scripts" / "test", "--python", "9.9"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr == (
        "Python 9.9 is not found: neither python9.9 nor pyenv's can make an environment\n"
    )
    assert not (ROOT / ".venv-9.9").exists()
