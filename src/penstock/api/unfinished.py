"""Goes on with what a server that ended left undone: edits of many records, samples, evals, indexes that were wanted."""

from __future__ import annotations

from penstock.api.background import Background
from penstock.bootstrap import Penstock
from penstock.crm import bulk, value_indexes
from penstock.workflows.dry_run import Trying
from penstock.workflows.evals.run import run_evals
from penstock.workflows.evals.runs import EVAL_RUNS
from penstock.workflows.samples.run import run_sample
from penstock.workflows.samples.samples import SAMPLES


async def go_on(app: Penstock, background: Background) -> None:
    """Starts what is unfinished, in the background; what another process is at stays with it."""
    async with app.pool.acquire() as db:
        unfinished = await bulk.unfinished(db)
        tried = await SAMPLES.unfinished(db)
        evals = await EVAL_RUNS.unfinished(db)
        wanted = await value_indexes.any_wanted(db)
    for workspace_id, bulk_edit_id in unfinished:
        _start(app, background, workspace_id, bulk_edit_id)
    for workspace_id, sample_id in tried:
        _start_sample(background, _trying(app, workspace_id), sample_id)
    for workspace_id, run_id in evals:
        _start_evals(background, _trying(app, workspace_id), run_id)
    if wanted:
        background.start(lambda: value_indexes.build(app.pool), "indexes over property values", lambda: None)


def _start(app: Penstock, background: Background, workspace_id: int, bulk_edit_id: int) -> None:
    background.start(
        lambda: bulk.run_bulk_edit(app.pool, app.clock, workspace_id, bulk_edit_id),
        f"bulk edit {bulk_edit_id}",
        lambda: None,
    )


def _trying(app: Penstock, workspace_id: int) -> Trying:
    return Trying(app.pool, app.llm, app.vault, app.clock, workspace_id)


def _start_evals(background: Background, trying: Trying, run_id: int) -> None:
    background.start(lambda: run_evals(trying, run_id), f"eval run {run_id}", lambda: None)


def _start_sample(background: Background, trying: Trying, sample_id: int) -> None:
    background.start(lambda: run_sample(trying, sample_id), f"sample {sample_id}", lambda: None)
