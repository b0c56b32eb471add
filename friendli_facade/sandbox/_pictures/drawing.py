"""The picture of a request: a pure function of what the request says."""

import hashlib
import io

from attrs import frozen
from PIL import Image, ImageChops, ImageOps

from friendli_facade.sandbox._pictures.captions import write
from friendli_facade.sandbox._pictures.edits import decorate, inset, opaque
from friendli_facade.sandbox._pictures.inputs import Input
from friendli_facade.sandbox._pictures.landscapes import Palette, paint
from friendli_facade.sandbox._pictures.store import Picture


@frozen
class Scene:
    """All that a picture depends on. With `inputs` it is an edit of the first of them."""

    prompt: str
    seed: int
    steps: int
    guidance: float | None
    model: str | None
    inputs: tuple[Input, ...] = ()
    controls: tuple[tuple[Input, float], ...] = ()

    @property
    def key(self) -> str:
        """The digest of it all."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def draw(scene: Scene) -> Image.Image:
    """The picture of a scene, in RGB, or RGBA where an edited picture is transparent."""
    # Neither steps nor guidance: they change how a view is drawn, not which.
    key = f"{scene.seed} {scene.model} {scene.prompt}"
    # Friendli's models take guidances of about 0 to 10; none shows as 3.5 would.
    guidance = 3.5 if scene.guidance is None else max(0.0, min(12.0, scene.guidance))
    palette = Palette.of(key, 0.35 + guidance * 0.15)
    if scene.inputs:
        return _edited(scene, key, palette, tint=0.14 + guidance * 0.02)
    image = paint(key, scene.steps, palette)
    for control, weight in scene.controls:
        if weight:
            fitted = ImageOps.fit(opaque(control.image), image.size)
            image = Image.blend(image, fitted, weight * 0.6)
    write(image, scene.prompt, _footer(scene))
    return image


def _edited(scene: Scene, key: str, palette: Palette, tint: float) -> Image.Image:
    original, *others = (one.image for one in scene.inputs)
    flat = opaque(original)
    tinted = Image.blend(flat, Image.new("RGB", flat.size, palette.accents[1]), tint)
    image = tinted.copy()
    decorate(image, key, scene.steps, palette)
    inset(image, [opaque(other) for other in others], palette)
    write(image, scene.prompt, _footer(scene))
    if original.mode == "RGBA":
        # Transparent where it was, but for what was drawn over it.
        drawn = ImageChops.difference(image, tinted).convert("L")
        mask = Image.eval(drawn, lambda value: 255 if value else 0)
        image.putalpha(ImageChops.lighter(original.getchannel("A"), mask))
    return image


def encoded(image: Image.Image, media_type: str) -> Picture:
    """A picture as the bytes of a PNG or JPEG file."""
    file = io.BytesIO()
    if media_type == "image/jpeg":
        opaque(image).save(file, "JPEG", quality=88)
    else:
        # Level 1 is three times as fast as the default, for a file a little larger.
        image.save(file, "PNG", compress_level=1)
    content = file.getvalue()
    return Picture(content, media_type, hashlib.sha256(content).hexdigest())


def _footer(scene: Scene) -> str:
    seed = str(scene.seed)
    parts = [f"seed {seed if len(seed) < 24 else seed[:20] + '…'}"]
    parts.append(f"{scene.steps} step{'s' if scene.steps > 1 else ''}")
    if scene.guidance is not None:
        parts.append(f"guidance {scene.guidance:g}")
    if scene.inputs:
        parts.append("edit" if len(scene.inputs) == 1 else f"edit of {len(scene.inputs)} pictures")
    if scene.model:
        parts.append(scene.model[:40])
    return " · ".join(parts)
