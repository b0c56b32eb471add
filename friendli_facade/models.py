"""The types of arguments, results and errors, under the names of Friendli's documentation."""

from friendli_api.models import (
    ContainerImageEditBodyResponseFormat,
    ContainerImageGenerationBodyResponseFormat,
    DedicatedImageEditBodyResponseFormat,
    DedicatedImageGenerationBodyResponseFormat,
    ImageInput,
)

from friendli_facade.errors import SDKError
from friendli_facade.inputs import ImageInputTypedDict, ImageSource
from friendli_facade.results import (
    ContainerImageGenerateSuccess,
    DedicatedImageGenerateSuccess,
    Image,
)

__all__ = [
    "ContainerImageEditBodyResponseFormat",
    "ContainerImageGenerateSuccess",
    "ContainerImageGenerationBodyResponseFormat",
    "DedicatedImageEditBodyResponseFormat",
    "DedicatedImageGenerateSuccess",
    "DedicatedImageGenerationBodyResponseFormat",
    "Image",
    "ImageInput",
    "ImageInputTypedDict",
    "ImageSource",
    "SDKError",
]
