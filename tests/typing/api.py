"""User code that is type-checked and never run: each operation, sync and async."""

import io
from functools import partial
from pathlib import Path
from typing import assert_type

import httpx
from PIL import Image as PillowImage

from friendli_facade import AsyncFriendli, SyncFriendli, ValidationError, batch, models, utils
from friendli_facade.errors import Violation

BACKOFF = utils.BackoffStrategy(
    initial_interval=500, max_interval=60_000, exponent=1.5, max_elapsed_time=120_000
)


def sync() -> None:
    with SyncFriendli(token="t", x_friendli_team=None, http_client=httpx.Client()) as friendli:
        assert_type(friendli, SyncFriendli)
        drawn = friendli.dedicated.image.generate(
            model="m",
            prompt="p",
            num_inference_steps=None,
            guidance_scale=3,
            seed=7,
            response_format="png",
            control_images=[Path("a.png"), b"", io.BytesIO(), {"image": "https://e/x.png"}],
            controlnet_weights=(0.5, 1),
            timeout=httpx.Timeout(5),
        )
        assert_type(drawn, models.DedicatedImageGenerateSuccess)
        assert_type(drawn.data[0].url, str | None)
        assert_type(drawn.images[0].read(), bytes)
        assert_type(drawn.images[0].save("a"), Path)
        assert_type(drawn.images[0].to_pil(), PillowImage.Image)
        friendli.dedicated.image.edit(
            image={"image": "https://e/x.png"}, prompt="p", model="m", retries=None
        )
        friendli.dedicated.image.edit(
            image=[Path("a.png"), models.ImageInput(image="x"), PillowImage.new("RGB", (1, 1))],
            prompt="p",
            model="m",
            retries=utils.RetryConfig("backoff", BACKOFF, retry_connection_errors=True),
        )
        edited = friendli.container.image.edit(image=b"", prompt="p", response_format="raw")
        assert_type(edited, models.ContainerImageGenerateSuccess)
        assert_type(edited.image, str)
        friendli.container.image.generate(prompt="p", model=None, server_url="http://localhost:1")
        # What is wrong is refused by the type checker already.
        friendli.dedicated.image.generate(prompt="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        friendli.dedicated.image.generate("m", "p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        friendli.container.image.generate(prompt="p", response_format="png")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        friendli.container.image.generate(prompt="p", seed="7")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def tokens() -> None:
    def plain() -> str:
        return "t"

    async def awaited() -> str:
        return "t"

    assert_type(SyncFriendli(token=plain).with_options(timeout=5), SyncFriendli)
    assert_type(AsyncFriendli(token=plain).with_options(retries=None), AsyncFriendli)
    AsyncFriendli(token=awaited, http_headers={"X-A": "1"})
    SyncFriendli(token=awaited)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SyncFriendli(timeout_ms=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def asynchronous() -> None:
    async with AsyncFriendli(timeout=5, http_client=httpx.AsyncClient()) as friendli:
        drawn = await friendli.dedicated.image.generate(
            model="m", prompt="p", response_format="url"
        )
        assert_type(drawn, models.DedicatedImageGenerateSuccess)
        assert_type(await drawn.images[0].aread(), bytes)
        await friendli.dedicated.image.edit(image=Path("a.png"), prompt="p", model="m")
        edited = await friendli.container.image.edit(image=[b""], prompt="p")
        assert_type(edited, models.ContainerImageGenerateSuccess)
        await friendli.container.image.generate(prompt="p", http_headers={"X-Trace": "1"})


def errors() -> None:
    try:
        sync()
    except ValidationError as error:
        assert_type(error.violations, tuple[Violation, ...])
    except models.SDKError as error:
        assert_type(error.status_code, int)
        assert_type(error.body, bytes)
        assert_type(error.images, tuple[models.Image, ...])
        assert_type(error.images[0].save("a"), Path)


def batches() -> None:
    with (
        SyncFriendli() as friendli,
        batch.run(
            friendli.dedicated.image.generate,
            ({"model": "m", "prompt": f"p{n}"} for n in range(3)),
            directory=Path("out"),
            metadata=True,
            ambiguous="retry",
            on_progress=lambda progress: print(progress.done),
            name=lambda key, job: f"{key}-{job['prompt']}",
        ) as outcomes,
    ):
        for outcome in outcomes:
            assert_type(outcome, batch.Outcome[models.DedicatedImageGenerateSuccess])
            assert_type(outcome.result, models.DedicatedImageGenerateSuccess | None)
            assert_type(outcome.path, Path | None)
        assert_type(outcomes.progress, batch.Progress)
        batch.run(friendli.container.image.generate, [], directory="o", ambiguous="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        given = partial(friendli.dedicated.image.generate, model="m")
        assert_type(
            batch.run(given, [], directory="o"),
            batch.SyncRun[models.DedicatedImageGenerateSuccess],
        )
    with batch.Ledger("out") as ledger:
        assert_type(ledger.counts(), dict[batch.State, int])


async def async_batches() -> None:
    async with (
        AsyncFriendli() as friendli,
        batch.arun(friendli.container.image.edit, [{"prompt": "p"}], directory="out") as outcomes,
    ):
        async for outcome in outcomes:
            assert_type(outcome.result, models.ContainerImageGenerateSuccess | None)
