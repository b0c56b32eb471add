"""What lies on disk when a save is given up, or points elsewhere."""

from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from friendli_facade import AsyncFriendli
from scripts.faults.server import Answer, Then, of_json, serving
from tests.callers import Caller
from tests.samples import PNG_BASE64
from tests.storage import PICTURE, of_url
from tests.three_ways import TOKEN


async def test_a_save_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    """No `.part` stays behind when a task gives up in the middle of a download."""
    with (
        serving(lambda _: Answer(PICTURE.data[:-9], Then.STALL)) as storage,
        serving(lambda _: of_url(storage.url)) as server,
    ):
        async with AsyncFriendli(token=TOKEN, server_url=server.url) as friendli:
            result = await friendli.dedicated.image.generate(model="m", prompt="p")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(result.images[0].asave, tmp_path / "cat")
                assert await anyio.to_thread.run_sync(storage.read, 1)
                assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
                tasks.cancel_scope.cancel()
            assert await anyio.to_thread.run_sync(storage.idle)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", [-7, 10**30, 7.0, 0])
async def test_a_directory_is_never_left(
    seed: float, client: Callable[..., Caller], tmp_path: Path
) -> None:
    """Symlinks in a directory are not followed, and replaced only when told; odd seeds stay in."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "precious").write_bytes(b"precious")
    name = f"image-{int(seed)}.png"
    item = {"seed": seed, "response_format": "png", "b64_json": PNG_BASE64}
    with serving(lambda _: of_json({"data": [item]})) as server:
        async with client(server_url=server.url) as friendli:
            (image,) = (await friendli.draw()).images
    for target in ("precious", "nothing"):
        (inside / name).symlink_to(outside / target)
        with pytest.raises(FileExistsError):
            await friendli.save(image, inside)
        assert await friendli.save(image, inside, overwrite=True) == inside / name
        assert not (inside / name).is_symlink()
        (inside / name).unlink()
    assert await friendli.save(image, inside) == inside / name
    assert [path.name for path in inside.iterdir()] == [name]
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == {"precious": b"precious"}
