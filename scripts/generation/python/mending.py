"""What openapi-python-client writes wrong, whatever the contract, made right.

Its client takes any objects for the arguments of `__exit__`, and hands them to httpx, whose own
are narrower: type checkers of callers who vendor the package refuse that.
"""

from pathlib import Path

from scripts.contract.documents import ContractError

_WRONG = "(self, *args: object, **kwargs: Any) -> None:"
_RIGHT = "(self, *args: Any, **kwargs: Any) -> None:"
_TIMES = 4


def mend(package: Path) -> None:
    """Corrects a package; raises ContractError where the generator does not write so any more."""
    path = package / "client.py"
    text = path.read_text(encoding="utf-8")
    if text.count(_WRONG) != _TIMES:
        raise ContractError(
            f"openapi-python-client writes client.py in another way: see whether {__name__} is "
            "still needed"
        )
    path.write_text(text.replace(_WRONG, _RIGHT), encoding="utf-8")
