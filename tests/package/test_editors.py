"""What an editor, a notebook and a mock see of the installed package."""

import inspect
import typing
from collections.abc import Generator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import jedi  # pyright: ignore[reportMissingTypeStubs]
import pytest

from friendli_facade import AsyncFriendli, SyncFriendli, models
from scripts.contract.loading import ROOT, load
from tests.package.language_server import LanguageServer, serving

pytestmark = pytest.mark.slow

KINDS = ("Sync", "Async")
SURFACES = ("dedicated", "container")
METHODS = ("generate", "edit")
GENERATE = [
    *("model", "prompt", "x_friendli_team", "num_inference_steps", "guidance_scale", "seed"),
    *("response_format", "control_images", "controlnet_weights"),
    *("retries", "server_url", "timeout", "http_headers"),
]


def made(kind: str) -> str:
    """Code that makes a client."""
    return f"from friendli_facade import {kind}Friendli\nclient = {kind}Friendli()\n"


def called(kind: str) -> str:
    """Code that has a result."""
    if kind == "Sync":
        return f"{made(kind)}result = client.dedicated.image.generate(model='m', prompt='p')\n"
    return (
        f"{made(kind)}async def draw():\n"
        "    result = await client.dedicated.image.generate(model='m', prompt='p')\n    "
    )


@pytest.fixture(scope="module")
def editor(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Any]:
    """Jedi on the environment that has the wheel: what IPython, Spyder and vim complete with."""
    untyped: Any = jedi
    python = untyped.create_environment(str(environment / "venv"), safe=False)

    def script(code: str) -> Any:
        return untyped.Script(code, path=str(environment / "asked.py"), environment=python)

    with pytest.MonkeyPatch.context() as patch:
        # Its files of a user's cache are half written while another process writes them, and stay
        # so where that was killed.
        patch.setattr(untyped.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield script


def completed(editor: Any, code: str) -> list[str]:
    """The names without an underscore that are offered at the end of `code`."""
    return [found.name for found in editor(code).complete() if not found.name.startswith("_")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_offers_its_resources_and_how_to_close_it(editor: Any, kind: str) -> None:
    """After `client.` an editor lists the client's API, and nothing else."""
    close = "close" if kind == "Sync" else "aclose"
    assert completed(editor, f"{made(kind)}client.") == [
        *(close, "container", "dedicated", "with_options")
    ]
    for surface in SURFACES:
        assert completed(editor, f"{made(kind)}client.{surface}.") == ["image"]
        assert completed(editor, f"{made(kind)}client.{surface}.image.") == ["edit", "generate"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_offers_its_arguments(editor: Any, kind: str) -> None:
    """Inside the brackets an editor shows every argument, its type and its docstring."""
    (signature,) = editor(f"{made(kind)}client.dedicated.image.generate(").get_signatures()
    shown = [parameter.name for parameter in signature.params]
    assert [name for name in shown if name not in {"self", "*"}] == GENERATE
    assert 'Literal["jpeg", "jpg", "png", "raw", "url"]' in signature.to_string()
    assert "At least 1, at most 50." in " ".join(signature.docstring().split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_is_followed_to_its_end(editor: Any, kind: str) -> None:
    """After `result.` and `result.images[0].` an editor lists what is there."""
    public = [name for name in dir(models.DedicatedImageGenerateSuccess) if name[0] != "_"]
    assert set(completed(editor, f"{called(kind)}result.")) == {*public, "images"}
    offered = completed(editor, f"{called(kind)}result.images[0].")
    assert {"read", "save", "to_pil", "aread", "asave", "ato_pil", "seed", "url"} <= set(offered)


def test_the_package_offers_its_public_names(editor: Any) -> None:
    """After `friendli_facade.` an editor lists what is promised."""
    offered = completed(editor, "import friendli_facade\nfriendli_facade.")
    assert {"SyncFriendli", "AsyncFriendli", "FriendliError", "models", "utils"} <= set(offered)


@pytest.fixture(scope="module")
def server(
    environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[LanguageServer]:
    """Pyright's language server, as VS Code and others run it."""
    folder = tmp_path_factory.mktemp("editor")
    with serving(folder, environment / "venv" / "bin" / "python") as server:
        yield server


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", METHODS)
def test_hovering_over_a_method_shows_it(server: LanguageServer, kind: str, name: str) -> None:
    """A language server calls it a method, with its arguments, their values and its docstring."""
    hover = server.hover(f"{made(kind)}client.dedicated.image.{name}")
    assert hover.startswith(f"(method) def {name}(")
    assert "num_inference_steps: int | Unset | None = UNSET" in hover
    assert "response_format: Unset | Literal['jpeg', 'jpg', 'png', 'raw', 'url'] | None" in hover
    result = "DedicatedImageGenerateSuccess"
    assert f"-> {result if kind == 'Sync' else f'CoroutineType[Any, Any, {result}]'}" in hover
    assert "At least 1, at most 50." in " ".join(hover.split())


@pytest.mark.parametrize("kind", KINDS)
def test_going_to_a_definition_ends_at_the_method(server: LanguageServer, kind: str) -> None:
    """Not in what binds it, nor in a decorator."""
    found = server.definition(f"{made(kind)}client.container.image.edit")
    assert found == [("_resources.py", f"{'async ' * (kind == 'Async')}def edit(")]


@pytest.mark.parametrize("kind", KINDS)
def test_hovering_over_a_resource_or_a_picture_shows_it(server: LanguageServer, kind: str) -> None:
    """Its type, and what is said of it."""
    resource = server.hover(f"{made(kind)}client.dedicated")
    assert f"dedicated: {kind}Dedicated" in resource
    assert "Friendli's dedicated endpoints." in resource
    seed = server.hover(f"{called(kind)}result.images[0].seed")
    assert "seed: int | None" in seed
    assert "The seed that it was drawn with." in seed
    assert "Where it lies" in server.hover(f"{called(kind)}result.images[0].url")
    assert "What Friendli calls" in server.hover(f"{called(kind)}result.images[0].response_format")
    assert "in the order of the answer" in server.hover(f"{called(kind)}result.images")


@pytest.mark.parametrize("client", [SyncFriendli, AsyncFriendli])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", METHODS)
def test_the_running_program_sees_the_same(client: Any, surface: str, name: str) -> None:
    """`inspect.signature`, `typing.get_type_hints` and `help` have every argument."""
    method = getattr(getattr(client(token="t"), surface).image, name)
    signature = inspect.signature(method)
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    hints = typing.get_type_hints(method)
    assert hints.keys() == {*signature.parameters, "return"}
    assert hints["return"].__name__ == f"{surface.title()}ImageGenerateSuccess"
    assert inspect.iscoroutinefunction(method) == (client is AsyncFriendli)
    assert all(f"{name}:" in method.__doc__ for name in signature.parameters)


def test_a_mock_refuses_what_the_client_refuses() -> None:
    """`create_autospec` knows every method, its arguments, and whether it is awaited."""
    mock = create_autospec(SyncFriendli, instance=True)
    mock.dedicated.image.generate(model="m", prompt="p")
    with pytest.raises(TypeError, match="positional"):
        mock.dedicated.image.generate("p")
    with pytest.raises(TypeError, match="prompt"):
        mock.container.image.edit(image="i")
    with pytest.raises(AttributeError):
        mock.dedicated.image.draw(prompt="p")
    asynchronous = create_autospec(AsyncFriendli, instance=True)
    assert inspect.iscoroutinefunction(asynchronous.container.image.generate)


def test_docstrings_have_the_bounds_of_the_contract() -> None:
    """Each number that the contract sets for an argument stands in the method's docstring."""
    schema = load(ROOT)["components"]["schemas"]["DedicatedImageGenerationBody"]
    steps = schema["properties"]["num_inference_steps"]
    text = SyncFriendli(token="t").dedicated.image.generate.__doc__ or ""
    words = " ".join(text.split())
    assert f"At least {steps['minimum']}, at most {steps['maximum']}." in words
    assert f"Left to the server, it is {steps['default']}." in words
