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
        "type": "object",
        "required": ["b64_json", "response_format", "seed"],
        "properties": {
            "b64_json": {"type": "string"},
            "response_format": {"type": "string"},
            "seed": {"type": "integer"},
        },
    },
    "ContainerImageEditBody": {
        "type": "object",
        "required": ["image", "prompt"],
        "properties": {
            "guidance_scale": {"type": "number"},
            "image": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ImageInput"},
                    {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                    },
                ]
            },
            "model": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "prompt": {"type": "string"},
            "response_format": {
                "anyOf": [{"type": "string", "enum": ["jpeg", "raw"]}, {"type": "null"}]
            },
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
    },
    "ContainerImageGenerationBody": {
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "control_images": {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                    },
                    {"type": "null"},
                ]
            },
            "controlnet_weights": {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                    {"type": "null"},
                ]
            },
            "guidance_scale": {"type": "number"},
            "model": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "prompt": {"type": "string"},
            "response_format": {
                "anyOf": [{"type": "string", "enum": ["jpeg", "raw"]}, {"type": "null"}]
            },
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
    },
    "DedicatedImageEditBody": {
        "type": "object",
        "required": ["image", "model", "prompt"],
        "properties": {
            "guidance_scale": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "image": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ImageInput"},
                    {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                    },
                ]
            },
            "model": {"type": "string"},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "prompt": {"type": "string"},
            "response_format": {
                "anyOf": [
                    {"type": "string", "enum": ["jpeg", "jpg", "png", "raw", "url"]},
                    {"type": "null"},
                ]
            },
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
    },
    "DedicatedImageGenerationBody": {
        "type": "object",
        "required": ["model", "prompt"],
        "properties": {
            "control_images": {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ImageInput"},
                    },
                    {"type": "null"},
                ]
            },
            "controlnet_weights": {
                "anyOf": [
                    {
                        "type": "array",
                        "items": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                    {"type": "null"},
                ]
            },
            "guidance_scale": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "model": {"type": "string"},
            "num_inference_steps": {"type": "integer", "minimum": 1, "maximum": 50},
            "prompt": {"type": "string"},
            "response_format": {
                "anyOf": [
                    {"type": "string", "enum": ["jpeg", "jpg", "png", "raw", "url"]},
                    {"type": "null"},
                ]
            },
            "seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
    },
    "ImageGenerationContainerResult": {
        "type": "object",
        "required": ["image"],
        "properties": {"image": {"type": "string"}},
    },
    "ImageGenerationDedicatedResult": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/B64ImageItem"},
                        {"$ref": "#/components/schemas/UrlImageItem"},
                    ]
                },
            }
        },
    },
    "ImageInput": {
        "type": "object",
        "required": ["image"],
        "properties": {"image": {"type": "string"}},
    },
    "UrlImageItem": {
        "type": "object",
        "required": ["response_format", "seed", "url"],
        "properties": {
            "response_format": {"type": "string"},
            "seed": {"type": "integer"},
            "url": {"type": "string"},
        },
    },
}

OPERATIONS: Final[dict[str, Operation]] = {
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
    "containerImagesEdit": {
        "method": "POST",
        "path": "/v1/images/edits",
        "server": "http://localhost:8000",
        "token": False,
        "parameters": {},
        "body": {"$ref": "#/components/schemas/ContainerImageEditBody"},
        "response": {"$ref": "#/components/schemas/ImageGenerationContainerResult"},
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
}
