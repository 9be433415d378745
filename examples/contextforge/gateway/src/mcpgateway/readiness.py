"""Whether the stores that plugins keep their state in can be reached.

The gateway itself keeps no state. Where `DATABASE_URL` or `REDIS_URL` is set, it is ready only
when something listens there.
"""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

STORES = {"DATABASE_URL": 5432, "REDIS_URL": 6379}
TIMEOUT_SECONDS = 2


def unreachable() -> list[str]:
    """The names of the variables whose store does not accept a connection."""
    return [name for name, port in STORES.items() if not _reachable(os.environ.get(name), port)]


def _reachable(url: str | None, default_port: int) -> bool:
    if not url:
        return True
    try:
        parts = urlsplit(url)
        address = (parts.hostname or "localhost", parts.port or default_port)
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS):
            return True
    except (OSError, ValueError):
        return False
