"""Builds the documentation's site: the work of `scripts/docs`."""

import sys

from scripts.contract.loading import ROOT
from scripts.website.building import SITE, build


def main() -> int:
    """The exit status: 1 for a broken link, a missing picture, or a request to another host."""
    found = build()
    print("\n".join(found) or f"{ROOT / SITE / 'index.html'}: no request to another host")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
