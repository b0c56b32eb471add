"""The environments of users: each contender with what it needs to run, and nothing beside it.

What else is installed changes what is measured: httpcore looks for sniffio several times a call,
and what development brings makes every import slower.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

from scripts.contract.loading import ROOT

# By column; {wheel} is this project's, built from the checkout.
REQUIREMENTS = {
    "plain": ("httpx", "attrs"),
    "aiohttp": ("aiohttp",),
    "official": ("friendli==0.16.3",),
    "facade": ("{wheel}",),
    "facade_aiohttp": ("{wheel}", "httpx-aiohttp"),
    "facade_spans": ("{wheel}[otel]", "opentelemetry-sdk"),
}
# Those whose versions the page tells.
_SHOWN = (
    "httpx",
    "httpcore",
    "sniffio",
    "aiohttp",
    "httpx-aiohttp",
    "friendli",
    "opentelemetry-sdk",
)
_VERSIONS = """
from importlib.metadata import distributions
import sys
for found in distributions():
    if found.name in sys.argv[1:]:
        print(found.name, found.version)
"""


def installed(folder: Path, columns: Iterable[str]) -> dict[str, str]:
    """The interpreter of each column's environment below `folder`; makes those that are needed."""
    wheel = _wheel(folder / "wheel")
    identity = hashlib.sha256(wheel.read_bytes()).hexdigest()
    pythons: dict[str, str] = {}
    for column in columns:
        place = folder / column
        pythons[column] = str(place / "bin" / "python")
        wanted = " ".join(REQUIREMENTS[column]).replace("{wheel}", identity)
        stamp = place / "installed-from"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            continue
        venv.create(place, clear=True, with_pip=True)
        names = [name.replace("{wheel}", str(wheel)) for name in REQUIREMENTS[column]]
        install = [pythons[column], "-m", "pip", "--disable-pip-version-check", "install"]
        subprocess.run([*install, "--quiet", *names], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return pythons


def versions(pythons: Iterable[str]) -> str:
    """What is compared, and on what it runs, with versions."""
    found: set[str] = set()
    for python in pythons:
        command = [python, "-I", "-c", _VERSIONS, *_SHOWN]
        found |= set(subprocess.check_output(command, text=True).splitlines())
    return ", ".join(sorted(found))


def _wheel(folder: Path) -> Path:
    """The wheel of the checkout as it is: the same bytes where nothing has changed."""
    shutil.rmtree(folder, ignore_errors=True)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel
