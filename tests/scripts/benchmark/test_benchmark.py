"""The benchmark measures what it says; no time is asserted."""

import json
import sys
from base64 import b64encode
from collections.abc import Generator
from pathlib import Path

import attrs
import httpx
import pytest
from PIL import Image

from scripts.benchmark import plot, table
from scripts.benchmark.pictures import MIB, PROMPT, is_whole, picture, stored
from scripts.benchmark.rows import ROWS, Row
from scripts.benchmark.running import Runner
from scripts.benchmark.server import LARGE_ANSWER, is_right, serving
from scripts.benchmark.targets import Figures

ROW = {row.name: row for row in ROWS}
# What a run of the row might give; ours is always half of what httpx takes.
MADE_UP: Figures = {
    "plain": {"seconds": 0.2, "net": 0.1, "modules": 100, "rate": 50, "peak": 64 * MIB},
    "official": {"seconds": 0.9, "net": 0.4, "modules": 300, "rate": 40, "peak": 64 * MIB},
    "facade": {"seconds": 0.1, "net": 0.05, "modules": 50, "rate": 100, "peak": 32 * MIB},
}


@pytest.fixture(scope="module")
def url() -> Generator[str]:
    """A running server."""
    with serving() as url:
        yield url


@pytest.fixture
def runner(url: str, tmp_path: Path) -> Runner:
    """One that measures with this interpreter, once."""
    return Runner(url, {"project": sys.executable}, tmp_path, quick=True)


def of(row: Row, *columns: str) -> Row:
    """The row with some of its contenders."""
    return attrs.evolve(row, contenders={column: row.contenders[column] for column in columns})


def test_a_picture_tells_whether_it_is_whole(tmp_path: Path) -> None:
    """A byte more, less or other is seen, and a stored picture is made once."""
    content = picture(1000)
    assert len(content) == 1000
    assert is_whole(content)
    assert not is_whole(content[:-1])
    assert not is_whole(content.replace(content[500:501], b"?"))
    path = stored(tmp_path, 1000)
    assert path.read_bytes() == content
    assert stored(tmp_path, 1000) == path


def test_only_the_measured_call_is_right() -> None:
    """Another prompt, no JSON, a broken picture: none is what is measured."""
    image = b64encode(picture(900)).decode()
    assert is_right(json.dumps({"prompt": PROMPT}).encode())
    assert is_right(json.dumps({"image": {"image": image}, "prompt": PROMPT}).encode())
    bodies: list[object] = [
        {"prompt": "A kite"},
        {"image": {"image": image[4:]}, "prompt": PROMPT},
        {"image": image, "prompt": PROMPT},
        [],
    ]
    assert not any(is_right(json.dumps(body).encode()) for body in bodies)
    assert not is_right(b"{")


def test_the_server_answers_as_the_path_says(tmp_path: Path) -> None:
    """Small, large after a small one, looked into, refused, and counted."""
    body = {"prompt": PROMPT}
    whole = b64encode(stored(tmp_path, 8 * MIB).read_bytes()).decode()
    with serving() as url, httpx.Client() as client:
        small = client.post(f"{url}/plain/v1/images/generations", json=body).json()
        assert len(small["image"]) == 684  # of 512 bytes
        large = client.post(f"{url}/large/v1/images/generations", json=body).json()
        assert len(large["image"]) == (LARGE_ANSWER + 2) // 3 * 4
        for path in ("plain", "checked"):
            edit = {"image": {"image": whole}, "prompt": PROMPT}
            assert client.post(f"{url}/{path}/v1/images/edits", json=edit).status_code == 200
            edit = {"image": {"image": whole[: 4 * MIB]}, "prompt": PROMPT}
            assert client.post(f"{url}/{path}/v1/images/edits", json=edit).status_code == 422
        assert client.get(f"{url}/counts/").json() == {"answered": 4, "refused": 2}


@pytest.mark.parametrize("name", ["small-async", "many-async", "save", "edit"])
def test_a_row_is_measured(runner: Runner, name: str) -> None:
    """Each contender has a figure for each measure of the row."""
    figures = runner.figures(of(ROW[name], "plain", "facade"))
    wanted = {measure.key for measure in ROW[name].measures}
    for column in ("plain", "facade"):
        assert wanted <= set(figures[column])
        assert figures[column]["seconds"] > 0


def test_an_import_is_measured(runner: Runner) -> None:
    """By its time and by the modules that it leaves."""
    figures = runner.figures(ROW["import-package"])
    assert figures["facade"]["modules"] - figures["plain"]["modules"] == 2
    assert figures["facade"]["seconds"] > 0


def test_checking_is_measured(runner: Runner) -> None:
    """Without any server."""
    assert runner.figures(ROW["check"])["facade"]["seconds"] > 0
    assert runner.figures(ROW["prepare"])["facade"]["seconds"] > 0


def test_a_failing_contender_ends_the_run(runner: Runner) -> None:
    """What went wrong is told."""
    with pytest.raises(SystemExit, match="No module named"):
        runner.figures(Row("a", "a", "small", {"plain": "nobody"}, ()))


def test_targets_are_told_as_met_or_missed() -> None:
    """Parts, times, and bounds of our own figure."""
    rows = [ROW["small"], ROW["in-flight-64"], ROW["save"]]
    figures, targets = table.lines(rows, {row.name: MADE_UP for row in rows})
    assert figures[1] == ["small call", "time of a call", "200.00 ms", "", "900.00 ms", "100.00 ms"]
    assert targets == [
        ["", "target", "measured", ""],
        ["small call", "time of a call at most 1.15 of httpx by hand", "0.50", "met"],
        ["", "at least 3.5 times as fast as the official SDK", "9.00", "met"],
        ["answers take 0.2 s, 64 in flight", "rate at least 280 calls/s", "100 calls/s", "missed"],
        ["", "at least 3 times as fast as httpx by hand", "2.00", "missed"],
        ["base64 answer of 8 MiB to a file", "time at most 0.7 of httpx by hand", "0.50", "met"],
        ["", "memory over idle at most 12.0 MiB", "32.0 MiB", "missed"],
    ]


def test_the_page_and_the_plot_show_every_row(tmp_path: Path) -> None:
    """In a page without code, and a picture of one bar for each."""
    measured = {row.name: MADE_UP for row in ROWS}
    page = table.page(ROWS, measured)
    assert [row.title for row in ROWS if f"| {row.title} |" not in page] == []
    assert "```" not in page
    bars = plot.bars(ROWS, measured)
    assert bars[0] == plot.Bar("import SyncFriendli, beside httpx and attrs", bars[0].parts)
    assert bars[0].parts == {"facade": 0.5, "official": 4.5}
    plot.draw(bars, tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as image:
        assert image.width == 2000
