"""What is written into the pictures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from friendli_facade.sandbox import Sandbox
from friendli_facade.sandbox._pictures import bitmaps
from friendli_facade.sandbox._pictures.captions import write
from friendli_facade.sandbox._pictures.lettering import Lettering, legible
from tests.sandbox.asking import drawn


def ink(caption: str, size: tuple[int, int] = (512, 512)) -> list[int]:
    """The rows of a grey picture in which a caption left white."""
    image = Image.new("RGB", size, "grey")
    write(image, caption, "")
    bright = Image.eval(image.convert("L"), lambda value: 255 if value > 240 else 0)
    rows = (bright.crop((0, row, size[0], row + 1)).getbbox() for row in range(size[1]))
    return [number for number, box in enumerate(rows) if box]


def test_caption_is_white_along_the_bottom() -> None:
    """A caption is on up to three lines in the lowest part of a picture."""
    one, three, many = (len(ink(caption)) for caption in ("mm", "mm " * 60, "mm " * 600))
    assert 0 < one < three
    assert many == pytest.approx(three, abs=4)
    assert min(ink("mm " * 600)) > 512 * 3 / 4
    assert ink("") == []


@pytest.mark.parametrize(
    "prompt", ["x" * 5000, " " * 5000, "über\n\0\t日本 🙂 \u202e", "\ufdfa" * 5000, ""]
)
def test_any_prompt_can_be_a_caption(sandbox: Sandbox, prompt: str) -> None:
    """Prompts that are hard to set are set somehow."""
    assert drawn(sandbox, prompt=prompt, num_inference_steps=1).size == (512, 512)


def written(text: str, size: int = 32) -> Image.Image:
    """The text in white on black, cut to what is white."""
    image = Image.new("RGB", (1000, 60))
    line = legible(text)
    Lettering(size).write(ImageDraw.Draw(image, "RGBA"), (20, 4), line, (255, 255, 255, 255))
    image = Image.eval(image.convert("L"), lambda value: 255 if value > 100 else 0)
    return image.crop(image.getbbox())


def columns(image: Image.Image) -> list[bool]:
    """For each column of a picture whether there is any white in it."""
    return [
        image.crop((column, 0, column + 1, image.height)).getbbox() is not None
        for column in range(image.width)
    ]


@pytest.mark.parametrize(
    "script",
    [
        "日本語あいアイ",
        "한국어글자",
        "简体繁體灯塔燈",
        "بجدسع",
        "🐱🚀🌈🙂☕❤",
        "אבגד",
        "жщюя",
        "กขฃค",
        "नमस",
    ],
)
def test_letters_of_any_script_can_be_told_apart(script: str) -> None:
    """No two letters look alike, as boxes do that stand for what a font does not have."""
    for size in (9, 21):
        assert len({written(letter, size).tobytes() for letter in script}) == len(script)


def test_letters_are_those_of_their_script() -> None:
    """Characters that are a single stroke or two are each at their place, and not mirrored."""
    across, upright, corner = (written(letter) for letter in "一丨ㄱ")
    assert across.width > 5 * across.height
    assert upright.height > 5 * upright.width
    lower_left = corner.crop((0, corner.height // 2, corner.width // 2, corner.height))
    assert lower_left.getbbox() is None
    assert 2 * corner.height > corner.width


def test_no_letter_of_these_scripts_is_missing() -> None:
    """Kana, hangul, the common ideographs, Arabic's joined forms and emoji all have a shape."""
    ranges = [(0x3041, 0x3097), (0x30A1, 0x30FB), (0xAC00, 0xD7A4), (0x4E00, 0x9FFD)]
    ranges += [(0xFE80, 0xFEFD), (0x1F300, 0x1F650), (0x1F680, 0x1F6C6), (0x1F90C, 0x1FA54)]
    characters = (chr(code) for first, last in ranges for code in range(first, last))
    assert [one for one in characters if not bitmaps.bitmap(one).getbbox()] == []


def test_arabic_is_joined() -> None:
    """Letters have the forms that join them, and those that do not join stand apart."""
    assert all(columns(written("ببب")))
    assert not all(columns(written("ددد")))


def test_arabic_runs_from_the_right() -> None:
    """The first letter of a word is the rightmost; numbers and Latin run from the left in it."""
    tall, line = written("ا"), written("اب")  # noqa: RUF001
    upper = columns(line.crop((0, 0, line.width, tall.height // 3)))
    assert (any(upper[: line.width // 2]), any(upper[line.width // 2 :])) == (False, True)
    line, number = written("ب 127"), written("127")
    start = line.crop((0, 0, number.width, line.height))
    assert start.crop(start.getbbox()).tobytes() == number.tobytes()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("❤\ufe0f", "❤"),
        ("👩\u200d🚀", "👩🚀"),
        ("a\u202eb", "ab"),
        ("Zu\u0308rich", "Zurich"),
        ("\uff11\uff12", "12"),
        ("בְּ", "ב"),
        ("か\u3099", "が"),
        ("\U00020000", "\ufffd"),
    ],
)
def test_what_is_not_seen_takes_no_room(text: str, plain: str) -> None:
    """Joiners, directions and the like are left out, and what can be simpler is."""
    assert written(text).tobytes() == written(plain).tobytes()


def test_marks_stand_over_their_letter() -> None:
    """A vowel sign of Thai changes its letter and takes no room of its own."""
    assert written("กิก").width == written("กก").width
    assert written("กิก").tobytes() != written("กก").tobytes()


def test_a_mark_alone_has_nothing_to_stand_over() -> None:
    """It takes no room, and draws nothing."""
    image = Image.new("RGB", (60, 60))
    letters = Lettering(21)
    assert bitmaps.has("\u0e34")
    letters.write(ImageDraw.Draw(image, "RGBA"), (20, 4), "\u0e34", (255, 255, 255, 255))
    assert (letters.width("\u0e34"), image.getbbox()) == (0, None)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.sampled_from([9, 21, 40]))
def test_a_line_is_as_wide_as_it_says(text: str, size: int) -> None:
    """Any text can be written, and nothing of it lies beyond its width, but for rounding."""
    line = legible(text)
    letters = Lettering(size)
    image = Image.new("RGB", (60 * 48, 60))
    letters.write(ImageDraw.Draw(image, "RGBA"), (0, 0), line, (255, 255, 255, 255))
    box = image.getbbox() or (0, 0, 0, 0)
    assert box[2] <= letters.width(line) + len(text) + size / 2


@pytest.mark.parametrize("prompt", ["夕暮れの灯台" * 40, "한국어 " * 60, "منارة " * 60, "🐱" * 200])
def test_long_captions_are_wrapped(prompt: str) -> None:
    """A long caption is on three lines in the lowest part, and keeps within its picture."""
    rows = ink(prompt)
    assert 512 * 3 / 4 < min(rows) < max(rows) < 512
    assert max(rows) - min(rows) > 60
