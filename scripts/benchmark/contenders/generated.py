"""The generated package alone, without the facade."""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import cast

from friendli_api import Client
from friendli_api.api.container_image import container_images_edit, container_images_generate
from friendli_api.models import (
    ContainerImageEditBody,
    ContainerImageGenerationBody,
    ImageGenerationContainerResult,
    ImageInput,
)
from httpx import Timeout

from scripts.benchmark.contenders import TIMEOUT
from scripts.benchmark.pictures import PROMPT


def _edit(picture: Path) -> ContainerImageEditBody:
    image = ImageInput(image=b64encode(picture.read_bytes()).decode())
    return ContainerImageEditBody(image=image, prompt=PROMPT)


class Session:
    """One generated client."""

    def __init__(self, url: str) -> None:
        self.client = Client(base_url=url, timeout=Timeout(TIMEOUT))

    def generate(self) -> object:
        """The parsed answer."""
        body = ContainerImageGenerationBody(prompt=PROMPT)
        return container_images_generate.sync(client=self.client, body=body)

    def edit(self, picture: Path) -> object:
        """The parsed answer."""
        return container_images_edit.sync(client=self.client, body=_edit(picture))

    def save(self, path: Path) -> object:
        """How many bytes were written."""
        result = cast("ImageGenerationContainerResult", self.generate())
        return path.write_bytes(b64decode(result.image))


class AsyncSession:
    """One generated client."""

    def __init__(self, url: str) -> None:
        self.client = Client(base_url=url, timeout=Timeout(TIMEOUT))

    async def generate(self) -> object:
        """The parsed answer."""
        body = ContainerImageGenerationBody(prompt=PROMPT)
        return await container_images_generate.asyncio(client=self.client, body=body)

    async def edit(self, picture: Path) -> object:
        """The parsed answer."""
        return await container_images_edit.asyncio(client=self.client, body=_edit(picture))
