"""What one sees in the pictures."""

from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from friendli_facade.sandbox import Sandbox
from tests.sandbox.asking import (
    CONTAINER_EDIT,
    DEDICATED_EDIT,
    DEDICATED_GENERATE,
    answer,
    distance,
    drawn,
    encoded,
    opened,
)


def detail(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L").filter(ImageFilter.FIND_EDGES)).mean[0]


def saturation(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("HSV").getchannel("S")).mean[0]


def photo(mode: str = "RGB", size: tuple[int, int] = (240, 160)) -> Image.Image:
    """A picture that is dark on the left and light on the right."""
    image = Image.linear_gradient("L").rotate(90).resize(size)  # pyright: ignore[reportUnknownMemberType]
    return image.convert(mode)


def test_size_of_a_generated_picture(sandbox: Sandbox) -> None:
    """A picture is 512 pixels wide and high."""
    assert drawn(sandbox).size == (512, 512)


@pytest.mark.parametrize("change", [{"prompt": "a dog"}, {"seed": 8}, {"model": "n"}])
def test_prompt_seed_and_model_change_the_view(sandbox: Sandbox, change: dict[str, Any]) -> None:
    """Another prompt, seed or model is another picture."""
    assert distance(drawn(sandbox), drawn(sandbox, **change)) > 5


def test_steps_add_detail(sandbox: Sandbox) -> None:
    """More steps show more detail."""
    found = [detail(drawn(sandbox, num_inference_steps=steps)) for steps in (1, 10, 25, 50)]
    assert found == sorted(found)
    assert found[-1] > 2 * found[0]


def test_guidance_shows_as_saturation(sandbox: Sandbox) -> None:
    """A higher guidance scale gives stronger colours."""
    found = [saturation(drawn(sandbox, guidance_scale=scale)) for scale in (0, 3, 6, 10)]
    assert found == sorted(found)
    assert found[-1] > 2 * found[0]


def test_control_image_shows_by_its_weight(sandbox: Sandbox) -> None:
    """A control image leaves no trace at weight 0, and more of one the more it weighs."""
    control = [{"image": encoded(photo())}]
    plain = drawn(sandbox)
    found = [
        distance(plain, drawn(sandbox, control_images=control, controlnet_weights=[weight]))
        for weight in (0, 0.3, 0.6, 1)
    ]
    assert found[0] == 0
    assert found == sorted(found)
    assert found[1] > 5
    default = drawn(sandbox, control_images=control)
    assert found[3] == distance(plain, default)


def test_edit_keeps_the_picture_recognisable(sandbox: Sandbox) -> None:
    """An edit has the size of its picture, differs from it, and still shows it."""
    before = photo()
    after = drawn(sandbox, DEDICATED_EDIT, image={"image": encoded(before)})
    assert after.size == before.size
    assert distance(after, before) > 5
    left, right = (
        ImageStat.Stat(after.crop(box).convert("L")).mean[0]
        for box in ((0, 0, 80, 110), (160, 0, 240, 110))
    )
    assert abs(right - left) > 80


@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "MPO"]
)
def test_formats(sandbox: Sandbox, kind: str) -> None:
    """Pictures in every format that the web and phones send can be edited."""
    before = photo()
    after = drawn(sandbox, DEDICATED_EDIT, image={"image": encoded(before, kind)})
    assert after.size == before.size
    left, right = (
        ImageStat.Stat(after.crop(box).convert("L")).mean[0]
        for box in ((0, 0, 60, 110), (180, 0, 240, 110))
    )
    assert right - left > 50


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK", "I", "F"])
def test_modes(sandbox: Sandbox, mode: str) -> None:
    """Pictures of every mode can be edited, and none comes out all dark or all light."""
    kind = "TIFF" if mode in {"CMYK", "I", "F"} else "PNG"
    image = photo().convert("L").convert("I") if mode.startswith("I") else photo(mode)
    if mode.startswith("I"):
        image = Image.eval(image, lambda value: value * 257)
    image = image.convert(mode)
    after = drawn(sandbox, DEDICATED_EDIT, image={"image": encoded(image, kind)}).convert("L")
    left, right = (
        ImageStat.Stat(after.crop(box)).mean[0] for box in ((0, 0, 60, 110), (180, 0, 240, 110))
    )
    assert abs(right - left) > 50


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (9, 9), (2000, 4), (3, 1500), (1500, 110)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_extreme_sizes(sandbox: Sandbox, size: tuple[int, int], mode: str) -> None:
    """The smallest and the oddest pictures can be edited too, with others beside them."""
    image = Image.new(mode, size, (10, 200, 30, 255)[: len(mode)])
    inputs = [{"image": encoded(image)}] * 3
    after = drawn(sandbox, DEDICATED_EDIT, image=inputs)
    assert after.size == size
    assert ImageChops.difference(image.convert("RGB"), after.convert("RGB")).getbbox() is not None


@pytest.mark.parametrize(
    ("before", "after"), [((70_000, 2), (2048, 1)), ((3000, 6000), (1024, 2048))]
)
def test_a_large_picture_comes_back_smaller(
    sandbox: Sandbox, before: tuple[int, int], after: tuple[int, int]
) -> None:
    """An edit is as large as its picture up to 2,048 pixels a side, as a model's is."""
    image = {"image": encoded(Image.new("L", before))}
    text = answer(sandbox, CONTAINER_EDIT, prompt="p", image=image)["image"]
    assert opened(text).size == after


def test_orientation_is_applied(sandbox: Sandbox) -> None:
    """A photo that says it lies on its side is turned upright before it is edited."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = {"image": encoded(photo(size=(200, 100)), "JPEG", exif=exif)}
    assert drawn(sandbox, DEDICATED_EDIT, image=image).size == (100, 200)


def test_transparency_is_kept(sandbox: Sandbox) -> None:
    """An edit is transparent where its picture was, but for what was drawn there."""
    image = Image.new("RGBA", (400, 400))
    ImageDraw.Draw(image).rectangle((100, 100, 300, 300), fill="red")
    after = drawn(sandbox, DEDICATED_EDIT, image={"image": encoded(image)})
    alpha = after.getchannel("A")
    assert 0.05 < 1 - ImageStat.Stat(alpha).mean[0] / 255 < 0.75
    assert alpha.crop((100, 100, 300, 300)).getextrema() == (255, 255)


def test_other_pictures_are_inset(sandbox: Sandbox) -> None:
    """The second picture of an edit is seen in the upper right of the first."""
    first, second = (encoded(Image.new("RGB", (300, 300), name)) for name in ("white", "lime"))
    after = drawn(sandbox, DEDICATED_EDIT, image=[{"image": first}, {"image": second}])
    corner = after.crop((230, 0, 300, 70))
    counts = {colour: count for count, colour in corner.getcolors(5000) or ()}
    assert counts.get((0, 255, 0), 0) == 60 * 60


def test_own_url_is_looked_up(sandbox: Sandbox) -> None:
    """A URL of the sandbox's own stands for that picture, whatever name it is reached by."""
    (item,) = answer(sandbox, DEDICATED_GENERATE, model="m", prompt="p", seed=3)["data"]
    image = encoded(drawn(sandbox, prompt="p", seed=3))
    elsewhere = item["url"].replace("https://friendli.test", "http://localhost:8000")
    by_url = drawn(sandbox, DEDICATED_EDIT, image={"image": elsewhere})
    assert by_url.tobytes() == drawn(sandbox, DEDICATED_EDIT, image={"image": image}).tobytes()


def test_foreign_url_is_a_placeholder(sandbox: Sandbox) -> None:
    """Any other URL stands for a made-up picture of its own."""
    one, other, again = (
        drawn(sandbox, DEDICATED_EDIT, image={"image": f"https://example.com/{name}"})
        for name in ("a.png", "b.png", "a.png")
    )
    assert one.size == (512, 512)
    assert distance(one, other) > 5
    assert one.tobytes() == again.tobytes()


def test_data_url(sandbox: Sandbox) -> None:
    """A data URL stands for the same picture as its base64 alone."""
    text = encoded(photo())
    expected = drawn(sandbox, DEDICATED_EDIT, image={"image": text}).tobytes()
    url = f"data:image/png;charset=x;base64,{text}"
    assert drawn(sandbox, DEDICATED_EDIT, image={"image": url}).tobytes() == expected
