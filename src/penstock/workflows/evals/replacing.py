"""Another model in place of one that ends: as a draft, with the evals of both beside each other. Nothing is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.editing import drafts
from penstock.workflows.evals import runs, sets
from penstock.workflows.evals.run import begin
from penstock.workflows.evals.step import (
    asked_models,
    asks,
    fields_of_step,
    fingerprint,
    llm_steps,
    with_model_replaced,
)

FLOWS = "SELECT id FROM flows WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY id"
LISTED = """
SELECT model.value ->> 'id' AS id FROM connections c JOIN model_lists m ON m.connection_id = c.id
CROSS JOIN LATERAL jsonb_array_elements(m.models) AS model (value)
WHERE c.workspace_id = $1 AND c.id = $2 AND c.uninstalled_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Replacement:
    """`new` in place of `old`; `connection_id` None: through whatever connection the steps ask `old`."""

    old: str
    new: str
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedEval:
    """An eval set of a changed step: the run with the old model and the one with the new; `before_is_new`: the first
    was begun now, because there was none on the cases as they are."""

    eval_set_id: int
    name: str
    action_id: str
    before_run_id: int
    after_run_id: int
    before_is_new: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one workflow: its draft with the steps changed, and the evals of it.

    `untested` are changed steps that no eval set with cases tests. `had_draft`: the change was made to a draft that
    was there already.
    """

    flow_id: int
    flow_name: str
    draft_version: int
    had_draft: bool
    action_ids: tuple[str, ...]
    untested: tuple[str, ...]
    evals: tuple[ProposedEval, ...]


async def propose(
    db: Connection, actor: Actor, replacement: Replacement, flow_ids: Sequence[int] = ()
) -> list[Proposal]:
    """Puts the new model into a draft of each workflow that asks the old one, and notes the runs of its eval sets.

    `flow_ids` narrow it. The runs are to be done by `run_evals` once the caller has committed. What is live stays as it
    is. Raises InvalidInput for a new model that the connection does not list, NotFound when no step asks the old one.
    """
    workspace_id = actor.workspace_id
    found: list[Proposal] = []
    for flow_id in list(flow_ids) or [row["id"] for row in await db.fetch(FLOWS, workspace_id)]:
        proposal = await _propose(db, actor, flow_id, replacement)
        if proposal is not None:
            found.append(proposal)
    if not found:
        raise NotFound(
            f"No step asks the model '{replacement.old[:100]}'.",
            remedy="Look with `penstock models retiring`, or at the steps of the workflow.",
        )
    return found


async def _propose(db: Connection, actor: Actor, flow_id: int, replacement: Replacement) -> Proposal | None:
    workspace_id = actor.workspace_id
    live = await flows.get(db, workspace_id, flow_id)
    draft = await drafts.find(db, workspace_id, flow_id)
    document = draft.document if draft else live.document
    changed = document
    steps: list[str] = []
    for action_id in llm_steps(document):
        fields = fields_of_step(document, action_id) or {}
        only = None if replacement.connection_id is None else str(replacement.connection_id)
        asking = [one for one in asked_models(fields) if asks(one, replacement.old, only)]
        for one in asking:
            await _check_listed(db, workspace_id, str(one.get("connection_id") or ""), replacement.new)
        if asking:
            changed = with_model_replaced(changed, action_id, replacement.old, replacement.new, only)
            steps.append(action_id)
    if not steps:
        return None
    saved = await drafts.save(
        db, workspace_id, actor, flow_id, changed, version=draft.version if draft else 0
    )
    detail: JsonObject = {"old": replacement.old, "new": replacement.new, "actionIds": [*steps]}
    await audit.record(db, actor, "flow.model_replacement_proposed", "flow", flow_id, detail)
    evals = [
        await _evals(db, actor, one, document, changed)
        for one in await sets.list_sets(db, workspace_id, flow_id)
        if one.action_id in steps and one.cases
    ]
    tested = {one.action_id for one in evals}
    untested = tuple(step for step in steps if step not in tested)
    return Proposal(
        flow_id, live.name, saved.version, draft is not None, tuple(steps), untested, tuple(evals)
    )


async def _evals(
    db: Connection, actor: Actor, found: sets.EvalSet, before: JsonObject, after: JsonObject
) -> ProposedEval:
    old = fingerprint(fields_of_step(before, found.action_id) or {})
    known = await runs.latest_done(db, actor.workspace_id, found.id, old, found.version)
    first = known or await begin(db, actor, found.id, document=before)
    second = await begin(db, actor, found.id, document=after)
    return ProposedEval(found.id, found.name, found.action_id, first.id, second.id, known is None)


async def _check_listed(db: Connection, workspace_id: int, connection: str, model: str) -> None:
    """Refuses a model that the provider does not list; without a list the provider decides."""
    if not (connection.isascii() and connection.isdigit() and len(connection) < 19):
        return
    listed = [row["id"] for row in await db.fetch(LISTED, workspace_id, int(connection))]
    if listed and model not in listed:
        near = [one for one in listed if one.split("-")[0] == model.split("-")[0]][:5]
        raise InvalidInput(
            f"Connection {connection} lists no model '{model[:100]}'.",
            remedy=f"It lists for example {', '.join(near or listed[:5])}.",
        )
