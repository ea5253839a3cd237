"""Runs of eval sets as rows: what was tried, how far it is, and the verdict on each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.workflows.evals.scores import CaseResult, Score, Verdict, score
from penstock.workflows.trying.lasting import Lasting, State

EVAL_RUNS = Lasting("eval_runs", 0x6576_616C, "Eval run")  # "eval"
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EvalRun:
    """A run of an eval set and how far it is. `revision_id` None: an unpublished document.

    `set_version` is the version of the cases that it asks, `fingerprint` names the inputs of the step. `cost_usd` is
    what the calls cost so far, of those whose price is known (`unpriced` counts the others).
    """

    id: int
    eval_set_id: int
    set_version: int
    revision_id: int | None
    action_id: str
    document: JsonObject
    fingerprint: str
    model: str
    state: State
    message: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    cost_usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class EvalRow:
    """One case in a run. `status` None: it was not its turn yet; `outputs` are those of the step."""

    position: int
    case_id: int
    case_name: str
    checks: list[Json]
    status: str | None
    outputs: JsonObject | None
    verdicts: list[JsonObject] | None
    error: JsonObject | None
    cost_usd: Decimal | None
    seconds: float | None

    def result(self) -> CaseResult:
        """The row as scores count it."""
        verdicts = tuple(Verdict(**cast("dict[str, str]", dict(one))) for one in self.verdicts or ())  # type: ignore[arg-type]
        return CaseResult(self.case_id, self.case_name, verdicts, self.outputs is not None)


CREATE = """
INSERT INTO eval_runs (workspace_id, eval_set_id, set_version, revision_id, action_id, document, fingerprint, model, created_by)
SELECT $1, s.id, s.version, $3, s.action_id, $4, $5, $6, $7 FROM eval_sets s WHERE s.workspace_id = $1 AND s.id = $2
RETURNING id
"""
# The cases as they are now, in their order.
ADD_ROWS = """
INSERT INTO eval_run_rows (run_id, position, workspace_id, case_id, case_name, checks)
SELECT $2, row_number() OVER (ORDER BY c.id), $1, c.id, c.name, c.checks
FROM eval_cases c WHERE c.workspace_id = $1 AND c.eval_set_id = $3
"""
# The rows of a run are 2,000 at most, found by their primary key.
_RUN = """
SELECT e.id, e.eval_set_id, e.set_version, e.revision_id, e.action_id, e.document, e.fingerprint, e.model, e.state,
       e.message, e.created_by, e.created_at, e.finished_at, r.*
FROM eval_runs e CROSS JOIN LATERAL (
    SELECT count(*) AS total, count(status) AS done, coalesce(sum(cost_usd), 0) AS cost_usd,
           count(*) FILTER (WHERE status IS NOT NULL AND cost_usd IS NULL) AS unpriced
    FROM eval_run_rows WHERE run_id = e.id
) r
WHERE e.workspace_id = $1
"""
GET = _RUN + "AND e.id = $2"
# Served by eval_runs_of_set.
LIST = _RUN + "AND e.eval_set_id = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4"
LATEST_DONE = (
    _RUN
    + "AND e.eval_set_id = $2 AND e.fingerprint = $3 AND e.set_version = $4 AND e.state = 'DONE' ORDER BY e.id DESC LIMIT 1"
)
ROWS = """
SELECT position, case_id, case_name, checks, status, outputs, verdicts, error, cost_usd, seconds FROM eval_run_rows
WHERE workspace_id = $1 AND run_id = $2 AND position > $3 ORDER BY position LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is to be run: the document, which revision it is, the step's fingerprint and its model."""

    document: JsonObject
    revision_id: int | None
    fingerprint: str
    model: str


async def create(db: Connection, workspace_id: int, set_id: int, by: str, new: NewRun) -> EvalRun:
    """Notes a run of the cases as they are now. Raises NotFound, and InvalidInput for a set without cases."""
    run_id = await db.fetchval(
        CREATE, workspace_id, set_id, new.revision_id, new.document, new.fingerprint, new.model, by
    )
    if run_id is None:
        raise NotFound(f"There is no eval set {set_id}.", remedy="List the eval sets of the workflow.")
    await db.execute(ADD_ROWS, workspace_id, run_id, set_id)
    run = await get(db, workspace_id, run_id)
    if run.total == 0:
        raise InvalidInput(
            f"Eval set {set_id} has no cases.", remedy="Keep rows of a sample as cases, or import some."
        )
    return run


async def get(db: Connection, workspace_id: int, run_id: int) -> EvalRun:
    """One run. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, run_id)
    if row is None:
        raise NotFound(f"There is no eval run {run_id}.", remedy="List the runs of the eval set.")
    return _run(row)


async def list_runs(
    db: Connection, workspace_id: int, set_id: int, *, before: int | None = None, limit: int = 20
) -> list[EvalRun]:
    """Runs of a set, newest first, whose id is smaller than `before`."""
    return [_run(row) for row in await db.fetch(LIST, workspace_id, set_id, before or NEWEST, limit)]


async def latest_done(
    db: Connection, workspace_id: int, set_id: int, fingerprint: str, set_version: int
) -> EvalRun | None:
    """The newest finished run of a step with these inputs on these very cases; None when there is none."""
    row = await db.fetchrow(LATEST_DONE, workspace_id, set_id, fingerprint, set_version)
    return None if row is None else _run(row)


async def rows_of(
    db: Connection, workspace_id: int, run_id: int, *, after: int = 0, limit: int = 2_000
) -> list[EvalRow]:
    """The rows of a run behind the position `after`, in their order."""
    return [EvalRow(**dict(row.items())) for row in await db.fetch(ROWS, workspace_id, run_id, after, limit)]


async def results_of(db: Connection, workspace_id: int, run_id: int) -> list[CaseResult]:
    """The verdicts of a run so far."""
    return results(await rows_of(db, workspace_id, run_id))


def results(rows: Sequence[EvalRow]) -> list[CaseResult]:
    """The verdicts of rows whose turn it was."""
    return [row.result() for row in rows if row.status is not None]


async def score_of(db: Connection, workspace_id: int, run_id: int) -> Score:
    """The score of a run so far."""
    return score(await results_of(db, workspace_id, run_id))


async def cancel(db: Connection, workspace_id: int, run_id: int, by: str) -> EvalRun:
    """Stops a run. Raises NotFound, or Conflict when it is over."""
    found = await get(db, workspace_id, run_id)
    await EVAL_RUNS.cancel(db, workspace_id, run_id, by, found.state)
    return await get(db, workspace_id, run_id)


def _run(row: Row) -> EvalRun:
    return EvalRun(**dict(row.items()))
