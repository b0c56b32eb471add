"""`python -m friendli_facade` is the command `friendli-facade`."""

import sys

from friendli_facade.cli import main

if __name__ == "__main__":
    sys.exit(main())
