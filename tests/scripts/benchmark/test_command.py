"""The command line of the benchmark, with this interpreter in the place of every environment."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scripts.benchmark import __main__ as bench
from scripts.benchmark import command, environments, stall
from scripts.benchmark.rows import ROWS
from scripts.benchmark.running import Runner
from scripts.faults.disturbances import Disturbances
from scripts.faults.soak import Figures


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(_: Path, columns: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(columns, sys.executable)

    monkeypatch.setattr(environments, "installed", installed)
    for module in (command, stall):
        monkeypatch.setattr(module, "_FOLDER", tmp_path / "build")


def test_chosen_rows_are_printed_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is written that is committed."""
    bench.main(["--rows", "import-package", "--quick"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "import-package ..."
    assert "httpx " in lines[2]
    titled = [line for line in lines if line.startswith("import friendli_facade alone")]
    assert [" at most " in line for line in titled] == [False, True]
    assert [path.name for path in tmp_path.iterdir()] == ["build"]
    assert "import-package" in (tmp_path / "build" / "figures.json").read_text(encoding="utf-8")


def test_a_whole_run_writes_the_page_and_its_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every row, and says where they are."""
    (row,) = (row for row in ROWS if row.name == "import-package")
    monkeypatch.setattr(command, "ROWS", (row,))
    monkeypatch.setattr(command, "_NAMES", [row.name])
    monkeypatch.setattr(command, "ROOT", tmp_path)

    def quick(url: str, pythons: dict[str, str], folder: Path, _: bool) -> Runner:
        return Runner(url, pythons, folder, quick=True)

    monkeypatch.setattr(command, "Runner", quick)
    (tmp_path / "docs").mkdir()
    bench.main([])
    page, plot = tmp_path / "docs/performance.md", tmp_path / "docs/performance.png"
    assert capsys.readouterr().out.splitlines()[-2:] == [str(page), str(plot)]
    assert row.title in page.read_text(encoding="utf-8")
    with Image.open(plot) as image:
        assert image.format == "PNG"


def test_what_a_stalled_client_sent_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The moment of each POST, below the name of its client."""
    asked: list[tuple[str, float]] = []

    def posts(python: str, code: str, seconds: float) -> list[float]:
        assert python == sys.executable
        asked.append((code.split("from ")[1].split(maxsplit=1)[0], seconds))
        return [0.24, 5.5] if "friendli_facade" not in code else [0.25]

    monkeypatch.setattr(stall, "posts", posts)
    bench.main(["stall", "--seconds", "9"])
    assert asked == [("friendli", 9.0), ("friendli_facade", 9.0)]
    assert capsys.readouterr().out.splitlines() == [
        "friendli 0.16.3",
        "    0.2 s: POST 1",
        "    5.5 s: POST 2",
        "friendli_facade",
        "    0.2 s: POST 1",
    ]


@pytest.mark.parametrize("wrong", [[], ["call 3: lost"]])
def test_a_soak_ends_with_what_is_wrong(
    wrong: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After both tables, of as many calls as are asked for and a fifth of disturbances."""
    asked: list[Any] = []

    def soak(calls: int, at_once: int, seed: int, *, on_aiohttp: bool) -> Figures:
        asked.append((calls, at_once, seed, on_aiohttp))
        return Figures(calls, wrong=wrong)

    def disturb(times: int, seed: int) -> Disturbances:
        asked.append((times, seed))
        return Disturbances(wrong=["a child read other pictures"] if wrong else [])

    monkeypatch.setattr(bench, "soak", soak)
    monkeypatch.setattr(bench, "disturb", disturb)
    words = ["soak", "--calls", "50", "--at-once", "4", "--seed", "3", "--aiohttp"]
    if wrong:
        with pytest.raises(SystemExit) as caught:
            bench.main(words)
        assert str(caught.value) == "call 3: lost\na child read other pictures"
    else:
        bench.main(words)
    assert asked == [(50, 4, 3, True), (10, 3)]
    table = dict(line.rsplit(None, 1) for line in capsys.readouterr().out.splitlines())
    assert table["wrong outcomes or counts"] == str(len(wrong))
    assert table["wrong pictures, lost calls, connections"] == str(len(wrong))
