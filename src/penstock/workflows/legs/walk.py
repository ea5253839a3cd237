"""Walks one leg: from the step an enrollment stands at to the next gate, the next wait or the end.

Pure: everything a step may know comes in, everything it wants written comes out. The runner commits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import structlog

from penstock.actions.action import Effect, StepContext
from penstock.actions.outcome import (
    Fail,
    Failure,
    Outcome,
)
from penstock.crm.schema import ObjectSchema
from penstock.workflows.legs.booking import Skip, as_json, take
from penstock.workflows.legs.lanes import connection_of, first_lane
from penstock.workflows.legs.leg import (
    Arrival,
    Hold,
    Leg,
    Pause,
    Walked,
    Workspace,
    World,
    llm_lane,
)
from penstock.workflows.plan import Node

log = structlog.get_logger(__name__)

# A flow may loop through "Go to"; this ends one that never stops by itself (security R46).
MAX_STEPS_PER_ENROLLMENT = 1000

EVERY_STEP = MAX_STEPS_PER_ENROLLMENT

NOBODY = Workspace()


def walk(leg: Leg, arrival: Arrival, world: World, schema: ObjectSchema, limit: int = EVERY_STEP) -> Walked:
    """Walks `leg` from where it stands, at most `limit` steps; `arrival` brings the first step's outcome, if any."""
    walked = Walked(
        leg,
        status="ACTIVE",
        arrived_at=leg.arrived_at,
        turn=leg.turn,
        next_action_id=leg.next_action_id,
        attempt=leg.attempt,
        steps_taken=leg.steps_taken,
        outputs=dict(leg.outputs),
    )
    if leg.flow_deleted:
        return _end(walked, "CANCELED", Failure("FLOW_DELETED", "The workflow was deleted."))
    if leg.record_archived:
        gone = Failure("RECORD_DELETED", "The record was deleted, so it left the workflow.")
        return _end(walked, "UNENROLLED", gone)
    outcome: Outcome | Pause | Hold | Gate | Skip | None = arrival.outcome
    for _ in range(limit):
        if walked.next_action_id is None:
            break
        node = leg.plan.nodes.get(walked.next_action_id) or _absent(walked.next_action_id)
        if outcome is None:
            outcome = _outcome(node, walked, world, schema)
        if isinstance(outcome, Gate):
            walked.lane = outcome.lane
            return walked
        take(walked, node, outcome, world.now, arrival.called if not walked.steps else None)
        outcome = None
        if walked.status != "ACTIVE" or walked.stands_still:
            return walked
    if walked.next_action_id is None:
        walked.status = "COMPLETED"
    else:
        walked.lane = first_lane(leg.plan.nodes.get(walked.next_action_id), walked.turn)
    return walked


@dataclass(frozen=True, slots=True)
class Gate:
    """The next step belongs to another lane: the leg ends before it."""

    lane: str


def _outcome(node: Node, walked: Walked, world: World, schema: ObjectSchema) -> Outcome | Gate | Skip:
    """What the step comes to when it is run here and now."""
    trouble = _cannot_run(node, walked)
    if trouble is not None:
        return Fail(trouble)
    if not walked.leg.flow_enabled and node.effect not in (Effect.WAIT, Effect.BRANCH):
        return Skip()
    if node.effect is not Effect.LLM:
        return _run(node, walked, world, schema)
    connection = connection_of(node, walked.turn)
    if connection is not None:
        return Gate(llm_lane(connection))
    return Fail(
        Failure(
            "CONNECTION_MISSING",
            "The step names no AI connection.",
            "Choose a connection in the step, then retry on the new revision.",
        )
    )


def step_context(leg: Leg, walked: Walked, world: World, schema: ObjectSchema) -> StepContext:
    """What the step at `walked.next_action_id` gets to see."""
    workspace = world.workspaces.get(leg.workspace_id, NOBODY)
    return StepContext(
        workspace_id=leg.workspace_id,
        flow_id=leg.flow_id,
        flow_name=leg.plan.flow_name,
        revision_id=leg.revision_id,
        enrollment_id=leg.key.enrollment_id,
        record_id=leg.record_id,
        schema=schema,
        values=leg.values,
        outputs=walked.outputs,
        now=world.now,
        people=workspace.people,
        time_zone=workspace.time_zone,
        key=f"{leg.key.enrollment_id}.{leg.key.seq}.{walked.next_action_id}",
    )


def _absent(action_id: str) -> Node:
    return Node(
        action_id, "", None, None, {}, f"The workflow leads to action {action_id}, which it does not have."
    )


def _cannot_run(node: Node, walked: Walked) -> Failure | None:
    if node.unsupported is not None:
        return Failure(
            "UNSUPPORTED_ACTION",
            node.unsupported,
            "Replace the step or mend the way to it, publish, then retry on the new revision.",
        )
    if walked.steps_taken >= MAX_STEPS_PER_ENROLLMENT:
        return Failure(
            "TOO_MANY_STEPS",
            f"The record went through {MAX_STEPS_PER_ENROLLMENT} steps without reaching the end.",
            "Look for a Go to action that leads back without a condition to leave.",
        )
    return None


def _run(node: Node, walked: Walked, world: World, schema: ObjectSchema) -> Outcome:
    try:
        return node.run(step_context(walked.leg, walked, world, schema))
    except Exception as crash:
        # One record's surprise must not stop the others of its batch (R59).
        log.exception("step crashed", action=node.action_type_id, enrollment=walked.leg.key.enrollment_id)
        return Fail(
            Failure(
                "STEP_CRASHED",
                f"The step met an error that Penstock did not expect ({type(crash).__name__}).",
                "Retry; if it happens again, report it with the log of this moment.",
            )
        )


def _end(walked: Walked, status: Literal["CANCELED", "UNENROLLED"], why: Failure) -> Walked:
    walked.status = status
    walked.error = as_json(why)
    return walked
