"""Saving with metadata: into the picture or beside it, and never instead of it."""

import json
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from friendli_facade import MetadataWarning, Provenance, ProvenanceError, SyncFriendli
from friendli_facade.sandbox import Sandbox
from tests.callers import Caller
from tests.images.test_saving import files
from tests.images.wires import Origin, drawn, item, origins
from tests.provenance.pictures import KINDS, document, edit, encoded, noise, with_document
from tests.samples import PNG, chunk
from tests.storage import offered
from tests.three_ways import anyio_backend, client, one_ssl_context, way

__all__ = ["anyio_backend", "client", "one_ssl_context", "way"]

GIF = encoded(noise("L"), "GIF")
UNKNOWN = b"\x00\x01a format of tomorrow\xff" * 9
SIGNED = {
    "PNG": PNG[:33] + b"\0\0\0\0caBX\0\0\0\0" + PNG[33:],
    "JPEG": (one := KINDS["JPEG"]())[:2] + b"\xff\xeb\0\x06JP\0\1" + one[2:],
    "WebP": b"RIFF"
    + struct.pack("<I", len(one := KINDS["WebP, lossy"]()))
    + one[8:]
    + b"C2PA"
    + bytes(4),
}


@origins
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_file_tells_how_it_was_made(
    origin: Origin, make: Callable[[], bytes], tmp_path: Path
) -> None:
    """What was asked for, the seed, the time and the picture's digest; nothing else is left."""
    content = make()
    image = origin.of(content)
    place = image.save(tmp_path / "cat", metadata=True)
    found = Provenance.of(place)
    assert found is not None
    assert found == Provenance.of(str(place)) == Provenance.of(place.read_bytes())
    assert (found.request, found.seed, found.model) == (image.call.request, 7, "m")
    assert found.created == image.call.completed.replace(microsecond=0)
    assert (found.size, found.version) == (len(content), 1)
    assert Provenance.removed_from(place.read_bytes()) == content
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_in_a_picture_stays(tmp_path: Path, number: int) -> None:
    """A PNG that has `parameters` of its own, right after its header, keeps them."""
    content = PNG
    for _ in range(number):
        text = chunk(b"tEXt", b"parameters\0Steps: 1, Seed: 2, Size: 3x4")
        content = content[:33] + text + content[33:]
    (image,) = drawn(item(content))
    saved = image.save(tmp_path / "cat", metadata=True).read_bytes()
    assert saved.count(b"parameters") == number
    assert Provenance.of(saved) is not None
    assert Provenance.removed_from(saved) == content


async def test_it_is_the_same_three_ways(client: Callable[..., Caller], tmp_path: Path) -> None:
    """`save` and `asave`, of a picture that is streamed to disk."""
    async with offered(client, []) as (friendli, image, _):
        place = await friendli.save(image, tmp_path / "cat", metadata=True)
    found = await Provenance.aof(place)
    assert found is not None
    assert found.request == image.call.request
    assert Provenance.removed_from(place.read_bytes()) == PNG


def test_without_it_the_bytes_are_as_they_came(tmp_path: Path) -> None:
    """It is off by default."""
    (image,) = drawn(item(PNG))
    assert image.save(tmp_path / "cat").read_bytes() == PNG
    assert Provenance.of(tmp_path / "cat.png") is None


@origins
@pytest.mark.parametrize(
    ("content", "name", "image_type"),
    [(GIF, "cat.gif", "image/gif"), (UNKNOWN, "cat.bin", None)],
)
def test_other_pictures_have_it_beside_them(
    origin: Origin, content: bytes, name: str, image_type: str | None, tmp_path: Path
) -> None:
    """In a file of JSON, named after them; the picture is as it came."""
    place = origin.of(content).save(tmp_path / "cat", metadata=True)
    assert set(files(tmp_path)) == {name, f"{name}.json"}
    assert place.read_bytes() == content
    found = Provenance.of(place)
    assert found is not None
    assert found.request.body["prompt"] == "p"
    told = json.loads((tmp_path / f"{name}.json").read_bytes())
    assert told["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert told["picture"]["media_type"] == image_type
    text = json.dumps(told, indent=2) + "\n"
    assert (tmp_path / f"{name}.json").read_text() == text  # as people read it
    place.write_bytes(content + b"\0")
    with pytest.raises(ProvenanceError, match=f"{name}.json is about another picture"):
        Provenance.of(place)


ODD: dict[str, tuple[bytes, str]] = {
    "XMP of its own, PNG": (with_document(PNG, document()), "has XMP of its own"),
    "XMP of its own, JPEG": (with_document(KINDS["JPEG"](), document()), "has XMP of its own"),
    "XMP of its own, WebP": (
        with_document(KINDS["WebP, animated"](), document()),
        "has XMP of its own",
    ),
    "signed PNG": (SIGNED["PNG"], "is signed"),
    "signed JPEG": (SIGNED["JPEG"], "is signed"),
    "signed WebP": (SIGNED["WebP"], "is signed"),
    "broken PNG": (PNG[:-9], "ends too early"),
    "headless PNG": (PNG[:8] + PNG[33:], "does not begin with a header"),
    "broken JPEG": (KINDS["JPEG"]()[:40], "ends too early"),
    "broken WebP": (KINDS["WebP, lossy"]()[:-2], "says that it has"),
    "headless WebP": (b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0" + bytes(10), "begin with an image"),
}


@origins
@pytest.mark.parametrize(("content", "words"), ODD.values(), ids=ODD)
def test_a_picture_without_a_place_for_it_is_saved_as_it_came(
    origin: Origin, content: bytes, words: str, tmp_path: Path
) -> None:
    """The metadata is beside it, a warning says why, and it can be read."""
    with pytest.warns(MetadataWarning, match=words) as told:
        place = origin.of(content).save(tmp_path / "cat", metadata=True)
    assert "its metadata is beside it" in str(told[0].message)
    assert told[0].filename == __file__
    assert set(files(tmp_path)) == {place.name, f"{place.name}.json"}
    assert place.read_bytes() == content
    found = Provenance.of(place)
    assert found is not None
    assert found.request.body["prompt"] == "p"


def test_what_is_too_large_is_left_out(tmp_path: Path) -> None:
    """What nobody could read again is not written; the picture is there."""
    (image,) = drawn(item(PNG))
    request = attrs.evolve(image.call.request, body={"prompt": "x" * (5 * 1024 * 1024)})
    image.call._request = request  # pyright: ignore[reportPrivateUsage]
    with pytest.warns(MetadataWarning, match="saved without metadata: what was asked for has 5"):
        place = image.save(tmp_path / "cat", metadata=True)
    assert files(tmp_path) == {"cat.png": PNG}
    assert place == tmp_path / "cat.png"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_sidecar_is_not_overwritten_unless_told(overwrite: bool, tmp_path: Path) -> None:
    """What can be told before is told before, and then nothing is written."""
    (tmp_path / "cat.gif.json").write_bytes(b"precious")
    (image,) = drawn(item(GIF))
    if overwrite:
        image.save(tmp_path / "cat", metadata=True, overwrite=True)
        assert Provenance.of(tmp_path / "cat.gif") is not None
        return
    with pytest.raises(FileExistsError) as failed:
        image.save(tmp_path / "cat", metadata=True)
    assert failed.value.filename == str(tmp_path / "cat.gif.json")
    assert files(tmp_path) == {"cat.gif.json": b"precious"}


def test_without_metadata_a_file_beside_it_is_nobodys_business(tmp_path: Path) -> None:
    """What would be a sidecar may lie there."""
    (tmp_path / "cat.gif.json").write_bytes(b"precious")
    drawn(item(GIF))[0].save(tmp_path / "cat")
    assert files(tmp_path) == {"cat.gif": GIF, "cat.gif.json": b"precious"}


def test_a_sidecar_that_is_taken_meanwhile_costs_no_picture(tmp_path: Path) -> None:
    """Of a picture that was fetched, its kind is known too late: it is kept, and a warning."""
    (tmp_path / "cat.gif.json").write_bytes(b"precious")
    (image,) = drawn(item(), stored=GIF)
    with pytest.warns(MetadataWarning, match=r"saved, and its metadata is not: cat\.gif\.json"):
        place = image.save(tmp_path / "cat", metadata=True)
    assert files(tmp_path) == {"cat.gif": GIF, "cat.gif.json": b"precious"}
    assert Provenance.of(place) is None


def test_a_link_and_a_mode_are_kept(tmp_path: Path) -> None:
    """`overwrite` does with metadata what it does without."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "old.png").write_bytes(b"old")
    (tmp_path / "there" / "old.png").chmod(0o604)
    link = tmp_path / "cat.png"
    link.symlink_to(tmp_path / "there" / "old.png")
    (image,) = drawn(item(PNG))
    assert image.save(link, metadata=True, overwrite=True) == link
    assert link.is_symlink()
    assert Provenance.removed_from(link.read_bytes()) == PNG
    assert link.stat().st_mode & 0o777 == 0o604


def test_an_edit_says_so(tmp_path: Path) -> None:
    """It is made of another picture, of which the digest is there."""
    with SyncFriendli(token="any", http_client=Sandbox().http_client()) as friendli:
        result = friendli.dedicated.image.edit(
            image=PNG, prompt="p", model="m", response_format="png"
        )
        place = result.images[0].save(tmp_path / "cat", metadata=True)
    found = Provenance.of(place)
    assert found is not None
    assert found.digital_source_type.endswith("/compositeWithTrainedAlgorithmicMedia")
    assert found.request == result.request
    assert found.request.pictures[0].size == len(PNG)
    assert edit().is_edit


def test_a_seed_that_the_server_chose_is_told(tmp_path: Path) -> None:
    """With it, the picture can be made again: the same bytes."""
    with SyncFriendli(token="any", http_client=Sandbox().http_client()) as friendli:
        generate: Any = friendli.dedicated.image.generate
        (image,) = generate(model="m", prompt="p", response_format="png").images
        found = Provenance.of(image.save(tmp_path / "cat", metadata=True))
        assert found is not None
        (again,) = generate(**{**found.request.arguments, "seed": found.seed}).images
        assert again.read() == image.read()


def test_a_picture_from_another_process_tells_it_too(tmp_path: Path) -> None:
    """Its call came along."""
    (image,) = pickle.loads(pickle.dumps(drawn(item(PNG))))
    found = Provenance.of(image.save(tmp_path / "cat", metadata=True))
    assert found is not None
    assert found.request.body == {"model": "m", "prompt": "p"}


def test_json_of_others_is_nobodys_business(tmp_path: Path) -> None:
    """A file beside a picture that is not ours is not looked into."""
    (tmp_path / "cat.png").write_bytes(PNG)
    (tmp_path / "cat.png.json").write_bytes(b'{"title": ')
    assert Provenance.of(tmp_path / "cat.png") is None
    carrying = with_document(PNG, document())
    (tmp_path / "cat.png").write_bytes(carrying)
    assert Provenance.of(tmp_path / "cat.png") == Provenance.of(carrying)
