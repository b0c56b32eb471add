"""What all tests share."""

from collections.abc import Generator
from functools import partial
from pathlib import Path
from shutil import copy

import pytest

import friendli_facade
from friendli_facade.sandbox import Sandbox
from scripts.demo import PICTURES

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRIENDLI_TOKEN", "FRIENDLI_TEAM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sandboxed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, friendli_sandbox: Sandbox
) -> Generator[Path]:
    """A folder with pictures to work in, a token, and clients pointed at a running sandbox."""
    for picture in PICTURES:
        copy(picture, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_test")
    with friendli_sandbox.serve() as server, monkeypatch.context() as pointed:
        for name in ("SyncFriendli", "AsyncFriendli"):
            client = getattr(friendli_facade, name)
            pointed.setattr(friendli_facade, name, partial(client, server_url=server.url))
        yield tmp_path
