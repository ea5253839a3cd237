"""Walks one leg: from the step an enrollment stands at to the next gate, the next wait or the end.

Pure: everything a step may know comes in, everything it wants written comes out. The runner commits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from penstock.actions.action import Effect, StepContext
from penstock.actions.outcome import (
    Done,
    Fail,
    Failure,
    Outcome,
    QueueMail,
    QueueWebhook,
    Retry,
    SetProperties,
    Wait,
    Write,
)
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.crm.records import PropertyWrite
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.kit.json import JsonObject
from penstock.workflows.legs.backoff import DEFAULT_MAX_ATTEMPTS, spread_of, wait_before
from penstock.workflows.legs.leg import (
    LOCAL_LANE,
    Arrival,
    Called,
    KeyedMail,
    KeyedWebhook,
    Leg,
    Pause,
    StepRow,
    StepStatus,
    Walked,
    Workspace,
    World,
    llm_lane,
    pause_for,
)
from penstock.workflows.plan import Node, next_action

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
    outcome: Outcome | Pause | Gate | Skip | None = arrival.outcome
    for _ in range(limit):
        if walked.next_action_id is None:
            break
        node = leg.plan.nodes.get(walked.next_action_id) or _absent(walked.next_action_id)
        if outcome is None:
            outcome = _outcome(node, walked, world, schema)
        if isinstance(outcome, Gate):
            walked.lane = outcome.lane
            return walked
        _take(walked, node, outcome, world.now, arrival.called if not walked.steps else None)
        outcome = None
        if walked.status != "ACTIVE":
            return walked
    if walked.next_action_id is None:
        walked.status = "COMPLETED"
    else:
        walked.lane = first_lane(leg.plan.nodes.get(walked.next_action_id))
    return walked


@dataclass(frozen=True, slots=True)
class Gate:
    """The next step belongs to another lane: the leg ends before it."""

    lane: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The step is passed over because the workflow is turned off."""


def _outcome(node: Node, walked: Walked, world: World, schema: ObjectSchema) -> Outcome | Gate | Skip:
    """What the step comes to when it is run here and now."""
    trouble = _cannot_run(node, walked)
    if trouble is not None:
        return Fail(trouble)
    if not walked.leg.flow_enabled and node.effect not in (Effect.WAIT, Effect.BRANCH):
        return Skip()
    if node.effect is not Effect.LLM:
        return _run(node, walked, world, schema)
    connection = connection_of(node)
    if connection is not None:
        return Gate(llm_lane(connection))
    return Fail(
        Failure(
            "CONNECTION_MISSING",
            "The step names no AI connection.",
            "Choose a connection in the step, then retry on the new revision.",
        )
    )


def connection_of(node: Node) -> int | None:
    """The id of the connection that an LLM step calls through; None when the step names none."""
    return node.fields.connection_number if isinstance(node.fields, UseCustomLlmFields) else None


def first_lane(node: Node | None) -> str:
    """The lane in which a leg that begins at `node` runs: an LLM step goes straight to its connection's lane."""
    if node is None or node.effect is not Effect.LLM:
        return LOCAL_LANE
    connection = connection_of(node)
    return LOCAL_LANE if connection is None else llm_lane(connection)


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


def _take(
    walked: Walked, node: Node, outcome: Outcome | Pause | Skip, now: datetime, called: Called | None
) -> None:
    """Books one outcome: the step's row, its writes, and where the record stands after it."""
    book = _Book(walked, node, called.started_at if called is not None else now)
    match outcome:
        case Done():
            detail = outcome.detail
            if node.effect is Effect.BRANCH:
                detail = {**(detail or {}), "branch": outcome.branch}
            book.add("COMPLETED", outcome.inputs, outcome.outputs, detail)
            _write(walked, outcome.writes, outcome.detail)
            if outcome.outputs:
                walked.outputs[node.action_id] = outcome.outputs
            walked.attempt = 0
            walked.error = None
            walked.steps_taken += 1
            walked.next_action_id = next_action(node, outcome)
        case Skip():
            # HubSpot: a workflow that is off lets the records inside go on, but skips what is not a delay.
            off = Failure("FLOW_OFF", "The workflow is turned off, so the step was skipped.")
            book.add("SKIPPED", error=_as_json(off))
            walked.steps_taken += 1
            walked.next_action_id = next_action(node, Done())
        case Wait():
            book.add("WAITING", outcome.inputs)
            _write(walked, outcome.writes, None)
            _wait(walked, node, outcome)
        case Pause():
            _pause(walked, node, outcome, book)
        case Retry():
            _retry(walked, node, outcome, now, book)
        case Fail():
            _fail(walked, node, outcome, book)


def _wait(walked: Walked, node: Node, outcome: Wait) -> None:
    walked.status = "WAITING"
    walked.wait_for = outcome.wait_for
    walked.wake_at = outcome.until
    walked.attempt = 0
    if outcome.wait_for == "time":
        walked.steps_taken += 1
        walked.next_action_id = next_action(node, outcome)
        walked.lane = first_lane(walked.leg.plan.nodes.get(walked.next_action_id or ""))


def _pause(walked: Walked, node: Node, outcome: Pause, book: _Book) -> None:
    error: JsonObject = {**_as_json(outcome.failure), "connection_id": str(outcome.connection_id)}
    book.add("WAITING", outcome.inputs, error=error)
    walked.status = "WAITING"
    walked.wait_for = pause_for(outcome.connection_id)
    walked.wake_at = None
    walked.lane = first_lane(node)
    walked.error = {**error, "action_id": walked.next_action_id}


def _retry(walked: Walked, node: Node, outcome: Retry, now: datetime, book: _Book) -> None:
    attempt = walked.attempt + 1
    most = node.fields.max_attempts if isinstance(node.fields, UseCustomLlmFields) else None
    if attempt >= (most or DEFAULT_MAX_ATTEMPTS):
        tried = f"{outcome.failure.message} Tried {attempt} times."
        remedy = outcome.failure.remedy or "Retry when the cause is gone."
        _fail(walked, node, Fail(Failure(outcome.failure.code, tried, remedy)), book)
        return
    seconds = wait_before(attempt, outcome.seconds, spread_of(walked.leg.step_key))
    error = {**_as_json(outcome.failure), "retry_in_seconds": round(seconds, 3)}
    book.add("RETRYING", error=error)
    walked.status = "WAITING"
    walked.wait_for = "retry"
    walked.wake_at = now + timedelta(seconds=seconds)
    walked.attempt = attempt
    walked.lane = first_lane(node)
    walked.error = error


def _fail(walked: Walked, node: Node, outcome: Fail, book: _Book) -> None:
    error = {**_as_json(outcome.failure), "action_id": walked.next_action_id}
    book.add("FAILED", outcome.inputs, detail=outcome.detail, error=error)
    walked.status = "FAILED"
    walked.error = error
    walked.lane = first_lane(node)


def _end(walked: Walked, status: Literal["CANCELED", "UNENROLLED"], why: Failure) -> Walked:
    walked.status = status
    walked.error = _as_json(why)
    return walked


@dataclass(frozen=True, slots=True)
class _Book:
    """Writes the rows of the action log for one step."""

    walked: Walked
    node: Node
    started_at: datetime

    def add(
        self,
        status: StepStatus,
        inputs: JsonObject | None = None,
        outputs: JsonObject | None = None,
        detail: JsonObject | None = None,
        error: JsonObject | None = None,
    ) -> None:
        """Adds the step's row; the attempt is counted from 1."""
        self.walked.steps.append(
            StepRow(
                action_id=self.node.action_id,
                action_type_id=self.node.action_type_id,
                status=status,
                attempt=self.walked.attempt + 1,
                started_at=self.started_at,
                inputs=inputs,
                outputs=outputs or None,
                detail=detail,
                error=error,
            )
        )


def _write(walked: Walked, writes: tuple[Write, ...], detail: JsonObject | None) -> None:
    leg = walked.leg
    action = walked.next_action_id or ""
    key = f"{leg.key.enrollment_id}.{leg.key.seq}.{action}"
    for write in writes:
        match write:
            case SetProperties():
                source = _source(walked, detail)
                for name, value in write.values.items():
                    walked.property_writes.append(PropertyWrite(leg.record_id, name, value, source))
                    if value is None:
                        leg.values.pop(name, None)
                    else:
                        leg.values[name] = value
            case QueueMail():
                walked.mails.append(KeyedMail(key, action, write))
            case QueueWebhook():
                walked.webhooks.append(KeyedWebhook(key, leg.key.seq + 1, action, write))


def _source(walked: Walked, detail: JsonObject | None) -> Source:
    """Who wrote a value: workflow, revision, action, and the model and prompt whose answer was written."""
    leg = walked.leg
    origin: JsonObject = {
        "flow_id": str(leg.flow_id),
        "revision_id": str(leg.revision_id),
        "action_id": walked.next_action_id,
        "enrollment_id": str(leg.key.enrollment_id),
        **(detail or {}),
    }
    return Source("AUTOMATION_PLATFORM", str(leg.flow_id), leg.plan.flow_name, origin, depth=leg.depth + 1)


def _as_json(failure: Failure) -> JsonObject:
    return {"code": failure.code, "message": failure.message, "remedy": failure.remedy}
