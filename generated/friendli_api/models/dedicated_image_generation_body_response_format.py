from typing import Literal

DedicatedImageGenerationBodyResponseFormat = Literal["jpeg", "jpg", "png", "raw", "url"]

DEDICATED_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES: set[
    DedicatedImageGenerationBodyResponseFormat
] = {
    "jpeg",
    "jpg",
    "png",
    "raw",
    "url",
}


def check_dedicated_image_generation_body_response_format(
    value: str,
) -> DedicatedImageGenerationBodyResponseFormat:
    if value in DEDICATED_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEDICATED_IMAGE_GENERATION_BODY_RESPONSE_FORMAT_VALUES!r}"
    )
