"""Records erased for good, as a person may ask for: with all that runs, logs, reviews, samples and evals kept of them.

What stays are figures: how many runs there were, what calls cost. What left the house cannot be called back.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.crm import erasing
from penstock.crm.object_types import ObjectType
from penstock.errors import NotFound
from penstock.kit.database import Connection

RUNS = "SELECT id FROM enrollments WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE"
# $1: the runs of the records. A leg that is under way finds its run gone and writes nothing.
OF_RUNS = (
    "DELETE FROM steps WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM llm_batch_items WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM llm_answers WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM reviews WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM mails WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM webhook_deliveries WHERE enrollment_id = ANY ($1::bigint[])",
    "DELETE FROM enrollments WHERE id = ANY ($1::bigint[])",
)
# $1: the workspace, $2: the records. Other cases are other questions, so the sets count as changed.
OF_RECORDS = (
    """UPDATE eval_sets SET version = version + 1 WHERE workspace_id = $1 AND id IN (
        SELECT eval_set_id FROM eval_cases WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[]))""",
    """DELETE FROM eval_run_rows WHERE workspace_id = $1 AND case_id IN (
        SELECT id FROM eval_cases WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[]))""",
    "DELETE FROM eval_cases WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[])",
    "DELETE FROM sample_rows WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[])",
    "DELETE FROM stopped_loops WHERE workspace_id = $1 AND record_id = ANY ($2::bigint[])",
    """DELETE FROM undo_left l USING undos u
        WHERE u.id = l.undo_id AND u.workspace_id = $1 AND l.record_id = ANY ($2::bigint[])""",
    """DELETE FROM undo_records r USING undos u
        WHERE u.id = r.undo_id AND u.workspace_id = $1 AND r.record_id = ANY ($2::bigint[])""",
)


async def erase(db: Connection, actor: Actor, object_type: ObjectType, record_ids: Sequence[int]) -> int:
    """Erases records of a type, archived ones too; returns how many there were.

    Runs end without a trace, e-mails and webhooks of theirs that were not sent are not. The audit log keeps who erased
    which ids. Raises NotFound when none of them is there.
    """
    ids = await erasing.lock(db, actor.workspace_id, object_type.id, record_ids)
    if not ids:
        raise NotFound(
            f"No {object_type.singular_label.lower()} has this id.", remedy="It may have been erased already."
        )
    runs = [row["id"] for row in await db.fetch(RUNS, actor.workspace_id, ids)]
    for statement in OF_RUNS:
        await db.execute(statement, runs)
    for statement in OF_RECORDS:
        await db.execute(statement, actor.workspace_id, ids)
    await erasing.erase(db, ids)
    for record_id in ids:
        await audit.record(db, actor, "record.erased", "record", record_id, {"runs": len(runs)})
    return len(ids)
