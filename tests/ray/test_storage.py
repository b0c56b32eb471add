"""Pictures stand in their folder whole, or not at all."""

from pathlib import Path
from typing import Any

import pyarrow.fs as pyarrow_fs  # pyright: ignore[reportMissingTypeStubs]
import pytest

from friendli_facade.errors import ValidationError
from friendli_facade.ray._storage import Storage
from tests.ray.drawing import Drawing
from tests.samples import PNG

fs: Any = pyarrow_fs


class Full:
    """A file system that has no place for what is larger than a byte."""

    type_name = "test"

    def __init__(self) -> None:
        self.files = fs.LocalFileSystem()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.files, name)

    def open_output_stream(self, place: str) -> Any:
        """A stream that writes half of it."""
        return _Half(self.files.open_output_stream(place))


class _Half:
    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, content: bytes) -> None:
        """Writes a byte, and fails unless that is all."""
        self.stream.write(content[:1])
        if len(content) > 1:
            raise OSError(28, "No space left on device")


async def test_nothing_is_paid_for_that_cannot_be_saved(drawing: Drawing) -> None:
    """On a full disk one row is lost and ambiguous, and no other is sent; nothing is left there."""
    images = drawing.images(filesystem=Full(), concurrency=1)
    table: Any = __import__("pyarrow").table(
        {"key": ["a", "b", "c"], "prompt": ["A kite", "A boat", "A car"]}
    )
    rows = (await images(table)).to_pylist()
    assert all("No space left" in row["error"] for row in rows)
    assert sorted((row["ambiguous"], row["attempts"]) for row in rows) == [
        (False, 0),
        (False, 0),
        (True, 1),
    ]
    assert len(drawing.wire.requests) == 1
    assert drawing.files == []


class Moveless(Full):
    """A file system that moves nothing."""

    def open_output_stream(self, place: str) -> Any:
        """A stream that writes all of it."""
        return self.files.open_output_stream(place)

    def move(self, *_: str) -> None:
        """Fails."""
        raise OSError(18, "Invalid cross-device link")


def test_what_cannot_be_put_in_its_place_is_taken_away(tmp_path: Path) -> None:
    """The error says why, and no part of it is left."""
    storage = Storage(tmp_path, Moveless())
    with pytest.raises(OSError, match="cross-device"):
        storage.save("a", PNG)
    assert list(tmp_path.iterdir()) == []


class Bucket(Full):
    """A store in which a file appears when it is closed, and which has no folders."""

    type_name = "s3"

    def __init__(self) -> None:
        super().__init__()
        self.opened = list[str]()

    def create_dir(self, *_: object, **__: object) -> None:
        """Fails: who may write pictures need not be allowed to make buckets."""
        raise OSError(13, "Access Denied")

    def open_output_stream(self, place: str) -> Any:
        """A stream that writes all of it."""
        self.opened.append(Path(place).name)
        return self.files.open_output_stream(place)


def test_in_a_bucket_a_picture_is_written_once(tmp_path: Path) -> None:
    """Under its own name: there a move would be a copy, which takes and costs as much again."""
    bucket = Bucket()
    stored = Storage(tmp_path, bucket).save("a", PNG)
    assert Path(stored.path).read_bytes() == PNG
    tried_out, *written = bucket.opened
    assert tried_out.endswith(".part")
    assert written == ["a.png"]


async def test_once_there_is_room_again_rows_are_drawn(drawing: Drawing) -> None:
    """It is tried out once, with a file as large as the picture that was lost."""
    table: Any = __import__("pyarrow")
    full, names = Full(), list[str]()
    images = drawing.images(filesystem=full, concurrency=1)
    rows = [table.table({"key": [key], "prompt": ["A kite"]}) for key in "ab"]
    (lost,) = (await images(rows[0])).to_pylist()
    assert "No space left" in lost["error"]

    def opened(place: str) -> Any:
        names.append(Path(place).name)
        return full.files.open_output_stream(place)

    full.open_output_stream = opened  # type: ignore[method-assign]
    drawn = [(await images(one)).to_pylist()[0]["error"] for one in rows]
    assert (drawn, drawing.files) == ([None, None], ["a.png", "b.png"])
    assert [".png." in name for name in names] == [False, True, True]


def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    """Before anything is paid for."""
    tmp_path.joinpath("file").write_text("x", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        Storage(tmp_path / "file")


@pytest.mark.parametrize("directory", ["pictures", "./pictures", "nowhere://pictures", 7])
def test_a_place_that_is_none_is_refused(directory: Any) -> None:
    """A relative path would be another one in each actor."""
    with pytest.raises(ValidationError, match="directory must be a URL"):
        Storage(directory)


def test_urls_and_paths_are_the_same_place(tmp_path: Path) -> None:
    """A path begins as its directory was given."""
    stored = Storage(f"file://{tmp_path}/").save("a", PNG)
    assert stored.path == f"file://{tmp_path}/a.png"
    found = Storage(tmp_path).standing("a")
    assert found is not None
    assert (found.path, found.sha256) == (str(tmp_path / "a.png"), stored.sha256)


def test_other_file_systems_are_taken(tmp_path: Path) -> None:
    """Below a folder of another one, say."""
    storage = Storage("pictures", fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()))
    assert storage.save("a", PNG).path == "pictures/a.png"
    assert (tmp_path / "pictures/a.png").read_bytes() == PNG
    assert storage.standing("a") is not None
    assert storage.standing("b") is None


def test_bytes_of_no_known_kind_stand_too(tmp_path: Path) -> None:
    """They are a picture that is not known here, and paid for."""
    storage = Storage(tmp_path)
    storage.save("a", b"\x00\x01\x02\x03")
    assert (tmp_path / "a.bin").exists()
    assert storage.standing("a") is not None
