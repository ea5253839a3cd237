"""Sources of values for people: names instead of ids, and for a workflow its step, model and prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Plan
from penstock.workflows.run_history.titles import plans_of, title_of

SourceKind = Literal["person", "api_token", "import", "workflow", "command_line", "penstock", "unknown"]


@dataclass(frozen=True, slots=True)
class RawSource:
    """A source as it is stored with a value; a change stores neither label nor detail."""

    type: str
    id: str
    label: str = ""
    detail: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """The step of a workflow that wrote a value.

    `model` and `prompt_hash` are there when a model answered it, with `asked_*` naming the step that asked, and
    `confidence` (0 to 1) when the model said how sure it was.
    """

    flow_id: str
    flow_name: str
    revision_id: str | None = None
    action_id: str | None = None
    step_title: str | None = None
    step_number: int | None = None
    run_id: str | None = None
    provider: str | None = None
    model: str | None = None
    connection_id: str | None = None
    prompt_hash: str | None = None
    confidence: float | None = None
    asked_action_id: str | None = None
    asked_step_title: str | None = None
    asked_step_number: int | None = None


@dataclass(frozen=True, slots=True)
class ReadableSource:
    """Who or what wrote a value. `undo_of` is the version that was taken back, `undo_id` the undo that it was part of,
    `bulk_edit_id` the edit of many."""

    kind: SourceKind
    id: str
    name: str
    undo_of: str | None = None
    undo_id: str | None = None
    bulk_edit_id: str | None = None
    workflow: WorkflowStep | None = None


# All by primary key; each source is looked up in its own table only.
NAMES = """
SELECT 'user' AS kind, id, coalesce(nullif(trim(first_name || ' ' || last_name), ''), email) AS name
FROM users WHERE workspace_id = $1 AND id = ANY ($2::bigint[])
UNION ALL SELECT 'token', id, name FROM api_tokens WHERE workspace_id = $1 AND id = ANY ($3::bigint[])
UNION ALL SELECT 'import', id, name FROM imports WHERE workspace_id = $1 AND id = ANY ($4::bigint[])
UNION ALL SELECT 'flow', id, name FROM flows WHERE workspace_id = $1 AND id = ANY ($5::bigint[])
"""
# Served by llm_calls_of_enrollment.
CALLS = """
SELECT DISTINCT ON (enrollment_id, action_id) enrollment_id, action_id, provider, model, connection_id
FROM llm_calls WHERE workspace_id = $1 AND enrollment_id = ANY ($2::bigint[])
ORDER BY enrollment_id, action_id, started_at DESC
"""
TABLES = {"CRM_UI": "user", "API": "token", "IMPORT": "import", "AUTOMATION_PLATFORM": "flow"}


async def readable(
    db: Connection, plans: PlanSource, workspace_id: int, sources: Sequence[RawSource]
) -> list[ReadableSource]:
    """The sources for people, in the order given, with at most three queries however many they are."""
    wanted: dict[str, set[int]] = {kind: set() for kind in TABLES.values()}
    for source in sources:
        number = _number(source.id.removeprefix("userId:"))
        if source.type in TABLES and number is not None:
            wanted[TABLES[source.type]].add(number)
    names: dict[tuple[str, int], str] = {}
    if any(wanted.values()):
        lists = [sorted(wanted[kind]) for kind in ("user", "token", "import", "flow")]
        for row in await db.fetch(NAMES, workspace_id, *lists):
            names[row["kind"], row["id"]] = row["name"]
    details = [source.detail or {} for source in sources if source.type == "AUTOMATION_PLATFORM"]
    revisions = {
        (flow, revision)
        for detail in details
        if (flow := _number(detail.get("flow_id"))) and (revision := _number(detail.get("revision_id")))
    }
    compiled = await plans_of(db, plans, revisions) if revisions else {}
    runs = sorted({run for detail in details if (run := _number(detail.get("enrollment_id"))) is not None})
    calls: dict[tuple[int, str], JsonObject] = {}
    if runs:
        for row in await db.fetch(CALLS, workspace_id, runs):
            calls[row["enrollment_id"], row["action_id"]] = dict(row.items())
    return [_readable(source, names, compiled, calls) for source in sources]


def _readable(
    source: RawSource,
    names: dict[tuple[str, int], str],
    plans: object,
    calls: dict[tuple[int, str], JsonObject],
) -> ReadableSource:
    identity = source.id.removeprefix("userId:")
    number = _number(identity)
    table = TABLES.get(source.type, "")
    found = names.get((table, number)) if number is not None else None
    # The name at the time of writing is kept with a value; a change has only the id.
    name = source.label or found or ""
    detail = source.detail or {}
    workflow = None
    kind: SourceKind = "unknown"
    match source.type:
        case "CRM_UI":
            kind = "person" if source.id.startswith("userId:") else "command_line"
        case "API":
            kind = "api_token"
        case "IMPORT":
            kind = "import"
        case "AUTOMATION_PLATFORM":
            kind = "workflow"
            name = found or name
            workflow = _step(identity, name, detail, plans, calls)
    return ReadableSource(
        kind,
        identity,
        name,
        _text(detail.get("undo_of")),
        _text(detail.get("undo_id")),
        _text(detail.get("bulk_edit_id")),
        workflow,
    )


def _step(
    flow_id: str,
    flow_name: str,
    detail: JsonObject,
    plans: object,
    calls: dict[tuple[int, str], JsonObject],
) -> WorkflowStep:
    action_id = _text(detail.get("action_id"))
    revision = (_number(flow_id) or 0, _number(detail.get("revision_id")) or 0)
    plan = plans.get(revision) if isinstance(plans, dict) else None
    run = _number(detail.get("enrollment_id"))
    asked = _text(detail.get("source_action_id"))
    call = calls.get((run, asked)) if run is not None and asked is not None else None
    return WorkflowStep(
        flow_id,
        flow_name,
        _text(detail.get("revision_id")),
        action_id,
        title_of(plan, action_id),
        _place(plan, action_id),
        _text(detail.get("enrollment_id")),
        _text(call["provider"]) if call else None,
        _text(detail.get("model")) or (_text(call["model"]) if call else None),
        _text(call["connection_id"]) if call else None,
        _text(detail.get("prompt_hash")),
        _share(detail.get("confidence")),
        asked,
        title_of(plan, asked),
        _place(plan, asked),
    )


def _place(plan: Plan | None, action_id: str | None) -> int | None:
    """The number of a step: its place in the document, from 1."""
    if plan is None or action_id is None or action_id not in plan.nodes:
        return None
    return list(plan.nodes).index(action_id) + 1


def _text(value: Json) -> str | None:
    return None if value is None or value == "" else str(value)


def _share(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Json) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
