"""Runs tests in a process of their own: with one module changed, or with what they reach noted."""

import os
import pickle
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings

from scripts.mutation.mutants import Mutant
from scripts.mutation.rooms import ROOT, TOO_SLOW

# What tests import of others, so that each process finds it imported; nothing of this project.
_LIBRARIES = (
    *("anyio", "anyio.pytest_plugin", "anyio._backends._asyncio", "attrs", "PIL.Image", "h11"),
    *("httpcore", "httpx", "hypothesis", "hypothesis.strategies", "jsonschema", "trio", "yaml"),
    *("xdist", "jsonpath", "ruamel.yaml", "_pytest.pytester"),
)
_MEMORY = 4 << 30
_PROFILE = "mutation"


@attrs.frozen
class Test:
    """A test, and the seconds of a processor that it and its processes took."""

    name: str
    seconds: float


@attrs.frozen
class Reached:
    """Which tests run which lines of which file; None is for the import of the file."""

    tests: dict[str, Test]
    lines: dict[str, dict[int, set[str]]]
    failed: list[str]

    def by(self, file: str) -> "Reached":
        """What the tests of one file reach."""
        mine = {name for name in (*self.tests, *self.failed) if name.partition("::")[0] == file}
        lines = {
            changed: {line: names & mine for line, names in found.items()}
            for changed, found in self.lines.items()
        }
        tests = {name: test for name, test in self.tests.items() if name in mine}
        return Reached(tests, lines, [name for name in self.failed if name in mine])

    def add(self, other: "Reached") -> None:
        """Takes in what other tests reach."""
        self.tests.update(other.tests)
        self.failed.extend(other.failed)
        for file, found in other.lines.items():
            for line, names in found.items():
                self.lines[file].setdefault(line, set()).update(names)


@attrs.frozen
class Outcome:
    """What became of a mutant: `killed`, `survived` or `timed out`; and by which test."""

    mutant: Mutant
    verdict: str
    by: str
    seconds: float


def preload() -> None:
    """Imports the libraries that the tests use, and sets how properties are drawn."""
    for name in _LIBRARIES:
        with suppress(ImportError):
            import_module(name)
    # A property that fails is not made smaller: that it fails is all that is asked.
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(
        _PROFILE, phases=phases, database=None, max_examples=50, deadline=None
    )


def reached(files: Sequence[str], tests: Sequence[str]) -> Reached:
    """What each test of `tests` reaches of `files`."""
    found = _in_child(lambda: _measure(files, tests), limit=None)
    if not isinstance(found, Reached):
        raise RuntimeError(f"the tests cannot be run: {found}")
    return found


def outcome(mutant: Mutant, tests: Sequence[Test]) -> Outcome:
    """What `tests`, run in their order until one fails, say to a mutant."""
    if not tests:
        return Outcome(mutant, "survived", "no test reaches it", 0.0)
    began = time.monotonic()
    limit = 30 + 10 * sum(test.seconds for test in tests)
    verdict = _in_child(lambda: _try(mutant, [test.name for test in tests]), limit)
    seconds = time.monotonic() - began
    if verdict is None:
        return Outcome(mutant, "timed out", "", seconds)
    code, by = verdict
    return Outcome(mutant, "survived" if code == pytest.ExitCode.OK else "killed", by, seconds)


def _in_child(job: Callable[[], Any], limit: float | None) -> Any:
    """What `job` gives in a process of its own; None if it takes longer than `limit` seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        result: Any = (pytest.ExitCode.INTERNAL_ERROR, "the process ended")
        try:
            result = job()
        finally:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(result, pipe)
            os._exit(0)  # no thread of a test is waited for
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        try:
            data = _read(pipe.fileno(), limit)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if data is None:
        return None
    if not data:
        return pytest.ExitCode.INTERNAL_ERROR, "the process died"
    return pickle.loads(data)  # noqa: S301 - of the process that was started here


def _read(pipe: int, limit: float | None) -> bytes | None:
    ends = None if limit is None else time.monotonic() + limit
    data = b""
    while True:
        left = None if ends is None else max(0.0, ends - time.monotonic())
        if not select.select([pipe], [], [], left)[0]:
            return None
        part = os.read(pipe, 1 << 16)
        if not part:
            return data
        data += part


def _pytest(arguments: Sequence[str], plugin: object) -> int:
    os.chdir(ROOT)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
    # Else pytest loads this package itself, from disk: it is the home of a plugin.
    options += ["--assert=plain", f"--hypothesis-profile={_PROFILE}"]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *arguments], plugins=[plugin]))


def _try(mutant: Mutant, names: list[str]) -> tuple[int, str]:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.meta_path.insert(0, _Mutation(mutant))
    selection = _Selection(names)
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    code = _pytest(["-x", *files], selection)
    return code, selection.failed


def _measure(files: Sequence[str], tests: Sequence[str]) -> Reached:
    paths = {str(ROOT / file): file for file in files}
    measured: Any = import_module("coverage").Coverage(
        data_file=None, config_file=False, include=list(paths)
    )
    measured.start()
    notes = _Notes(measured)
    _pytest([*tests, *(f"--deselect={name}" for name in TOO_SLOW)], notes)
    measured.stop()
    data = measured.get_data()
    lines = {
        file: {
            line: {context for context in contexts if context in notes.tests}
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        for path, file in paths.items()
    }
    return Reached(notes.tests, lines, notes.failed)


def _processor_time() -> float:
    return sum(os.times()[:4])


class _Mutation(MetaPathFinder):
    """Finds the changed module in the place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        path = Path(mutant.file)
        parts = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
        self._name = ".".join(parts)
        self._mutant = mutant

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module of the mutant, by its name alone."""
        if name != self._name:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Loader(name, str(ROOT / self._mutant.file), self._mutant.source)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, changed: str) -> None:
        super().__init__(name, path)
        self._changed = changed

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - importlib's
        """The changed source, compiled, and kept nowhere."""
        return compile(self._changed, self.path, "exec", dont_inherit=True)


class _Selection:
    """Runs the tests of these names alone, in the order of the names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: index for index, name in enumerate(names)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keeps those that are chosen."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._order),
            key=lambda item: self._order[item.nodeid],
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes the test that fails."""
        if report.failed:
            self.failed = report.nodeid


class _Notes:
    """Notes what passed, how long it took, and to coverage which test runs."""

    def __init__(self, measured: Any) -> None:
        self._measured = measured
        self.tests: dict[str, Test] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Each test is a context."""
        self._measured.switch_context(item.nodeid)
        began = _processor_time()
        result = yield
        if item.nodeid not in self.failed:
            self.tests[item.nodeid] = Test(item.nodeid, _processor_time() - began)
        self._measured.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One that fails without a change says nothing about changes."""
        if report.failed:
            self.failed.append(report.nodeid)
