from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.b64_image_item import B64ImageItem
    from ..models.url_image_item import UrlImageItem


T = TypeVar("T", bound="ImageGenerationDedicatedResult")


@_attrs_define
class ImageGenerationDedicatedResult:
    """
    Attributes:
        data (list[B64ImageItem | UrlImageItem]): One item for each picture.
    """

    data: list[B64ImageItem | UrlImageItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.b64_image_item import B64ImageItem

        data = []
        for data_item_data in self.data:
            data_item: dict[str, Any]
            if isinstance(data_item_data, B64ImageItem):
                data_item = data_item_data.to_dict()
            else:
                data_item = data_item_data.to_dict()

            data.append(data_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.b64_image_item import B64ImageItem
        from ..models.url_image_item import UrlImageItem

        d = dict(src_dict)
        data = []
        _data = d.pop("data")
        for data_item_data in _data:

            def _parse_data_item(data: object) -> B64ImageItem | UrlImageItem:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    data_item_type_0 = B64ImageItem.from_dict(data)

                    return data_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                data_item_type_1 = UrlImageItem.from_dict(data)

                return data_item_type_1

            data_item = _parse_data_item(data_item_data)

            data.append(data_item)

        image_generation_dedicated_result = cls(
            data=data,
        )

        image_generation_dedicated_result.additional_properties = d
        return image_generation_dedicated_result

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
