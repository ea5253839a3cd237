"""In which lane a leg runs: the local one, or that of the LLM connection its first step calls through (pure)."""

from __future__ import annotations

from penstock.actions.action import Effect
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.workflows.legs.leg import LOCAL_LANE, llm_lane
from penstock.workflows.plan import Node


def connection_of(node: Node, turn: int = 0) -> int | None:
    """The id of the connection that an LLM step calls through; None when the step names none.

    `turn` 0 is its first choice, 1 the first of its fallbacks.
    """
    return node.fields.asking(turn).connection_number if isinstance(node.fields, UseCustomLlmFields) else None


def first_lane(node: Node | None, turn: int = 0) -> str:
    """The lane in which a leg that begins at `node` runs: an LLM step goes straight to its connection's lane."""
    if node is None or node.effect is not Effect.LLM:
        return LOCAL_LANE
    connection = connection_of(node, turn)
    return LOCAL_LANE if connection is None else llm_lane(connection)
