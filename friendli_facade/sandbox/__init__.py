"""An embedded Friendli: checks requests against the contract and answers with drawn pictures.

    from friendli_facade.sandbox import Sandbox

    with Sandbox().serve() as server:
        print(server.url)

Or without a port: `Sandbox().http_client()` is an httpx client whose every request it answers.
Either way `Sandbox.requests` has what came in, and `fail_next()` and its like make things go wrong.
"""

from importlib.util import find_spec as _find_spec

for _name in ("PIL", "arabic_reshaper", "bidi", "h11", "jsonschema"):
    if _find_spec(_name) is None:
        raise ImportError(
            f"friendli_facade.sandbox needs {_name}: pip install 'friendli-facade[sandbox]'",
            name=_name,
        )

# After the check, so that it is the first to fail.
from friendli_facade.sandbox._messages import Request, Response  # noqa: E402
from friendli_facade.sandbox._sandbox import Sandbox  # noqa: E402
from friendli_facade.sandbox._serving.server import Server  # noqa: E402

__all__ = ["Request", "Response", "Sandbox", "Server"]
