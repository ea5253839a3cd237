"""The shapes of runs: rows of lists, counts, the action log, and the page of one run."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import PlainSerializer, WithJsonSchema

from penstock.api.json_body import JsonBody
from penstock.api.shapes import Id, Paging, Shape, Time

Status = Literal["ACTIVE", "WAITING", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"]
StepStatus = Literal["COMPLETED", "FAILED", "SKIPPED", "RETRYING", "WAITING"]

Usd = Annotated[
    Decimal,
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?$"}),
]
"""An amount of US dollars as decimal text: nothing is lost to binary fractions."""


class RunShape(Shape):
    """One record's way through a workflow. `outputs` maps an actionId to that action's outputs.

    `recordName` is the record's value of its type's primary display property. `waitFor` is `time`, `retry`,
    `webhook`, `connection:` with the id of the connection that a paused run waits for, `limit:` with a connection's
    id and a model for a run that waits for its turn there, `batch:` with the id of the connection in whose batch its
    question is (`GET /penstock/v1/batches`), or `cap:` with the id of a cap. `connectionName` is what that connection is called. `wakeAt` of a run that waits for its turn is when it gives up.
    """

    id: Id
    flow_id: Id
    flow_name: str
    revision_id: Id
    record_id: Id
    record_name: str | None
    object_type_id: str
    cause: str
    status: Status
    next_action_id: str | None
    attempt: int
    wait_for: str | None
    connection_name: str | None
    wake_at: Time | None
    outputs: JsonBody
    error: JsonBody | None
    enrolled_at: Time
    updated_at: Time
    finished_at: Time | None


class ListedRun(RunShape):
    """A run of a list, with the title of the action where it stands or failed."""

    next_action_title: str | None


class Runs(Shape):
    """A page of runs, newest first."""

    results: list[ListedRun]
    paging: Paging | None = None


class CountShape(Shape):
    """A number that counting stopped at: with `exact` false there are more than `count`."""

    count: int
    exact: bool


class RunCounts(Shape):
    """Runs of a workflow by where they are. Of those of `waiting`, `paused` wait for a connection to be put right, `atCap`
    for room under a cap, and `awaitingTurn` for their turn within the limits of a connection."""

    active: CountShape
    waiting: CountShape
    paused: CountShape
    at_cap: CountShape
    awaiting_turn: CountShape
    completed: CountShape
    failed: CountShape
    canceled: CountShape
    unenrolled: CountShape


class LoggedStep(Shape):
    """A row of the action log of a workflow; model, tokens and cost are those of an LLM step.

    `branch` is the exit by which the record left a step with several, `error` for the path of failed records.
    """

    id: Id
    enrollment_id: Id
    record_id: Id
    record_name: str | None
    action_id: str
    action_title: str | None
    action_type_id: str
    status: StepStatus
    attempt: int
    started_at: Time
    finished_at: Time
    model: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Usd | None
    latency_ms: int | None
    branch: str | None
    error: JsonBody | None


class ActionLog(Shape):
    """A page of the action log, newest first."""

    results: list[LoggedStep]
    paging: Paging | None = None


class FlowOfRunShape(Shape):
    """The workflow of a run; `document` is HubSpot's flow JSON of the run's revision."""

    name: str
    current_revision_id: Id
    is_enabled: bool
    is_deleted: bool
    document: JsonBody


class PathPartShape(Shape):
    """One stop of a run: the action, the exit it left by (null: the only or default one), the action after it."""

    action_id: str
    branch: str | None
    next_action_id: str | None
    left: bool


class FoundPage(Shape):
    """A page that a web search found and an answer rests on: an http or https address, and a title on one line."""

    url: str
    title: str


class KnowledgeSourceShape(Shape):
    """A passage of a knowledge set that stood in a prompt, under its number there; `place` is document and headings."""

    number: int
    passage_id: Id
    set_id: Id
    document_id: Id
    document: str
    version: int
    place: str


class CallShape(Shape):
    """What an LLM step sent and got; what did not come back or has no price is null. `notKept` are the parts that the
    workflow's log does not keep (any more)."""

    connection_id: Id | None
    connection_name: str | None
    provider: str | None
    model: str | None
    system: str | None
    prompt: str | None
    answer: str | None
    prompt_hash: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Usd | None
    latency_ms: int | None
    knowledge: list[KnowledgeSourceShape]
    not_kept: list[Literal["prompts", "replies", "outputs"]]


class WrittenValueShape(Shape):
    """One value that a step wrote; `id` is the version's in the property history."""

    id: Id
    record_id: Id
    property: str
    label: str | None
    before: str | None
    after: str | None
    at: Time


class MailOfStepShape(Shape):
    """An e-mail that a step queued."""

    id: Id
    status: str
    recipients: list[str]
    subject: str


class WebhookOfStepShape(Shape):
    """A webhook that a step queued; the address goes without its query."""

    id: Id
    status: str
    method: str
    url: str
    response_status: int | None


class StepShape(Shape):
    """One row of the action log of a run, with everything that the step did."""

    id: Id
    action_id: str
    action_title: str | None
    action_type_id: str
    status: StepStatus
    attempt: int
    started_at: Time
    finished_at: Time
    inputs: JsonBody | None
    outputs: JsonBody | None
    detail: JsonBody | None
    error: JsonBody | None
    call: CallShape | None
    values: list[WrittenValueShape]
    mails: list[MailOfStepShape]
    webhooks: list[WebhookOfStepShape]


class EffectShape(Shape):
    """One outside effect; with `attempts` above 1 it may have happened more than once, each time with this key."""

    key: str
    kind: str
    action_id: str | None
    status: str
    attempts: int
    created_at: Time


class RunTotals(Shape):
    """What a run used. `unpricedCalls` are answers whose price is not known; they are not in `costUsd`."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Usd
    unpriced_calls: int
    seconds: float


class RunDetails(ListedRun):
    """A run with its workflow, the way it took, its steps and its outside effects."""

    flow: FlowOfRunShape
    path: list[PathPartShape]
    steps: list[StepShape]
    effects: list[EffectShape]
    totals: RunTotals
