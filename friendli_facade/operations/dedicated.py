"""The operations of Friendli's dedicated endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from friendli_facade._unset import UNSET

if TYPE_CHECKING:
    # Names of types alone: what a call needs is imported when the first one is made.
    from collections.abc import Mapping, Sequence

    from friendli_api.models import (
        DedicatedImageEditBodyResponseFormat,
        DedicatedImageGenerationBodyResponseFormat,
    )

    from friendli_facade._answers.results import DedicatedImageGenerateSuccess
    from friendli_facade._inputs.conversion import ImageSource
    from friendli_facade._requests.calls import Call
    from friendli_facade._unset import Timeout, Unset
    from friendli_facade.utils import RetryConfig


def generate(
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
) -> Call[DedicatedImageGenerateSuccess]:
    """Pictures drawn from a prompt on a dedicated endpoint.

    An argument that is left out is left to the server. Each of the result's `images` has
    `read()`, `save(path)`, `to_pil()`, `seed` and `url`. Bounds are the contract's.

    Args:
        model: The endpoint's id, or `id:route` for one of its adapters.
        prompt: What the pictures should show.
        x_friendli_team: Id of the team to run as, in place of the client's.
        num_inference_steps: Denoising steps, 1 to 50 (the server's default is 20).
        guidance_scale: How closely to follow the prompt; some models ignore it.
        seed: Start of the random numbers; the same seed repeats a picture.
        response_format: `url` (the server's default), `raw`, `png`, `jpeg` or `jpg`.
        control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a binary
            file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at most.
        controlnet_weights: How strongly each control image steers, 0 to 1; as many as those.
        retries: How this call is repeated when it fails; None for never.
        server_url: Where to send this call, in place of the client's.
        timeout: Seconds, or an `httpx.Timeout`, for this call; None for no limit.
        http_headers: Further headers of this call.

    Raises:
        ValidationError: Arguments break rules; nothing was sent.
        SDKError: The server answered with an error, in a class of its status.
        APIConnectionError: No answer came; APITimeoutError, none in time.
    """
    from friendli_facade._requests import calls

    return calls.describe("dedicatedImagesGenerate", locals(), calls.results.dedicated)


def edit(
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
) -> Call[DedicatedImageGenerateSuccess]:
    """Pictures changed as a prompt says, on a dedicated endpoint.

    An argument that is left out is left to the server. Each of the result's `images` has
    `read()`, `save(path)`, `to_pil()`, `seed` and `url`. Bounds are the contract's.

    Args:
        image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a binary
            file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at most.
        prompt: What to change.
        model: The endpoint's id, or `id:route` for one of its adapters.
        x_friendli_team: Id of the team to run as, in place of the client's.
        num_inference_steps: Denoising steps, 1 to 50 (the server's default is 20).
        guidance_scale: How closely to follow the prompt; some models ignore it.
        seed: Start of the random numbers; the same seed repeats a picture.
        response_format: `url` (the server's default), `raw`, `png`, `jpeg` or `jpg`.
        retries: How this call is repeated when it fails; None for never.
        server_url: Where to send this call, in place of the client's.
        timeout: Seconds, or an `httpx.Timeout`, for this call; None for no limit.
        http_headers: Further headers of this call.

    Raises:
        ValidationError: Arguments break rules; nothing was sent.
        SDKError: The server answered with an error, in a class of its status.
        APIConnectionError: No answer came; APITimeoutError, none in time.
    """
    from friendli_facade._requests import calls

    return calls.describe("dedicatedImagesEdit", locals(), calls.results.dedicated)
