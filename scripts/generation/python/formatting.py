"""Generated Python as the project formats its own."""

import subprocess
import sys

from scripts.contract.loading import ROOT


def formatted(text: str, name: str) -> str:
    """`text`, which is to be the file `name`, laid out, and with no import too many."""
    for command in (["check", "--fix-only", "--select", "F401,I,UP"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "--quiet"]
        ruff += ["--stdin-filename", name, "-"]
        done = subprocess.run(
            ruff, input=text, encoding="utf-8", capture_output=True, cwd=ROOT, check=True
        )
        text = done.stdout
    return text
