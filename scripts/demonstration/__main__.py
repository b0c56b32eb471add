"""The main job, on the embedded sandbox: all four operations, sync and async, on real files."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from friendli_facade.sandbox import Sandbox
from scripts.demonstration import contact_sheet, drawing

_FOLDER = Path(__file__).parents[2] / "build" / "demo"


def run(folder: Path) -> list[contact_sheet.Group]:
    """Draws and saves every picture, with a line for each as it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    groups: list[contact_sheet.Group] = []
    with Sandbox(endpoints=[drawing.ENDPOINT]).serve() as server:
        for source, drawn in drawing.pictures(server.url):
            cells: list[contact_sheet.Cell] = []
            for one in drawn:
                operation = one.call.split(",")[0].replace(".image.", "-")
                name = f"{source.stem if source else 'prompt'}-{operation}-{one.image.seed}"
                path = one.image.save(folder / name, overwrite=True)
                width, height = one.image.to_pil().size
                print(f"{path}  {width}x{height}  {one.image.media_type}", flush=True)
                cells.append(contact_sheet.Cell(path, (one.call, one.arguments)))
            heading = f"From {source.name}" if source else f"From the prompt alone: {drawing.DRAW}"
            groups.append(contact_sheet.Group(heading, source, cells))
    return groups


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of `scripts/demo`."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=_FOLDER, help="default: build/demo")
    folder: Path = parser.parse_args(arguments).folder
    groups = run(folder)
    sheet = folder / "contact-sheet.png"
    contact_sheet.save(groups, sheet)
    print(f"{sheet}  inputs and results side by side")


if __name__ == "__main__":
    main()
