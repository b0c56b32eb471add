"""The benchmark's environments are those of users."""

import json
import subprocess
from pathlib import Path

import attrs
import pytest

from scripts.benchmark.environments import REQUIREMENTS, installed, versions
from scripts.benchmark.rows import ROWS, Row
from scripts.benchmark.running import Runner
from scripts.benchmark.server import serving
from scripts.benchmark.targets import COLUMNS

pytestmark = pytest.mark.slow

LOOK = """
import importlib.util, json, sys
names = ["friendli_facade", "friendli_api", "httpx", "trio", "hypothesis", "hatchling", "scripts"]
places = {name: importlib.util.find_spec(name) for name in names}
print(json.dumps({name: spec and spec.origin for name, spec in places.items()}))
"""


@pytest.fixture(scope="module")
def pythons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The interpreters of two environments, just made."""
    return installed(tmp_path_factory.mktemp("environments"), ["aiohttp", "facade_aiohttp"])


def test_every_column_has_one() -> None:
    """With the contender of its own, and no other's."""
    assert list(REQUIREMENTS) == list(COLUMNS)


def test_one_holds_the_wheel_and_what_it_needs_to_run(pythons: dict[str, str]) -> None:
    """The packages lie in the environment itself, and nothing of development does."""
    python = pythons["facade_aiohttp"]
    found = json.loads(subprocess.check_output([python, "-I", "-c", LOOK], text=True))
    place = str(Path(python).parent.parent)
    there = [name for name, origin in found.items() if origin and origin.startswith(place)]
    assert there == ["friendli_facade", "friendli_api", "httpx"]
    assert [name for name, origin in found.items() if origin] == there


def test_one_is_made_once(pythons: dict[str, str]) -> None:
    """And anew where the wheel, or what is asked for, has changed."""
    place = Path(pythons["facade_aiohttp"]).parent.parent
    stamp = place / "installed-from"
    before = stamp.stat().st_mtime_ns
    assert installed(place.parent, ["facade_aiohttp"])["facade_aiohttp"] == str(
        place / "bin" / "python"
    )
    assert stamp.stat().st_mtime_ns == before


def test_contenders_are_measured_there(pythons: dict[str, str], tmp_path: Path) -> None:
    """Calls on aiohttp, by hand and below this client, from the checkout's measuring alone."""
    (row,) = (row for row in ROWS if row.name == "in-flight-8")
    with serving() as url:
        runner = Runner(url, pythons, tmp_path, quick=True)
        contenders = {column: row.contenders[column] for column in pythons}
        figures = runner.figures(attrs.evolve(row, contenders=contenders))
    assert all(figures[column]["processor"] > 0 for column in pythons)


def test_the_checkout_hides_nothing_that_is_installed(
    pythons: dict[str, str], tmp_path: Path
) -> None:
    """It is there for the measuring alone."""
    code = "import friendli_facade, sys; assert friendli_facade.__file__.startswith(sys.prefix)"
    row = Row("a", "a", "import", {"facade_aiohttp": code})
    assert Runner("", pythons, tmp_path, quick=True).figures(row)["facade_aiohttp"]["modules"] == 2


def test_versions_are_told(pythons: dict[str, str]) -> None:
    """Of what is compared, and of what it runs on."""
    told = versions(pythons.values())
    names = [part.split(" ")[0] for part in told.split(", ")]
    assert names == ["aiohttp", "httpcore", "httpx", "httpx-aiohttp", "sniffio"]
