"""Everything about one run for its page: the workflow as it was, the way taken, each step with what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from penstock.actions.use_custom_llm_knowledge import logged_sources
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.kit.redact import redact_url
from penstock.workflows.keeping.withheld import NOT_KEPT, PARTS, Part
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_history.path import PathPart, path_of
from penstock.workflows.run_history.titles import plans_of, title_of
from penstock.workflows.runs import EffectRow, Run, Step, get_effects, get_run, get_steps

MOST_VALUES = 2000

FLOW = """
SELECT f.name, f.revision_id AS current_revision_id, f.is_enabled, f.deleted_at IS NOT NULL AS is_deleted, r.document
FROM flows f JOIN flow_revisions r ON r.flow_id = f.id AND r.revision_id = $3 WHERE f.workspace_id = $1 AND f.id = $2
"""
# Served by property_history_of_record: the versions of one record, of which few are older than the run.
VALUES = """
SELECT h.id, h.record_id, h.property, p.label, h.previous_value, h.value, h.at, h.source_detail ->> 'action_id' AS action_id
FROM property_history h
LEFT JOIN records r ON r.id = h.record_id
LEFT JOIN properties p ON p.workspace_id = h.workspace_id AND p.object_type_id = r.object_type_id AND p.name = h.property
WHERE h.workspace_id = $1 AND h.record_id = $2 AND h.source_type = 'AUTOMATION_PLATFORM'
  AND h.source_detail ->> 'enrollment_id' = $3 AND h.at >= $4
ORDER BY h.id LIMIT $5
"""
# Served by mails_of_enrollment and webhook_deliveries_of_enrollment.
MAILS = "SELECT id, key, status, recipients, subject FROM mails WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY id"
WEBHOOKS = """
SELECT id, key, seq, action_id, status, method, url, response_status FROM webhook_deliveries
WHERE workspace_id = $1 AND enrollment_id = $2 ORDER BY id
"""
# Served by llm_calls_of_enrollment; what the ledger says was used, whatever became of the answers.
USED = """
SELECT count(*) AS calls, coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens,
       coalesce(sum(cost_usd), 0) AS cost_usd, count(*) FILTER (WHERE input_tokens IS NOT NULL AND cost_usd IS NULL) AS unpriced
FROM llm_calls WHERE workspace_id = $1 AND enrollment_id = $2
"""
CONNECTION_NAMES = "SELECT id, name FROM connections WHERE workspace_id = $1 AND id = ANY ($2::bigint[])"


@dataclass(frozen=True, slots=True)
class FlowOfRun:
    """The workflow of a run; `document` is that of the run's revision."""

    name: str
    current_revision_id: int
    is_enabled: bool
    is_deleted: bool
    document: JsonObject


@dataclass(frozen=True, slots=True)
class CallOfStep:
    """What an LLM step sent and got. Tokens and cost are None where nothing came back or no price is known; `not_kept`
    are the parts that the workflow's log does not keep (any more), `knowledge` the passages that the prompt held."""

    connection_id: int | None
    connection_name: str | None
    provider: str | None
    model: str | None
    system: str | None
    prompt: str | None
    answer: str | None
    prompt_hash: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Decimal | None
    latency_ms: int | None
    knowledge: tuple[JsonObject, ...] = ()
    not_kept: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """One value that a step wrote; `id` is the version's in the property history."""

    id: int
    record_id: int
    property: str
    label: str | None
    before: str | None
    after: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MailOfStep:
    """An e-mail that a step queued."""

    id: int
    status: str
    recipients: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class WebhookOfStep:
    """A webhook that a step queued. The address goes without its query, which may hold secrets (security R9)."""

    id: int
    status: str
    method: str
    url: str
    response_status: int | None


@dataclass(frozen=True, slots=True)
class StepOfRun:
    """A step with its action's title and everything that it did."""

    step: Step
    title: str | None
    call: CallOfStep | None
    values: tuple[WrittenValue, ...]
    mails: tuple[MailOfStep, ...]
    webhooks: tuple[WebhookOfStep, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run used. `seconds` is from enrollment to its end, or to its last move while it has none."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    unpriced_calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RunPage:
    """Everything about a run."""

    run: Run
    next_title: str | None
    flow: FlowOfRun
    path: tuple[PathPart, ...]
    steps: tuple[StepOfRun, ...]
    effects: tuple[EffectRow, ...]
    totals: Totals


async def read_page(db: Connection, plans: PlanSource, workspace_id: int, run_id: int) -> RunPage:
    """Reads all of one run; a handful of queries, each by an index. Raises NotFound."""
    run = await get_run(db, workspace_id, run_id)
    key = (run.flow_id, run.revision_id)
    plan = (await plans_of(db, plans, [key])).get(key)
    steps = await get_steps(db, workspace_id, run_id)
    flow = await db.fetchrow(FLOW, workspace_id, *key)
    values = await db.fetch(VALUES, workspace_id, run.record_id, str(run_id), run.enrolled_at, MOST_VALUES)
    mails = await db.fetch(MAILS, workspace_id, run_id)
    webhooks = await db.fetch(WEBHOOKS, workspace_id, run_id)
    used = await db.fetchrow(USED, workspace_id, run_id)
    assert flow is not None and used is not None  # noqa: S101, PT018 - a run has its flow, and a sum its row
    names = await _connection_names(db, workspace_id, steps)
    written = _by_step(steps, values)
    return RunPage(
        run=run,
        next_title=title_of(plan, run.next_action_id),
        flow=FlowOfRun(**dict(flow.items())),
        path=tuple(path_of(run, steps, plan)),
        steps=tuple(
            StepOfRun(
                step=step,
                title=title_of(plan, step.action_id),
                call=_call(step, names),
                values=tuple(written.get(step.id, ())),
                mails=tuple(_mail(mail) for mail in mails if mail["key"] == _key(run_id, step)),
                webhooks=tuple(_webhook(hook) for hook in webhooks if _of_step(hook, run_id, step)),
            )
            for step in steps
        ),
        effects=tuple(await get_effects(db, workspace_id, run_id)),
        totals=Totals(
            used["calls"],
            used["input_tokens"],
            used["output_tokens"],
            used["cost_usd"],
            used["unpriced"],
            ((run.finished_at or run.updated_at) - run.enrolled_at).total_seconds(),
        ),
    )


def _key(run_id: int, step: Step) -> str:
    return f"{run_id}.{step.seq}.{step.action_id}"


def _of_step(hook: Row, run_id: int, step: Step) -> bool:
    """A webhook belongs to the step that queued it and to the row that its reply made, one fence value later."""
    answered = hook["seq"] == step.seq and hook["action_id"] == step.action_id
    return bool(hook["key"] == _key(run_id, step) or answered)


def _by_step(steps: Sequence[Step], values: Sequence[Row]) -> dict[int, list[WrittenValue]]:
    """The values of each step: written by its action, in the commit that ended it."""
    found: dict[int, list[WrittenValue]] = {}
    for row in values:
        for step in steps:
            if step.action_id == row["action_id"] and step.finished_at >= row["at"]:
                found.setdefault(step.id, []).append(
                    WrittenValue(
                        row["id"],
                        row["record_id"],
                        row["property"],
                        row["label"],
                        row["previous_value"],
                        row["value"],
                        row["at"],
                    )
                )
                break
    return found


async def _connection_names(db: Connection, workspace_id: int, steps: Sequence[Step]) -> dict[int, str]:
    ids = {number for step in steps if (number := _number((step.inputs or {}).get("connection_id")))}
    if not ids:
        return {}
    return {row["id"]: row["name"] for row in await db.fetch(CONNECTION_NAMES, workspace_id, sorted(ids))}


def _call(step: Step, names: dict[int, str]) -> CallOfStep | None:
    """The call of an LLM step, which is the kind of step whose inputs hold a prompt, or held one."""
    inputs, outputs, detail = step.inputs or {}, step.outputs or {}, step.detail or {}
    not_kept = detail.get(NOT_KEPT)
    if "prompt" not in inputs and not (not_kept and "model" in inputs):
        return None
    tokens = detail.get("tokens")
    used = tokens if isinstance(tokens, dict) else {}
    cost = detail.get("cost_usd")
    connection_id = _number(inputs.get("connection_id"))
    return CallOfStep(
        connection_id=connection_id,
        connection_name=names.get(connection_id or 0),
        provider=_text(detail.get("provider")),
        model=_text(detail.get("model") or inputs.get("model")),
        system=_text(inputs.get("system_prompt")),
        prompt=_text(inputs.get("prompt")),
        answer=_text(outputs.get("text") or detail.get("answer")),
        prompt_hash=_text(detail.get("prompt_hash")),
        input_tokens=_number(used.get("input")),
        output_tokens=_number(used.get("output")),
        cost_usd=Decimal(cost) if isinstance(cost, str) else None,
        latency_ms=_number(detail.get("latency_ms")),
        knowledge=logged_sources(detail.get("knowledge")),
        not_kept=tuple(part for part in PARTS if isinstance(not_kept, list) and part in not_kept),
    )


def _mail(row: Row) -> MailOfStep:
    return MailOfStep(row["id"], row["status"], tuple(row["recipients"]), row["subject"])


def _webhook(row: Row) -> WebhookOfStep:
    return WebhookOfStep(
        row["id"], row["status"], row["method"], redact_url(row["url"]), row["response_status"]
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Json) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return round(value) if isinstance(value, (int, float)) else None
