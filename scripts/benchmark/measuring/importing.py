"""What a line of code costs in a fresh interpreter, printed as JSON: an import, most of all."""

import sys

from scripts.benchmark.measuring.cost import Cost


def main() -> None:
    """The command line: the code."""
    code, before = sys.argv[1], len(sys.modules)
    cost = Cost()
    exec(code, {})  # noqa: S102
    sample = {**cost.sample(), "modules": len(sys.modules) - before}
    import json

    print(json.dumps(sample))
