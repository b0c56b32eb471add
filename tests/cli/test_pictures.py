"""`generate` and `edit` on the embedded sandbox: pictures, paths, and lines of JSON."""

import hashlib
from pathlib import Path

from PIL import Image

from friendli_facade import Provenance
from friendli_facade.cli._arguments import destinations
from tests.cli.running import run
from tests.images.wires import drawn, item
from tests.samples import PNG, picture


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
    """Through a file or a pipe, but for how it was made, which a file tells too."""
    words = ["generate", "A lighthouse", "--sandbox", "--seed", "9"]
    assert run(*words, "-o", "a.png").status == 0
    content = run(*words, "-o", "-", "--response-format", "png").content
    assert content == Provenance.removed_from(Path("a.png").read_bytes())
    assert run(*words, "-o", "b.png", "--no-metadata").status == 0
    assert content == Path("b.png").read_bytes()


def test_a_file_tells_how_it_was_made() -> None:
    """Unless told otherwise; where another file has the place for it, that is told."""
    assert run("generate", "A kite", "--sandbox", "--seed", "9", "-o", "a.png").status == 0
    found = Provenance.of("a.png")
    assert found is not None
    assert (found.request.body["prompt"], found.seed) == ("A kite", 9)
    assert run("generate", "A kite", "--sandbox", "-o", "b.png", "--no-metadata").status == 0
    assert Provenance.of("b.png") is None


def test_a_picture_that_has_no_place_for_metadata_is_saved() -> None:
    """The note says where the metadata is, or why it is nowhere."""
    (signed,) = drawn(item(PNG[:33] + b"\0\0\0\0caBX\0\0\0\0" + PNG[33:]))
    path, note = destinations.save(signed, Path("signed.png"), metadata=True)
    assert note.startswith("its metadata is beside it, in a .json file: it is signed (C2PA)")
    Path("cat.gif.json").write_bytes(b"precious")
    (gif,) = drawn(item(picture("GIF")))
    path, note = destinations.save(gif, Path("cat.gif"), metadata=True)
    assert (path, note) == (
        Path("cat.gif"),
        "it is saved without metadata: cat.gif.json exists",
    )
    assert path.read_bytes() == picture("GIF")
