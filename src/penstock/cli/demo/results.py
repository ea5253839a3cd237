"""What came of the demo's runs: how many are done, what they cost, and each record's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

# By primary key and llm_calls_of_enrollment; a few dozen runs.
PROGRESS = """
SELECT count(*) FILTER (WHERE e.status = 'COMPLETED') AS completed,
       count(*) FILTER (WHERE e.status IN ('FAILED', 'CANCELED', 'UNENROLLED')) AS failed,
       count(*) FILTER (WHERE e.attempt > 0 AND e.status IN ('ACTIVE', 'WAITING')) AS retrying,
       coalesce(sum(c.tokens), 0)::bigint AS tokens, coalesce(sum(c.under_way), 0)::bigint AS under_way
FROM enrollments e
LEFT JOIN LATERAL (
    SELECT sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) AS tokens,
           count(*) FILTER (WHERE status = 'started') AS under_way
    FROM llm_calls WHERE enrollment_id = e.id) c ON true
WHERE e.workspace_id = $1 AND e.id = ANY ($2::bigint[])
"""

# Served by enrollments_one_at_a_time.
UNDER_WAY = """
SELECT id FROM enrollments
WHERE workspace_id = $1 AND flow_id = $2 AND record_id = ANY ($3::bigint[]) AND status IN ('ACTIVE', 'WAITING') ORDER BY id
"""

ANSWERS = """
SELECT e.id AS run_id, e.record_id, e.status, e.error, r.properties, c.model, c.tokens, c.cost_usd, s.seconds
FROM enrollments e
JOIN records r ON r.id = e.record_id
LEFT JOIN LATERAL (
    SELECT max(model) AS model, sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::bigint AS tokens,
           sum(cost_usd) AS cost_usd
    FROM llm_calls WHERE enrollment_id = e.id) c ON true
LEFT JOIN LATERAL (
    SELECT sum((detail ->> 'latency_ms')::float8) / 1000 AS seconds
    FROM steps WHERE enrollment_id = e.id AND action_type_id = '1-1000') s ON true
WHERE e.workspace_id = $1 AND e.id = ANY ($2::bigint[]) ORDER BY e.id
"""

MAILS = "SELECT status, count(*) AS mails FROM mails WHERE workspace_id = $1 AND enrollment_id = ANY ($2::bigint[]) GROUP BY status"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a group of runs is."""

    completed: int
    failed: int
    retrying: int
    under_way: int  # model calls on the wire now
    tokens: int

    @property
    def ended(self) -> int:
        """Runs that need no further work."""
        return self.completed + self.failed


@dataclass(frozen=True, slots=True)
class Answer:
    """One record's way through *Triage complaints*: what the model said, and what a person had said."""

    run_id: int
    record_id: int
    status: str
    error: JsonObject | None
    company: str
    product: str | None  # the model's, by its short label
    label: str | None  # the person's, by its short label
    urgency: str | None
    summary: str | None
    model: str | None
    tokens: int
    cost_usd: float | None
    seconds: float | None  # that the model took, without waiting for its turn

    @property
    def agrees(self) -> bool:
        """Whether model and person chose the same product."""
        return self.product is not None and self.product == self.label


async def standing(db: Connection, workspace_id: int, run_ids: Sequence[int]) -> Standing:
    """How far these runs are."""
    [row] = await db.fetch(PROGRESS, workspace_id, list(run_ids))
    return Standing(**dict(row.items()))


async def under_way(db: Connection, workspace_id: int, flow_id: int, record_ids: Sequence[int]) -> list[int]:
    """The runs that these records are on in a flow now: fresh ones, and those that an interrupted demo left."""
    return [row["id"] for row in await db.fetch(UNDER_WAY, workspace_id, flow_id, list(record_ids))]


async def answers(
    db: Connection, workspace_id: int, run_ids: Sequence[int], labels: Mapping[str, str]
) -> list[Answer]:
    """The answers of these runs, in the order of enrollment. `labels` are the products' labels by value."""
    found = []
    for row in await db.fetch(ANSWERS, workspace_id, list(run_ids)):
        values: dict[str, str] = row["properties"]
        found.append(
            Answer(
                run_id=row["run_id"],
                record_id=row["record_id"],
                status=row["status"],
                error=row["error"],
                company=values.get("company_name", ""),
                product=_label(values.get("ai_product"), labels),
                label=_label(values.get("complaint_product"), labels),
                urgency=values.get("ai_urgency"),
                summary=values.get("ai_summary"),
                model=row["model"],
                tokens=row["tokens"] or 0,
                cost_usd=float(row["cost_usd"]) if row["cost_usd"] is not None else None,
                seconds=row["seconds"],
            )
        )
    return found


def _label(value: str | None, labels: Mapping[str, str]) -> str | None:
    return None if value is None else labels.get(value, value)


async def mails(db: Connection, workspace_id: int, run_ids: Sequence[int]) -> dict[str, int]:
    """How many e-mails these runs caused, by status (kept: readable in the outbox, no SMTP server is set)."""
    return {row["status"]: row["mails"] for row in await db.fetch(MAILS, workspace_id, list(run_ids))}


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the demo and how long it took."""

    name: str
    seconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the demo has to show; with `--json` this is its document."""

    flow_id: int
    provider: str
    model: str
    answers: tuple[Answer, ...]
    mails: dict[str, int]
    phases: tuple[Phase, ...]
    finished_at: datetime

    @property
    def failed(self) -> list[Answer]:
        """The runs that did not complete."""
        return [answer for answer in self.answers if answer.status != "COMPLETED"]

    @property
    def agreement(self) -> tuple[int, int]:
        """How many answers agree with the person's label, out of how many that have both."""
        both = [answer for answer in self.answers if answer.product and answer.label]
        return sum(answer.agrees for answer in both), len(both)
