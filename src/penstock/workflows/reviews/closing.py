"""Closes the reviews of runs that end another way: canceled, or their workflow deleted. Nothing is left to decide."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kit.database import Connection

# What a closed review keeps of a model's words. A workflow whose logs do not keep them for ever has them dropped here;
# `forgets` comes with `OF_FLOW`. The copy of the record was there to find changes by, and goes in any case.
OUTPUTS_LEFT = "CASE WHEN forgets THEN '{}' ELSE r.outputs END"
FIELDS_LEFT = """CASE WHEN forgets
        THEN (SELECT coalesce(jsonb_agg(part || '{"value": null}'), '[]') FROM jsonb_array_elements(r.fields) AS part)
        ELSE r.fields END"""
OF_FLOW = """(
    SELECT f.id, f.keep_replies IS NOT NULL OR f.keep_outputs IS NOT NULL AS forgets FROM flows f
) AS of_flow"""

# By the unique key of enrollment and fence value.
CLOSE = f"""
UPDATE reviews r SET state = 'OVER', seen = '{{}}', outputs = {OUTPUTS_LEFT}, fields = {FIELDS_LEFT}
FROM {OF_FLOW}
WHERE of_flow.id = r.flow_id AND r.workspace_id = $1 AND r.state = 'WAITING' AND r.enrollment_id = ANY ($2::bigint[])
"""  # noqa: S608 - constants
# By reviews_waiting.
CLOSE_OF_FLOW = f"""
UPDATE reviews r SET state = 'OVER', seen = '{{}}', outputs = {OUTPUTS_LEFT}, fields = {FIELDS_LEFT}
FROM {OF_FLOW}
WHERE of_flow.id = r.flow_id AND r.workspace_id = $1 AND r.state = 'WAITING' AND r.flow_id = $2
"""  # noqa: S608 - constants


async def close(db: Connection, workspace_id: int, run_ids: Sequence[int]) -> None:
    """Closes what waits of these runs, in the transaction that ended them."""
    await db.execute(CLOSE, workspace_id, list(run_ids))


async def close_of_flow(db: Connection, workspace_id: int, flow_id: int) -> None:
    """Closes what waits of a workflow, in the transaction that ended all its runs."""
    await db.execute(CLOSE_OF_FLOW, workspace_id, flow_id)
