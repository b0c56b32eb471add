"""Builds the site with Zensical, strict, and looks it through."""

import subprocess
import sys
from pathlib import Path

from scripts.contract.loading import ROOT
from scripts.website import findings, pictures

SITE = Path("build", "site")


def build(root: Path = ROOT) -> list[str]:
    """What is wrong with the site that was built of `docs/` below `root`: one line each."""
    try:
        pictures.draw(root)
    except ValueError as error:
        return [str(error)]
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    if subprocess.run(command, cwd=root, check=False).returncode:
        return ["the site was not built: mend what is named above"]
    site = root / SITE
    return [*findings.external(site), *findings.missing(site)]
