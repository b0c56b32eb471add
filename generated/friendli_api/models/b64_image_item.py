from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="B64ImageItem")


@_attrs_define
class B64ImageItem:
    """
    Attributes:
        b64_json (str): The picture as base64 text.
        response_format (str): How the picture came back.
        seed (int): The seed that the picture was drawn with.
    """

    b64_json: str
    response_format: str
    seed: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        b64_json = self.b64_json

        response_format = self.response_format

        seed = self.seed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "b64_json": b64_json,
                "response_format": response_format,
                "seed": seed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        b64_json = d.pop("b64_json")

        response_format = d.pop("response_format")

        seed = d.pop("seed")

        b64_image_item = cls(
            b64_json=b64_json,
            response_format=response_format,
            seed=seed,
        )

        b64_image_item.additional_properties = d
        return b64_image_item

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
