"""Says more where Python refuses a call: which argument was meant, or how to write it.

Python's own words stay, and those of ours come after them where they are no guess.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import wraps
from inspect import Parameter, iscoroutinefunction, isfunction, signature
from types import FunctionType
from typing import Any

# What other libraries call an argument: ours, and how to say it.
_ELSEWHERE = {
    "api_key": ("token", "token"),
    "api_base": ("server_url", "server_url"),
    "base_url": ("server_url", "server_url"),
    "max_retries": ("retries", "retries, a utils.RetryConfig or None,"),
    "retry_config": ("retries", "retries"),
    "timeout_ms": ("timeout", "timeout, which is in seconds,"),
    "client": ("http_client", "http_client"),
    "async_client": ("http_client", "http_client, an httpx.AsyncClient of an AsyncFriendli,"),
    "default_headers": ("http_headers", "http_headers"),
    "extra_headers": ("http_headers", "http_headers"),
    "cfg_scale": ("guidance_scale", "guidance_scale"),
    "output_format": ("response_format", "response_format"),
    "endpoint_id": ("model", "model"),
    "team_id": ("x_friendli_team", "x_friendli_team"),
}
_ONE_PICTURE = (
    "one call makes one picture, of the size that the model has; friendli_facade.batch makes many"
)
# What no argument of an operation is for, and what is there in its place.
_NOWHERE = {
    **dict.fromkeys(("n", "num_images", "num_images_per_prompt"), _ONE_PICTURE),
    **dict.fromkeys(("size", "width", "height", "aspect_ratio"), _ONE_PICTURE),
    "image": "edit(image=...) changes a picture, and control_images=[...] steer a new one",
}


class NamedArguments:
    """A class whose methods take their arguments by name, and say which one was meant.

    They are written out in full, for editors and type checkers; each is wrapped when its class is
    made, and looks the same to `inspect`.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if isfunction(method) and _is_named(method):
                wrapped = _async_explained if iscoroutinefunction(method) else _explained
                setattr(cls, name, wrapped(method))


def _is_named(method: FunctionType) -> bool:
    """Whether a method takes arguments, and all of them by name."""
    code = method.__code__
    return code.co_argcount == 1 and code.co_kwonlyargcount > 0


def _explained(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: object, /, *given: Any, **named: Any) -> Any:
        try:
            return method(self, *given, **named)
        except TypeError as error:
            _explain(error, self, method, given, named)
            raise
        finally:
            # A traceback with local variables shows them once, and not here too.
            del self, given, named

    return call


def _async_explained(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    async def call(self: object, /, *given: Any, **named: Any) -> Any:
        try:
            return await method(self, *given, **named)
        except TypeError as error:
            _explain(error, self, method, given, named)
            raise
        finally:
            del self, given, named

    return call


def _explain(
    error: TypeError,
    instance: object,
    method: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> None:
    """Adds hints to the words of an error, if these arguments are why the method was not begun."""
    if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
        return  # it was begun
    kind, name = type(instance), method.__name__
    is_made = name == "__init__"
    name, shown = (kind.__name__, kind.__name__) if is_made else (name, f"{kind.__name__}.{name}")
    words = str(error).replace(method.__qualname__, shown)
    _, *parameters = signature(method).parameters.values()
    if given:
        hints = [_written(name, parameters)]
    else:
        hints = list(_hints(named, parameters))
        if not is_made:
            made_with = signature(kind).parameters.keys() - {one.name for one in parameters}
            hints += _of_another(named, made_with, kind.__name__)
    error.args = ("; ".join((words, *hints)),)


def _written(name: str, parameters: Sequence[Parameter]) -> str:
    """A call with the arguments that it needs; with the first, if it needs none."""
    needed = [parameter for parameter in parameters if parameter.default is Parameter.empty]
    arguments = ", ".join(f"{parameter.name}=..." for parameter in needed or parameters[:1])
    return f"name its arguments, as in {name}({arguments})"


def _hints(named: Mapping[str, Any], parameters: Sequence[Parameter]) -> Iterator[str]:
    """What was meant by each unknown name, where that can be told."""
    names = [parameter.name for parameter in parameters]
    hints: dict[str, None] = {}
    for unknown in named:
        if unknown in names:
            continue
        if "prompt" in names and unknown in _NOWHERE:
            hints[f"{unknown}: {_NOWHERE[unknown]}"] = None
        elif meant := _nearest(unknown, names):
            hints[f"did you mean {meant} for {unknown}?"] = None
    yield from hints


def _of_another(named: Mapping[str, Any], made_with: Collection[str], kind: str) -> Iterator[str]:
    """Which arguments an instance is made with, and has from then on."""
    for unknown in named:
        meant = _ELSEWHERE.get(unknown, (unknown, ""))[0]
        if meant in made_with:
            yield f"{meant} is for {kind}({meant}=...) alone: make another one"


def _nearest(unknown: str, names: Sequence[str]) -> str | None:
    ours, said = _ELSEWHERE.get(unknown, ("", ""))
    if ours in names:
        return said
    words = set(unknown.split("_"))
    found = [name for name in names if len(unknown) > 3 and words <= set(name.split("_"))]
    if not found:
        from difflib import get_close_matches

        found = get_close_matches(unknown, names, n=1, cutoff=0.8)
    return found[0] if len(found) == 1 else None
