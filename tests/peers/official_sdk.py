"""Friendli's own SDK as a program: calls come in as lines of JSON, results go out.

It runs where the SDK is installed, and nothing of this project is.
"""

import asyncio
import json
import sys
from functools import cache
from importlib import import_module
from typing import Any

friendli: Any = import_module("friendli")
utils: Any = import_module("friendli.utils")
models: Any = import_module("friendli.models")
LOOP = asyncio.Runner()


def main() -> None:
    """Answers each call until there are no more."""
    for line in sys.stdin:
        print(json.dumps(outcome(json.loads(line))), flush=True)


def outcome(call: dict[str, Any]) -> dict[str, Any]:
    """What comes of a call: the result as JSON, or the error's class, status and body."""
    # Its containers ignore the server of the client.
    arguments = {**call["arguments"], "server_url": call["server_url"], "retries": None}
    if interval := call["retries"]:
        waits = utils.BackoffStrategy(interval, interval, 1.0, 60_000)
        arguments["retries"] = utils.RetryConfig("backoff", waits, False)
    if length := call["picture_of"]:
        arguments["image"] = {"image": "A" * length}
    try:
        result = method(client(call["kind"], call["token"]), call["operation"])(**arguments)
        if call["kind"] == "AsyncFriendli":
            result = LOOP.run(result)
    except models.SDKError as error:
        return {"error": type(error).__name__, "status": error.status_code, "body": error.body}
    except Exception as error:  # whatever it is, the test is to tell
        return {"error": type(error).__name__, "status": None, "body": str(error)}
    return {"result": result.model_dump(mode="json"), "type": type(result).__name__}


@cache
def client(kind: str, token: str | None) -> Any:
    """One for all calls: it reads the certificates of all authorities."""
    return getattr(friendli, kind)(token=token)


def method(client: Any, operation: str) -> Any:
    """The method behind dots."""
    for name in operation.split("."):
        client = getattr(client, name)
    return client


if __name__ == "__main__":
    main()
