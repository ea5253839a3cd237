"""Closing and opening the gate of an eval set: whether publishing waits, its baseline and its margin."""

from __future__ import annotations

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import Conflict, InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.evals import runs, sets
from penstock.workflows.evals.sets import EvalSet
from penstock.workflows.evals.step import fields_of_step, fingerprint

SET_GATE = """
UPDATE eval_sets SET gates = $3, margin = $4, baseline_run_id = $5 WHERE workspace_id = $1 AND id = $2
"""


async def set_gate(
    db: Connection,
    actor: Actor,
    set_id: int,
    *,
    gates: bool,
    margin: float | None = None,
    baseline_run_id: int | None = None,
) -> EvalSet:
    """Makes publishing wait for the set, or no longer. `margin` is in [0, 1]; None keeps it.

    Without `baseline_run_id` the baseline stays; a set that has none takes the newest finished run of the live
    revision. Raises NotFound, InvalidInput for a margin out of range, Conflict when there is no run to take as the
    baseline or the one named is not finished.
    """
    workspace_id = actor.workspace_id
    found = await sets.get(db, workspace_id, set_id)
    margin = found.margin if margin is None else margin
    if not 0 <= margin <= 1:
        raise InvalidInput(f"margin is {margin:g}; it goes from 0 to 1.", remedy="Use 0.05 for five percent.")
    baseline = baseline_run_id or found.baseline_run_id
    if baseline_run_id is not None:
        await _finished(db, workspace_id, set_id, baseline_run_id)
    elif gates and baseline is None:
        baseline = await _of_live(db, workspace_id, found)
    await db.execute(SET_GATE, workspace_id, set_id, gates, margin, baseline)
    detail: JsonObject = {
        "evalSetId": str(set_id),
        "gates": gates,
        "margin": margin,
        "baselineRunId": None if baseline is None else str(baseline),
    }
    await audit.record(db, actor, "eval_set.gate_set", "flow", found.flow_id, detail)
    return await sets.get(db, workspace_id, set_id)


async def _finished(db: Connection, workspace_id: int, set_id: int, run_id: int) -> None:
    run = await runs.get(db, workspace_id, run_id)
    if run.eval_set_id != set_id or run.state != "DONE":
        raise Conflict(
            f"Eval run {run_id} is {run.state} and of eval set {run.eval_set_id}; a baseline is a finished run of the set.",
            remedy="Name a run of this set that is DONE.",
        )


async def _of_live(db: Connection, workspace_id: int, found: EvalSet) -> int:
    live = await flows.get(db, workspace_id, found.flow_id)
    fields = fields_of_step(live.document, found.action_id)
    run = (
        await runs.latest_done(db, workspace_id, found.id, fingerprint(fields), found.version)
        if fields is not None
        else None
    )
    if run is None:
        raise Conflict(
            f"'{found.name}' was not run on the live revision, so there is no baseline.",
            remedy="Run it with revision 'live', or name a run as the baseline.",
        )
    return run.id
