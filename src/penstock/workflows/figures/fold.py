"""Adds the tallies of commits to the figures of their days. A worker does it every few seconds."""

from __future__ import annotations

from penstock.kit.database import Connection

# One statement sees one state of the database, and so does every reader: a tally is in its own table or in the
# day's row, never in both and never in neither.
FOLD_FLOWS = """
WITH fresh AS (
    DELETE FROM flow_tallies RETURNING workspace_id, flow_id, day, enrolled, completed, failed, canceled, unenrolled
)
INSERT INTO flow_days AS d (workspace_id, flow_id, day, enrolled, completed, failed, canceled, unenrolled)
SELECT workspace_id, flow_id, day, sum(enrolled), sum(completed), sum(failed), sum(canceled), sum(unenrolled)
FROM fresh GROUP BY workspace_id, flow_id, day
ON CONFLICT (workspace_id, flow_id, day) DO UPDATE
SET enrolled = d.enrolled + excluded.enrolled, completed = d.completed + excluded.completed,
    failed = d.failed + excluded.failed, canceled = d.canceled + excluded.canceled,
    unenrolled = d.unenrolled + excluded.unenrolled
"""
FOLD_STEPS = """
WITH fresh AS (DELETE FROM step_tallies RETURNING *),
calls AS (
    INSERT INTO call_days AS d (workspace_id, day, connection_id, provider, model, latency_bucket, done, failures, repeats,
                                input_tokens, output_tokens, cost_usd, unpriced)
    SELECT workspace_id, day, connection_id, provider, model, latency_bucket, sum(done), sum(failures), sum(repeats),
           sum(input_tokens), sum(output_tokens), sum(cost_usd), sum(unpriced)
    FROM fresh WHERE latency_bucket >= 0 GROUP BY workspace_id, day, connection_id, provider, model, latency_bucket
    ON CONFLICT (workspace_id, day, connection_id, provider, model, latency_bucket) DO UPDATE
    SET done = d.done + excluded.done, failures = d.failures + excluded.failures, repeats = d.repeats + excluded.repeats,
        input_tokens = d.input_tokens + excluded.input_tokens, output_tokens = d.output_tokens + excluded.output_tokens,
        cost_usd = d.cost_usd + excluded.cost_usd, unpriced = d.unpriced + excluded.unpriced
)
INSERT INTO step_days AS d (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done,
                            failures, repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced)
SELECT workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, sum(done), sum(failures),
       sum(repeats), sum(skipped), sum(input_tokens), sum(output_tokens), sum(cost_usd), sum(unpriced)
FROM fresh GROUP BY workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket
ON CONFLICT (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket) DO UPDATE
SET done = d.done + excluded.done, failures = d.failures + excluded.failures, repeats = d.repeats + excluded.repeats,
    skipped = d.skipped + excluded.skipped, input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens, cost_usd = d.cost_usd + excluded.cost_usd,
    unpriced = d.unpriced + excluded.unpriced
"""
# Two workers that fold at once would lock the rows of days in different orders.
ONE_FOLDS = "SELECT pg_try_advisory_xact_lock(hashtext('penstock.figures'))"


async def fold(db: Connection) -> None:
    """Folds all tallies of all workspaces, unless another worker is at it; the caller's transaction commits."""
    if await db.fetchval(ONE_FOLDS):
        await db.execute(FOLD_FLOWS)
        await db.execute(FOLD_STEPS)
