"""The operations of a Friendli Container."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from friendli_api.models import (
    ContainerImageEditBodyResponseFormat,
    ContainerImageGenerationBodyResponseFormat,
)

from friendli_facade._answers.results import ContainerImageGenerateSuccess
from friendli_facade._inputs.image_source import ImageSource
from friendli_facade.utils import UNSET, RetryConfig, Timeout, Unset


class ContainerImage(Protocol):
    """Pictures in a self-hosted Friendli Container."""

    def generate(
        self,
        *,
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: ContainerImageGenerationBodyResponseFormat | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture drawn from a prompt in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            prompt: What the picture should show.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a binary
                file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at most.
            controlnet_weights: How strongly each control image steers; as many as those.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of its
                pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        ...

    def edit(
        self,
        *,
        image: ImageSource | Sequence[ImageSource],
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: ContainerImageEditBodyResponseFormat | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture changed as a prompt says, in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB
                at most.
            prompt: What to change.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of its
                pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        ...
