"""Takes prompts, replies and outputs out of logs that have kept them long enough, in batches."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.kit.database import Connection
from penstock.workflows.keeping.withheld import (
    NOT_KEPT,
    ORIGIN_OUTPUTS,
    PARTS,
    PROMPT_INPUTS,
    REPLY_DETAILS,
    REPLY_OUTPUTS,
    Part,
)

BATCH = 1000

# A workspace has hundreds of workflows, most of which keep everything.
FLOWS = """
SELECT id, keep_prompts, keep_replies, keep_outputs, blanked_prompts, blanked_replies, blanked_outputs FROM flows
WHERE keep_prompts IS NOT NULL OR keep_replies IS NOT NULL OR keep_outputs IS NOT NULL ORDER BY id
"""
# Served by steps_of_models: the next steps behind the last one that was blanked, up to the first that is too young.
NEXT = """
SELECT id FROM (
    SELECT id, bool_and(finished_at <= $3) OVER (ORDER BY id) AS due FROM (
        SELECT id, finished_at FROM steps WHERE flow_id = $1 AND action_type_id = '1-1000' AND id > $2 ORDER BY id LIMIT $4
    ) AS following
) AS marked WHERE due ORDER BY id
"""
NOTE = f"""
detail = jsonb_set(coalesce(detail, '{{}}'), '{{{NOT_KEPT}}}',
                   coalesce(detail -> '{NOT_KEPT}', '[]') || CASE WHEN detail -> '{NOT_KEPT}' ? $2 THEN '[]' ELSE to_jsonb(ARRAY[$2]) END)
"""


def _names(names: tuple[str, ...]) -> str:
    return "'{" + ",".join(names) + "}'::text[]"


# The same as `withheld.without`, for rows that are there. `detail` is set once, so what goes out of it goes first.
BLANK: dict[Part, str] = {
    "prompts": f"UPDATE steps SET inputs = inputs - {_names(PROMPT_INPUTS)}, {NOTE} WHERE id = ANY ($1::bigint[])",  # noqa: S608
    "replies": f"UPDATE steps SET outputs = outputs - {_names(REPLY_OUTPUTS)}, "  # noqa: S608
    + NOTE.replace("coalesce(detail, '{}')", f"coalesce(detail, '{{}}') - {_names(REPLY_DETAILS)}")
    + " WHERE id = ANY ($1::bigint[])",
    "outputs": f"""UPDATE steps SET {NOTE}, outputs = (
        SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(outputs)
        WHERE key = ANY ({_names((*REPLY_OUTPUTS, *ORIGIN_OUTPUTS))})) WHERE id = ANY ($1::bigint[])""",  # noqa: S608
}


async def blank(db: Connection, now: datetime) -> int:
    """One batch for each part of each workflow, in the caller's transaction; returns how many steps lost something."""
    blanked = 0
    for flow in await db.fetch(FLOWS):
        for part in PARTS:
            days = flow[f"keep_{part}"]
            if days is None:
                continue
            cutoff = now - timedelta(days=days)
            rows = await db.fetch(NEXT, flow["id"], flow[f"blanked_{part}"], cutoff, BATCH)
            if not rows:
                continue
            ids = [row["id"] for row in rows]
            await db.execute(BLANK[part], ids, part)
            await db.execute(f"UPDATE flows SET blanked_{part} = $2 WHERE id = $1", flow["id"], ids[-1])  # noqa: S608
            blanked += len(ids)
    return blanked
