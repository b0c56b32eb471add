from typing import Literal

ContainerImageGenerationBodyResponseFormat = Literal["jpeg", "raw"]

CONTAINER_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES: set[
    ContainerImageGenerationBodyResponseFormat
] = {
    "jpeg",
    "raw",
}


def check_container_image_generation_body_response_format(
    value: str,
) -> ContainerImageGenerationBodyResponseFormat:
    if value in CONTAINER_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONTAINER_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES!r}"
    )
