"""What the tests of the command share: a server that records, and a folder of their own."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.running import right
from tests.servers import Recorder, recording


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRIENDLI_SERVER_URL", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server() -> Generator[Recorder]:
    """A server that answers every operation rightly."""
    with recording(right) as server:
        yield server
