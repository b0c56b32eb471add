"""Pictures of a table tell how they were made."""

import base64
import json
from pathlib import Path

from friendli_facade import Provenance
from tests.cli.batches.test_runs import table
from tests.cli.batches.test_tables import batch
from tests.samples import PNG
from tests.servers import Recorder, recording


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
    cut = json.dumps({"image": base64.b64encode(PNG[:-9]).decode()}).encode()
    with recording(lambda _: (200, {"Content-Type": "application/json"}, cut)) as server:
        done = batch(server, table(1))
    assert done.status == 0
    assert "out/k0.png: its metadata is beside it, in a .json file: " in done.err
    assert "Warning" not in done.err
