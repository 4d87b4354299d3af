"""Free ports for servers under test."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

# Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): a server
# that is killed and started again finds its port free, and nobody who knocks meanwhile is connected to himself.
LOWEST, HIGHEST = 20_000, 32_000
ATTEMPTS = 200


def free_port() -> int:
    """Return a port that nobody listens on right now and that no outgoing connection takes."""
    dice = random.SystemRandom()
    for _ in range(ATTEMPTS):
        port = dice.randrange(LOWEST, HIGHEST)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no free port between {LOWEST} and {HIGHEST}")
