"""What else needs attention: e-mails that were not sent, imports that broke off, models that end."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.kit.database import Connection, Row
from penstock.workflows.attention.group import Group, Remedy, Sample
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.plan import Node
from penstock.workflows.run_history.counts import MOST_COUNTED, Count
from penstock.workflows.run_history.titles import plans_of

# What is older was either seen to or does not matter any more; it stays in the outbox and the list of imports.
RECENT = timedelta(days=30)
# Long enough ahead to choose another model and try it.
AHEAD = timedelta(days=30)
SAMPLES = 3

# Served by mails_failed, newest first.
FAILED_MAILS = """
SELECT id, created_at, error FROM mails
WHERE workspace_id = $1 AND status = 'failed' AND created_at > $2 ORDER BY id DESC LIMIT $3
"""
# A workspace has few imports.
BROKEN_IMPORTS = """
SELECT i.id, i.name, i.message, i.finished_at, i.updated_at, t.name AS object_type
FROM imports i LEFT JOIN object_types t USING (workspace_id, object_type_id)
WHERE i.workspace_id = $1 AND i.state = 'FAILED' AND i.updated_at > $2 ORDER BY i.id DESC LIMIT 10
"""
LIVE_FLOWS = """
SELECT id, name, revision_id FROM flows WHERE workspace_id = $1 AND is_enabled AND deleted_at IS NULL ORDER BY id
"""
ENDING_MODELS = """
SELECT m.connection_id, c.name AS connection_name, model.value ->> 'id' AS id, model.value ->> 'retires_at' AS retires_at
FROM connections c JOIN model_lists m ON m.connection_id = c.id
CROSS JOIN LATERAL jsonb_array_elements(m.models) AS model (value)
WHERE c.workspace_id = $1 AND c.uninstalled_at IS NULL AND model.value ->> 'retires_at' < $2
"""


async def mail_groups(db: Connection, workspace_id: int, now: datetime) -> list[Group]:
    """One group for all e-mails of the last 30 days that were given up."""
    rows = await db.fetch(FAILED_MAILS, workspace_id, now - RECENT, MOST_COUNTED + 1)
    if not rows:
        return []
    return [
        Group(
            key="mails",
            kind="failed_mails",
            code="MAIL_FAILED",
            title="E-mails could not be sent",
            meaning="The runs went on; the people named in these e-mails did not get them.",
            message=rows[0]["error"],
            remedy="Mend the mail settings, then send them again from the outbox.",
            count=Count.of(len(rows)),
            newest_at=rows[0]["created_at"],
            oldest_at=rows[-1]["created_at"],
            samples=tuple(Sample(row["id"], row["created_at"]) for row in rows[:SAMPLES]),
            remedies=(Remedy("open_outbox"), Remedy("open_mail_settings")),
        )
    ]


async def import_groups(db: Connection, workspace_id: int, now: datetime) -> list[Group]:
    """A group for each import of the last 30 days that broke off."""
    return [
        Group(
            key=f"import:{row['id']}",
            kind="failed_import",
            code="IMPORT_FAILED",
            title="An import broke off",
            meaning="The rows before that are imported, those after it are not. Importing the file again is safe.",
            message=f"{row['name']}: {row['message']}",
            remedy="Import the file again.",
            count=Count(1, exact=True),
            newest_at=row["updated_at"],
            oldest_at=row["updated_at"],
            samples=(Sample(row["id"], row["updated_at"]),),
            remedies=(Remedy("open_import", object_type=row["object_type"]),),
        )
        for row in await db.fetch(BROKEN_IMPORTS, workspace_id, now - RECENT)
    ]


async def model_groups(db: Connection, plans: PlanSource, workspace_id: int, now: datetime) -> list[Group]:
    """A group for each step of a live flow whose model ends within 30 days, by the provider's list, or has ended."""
    ending = {
        (row["connection_id"], row["id"]): row
        for row in await db.fetch(ENDING_MODELS, workspace_id, (now + AHEAD).date().isoformat())
    }
    if not ending:
        return []
    flows = {(row["id"], row["revision_id"]): row["name"] for row in await db.fetch(LIVE_FLOWS, workspace_id)}
    groups = []
    for (flow_id, _), plan in sorted((await plans_of(db, plans, flows)).items()):
        for node in plan.nodes.values():
            fields = node.fields
            if not isinstance(fields, UseCustomLlmFields):
                continue
            asked = [fields.asking(turn) for turn in range(len(fields.fallbacks) + 1)]
            named = dict.fromkeys((one.connection_number or 0, one.model.strip()) for one in asked)
            groups += [_ending(flow_id, plan.flow_name, node, ending[one]) for one in named if one in ending]
    return groups


def _ending(flow_id: int, flow_name: str, node: Node, model: Row) -> Group:
    return Group(
        key=f"model:{flow_id}:{node.action_id}:{model['connection_id']}:{model['id']}",
        kind="retired_model",
        code="MODEL_RETIRES",
        title="A model ends soon or has ended",
        meaning=f"The provider ends it on {model['retires_at'][:10]}; calls to it then fail.",
        message=f"{model['id']} of {model['connection_name']}",
        remedy="Replace the model in the draft, look at the evals, and publish.",
        count=Count(0, exact=True),
        newest_at=None,
        oldest_at=None,
        remedies=(
            Remedy(
                "replace_model",
                flow_id=flow_id,
                action_id=node.action_id,
                connection_id=model["connection_id"],
            ),
            Remedy("choose_model", flow_id=flow_id, action_id=node.action_id),
        ),
        flow_id=flow_id,
        flow_name=flow_name,
        action_id=node.action_id,
        action_title=node.action.title if node.action is not None else None,
        connection_id=model["connection_id"],
        connection_name=model["connection_name"],
        model=model["id"],
    )
