"""Trying a workflow's document: one step or all of it on a record, the texts of a step, who would come in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import FlowMatches, matches_shape, usd
from penstock.api.penstock.run_shapes import FoundPage, KnowledgeSourceShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import Id, PathId, Shape, Wish
from penstock.connections.connections import find
from penstock.kit.database import Connection
from penstock.workflows import flows
from penstock.workflows.document import parse
from penstock.workflows.dry_run import DryRun
from penstock.workflows.facts import load_facts
from penstock.workflows.knowledge.retrieving import with_knowledge
from penstock.workflows.legs.lanes import connection_of
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.plan import Plan
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.trying.preview import Sender, context_for, load_sample, preview
from penstock.workflows.trying.step_test import Trying, try_flow, try_step
from penstock.workflows.trying.told import tell
from penstock.workflows.trying.who import who_matches

router = APIRouter(route_class=GuardedRoute, tags=["flow-trying"])

Outputs = Annotated[dict[str, JsonBody], Field(default_factory=dict, max_length=1000)]


class DocumentWish(Wish):
    """The document to look at, as the editor has it."""

    document: JsonBody


class FlowTestWish(DocumentWish):
    """The document and the record to try it on."""

    record_id: Id


class StepTestWish(FlowTestWish):
    """The step to try. Outputs of earlier steps are sent, or found by running the steps before it (`runEarlier`)."""

    action_id: str
    run_earlier: bool = False
    outputs: Outputs


class PreviewWish(FlowTestWish):
    """The step whose texts are wanted, and the outputs that earlier steps are taken to have."""

    action_id: str
    outputs: Outputs


class StepFailure(Shape):
    """Why a step failed, and what to do about it."""

    code: str
    message: str
    remedy: str


class DroppedSetting(Shape):
    """A setting that was not sent because the model refuses it."""

    field: str
    reason: str


class TriedStep(Shape):
    """What came of a step. Tokens, USD (decimal text) and seconds are those of its call, if it made one; `sources` are the
    pages of an answer that was looked up, `knowledge` the passages that the prompt held; `branch` is the way that it chose, if it is a branch."""

    action_id: str
    title: str
    status: str
    branch: str | None
    inputs: JsonBody | None
    outputs: JsonBody
    prompt: str | None
    system: str | None
    answer: str | None
    provider: str | None
    model: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: str | None
    seconds: float | None
    sources: list[FoundPage]
    knowledge: list[KnowledgeSourceShape]
    dropped: list[DroppedSetting]
    warnings: list[str]
    error: StepFailure | None


class TriedMail(Shape):
    """An e-mail that would have been queued."""

    recipients: list[str]
    subject: str
    html: str
    text: str


class TriedWebhook(Shape):
    """A webhook that would have been sent."""

    method: str
    url: str
    body: str


class FlowTest(Shape):
    """What would have happened. `before` and `after` hold the properties whose value would change; nothing is written."""

    status: str
    steps: list[TriedStep]
    before: dict[str, str | None]
    after: dict[str, str | None]
    mails: list[TriedMail]
    webhooks: list[TriedWebhook]
    cost_usd: str | None
    seconds: float
    error: StepFailure | None


class SegmentShape(Shape):
    """A piece of a text; `token` is the path it came from, `missing` when that has no value for the record."""

    text: str
    token: str | None
    missing: bool


class PreviewTextShape(Shape):
    """One text of a step, by the name of its field."""

    field: str
    segments: list[SegmentShape]


class FlowPreview(Shape):
    """The texts of a step for a record; for an LLM step with about how many tokens, and about what they cost in USD.

    `fixedTokens` are those in front of the first value of a record, which a provider's prompt cache can keep. `sent`
    is the body of the request as the provider would get it, `knowledge` the passages in it; `failure` says why nothing
    would be sent.
    """

    texts: list[PreviewTextShape]
    input_tokens: int | None
    cost_usd: str | None
    note: str
    missing: list[str]
    fixed_tokens: int | None
    sent: JsonBody | None
    warnings: list[str]
    knowledge: list[KnowledgeSourceShape]
    failure: StepFailure | None


@router.post("/flows/{flowId}/step-tests")
async def test_step(flowId: PathId, wish: StepTestWish, call: Caller) -> FlowTest:  # noqa: N803
    """Runs one step on a record. The model is really asked; nothing is written, mailed or sent."""
    tried = await try_step(
        await _trying(call, flowId),
        parse(wish.document),
        flowId,
        wish.action_id,
        wish.record_id,
        run_earlier=wish.run_earlier,
        outputs=wish.outputs,
    )
    return _result(tried)


@router.post("/flows/{flowId}/flow-tests")
async def test_flow(flowId: PathId, wish: FlowTestWish, call: Caller) -> FlowTest:  # noqa: N803
    """Walks a whole document with a record. Models are really asked; nothing is written, mailed or sent."""
    trying = await _trying(call, flowId)
    return _result(await try_flow(trying, parse(wish.document), flowId, wish.record_id))


@router.post("/flow-previews")
async def preview_step(wish: PreviewWish, call: Caller) -> FlowPreview:
    """The texts of a step as they come out for a record, and about what the step costs. No model is asked."""
    plan = compile_plan(parse(wish.document), 0, "", 0)
    async with call.transaction() as db:
        sample = await load_sample(db, call.workspace_id, plan, wish.record_id, wish.outputs)
        facts = await load_facts(db, call.workspace_id, plan.object_type_id)
        workspace = await load_workspace(db, call.workspace_id)
        sender = await _sender(call, db, plan, wish.action_id)
        assert facts.schema is not None  # noqa: S101 - the record is of this type
        now = call.app.clock.now()
        context = context_for(plan, call.workspace_id, sample, facts.schema, workspace, now)
        context = await with_knowledge(db, plan, wish.action_id, context)
    providers = {number: connection.provider for number, connection in facts.connections.items()}
    found = preview(plan, wish.action_id, context, providers, sender)
    return FlowPreview(
        texts=[PreviewTextShape.model_validate(text) for text in found.texts],
        input_tokens=found.input_tokens,
        cost_usd=usd(found.cost_usd),
        note=found.note,
        missing=list(found.missing),
        fixed_tokens=found.fixed_tokens,
        sent=found.sent,
        warnings=list(found.warnings),
        knowledge=[KnowledgeSourceShape.model_validate(source) for source in found.sources],
        failure=StepFailure.model_validate(found.failure) if found.failure else None,
    )


async def _sender(call: Call, db: Connection, plan: Plan, action_id: str) -> Sender | None:
    """What the step of `action_id` is sent through; None for other steps and without a connection."""
    node = plan.nodes.get(action_id)
    number = connection_of(node) if node is not None else None
    connection = await find(db, call.workspace_id, number) if number is not None else None
    return Sender(call.app.llm, call.app.vault, connection) if connection is not None else None


@router.post("/flow-matches")
async def matches(wish: DocumentWish, call: Caller) -> FlowMatches:
    """How many records meet the enrollment criteria of a document now, counted within bounds."""
    document = parse(wish.document)
    async with call.transaction() as db:
        return matches_shape(await who_matches(db, call.workspace_id, document, call.app.clock.now()))


async def _trying(call: Call, flow_id: int) -> Trying:
    """What trying needs. Raises NotFound for an unknown workflow."""
    app = call.app
    async with call.transaction() as db:
        await flows.get(db, call.workspace_id, flow_id)
    return Trying(app.pool, app.llm, app.vault, app.clock, call.workspace_id)


def _result(tried: DryRun) -> FlowTest:
    return FlowTest.model_validate(tell(tried))
