"""Books what a step came to: its rows in the action log, its writes, and where the record stands after it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.actions.action import Effect
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
from penstock.actions.use_custom_llm_failure import ERROR_EXIT
from penstock.crm.records import PropertyWrite
from penstock.crm.source import Source
from penstock.kit.json import JsonObject
from penstock.workflows.legs.backoff import DEFAULT_MAX_ATTEMPTS, spread_of, wait_before
from penstock.workflows.legs.lanes import first_lane
from penstock.workflows.legs.leg import (
    Called,
    Hold,
    KeyedMail,
    KeyedWebhook,
    Pause,
    StepRow,
    StepStatus,
    Walked,
    limit_for,
    pause_for,
)
from penstock.workflows.loops.chain import longer
from penstock.workflows.plan import Node, next_action


@dataclass(frozen=True, slots=True)
class Skip:
    """The step is passed over because the workflow is turned off."""


def take(
    walked: Walked, node: Node, outcome: Outcome | Pause | Hold | Skip, now: datetime, called: Called | None
) -> None:
    """Books one outcome: the step's row, its writes, and where the record stands after it."""
    rows = _Rows(walked, node, called.started_at if called is not None else now)
    arrived_at, walked.arrived_at = walked.arrived_at or now, None
    turn, walked.turn = walked.turn, 0
    fields = node.fields
    if isinstance(fields, UseCustomLlmFields) and (failure := _passed_on(fields, outcome, turn)) is not None:
        walked.arrived_at, walked.turn = arrived_at, turn + 1
        _ask_another(walked, node, fields, failure, rows)
        return
    if isinstance(outcome, Pause | Hold | Retry):
        walked.arrived_at = arrived_at
        walked.turn = turn if isinstance(outcome, Hold) else 0
    match outcome:
        case Done():
            detail = outcome.detail
            if node.effect is Effect.BRANCH:
                detail = {**(detail or {}), "branch": outcome.branch}
            rows.add("COMPLETED", outcome.inputs, outcome.outputs, detail)
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
            rows.add("SKIPPED", error=as_json(off))
            walked.steps_taken += 1
            walked.next_action_id = next_action(node, Done())
        case Wait():
            rows.add("WAITING", outcome.inputs, detail=outcome.detail)
            _write(walked, outcome.writes, None)
            _wait(walked, node, outcome)
        case Pause():
            _pause(walked, node, outcome, rows)
        case Hold():
            _hold(walked, node, outcome, rows)
        case Retry():
            _retry(walked, node, outcome, now, rows)
        case Fail():
            _fail(walked, node, outcome, rows)


def _passed_on(
    fields: UseCustomLlmFields, outcome: Outcome | Pause | Hold | Skip, turn: int
) -> Failure | None:
    """The failure after which another model of the step's list is asked at once; None when none is."""
    if isinstance(outcome, Done | Wait | Skip) or outcome.failure is None:
        return None
    return outcome.failure if fields.falls_back(outcome.failure.code, turn) else None


def _ask_another(
    walked: Walked, node: Node, fields: UseCustomLlmFields, failure: Failure, rows: _Rows
) -> None:
    """The record stays at the step, and its next leg asks the next model; no attempt is used up."""
    asked, following = fields.asking(walked.turn - 1).model, fields.asking(walked.turn).model
    error: JsonObject = {
        **as_json(failure),
        "asks_another": walked.turn,
        "model": asked,
        "next_model": following,
    }
    rows.add("RETRYING", error=error)
    walked.lane = first_lane(node, walked.turn)
    walked.error = {**error, "action_id": walked.next_action_id}
    walked.stands_still = True


def _wait(walked: Walked, node: Node, outcome: Wait) -> None:
    walked.status = "WAITING"
    walked.wait_for = outcome.wait_for
    walked.review = outcome.review
    walked.wake_at = outcome.until
    walked.attempt = 0
    if outcome.wait_for == "time":
        walked.steps_taken += 1
        walked.next_action_id = next_action(node, outcome)
        walked.lane = first_lane(walked.leg.plan.nodes.get(walked.next_action_id or ""))


def _pause(walked: Walked, node: Node, outcome: Pause, rows: _Rows) -> None:
    error: JsonObject = {**as_json(outcome.failure), "connection_id": str(outcome.connection_id)}
    rows.add("WAITING", outcome.inputs, error=error)
    walked.status = "WAITING"
    walked.wait_for = pause_for(outcome.connection_id)
    walked.wake_at = None
    walked.lane = first_lane(node)
    walked.error = {**error, "action_id": walked.next_action_id}


def _hold(walked: Walked, node: Node, outcome: Hold, rows: _Rows) -> None:
    walked.status = "WAITING"
    walked.wait_for = limit_for(outcome.connection_id, outcome.model)
    walked.wake_at = _deadline(walked, node)
    walked.lane = first_lane(node, walked.turn)
    if outcome.failure is not None:
        error: JsonObject = as_json(outcome.failure)
        rows.add("WAITING", error=error)
        walked.error = {**error, "action_id": walked.next_action_id}


def _deadline(walked: Walked, node: Node) -> datetime | None:
    """When the run gives up waiting at the step."""
    if walked.arrived_at is None or not isinstance(node.fields, UseCustomLlmFields):
        return None
    return walked.arrived_at + timedelta(seconds=node.fields.deadline)


def _retry(walked: Walked, node: Node, outcome: Retry, now: datetime, rows: _Rows) -> None:
    attempt = walked.attempt + 1
    most = node.fields.max_attempts if isinstance(node.fields, UseCustomLlmFields) else None
    if attempt >= (most or DEFAULT_MAX_ATTEMPTS):
        tried = f"{outcome.failure.message} Tried {attempt} times."
        remedy = outcome.failure.remedy or "Retry when the cause is gone."
        _fail(walked, node, Fail(Failure(outcome.failure.code, tried, remedy)), rows)
        return
    seconds = wait_before(attempt, outcome.seconds, spread_of(walked.leg.step_key))
    deadline = _deadline(walked, node)
    if deadline is not None and now + timedelta(seconds=seconds) > deadline:
        _fail(walked, node, Fail(deadline_passed(node.fields, outcome.failure)), rows)
        return
    error = {**as_json(outcome.failure), "retry_in_seconds": round(seconds, 3)}
    rows.add("RETRYING", error=error)
    walked.status = "WAITING"
    walked.wait_for = "retry"
    walked.wake_at = now + timedelta(seconds=seconds)
    walked.attempt = attempt
    walked.lane = first_lane(node)
    walked.error = error


def _fail(walked: Walked, node: Node, outcome: Fail, rows: _Rows) -> None:
    error = {**as_json(outcome.failure), "action_id": walked.next_action_id}
    if ERROR_EXIT in node.exits:
        rows.add(
            "FAILED", outcome.inputs, detail={**(outcome.detail or {}), "branch": ERROR_EXIT}, error=error
        )
        walked.outputs[node.action_id] = {
            "error_code": outcome.failure.code,
            "error_message": outcome.failure.message,
        }
        walked.attempt = 0
        walked.error = None
        walked.steps_taken += 1
        walked.next_action_id = node.exits[ERROR_EXIT]
        return
    rows.add("FAILED", outcome.inputs, detail=outcome.detail, error=error)
    walked.status = "FAILED"
    walked.error = error
    walked.lane = first_lane(node)


def deadline_passed(fields: object, last: Failure | None = None) -> Failure:
    """The failure of a step whose deadline is over, after the trouble that it met last."""
    seconds = fields.deadline if isinstance(fields, UseCustomLlmFields) else 0.0
    waited = f" Before that: {last.message}" if last is not None else ""
    return Failure(
        "DEADLINE_PASSED",
        f"The step did not get its answer within {seconds:,.0f} seconds, which is how long it may take.{waited}",
        "Retry when the provider has room again, or let the step give up later.",
    )


@dataclass(frozen=True, slots=True)
class _Rows:
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
    return Source(
        "AUTOMATION_PLATFORM",
        str(leg.flow_id),
        leg.plan.flow_name,
        origin,
        depth=leg.depth + 1,
        chain=longer(leg.chain, leg.flow_id),
        root_id=leg.root_id,
    )


def as_json(failure: Failure) -> JsonObject:
    """A failure as the rows keep it."""
    return {"code": failure.code, "message": failure.message, "remedy": failure.remedy}
