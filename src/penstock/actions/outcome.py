"""What a step comes to: `Done | Wait | Retry | Fail`, a value that carries everything the step wants written.

An action never touches the database or the network; it returns its writes, and the runner commits them
together with the cursor, so that a step's effect and the memory of it cannot come apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from penstock.kit.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class SetProperties:
    """Write these values (already normalised; None clears) to the enrolled record."""

    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class QueueMail:
    """Put one e-mail into the outbox; `key` makes a repeated leg find it there already."""

    recipients: tuple[str, ...]
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class QueueWebhook:
    """Put one webhook delivery into the outbox; the secret is named, never carried."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    secret_name: str | None = None
    secret_location: Literal["HEADER", "QUERY_PARAM"] | None = None
    secret_header: str | None = None


Write = SetProperties | QueueMail | QueueWebhook


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step did not come off: a stable code, a sentence for people, and what to do about it."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The step is finished. `branch` names the exit taken by a branch; None is the only or default exit."""

    outputs: JsonObject = field(default_factory=dict)
    writes: tuple[Write, ...] = ()
    branch: str | None = None
    inputs: JsonObject | None = None
    detail: JsonObject | None = None  # warnings, dropped parameters, tokens, cost


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One declared field of an answer as a person looks at it: `doubtful` when the model is less sure (0 to 1) than
    `threshold`. `options` are (value, label) pairs of a choice; `fallback` stands in when the answer is rejected."""

    name: str
    label: str
    type: str
    value: Json
    confidence: float | None = None
    threshold: float | None = None
    doubtful: bool = False
    options: tuple[tuple[str, str], ...] = ()
    fallback: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """A doubtful answer that somebody must look at before the record goes on. `outputs` are what the step would put
    out, `seen` the record's values at the time of the question."""

    fields: tuple[ReviewField, ...]
    outputs: JsonObject
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """The record stays here until `until`, or until `wait_for` reports back through the runner.

    A step that waits for a review says in `review` what is to be looked at.
    """

    until: datetime | None = None
    wait_for: Literal["time", "webhook", "review"] = "time"
    writes: tuple[Write, ...] = ()
    inputs: JsonObject | None = None
    detail: JsonObject | None = None
    review: ReviewWish | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """A passing trouble: try the same step again after `seconds` (None: the runner's back-off decides)."""

    failure: Failure
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Fail:
    """The step cannot succeed without someone changing something; the enrollment needs attention."""

    failure: Failure
    inputs: JsonObject | None = None
    detail: JsonObject | None = None


Outcome = Done | Wait | Retry | Fail
