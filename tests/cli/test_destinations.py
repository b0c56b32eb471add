"""Where pictures go: clear names, nothing overwritten, all looked at before anything is sent."""

import base64
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from friendli_facade import Provenance
from friendli_facade.cli._arguments.destinations import planned
from tests.cli.running import run
from tests.samples import JPEG, PNG, answer
from tests.servers import Received, Recorder, Reply, recording

SANDBOX = ["--sandbox", "--steps", "1"]


def files(folder: Path = Path()) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("prompts", "seeds", "output", "names"),
    [
        (["A kite, at Dusk!"], [None], None, ["a-kite-at-dusk"]),
        (["a kite"], [1, 2], None, ["a-kite-1", "a-kite-2"]),
        (["a kite", "A KITE"], [None], None, ["a-kite-1", "a-kite-2"]),
        (["a kite", "A KITE", "a kite 1"], [None], None, ["a-kite-1", "a-kite-2", "a-kite-1-2"]),
        (["夕暮れの灯台"], [7], None, ["夕暮れの灯台-7"]),
        (["../../etc/passwd"], [None], None, ["etc-passwd"]),
        (["?!"], [None], None, ["picture"]),
        (["word " * 20], [None], None, ["word-word-word-word-word-word-word-word"]),
        (["x" * 300], [None], None, ["x" * 40]),
        (["a"], [None], "k.png", ["k.png"]),
        (["a"], [3], "k.png", ["k.png"]),
        (["a"], [3, 4], "k.png", ["k-3.png", "k-4.png"]),
        (["a", "b"], [3], "k.png", ["k-1.png", "k-2.png"]),
        (["a", "b"], [3, 4], "k", ["k-1-3", "k-1-4", "k-2-3", "k-2-4"]),
        (["a", "b"], [None], "flux-1.5", ["flux-1.5-1", "flux-1.5-2"]),
    ],
)
def test_names_tell_pictures_apart(
    prompts: list[str], seeds: list[int | None], output: str | None, names: list[str]
) -> None:
    """After prompt and seed in a folder; numbered where a file was named for several."""
    found = planned(output, prompts, seeds, overwrite=False)
    assert [place.name for place in found] == names


@given(st.lists(st.text(), min_size=1, max_size=5), st.lists(st.none() | st.integers(), min_size=1))
def test_every_picture_has_a_place_of_its_own(prompts: list[str], seeds: list[int | None]) -> None:
    """In the folder, and under a name that every file system takes."""
    seeds = list(dict.fromkeys(seeds))
    found = planned("pictures/", prompts, seeds, overwrite=False)
    assert len(set(found)) == len(prompts) * len(seeds)
    for place in found:
        assert place.parent == Path("pictures")
        assert place.name.isprintable()
        assert not set(place.name) & set('/\\:*?"<>|\0')
        assert len(place.name.encode()) < 200


def test_nothing_is_overwritten_unless_told() -> None:
    """The same seed is the same picture: it exists, and nothing is sent."""
    assert run("generate", "a kite", *SANDBOX, "--seed", "1").status == 0
    (before,) = [path.read_bytes() for path in Path().iterdir()]
    done = run("generate", "a kite", *SANDBOX, "--seed", "1", "--guidance-scale", "9")
    assert (done.status, done.err) == (
        5,
        "error: a-kite-1.png: exists; --overwrite replaces it\n",
    )
    assert files() == ["a-kite-1.png"]
    assert Path("a-kite-1.png").read_bytes() == before
    words = ["generate", "a kite", *SANDBOX, "--seed", "1", "--guidance-scale", "9", "--overwrite"]
    assert run(*words).status == 0
    assert files() == ["a-kite-1.png"]
    assert Path("a-kite-1.png").read_bytes() != before


def test_without_a_seed_a_picture_is_new_each_time() -> None:
    """It gets the next free name."""
    for _ in range(3):
        assert run("generate", "a kite", *SANDBOX).status == 0
    assert files() == ["a-kite-2.png", "a-kite-3.png", "a-kite.png"]


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        ("file/in/a/file/", 5, "file"),
        ("taken.png", 5, "exists; --overwrite replaces it"),
        ("x" * 300, 5, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_had_costs_nothing(
    server: Recorder, output: str, code: int, said: str
) -> None:
    """What is wrong with it is said before anything is sent."""
    for name in ("file", "taken.png"):
        Path(name).touch()
    words = ["generate", "a", "--container", "--server-url", server.url, "-o", output]
    words += ["--response-format", "raw"]
    done = run(*words)
    assert (done.status, server.requests) == (code, [])
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_folders_are_made() -> None:
    """A picture is not lost for want of one."""
    assert run("generate", "a", *SANDBOX, "-o", "new/folder/k.png").status == 0
    assert files(Path("new/folder")) == ["k.png"]
    run("generate", "a", *SANDBOX, "-o", "other/folder/", "--dry-run")
    assert not Path("other").exists()


def test_the_suffix_asks_for_the_format() -> None:
    """Where the contract has it; a contradiction is named before anything is sent."""
    for suffix, kind in (("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG")):
        assert run("generate", "a", *SANDBOX, "-o", f"k.{suffix}").status == 0
        with Image.open(f"k.{suffix}") as picture:
            assert picture.format == kind
    done = run("generate", "a", *SANDBOX, "--response-format", "jpeg", "-o", "l.png")
    assert done.err == "error: -o l.png: the picture comes as jpeg: name it l.jpg\n"
    done = run("generate", "a", "--container", "--dry-run", "-o", "l.png")
    assert (done.status, "name it l.jpg" in done.err) == (2, True)
    done = run("generate", "a", *SANDBOX, "--dry-run", "--json", "-o", "pictures/")
    assert "response_format" not in done.records[0]["body"]


def two(request: Received) -> Reply:
    """An answer of JPEGs, two of them."""
    item = answer(request.path)["data"][0] | {"b64_json": base64.b64encode(JPEG).decode()}
    return 200, {}, json.dumps({"data": [item, item]}).encode()


def test_what_came_is_kept_under_a_name_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may send another kind than asked, or more pictures; each is paid for."""
    monkeypatch.setenv("FRIENDLI_TOKEN", "t")
    with recording(two) as server:
        words = ["generate", "a", "--model", "m", "--server-url", server.url, "-o", "k.png"]
        done = run(*words)
    assert (done.status, done.out.splitlines()) == (0, ["k.jpg", "k-2.jpg"])
    assert "k.jpg: the server sent image/jpeg" in done.err
    assert files() == ["k-2.jpg", "k.jpg"]


def test_a_file_that_appears_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture takes the next name, and a line says so."""

    def meddling(request: Received) -> Reply:
        Path("k.png").write_text("mine")
        return 200, {}, json.dumps(answer(request.path)).encode()

    monkeypatch.setenv("FRIENDLI_TOKEN", "t")
    with recording(meddling) as server:
        words = ["generate", "a", "--model", "m", "--server-url", server.url, "-o", "k.png"]
        done = run(*words)
    assert (done.status, done.out) == (0, "k-2.png\n")
    assert "another file had taken its place" in done.err
    assert Path("k.png").read_text() == "mine"
    assert Provenance.removed_from(Path("k-2.png").read_bytes()) == PNG


def test_the_picture_itself_goes_to_a_pipe() -> None:
    """Its bytes and nothing else; several, or JSON, have no place there."""
    done = run("generate", "a", *SANDBOX, "-o", "-")
    assert (done.status, done.err, files()) == (0, "", [])
    assert Image.open(io.BytesIO(done.content)).format == "PNG"
    assert "is for one picture" in run("generate", "a", "b", *SANDBOX, "-o", "-").err
    assert (
        "both write to standard output" in run("generate", "a", *SANDBOX, "-o", "-", "--json").err
    )


def test_a_sheet_shows_all_pictures() -> None:
    """Side by side; its name is looked at before anything is sent."""
    words = ["generate", "a kite", "a boat", *SANDBOX, "--seeds", "1..3", "-o", "all/"]
    assert "must be named" in run(*words, "--sheet", "sheet.txt").err
    many = ["generate", "a kite", "a boat", *SANDBOX, "--seeds", "1..201", "--sheet", "sheet.png"]
    assert "--sheet is for 400 pictures at most, not 402" in run(*many).err
    done = run(*words, "--sheet", "sheet.png")
    assert (done.status, done.out.splitlines()[-1]) == (0, "sheet.png")
    with Image.open("sheet.png") as sheet:
        assert sheet.width > 3 * 320
        assert sheet.height > 2 * 320
        colours = sheet.convert("RGB").getcolors(1 << 24) or []
    assert len(colours) > 1000
    done = run(*words, "--overwrite", "--sheet", "sheet.png")
    assert done.status == 0
    assert run(*words, "-o", "else/", "--sheet", "sheet.png").status == 5


def test_a_dry_run_for_a_pipe_writes_no_picture() -> None:
    """It may be told in JSON too, which a picture there could not be."""
    done = run("generate", "a", *SANDBOX, "-o", "-", "--dry-run", "--json")
    assert (done.status, files()) == (0, [])
    assert [record["body"]["prompt"] for record in done.records] == ["a"]


def test_the_place_of_a_sheet_is_no_line_of_json() -> None:
    """Each line is a picture then."""
    done = run("generate", "a", *SANDBOX, "-o", "k.png", "--sheet", "s.png", "--json")
    assert (done.status, files()) == (0, ["k.png", "s.png"])
    assert [record["path"] for record in done.records] == ["k.png"]
