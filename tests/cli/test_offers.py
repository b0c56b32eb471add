"""`again` with pictures from elsewhere: which of them were sent, and which are missing."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import models
from friendli_facade.cli._arguments import inputs
from tests.cli.running import run
from tests.provenance.pictures import document, with_document
from tests.samples import JPEG, PNG, picture
from tests.servers import Recorder


def told(operation: str, **body: Any) -> None:
    """A picture that tells that it was made so."""
    request = models.Request(operation, {"prompt": "a", **body})
    Path("w.png").write_bytes(with_document(PNG, document(request=request)))


def uploaded(content: bytes, **others: Any) -> dict[str, Any]:
    """What is told of a picture that was sent."""
    sha256 = hashlib.sha256(content).hexdigest()
    facts = {"media_type": "image/png", "size": len(content), "sha256": sha256}
    return {"image": {**facts, **others}}


def test_each_argument_has_its_own_pictures(server: Recorder) -> None:
    """A control image is not the picture that is edited, though both lie here."""
    for name, content in (("cat", PNG), ("tree", JPEG)):
        Path(f"{name}.png").write_bytes(content)
    sent, weights = [uploaded(PNG), uploaded(JPEG)], [0.5, 0.25]
    told("containerImagesGenerate", control_images=sent, controlnet_weights=weights)
    again = ["again", "w.png", "-o", "v", "--server-url", server.url]
    assert run(*again).status == 0
    body = json.loads(server.requests[0].body)
    assert (len(body["control_images"]), body["controlnet_weights"]) == (2, weights)
    told("containerImagesEdit", image=uploaded(PNG), control_images=[uploaded(JPEG)])
    done = run(*again, "--overwrite")
    assert "was made with 'control_images'" in done.err
    assert "needs --image" not in done.err


def test_other_bytes_of_standard_input_are_named_by_their_digest(server: Recorder) -> None:
    """There is no name that they have."""
    Path("cat.png").write_bytes(PNG)
    told("containerImagesEdit", image=uploaded(PNG))
    again = ("again", "w.png", "-o", "v", "--server-url", server.url)
    done = run(*again, "--image", "-", stdin=JPEG)
    assert (done.status, server.requests) == (2, [])
    digest = hashlib.sha256(JPEG).hexdigest()[:12]
    assert f"--image - (sha256 {digest}...) is not what was sent" in done.err


def test_a_picture_of_which_no_digest_was_kept_is_asked_for(server: Recorder) -> None:
    """It could be any; nothing that lies here is taken for it."""
    Path("cat.png").write_bytes(PNG)
    told("containerImagesEdit", image=uploaded(PNG, sha256=None))
    done = run("again", "w.png", "-o", "v", "--server-url", server.url)
    assert (done.status, server.requests) == (2, [])
    assert "does not tell which image was sent: give one with --other-inputs --image" in done.err


def test_what_cannot_be_read_was_not_sent(server: Recorder, tmp_path: Path) -> None:
    """A file on a broken disk, and a folder that went away with the picture's name in a link."""
    Path("a.png").symlink_to("/proc/self/mem")  # whose first page no one reads
    told("containerImagesEdit", image=uploaded(b"", size=0))
    done = run("again", "w.png", "-o", "v", "--server-url", server.url)
    assert (done.status, server.requests) == (2, [])
    assert "needs --image with the file that was sent: image/png, 0 bytes" in done.err


def test_a_folder_that_goes_meanwhile_has_no_pictures(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one in which the picture lay; this folder is looked at all the same."""
    Path("gone").mkdir()
    content = picture("PNG", (5, 7))
    Path("cat.png").write_bytes(content)
    told("containerImagesEdit", image=uploaded(content))
    Path("w.png").rename("gone/w.png")
    listed = Path.iterdir

    def going(self: Path) -> Any:
        if self.name == "gone":
            shutil.rmtree(self)
        return listed(self)

    monkeypatch.setattr(Path, "iterdir", going)
    done = run("again", "gone/w.png", "-o", "v", "--server-url", server.url)
    assert (done.status, len(server.requests)) == (0, 1)


def test_too_many_at_once_are_refused(server: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that would be asked for count, and not each picture alone."""
    monkeypatch.setattr(inputs, "MOST_PICTURES", 3)
    told("containerImagesGenerate")
    again = ("again", "w.png", "w.png", "--server-url", server.url)
    done = run(*again, "--seeds", "1..2")
    assert (done.status, server.requests) == (2, [])
    assert "more than 3 pictures: make them in parts" in done.err
