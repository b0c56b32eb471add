"""Folders of pictures that tell how they were made."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from friendli_facade import models
from tests.provenance.pictures import CREATED, document, encoded, noise, with_document

Look = Callable[..., AbstractContextManager[Page]]
PNG = encoded(noise("RGB"), "PNG")


def drawn(prompt: str, *, seed: int = 7, model: str = "m", hours: int = 0, **body: Any) -> bytes:
    """A picture that tells that it was drawn so."""
    asked = models.Request("dedicatedImagesGenerate", {"model": model, "prompt": prompt, **body})
    sha256, size = hashlib.sha256(PNG).hexdigest(), len(PNG)
    created = CREATED + timedelta(hours=hours)
    told = document(request=asked, seed=seed, created=created, sha256=sha256, size=size)
    return with_document(PNG, told)


def uploaded(content: bytes) -> dict[str, Any]:
    """What a request tells of a picture that was sent with it."""
    facts = {"media_type": "image/png", "size": len(content)}
    return {"image": {**facts, "sha256": hashlib.sha256(content).hexdigest()}}


def edited(prompt: str, *pictures: Any, **others: Any) -> bytes:
    """A picture that tells that it was made of others."""
    return drawn(prompt, image=list(pictures), model="editor", **others)


def sea(folder: Path) -> Path:
    """Twelve pictures of two models, an edit of two of them, and one that tells nothing."""
    (folder / "inner").mkdir(parents=True)
    for number in range(12):
        content = drawn(
            f"A kite, number {number}", seed=100 - number, model=f"m{number % 2}", hours=number
        )
        (folder / "inner" / f"kite-{number}.png").write_bytes(content)
    first = (folder / "inner" / "kite-0.png").read_bytes()
    inputs = uploaded(first), uploaded(b"elsewhere"), {"image": "https://example.com/a.png"}
    (folder / "winter.png").write_bytes(edited("Make it winter", *inputs, seed=3, hours=20))
    (folder / "plain.png").write_bytes(encoded(noise("RGB", (40, 20)), "PNG"))
    return folder
