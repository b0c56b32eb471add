from typing import Literal

DedicatedImageEditBodyResponseFormat = Literal["jpeg", "jpg", "png", "raw", "url"]

DEDICATED_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES: set[
    DedicatedImageEditBodyResponseFormat
] = {
    "jpeg",
    "jpg",
    "png",
    "raw",
    "url",
}


def check_dedicated_image_edit_body_response_format(
    value: str,
) -> DedicatedImageEditBodyResponseFormat:
    if value in DEDICATED_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEDICATED_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES!r}"
    )
