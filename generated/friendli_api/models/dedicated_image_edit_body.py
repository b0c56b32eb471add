from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dedicated_image_edit_body_response_format import (
    DedicatedImageEditBodyResponseFormat,
    check_dedicated_image_edit_body_response_format,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.image_input import ImageInput


T = TypeVar("T", bound="DedicatedImageEditBody")


@_attrs_define
class DedicatedImageEditBody:
    """
    Attributes:
        image (ImageInput | list[ImageInput]): The picture to edit, or a list of pictures.
        model (str): The endpoint's id, or `id:route` for one of its adapters.
        prompt (str): What the picture should show.
        guidance_scale (float | None | Unset): How closely the picture follows the prompt; some models ignore it.
        num_inference_steps (int | Unset): Denoising steps. More steps take longer and show more detail. Default: 20.
        response_format (DedicatedImageEditBodyResponseFormat | None | Unset): How the picture comes back. Default:
            'url'.
        seed (int | None | Unset): Start of the random numbers; the same seed repeats a picture.
    """

    image: ImageInput | list[ImageInput]
    model: str
    prompt: str
    guidance_scale: float | None | Unset = UNSET
    num_inference_steps: int | Unset = 20
    response_format: DedicatedImageEditBodyResponseFormat | None | Unset = "url"
    seed: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.image_input import ImageInput

        image: dict[str, Any] | list[dict[str, Any]]
        if isinstance(self.image, ImageInput):
            image = self.image.to_dict()
        else:
            image = []
            for image_type_1_item_data in self.image:
                image_type_1_item = image_type_1_item_data.to_dict()
                image.append(image_type_1_item)

        model = self.model

        prompt = self.prompt

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
                "image": image,
                "model": model,
                "prompt": prompt,
            }
        )
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

        def _parse_image(data: object) -> ImageInput | list[ImageInput]:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                image_type_0 = ImageInput.from_dict(data)

                return image_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            image_type_1 = []
            _image_type_1 = data
            for image_type_1_item_data in _image_type_1:
                image_type_1_item = ImageInput.from_dict(image_type_1_item_data)

                image_type_1.append(image_type_1_item)

            return image_type_1

        image = _parse_image(d.pop("image"))

        model = d.pop("model")

        prompt = d.pop("prompt")

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
        ) -> DedicatedImageEditBodyResponseFormat | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                response_format_response_format = (
                    check_dedicated_image_edit_body_response_format(data)
                )

                return response_format_response_format
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DedicatedImageEditBodyResponseFormat | None | Unset, data)

        response_format = _parse_response_format(d.pop("response_format", UNSET))

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        dedicated_image_edit_body = cls(
            image=image,
            model=model,
            prompt=prompt,
            guidance_scale=guidance_scale,
            num_inference_steps=num_inference_steps,
            response_format=response_format,
            seed=seed,
        )

        dedicated_image_edit_body.additional_properties = d
        return dedicated_image_edit_body

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
