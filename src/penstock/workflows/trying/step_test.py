"""Tries one step of a document on a record: nothing is written, mailed or sent, models are really asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from penstock.actions.use_custom_llm_failure import ERROR_EXIT
from penstock.errors import Conflict, NotFound
from penstock.kit.json import JsonObject
from penstock.workflows.document import FlowDocument
from penstock.workflows.dry_run import DryRun, dry_run_on, load_subject
from penstock.workflows.dry_run import Trying as Trying
from penstock.workflows.plan import Node, Plan
from penstock.workflows.plan import compile as compile_plan


async def try_step(
    trying: Trying,
    document: FlowDocument,
    flow_id: int,
    action_id: str,
    record_id: int,
    *,
    run_earlier: bool = False,
    outputs: Mapping[str, JsonObject] | None = None,
) -> DryRun:
    """Runs the step of `action_id` alone, with `outputs` of earlier steps by actionId.

    With `run_earlier` the record walks from the first step to this one instead, so that its outputs are the real
    ones. The step is the last of the result's `steps`. Raises NotFound for an unknown action or record, and
    Conflict when the record takes a way that does not lead to the step.
    """
    plan = ending_at(compile_plan(document, flow_id, document.header.name or "", 0), action_id)
    subject = await load_subject(trying, plan, record_id)
    tried = await dry_run_on(trying, plan, subject, start=None if run_earlier else action_id, outputs=outputs)
    if tried.steps and tried.steps[-1].action_id != action_id and tried.status != "FAILED":
        raise Conflict(
            f"This record takes a way that does not lead to step {action_id}.",
            remedy="Choose a record that gets there, or test the step without the steps before it.",
        )
    return tried


async def try_flow(trying: Trying, document: FlowDocument, flow_id: int, record_id: int) -> DryRun:
    """Walks the whole document with a record. Raises NotFound for an unknown record."""
    plan = compile_plan(document, flow_id, document.header.name or "", 0)
    return await dry_run_on(trying, plan, await load_subject(trying, plan, record_id))


def ending_at(plan: Plan, action_id: str) -> Plan:
    """The plan cut off behind one action. Raises NotFound for an action that it does not have."""
    node = plan.nodes.get(action_id)
    if node is None:
        raise NotFound(
            f"The document has no action {action_id}.", remedy="Send the document that holds the action."
        )
    # Without its path for failed records: what failed is what the test is to say.
    exits: Mapping[str | None, str | None] = dict.fromkeys(name for name in node.exits if name != ERROR_EXIT)
    nodes: dict[str, Node] = {**plan.nodes, action_id: replace(node, exits=exits)}
    return replace(plan, nodes=nodes)
