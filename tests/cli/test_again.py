"""`again`: pictures that are made once more from what their files tell."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from friendli_facade import Provenance, SyncFriendli, models
from friendli_facade.sandbox import Sandbox, _sandbox
from friendli_facade.sandbox._pictures.drawing import encoded
from friendli_facade.sandbox._pictures.store import Picture
from tests.cli.running import run
from tests.provenance.pictures import document, with_document
from tests.requests.arguments import Operation, argument_sets, judged, operations
from tests.samples import JPEG, PNG, picture
from tests.servers import Recorder
from tests.thorough import examples


def made(path: Path) -> Provenance:
    """What a file tells."""
    found = Provenance.of(path)
    assert found is not None
    return found


def bare(path: Path) -> bytes:
    """A file's bytes without what is told of it."""
    return Provenance.removed_from(path.read_bytes())


@st.composite
def requests(draw: st.DrawFn, files: list[Path]) -> tuple[Operation, dict[str, Any]]:
    """An operation with arguments that it takes, and pictures out of these files."""
    operation = draw(st.sampled_from(operations()))
    arguments = draw(argument_sets(operation))
    assume(not judged(operation, arguments)[1])
    for name in ("image", "control_images"):
        if arguments.get(name) is not None:
            weights = arguments.get("controlnet_weights") or ()
            least, most = (len(weights), len(weights)) if weights else (1, 3)
            arguments[name] = draw(st.lists(st.sampled_from(files), min_size=least, max_size=most))
    if "image" in arguments and draw(st.booleans()):
        arguments["image"] = arguments["image"][0]
    return operation, arguments


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_again_gives_the_same_bytes(
    media_type: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was asked for, of any operation, in whatever kind the server answers."""
    count = 0

    def of_kind(image: Image.Image, _asked: str) -> Picture:
        if media_type != "image/webp":
            return encoded(image, media_type)
        file = io.BytesIO()
        image.save(file, "WEBP", lossless=True, method=0)
        digest = hashlib.sha256(file.getvalue()).hexdigest()
        return Picture(file.getvalue(), media_type, digest)

    monkeypatch.setattr(_sandbox, "encoded", of_kind)
    files = [tmp_path / name for name in ("one.png", "two.jpg", "three.webp")]
    for file, content in zip(files, (PNG, JPEG, picture("WEBP", (5, 7))), strict=True):
        file.write_bytes(content)

    @settings(
        max_examples=examples(5, 67),
        deadline=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        nonlocal count
        operation, arguments = data.draw(requests(files))
        with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
            method = getattr(getattr(friendli, operation.surface).image, operation.method)
            result = method(**arguments)
            content = result.images[0].read()
            first = result.images[0].save(tmp_path / "first", overwrite=True, metadata=True)
        done = run("again", str(first), "--sandbox", "--json", "-o", "second/")
        assert (done.status, done.err) == (0, ""), arguments
        (record,) = done.records
        second = Path(record["path"])
        assert bare(second) == bare(first) == content
        asked = {**made(first).request.body, "seed": made(first).seed}
        assert {"seed": None, **made(second).request.body} == asked
        assert made(second).media_type == media_type
        count += 1
        second.unlink()
        first.unlink()

    check()
    print(media_type, count)


def test_options_change_what_is_asked_for(tmp_path: Path, server: Recorder) -> None:
    """All else stays; a file's suffix asks for another format, and for none if it is the same."""
    body = {"prompt": "A kite", "num_inference_steps": 28, "response_format": "raw", "model": "m"}
    request = models.Request("containerImagesGenerate", body)
    Path("a.png").write_bytes(with_document(PNG, document(request=request)))
    rest = ["again", "a.png", "--server-url", server.url, "--overwrite"]
    for words, changes in (
        (["-o", "b.png"], {}),
        (["-o", "b.jpg", "--steps", "40"], {"num_inference_steps": 40, "response_format": "jpeg"}),
        (["-o", "c.jpg", "--response-format", "raw"], {}),  # which may be any kind
        (["--seed", "9", "--prompt", "A boat"], {"seed": 9, "prompt": "A boat"}),
        (["--null", "seed", "--guidance-scale", "2"], {"seed": None, "guidance_scale": 2}),
    ):
        server.requests.clear()
        done = run(*rest, *words)
        assert done.status == 0, done.err
        (sent,) = server.requests
        assert json.loads(sent.body) == {**body, "seed": 7, **changes}
    assert {path.name for path in tmp_path.iterdir()} > {"a-kite.png", "a-boat-9.png"}


def test_a_picture_goes_beside_the_one_that_it_repeats() -> None:
    """Under the next free name; several, with several seeds, and a sheet of all of them."""
    assert run("generate", "A kite", "--sandbox", "--seed", "7", "-o", "./").out == "a-kite-7.png\n"
    assert run("again", "a-kite-7.png", "--sandbox").out == "a-kite-7-2.png\n"
    assert bare(Path("a-kite-7-2.png")) == bare(Path("a-kite-7.png"))
    done = run(
        *("again", "a-kite-7.png", "a-kite-7-2.png", "--sandbox", "--seeds", "1..2", "-j", "1"),
        *("-o", "b.png", "--sheet", "all.png"),
    )
    assert done.out.split() == ["b-1.png", "b-2.png", "b-3.png", "b-4.png", "all.png"]
    assert [made(Path(f"b-{n}.png")).seed for n in (1, 2, 3, 4)] == [1, 2, 1, 2]


def test_another_place_is_asked_in_its_own_terms(server: Recorder) -> None:
    """An endpoint's id is no adapter's route, so it is left out, and asked for the other way."""
    Path("a.png").write_bytes(with_document(PNG, document()))
    done = run("again", "a.png", "--container", "--server-url", server.url)
    assert (done.status, done.err) == (0, "")
    sent = json.loads(server.requests[0].body)
    assert sent == {"prompt": "A kite", "num_inference_steps": 28, "guidance_scale": 3.5, "seed": 7}
    assert run("again", "a-kite-7.jpg", "--dedicated", "--server-url", server.url).status == 2


def test_inputs_are_looked_for_by_their_digests(server: Recorder, tmp_path: Path) -> None:
    """Beside the picture and in this folder, whatever they are called; else they are asked for."""
    Path("cat.png").write_bytes(PNG)
    Path("tree.jpg").write_bytes(JPEG)
    rest = ["--container", "--server-url", server.url]
    edit = run("edit", "cat.png", "tree.jpg", "--prompt", "a", "-o", "w", *rest)
    assert edit.status == 0, edit.err
    again = ["again", "w.png", "-o", "v", "--overwrite", "--server-url", server.url]
    (tmp_path / "cat.png").rename("dog.png")
    assert run(*again).status == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "dog.png").rename("elsewhere/cat.png")
    done = run(*again)
    assert done.status == 2
    assert done.err.startswith("error: w.png: needs --image with the file that was sent: image/png")
    assert len(done.err.splitlines()) == 1
    assert run(*again, "--image", "elsewhere/cat.png").status == 0
    assert run(*again, "--image", "-", stdin=PNG).status == 0
    bodies = [json.loads(one.body)["image"] for one in server.requests]
    assert bodies == [bodies[0]] * 4


def test_another_input_is_refused_unless_told(server: Recorder) -> None:
    """By its digest; told to, it takes the place of all that were sent."""
    Path("cat.png").write_bytes(PNG)
    rest = ["--container", "--server-url", server.url]
    assert run("edit", "cat.png", "--prompt", "a", "-o", "w", *rest).status == 0
    Path("dog.jpg").write_bytes(JPEG)
    again = ["again", "w.png", "-o", "v", "--server-url", server.url]
    for other in ("dog.jpg", "missing.png", "https://example.com/cat.png"):
        done = run(*again, "--image", other)
        assert done.status == 2
        assert f"--image {other}" in done.err
        assert "is not what was sent; --other-inputs takes it all the same" in done.err
    assert len(server.requests) == 1
    assert run(*again, "--image", "dog.jpg", "--other-inputs").status == 0
    assert run("again", "v.png", "--server-url", server.url, "-o", "u").status == 0
    assert server.requests[1].body == server.requests[2].body


def test_urls_are_asked_again_and_what_was_cut_from_them_is_asked_for(server: Recorder) -> None:
    """A signature is not kept, so the whole URL is given once more."""
    plain, signed = "https://e.com/a.png", "https://e.com/b.png?signature=s3cret"
    rest = ["--container", "--server-url", server.url]
    assert run("edit", plain, signed, "--prompt", "a", "-o", "w", *rest).status == 0
    again = ["again", "w.png", "-o", "v", "--server-url", server.url]
    done = run(*again)
    assert done.status == 2
    assert "needs --image with the whole URL of https://e.com/b.png" in done.err
    assert run(*again, "--image", signed).status == 0
    assert server.requests[0].body == server.requests[1].body


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"prompt": "a", "strength": 1}, "was made with 'strength', which is not known here"),
        ({"prompt": ["a"]}, "--prompt must be a string"),
        ({}, "--prompt is required"),
        ({"prompt": "a", "num_inference_steps": 99}, "--num-inference-steps must be at most 50"),
        ({"prompt": "a", "control_images": ["/etc/passwd"]}, "was made with 'control_images'"),
        ({"prompt": {"image": "a"}}, "was made with 'prompt'"),
    ],
)
def test_what_cannot_be_asked_for_is_told(
    body: dict[str, Any], words: str, server: Recorder
) -> None:
    """A file may hold anything."""
    request = models.Request("containerImagesGenerate", body)
    Path("a.png").write_bytes(with_document(PNG, document(request=request)))
    done = run("again", "a.png", "--server-url", server.url)
    assert (done.status, server.requests) == (2, [])
    assert words in done.err


def test_a_picture_that_does_not_tell_is_an_error(server: Recorder) -> None:
    """It may be of an operation of another version, of another program, broken or not there."""
    unknown = document(request=models.Request("otherImagesDraw", {}))
    Path("a.png").write_bytes(with_document(PNG, unknown))
    Path("b.png").write_bytes(PNG)
    Path("c.png").write_bytes(with_document(PNG, document())[:300])
    done = run("again", "a.png", "b.png", "c.png", "d.png", "--server-url", server.url)
    assert (done.status, done.out, server.requests) == (2, "", [])
    lines = done.err.splitlines()
    assert lines[0] == "error: a.png was made by otherImagesDraw, which is not known here"
    assert lines[1] == "error: b.png does not tell how it was made"
    assert lines[2].startswith("error: what c.png tells of itself cannot be read")
    assert lines[3] == "error: d.png cannot be read: No such file or directory"
    assert len(lines) == 4


def test_a_hostile_picture_has_no_say_in_where_the_request_goes(
    server: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it could ask for the token, or for a file to be sent."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "flp_s3cret")
    for evil in (
        {"server_url": server.url},
        {"http_headers": {"X-A": "1"}, "timeout": 1},
        {"x_friendli_team": "theirs"},
    ):
        body = {"model": "m", "prompt": "a", **evil}
        request = models.Request("dedicatedImagesGenerate", body)
        Path("a.png").write_bytes(with_document(PNG, document(request=request)))
        done = run("again", "a.png", "--dry-run", "--json")
        told = done.out + done.err
        assert server.url not in done.out
        assert "theirs" not in told
        assert "x-a" not in told.lower()
