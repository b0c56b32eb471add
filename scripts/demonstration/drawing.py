"""Fourteen pictures, no two alike: from a prompt alone, and from each of the two input pictures."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import attrs

from friendli_facade import AsyncFriendli, SyncFriendli, models

FOLDER = Path(__file__).parent / "pictures"
PICTURES = (FOLDER / "harbour.jpg", FOLDER / "kite.png")
DRAW = "A lighthouse above a calm harbour, in the style of a travel poster"
EDIT = "Make it a winter evening, with snow on everything"
ENDPOINT = "my-endpoint"


@attrs.frozen
class Drawn:
    """A picture, the call that drew it, and what the call was given beside its prompt."""

    call: str
    arguments: str
    image: models.Image


def pictures(server_url: str) -> Iterator[tuple[Path | None, list[Drawn]]]:
    """The pictures of each input, and first those of none."""
    with SyncFriendli(token="sandbox", server_url=server_url) as friendli:
        yield None, _from_prompt(friendli)
        for source in PICTURES:
            concurrent = asyncio.run(_concurrently(server_url, source))
            yield source, [*_one_by_one(friendli, source), *concurrent]


def _from_prompt(friendli: SyncFriendli) -> list[Drawn]:
    dedicated = friendli.dedicated.image.generate(
        model=ENDPOINT, prompt=DRAW, num_inference_steps=50, seed=9
    )
    container = friendli.container.image.generate(prompt=DRAW, response_format="raw", seed=10)
    return [
        Drawn("dedicated.image.generate", "num_inference_steps=50, seed=9", dedicated.images[0]),
        Drawn("container.image.generate", "response_format='raw', seed=10", container.images[0]),
    ]


def _one_by_one(friendli: SyncFriendli, source: Path) -> Iterator[Drawn]:
    drawn = friendli.dedicated.image.generate(
        model=ENDPOINT, prompt=DRAW, seed=7, control_images=[source]
    )
    yield Drawn("dedicated.image.generate", "control_images=[...], seed=7", drawn.images[0])
    edited = friendli.dedicated.image.edit(
        image=source, prompt=EDIT, model=ENDPOINT, seed=7, response_format="png"
    )
    yield Drawn("dedicated.image.edit", "response_format='png', seed=7", edited.images[0])
    weighted = friendli.container.image.generate(
        prompt=DRAW, seed=8, control_images=[source], controlnet_weights=[0.3]
    )
    yield Drawn("container.image.generate", "controlnet_weights=[0.3], seed=8", weighted.images[0])
    edited_there = friendli.container.image.edit(image=[source], prompt=EDIT, seed=8)
    yield Drawn("container.image.edit", "image=[...], seed=8", edited_there.images[0])


async def _concurrently(server_url: str, source: Path) -> list[Drawn]:
    async with AsyncFriendli(token="sandbox", server_url=server_url) as friendli:
        dedicated, container = await asyncio.gather(
            friendli.dedicated.image.edit(
                image=[source], prompt=EDIT, model=ENDPOINT, seed=9, guidance_scale=9
            ),
            friendli.container.image.edit(image=source.read_bytes(), prompt=EDIT, seed=10),
        )
        await dedicated.images[0].aread()
    return [
        Drawn("dedicated.image.edit, async", "guidance_scale=9, seed=9", dedicated.images[0]),
        Drawn("container.image.edit, async", "image=b'...', seed=10", container.images[0]),
    ]
