"""The main job, on the embedded sandbox: all four operations, sync and async, on real files."""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path

import attrs
from PIL import Image, ImageDraw, ImageFont, ImageOps

from friendli_facade import AsyncFriendli, SyncFriendli, models
from friendli_facade.sandbox import Sandbox
from scripts.contract.loading import ROOT

FOLDER = Path(__file__).parent / "pictures"
PICTURES = (FOLDER / "harbour.jpg", FOLDER / "kite.png")
DRAW = "A lighthouse above a calm harbour, in the style of a travel poster"
EDIT = "Make it a winter evening, with snow on everything"
_CELL = 240


@attrs.frozen
class Saved:
    """A picture of the demo: which call drew it, from what, and where it lies."""

    call: str
    source: Path
    path: Path


def sync_pictures(server_url: str, source: Path) -> Iterator[tuple[str, models.Image]]:
    """Each operation's name and picture, drawn by the sync client."""
    with SyncFriendli(token="sandbox", server_url=server_url) as friendli:
        result = friendli.dedicated.image.generate(
            model="my-endpoint", prompt=DRAW, seed=7, control_images=[source]
        )
        yield "dedicated.image.generate", result.images[0]
        result = friendli.dedicated.image.edit(
            image=source, prompt=EDIT, model="my-endpoint", seed=7, response_format="png"
        )
        yield "dedicated.image.edit", result.images[0]
        drawn = friendli.container.image.generate(
            prompt=DRAW, seed=8, control_images=[source], controlnet_weights=[0.3]
        )
        yield "container.image.generate", drawn.images[0]
        drawn = friendli.container.image.edit(image=[source], prompt=EDIT, seed=8)
        yield "container.image.edit", drawn.images[0]


async def async_pictures(server_url: str, source: Path) -> list[tuple[str, models.Image]]:
    """The same by the async client, all four at once."""
    async with AsyncFriendli(token="sandbox", server_url=server_url) as friendli:
        first, second, third, fourth = await asyncio.gather(
            friendli.dedicated.image.generate(
                model="my-endpoint", prompt=DRAW, seed=9, num_inference_steps=50
            ),
            friendli.dedicated.image.edit(
                image=[source], prompt=EDIT, model="my-endpoint", seed=9, guidance_scale=9
            ),
            friendli.container.image.generate(prompt=DRAW, seed=10, response_format="raw"),
            friendli.container.image.edit(image=source.read_bytes(), prompt=EDIT, seed=10),
        )
        for image in (*first.images, *second.images):
            await image.aread()
    return [
        ("dedicated.image.generate", first.images[0]),
        ("dedicated.image.edit", second.images[0]),
        ("container.image.generate", third.images[0]),
        ("container.image.edit", fourth.images[0]),
    ]


def run(folder: Path) -> list[Saved]:
    """Draws and saves every picture, with a line for each."""
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Saved] = []
    with Sandbox(endpoints=["my-endpoint"]).serve() as server:
        for source in PICTURES:
            drawn = {
                "sync": sync_pictures(server.url, source),
                "async": asyncio.run(async_pictures(server.url, source)),
            }
            for kind, pictures in drawn.items():
                for call, image in pictures:
                    name = f"{source.stem}-{kind}-{call.replace('.image.', '-')}"
                    path = image.save(folder / name, overwrite=True)
                    width, height = image.to_pil().size
                    print(f"{path}  {width}x{height}  {image.media_type}  seed {image.seed}")
                    saved.append(Saved(f"{kind} {call}", source, path))
    return saved


def contact_sheet(saved: list[Saved], path: Path) -> None:
    """Writes a sheet of inputs and results: a row for each input and client."""
    rows = [saved[start : start + 4] for start in range(0, len(saved), 4)]
    step = _CELL + 40
    sheet = Image.new("RGB", (5 * step + 20, len(rows) * step + 20), "white")
    for row, results in enumerate(rows):
        source = results[0].source
        cells = [(source.name, source), *((one.call, one.path) for one in results)]
        for column, (label, picture) in enumerate(cells):
            _paste(sheet, picture, label, (20 + column * step, 20 + row * step))
    sheet.save(path)


def _paste(sheet: Image.Image, picture: Path, label: str, place: tuple[int, int]) -> None:
    with Image.open(picture) as image:
        small = ImageOps.contain(image.convert("RGBA"), (_CELL, _CELL))
    left, top = place
    sheet.paste(small, (left, top + 20), small)
    ImageDraw.Draw(sheet).text((left, top), label, "black", ImageFont.load_default(13))


def main() -> None:
    """The command line of `scripts/demo`."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    default = ROOT / "build" / "demo"
    parser.add_argument("folder", nargs="?", type=Path, default=default, help="default: build/demo")
    folder: Path = parser.parse_args().folder
    saved = run(folder)
    sheet = folder / "contact-sheet.png"
    contact_sheet(saved, sheet)
    print(f"{sheet}  inputs and results side by side")


if __name__ == "__main__":
    main()
