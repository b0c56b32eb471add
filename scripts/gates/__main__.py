"""Whether facade and rules say what the contract says: one line for each difference."""

import sys

from scripts.contract import loading
from scripts.contract.documents import ContractError
from scripts.contract.loading import ROOT
from scripts.contract.plain_text import error_line


def main() -> int:
    """The command line: prints every difference, and exits with 1 where there is one."""
    try:
        document = loading.load(ROOT)
        # Imported here, because after a change of the contract the facade may not even import.
        from friendli_api.rules import OPERATIONS, SCHEMAS

        from scripts.gates import calls, readme_bounds, rules_agreement, signatures

        found = signatures.problems(document, signatures.functions())
        found += rules_agreement.problems(document, OPERATIONS, SCHEMAS)
        found += calls.problems(document)
        found += readme_bounds.problems(document, loading.text_of(ROOT / "README.md"))
        found += loading.wider(ROOT)
    except ContractError as error:
        found = [str(error)]
    except ImportError as error:
        found = [f"{error}: generated/ has changed, so change friendli_facade/ with it"]
    for problem in found:
        print(error_line(problem), file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
