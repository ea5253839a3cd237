"""Models that end: the steps that ask them, and another model tried in their place."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from penstock.api.background import Background
from penstock.api.penstock.samples import trying_of
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, Shape, Wish
from penstock.workflows.evals.replacing import Proposal, Replacement, propose
from penstock.workflows.evals.retiring import AHEAD_DAYS, retiring_uses
from penstock.workflows.evals.run import run_evals

router = APIRouter(route_class=GuardedRoute, tags=["modelReplacements"])

Model = Annotated[str, Field(min_length=1, max_length=200)]


class RetiringUseShape(Shape):
    """A step whose model the provider ends on `retiresAt` (ISO 8601), or has ended. `evalSetIds` test the step."""

    flow_id: Id
    flow_name: str
    flow_enabled: bool
    place: Literal["live", "draft"]
    action_id: str
    connection_id: Id
    connection_name: str
    model: str
    retires_at: str
    retired: bool
    eval_set_ids: list[Id]


class RetiringUses(Shape):
    """The steps, those whose model ends soonest first."""

    results: list[RetiringUseShape]


class ReplacementWish(Wish):
    """`new` in place of `old`: everywhere, or only through `connectionId`, or only in `flowIds`."""

    old: Model
    new: Model
    connection_id: Id | None = None
    flow_ids: Annotated[list[Id], Field(default_factory=list, max_length=1000)]


class ProposedEvalShape(Shape):
    """An eval set of a changed step: the run with the old model and the one with the new, to be compared."""

    eval_set_id: Id
    name: str
    action_id: str
    before_run_id: Id
    after_run_id: Id
    before_is_new: bool


class ProposalShape(Shape):
    """What is proposed for one workflow: its draft of `draftVersion`. `untested` are changed steps without evals."""

    flow_id: Id
    flow_name: str
    draft_version: Id
    had_draft: bool
    action_ids: list[str]
    untested: list[str]
    evals: list[ProposedEvalShape]


class Proposals(Shape):
    """What is proposed, by workflow. Nothing of it is published."""

    results: list[ProposalShape]


@router.get("/retiring-models")
async def list_retiring(
    call: Caller,
    days: Annotated[int, Query(ge=1, le=3650, description="How far ahead to look.")] = AHEAD_DAYS,
) -> RetiringUses:
    """The steps of workflows and drafts whose model ends, by the lists of models that connections gave last."""
    async with call.transaction() as db:
        found = await retiring_uses(db, call.workspace_id, call.app.clock.now(), days)
    return RetiringUses(results=[RetiringUseShape.model_validate(one) for one in found])


@router.post("/model-replacements", status_code=201)
async def replace_model(wish: ReplacementWish, call: Caller, request: Request) -> Proposals:
    """Puts another model into drafts and runs the eval sets of the changed steps with both, in the background.

    Nothing is published. `GET …/eval-runs/{afterRunId}/comparison?before={beforeRunId}` says what differs.
    """
    async with call.transaction() as db:
        replacement = Replacement(wish.old.strip(), wish.new.strip(), wish.connection_id)
        proposals = await propose(db, call.actor, replacement, wish.flow_ids)
    trying = trying_of(call)
    background: Background = request.app.state.background
    for run_id in _to_run(proposals):
        background.start(
            lambda run_id=run_id: run_evals(trying, run_id),  # type: ignore[misc]
            f"eval run {run_id}",
            lambda: None,
        )
    return Proposals(results=[ProposalShape.model_validate(one) for one in proposals])


def _to_run(proposals: list[Proposal]) -> list[int]:
    return [
        run_id
        for proposal in proposals
        for one in proposal.evals
        for run_id in ((one.before_run_id,) if one.before_is_new else ()) + (one.after_run_id,)
    ]
