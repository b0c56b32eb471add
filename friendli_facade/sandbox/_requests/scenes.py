"""From a request's body to the picture that it asks for, or all that is wrong with it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from attrs import evolve

from friendli_facade.sandbox._messages import RefusalError
from friendli_facade.sandbox._pictures.decoding import MOST_PIXELS, UnreadableError
from friendli_facade.sandbox._pictures.drawing import Scene
from friendli_facade.sandbox._pictures.inputs import Input, read
from friendli_facade.sandbox._pictures.store import Store
from friendli_facade.sandbox._requests.operations import Operation
from friendli_facade.sandbox._requests.validation import (
    Path,
    Violation,
    out_of_bounds,
    violation,
    violations,
)


def scene(operation: Operation, body: Any, pictures: Store) -> Scene:
    """The scene that a parsed body asks for; `pictures` are those that its URLs may mean.

    Raises:
        RefusalError: 422 with every violation, 413 for a picture that is too large.
    """
    found = [*violations(operation, body), *_unsaid(operation, _members(body))]
    inputs: dict[Path, Input] = {}
    left = MOST_PIXELS
    for path, text in _texts(operation, _members(body)):
        try:
            inputs[path] = read(text, pictures, left)
            left -= inputs[path].pixels
        except UnreadableError as error:
            found.append(violation("value_error", path, f"Value error, {error}", text))
    if found:
        raise RefusalError(422, found)
    return _scene(operation, body, inputs)


def _scene(operation: Operation, body: Mapping[str, Any], inputs: Mapping[Path, Input]) -> Scene:
    controls = [one for path, one in inputs.items() if path[0] == "control_images"]
    # Looked at only beside control images: an edit knows no such field, and checks none.
    weights = _elements(body.get("controlnet_weights")) if controls else ()
    guidance = operation.argument(body, "guidance_scale")
    seed = body.get("seed")
    scene = Scene(
        prompt=body["prompt"],
        seed=0 if seed is None else int(seed),
        steps=int(operation.argument(body, "num_inference_steps")),
        # A float holds no integer of hundreds of digits.
        guidance=None if guidance is None else float(max(-1e6, min(1e6, guidance))),
        model=body.get("model"),
        inputs=tuple(one for path, one in inputs.items() if path[0] == "image"),
        controls=tuple(zip(controls, map(float, weights or [1.0] * len(controls)), strict=True)),
    )
    if seed is None:
        made_up = int.from_bytes(hashlib.sha256(scene.key.encode()).digest()[:4], "big")
        scene = evolve(scene, seed=made_up)
    return scene


def _unsaid(operation: Operation, body: Mapping[str, Any]) -> Iterator[Violation]:
    """What is wrong with a body by rules that no schema states."""
    if "image" in operation.fields and body.get("image") == []:
        yield out_of_bounds("minItems", 1, ("image",), [])
    weights = body.get("controlnet_weights")
    if "controlnet_weights" in operation.fields and isinstance(weights, list):
        count = len(_elements(weights))
        expected = len(_elements(body.get("control_images")))
        if count != expected:
            message = f"as many items as control_images, {expected}, not {count}"
            yield violation(
                "value_error",
                ("controlnet_weights",),
                f"Value error, List should have {message}",
                weights,
            )


def _texts(operation: Operation, body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where a body holds pictures, and each as text; skips what has another shape."""
    for name in ("image", "control_images"):
        if name not in operation.fields:
            continue
        value = body.get(name)
        places: list[tuple[Path, Any]] = [((name,), value)]
        places += [((name, index), item) for index, item in enumerate(_elements(value))]
        for path, item in places:
            text = _members(item).get("image")
            if isinstance(text, str):
                yield (*path, "image"), text


def _members(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, and nothing of any other."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _elements(value: Any) -> Sequence[Any]:
    return cast("Sequence[Any]", value) if isinstance(value, list) else []
