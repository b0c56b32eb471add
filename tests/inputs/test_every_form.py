"""One picture, in every form that a caller may have it in."""

import base64
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from friendli_facade import SyncFriendli, models
from tests.samples import JPEG, PNG, picture
from tests.thorough import examples
from tests.transports import Wire, right


def written(folder: Path, content: bytes) -> Path:
    """A file that holds the content."""
    path = folder / "picture"
    path.write_bytes(content)
    return path


def text(content: bytes) -> str:
    """Base64 text."""
    return base64.b64encode(content).decode()


FORMS: dict[str, Callable[[bytes, Path], Any]] = {
    "a path": lambda content, folder: written(folder, content),
    "bytes": lambda content, _: content,
    "bytearray": lambda content, _: bytearray(content),
    "memoryview": lambda content, _: memoryview(content),
    "BytesIO": lambda content, _: io.BytesIO(content),
    "a file": lambda content, folder: written(folder, content).open("rb"),
    "a raw file": lambda content, folder: written(folder, content).open("rb", buffering=0),
    "base64": lambda content, _: text(content),
    "a data URL": lambda content, _: "data:image/png;base64," + text(content),
    "a mapping": lambda content, _: {"image": text(content)},
    "an ImageInput": lambda content, _: models.ImageInput(image=text(content)),
    "a list": lambda content, _: [content],
}
LONG = bytes(range(251)) * 2_000  # several of the pieces in which a body is sent
CONTENTS = st.builds(
    bytes.__add__,
    st.sampled_from([PNG, JPEG, picture("WEBP")]),
    st.binary(max_size=100) | st.integers(0, len(LONG)).map(lambda size: LONG[:size]),
)


@settings(max_examples=examples(60, 2_000))
@given(content=CONTENTS)
def test_every_form_of_a_picture_sends_that_picture(content: bytes) -> None:
    """What is sent is base64 of exactly its bytes, whoever holds them."""
    wire = Wire(right)
    http = httpx.Client(transport=httpx.MockTransport(wire))
    with tempfile.TemporaryDirectory() as folder, http:
        friendli = SyncFriendli(http_client=http)
        for name, form in FORMS.items():
            given_as = form(content, Path(folder))
            friendli.container.image.edit(image=given_as, prompt="p")
            if isinstance(given_as, io.IOBase):
                given_as.close()
            sent = wire.bodies[-1]["image"]
            one = sent[0] if name == "a list" else sent
            assert base64.b64decode(one["image"].split(",")[-1]) == content, name
            wire.requests.clear()
