"""What is installed with each extra alone, of the lowest versions and of the newest.

Ray is not here: the lowest version that its extra allows is the newest, which tests/peers has.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from scripts.contract.loading import ROOT
from tests.package.extras.environments import EXTRAS, NAME, PROJECT, environment, install, together
from tests.package.extras.promises import PROMISES
from tests.package.installed import run

NOTHING = ""  # no extra
PROMISES_SCRIPT = Path(__file__).with_name("promises.py")
SMOKE = PROMISES_SCRIPT.parents[1] / "smoke.py"
# Without it, otel has no spans to show.
BESIDE = {"otel": ["opentelemetry-sdk"]}
TESTED = [NOTHING, *PROMISES]
on_the_lowest_python = pytest.mark.skipif(
    sys.version_info[:2] != tuple(map(int, re.findall(r"\d+", PROJECT["requires-python"]))),
    reason="versions as old have no wheel for a Python as new",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (packed,) = folder.glob("*.whl")
    shutil.unpack_archive(packed, folder / "installed", "zip")
    return folder / "installed"


@pytest.fixture(scope="module")
def lowest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each extra a folder with the lowest versions of what it and the project need."""
    folder = tmp_path_factory.mktemp("lowest")
    found: dict[str, Path] = {}
    pools = together(TESTED)
    for extra, floors in pools.items():
        members = [name for name, pool in pools.items() if pool is floors]
        place = found[extra] = folder / "-".join(members)
        if not place.exists():
            beside = [name for member in members for name in BESIDE.get(member, ())]
            install(place, [f"{name}=={version}" for name, version in floors.items()] + beside)
    return found


def works(python: Path, extra: str) -> None:
    """Every operation works, and the extra does what it promises, without a word or a warning."""
    for script in ([SMOKE], [PROMISES_SCRIPT, extra]):
        assert run(python, "-P", "-W", "error", *script, cwd=python.parent) == ""


def wanted(extra: str) -> list[str]:
    """What is installed for an extra, and what a program that uses it has itself."""
    return [f"{NAME}[{extra}]" if extra else NAME, *BESIDE.get(extra, ())]


@pytest.mark.slow
@pytest.mark.parametrize("extra", TESTED)
def test_each_extra_is_enough_with_the_newest_versions(
    wheel: Path, tmp_path: Path, extra: str
) -> None:
    """Alone; and without extras all operations work, and each feature says what it needs."""
    newest = Path(sysconfig.get_path("purelib"))
    works(environment(tmp_path / "alone", (wheel, newest), *wanted(extra)), extra)


@on_the_lowest_python
@pytest.mark.slow
@pytest.mark.parametrize("extra", TESTED)
def test_each_extra_is_enough_with_the_lowest_versions(
    wheel: Path, lowest: dict[str, Path], tmp_path: Path, extra: str
) -> None:
    """All that pyproject.toml names are the lowest that it allows: monorepos pin old versions."""
    works(environment(tmp_path / "alone", (wheel, lowest[extra]), *wanted(extra)), extra)


def test_every_extra_has_a_promise() -> None:
    """A new extra is tested here too."""
    assert sorted([*PROMISES, "ray"]) == EXTRAS


def test_what_is_not_needed_is_not_there(wheel: Path, tmp_path: Path) -> None:
    """An environment that is made of links has what the extra needs, and nothing else."""
    python = environment(
        tmp_path / "alone", (wheel, Path(sysconfig.get_path("purelib"))), f"{NAME}[images]"
    )
    code = "import friendli_facade, PIL; import jsonschema"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("No module named 'jsonschema'\n")
