"""Calls the generated package alone; run by another Python, without the facade on its path."""

import importlib.metadata
import sys

import httpx
from friendli_api import AuthenticatedClient
from friendli_api.api.dedicated_image import dedicated_images_edit, dedicated_images_generate
from friendli_api.models import DedicatedImageEditBody, DedicatedImageGenerationBody, ImageInput
from friendli_api.models import ImageGenerationDedicatedResult as Result
from friendli_api.rules import OPERATIONS

ITEM = {"seed": 7, "response_format": "url", "url": "https://example.com/picture.png"}


def answer(request: httpx.Request) -> httpx.Response:
    """One picture at a URL."""
    assert request.headers["Authorization"] == "Bearer t"
    return httpx.Response(200, json={"data": [ITEM]})


client = AuthenticatedClient(
    base_url=OPERATIONS["dedicatedImagesGenerate"]["server"],
    token="t",
    httpx_args={"transport": httpx.MockTransport(answer)},
)
image = ImageInput(image="https://example.com/picture.png")
results = (
    dedicated_images_generate.sync(
        client=client, body=DedicatedImageGenerationBody(model="m", prompt="p", seed=None)
    ),
    dedicated_images_edit.sync(
        client=client, body=DedicatedImageEditBody(image=[image], model="m", prompt="p")
    ),
)
for result in results:
    assert isinstance(result, Result)
    assert [item.to_dict() for item in result.data] == [ITEM]

distributions = importlib.metadata.packages_distributions()
roots = {name.partition(".")[0] for name in sys.modules}
print(*sorted({found for root in roots for found in distributions.get(root, ())}))
