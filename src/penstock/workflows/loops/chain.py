"""The workflows that led to a change, the oldest first (pure)."""

from __future__ import annotations

from collections.abc import Sequence

# A chain this long without a workflow in it may still be a loop: of more workflows than are remembered.
LONGEST_CHAIN = 100


def longer(chain: Sequence[int], flow_id: int) -> tuple[int, ...]:
    """The chain with one workflow more; the oldest of a very long one are forgotten."""
    return (*chain, flow_id)[-LONGEST_CHAIN:]


def loop_of(flow_id: int, chain: Sequence[int]) -> list[int]:
    """The workflows of the loop that comes back to `flow_id`, in the order in which they start each other."""
    at = len(chain) - 1 - list(reversed(chain)).index(flow_id) if flow_id in chain else 0
    return list(dict.fromkeys(chain[at:])) or [flow_id]


def name_of_loop(flows: Sequence[int]) -> str:
    """The name of a loop: its workflows' ids, the smallest first."""
    return ",".join(map(str, sorted(set(flows))))
