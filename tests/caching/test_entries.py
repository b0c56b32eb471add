"""What is found in a cache: whole or not at all, and of the same request alone."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from friendli_facade import FriendliError
from tests.caching.test_caching import entries
from tests.samples import PNG
from tests.transports import Wire, right

OPEN: Any = Path.open


def test_any_damage_is_found(tmp_path: Path) -> None:
    """A bit that is another, be it in the pictures or in what is told of them."""
    wire = Wire(right)
    with wire.sync(cache=tmp_path) as friendli:
        draw = partial(friendli.dedicated.image.generate, model="m", prompt="p", seed=1)
        first = draw()
        (entry,) = entries(tmp_path)
        content = entry.read_bytes()
        for place in range(0, len(content), 5):
            damaged = bytearray(content)
            damaged[place] ^= 1
            entry.write_bytes(damaged)
            result = draw()
            assert not result.from_cache
            assert result.to_dict() == first.to_dict()
    assert len(wire.requests) == 1 + len(range(0, len(content), 5))


def test_the_order_of_headers_makes_no_other_request(tmp_path: Path) -> None:
    """Nor that of anything that has none."""
    wire = Wire(right)
    headers = {"X-A": "1", "X-B": "2"}
    with wire.sync(cache=tmp_path) as friendli:
        for given in (headers, dict(reversed(headers.items()))):
            friendli.container.image.generate(prompt="p", seed=1, http_headers=given)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("change", ["written", "gone", "back"])
def test_a_file_that_changes_before_it_is_sent_is_told(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By sending it, as without a cache; one that is there again is sent, and not kept."""
    path, plain, opened = tmp_path / "a.png", OPEN, list[str]()
    path.write_bytes(PNG)

    def opening(place: Path, *arguments: Any, **options: Any) -> Any:
        if place == path:
            opened.append(change)
            if len(opened) == 2 and change == "written":
                place.write_bytes(PNG + b"more")
            elif len(opened) == 2 and change == "gone":
                place.unlink()
            elif len(opened) == 2:
                raise OSError(5, "Input/output error")
        return plain(place, *arguments, **options)

    with Wire(right).sync(cache=tmp_path / "kept") as friendli:
        monkeypatch.setattr(Path, "open", opening)
        edit = partial(friendli.container.image.edit, image=path, prompt="p", seed=1)
        if change == "back":
            assert not edit().from_cache
        else:
            with pytest.raises(FriendliError, match="image must"):
                edit()
    assert len(opened) > 2
    assert entries(tmp_path / "kept") == []
