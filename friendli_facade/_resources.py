"""The operations as methods of both clients.

Written by scripts/generate from friendli_facade/operations/ and the contract; never edited.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import httpx

from friendli_facade._answers.results import (
    ContainerImageGenerateSuccess,
    DedicatedImageGenerateSuccess,
)
from friendli_facade._inputs.image_source import ImageSource
from friendli_facade._language.lazy_resource import resource
from friendli_facade._language.named_arguments import NamedArguments
from friendli_facade._sender import AsyncSender, SyncSender
from friendli_facade.utils import UNSET, RetryConfig, Unset


class SyncContainerImage(NamedArguments):
    """Pictures in a self-hosted Friendli Container."""

    def __init__(self, sender: SyncSender) -> None:
        self._sender = sender

    def generate(
        self,
        *,
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "raw"] | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture drawn from a prompt in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            prompt: What the picture should show.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it. Left to the
                server, it is 0.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"raw"`. Left to the
                server, it is `"jpeg"`.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            controlnet_weights: How strongly each control image steers; as many as those. Each
                at least 0, at most 1.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return self._sender.send(
            ContainerImageGenerateSuccess,
            "containerImagesGenerate",
            prompt=prompt,
            model=model,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            control_images=control_images,
            controlnet_weights=controlnet_weights,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )

    def edit(
        self,
        *,
        image: ImageSource | Sequence[ImageSource],
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "raw"] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture changed as a prompt says, in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            prompt: What to change.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it. Left to the
                server, it is 0.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"raw"`. Left to the
                server, it is `"jpeg"`.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return self._sender.send(
            ContainerImageGenerateSuccess,
            "containerImagesEdit",
            image=image,
            prompt=prompt,
            model=model,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )


class SyncContainer:
    """A self-hosted Friendli Container."""

    def __init__(self, sender: SyncSender) -> None:
        self._sender = sender

    image: SyncContainerImage = resource(lambda: SyncContainerImage)
    """Pictures in a self-hosted Friendli Container."""


class AsyncContainerImage(NamedArguments):
    """Pictures in a self-hosted Friendli Container."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def generate(
        self,
        *,
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "raw"] | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture drawn from a prompt in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            prompt: What the picture should show.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it. Left to the
                server, it is 0.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"raw"`. Left to the
                server, it is `"jpeg"`.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            controlnet_weights: How strongly each control image steers; as many as those. Each
                at least 0, at most 1.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return await self._sender.send(
            ContainerImageGenerateSuccess,
            "containerImagesGenerate",
            prompt=prompt,
            model=model,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            control_images=control_images,
            controlnet_weights=controlnet_weights,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )

    async def edit(
        self,
        *,
        image: ImageSource | Sequence[ImageSource],
        prompt: str,
        model: str | None | Unset = UNSET,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "raw"] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> ContainerImageGenerateSuccess:
        """A picture changed as a prompt says, in a Friendli Container.

        An argument that is left out is left to the server. The picture is `images[0]`, with
        `read()`, `save(path)` and `to_pil()`; `image` is its base64 text.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            prompt: What to change.
            model: The route of an adapter; without it, the container's base model.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it. Left to the
                server, it is 0.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"raw"`. Left to the
                server, it is `"jpeg"`.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where the container is, in place of the client's server URL.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call. The client's token is not among them.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return await self._sender.send(
            ContainerImageGenerateSuccess,
            "containerImagesEdit",
            image=image,
            prompt=prompt,
            model=model,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )


class AsyncContainer:
    """A self-hosted Friendli Container."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    image: AsyncContainerImage = resource(lambda: AsyncContainerImage)
    """Pictures in a self-hosted Friendli Container."""


class SyncDedicatedImage(NamedArguments):
    """Pictures on dedicated endpoints."""

    def __init__(self, sender: SyncSender) -> None:
        self._sender = sender

    def generate(
        self,
        *,
        model: str,
        prompt: str,
        x_friendli_team: str | None = None,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "jpg", "png", "raw", "url"] | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures drawn from a prompt on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            model: The endpoint's id, or `id:route` for one of its adapters.
            prompt: What the pictures should show.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"jpg"`, `"png"`, `"raw"`,
                `"url"`. Left to the server, it is `"url"`.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            controlnet_weights: How strongly each control image steers; as many as those. Each
                at least 0, at most 1.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return self._sender.send(
            DedicatedImageGenerateSuccess,
            "dedicatedImagesGenerate",
            model=model,
            prompt=prompt,
            x_friendli_team=x_friendli_team,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            control_images=control_images,
            controlnet_weights=controlnet_weights,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )

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
        response_format: Literal["jpeg", "jpg", "png", "raw", "url"] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures changed as a prompt says, on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            prompt: What to change.
            model: The endpoint's id, or `id:route` for one of its adapters.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"jpg"`, `"png"`, `"raw"`,
                `"url"`. Left to the server, it is `"url"`.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return self._sender.send(
            DedicatedImageGenerateSuccess,
            "dedicatedImagesEdit",
            image=image,
            prompt=prompt,
            model=model,
            x_friendli_team=x_friendli_team,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )


class SyncDedicated:
    """Friendli's dedicated endpoints."""

    def __init__(self, sender: SyncSender) -> None:
        self._sender = sender

    image: SyncDedicatedImage = resource(lambda: SyncDedicatedImage)
    """Pictures on dedicated endpoints."""


class AsyncDedicatedImage(NamedArguments):
    """Pictures on dedicated endpoints."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def generate(
        self,
        *,
        model: str,
        prompt: str,
        x_friendli_team: str | None = None,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "jpg", "png", "raw", "url"] | None | Unset = UNSET,
        control_images: Sequence[ImageSource] | None | Unset = UNSET,
        controlnet_weights: Sequence[float] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures drawn from a prompt on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            model: The endpoint's id, or `id:route` for one of its adapters.
            prompt: What the pictures should show.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"jpg"`, `"png"`, `"raw"`,
                `"url"`. Left to the server, it is `"url"`.
            control_images: Pictures that steer the result: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            controlnet_weights: How strongly each control image steers; as many as those. Each
                at least 0, at most 1.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return await self._sender.send(
            DedicatedImageGenerateSuccess,
            "dedicatedImagesGenerate",
            model=model,
            prompt=prompt,
            x_friendli_team=x_friendli_team,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            control_images=control_images,
            controlnet_weights=controlnet_weights,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )

    async def edit(
        self,
        *,
        image: ImageSource | Sequence[ImageSource],
        prompt: str,
        model: str,
        x_friendli_team: str | None = None,
        num_inference_steps: int | None | Unset = UNSET,
        guidance_scale: float | None | Unset = UNSET,
        seed: int | None | Unset = UNSET,
        response_format: Literal["jpeg", "jpg", "png", "raw", "url"] | None | Unset = UNSET,
        retries: RetryConfig | None | Unset = UNSET,
        server_url: str | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
        http_headers: Mapping[str, str] | None = None,
    ) -> DedicatedImageGenerateSuccess:
        """Pictures changed as a prompt says, on a dedicated endpoint.

        An argument that is left out is left to the server. Each of the result's `images` has
        `read()`, `save(path)`, `to_pil()`, `seed` and `url`.

        Args:
            image: The picture to edit, or a list of pictures: each a `pathlib.Path`, bytes, a
                binary file, a PIL image, an http(s) URL, base64 text or `{"image": ...}`; 50 MiB at
                most.
            prompt: What to change.
            model: The endpoint's id, or `id:route` for one of its adapters.
            x_friendli_team: Id of the team to run as, in place of the client's.
            num_inference_steps: Denoising steps; more take longer, and draw finer. At least 1,
                at most 50. Left to the server, it is 20.
            guidance_scale: How closely to follow the prompt; some models ignore it.
            seed: Start of the random numbers; the same seed repeats a picture.
            response_format: How the picture comes. One of `"jpeg"`, `"jpg"`, `"png"`, `"raw"`,
                `"url"`. Left to the server, it is `"url"`.
            retries: How this call is repeated when it fails; None for never.
            server_url: Where to send this call, in place of the client's.
            timeout: Seconds for this call in all, retries included, and for each download of
                its pictures, or an `httpx.Timeout` for the steps of them; None for no limit.
            http_headers: Further headers of this call.

        Raises:
            ValidationError: Arguments break rules; nothing was sent.
            SDKError: The server answered with an error, in a class of its status.
            APIConnectionError: No answer came; APITimeoutError, none in time.
        """
        return await self._sender.send(
            DedicatedImageGenerateSuccess,
            "dedicatedImagesEdit",
            image=image,
            prompt=prompt,
            model=model,
            x_friendli_team=x_friendli_team,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            seed=seed,
            response_format=response_format,
            retries=retries,
            server_url=server_url,
            timeout=timeout,
            http_headers=http_headers,
        )


class AsyncDedicated:
    """Friendli's dedicated endpoints."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    image: AsyncDedicatedImage = resource(lambda: AsyncDedicatedImage)
    """Pictures on dedicated endpoints."""
