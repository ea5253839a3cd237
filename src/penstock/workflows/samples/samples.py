"""Samples as rows: what is tried on which records, how far it is, and what came of each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from penstock.crm.display_names import names_of
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import JsonObject
from penstock.workflows.document import parse
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.trying.lasting import Lasting, State
from penstock.workflows.trying.told import as_told_today

SAMPLES = Lasting("samples", 0x736D_706C, "Sample")  # "smpl"
MOST_RECORDS = 500
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample and how far it is. `revision_id` None: an unpublished document; `action_id` None: the whole workflow.

    `failed` counts the records whose way ended in a failure; `cost_usd` is what the calls cost so far, of those
    whose price is known (`unpriced` counts the others).
    """

    id: int
    flow_id: int
    revision_id: int | None
    action_id: str | None
    document: JsonObject
    state: State
    message: str
    max_usd: Decimal | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    failed: int
    cost_usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One record of a sample. `status` and `result` are None until it was its turn; `result` is as `trying.told`
    tells it, `asked` holds what each LLM step had before it, by actionId.
    """

    position: int
    record_id: int
    record_name: str
    status: str | None
    result: JsonObject | None
    asked: JsonObject | None
    cost_usd: Decimal | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to try: a document, the whole of it or the step `action_id`, for at most `max_usd` USD."""

    flow_id: int
    document: JsonObject
    revision_id: int | None = None
    action_id: str | None = None
    max_usd: Decimal | None = None


CREATE = """
INSERT INTO samples (workspace_id, flow_id, revision_id, action_id, document, max_usd, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
"""
ADD_ROWS = """
INSERT INTO sample_rows (sample_id, position, workspace_id, record_id, record_name)
SELECT $2, place, $1, record_id, name
FROM unnest($3::bigint[], $4::text[]) WITH ORDINALITY AS wanted (record_id, name, place)
"""
# The rows of a sample are few hundred at most, found by their primary key.
_SAMPLE = """
SELECT s.id, s.flow_id, s.revision_id, s.action_id, s.document, s.state, s.message, s.max_usd, s.created_by,
       s.created_at, s.finished_at, r.*
FROM samples s CROSS JOIN LATERAL (
    SELECT count(*) AS total, count(status) AS done,
           count(*) FILTER (WHERE status NOT IN ('COMPLETED')) AS failed,
           coalesce(sum(cost_usd), 0) AS cost_usd,
           count(*) FILTER (WHERE status IS NOT NULL AND cost_usd IS NULL) AS unpriced
    FROM sample_rows WHERE sample_id = s.id
) r
WHERE s.workspace_id = $1
"""
GET = _SAMPLE + "AND s.id = $2"
# Served by samples_of_flow.
LIST = _SAMPLE + "AND s.flow_id = $2 AND s.id < $3 ORDER BY s.id DESC LIMIT $4"
ROWS = """
SELECT position, record_id, record_name, status, result, asked, cost_usd, seconds FROM sample_rows
WHERE workspace_id = $1 AND sample_id = $2 AND position > $3 ORDER BY position LIMIT $4
"""


async def create(
    db: Connection, workspace_id: int, by: str, wanted: Wanted, record_ids: Sequence[int]
) -> Sample:
    """Notes a sample of these records, to be done by `run_sample` once the caller has committed.

    Raises InvalidFlow for a document that does not hold together, NotFound for an action that it does not have,
    InvalidInput for no record or too many.
    """
    ids = list(dict.fromkeys(record_ids))
    if not 0 < len(ids) <= MOST_RECORDS:
        raise InvalidInput(
            f"A sample has 1 to {MOST_RECORDS} records; there are {len(ids)}.",
            remedy="Choose records of the workflow's type, or a smaller number.",
        )
    plan = compile_plan(parse(wanted.document), wanted.flow_id, "", 0)
    if wanted.action_id is not None and wanted.action_id not in plan.nodes:
        raise NotFound(
            f"The document has no action {wanted.action_id}.", remedy="Name an action of the document."
        )
    names = await names_of(db, workspace_id, ids)
    sample_id: int = await db.fetchval(
        CREATE,
        workspace_id,
        wanted.flow_id,
        wanted.revision_id,
        wanted.action_id,
        wanted.document,
        wanted.max_usd,
        by,
    )
    await db.execute(ADD_ROWS, workspace_id, sample_id, ids, [names.get(one, str(one)) for one in ids])
    return await get(db, workspace_id, sample_id)


async def get(db: Connection, workspace_id: int, sample_id: int) -> Sample:
    """One sample. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, sample_id)
    if row is None:
        raise NotFound(f"There is no sample {sample_id}.", remedy="List the samples of the workflow.")
    return Sample(**dict(row.items()))


async def list_samples(
    db: Connection, workspace_id: int, flow_id: int, *, before: int | None = None, limit: int = 20
) -> list[Sample]:
    """Samples of a flow, newest first, whose id is smaller than `before`."""
    return [
        Sample(**dict(row.items()))
        for row in await db.fetch(LIST, workspace_id, flow_id, before or NEWEST, limit)
    ]


async def rows_of(
    db: Connection, workspace_id: int, sample_id: int, *, after: int = 0, limit: int = MOST_RECORDS
) -> list[SampleRow]:
    """The rows of a sample behind the position `after`, in their order."""
    return [_row(row) for row in await db.fetch(ROWS, workspace_id, sample_id, after, limit)]


async def cancel(db: Connection, workspace_id: int, sample_id: int, by: str) -> Sample:
    """Stops a sample; calls under way end, no further one begins. Raises NotFound, or Conflict when it is over."""
    found = await get(db, workspace_id, sample_id)
    await SAMPLES.cancel(db, workspace_id, sample_id, by, found.state)
    return await get(db, workspace_id, sample_id)


def _row(row: Row) -> SampleRow:
    found = SampleRow(**dict(row.items()))
    return found if found.result is None else replace(found, result=as_told_today(found.result))
