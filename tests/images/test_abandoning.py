"""A picture of SyncFriendli that a task fetches, and gives up on."""

import threading
from pathlib import Path

import anyio
import anyio.to_thread
import attrs
import httpx

from friendli_facade import models
from tests.samples import PNG
from tests.transports import Wire

URL = "https://storage.example.com/cat.png"


@attrs.define
class Storage:
    """Answers a download when it is told to, or after a minute."""

    asked: threading.Event = attrs.field(factory=threading.Event)
    may_answer: threading.Event = attrs.field(factory=threading.Event)
    answered: threading.Event = attrs.field(factory=threading.Event)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The result, or the picture."""
        if request.method == "POST":
            item = {"seed": 7, "response_format": "url", "url": URL}
            return httpx.Response(200, json={"data": [item]})
        self.asked.set()
        self.may_answer.wait(60)
        self.answered.set()
        return httpx.Response(200, content=PNG)


async def given_up(
    storage: Storage, image: models.Image, path: Path | None, *, wait: bool = False
) -> None:
    """Cancels a task that reads or saves the picture, while the storage host is silent."""
    async with anyio.create_task_group() as tasks:
        if path is None:
            tasks.start_soon(image.aread)
        else:
            tasks.start_soon(image.asave, path)
        assert await anyio.to_thread.run_sync(storage.asked.wait, 60)
        tasks.cancel_scope.cancel()
    assert not storage.answered.is_set()
    if not wait:
        storage.may_answer.set()


async def test_a_task_that_reads_can_be_cancelled() -> None:
    """`aread` ends before the storage host answers, and can be called again."""
    storage = Storage()
    with Wire(storage).sync() as friendli:
        image = friendli.dedicated.image.generate(model="m", prompt="p").images[0]
        await given_up(storage, image, None)
        assert await image.aread() == PNG


async def test_a_download_that_was_given_up_holds_up_no_closing() -> None:
    """Leaving `with` while its thread still waits raises nothing."""
    storage = Storage()
    with Wire(storage).sync() as friendli:
        image = friendli.dedicated.image.generate(model="m", prompt="p").images[0]
        await given_up(storage, image, None, wait=True)
    storage.may_answer.set()


async def test_a_task_that_saves_can_be_cancelled(tmp_path: Path) -> None:
    """`asave` ends before the storage host answers, leaves no file, and can be called again."""
    storage = Storage()
    with Wire(storage).sync() as friendli:
        image = friendli.dedicated.image.generate(model="m", prompt="p").images[0]
        await given_up(storage, image, tmp_path / "cat")
        assert not list(tmp_path.iterdir())
        path = await image.asave(tmp_path / "cat")
        assert path.read_bytes() == PNG
