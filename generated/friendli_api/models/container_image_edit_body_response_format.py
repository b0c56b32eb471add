from typing import Literal

ContainerImageEditBodyResponseFormat = Literal["jpeg", "raw"]

CONTAINER_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES: set[
    ContainerImageEditBodyResponseFormat
] = {
    "jpeg",
    "raw",
}


def check_container_image_edit_body_response_format(
    value: str,
) -> ContainerImageEditBodyResponseFormat:
    if value in CONTAINER_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONTAINER_IMAGE_EDIT_BODY_RESPONSE_FORMAT_VALUES!r}"
    )
