"""A batch whose pictures tell how they were made."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import MetadataWarning, Provenance, ValidationError
from tests.batch.running import rows, run
from tests.images.wires import item, wire
from tests.samples import PNG, picture
from tests.transports import Wire, right

JOB = {"key": "a", "prompt": "A kite", "seed": 7, "model": "m"}
DEDICATED: Any = {"kind": "dedicated", "metadata": True}
CUT = PNG[:-9]


Answering = Callable[[bytes], Wire]


def with_it(content: bytes) -> Wire:
    """The picture comes with its answer."""
    return wire(item(content))


def at_a_url(content: bytes) -> Wire:
    """The picture is fetched."""
    return wire(item(), stored=content)


origins = pytest.mark.parametrize("answering", [with_it, at_a_url])


@origins
async def test_a_picture_tells_how_it_was_made(
    way: str, answering: Answering, tmp_path: Path
) -> None:
    """The digest is that of the file as it is, and running it again finds it so."""
    ran = await run(way, answering(PNG), [JOB], tmp_path, **DEDICATED)
    path, sha256 = ran.of("a").path, ran.of("a").sha256
    assert path is not None
    found = Provenance.of(path)
    assert found is not None
    assert (found.request.body["prompt"], found.seed) == ("A kite", 7)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == rows(tmp_path)["a"].sha256
    again = await run(way, Wire(right), [JOB], tmp_path, kind="dedicated")
    assert (again.of("a").is_earlier, again.of("a").sha256) == (True, sha256)


async def test_what_has_no_place_for_it_has_a_file_beside_it(way: str, tmp_path: Path) -> None:
    """No file is written over for it: the picture takes another name."""
    (tmp_path / "a.gif.json").write_bytes(b"precious")
    gif = picture("GIF")
    ran = await run(way, wire(item(gif)), [JOB], tmp_path, **DEDICATED)
    path = ran.of("a").path
    assert path is not None
    assert path != tmp_path / "a.gif"
    assert path.read_bytes() == gif
    assert Provenance.of(path) is not None
    assert (tmp_path / "a.gif.json").read_bytes() == b"precious"


@origins
async def test_a_picture_that_cannot_tell_is_warned_of(
    way: str, answering: Answering, tmp_path: Path
) -> None:
    """It is as it came, and done."""
    with pytest.warns(MetadataWarning, match=r"a\.png: its metadata is beside it") as told:
        ran = await run(way, answering(CUT), [JOB], tmp_path, **DEDICATED)
    assert ran.states == {"a": "done"}
    (warning,) = (one.message for one in told)
    assert isinstance(warning, MetadataWarning)
    assert (warning.path, warning.path.read_bytes()) == (tmp_path / "a.png", CUT)
    assert str(warning) == f"{warning.path}: {warning.problem}"


@origins
async def test_a_warning_that_is_an_error_costs_no_picture(
    way: str, answering: Answering, tmp_path: Path
) -> None:
    """It is saved and done."""
    ran = await run(way, answering(CUT), [JOB], tmp_path, **DEDICATED)
    assert [(one.state, one.path) for one in ran.outcomes] == [("done", tmp_path / "a.png")]
    assert rows(tmp_path)["a"].state == "done"


async def test_the_argument_is_checked(way: str, tmp_path: Path) -> None:
    """Before a folder is made."""
    with pytest.raises(ValidationError, match="metadata must be True or False, not 'yes'"):
        await run(way, Wire(right), [JOB], tmp_path / "new", metadata="yes")
    assert not (tmp_path / "new").exists()
