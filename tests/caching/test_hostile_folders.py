"""The folder of a cache, in which there are other things too, or what nobody has written."""

import os
import random
from pathlib import Path

import pytest

from friendli_facade import SyncFriendli, utils
from tests.samples import PNG
from tests.transports import Wire, right


def drawn(friendli: SyncFriendli, seed: int = 1) -> bool:
    """Whether a call, whose picture is right, was answered from the cache."""
    result = friendli.dedicated.image.generate(model="m", prompt="p", seed=seed)
    assert (result.images[0].seed, result.images[0].read()) == (7, PNG)
    return result.from_cache


def test_files_of_others_stay(tmp_path: Path) -> None:
    """A folder that is used for more loses nothing of it, however small the cache shall be."""
    others = [tmp_path / "db" / "orders", tmp_path / "ui" / ("a" * 64), tmp_path / ".mine.part"]
    for place in others:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"x" * 100_000)
        os.utime(place, (0, 0))
    with Wire(right).sync(cache=utils.Cache(tmp_path, max_bytes=2_000)) as friendli:
        for seed in range(20):
            drawn(friendli, seed)
        assert drawn(friendli, 19)
    assert [place.stat().st_size for place in others] == [100_000] * 3


def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    """Once it is old: a file that is young may be another process's that lives."""
    old, young = tmp_path / f".{'0' * 16}.part", tmp_path / f".{'1' * 16}.part"
    for part in (old, young):
        part.write_bytes(PNG)
    os.utime(old, (0, 0))
    with Wire(right).sync(cache=tmp_path) as friendli:
        drawn(friendli)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_number_has_one_spelling(tmp_path: Path) -> None:
    """What a table has as 3.0, where another has 3, is the same request."""
    wire = Wire(right)
    with wire.sync(cache=tmp_path) as friendli:
        for number in (3, 3.0):
            friendli.container.image.generate(prompt="p", seed=1, guidance_scale=number)
        friendli.container.image.generate(prompt="p", seed=1, guidance_scale=3.5)
    assert [body["guidance_scale"] for body in wire.bodies] == [3, 3.5]


@pytest.mark.parametrize("seed", range(8))
def test_a_byte_that_changed_is_noticed(tmp_path: Path, seed: int) -> None:
    """In the picture and in what is known of it: it is asked for anew."""
    chance, wire = random.Random(seed), Wire(right)
    with wire.sync(cache=tmp_path) as friendli:
        drawn(friendli)
        (entry,) = [path for path in tmp_path.glob("*/*") if path.is_file()]
        whole = entry.read_bytes()
        for number in range(1, 31):
            content = bytearray(whole)
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            entry.write_bytes(content)
            assert not drawn(friendli)
            assert len(wire.requests) == 1 + number
