"""Where a picture is saved, under which name, and what is said where it cannot be."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.images.wires import Origin, drawn, item, origins, wire
from tests.samples import JPEG, PNG

UNKNOWN = b"\x00\x01a format of tomorrow\xff" * 9


def files(folder: Path) -> dict[str, bytes]:
    """The content of each file in a folder, by its path."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@origins
@pytest.mark.parametrize(
    ("content", "given", "saved"),
    [
        (PNG, "a", "a.png"),
        (PNG, "flux-1.5", "flux-1.5.png"),
        (PNG, "Mr. Smith", "Mr. Smith.png"),
        (PNG, "a.tar.gz", "a.tar.gz.png"),
        (PNG, ".png", ".png.png"),
        (PNG, "a.PNG", "a.PNG"),
        (JPEG, "a", "a.jpg"),
        (JPEG, "a.jpeg", "a.jpeg"),
        (JPEG, "v2.0.JPG", "v2.0.JPG"),
        (UNKNOWN, "a", "a.bin"),
        (UNKNOWN, "a.bin", "a.bin"),
        (UNKNOWN, "flux-1.5", "flux-1.5.bin"),
    ],
)
def test_a_suffix_is_added_unless_there_is_one(
    origin: Origin, content: bytes, given: str, saved: str, tmp_path: Path
) -> None:
    """What only looks like a suffix is part of the name; base64 and URLs are the same."""
    assert origin.of(content).save(tmp_path / given) == tmp_path / saved
    assert files(tmp_path) == {saved: content}


@origins
@pytest.mark.parametrize(
    ("content", "given", "right"),
    [(PNG, "a.jpg", "a.png"), (JPEG, "b.c.PNG", "b.c.jpg"), (UNKNOWN, "a.webp", "a.bin")],
)
def test_a_suffix_that_belies_the_picture_is_refused(
    origin: Origin, content: bytes, given: str, right: str, tmp_path: Path
) -> None:
    """The error names the right one, and nothing is on disk."""
    image = origin.of(content)
    with pytest.raises(ValueError, match=f"belies the picture, .* save it as '{right}'"):
        image.save(tmp_path / given)
    assert files(tmp_path) == {}
    assert image.save(tmp_path / right) == tmp_path / right


def test_a_name_that_only_begins_like_a_file_is_free(tmp_path: Path) -> None:
    """`save("x")` beside a file named `x` makes `x.png` and leaves `x` alone."""
    (tmp_path / "x").write_bytes(b"precious")
    assert drawn(item(PNG))[0].save(tmp_path / "x") == tmp_path / "x.png"
    assert drawn(item())[0].save(tmp_path / "x", overwrite=True) == tmp_path / "x.png"
    assert files(tmp_path) == {"x": b"precious", "x.png": PNG}
    os.mkfifo(tmp_path / "y")
    assert drawn(item())[0].save(tmp_path / "y", overwrite=True) == tmp_path / "y.png"


@origins
def test_missing_folders_are_made(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that ends with a slash is a folder, be it there or not."""
    monkeypatch.chdir(tmp_path)
    image = origin.of(PNG)
    assert image.save("a/b/c") == Path("a/b/c.png")
    assert image.save("d/e/") == Path("d/e/image-7.png")
    assert image.save("a") == Path("a/image-7.png")
    assert set(files(tmp_path)) == {"a/b/c.png", "d/e/image-7.png", "a/image-7.png"}


@pytest.mark.parametrize("letter", ["n", "é", "猫"])
def test_a_name_may_have_255_bytes(letter: str, tmp_path: Path) -> None:
    """What a file system takes is taken, the suffix counted; what it does not is told at once."""
    longest = (letter * 251).encode()[:251].decode(errors="ignore")
    longest += "n" * (251 - len(longest.encode()))
    here, there = wire(item(PNG)), wire(item())
    for one in (here, there):
        (image,) = one.sync().dedicated.image.generate(model="m", prompt="p").images
        place = tmp_path / f"{longest}.png"
        assert image.save(tmp_path / longest) == place
        assert image.save(place, overwrite=True) == place
        asked = len(one.requests)
        for name in (longest + "n", "n" + place.name):
            with pytest.raises(OSError, match="too long") as failed:
                image.save(tmp_path / name)
            assert failed.value.errno == errno.ENAMETOOLONG
            assert name in str(failed.value.filename)
        assert len(one.requests) == asked
        place.unlink()
    assert files(tmp_path) == {}


def test_a_giant_seed_makes_a_name_that_fits(tmp_path: Path) -> None:
    """A folder takes a picture whatever its seed."""
    (image,) = drawn(item(PNG, seed=10**1000))
    assert image.save(tmp_path).name == f"image-1{'0' * 199}.png"


def _a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"precious")
    return folder / "file" / "cat.png"


def _taken(folder: Path) -> Path:
    (folder / "cat.png").write_bytes(b"precious")
    return folder / "cat.png"


def _a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "cat.png")
    return folder / "cat.png"


def _a_loop(folder: Path) -> Path:
    (folder / "cat.png").symlink_to(folder / "cat.png")
    return folder / "cat.png"


@pytest.mark.parametrize("origin", ["base64", "url"])
@pytest.mark.parametrize(
    ("make", "overwrite", "number"),
    [
        (_a_file, False, errno.ENOTDIR),
        (_taken, False, errno.EEXIST),
        (_a_pipe, True, errno.EINVAL),
        (_a_loop, False, errno.EEXIST),
        (_a_loop, True, errno.ELOOP),
    ],
)
def test_a_place_that_cannot_be_taken_is_told_before_a_download(
    make: Callable[[Path], Path], overwrite: bool, number: int, origin: str, tmp_path: Path
) -> None:
    """The storage host is not asked; the error names the place, and no file that nobody knows."""
    place = make(tmp_path)
    before = files(tmp_path)
    one = wire(item(PNG) if origin == "base64" else item())
    (image,) = one.sync().dedicated.image.generate(model="m", prompt="p").images
    with pytest.raises(OSError, match=str(place)) as failed:
        image.save(place, overwrite=overwrite)
    assert (failed.value.errno, failed.value.filename) == (number, str(place))
    assert ".part" not in str(failed.value)
    assert [request.method for request in one.requests] == ["POST"]
    assert files(tmp_path) == before


@origins
@pytest.mark.parametrize("metadata", [False, True])
def test_a_disk_that_fails_is_told_by_the_place(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metadata: bool
) -> None:
    """A full disk is found out at the end at the latest, and leaves nothing."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as failed:
        origin.of(PNG).save(tmp_path / "cat.png", metadata=metadata)
    assert failed.value.filename == str(tmp_path / "cat.png")
    assert list(tmp_path.iterdir()) == []


@origins
def test_an_older_file_keeps_its_mode(origin: Origin, tmp_path: Path) -> None:
    """`overwrite` replaces what a file holds; a new file gets what `open` would give it."""
    image = origin.of(PNG)
    place, plain = tmp_path / "cat.png", tmp_path / "plain"
    plain.touch()
    assert image.save(place).stat().st_mode == plain.stat().st_mode
    place.chmod(0o604)
    image.save(tmp_path / "cat", overwrite=True)
    assert stat.S_IMODE(place.stat().st_mode) == 0o604


def test_a_file_that_may_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`overwrite` replaces nothing that `open` could not have written."""
    place = _taken(tmp_path)

    # The superuser may write everything.
    def access(_: Path, mode: int) -> bool:
        return not mode & os.W_OK

    monkeypatch.setattr(os, "access", access)
    with pytest.raises(PermissionError, match="it may not be written"):
        drawn(item(PNG))[0].save(place, overwrite=True)
    assert files(tmp_path) == {"cat.png": b"precious"}


@origins
@pytest.mark.parametrize("given", ["cat", "cat.png"])
def test_a_link_is_followed_where_overwriting_is_wanted(
    origin: Origin, given: str, tmp_path: Path
) -> None:
    """As `open` would: the link stays, and what it leads to is replaced or made."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "kept").write_bytes(b"old")
    image = origin.of(PNG)
    for target in ("kept", "new"):
        link = inside / "cat.png"
        link.symlink_to(outside / target)
        with pytest.raises(FileExistsError):
            image.save(inside / given)
        assert image.save(inside / given, overwrite=True) == link
        assert (link.is_symlink(), (outside / target).read_bytes()) == (True, PNG)
        link.unlink()
    assert sorted(files(tmp_path)) == ["outside/kept", "outside/new"]
