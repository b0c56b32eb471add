"""Runs the rows: every sample in a process of its own, contenders in turn, medians of rounds."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import attrs

from scripts.benchmark.pictures import MIB, stored
from scripts.benchmark.rows import Row
from scripts.benchmark.targets import Figures
from scripts.contract.loading import ROOT

FOLDER = ROOT / "build" / "benchmark"
# Nothing of a development environment: what is installed beside httpx makes its import slower.
REQUIREMENTS = {"project": ["--editable", str(ROOT)], "official": ["friendli==0.16.3"]}
_MODULES = "; import sys; print(len(sys.modules))"


def installed(name: str) -> str:
    """The interpreter of an environment with nothing but what is measured; makes it if needed."""
    folder = FOLDER / name
    python = folder / "bin" / "python"
    wanted = " ".join(REQUIREMENTS[name]) + (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    stamp = folder / "installed-from"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS[name]]
        subprocess.run(command, check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


@attrs.frozen
class Runner:
    """Runs rows against a server.

    Args:
        url: Where the server is.
        pythons: The interpreters of `project` and `official`.
        folder: Where the pictures lie.
        quick: Whether one short round of each will do.
    """

    url: str
    pythons: Mapping[str, str]
    folder: Path
    quick: bool = False

    def figures(self, row: Row) -> Figures:
        """The medians of a row, by column; the first round warms up and is not counted."""
        samples: dict[str, list[dict[str, float]]] = {column: [] for column in row.contenders}
        for number in range(1 if self.quick else row.rounds + 1):
            for column, contender in row.contenders.items():
                path = row.path if number else row.first_path or row.path
                samples[column].append(self._sample(row, column, contender, path))
        return {
            column: {key: median(sample[key] for sample in counted) for key in counted[0]}
            for column, taken in samples.items()
            if (counted := taken[1:] or taken)
        }

    def _sample(self, row: Row, column: str, contender: str, path: str) -> dict[str, float]:
        python = self.pythons["official" if column == "official" else "project"]
        if row.scenario == "import":
            return _import(python, contender)
        options: dict[str, Any] = {**row.options, **(row.quick if self.quick else {})}
        options["folder"] = str(self.folder)
        if size := options.get("mebibytes"):
            options["picture"] = str(stored(self.folder, size * MIB))
        arguments = [contender, row.scenario, f"{self.url}/{path}", json.dumps(options)]
        sample: dict[str, float] = json.loads(
            _output([python, "-m", "scripts.benchmark.client", *arguments])
        )
        return sample


def _import(python: str, code: str) -> dict[str, float]:
    """What an import costs: in all, and over an interpreter that does nothing, started beside."""
    seconds: list[float] = []
    for what in ("pass", code):
        started = perf_counter()
        _output([python, "-c", what])
        seconds.append(perf_counter() - started)
    return {
        "seconds": seconds[1],
        "net": seconds[1] - seconds[0],
        "modules": float(_output([python, "-c", code + _MODULES])),
    }


def _output(command: list[str]) -> str:
    # Without bytecode an interpreter compiles an editable package anew each time.
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout
