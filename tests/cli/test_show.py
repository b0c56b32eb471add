"""`show`: what a picture's file tells of how it was made."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings

from friendli_facade import Provenance, models
from tests.cli.running import run
from tests.cli.test_hostile import EVIL, TEXTS, acts
from tests.provenance.pictures import PROMPTS, document, with_document
from tests.samples import PNG


def test_what_a_picture_tells_is_a_table() -> None:
    """What was asked for, what was sent with it, and what came."""
    Path("cat.png").write_bytes(PNG)
    words = ["--prompt", "Make it winter", "--seed", "7", "--sandbox", "-o", "w.png"]
    assert run("edit", "cat.png", "https://e.com/a.png?s=1", *words, "--no-metadata").status in {
        0,
        2,
        3,
    }
    assert run("edit", "cat.png", *words, "--overwrite").status == 0
    done = run("show", "w.png")
    assert (done.status, done.err) == (0, "")
    lines = [line.split(maxsplit=1) for line in done.out.splitlines() if line.strip()]
    told = {line[0]: line[-1].strip() for line in lines}
    assert told["operation"] == "dedicatedImagesEdit"
    assert told["prompt"] == "Make it winter"
    assert told["seed"] == "7"
    assert told["image"].startswith(f"image/png, {len(PNG)} bytes,")


def test_for_programs_it_is_the_document() -> None:
    """A line of JSON for each picture, with its path."""
    for name in ("a.png", "b.png"):
        Path(name).write_bytes(with_document(PNG, document(name)))
    done = run("show", "--json", "a.png", "b.png")
    assert (done.status, done.err) == (0, "")
    for record, name in zip(done.records, ("a.png", "b.png"), strict=True):
        found = Provenance.of(name)
        assert found is not None
        assert record == {"path": name, **found.to_dict()}
        assert record["body"]["prompt"] == name


def test_a_picture_that_tells_nothing_is_an_error_and_the_others_are_told() -> None:
    """Each that cannot be told is a line; the exit status is that of the first."""
    Path("a.png").write_bytes(with_document(PNG, document()))
    Path("plain.png").write_bytes(PNG)
    Path("broken.png").write_bytes(with_document(PNG, document())[:300])
    done = run("show", "plain.png", "a.png", "broken.png", "none.png", "--json")
    assert (done.status, len(done.records)) == (2, 1)
    first, second, third = done.err.splitlines()
    assert first == "error: plain.png does not tell how it was made"
    assert "broken.png" in second
    assert third == "error: none.png: No such file or directory"
    assert run("show", "none.png").status == 5


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS | PROMPTS)
@example(EVIL)
@example("\x1b]8;;http://evil\x07" * 9000)
def test_hostile_text_is_shown_harmlessly(text: str) -> None:
    """Wherever it stands in a picture: names, values, URLs; by `show` and by `again`."""
    pictures = {
        "image": [{"image": {"url": text}}, {"image": {"media_type": text, "sha256": text}}]
    }
    name = text.encode(errors="ignore").decode()
    bodies = ({"prompt": text, name: text}, {"prompt": "a", "response_format": text, **pictures})
    for body in bodies:
        request = models.Request("dedicatedImagesEdit", body)
        written = document(request=request, generator=text, request_id=text, media_type=text)
        Path("a.png").write_bytes(with_document(PNG, written))
        for words in (["show"], ["show", "--json"], ["again", "--sandbox"]):
            done = run(*words, "a.png")
            assert acts(done.out + done.err) == []
            assert done.status == (2 if words[0] == "again" else 0), done.err
    request = models.Request(text, {"prompt": text})
    Path("a.png").write_bytes(with_document(PNG, document(request=request)))
    done = run("again", "a.png", "--sandbox")
    assert acts(done.out + done.err) == []
