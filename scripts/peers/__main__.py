"""Installs all peers at once: `scripts/setup --peers`."""

import sys
from concurrent.futures import ThreadPoolExecutor
from subprocess import CalledProcessError

from scripts.peers.programs import FOLDER, NAMES, install, install_nginx


def main() -> int:
    """The exit code: 1 where a peer could not be installed; nginx may be missing."""
    failures = 0
    with ThreadPoolExecutor() as threads:
        nginx = threads.submit(install_nginx)
        installations = {name: threads.submit(install, name) for name in NAMES}
        for name, installation in installations.items():
            failure = installation.exception()
            if isinstance(failure, CalledProcessError):
                print(f"{name} cannot be installed:\n{failure.stderr}", file=sys.stderr)
                failures += 1
            elif failure is not None:
                raise failure
        if not nginx.result():
            print("nginx is not installed; its tests are skipped")
    print(f"{len(NAMES) - failures} of {len(NAMES)} peers are in {FOLDER}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
