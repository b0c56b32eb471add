"""Runs the rows: every sample in a process of its own, contenders in turn, medians of rounds."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import attrs

from scripts.benchmark.pictures import MIB, stored
from scripts.benchmark.rows import Row
from scripts.benchmark.targets import Figures
from scripts.contract.loading import ROOT

# What is installed comes before the checkout, which is there for the measuring alone.
_PROGRAM = (
    f"import sys; sys.path.append({str(ROOT)!r}); "
    "from scripts.benchmark.measuring.{module} import main; main()"
)


@attrs.frozen
class Runner:
    """Runs rows against a server.

    Args:
        url: Where the server is.
        pythons: The interpreter of each column's environment.
        folder: Where the pictures lie.
        quick: Whether one short round of each will do.
    """

    url: str
    pythons: Mapping[str, str]
    folder: Path
    quick: bool = False

    def figures(self, row: Row) -> Figures:
        """The medians of a row, by column."""
        samples: dict[str, list[dict[str, float]]] = {column: [] for column in row.contenders}
        if row.first_path is not None:
            for column in row.contenders:
                self._sample(row, column, row.first_path)
        for _ in range(1 if self.quick else row.rounds):
            for column, taken in samples.items():
                taken.append(self._sample(row, column, row.path))
        return {
            column: {key: median(sample[key] for sample in taken) for key in taken[0]}
            for column, taken in samples.items()
        }

    def _sample(self, row: Row, column: str, path: str) -> dict[str, float]:
        contender, python = row.contenders[column], self.pythons[column]
        if row.scenario == "import":
            return _measured(python, "importing", contender)
        options: dict[str, Any] = {**row.options, **(row.quick if self.quick else {})}
        options["folder"] = str(self.folder)
        if sizes := options.get("mebibytes"):
            options["size"] = sizes[0] * MIB
            options["pictures"] = [str(stored(self.folder, size * MIB)) for size in sizes]
        arguments = [contender, row.scenario, f"{self.url}/{path}", json.dumps(options)]
        return _measured(python, "client", *arguments)


def _measured(python: str, module: str, *arguments: str) -> dict[str, float]:
    # Isolated: neither this command's folder nor its environment changes what is imported.
    command = [python, "-I", "-c", _PROGRAM.format(module=module), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    sample: dict[str, float] = json.loads(done.stdout)
    return sample
