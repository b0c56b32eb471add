"""A user's test suite, in which the client is beside other people's tools; see `tools/`.

It runs once, as a program, in an environment where they are: some would change this suite too.
"""

import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from scripts.peers.programs import ROOT, python
from tests.three_ways import TOKEN

PYTHON = python("tools")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(PYTHON is None, reason="no tools: scripts/setup --peers"),
]
TOOLS = Path(__file__).with_name("tools")
NAMES = sorted(file.stem for file in TOOLS.rglob("with_*.py"))
Run = tuple[dict[str, list[ET.Element]], str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What came of each test, by file, and all that was printed."""
    report = tmp_path_factory.mktemp("tools") / "report.xml"
    options = ("-c", TOOLS / "pytest.ini", "--rootdir", ROOT, "--confcutdir", TOOLS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRIENDLI_")}
    done = subprocess.run(
        [str(PYTHON), "-m", "pytest", *options, f"--junit-xml={report}", TOOLS],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    found: dict[str, list[ET.Element]] = {}
    for case in ET.parse(report).iter("testcase"):
        found.setdefault(case.get("classname", "").rpartition(".")[2], []).append(case)
    return found, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_the_client_works_beside(name: str, run: Run) -> None:
    """Every test of that file passes, and none is skipped."""
    cases, printed = run
    assert name in cases, printed
    assert [list(case) for case in cases[name] if len(case)] == [], printed


def test_nothing_is_printed_of_the_token(run: Run) -> None:
    """Neither by a tool nor by pytest."""
    assert TOKEN not in run[1]
