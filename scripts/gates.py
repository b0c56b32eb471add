"""Whether facade and rules say what the contract says: one line for each difference."""

import sys

from friendli_api.rules import OPERATIONS, SCHEMAS

from scripts import constraints, contract, signatures
from scripts.contract import ROOT, ContractError


def main() -> int:
    """The command line: prints every difference, and exits with 1 where there is one."""
    try:
        document = contract.load(ROOT)
        found = signatures.problems(document, signatures.functions())
        found += constraints.problems(document, OPERATIONS, SCHEMAS)
    except ContractError as error:
        found = [str(error)]
    for problem in found:
        print(problem, file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
