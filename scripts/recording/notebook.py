"""Runs docs/notebook.ipynb and keeps what it shows: `python -m scripts.recording.notebook`."""

import argparse
import sys
from pathlib import Path
from typing import Any, cast

import nbformat
from nbclient import NotebookClient

from scripts.contract.loading import ROOT

NOTEBOOK = ROOT / "docs/notebook.ipynb"
_FORMAT = cast("Any", nbformat)  # it has no types


def main(arguments: list[str] | None = None) -> int:
    """The command line: it writes the notebook, in its place unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m scripts.recording.notebook")
    parser.add_argument("--output", type=Path, default=NOTEBOOK)
    output: Path = parser.parse_args(arguments).output
    notebook = _FORMAT.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, record_timing=False).execute()
    # Which Python it was is nobody's business.
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    _FORMAT.write(notebook, output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
