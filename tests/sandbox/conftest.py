from collections.abc import Iterator

import pytest

from friendli_facade.sandbox import Sandbox, Server


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Sandbox().serve() as server:
        yield server
