"""Keeps which tests reach which lines, as long as neither code nor tests change."""

import pickle
from hashlib import sha256

from scripts.mutation.rooms import ROOT, Room
from scripts.mutation.running import Reached, reached


def kept(room: Room) -> Reached:
    """What the tests of a room reach: as it was measured last, if that was of the same files."""
    folders = ("friendli_facade", "generated", "scripts", "tests")
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    state = sha256(repr((room, [path.read_bytes() for path in paths])).encode()).hexdigest()
    place = ROOT / "build" / "mutation" / f"{state}.pickle"
    if place.is_file():
        found = pickle.loads(place.read_bytes())  # noqa: S301 - written below
        if isinstance(found, Reached):
            return found
    found = reached(room.files, room.tests)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pickle.dumps(found))
    return found
