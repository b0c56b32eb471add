"""What all tests share."""

import time
from pathlib import Path
from shutil import copy
from types import SimpleNamespace

import attrs
import pytest

from friendli_facade._delivery import deadline, retries
from friendli_facade.sandbox import Sandbox
from scripts.demonstration.drawing import PICTURES
from tests.thorough import load_profile

pytest_plugins = ["pytester"]

load_profile()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRIENDLI_TOKEN", "FRIENDLI_TEAM", "FRIENDLI_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)


@attrs.define
class Clock:
    """Time that passes by sleeping alone."""

    now: float = 1000.0
    sleeps: list[float] = attrs.field(factory=list[float])

    def sleep(self, seconds: float) -> None:
        """Passes at once."""
        self.now += seconds
        self.sleeps.append(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Passes at once."""
        self.sleep(seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that retries go by: no test waits."""
    clock = Clock()
    monkeypatch.setattr(deadline, "monotonic", lambda: clock.now)
    # Who waits for a process sleeps in between, and would else take the processor from it.
    monkeypatch.setattr("subprocess.time", SimpleNamespace(sleep=time.sleep))
    monkeypatch.setattr("time.sleep", clock.sleep)
    monkeypatch.setattr(retries, "pause", clock.sleep_async)
    return clock


@pytest.fixture
def sandboxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, friendli_sandbox: Sandbox) -> Path:
    """A folder with pictures to work in, while the sandbox is where clients go by themselves."""
    for picture in PICTURES:
        copy(picture, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
