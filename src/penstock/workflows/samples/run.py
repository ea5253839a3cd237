"""Does a sample: record by record, several at once; what is done is kept at once and not done again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import parse
from penstock.workflows.dry_run import DryRun, Trying, dry_run_on, load_subject
from penstock.workflows.legs.lanes import connection_of
from penstock.workflows.plan import Plan
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.samples.samples import SAMPLES, Sample, SampleRow, get, rows_of
from penstock.workflows.trying.lasting import PATIENCE, Task, connection_trouble
from penstock.workflows.trying.step_test import ending_at
from penstock.workflows.trying.told import cost_of, seconds_of, tell
from penstock.workflows.trying.turns import calls_at_once

KEEP = """
UPDATE sample_rows SET status = $4, result = $5, asked = $6, cost_usd = $7, seconds = $8, finished_at = now()
WHERE workspace_id = $1 AND sample_id = $2 AND position = $3
"""

Progress = Callable[[Sample], None]


async def run_sample(trying: Trying, sample_id: int, progress: Progress | None = None) -> Sample:
    """Does a sample, or goes on with it where another process stopped; returns it as it ended.

    Models are really asked; nothing is written to records, mailed or sent. `progress` hears of each record. It ends
    DONE, CANCELED, or FAILED with a message: a refused key or its `max_usd` stop it. Raises Conflict when another
    process is at it.
    """

    async def prepare(db: Connection) -> Task[SampleRow]:
        sample = await get(db, trying.workspace_id, sample_id)
        plan = _plan(sample)
        connections = [number for node in plan.nodes.values() if (number := connection_of(node))]
        at_once = await calls_at_once(db, trying.workspace_id, connections)
        rows = await rows_of(db, trying.workspace_id, sample_id)
        waiting = [row for row in rows if row.status is None]
        return Task(waiting, at_once, _Run(trying, sample, plan, progress))

    await SAMPLES.carry_out(trying.pool, trying.workspace_id, sample_id, prepare)
    async with trying.pool.acquire() as db:
        return await get(db, trying.workspace_id, sample_id)


class _Run:
    """One sample on its way."""

    def __init__(self, trying: Trying, sample: Sample, plan: Plan, progress: Progress | None) -> None:
        self._trying = trying
        self._sample = sample
        self._plan = plan
        self._progress = progress
        self.trouble = ""

    async def row(self, row: SampleRow) -> bool:
        """Tries one record and keeps what came of it; False when the sample is not to go on."""
        trying, sample = self._trying, self._sample
        tried = await self._tried(row.record_id)
        asked: JsonObject = {
            action_id: {"values": {**one.values}, "outputs": {**one.outputs}}
            for action_id, one in tried.asked.items()
        }
        async with trying.pool.acquire() as db:
            await db.execute(
                KEEP,
                trying.workspace_id,
                sample.id,
                row.position,
                tried.status,
                tell(tried),
                asked,
                cost_of(tried),
                seconds_of(tried),
            )
            now = await get(db, trying.workspace_id, sample.id)
        if self._progress is not None:
            self._progress(now)
        if now.state != "RUNNING":
            return False
        self.trouble = self.trouble or connection_trouble(tried) or _too_much(now)
        return not self.trouble

    async def _tried(self, record_id: int) -> DryRun:
        try:
            subject = await load_subject(self._trying, self._plan, record_id)
        except NotFound as gone:
            failure: dict[str, Json] = {"code": gone.code, "message": gone.message, "remedy": gone.remedy}
            return DryRun("FAILED", error=failure)
        return await dry_run_on(self._trying, self._plan, subject, patience=PATIENCE)


def _plan(sample: Sample) -> Plan:
    """What the sample walks: all of its document, or up to and with one step."""
    document = parse(sample.document)
    plan = compile_plan(document, sample.flow_id, document.header.name or "", sample.revision_id or 0)
    return plan if sample.action_id is None else ending_at(plan, sample.action_id)


def _too_much(sample: Sample) -> str:
    """Why no more may be spent; empty while more may."""
    most = sample.max_usd
    if most is None or sample.cost_usd < most or sample.done == sample.total:
        return ""
    spent = f"{Decimal(sample.cost_usd):.4f}"
    return f"The sample has cost {spent} USD of {most:.4f}, so no further record was tried."
