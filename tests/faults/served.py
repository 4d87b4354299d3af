"""`python -m tests.faults.served PORT`: the application of the environment's settings on a port, until it is killed."""

from __future__ import annotations

import sys

import waitress

from contest import create_app


def main() -> None:
    """Serve; nothing is migrated and nothing is printed."""
    waitress.serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident="")


if __name__ == "__main__":
    main()
