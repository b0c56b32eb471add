"""The contract's constraints as data. Written by scripts/generate; never edited."""

from typing import Any, Final, TypedDict


Parameter = TypedDict(
    "Parameter", {"in": str, "required": bool, "schema": dict[str, Any]}
)


class Operation(TypedDict):
    """Where an operation is sent, what it takes, and what its answer holds."""

    method: str
    path: str
    server: str
    token: bool
    parameters: dict[str, Parameter]
    body: dict[str, Any] | None
    response: dict[str, Any]


SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "B64ImageItem": {
        "properties": {
            "seed": {"type": "integer"},
            "response_format": {"type": "string"},
            "b64_json": {"type": "string"},
        },
        "type": "object",
        "required": ["seed", "response_format", "b64_json"],
    },
    "ContainerImageEditBody": {
        "properties": {
            "image": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ImageInput"},
                    {
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                        "type": "array",
                    },
                ]
            },
            "prompt": {"type": "string"},
            "model": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "guidance_scale": {"type": "number"},
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [{"type": "string", "enum": ["raw", "jpeg"]}, {"type": "null"}]
            },
        },
        "type": "object",
        "required": ["image", "prompt"],
    },
    "ContainerImageGenerationBody": {
        "properties": {
            "model": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "prompt": {"type": "string"},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "guidance_scale": {"type": "number"},
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [{"type": "string", "enum": ["raw", "jpeg"]}, {"type": "null"}]
            },
            "control_images": {
                "anyOf": [
                    {
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                        "type": "array",
                    },
                    {"type": "null"},
                ]
            },
            "controlnet_weights": {
                "anyOf": [
                    {
                        "items": {"type": "number", "minimum": 0, "maximum": 1},
                        "type": "array",
                    },
                    {"type": "null"},
                ]
            },
        },
        "type": "object",
        "required": ["prompt"],
    },
    "DedicatedImageEditBody": {
        "properties": {
            "image": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ImageInput"},
                    {
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                        "type": "array",
                    },
                ]
            },
            "prompt": {"type": "string"},
            "model": {"type": "string"},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "guidance_scale": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [
                    {"type": "string", "enum": ["url", "raw", "png", "jpeg", "jpg"]},
                    {"type": "null"},
                ]
            },
        },
        "type": "object",
        "required": ["image", "prompt", "model"],
    },
    "DedicatedImageGenerationBody": {
        "properties": {
            "model": {"type": "string"},
            "prompt": {"type": "string"},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "guidance_scale": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [
                    {"type": "string", "enum": ["url", "raw", "png", "jpeg", "jpg"]},
                    {"type": "null"},
                ]
            },
            "control_images": {
                "anyOf": [
                    {
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                        "type": "array",
                    },
                    {"type": "null"},
                ]
            },
            "controlnet_weights": {
                "anyOf": [
                    {
                        "items": {"type": "number", "minimum": 0, "maximum": 1},
                        "type": "array",
                    },
                    {"type": "null"},
                ]
            },
        },
        "type": "object",
        "required": ["model", "prompt"],
    },
    "ImageGenerationContainerResult": {
        "properties": {"image": {"type": "string"}},
        "type": "object",
        "required": ["image"],
    },
    "ImageGenerationDedicatedResult": {
        "properties": {
            "data": {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/UrlImageItem"},
                        {"$ref": "#/components/schemas/B64ImageItem"},
                    ]
                },
            }
        },
        "type": "object",
        "required": ["data"],
    },
    "ImageInput": {
        "properties": {"image": {"type": "string"}},
        "type": "object",
        "required": ["image"],
    },
    "UrlImageItem": {
        "properties": {
            "seed": {"type": "integer"},
            "response_format": {"type": "string"},
            "url": {"type": "string"},
        },
        "type": "object",
        "required": ["seed", "response_format", "url"],
    },
}

OPERATIONS: Final[dict[str, Operation]] = {
    "dedicatedImagesGenerate": {
        "method": "POST",
        "path": "/dedicated/v1/images/generations",
        "server": "https://api.friendli.ai",
        "token": True,
        "parameters": {
            "X-Friendli-Team": {
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
            }
        },
        "body": {"$ref": "#/components/schemas/DedicatedImageGenerationBody"},
        "response": {"$ref": "#/components/schemas/ImageGenerationDedicatedResult"},
    },
    "dedicatedImagesEdit": {
        "method": "POST",
        "path": "/dedicated/v1/images/edits",
        "server": "https://api.friendli.ai",
        "token": True,
        "parameters": {
            "X-Friendli-Team": {
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
            }
        },
        "body": {"$ref": "#/components/schemas/DedicatedImageEditBody"},
        "response": {"$ref": "#/components/schemas/ImageGenerationDedicatedResult"},
    },
    "containerImagesGenerate": {
        "method": "POST",
        "path": "/v1/images/generations",
        "server": "http://localhost:8000",
        "token": False,
        "parameters": {},
        "body": {"$ref": "#/components/schemas/ContainerImageGenerationBody"},
        "response": {"$ref": "#/components/schemas/ImageGenerationContainerResult"},
    },
    "containerImagesEdit": {
        "method": "POST",
        "path": "/v1/images/edits",
        "server": "http://localhost:8000",
        "token": False,
        "parameters": {},
        "body": {"$ref": "#/components/schemas/ContainerImageEditBody"},
        "response": {"$ref": "#/components/schemas/ImageGenerationContainerResult"},
    },
}
