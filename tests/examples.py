"""Runs examples of documentation."""

from typing import Any


def run(code: str, name: str) -> dict[str, Any]:
    """The names that a piece of code leaves behind."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, name, "exec"), names)
    return names
