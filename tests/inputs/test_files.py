"""Paths and file objects."""

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from friendli_facade._inputs.sizes import MAX_IMAGE_BYTES
from tests.inputs.sending import refusal, sent
from tests.samples import PNG

CONTENT = PNG + bytes(range(256)) * 800
BEFORE = b"skipped"


class Raw(io.RawIOBase):
    """A raw file that gives less than it is asked for, and may be sought or not."""

    def __init__(self, content: bytes, *, seekable: bool = True, most: int = 1000) -> None:
        self._file = io.BytesIO(content)
        self._seekable = seekable
        self._most = most
        self.given = 0

    def readinto(self, buffer: Any, /) -> int:
        piece = self._file.read(min(len(buffer), self._most))
        buffer[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._seekable

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if not self._seekable:
            raise io.UnsupportedOperation("seek")
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def test_a_binary_file_is_read_from_where_it_stands() -> None:
    """A file object gives what is left to read of it."""
    file = io.BytesIO(b"skipped" + PNG)
    file.seek(len(b"skipped"))
    assert sent(file) == PNG


def test_files_that_cannot_be_pictures_are_refused(tmp_path: Path) -> None:
    """Missing, a directory, no regular file, empty, no picture: each in its own words."""
    empty, text, pipe = tmp_path / "empty.png", tmp_path / "text.png", tmp_path / "pipe"
    empty.touch()
    text.write_text("no picture")
    os.mkfifo(pipe)
    expected = {
        tmp_path / "none.png": "image must be a file that exists",
        tmp_path: "image must be a file, and this is a directory",
        pipe: "image must be a readable file (it is no regular file)",
        empty: "image must be a picture",
        text: "image must be a picture",
    }
    assert {path: refusal(path)[: len(expected[path])] for path in expected} == expected


def test_a_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be read is refused, with the system's reason."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "must be a readable file ([Errno 13] Permission denied)" in refusal(path)


def test_a_text_file_and_an_exhausted_file_are_refused(tmp_path: Path) -> None:
    """A file must be binary, and have something left to read."""
    path = tmp_path / "cat.txt"
    path.write_text("cat")
    with path.open() as file:
        assert 'must be a binary file: open it with "rb"' in refusal(file)
    used = io.BytesIO(PNG)
    used.read()
    assert "call its seek(0) first" in refusal(used)


def test_a_closed_file_is_refused() -> None:
    """A file that was closed is refused, and not raised at the caller as ValueError."""
    file = io.BytesIO(PNG)
    file.close()
    assert "image must be readable" in refusal(file)


def zipped(path: Path) -> Any:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.write(path, "inside")
    return zipfile.ZipFile(archive).open("inside")


def compressed(path: Path) -> Any:
    path.write_bytes(gzip.compress(path.read_bytes()))
    return gzip.open(path)


def written(path: Path) -> BinaryIO:
    file = path.open("w+b")
    file.write(BEFORE + CONTENT)  # which is in the file's buffer, in part
    return file


def unlinked(path: Path) -> BinaryIO:
    file = path.open("rb")
    path.unlink()
    return file


def replaced(path: Path) -> BinaryIO:
    file = path.open("rb")
    path.with_suffix(".new").write_bytes(PNG)
    path.with_suffix(".new").replace(path)
    return file


def copied(file: Any, path: Path) -> Any:
    file.write(path.read_bytes())
    return file


FILES: dict[str, Callable[[Path], Any]] = {
    "buffered": lambda path: path.open("rb"),
    "not buffered": lambda path: path.open("rb", buffering=0),
    "for writing too": lambda path: path.open("r+b"),
    "not flushed": written,
    "by descriptor": lambda path: os.fdopen(os.open(path, os.O_RDONLY), "rb"),
    "unlinked": unlinked,
    "replaced": replaced,
    "temporary": lambda path: copied(tempfile.NamedTemporaryFile(), path),  # noqa: SIM115
    "spooled": lambda path: copied(tempfile.SpooledTemporaryFile(), path),  # noqa: SIM115
    "in memory": lambda path: io.BytesIO(path.read_bytes()),
    "raw": lambda path: Raw(path.read_bytes()),
    "buffered raw": lambda path: io.BufferedReader(Raw(path.read_bytes())),
    "gzip": compressed,
    "zip": zipped,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_gives_what_is_left_of_it(name: str, tmp_path: Path) -> None:
    """Of any file object all is sent from where it stood; then it is at its end."""
    path = tmp_path / "cat.png"
    path.write_bytes(BEFORE + CONTENT)
    with FILES[name](path) as file:
        file.seek(len(BEFORE))
        assert sent(file) == CONTENT
        assert "must have something left to read: call its seek(0) first" in refusal(file)
        file.seek(len(BEFORE))
        assert sent(file) == CONTENT


def test_a_file_beyond_its_end_has_nothing_left(tmp_path: Path) -> None:
    """A file that was sought too far is refused."""
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    with path.open("rb") as file:
        file.seek(1000)
        assert "call its seek(0) first" in refusal(file)


@pytest.mark.parametrize("past", [0, 1])
def test_a_stream_that_cannot_seek_is_measured(past: int) -> None:
    """50 MiB of a pipe are sent, and a byte more is refused, of which the rest is not read."""
    pipe = Raw(PNG.ljust(MAX_IMAGE_BYTES + 10 * past, b"x"), seekable=False, most=1 << 20)
    if past:
        limit = "must hold at most 50 MiB (52428800 bytes) and holds more"
        assert limit in refusal(pipe)
        assert pipe.given == MAX_IMAGE_BYTES + 1
    else:
        assert len(sent(pipe)) == MAX_IMAGE_BYTES


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_file_may_give_bytes_of_any_kind(kind: Callable[[bytes], Any]) -> None:
    """What `read` returns need not be exactly bytes."""

    class File:
        def __init__(self) -> None:
            self.left = [PNG]

        def read(self, size: int) -> Any:
            return kind(self.left.pop() if self.left else b"")

    assert sent(File()) == PNG


async def _nothing() -> bytes:
    return b""


class _Promise:
    def __await__(self) -> Generator[Any, Any, bytes]:
        raise AssertionError
        yield


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda: "text", 'must be a binary file: open it with "rb"'),
        (lambda: None, "must give bytes when it is read, and gave NoneType"),
        (lambda: 5, "must give bytes when it is read, and gave int"),
        (_nothing, "must be read without await: await its read(), and pass the bytes"),
        (_Promise, "must be read without await: await its read(), and pass the bytes"),
    ],
)
def test_a_file_that_gives_no_bytes_is_refused(given: Callable[[], Any], said: str) -> None:
    """What `read` returns must be bytes: no text, nothing, no number, nothing to be awaited."""

    class File:
        def read(self, size: int) -> Any:
            return given()

    assert said in refusal(File())


@pytest.mark.parametrize("error", [NotImplementedError("no"), EOFError("cut"), KeyError("k")])
@pytest.mark.parametrize("method", ["read", "seek", "tell"])
def test_a_file_that_raises_is_refused_or_read(error: Exception, method: str) -> None:
    """Whatever a file's `read` raises is told; what its other methods raise does not matter."""

    def fail(*_: object) -> Any:
        raise error

    file = Raw(PNG)
    setattr(file, method, fail)
    if method == "read":
        assert f"image must be readable ({type(error).__name__}: {error})" in refusal(file)
    else:
        assert sent(file) == PNG


def test_a_compressed_file_that_is_cut_is_refused() -> None:
    """A gzip file that ends too early is refused, in the words of gzip."""
    with gzip.open(io.BytesIO(gzip.compress(CONTENT)[:-20])) as file:
        assert "image must be readable (EOFError: Compressed file ended" in refusal(file)


@pytest.mark.parametrize("given", [5, None, "\x00", b"\xff\x00"])
def test_a_path_that_is_none_is_refused(given: Any) -> None:
    """What `__fspath__` gives must be a path."""

    class Odd:
        def __fspath__(self) -> Any:
            return given

    assert refusal(Odd()).startswith("image must be ")
