"""Runs an eval set: asks the step for each case as it is in a document, and compares the answers with the checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import cast

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.crm.schema import load_schema
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows.document import parse
from penstock.workflows.dry_run import DryRun, Subject, Trying, dry_run_on
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.evals import cases, runs, sets
from penstock.workflows.evals.cases import EvalCase
from penstock.workflows.evals.checks import Check, passes, read_checks, shown
from penstock.workflows.evals.judge import judge
from penstock.workflows.evals.runs import EvalRow, EvalRun, NewRun
from penstock.workflows.evals.scores import Verdict
from penstock.workflows.evals.sets import EvalSet
from penstock.workflows.evals.step import fingerprint, step_of, with_model
from penstock.workflows.legs.lanes import connection_of
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.plan import Plan
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.trying.lasting import PATIENCE, Task, connection_trouble
from penstock.workflows.trying.step_test import ending_at
from penstock.workflows.trying.told import cost_of, seconds_of
from penstock.workflows.trying.turns import calls_at_once

KEEP = """
UPDATE eval_run_rows SET status = $4, outputs = $5, verdicts = $6, error = $7, cost_usd = $8, seconds = $9
WHERE workspace_id = $1 AND run_id = $2 AND position = $3
"""

Progress = Callable[[EvalRun], None]


async def begin(
    db: Connection,
    actor: Actor,
    set_id: int,
    *,
    revision: str | None = None,
    document: JsonObject | None = None,
    connection_id: int | None = None,
    model: str | None = None,
) -> EvalRun:
    """Notes a run, to be done by `run_evals` once the caller has committed.

    Without a `document`, `revision` says which (`draft`, `live`, a number; None: the draft where there is one).
    `model` and `connection_id` take the place of the step's own. Raises NotFound for what is not there, InvalidFlow for
    a document that does not hold together, InvalidInput for a set without cases.
    """
    workspace_id = actor.workspace_id
    found = await sets.get(db, workspace_id, set_id)
    revision_id = None
    if document is None:
        chosen = await choose_document(db, workspace_id, found.flow_id, revision)
        document, revision_id = chosen.document, chosen.revision_id
    step_of(document, found.action_id)
    if model is not None or connection_id is not None:
        document = with_model(document, found.action_id, connection_id=connection_id, model=model)
        revision_id = None
    parse(document)
    fields = step_of(document, found.action_id)
    new = NewRun(document, revision_id, fingerprint(fields), str(fields.get("model") or ""))
    run = await runs.create(db, workspace_id, set_id, actor.label, new)
    detail: JsonObject = {"evalSetId": str(set_id), "evalRunId": str(run.id), "cases": run.total}
    await audit.record(db, actor, "eval_set.run_started", "flow", found.flow_id, detail)
    return run


async def run_evals(trying: Trying, run_id: int, progress: Progress | None = None) -> EvalRun:
    """Does a run, or goes on with it where another process stopped; returns it as it ended.

    The step's model and the judge are really asked. It ends DONE, CANCELED, or FAILED with a message: a refused key
    stops it, so that it never stands for a score. Raises Conflict when another process is at it.
    """

    async def prepare(db: Connection) -> Task[EvalRow]:
        found = await runs.get(db, trying.workspace_id, run_id)
        work = await _prepare(db, trying, found, progress)
        connection = connection_of(work.plan.nodes[found.action_id])
        at_once = await calls_at_once(db, trying.workspace_id, [connection] if connection else [])
        rows = await runs.rows_of(db, trying.workspace_id, run_id)
        return Task([row for row in rows if row.status is None], at_once, work)

    await runs.EVAL_RUNS.carry_out(trying.pool, trying.workspace_id, run_id, prepare)
    async with trying.pool.acquire() as db:
        return await runs.get(db, trying.workspace_id, run_id)


async def _prepare(db: Connection, trying: Trying, run: EvalRun, progress: Progress | None) -> _Work:
    found = await sets.get(db, trying.workspace_id, run.eval_set_id)
    document = parse(run.document)
    plan = compile_plan(document, found.flow_id, document.header.name or "", run.revision_id or 0)
    schema = await load_schema(db, trying.workspace_id, plan.object_type_id)
    workspace = await load_workspace(db, trying.workspace_id)
    asked = {case.id: case for case in await cases.list_cases(db, trying.workspace_id, found.id)}
    nobody = Subject(0, {}, schema, workspace)
    return _Work(trying, run, found, ending_at(plan, run.action_id), nobody, asked, progress)


class _Work:
    """One run on its way."""

    def __init__(
        self,
        trying: Trying,
        run: EvalRun,
        found: EvalSet,
        plan: Plan,
        nobody: Subject,
        asked: dict[int, EvalCase],
        progress: Progress | None,
    ) -> None:
        self.plan = plan
        self.trouble = ""
        self._trying = trying
        self._run = run
        self._set = found
        self._nobody = nobody
        self._cases = asked
        self._progress = progress

    async def row(self, row: EvalRow) -> bool:
        """Tries one case and keeps the verdicts; False when the run is not to go on."""
        trying = self._trying
        case = self._cases.get(row.case_id)
        tried = DryRun("FAILED", error=_gone()) if case is None else await self._try(case)
        outputs = _outputs(tried, self._run.action_id)
        cost = cost_of(tried)
        verdicts: list[Json] = []
        for check in read_checks(row.checks):
            verdict, paid = await self._verdict(check, outputs, tried)
            verdicts.append(cast("JsonObject", asdict(verdict)))
            cost = None if cost is None or paid is None else cost + paid
        trouble = connection_trouble(tried)
        async with trying.pool.acquire() as db:
            if not trouble:  # else the case was not tried, and a run that goes on later tries it
                await db.execute(
                    KEEP,
                    trying.workspace_id,
                    self._run.id,
                    row.position,
                    tried.status,
                    outputs,
                    verdicts,
                    tried.error,
                    cost,
                    seconds_of(tried),
                )
            now = await runs.get(db, trying.workspace_id, self._run.id)
        if self._progress is not None:
            self._progress(now)
        self.trouble = self.trouble or trouble
        return now.state == "RUNNING" and not self.trouble

    async def _try(self, case: EvalCase) -> DryRun:
        subject = Subject(case.record_id or 0, case.values, self._nobody.schema, self._nobody.workspace)
        return await dry_run_on(
            self._trying,
            self.plan,
            subject,
            start=self._run.action_id,
            outputs=case.outputs,
            patience=PATIENCE,
        )

    async def _verdict(
        self, check: Check, outputs: JsonObject | None, tried: DryRun
    ) -> tuple[Verdict, Decimal | None]:
        """The verdict on one check, and what the judge cost."""
        exact = check.kind == "equals"
        if outputs is None:
            error = tried.error or {}
            note = str(error.get("message", "The step did not answer."))
            return Verdict(check.field, check.expected, "", False, exact, note), Decimal(0)
        if check.field not in outputs:
            note = f"The step puts out no field '{check.field}'."
            return Verdict(check.field, check.expected, "", False, exact, note), Decimal(0)
        got = outputs[check.field]
        if check.kind != "judge" or self._set.judge_connection_id is None:
            return Verdict(check.field, check.expected, shown(got), passes(check, got), exact), Decimal(0)
        judged = await judge(
            self._trying,
            self._set.judge_connection_id,
            self._set.judge_model,
            check,
            asked=_prompt(tried),
            got=shown(got),
            flow_id=self._set.flow_id,
        )
        verdict = Verdict(check.field, check.expected, shown(got), judged.passed, False, judged.reason)
        return verdict, judged.cost_usd


def _outputs(tried: DryRun, action_id: str) -> JsonObject | None:
    """What the step put out; None when it failed."""
    for step in reversed(tried.steps):
        if step.action_id == action_id and step.outputs:
            return step.outputs
    return None


def _prompt(tried: DryRun) -> str:
    inputs = tried.steps[-1].inputs if tried.steps else None
    prompt = (inputs or {}).get("prompt")
    return prompt if isinstance(prompt, str) else ""


def _gone() -> JsonObject:
    return {
        "code": "NOT_FOUND",
        "message": "The case was deleted while the run went on.",
        "remedy": "Run it again.",
    }
