"""How many connections this process may have open at a time.

Each call in flight is a connection, and each connection an open file. Many systems start processes with a soft
limit of 1,024, which they may raise themselves up to the hard limit (setrlimit(2)).
"""

from __future__ import annotations

import resource

ENOUGH = 16_384  # for 10,000 calls in flight beside the database, webhooks, mail and the screens


def allow_connections(wanted: int = ENOUGH) -> int:
    """Raises this process's limit of open files to `wanted`, or as far as it may; returns what holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    best = wanted if hard == infinite else min(wanted, hard)
    if soft != infinite and soft < best:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
        except (ValueError, OSError):  # a sandbox may forbid it; then what was there stays
            return soft
        return best
    return best if soft == infinite else soft
