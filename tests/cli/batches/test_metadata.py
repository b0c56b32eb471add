"""Pictures of a table tell how they were made."""

import base64
import json
from pathlib import Path

from friendli_facade import Provenance
from tests.cli.batches.test_runs import table
from tests.cli.batches.test_tables import batch
from tests.samples import PNG
from tests.servers import Recorder, recording

CUT = json.dumps({"image": base64.b64encode(PNG[:-9]).decode()}).encode()


def test_a_picture_tells_how_it_was_made(server: Recorder) -> None:
    """Unless told otherwise."""
    assert batch(server, table(1)).status == 0
    found = Provenance.of("out/k0.png")
    assert found is not None
    assert found.request.body["prompt"] == "p0"
    Path("out/k0.png").rename("with.png")
    Path("out/ledger.sqlite3").unlink()
    assert batch(server, table(1), "--no-metadata").status == 0
    assert Provenance.of("out/k0.png") is None


def test_a_picture_that_cannot_tell_is_a_line() -> None:
    """And is done."""
    with recording(lambda _: (200, {"Content-Type": "application/json"}, CUT)) as server:
        done = batch(server, table(1))
    assert done.status == 0
    assert "out/k0.png: its metadata is beside it, in a .json file: " in done.err
    assert "Warning" not in done.err


def test_pictures_that_cannot_tell_are_ten_lines() -> None:
    """And one for all others: a server may sign whatever it draws."""
    with recording(lambda _: (200, {"Content-Type": "application/json"}, CUT)) as server:
        done = batch(server, table(13))
    assert done.status == 0
    assert done.err.count("its metadata is beside it") == 10
    assert done.err.count("further pictures have no metadata in them") == 1
