"""The examples of the pages that the project was created from run as they stand there."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from friendli_facade import models
from tests import examples

FOLDER = os.environ.get("FRIENDLI_SEEDS", "")
EXAMPLE = re.compile(r'operationID="(\w+)".*?```python\n(.*?)^```', re.MULTILINE | re.DOTALL)


def seeds() -> list[tuple[str, str]]:
    """The operation and the code of each example; none where the pages are not at hand."""
    pages = sorted(Path(FOLDER).glob("*.md")) if FOLDER else []
    return [match for page in pages for match in EXAMPLE.findall(page.read_text(encoding="utf-8"))]


pytestmark = pytest.mark.skipif(
    not seeds(), reason="FRIENDLI_SEEDS does not name the folder of the seed pages"
)


def facade(code: str) -> str:
    """The example with its import line changed, and nothing else."""
    assert code.count("\nfrom friendli import") == 1
    return code.replace("\nfrom friendli import", "\nfrom friendli_facade import")


def asynchronous(code: str) -> str:
    """The example as its reader would write it for AsyncFriendli."""
    head, _, body = facade(code).partition("with SyncFriendli")
    body = body.replace("res = friendli.", "res = await friendli.")
    main = indent(f"async with AsyncFriendli{body}\nreturn res\n", "    ")
    head = "import asyncio\n" + head.replace("SyncFriendli", "AsyncFriendli")
    return f"{head}async def main():\n{main}\nres = asyncio.run(main())\n"


def test_there_are_four_examples() -> None:
    """The pages hold one example for each operation."""
    assert [operation for operation, _ in seeds()] == [
        "containerImagesGenerate",
        "containerImagesEdit",
        "dedicatedImagesGenerate",
        "dedicatedImagesEdit",
    ]


@pytest.mark.parametrize("form", [facade, asynchronous])
@pytest.mark.parametrize(("operation", "code"), seeds())
def test_the_example_runs(
    operation: str,
    code: str,
    form: Callable[[str], str],
    sandboxed: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each example prints a result, in its sync form as written and in its async form."""
    result = examples.run(form(code), operation)["res"]
    dedicated = operation.startswith("dedicated")
    kind = (
        models.DedicatedImageGenerateSuccess if dedicated else models.ContainerImageGenerateSuccess
    )
    assert isinstance(result, kind)
    assert capsys.readouterr().out == f"{result!r}\n"
