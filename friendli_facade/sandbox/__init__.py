"""An embedded Friendli: checks requests against the contract and answers with drawn pictures.

    from friendli_facade.sandbox import Sandbox

    with Sandbox().serve() as server:
        print(server.url)

Or without a port: `Sandbox().http_client()` is an httpx client whose every request it answers.
Either way `Sandbox.requests` has what came in, and `fail_next()` and its like make things go wrong.
"""

try:
    import jsonschema as _jsonschema  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import PIL as _PIL  # noqa: F401  # pyright: ignore[reportUnusedImport]
except ImportError as error:
    raise ImportError(
        f"friendli_facade.sandbox needs {error.name}: pip install 'friendli-facade[sandbox]'",
        name=error.name,
    ) from error

from friendli_facade.sandbox._messages import Request, Response
from friendli_facade.sandbox._sandbox import Sandbox
from friendli_facade.sandbox._serving.server import Server

__all__ = ["Request", "Response", "Sandbox", "Server"]
