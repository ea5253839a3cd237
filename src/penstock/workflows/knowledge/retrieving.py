"""Finds what the knowledge sets of LLM steps hold about their records, before the prompts are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from penstock.actions.action import StepContext
from penstock.actions.outcome import Failure
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.actions.use_custom_llm_knowledge import (
    MOST_PASSAGES,
    is_asked_for,
    query_of,
    set_ids,
    within_budget,
)
from penstock.kit.database import Connection
from penstock.knowledge.search import Retrieved, search
from penstock.knowledge.sets import revisions_of
from penstock.workflows.plan import Plan

Asking = tuple[UseCustomLlmFields, StepContext]


async def retrieve(db: Connection, workspace_id: int, asking: Sequence[Asking]) -> list[StepContext]:
    """The contexts of these steps, in their order, with the passages for each; one search for equal sets and numbers.

    Steps without a place for passages keep theirs. A set that is gone becomes the failure of its steps.
    """
    contexts = [context for _, context in asking]
    groups: dict[tuple[tuple[int, ...], int], list[int]] = {}
    for place, (fields, _) in enumerate(asking):
        if fields.knowledge and is_asked_for(fields):
            wanted = (tuple(set_ids(fields)), max(1, min(fields.passages, MOST_PASSAGES)))
            groups.setdefault(wanted, []).append(place)
    for (ids, number), places in groups.items():
        there = await revisions_of(db, workspace_id, ids)
        if missing := [one for one in ids if one not in there]:
            for place in places:
                contexts[place] = replace(contexts[place], retrieved=_gone(missing[0]))
            continue
        state = ",".join(f"{one}:{there[one]}" for one in sorted(there))
        found = await search(db, workspace_id, ids, [query_of(*asking[place]) for place in places], number)
        for place, passages in zip(places, found, strict=True):
            retrieved = within_budget(Retrieved(tuple(passages), state), asking[place][0].knowledge_tokens)
            contexts[place] = replace(contexts[place], retrieved=retrieved)
    return contexts


async def with_knowledge(db: Connection, plan: Plan, action_id: str, context: StepContext) -> StepContext:
    """The context of one action of a plan with the passages for it; as it is for other actions."""
    node = plan.nodes.get(action_id)
    if node is None or not isinstance(node.fields, UseCustomLlmFields):
        return context
    [found] = await retrieve(db, context.workspace_id, [(node.fields, context)])
    return found


def _gone(set_id: int) -> Failure:
    return Failure(
        "KNOWLEDGE_NOT_FOUND",
        f"The knowledge set {set_id} that this step answers from is not there any more.",
        "Choose another set in the step, publish, then retry on the new revision.",
    )
