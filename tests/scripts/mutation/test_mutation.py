"""The changes that are made, and what becomes of them."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT

pytest.importorskip("cosmic_ray", reason="scripts/mutate installs it")
pytest.importorskip("coverage", reason="scripts/mutate installs it")

from scripts.mutation import choosing, running
from scripts.mutation.choosing import EQUIVALENT, sample
from scripts.mutation.mutants import Mutant, changes
from scripts.mutation.report import score
from scripts.mutation.rooms import ROOMS
from scripts.mutation.running import Reached

SOURCE = '''\
def first(values: list[int] | None, most: int = 3) -> int | None:
    """The first that is small."""
    found = []
    for value in values or ():
        if value < most:
            found.append(value)
    return found[0] if found else None
'''
TESTS = """\
from counting import first


def test_a_small_one_is_found() -> None:
    assert first([5, {value}]) == {value}
"""
RUN = """\
import sys
from pathlib import Path
from scripts.mutation import running
from scripts.mutation.choosing import tests_of
from scripts.mutation.mutants import changes

running.ROOT = Path(sys.argv[1])
running.preload()
reached = running.reached(["counting.py"], ["test_counting.py"])
assert len(reached.tests) == 1 and not reached.failed
for change in changes("counting.py", Path("counting.py").read_text()):
    mutant = change.mutant()
    print(running.outcome(mutant, tests_of(mutant, reached, 20)).verdict, mutant.after)
"""
COMMAND = """\
import sys
from pathlib import Path
from scripts.mutation import __main__, choosing, reaching, rooms, running

place = Path(sys.argv[1])
for module in (__main__, reaching, rooms, running):
    module.ROOT = place
__main__.ROOMS = {"counting": rooms.Room(("counting.py",), ("test_counting.py",))}
choosing.EQUIVALENT = place / "equivalent.toml"
sys.exit(__main__.main(sys.argv[2:]))
"""
SMALL = """\
from counting import most


def test_it_is_more_than_two() -> None:
    assert most() > 2


def test_it_fails_in_any_case() -> None:
    assert most() < 0
"""


def afters(source: str) -> set[str]:
    """What the changed lines of a source may be."""
    mutants = [change.mutant() for change in changes("a.py", source)]
    return {mutant.after for mutant in mutants if mutant is not None}


def test_conditions_numbers_and_effects_are_changed_and_types_are_not() -> None:
    """A comparison, a bound, a call for its effect and a loop are changed; no annotation is."""
    assert afters(SOURCE) >= {
        "if value <= most:",
        "if value >= most:",
        "pass",
        "for value in []:",
        "for value in values and ():",
        "def first(values: list[int] | None, most: int = 4) -> int | None:",
    }
    assert not [after for after in afters(SOURCE) if "list[int] &" in after or "int &" in after]


def test_the_star_of_a_signature_is_no_product() -> None:
    """A parameter that becomes one by position makes no other behaviour."""
    assert afters("def f(*, a: int) -> int:\n    return g(*a)\n") == set()
    assert afters("def f(a: int) -> int:\n    return a * a\n") == {"return a / a"}


def test_an_overload_is_a_type() -> None:
    """It is read by type checkers, and run by no call."""
    source = "@overload\ndef f(a: int = 1) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
    assert afters(source) == set()
    assert afters(source.replace("@overload", "@cache")) != set()


def test_what_runs_a_script_is_no_call() -> None:
    """A module that is imported does not start its command."""
    assert afters('if __name__ == "__main__":\n    main()\n') == set()
    assert afters('if name == "__main__":\n    main()\n') != set()


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    """Another seed draws others, and what is drawn stands in the order of the lines."""
    drawn = changes("a.py", SOURCE)
    assert sample(drawn, 4, 1) == sample(drawn, 4, 1)
    assert sample(drawn, 4, 1) != sample(drawn, 4, 2)
    assert [change.span for change in sample(drawn, None, 0)] == sorted(c.span for c in drawn)


def test_what_an_import_runs_is_met_by_all_tests() -> None:
    """What a call runs is met by those that run it, and by a few others of its module."""
    tests = {name: running.Test(name, 1.0) for name in "abcd"}
    reached = Reached(tests, {"a.py": {1: set(), 2: {"a"}, 3: set("bcd")}}, [])

    def met(line: int) -> list[str]:
        mutant = Mutant("a.py", line, line, "", "", "")
        return [test.name for test in choosing.tests_of(mutant, reached, 4)]

    assert sorted(met(1)) == ["a", "b", "c", "d"]
    assert (met(2)[0], len(met(2))) == ("a", 2)


def test_what_no_test_is_seen_to_run_is_met_by_all_that_have_time() -> None:
    """As what a child process of a test runs: the tests of the module come, quick ones first."""
    tests = {
        name: running.Test(name, seconds) for name, seconds in {"a": 3, "b": 1, "c": 2}.items()
    }
    reached = Reached(tests, {"a.py": {1: set("abc"), 2: set()}}, [])
    unseen = Mutant("a.py", 2, 2, "", "", "")
    assert [test.name for test in choosing.tests_of(unseen, reached, 5)] == ["b", "c"]


@pytest.mark.parametrize(("value", "verdict"), [(2, "survived"), (3, "killed")])
def test_a_change_is_told_by_the_tests_of_it(value: int, verdict: str, tmp_path: Path) -> None:
    """A test that stands at the bound notices that the bound moved, and one beside it does not."""
    source = SOURCE.replace("value < most", "value <= most")
    (tmp_path / "counting.py").write_text(source)
    (tmp_path / "test_counting.py").write_text(TESTS.format(value=value))
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert f"{verdict} if value < most:" in run.stdout.splitlines()
    assert "killed pass" in run.stdout.splitlines()
    assert (tmp_path / "counting.py").read_text() == source


def command(place: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A run of `scripts/mutate` for a room of one file."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, str(place), *arguments],
        cwd=place,
        env={**os.environ, "PYTHONPATH": f"{place}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_no_test_notices_is_told_until_it_is_written_down(tmp_path: Path) -> None:
    """As a diff, and exit code 1; what is equivalent is not tried, and what is reached is kept."""
    (tmp_path / "counting.py").write_text("def most() -> int:\n    return 3\n")
    (tmp_path / "test_counting.py").write_text(SMALL)
    written = tmp_path / "equivalent.toml"
    written.write_text("equivalent = []\n")
    done = command(tmp_path, "--files", "counting")
    assert done.returncode == 1, done.stderr
    assert "counting: 2 of 2 changes\n" in done.stdout
    left_out = "test_counting.py::test_it_fails_in_any_case"
    assert f"fails without a change, and is left out: {left_out}\n" in done.stdout
    assert "counting.py:2\n  - return 3\n  + return 4\n" in done.stdout
    (kept,) = (tmp_path / "build" / "mutation").iterdir()
    before = kept.stat().st_mtime_ns
    keys = {"file": "counting.py", "before": "return 3", "after": "return 4", "reason": "is none"}
    lines = [f'{key} = "{value}"' for key, value in keys.items()]
    written.write_text("\n".join(["[[equivalent]]", *lines, ""]))
    done = command(tmp_path, "counting")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^all +1 +0 +0 +1 +100%$", done.stdout, re.MULTILINE)
    assert kept.stat().st_mtime_ns == before


def test_a_room_that_there_is_not_is_told(tmp_path: Path) -> None:
    """With those that there are."""
    done = command(tmp_path, "kitchen")
    assert done.returncode == 2
    assert "kitchen is no room; they are counting\n" in done.stderr


def test_a_change_of_the_package_itself_is_run() -> None:
    """Though pytest loads what is the home of a plugin, the changed module is what tests import."""
    file, test = "friendli_facade/_rules/json_types.py", "test_both_ends_of_a_long_text_are_shown"
    code = f"""
from pathlib import Path
from scripts.mutation.mutants import Mutant
from scripts.mutation.running import Test, outcome

mutant = Mutant("{file}", 1, 1, "", "", Path("{file}").read_text() + "\\n1 / 0\\n")
print(outcome(mutant, [Test("tests/rules/test_violations.py::{test}", 1.0)]).verdict)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.returncode) == ("killed\n", 0), run.stderr


def test_what_cannot_be_noticed_lowers_no_score() -> None:
    """Equivalent changes count for nothing, and those that never end count as noticed."""
    assert score({"killed": 2, "timed out": 1, "survived": 1, "equivalent": 9}) == 0.75


def test_each_equivalent_change_is_one_of_a_room() -> None:
    """Every entry has a reason, and is a change that can still be made."""
    files = {file for room in ROOMS.values() for file in room.files}
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    for file in {entry["file"] for entry in entries}:
        assert file in files
        drawn = changes(file, (ROOT / file).read_text(encoding="utf-8"))
        made = [change.mutant() for change in drawn]
        known = {(mutant.before, mutant.after) for mutant in made if mutant is not None}
        for entry in entries:
            if entry["file"] == file:
                assert entry["reason"]
                assert (entry["before"], entry["after"]) in known
