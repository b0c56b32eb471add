"""What the benchmark measured, as a page and a plot."""

from pathlib import Path

import pytest
from PIL import Image

from scripts.benchmark import plot, table
from scripts.benchmark.pictures import MIB
from scripts.benchmark.rows import ROWS
from scripts.benchmark.targets import COLUMNS, PEAK, PROCESSOR, WALL, Figures, Target

ROW = {row.name: row for row in ROWS}


def made_up(processor: float, mebibytes: float) -> dict[str, float]:
    """What a contender might take for a row."""
    return {
        "processor": processor,
        "seconds": 2 * processor,
        "peak": mebibytes * MIB,
        "modules": 100,
    }


FIGURES: Figures = {
    "plain": made_up(0.2, 64),
    "aiohttp": made_up(0.01, 32),
    "official": made_up(0.9, 64),
    "facade": made_up(0.1, 32),
    "facade_aiohttp": made_up(0.05, 16),
    "facade_spans": made_up(0.12, 32),
}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0000244, "24.4 µs"), (0.0003, "0.300 ms"), (0.0123, "12.3 ms"), (1.5, "1,500 ms")],
)
def test_times_have_three_figures(value: float, text: str) -> None:
    """In microseconds where milliseconds are long."""
    assert PROCESSOR.text(value) == text


def test_targets_are_told_as_met_or_missed() -> None:
    """Parts of another column, of the processor or of the clock, and bounds of our own figure."""
    rows = [ROW["small"], ROW["in-flight-64"], ROW["save-8"]]
    figures, targets = table.lines(rows, {row.name: FIGURES for row in rows})
    assert figures[0] == ["", "", *COLUMNS.values()]
    assert figures[1][:3] == ["small call", "processor time", "200 ms"]
    assert figures[2] == [
        "",
        "time that passes",
        "400 ms",
        "20.0 ms",
        "1,800 ms",
        "200 ms",
        "100 ms",
        "240 ms",
    ]
    assert targets == [
        ["", "target", "measured", ""],
        ["small call", "processor time at most 1.1 of httpx by hand", "0.50", "met"],
        ["", "processor time at most 0.3 of official SDK", "0.11", "met"],
        [
            "",
            "the same with spans: processor time at most 1.1 of friendli_facade",
            "1.20",
            "missed",
        ],
        [
            "a call of 64 in flight",
            "processor time at most 5 of aiohttp by hand",
            "10.00",
            "missed",
        ],
        ["", "processor time at most 0.5 of httpx by hand", "0.50", "met"],
        [
            "",
            "the same on aiohttp: processor time at most 2.5 of aiohttp by hand",
            "5.00",
            "missed",
        ],
        ["", "time that passes at most 1.15 of aiohttp by hand", "10.00", "missed"],
        [
            "",
            "the same on aiohttp: time that passes at most 1.15 of aiohttp by hand",
            "5.00",
            "missed",
        ],
        [
            "base64 answer of 8 MiB to a file",
            "processor time at most 0.65 of httpx by hand",
            "0.50",
            "met",
        ],
        ["", "memory over idle at most 9.0 MiB", "32.0 MiB", "missed"],
    ]


def test_work_is_compared_by_the_processor_and_waiting_by_the_clock() -> None:
    """A busy machine changes the clock, and so no target on work is by it."""
    targets = [(row, target) for row in ROWS for target in row.targets]
    by_the_clock = {row.scenario for row, target in targets if target.measure is WALL}
    assert by_the_clock == {"in_flight"}
    assert all(target.against for _, target in targets if target.measure is not PEAK)


def test_a_target_on_nothing_is_missed_by_anything() -> None:
    """Where the other took no time at all, as a clock may say."""
    figures = {"plain": made_up(0, 0), "facade": made_up(0.1, 1)}
    assert not Target(PROCESSOR, 100, "plain").is_met(figures)


def test_the_page_has_every_row() -> None:
    """And what was measured, where; and no code."""
    page = table.page(ROWS, {row.name: FIGURES for row in ROWS}, "a machine: httpx 0.28.1")
    assert [row.title for row in ROWS if f"| {row.title} |" not in page] == []
    assert "\na machine: httpx 0.28.1.\n" in page
    assert "```" not in page


def test_the_plot_has_a_panel_for_time_and_one_for_memory() -> None:
    """Each is sorted by our part of httpx's; memory that is next to nothing is left out."""
    rows = [ROW["small"], ROW["edit-8"], ROW["save-8"]]
    measured = {
        "small": {"plain": made_up(0.125, 0.5), "facade": made_up(0.25, 0.6)},
        "edit-8": {"plain": made_up(0.5, 8), "facade": made_up(0.25, 4)},
        "save-8": {
            "plain": made_up(0.25, 8),
            "facade": made_up(0.03125, 0),
            "official": made_up(1, 8),
        },
    }
    time, memory = plot.panels(rows, measured)
    save = plot.Line(ROW["save-8"].title, {"official": 4, "facade": 0.125})
    assert time.lines[0] == save
    assert [line.label for line in time.lines] == [rows[n].title for n in (2, 1, 0)]
    assert [line.label for line in memory.lines] == [rows[n].title for n in (2, 1)]
    assert memory.lines[0].parts == {"official": 1, "facade": 0.001}
    assert (time.ticks, memory.ticks) == ([0.1, 1, 10], [0.001, 0.01, 0.1, 1, 10])


def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    """Of both panels side by side, with this client's colour in each."""
    panels = plot.panels(ROWS, {row.name: FIGURES for row in ROWS})
    plot.draw(panels, tmp_path / "plot.png")
    with Image.open(tmp_path / "plot.png") as image:
        half = image.width // 2
        boxes = ((0, 200, half, image.height), (half, 200, image.width, image.height))
        for box in boxes:
            colors = {color for _, color in image.crop(box).getcolors(1 << 16) or []}
            assert (0x1F, 0x6F, 0xEB) in colors
