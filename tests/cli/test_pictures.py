"""`generate` and `edit` on the embedded sandbox: pictures, paths, and lines of JSON."""

import hashlib
from pathlib import Path

from PIL import Image

from tests.cli.running import run
from tests.samples import PNG


def test_a_picture_is_drawn_without_network_or_token() -> None:
    """Its path is all that is printed."""
    done = run("generate", "A lighthouse", "--sandbox")
    assert (done.status, done.out, done.err) == (0, "a-lighthouse.png\n", "")
    with Image.open("a-lighthouse.png") as picture:
        assert picture.format == "PNG"


def test_a_picture_is_edited() -> None:
    """The same on a container of the sandbox."""
    Path("cat.png").write_bytes(PNG)
    done = run("edit", "cat.png", "--prompt", "winter", "--sandbox", "--container", "-o", "w.jpg")
    assert (done.status, done.out, done.err) == (0, "w.jpg\n", "")
    with Image.open("w.jpg") as picture:
        assert picture.format == "JPEG"


def test_a_line_of_json_tells_what_was_drawn() -> None:
    """And standard output has nothing else."""
    done = run("generate", "A lighthouse", "--sandbox", "--seeds", "4..6", "--json", "-o", "all/")
    assert (done.status, done.err, len(done.records)) == (0, "", 3)
    for record in done.records:
        content = Path(record["path"]).read_bytes()
        assert record.pop("seconds") >= 0
        seed = record["seed"]
        assert record == {
            "path": f"all/a-lighthouse-{seed}.png",
            "seed": seed,
            "bytes": len(content),
            "media_type": "image/png",
            "sha256": hashlib.sha256(content).hexdigest(),
            "attempts": 1,
        }
    assert {record["seed"] for record in done.records} == {4, 5, 6}


def test_the_same_seed_is_the_same_picture() -> None:
    """Through a file or a pipe."""
    words = ["generate", "A lighthouse", "--sandbox", "--seed", "9"]
    assert run(*words, "-o", "a.png").status == 0
    assert run(*words, "-o", "-", "--response-format", "png").content == Path("a.png").read_bytes()
