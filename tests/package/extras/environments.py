"""Environments that hold what one extra needs and nothing else, made of links in a moment."""

import sys
import tomllib
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.contract.loading import ROOT
from tests.package.installed import run

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME: str = PROJECT["name"]
EXTRAS = sorted(PROJECT["optional-dependencies"])

Floors = dict[str, Version]


def floors(*extras: str) -> Floors:
    """The lowest version of each dependency, of all that name it; without a bound, an error."""
    lines: list[str] = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    found: Floors = {}
    for requirement in map(Requirement, lines):
        if requirement.name == NAME:
            named = floors(*requirement.extras)
        else:
            (bound,) = (one for one in requirement.specifier if one.operator == ">=")
            named = {requirement.name: Version(bound.version)}
        for name, version in named.items():
            found[name] = max(version, found.get(name, version))
    return found


def together(extras: Iterable[str]) -> dict[str, Floors]:
    """For each extra the floors that are installed for it, and for others that agree with it."""
    pools: list[Floors] = []
    found: dict[str, Floors] = {}
    for extra in extras:
        wanted = floors(*filter(None, [extra]))
        for pool in pools:
            if all(pool.get(name, version) == version for name, version in wanted.items()):
                break
        else:
            pools.append(pool := {})
        pool.update(wanted)
        found[extra] = pool
    return found


def install(folder: Path, requirements: Iterable[str]) -> None:
    """Installs distributions in a folder, each of which has a wheel for this Python."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    # Compiled here, and not where warnings are errors: old sources have some.
    options = ["--compile", "--only-binary=:all:", f"--target={folder}"]
    run(*pip, *options, *requirements, cwd=folder.parent)


def environment(folder: Path, places: Iterable[Path], *requirements: str) -> Path:
    """The Python of a new environment with what requirements need, linked from where it is.

    Where several places have a distribution, the first counts. One whose version another
    forbids is an error.
    """
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for distribution in _needed(places, requirements):
        for file in dict.fromkeys(distribution.files or ()):  # numpy lists some twice
            if file.parts[0] != "..":  # a command
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                (packages / file).symlink_to(str(distribution.locate_file(file)))
    return folder / "bin" / "python"


def _needed(places: Iterable[Path], requirements: Iterable[str]) -> Iterator[Distribution]:
    here: dict[str, Distribution] = {}
    for distribution in Distribution.discover(path=[*map(str, places)]):
        here.setdefault(canonicalize_name(distribution.metadata["Name"]), distribution)
    left, seen, taken = [*map(Requirement, requirements)], set[str](), set[str]()
    while left:
        requirement = left.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        distribution = here[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(distribution.version, prereleases=True), requirement
        if distribution.name not in taken:
            taken.add(distribution.name)
            yield distribution
        for line in distribution.requires or ():
            needed = Requirement(line)
            extras = {"", *requirement.extras}
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                left.append(needed)
