"""A disk that is full: the metadata gives way, and the picture stays."""

import errno
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from friendli_facade import MetadataWarning, Provenance
from tests.images.test_saving import files
from tests.images.wires import Origin, drawn, item, origins
from tests.provenance.pictures import encoded, noise
from tests.samples import PNG

GIF = encoded(noise("L"), "GIF")


@origins
def test_a_disk_with_room_for_the_picture_alone_gets_that(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is paid for, and its metadata is not; an older file gives way as it would without."""
    plain = os.fsync

    def fail_if_larger(descriptor: int) -> None:
        if os.fstat(descriptor).st_size > len(PNG):
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", fail_if_larger)
    (tmp_path / "cat.png").write_bytes(b"old")
    told = r"cat\.png: it is saved without metadata: No space left on device"
    with pytest.warns(MetadataWarning, match=told):
        place = origin.of(PNG).save(tmp_path / "cat.png", metadata=True, overwrite=True)
    assert files(tmp_path) == {"cat.png": PNG}
    assert Provenance.of(place) is None


def test_a_disk_that_fills_up_costs_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sidecar comes after the picture, and leaves nothing behind."""
    plain, calls = os.fsync, list[int]()

    def fail_later(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", fail_later)
    with pytest.warns(MetadataWarning, match=r"cat\.gif\.json: No space left on device"):
        drawn(item(GIF))[0].save(tmp_path / "cat", metadata=True)
    assert files(tmp_path) == {"cat.gif": GIF}


def test_a_disk_that_fills_up_while_a_picture_is_fetched_is_told_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No program that only says that there is no space left tells where."""

    class Full:
        is_awaited = False

        def fetch(self, _url: str, _file: BinaryIO) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    image = drawn(item())[0]
    monkeypatch.setattr(image, "_downloads", Full())
    with pytest.raises(OSError, match=r"No space left on device: '.*cat\.png'"):
        image.save(tmp_path / "cat.png")
    assert files(tmp_path) == {}
