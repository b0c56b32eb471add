from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dedicated_image_generation_body_response_format import (
    DedicatedImageGenerationBodyResponseFormat,
    check_dedicated_image_generation_body_response_format,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_input import ImageInput


T = TypeVar("T", bound="DedicatedImageGenerationBody")


@_attrs_define
class DedicatedImageGenerationBody:
    """
    Attributes:
        model (str): The endpoint's id, or `id:route` for one of its adapters.
        prompt (str): What the picture should show.
        control_images (list[ImageInput] | None | Unset): Pictures that steer the result, for models with a ControlNet.
        controlnet_weights (list[float] | None | Unset): How strongly each control image steers, from none to fully; one
            weight for each.
        guidance_scale (float | None | Unset): How closely the picture follows the prompt; some models ignore it.
        num_inference_steps (int | Unset): Denoising steps. More steps take longer and show more detail. Default: 20.
        response_format (DedicatedImageGenerationBodyResponseFormat | None | Unset): How the picture comes back.
            Default: 'url'.
        seed (int | None | Unset): Start of the random numbers; the same seed repeats a picture.
    """

    model: str
    prompt: str
    control_images: list[ImageInput] | None | Unset = UNSET
    controlnet_weights: list[float] | None | Unset = UNSET
    guidance_scale: float | None | Unset = UNSET
    num_inference_steps: int | Unset = 20
    response_format: DedicatedImageGenerationBodyResponseFormat | None | Unset = "url"
    seed: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model = self.model

        prompt = self.prompt

        control_images: list[dict[str, Any]] | None | Unset
        if isinstance(self.control_images, Unset):
            control_images = UNSET
        elif isinstance(self.control_images, list):
            control_images = []
            for control_images_type_0_item_data in self.control_images:
                control_images_type_0_item = control_images_type_0_item_data.to_dict()
                control_images.append(control_images_type_0_item)

        else:
            control_images = self.control_images

        controlnet_weights: list[float] | None | Unset
        if isinstance(self.controlnet_weights, Unset):
            controlnet_weights = UNSET
        elif isinstance(self.controlnet_weights, list):
            controlnet_weights = self.controlnet_weights

        else:
            controlnet_weights = self.controlnet_weights

        guidance_scale: float | None | Unset
        if isinstance(self.guidance_scale, Unset):
            guidance_scale = UNSET
        else:
            guidance_scale = self.guidance_scale

        num_inference_steps = self.num_inference_steps

        response_format: None | str | Unset
        if isinstance(self.response_format, Unset):
            response_format = UNSET
        elif isinstance(self.response_format, str):
            response_format = self.response_format
        else:
            response_format = self.response_format

        seed: int | None | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model": model,
                "prompt": prompt,
            }
        )
        if control_images is not UNSET:
            field_dict["control_images"] = control_images
        if controlnet_weights is not UNSET:
            field_dict["controlnet_weights"] = controlnet_weights
        if guidance_scale is not UNSET:
            field_dict["guidance_scale"] = guidance_scale
        if num_inference_steps is not UNSET:
            field_dict["num_inference_steps"] = num_inference_steps
        if response_format is not UNSET:
            field_dict["response_format"] = response_format
        if seed is not UNSET:
            field_dict["seed"] = seed

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.image_input import ImageInput

        d = dict(src_dict)
        model = d.pop("model")

        prompt = d.pop("prompt")

        def _parse_control_images(data: object) -> list[ImageInput] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                control_images_type_0 = []
                _control_images_type_0 = data
                for control_images_type_0_item_data in _control_images_type_0:
                    control_images_type_0_item = ImageInput.from_dict(
                        control_images_type_0_item_data
                    )

                    control_images_type_0.append(control_images_type_0_item)

                return control_images_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ImageInput] | None | Unset, data)

        control_images = _parse_control_images(d.pop("control_images", UNSET))

        def _parse_controlnet_weights(data: object) -> list[float] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                controlnet_weights_type_0 = cast(list[float], data)

                return controlnet_weights_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[float] | None | Unset, data)

        controlnet_weights = _parse_controlnet_weights(
            d.pop("controlnet_weights", UNSET)
        )

        def _parse_guidance_scale(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        guidance_scale = _parse_guidance_scale(d.pop("guidance_scale", UNSET))

        num_inference_steps = d.pop("num_inference_steps", UNSET)

        def _parse_response_format(
            data: object,
        ) -> DedicatedImageGenerationBodyResponseFormat | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                response_format_response_format = (
                    check_dedicated_image_generation_body_response_format(data)
                )

                return response_format_response_format
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DedicatedImageGenerationBodyResponseFormat | None | Unset, data)

        response_format = _parse_response_format(d.pop("response_format", UNSET))

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        dedicated_image_generation_body = cls(
            model=model,
            prompt=prompt,
            control_images=control_images,
            controlnet_weights=controlnet_weights,
            guidance_scale=guidance_scale,
            num_inference_steps=num_inference_steps,
            response_format=response_format,
            seed=seed,
        )

        dedicated_image_generation_body.additional_properties = d
        return dedicated_image_generation_body

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
