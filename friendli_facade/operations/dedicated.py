"""The operations of Friendli's dedicated endpoints."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from friendli_api.models import (
    DedicatedImageEditBodyResponseFormat,
    DedicatedImageGenerationBodyResponseFormat,
)

from friendli_facade._answers.results import DedicatedImageGenerateSuccess
from friendli_facade._inputs.image_source import ImageSource
from friendli_facade.utils import UNSET, RetryConfig, Timeout, Unset


class DedicatedImage(Protocol):
    """Pictures on dedicated endpoints."""

    def generate(
        self,
        *,
        model: str,
        prompt: str,
        x_friendli_team: str | None = None,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: DedicatedImageGenerationBodyResponseFormat | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures drawn from a prompt on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            model: The endpoint's id, or `id:route` for one of its adapters.
            prompt: What the pictures should show.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a binary
                file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at most.
            controlnet_weights: How strongly each control image steers; as many as those.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of its
                pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

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
        model: str,
        x_friendli_team: str | None = None,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: DedicatedImageEditBodyResponseFormat | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: Timeout = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures changed as a prompt says, on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB
                at most.
            prompt: What to change.
            model: The endpoint's id, or `id:route` for one of its adapters.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of its
                pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        ...
