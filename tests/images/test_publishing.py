"""How a file that is whole gets its name: of the first who wants it, and never half."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from friendli_facade import models
from tests.images.test_saving import files
from tests.images.wires import Origin, drawn, item, origins
from tests.provenance.pictures import encoded, noise
from tests.samples import PNG
from tests.transports import Wire, right

GIF = encoded(noise("L"), "GIF")


def _no_links(_: Path, target: Path) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted", str(target))


@pytest.mark.parametrize("has_links", [True, False])
def test_of_many_that_want_a_place_one_takes_it(
    has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on file systems without hard links; the others are told, and nothing else is left."""
    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", _no_links)
    images = drawn(*(item(PNG + bytes([number])) for number in range(8)))

    def save(image: models.Image) -> Path | None:
        with suppress(FileExistsError):
            return image.save(tmp_path / "cat.png")
        return None

    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(save, images))
    assert sorted(map(bool, saved)) == [False] * 7 + [True]
    (winner,) = (image for image, place in zip(images, saved, strict=True) if place)
    assert files(tmp_path) == {"cat.png": winner.read()}


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps in which files come to disk, as they are made."""
    steps: list[str] = []
    sync, replace, link = os.fsync, Path.replace, Path.hardlink_to

    def synced(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("folder" if is_folder else f"file of {os.fstat(descriptor).st_size}")
        sync(descriptor)

    def replaced(path: Path, target: Path) -> Path:
        steps.append("name")
        return replace(path, target)

    def linked(path: Path, target: Path) -> None:
        steps.append("name")
        link(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Path, "hardlink_to", linked)
    return steps


@pytest.mark.parametrize("overwrite", [True, False])
def test_the_bytes_are_on_disk_before_the_name_is(
    overwrite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is synced, then renamed, then its folder is synced: a power cut leaves no husk."""
    steps = recorded(monkeypatch)
    drawn(item(PNG))[0].save(tmp_path / "cat", overwrite=overwrite)
    assert steps == [f"file of {len(PNG)}", "name", "folder"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_place_that_is_taken_at_the_last_moment_is_left_alone(
    has_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was there first stays, and the error says what to do."""
    place, link = tmp_path / "cat.png", Path.hardlink_to

    def linked(path: Path, target: Path) -> None:
        path.write_bytes(b"precious")
        link(path, target) if has_links else _no_links(path, target)

    monkeypatch.setattr(Path, "hardlink_to", linked)
    with pytest.raises(FileExistsError, match="pass overwrite=True") as failed:
        drawn(item(PNG))[0].save(place)
    assert (failed.value.errno, failed.value.filename) == (errno.EEXIST, str(place))
    assert files(tmp_path) == {"cat.png": b"precious"}


@pytest.mark.parametrize("metadata", [True, False])
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_sidecar_is_on_disk_before_its_name_is(
    overwrite: bool, metadata: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the picture, and in the same steps."""
    steps = recorded(monkeypatch)
    drawn(item(GIF))[0].save(tmp_path / "cat", overwrite=overwrite, metadata=metadata)
    picture = [f"file of {len(GIF)}", "name", "folder"]
    size = len(files(tmp_path).get("cat.gif.json", b""))
    assert steps == picture + ([f"file of {size}", "name", "folder"] if metadata else [])
    assert bool(size) == metadata


@origins
@pytest.mark.parametrize("metadata", [True, False])
@pytest.mark.parametrize("overwrite", [True, False])
def test_no_file_is_open_when_it_is_named_or_later(
    overwrite: bool,
    metadata: bool,
    origin: Origin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Windows renames none that is; and a descriptor that is not closed is lost."""
    image = origin.of(PNG)
    left = Path("/proc/self/fd")
    if not left.exists():
        pytest.skip("the system does not tell which files are open")

    def opened() -> list[str]:
        links: list[str] = []
        for entry in list(left.iterdir()):
            with suppress(OSError):
                links.append(str(entry.readlink()))
        return [one for one in links if one.startswith(str(tmp_path))]

    replace, link = Path.replace, Path.hardlink_to

    def replaced(path: Path, target: Path) -> Path:
        assert opened() == []
        return replace(path, target)

    def linked(path: Path, target: Path) -> None:
        assert opened() == []
        link(path, target)

    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Path, "hardlink_to", linked)
    image.save(tmp_path / "cat", overwrite=overwrite, metadata=metadata)
    assert opened() == []


def test_a_file_that_cannot_be_put_in_place_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without hard links a place is held by an empty file, which goes if the rename fails."""

    def refused(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    monkeypatch.setattr(Path, "replace", refused)
    image = Wire(right).sync().container.image.generate(prompt="p").images[0]
    with pytest.raises(OSError, match="no"):
        image.save(tmp_path / "kite.png")
    assert list(tmp_path.iterdir()) == []
