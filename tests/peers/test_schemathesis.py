"""schemathesis, 4.32.5, draws requests from the contract, right and wrong ones, for the sandbox."""

import subprocess
from pathlib import Path

import pytest

from friendli_facade.sandbox import Sandbox
from scripts.generation.installation import PACKAGE
from scripts.peers.programs import ROOT, python

PYTHON = python("schemathesis")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.slow,
    pytest.mark.skipif(PYTHON is None, reason="no schemathesis: scripts/setup --peers"),
]
# What no schema says is refused too: as many weights as pictures, text that is no picture. Any
# token is good enough for the sandbox. And Friendli's document names 200 and 422 alone, where
# FastAPI has a 400 for what is no UTF-8, and a 401.
KNOWN = "positive_data_acceptance,ignored_auth,status_code_conformance"


def judged(sandbox: Sandbox, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What it says of a sandbox that listens on a port."""
    with sandbox.serve() as server:
        contract = ROOT / PACKAGE / "openapi.json"
        checks = ("--checks", "all", "--exclude-checks", KNOWN, "--seed", "17")
        command = (str(PYTHON), "-m", "schemathesis.cli", "run", contract, "--url", server.url)
        headers = ("--header", "Authorization: Bearer flp_test")
        return subprocess.run(
            [*command, *headers, *checks, "--no-color", *options],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )


def test_the_sandbox_answers_as_the_contract_says(tmp_path: Path) -> None:
    """Right requests get answers of the contract's shape, wrong ones a refusal, none a 5xx."""
    sandbox = Sandbox()
    done = judged(sandbox, tmp_path, "--max-examples", "60")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Tested: 4" in done.stdout
    assert len(sandbox.requests) > 200


@pytest.mark.parametrize("fault", ["fail", "misshape"])
def test_a_fault_is_found(fault: str, tmp_path: Path) -> None:
    """One answer that is not the contract's is enough."""
    sandbox = Sandbox()
    if fault == "fail":
        sandbox.fail_next(500)
    else:
        sandbox.misshape_next()
    done = judged(sandbox, tmp_path, "--phases", "examples")
    assert done.returncode == 1
    found = {"fail": "Server error", "misshape": "Response violates schema"}
    assert found[fault] in done.stdout
