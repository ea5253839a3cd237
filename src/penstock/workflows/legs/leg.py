"""The words of the runner: a leg that was loaded, and what walking it came to."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from penstock.actions.action import UTC_ZONE
from penstock.actions.outcome import Failure, Outcome, QueueMail, QueueWebhook, ReviewWish
from penstock.crm.records import PropertyWrite
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.llm.result import Source
from penstock.workflows.keeping.keeping import FOR_EVER, Keeping
from penstock.workflows.plan import Plan

EnrollmentStatus = Literal["ACTIVE", "WAITING", "COMPLETED", "FAILED", "CANCELED", "UNENROLLED"]
StepStatus = Literal["COMPLETED", "FAILED", "SKIPPED", "RETRYING", "WAITING"]

LOCAL_LANE = "local"


def llm_lane(connection_id: int) -> str:
    """The name of the queue for calls through one LLM connection."""
    return f"llm-{connection_id}"


PAUSED_FOR = "connection:"


def pause_for(connection_id: int) -> str:
    """The `wait_for` of runs that stand still until a connection is put right."""
    return f"{PAUSED_FOR}{connection_id}"


LIMITED_FOR = "limit:"


def limit_for(connection_id: int, model: str) -> str:
    """The `wait_for` of runs that wait for their turn at a model, within the limits of its connection."""
    return f"{LIMITED_FOR}{connection_id}:{model}"


CAPPED_FOR = "cap:"


def cap_for(cap_id: int) -> str:
    """The `wait_for` of runs that wait for room under a cap."""
    return f"{CAPPED_FOR}{cap_id}"


@dataclass(frozen=True, slots=True)
class LegKey:
    """An enrollment at one fence value: a job for a leg that has moved on finds nothing under its key."""

    enrollment_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class LegJob:
    """A leg to be run, and the lane it belongs to."""

    lane: str
    key: LegKey


class Enqueue(Protocol):
    """Puts legs into their lanes inside the caller's transaction, batched per lane; the engine provides it."""

    def __call__(self, db: Connection, jobs: Sequence[LegJob]) -> Awaitable[None]: ...


@dataclass(slots=True)
class Leg:
    """An enrollment with everything its next steps need; `values` are the record's properties as strings.

    `arrived_at` is when the run came to the step, if it had to wait there; `permit_in` in how many seconds the
    call of the step may go out, if that is settled. `turn` counts the models that an LLM step has asked in vain.
    `batch`: its LLM steps go through the provider's batch API.
    """

    key: LegKey
    workspace_id: int
    flow_id: int
    revision_id: int
    record_id: int
    next_action_id: str | None
    attempt: int
    steps_taken: int
    depth: int
    outputs: dict[str, JsonObject]
    plan: Plan
    flow_enabled: bool
    flow_deleted: bool
    object_type_id: str = ""
    record_archived: bool = False
    values: dict[str, str] = field(default_factory=dict)
    arrived_at: datetime | None = None
    permit_in: float | None = None
    turn: int = 0
    chain: tuple[int, ...] = ()
    root_id: int | None = None
    batch: bool = False
    keeping: Keeping = FOR_EVER

    @property
    def step_key(self) -> str:
        """The stable key of the step the leg stands at, sent along with every outside effect of it."""
        return f"{self.key.enrollment_id}.{self.key.seq}.{self.next_action_id}"


@dataclass(frozen=True, slots=True)
class AnswerToKeep:
    """A model's answer that identical calls may be answered with for `seconds`."""

    key: bytes
    text: str
    model: str
    seconds: float
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """What an LLM call cost, when it began and how long it took, for the ledger, the step's row and the figures."""

    call_key: str
    started_at: datetime
    provider: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: str | None
    succeeded: bool
    connection_id: int = 0
    seconds: float = 0.0
    answer: AnswerToKeep | None = None
    searches: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """The connection of an LLM step needs attention: the record stays at the step until that is over.

    No attempt is used up, and whoever puts the connection right lets all its records go on (see `engine.pump`).
    """

    connection_id: int
    failure: Failure
    inputs: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The provider or the limits of the connection have no room for the call: the record waits for its turn.

    No attempt is used up; `engine.pump` lets it on, or its deadline ends it.
    """

    connection_id: int
    model: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An outcome that came from outside (an LLM's answer, a webhook's reply) for the step a leg stands at.

    `unmade` is the key of a call that was claimed in the ledger and then not made; `capped` says that something was
    reserved for the call.
    """

    key: LegKey
    outcome: Outcome | Pause | Hold | None = None
    called: Called | None = None
    unmade: str | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the action log."""

    action_id: str
    action_type_id: str
    status: StepStatus
    attempt: int
    started_at: datetime
    inputs: JsonObject | None
    outputs: JsonObject | None
    detail: JsonObject | None
    error: JsonObject | None


@dataclass(frozen=True, slots=True)
class KeyedMail:
    """A mail to queue with the key that makes it the same mail however often the leg runs."""

    key: str
    action_id: str
    mail: QueueMail


@dataclass(frozen=True, slots=True)
class KeyedWebhook:
    """A webhook to queue; `seq` is the fence value at which the enrollment waits for its reply."""

    key: str
    seq: int
    action_id: str
    webhook: QueueWebhook


@dataclass(slots=True)
class Walked:
    """Where a leg got to and what it wants written; nothing of it is in the database yet.

    `stands_still`: the leg ends at the step where it stands, whose next leg is enqueued at once.
    """

    leg: Leg
    status: EnrollmentStatus
    next_action_id: str | None
    lane: str = LOCAL_LANE
    arrived_at: datetime | None = None
    turn: int = 0
    attempt: int = 0
    steps_taken: int = 0
    wait_for: str | None = None
    wake_at: datetime | None = None
    outputs: dict[str, JsonObject] = field(default_factory=dict)
    error: JsonObject | None = None
    stands_still: bool = False
    steps: list[StepRow] = field(default_factory=list)
    property_writes: list[PropertyWrite] = field(default_factory=list)
    mails: list[KeyedMail] = field(default_factory=list)
    webhooks: list[KeyedWebhook] = field(default_factory=list)
    review: ReviewWish | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the steps of one workspace may know of it: its time zone, and users' e-mail addresses by user id."""

    time_zone: ZoneInfo = UTC_ZONE
    people: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """What steps may know besides their record: the time, and their workspace."""

    now: datetime
    workspaces: Mapping[int, Workspace]
