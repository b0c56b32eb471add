"""Contains all the data models used in inputs/outputs"""

from .b64_image_item import B64ImageItem
from .container_image_edit_body import ContainerImageEditBody
from .container_image_edit_body_response_format import (
    ContainerImageEditBodyResponseFormat,
)
from .container_image_generation_body import ContainerImageGenerationBody
from .container_image_generation_body_response_format import (
    ContainerImageGenerationBodyResponseFormat,
)
from .dedicated_image_edit_body import DedicatedImageEditBody
from .dedicated_image_edit_body_response_format import (
    DedicatedImageEditBodyResponseFormat,
)
from .dedicated_image_generation_body import DedicatedImageGenerationBody
from .dedicated_image_generation_body_response_format import (
    DedicatedImageGenerationBodyResponseFormat,
)
from .image_generation_container_result import ImageGenerationContainerResult
from .image_generation_dedicated_result import ImageGenerationDedicatedResult
from .image_input import ImageInput
from .url_image_item import UrlImageItem

__all__ = (
    "B64ImageItem",
    "ContainerImageEditBody",
    "ContainerImageEditBodyResponseFormat",
    "ContainerImageGenerationBody",
    "ContainerImageGenerationBodyResponseFormat",
    "DedicatedImageEditBody",
    "DedicatedImageEditBodyResponseFormat",
    "DedicatedImageGenerationBody",
    "DedicatedImageGenerationBodyResponseFormat",
    "ImageGenerationContainerResult",
    "ImageGenerationDedicatedResult",
    "ImageInput",
    "UrlImageItem",
)
