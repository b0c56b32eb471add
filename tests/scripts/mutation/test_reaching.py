"""Which tests reach which lines: how that is measured, and kept."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT

pytest.importorskip("cosmic_ray", reason="scripts/mutate installs it")
pytest.importorskip("coverage", reason="scripts/mutate installs it")

from scripts.mutation import reaching, rooms, running
from scripts.mutation.running import Reached

MEASURED = """\
import subprocess
import sys
from hypothesis import Phase, settings


def test_a_property_is_drawn_as_the_tool_says() -> None:
    assert (settings().max_examples, settings().deadline) == (50, None)
    assert Phase.shrink not in settings().phases


def test_a_process_takes_time() -> None:
    code = "import time\\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-c", code], check=True)
"""
MEASURE = """\
import sys
from pathlib import Path
from scripts.mutation import running

running.ROOT = Path(sys.argv[1])
running.preload()
found = running.reached(["counting.py"], ["test_measured.py"])
print(found.failed, found.tests["test_measured.py::test_a_process_takes_time"].seconds > 0.4)
"""


def test_tests_are_measured_as_they_are_run(tmp_path: Path) -> None:
    """With few examples, whatever their conftest says; the time of their processes is theirs."""
    (tmp_path / "counting.py").write_text("")
    (tmp_path / "test_measured.py").write_text(MEASURED)
    profile = "from hypothesis import settings\nsettings.register_profile('own', max_examples=7)\n"
    (tmp_path / "conftest.py").write_text(f"{profile}settings.load_profile('own')\n")
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "[] True\n", run.stderr


def test_what_is_reached_is_measured_anew_where_tests_or_code_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test file that changed is measured alone; after a change of code all are."""
    measured: list[list[str]] = []

    def reached(files: Sequence[str], tests: Sequence[str]) -> Reached:
        measured.append([Path(file).name for file in tests])
        names = {f"{file}::test_it" for file in tests}
        found = {name: running.Test(name, 1.0) for name in names}
        return Reached(found, {files[0]: {1: names, 2: set()}}, [f"{tests[0]}::test_bad"])

    monkeypatch.setattr(reaching, "reached", reached)
    for module in (reaching, rooms):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    for name in ("scripts/code.py", "tests/test_a.py", "tests/test_b.py", "tests/further.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    room = rooms.Room(("scripts",), ("tests", "tests/test_a.py"))
    first = reaching.kept(room)
    assert first.tests.keys() == {"tests/test_a.py::test_it", "tests/test_b.py::test_it"}
    assert first.lines == {"scripts/code.py": {1: {*first.tests}, 2: set()}}
    assert first.failed == ["tests/test_a.py::test_bad"]
    assert reaching.kept(room) == first
    (tmp_path / "tests/test_b.py").write_text("# changed\n")
    reaching.kept(room)
    (tmp_path / "tests/further.py").write_text("# changed\n")
    reaching.kept(room)
    assert measured == [["test_a.py", "test_b.py"], ["test_b.py"], ["test_a.py", "test_b.py"]]


def test_what_is_left_out_is_there() -> None:
    """Each test that is too slow is one of a room's, by the beginning of its name."""
    files = {file for room in rooms.ROOMS.values() for file in room.test_files}
    for name in rooms.TOO_SLOW:
        file, _, test = name.partition("::")
        assert file in files
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8")


def test_every_room_has_code_and_tests() -> None:
    """A file or folder that was moved is not looked for in silence."""
    for room in rooms.ROOMS.values():
        assert [name for name in (*room.code, *room.tests) if not (ROOT / name).exists()] == []
