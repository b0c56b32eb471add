"""The types of arguments, results and errors, under the names of Friendli's documentation."""

from friendli_api.models import (
    ContainerImageEditBodyResponseFormat,
    ContainerImageGenerationBodyResponseFormat,
    DedicatedImageEditBodyResponseFormat,
    DedicatedImageGenerationBodyResponseFormat,
    ImageInput,
)

from friendli_facade._answers.results import (
    ContainerImageGenerateSuccess,
    DedicatedImageGenerateSuccess,
)
from friendli_facade._images.image import B64ImageItem, Image, Images, URLImageItem
from friendli_facade._inputs.image_source import ImageInputTypedDict, ImageSource
from friendli_facade._provenance.completed_calls import CompletedCall
from friendli_facade._provenance.requests import Request, RequestPicture
from friendli_facade.errors import SDKError

__all__ = [
    "B64ImageItem",
    "CompletedCall",
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
    "Images",
    "Request",
    "RequestPicture",
    "SDKError",
    "URLImageItem",
]
