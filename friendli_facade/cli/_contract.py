"""The operations and their arguments, as the contract has them, for the command line.

Written by scripts/generate; never edited. It imports nothing, so help and completion are quick.
"""

from typing import Any, Final, Literal, NamedTuple

Kind = Literal["integer", "number", "string", "boolean", "picture", "json"]


class Field(NamedTuple):
    """An argument of an operation; `rule` and `description` are words for people."""

    name: str
    description: str = ""
    kind: Kind = "string"
    holds: Literal["one", "many", "one or many"] = "one"
    required: bool = False
    nullable: bool = False
    in_body: bool = True
    choices: tuple[str, ...] = ()
    rule: str = ""
    default: Any = None


class Operation(NamedTuple):
    """An operation under its name in the contract, whether it needs a token, what it takes."""

    name: str
    summary: str
    needs_token: bool
    fields: tuple[Field, ...]


OPERATIONS: Final[dict[str, Operation]] = {
    "dedicated.edit": Operation(
        name="dedicatedImagesEdit",
        summary="Edit pictures on a dedicated endpoint",
        needs_token=True,
        fields=(
            Field(
                name="image",
                description="The picture to edit, or a list of pictures.",
                kind="picture",
                holds="one or many",
                required=True,
            ),
            Field(
                name="model",
                description="The endpoint's id, or `id:route` for one of its adapters.",
                required=True,
            ),
            Field(name="prompt", description="What the picture should show.", required=True),
            Field(
                name="x_friendli_team",
                description="Id of the team that the request runs as.",
                in_body=False,
            ),
            Field(
                name="guidance_scale",
                description="How closely the picture follows the prompt; some models ignore it.",
                kind="number",
                nullable=True,
            ),
            Field(
                name="num_inference_steps",
                description="Denoising steps. More steps take longer and show more detail.",
                kind="integer",
                rule="at least 1, at most 50",
                default=20,
            ),
            Field(
                name="response_format",
                description="How the picture comes back.",
                nullable=True,
                choices=("jpeg", "jpg", "png", "raw", "url"),
                default="url",
            ),
            Field(
                name="seed",
                description="Start of the random numbers; the same seed repeats a picture.",
                kind="integer",
                nullable=True,
            ),
        ),
    ),
    "dedicated.generate": Operation(
        name="dedicatedImagesGenerate",
        summary="Draw pictures on a dedicated endpoint",
        needs_token=True,
        fields=(
            Field(
                name="model",
                description="The endpoint's id, or `id:route` for one of its adapters.",
                required=True,
            ),
            Field(name="prompt", description="What the picture should show.", required=True),
            Field(
                name="x_friendli_team",
                description="Id of the team that the request runs as.",
                in_body=False,
            ),
            Field(
                name="control_images",
                description="Pictures that steer the result, for models with a ControlNet.",
                kind="picture",
                holds="many",
                nullable=True,
            ),
            Field(
                name="controlnet_weights",
                description=(
                    "How strongly each control image steers, from none to fully; one weight for "
                    "each."
                ),
                kind="number",
                holds="many",
                nullable=True,
                rule="each at least 0, at most 1",
            ),
            Field(
                name="guidance_scale",
                description="How closely the picture follows the prompt; some models ignore it.",
                kind="number",
                nullable=True,
            ),
            Field(
                name="num_inference_steps",
                description="Denoising steps. More steps take longer and show more detail.",
                kind="integer",
                rule="at least 1, at most 50",
                default=20,
            ),
            Field(
                name="response_format",
                description="How the picture comes back.",
                nullable=True,
                choices=("jpeg", "jpg", "png", "raw", "url"),
                default="url",
            ),
            Field(
                name="seed",
                description="Start of the random numbers; the same seed repeats a picture.",
                kind="integer",
                nullable=True,
            ),
        ),
    ),
    "container.edit": Operation(
        name="containerImagesEdit",
        summary="Edit pictures in a container",
        needs_token=False,
        fields=(
            Field(
                name="image",
                description="The picture to edit, or a list of pictures.",
                kind="picture",
                holds="one or many",
                required=True,
            ),
            Field(name="prompt", description="What the picture should show.", required=True),
            Field(
                name="guidance_scale",
                description="How closely the picture follows the prompt; some models ignore it.",
                kind="number",
                default=0,
            ),
            Field(
                name="model",
                description="The route of an adapter; without it, the container's base model.",
                nullable=True,
            ),
            Field(
                name="num_inference_steps",
                description="Denoising steps. More steps take longer and show more detail.",
                kind="integer",
                rule="at least 1, at most 50",
                default=20,
            ),
            Field(
                name="response_format",
                description="How the picture comes back.",
                nullable=True,
                choices=("jpeg", "raw"),
                default="jpeg",
            ),
            Field(
                name="seed",
                description="Start of the random numbers; the same seed repeats a picture.",
                kind="integer",
                nullable=True,
            ),
        ),
    ),
    "container.generate": Operation(
        name="containerImagesGenerate",
        summary="Draw a picture in a container",
        needs_token=False,
        fields=(
            Field(name="prompt", description="What the picture should show.", required=True),
            Field(
                name="control_images",
                description="Pictures that steer the result, for models with a ControlNet.",
                kind="picture",
                holds="many",
                nullable=True,
            ),
            Field(
                name="controlnet_weights",
                description=(
                    "How strongly each control image steers, from none to fully; one weight for "
                    "each."
                ),
                kind="number",
                holds="many",
                nullable=True,
                rule="each at least 0, at most 1",
            ),
            Field(
                name="guidance_scale",
                description="How closely the picture follows the prompt; some models ignore it.",
                kind="number",
                default=0,
            ),
            Field(
                name="model",
                description="The route of an adapter; without it, the container's base model.",
                nullable=True,
            ),
            Field(
                name="num_inference_steps",
                description="Denoising steps. More steps take longer and show more detail.",
                kind="integer",
                rule="at least 1, at most 50",
                default=20,
            ),
            Field(
                name="response_format",
                description="How the picture comes back.",
                nullable=True,
                choices=("jpeg", "raw"),
                default="jpeg",
            ),
            Field(
                name="seed",
                description="Start of the random numbers; the same seed repeats a picture.",
                kind="integer",
                nullable=True,
            ),
        ),
    ),
}
