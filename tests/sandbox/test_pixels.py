"""How many pixels the sandbox looks at, which its memory and time depend on."""

import base64
import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from friendli_facade.sandbox import Sandbox
from friendli_facade.sandbox._requests import scenes
from tests.samples import chunk
from tests.sandbox.asking import (
    CONTAINER_EDIT,
    CONTAINER_GENERATE,
    answer,
    details,
    encoded,
)

TOO_MANY = (
    "Value error, too many pixels: "
    "the sandbox takes 67 million in a picture, 134 million in a request"
)


def bomb(side: int) -> str:
    """A PNG of a few bytes that says it is `side` pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


@pytest.mark.parametrize("side", [8193, 10_000, 30_000])
def test_a_picture_with_too_many_pixels(sandbox: Sandbox, side: int) -> None:
    """It is refused before it is decoded, whether Pillow minds it, warns of it or neither."""
    image = {"image": bomb(side)}
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": image})
    assert (found["loc"], found["msg"]) == (["body", "image", "image"], TOO_MANY)


def test_a_format_that_needs_more_memory(sandbox: Sandbox) -> None:
    """WebP, whose decoder takes several times the memory, may have half as many pixels."""
    file = io.BytesIO()
    Image.new("L", (16_000, 2100)).save(file, "WEBP")
    image = {"image": base64.b64encode(file.getvalue()).decode()}
    (found,) = details(sandbox, CONTAINER_EDIT, {"prompt": "p", "image": image})
    assert found["msg"] == TOO_MANY


@pytest.mark.parametrize(
    ("path", "name"), [(CONTAINER_EDIT, "image"), (CONTAINER_GENERATE, "control_images")]
)
def test_pictures_that_have_too_many_pixels_together(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, path: str, name: str
) -> None:
    """The pictures of a request are counted together, a URL as the picture painted for it."""
    monkeypatch.setattr(scenes, "MOST_PIXELS", 3 << 20)
    large = encoded(Image.new("1", (1024, 1024)))
    texts = [large, "https://example.com/a", large, "https://example.com/b", large]
    body = {"prompt": "p", name: [{"image": text} for text in texts]}
    found = [(one["loc"], one["msg"]) for one in details(sandbox, path, body)]
    assert found == [(["body", name, index, "image"], TOO_MANY) for index in (3, 4)]
    body[name] = body[name][:3]
    assert answer(sandbox, path, **body).keys() == {"image"}


MEMORY = """
import base64, io, json
from pathlib import Path
from PIL import Image
from friendli_facade.sandbox import Request, Sandbox

def highest():
    # What getrusage says begins with the memory of whoever started this process.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])

file = io.BytesIO()
Image.new("1", (8000, 8000)).save(file, "PNG")
image = {"image": base64.b64encode(file.getvalue()).decode()}
body = json.dumps({"prompt": "p", "image": [image] * 2}).encode()
headers = {"content-type": "application/json"}
before = highest()
request = Request("POST", "http://x/v1/images/edits", headers, body)
assert Sandbox().handle(request).status_code == 200
print(highest() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells it there")
def test_the_memory_of_a_large_edit() -> None:
    """Two pictures of 64 million pixels are edited in less memory than one of them has in RGB."""
    command = [sys.executable, "-c", MEMORY]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 64_000_000 * 3 / 1024
