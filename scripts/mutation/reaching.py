"""Keeps which tests reach which lines: of each test file, until it or any code is changed."""

import pickle
from hashlib import sha256
from pathlib import Path

from scripts.mutation.rooms import ROOT, TOO_SLOW, Room
from scripts.mutation.running import Reached, reached


def kept(room: Room) -> Reached:
    """What the tests of a room reach: as it was measured last, where that is of the same files."""
    places = _places(room)
    stale = [tests for tests, place in places.items() if not place.is_file()]
    if stale:
        found = reached(room.files, stale)
        for tests in stale:
            places[tests].parent.mkdir(parents=True, exist_ok=True)
            places[tests].write_bytes(pickle.dumps(found.by(tests)))
    whole = Reached({}, {file: {} for file in room.files}, [])
    for place in places.values():
        part: Reached = pickle.loads(place.read_bytes())  # noqa: S301 - written above
        whole.add(part)
    return whole


def _places(room: Room) -> dict[str, Path]:
    """Where is kept what each test file of a room reaches: named by its state, and by the code's.

    Other test files are no code, for what is imported of them concerns few lines, nor is this room.
    """
    folders = ("friendli_facade", "generated", "scripts", "tests")
    code = sha256(repr((room.files, TOO_SLOW)).encode())
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        if not path.name.startswith("test_") and path.parent.name != "mutation":
            code.update(path.read_bytes())
    places: dict[str, Path] = {}
    for tests in room.test_files:
        state = code.copy()
        state.update(repr((tests, (ROOT / tests).read_bytes())).encode())
        places[tests] = ROOT / "build" / "mutation" / f"{state.hexdigest()}.pickle"
    return places
