"""The workflow editor: what it opens, its draft, publishing, revisions."""

from __future__ import annotations

import contextlib
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from penstock.accounts import audit
from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import (
    CheckedFlow,
    DifferencesShape,
    DraftShape,
    FlowStanding,
    MatchCountShape,
    ProblemShape,
    checked,
    differences_shape,
    draft_shape,
    matches_shape,
    usd,
)
from penstock.api.penstock.run_shapes import CountShape
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, PathId, Shape, Time, Wish, paging
from penstock.engine.lanes import enqueue
from penstock.errors import InvalidFlow, InvalidInput
from penstock.workflows import enrolling, flows
from penstock.workflows.document import parse
from penstock.workflows.editing import drafts, publishing, revisions
from penstock.workflows.editing.differences import compare
from penstock.workflows.run_history.counts import count_by_status
from penstock.workflows.run_history.standing import counts_by_action
from penstock.workflows.trying.who import (
    Price,
    WhoMatches,
    enrolled_last_30_days,
    price_per_record,
    who_matches,
)

UNREADABLE = "The document has to hold together first."

router = APIRouter(route_class=GuardedRoute, tags=["flow-editing"])


class OpenedFlow(CheckedFlow):
    """A workflow as its editor opens it: the live document, the draft if there is one, and the findings of the checks
    in the draft, else in the live document. `standing` is by action, for those where runs are or failed."""

    id: Id
    name: str
    object_type_id: str
    is_enabled: bool
    revision_id: Id
    updated_at: Time
    document: JsonBody
    draft: DraftShape | None
    standing: list[FlowStanding]


class DraftWish(Wish):
    """A document to keep as the draft. `version` is that of the draft it was made from (0: there was none)."""

    version: Annotated[int, Field(ge=0)]
    document: JsonBody
    base_revision_id: Id | None = None


class SavedDraft(CheckedFlow):
    """The version that the draft has now, and what the checks find in it."""

    version: Id
    base_revision_id: Id
    saved_at: Time


class PriceShape(Shape):
    """What a record costs on its way, at most, in USD; null where that is not known. `note` says what it assumes."""

    per_record_usd: str | None
    sample: int
    note: str


class PublicationPreview(Shape):
    """What publishing would change. `version` is the draft's (0: there is none, only turning on or off is left)."""

    version: int
    base_revision_id: Id
    live_revision_id: Id
    is_enabled: bool
    problems: list[ProblemShape]
    differences: DifferencesShape
    inside: CountShape
    matching: MatchCountShape | None
    matching_note: str
    cost: PriceShape
    monthly_usd: str | None
    enrolled_last_30_days: int


class PublicationWish(Wish):
    """Which draft to publish, whether to turn the workflow on or off (null: neither), and whether to enroll the
    records that meet its criteria already, with `batch` through the batch API of the provider.
    `overrideReason` publishes in spite of evals that refuse; it is kept."""

    version: Annotated[int, Field(ge=0)]
    enable: bool | None = None
    enroll_existing: bool = False
    batch: bool = False
    override_reason: Annotated[str | None, Field(min_length=1, max_length=1000)] = None

    @model_validator(mode="after")
    def _only_with_existing(self) -> PublicationWish:
        if self.batch and not self.enroll_existing:
            raise ValueError("batch goes only with enrollExisting: true")
        return self


class Publication(Shape):
    """What is live now. `enrolled` counts the records that `enrollExisting` brought in; `goesOn` tells that there are
    more of them, which come in in the background until the workflow is turned off."""

    revision_id: Id
    is_enabled: bool
    enrolled: int
    goes_on: bool


class ChangeCounts(Shape):
    """How many steps a revision changed, and how many settings of the workflow."""

    added: int
    removed: int
    changed: int
    moved: int
    settings: int


class RevisionRowShape(Shape):
    """A published revision. `changes` is against the one before it, null for the first."""

    revision_id: Id
    created_at: Time
    created_by: str
    is_live: bool
    changes: ChangeCounts | None


class RevisionRows(Shape):
    """A page of revisions, newest first."""

    results: list[RevisionRowShape]
    paging: Paging | None = None


class RevisionShape(Shape):
    """A published revision with its document."""

    revision_id: Id
    created_at: Time
    created_by: str
    is_live: bool
    document: JsonBody


class RestorationWish(Wish):
    """Which revision becomes the draft, and whether it may take the place of one that is there."""

    revision_id: Id
    replace_draft: bool = False


@router.get("/flows/{flowId}/editor")
async def open_editor(flowId: PathId, call: Caller) -> OpenedFlow:  # noqa: N803
    """Everything that the editor of a workflow needs, in one answer."""
    async with call.transaction() as db:
        flow = await flows.get(db, call.workspace_id, flowId)
        draft = await drafts.find(db, call.workspace_id, flowId)
        examined = await flows.examine_flow(db, call.workspace_id, draft.document if draft else flow.document)
        standing = await counts_by_action(db, flow.id)
    return OpenedFlow(
        **dict(checked(examined)),
        id=flow.id,
        name=flow.name,
        object_type_id=flow.object_type_id,
        is_enabled=flow.is_enabled,
        revision_id=flow.revision_id,
        updated_at=flow.updated_at,
        document=flow.document,
        draft=draft_shape(draft) if draft else None,
        standing=[FlowStanding.model_validate(one) for one in standing],
    )


@router.get("/flows/{flowId}/draft")
async def read_draft(flowId: PathId, call: Caller) -> DraftShape:  # noqa: N803
    """The draft of a workflow; 404 when it has none."""
    async with call.transaction() as db:
        return draft_shape(await drafts.get(db, call.workspace_id, flowId))


@router.put("/flows/{flowId}/draft")
async def save_draft(flowId: PathId, wish: DraftWish, call: Caller) -> SavedDraft:  # noqa: N803
    """Keeps a document as the draft, finished or not. A stale `version` is answered with 409, with who saved when."""
    async with call.transaction() as db:
        draft = await drafts.save(
            db,
            call.workspace_id,
            call.actor,
            flowId,
            wish.document,
            version=wish.version,
            base_revision_id=wish.base_revision_id,
        )
        examined = await flows.examine_flow(db, call.workspace_id, draft.document)
    return SavedDraft(
        **dict(checked(examined)),
        version=draft.version,
        base_revision_id=draft.base_revision_id,
        saved_at=draft.saved_at,
    )


@router.delete("/flows/{flowId}/draft", status_code=204)
async def discard_draft(flowId: PathId, call: Caller) -> None:  # noqa: N803
    """Discards the draft; what is published stays."""
    async with call.transaction() as db:
        await drafts.discard(db, call.workspace_id, flowId)
        await audit.record(db, call.actor, "flow.draft_discarded", "flow", flowId)


@router.get("/flows/{flowId}/publication-preview")
async def preview_publication(flowId: PathId, call: Caller) -> PublicationPreview:  # noqa: N803
    """What publishing would change, whom it would meet, and what that would cost."""
    now = call.app.clock.now()
    async with call.transaction() as db:
        flow = await flows.get(db, call.workspace_id, flowId)
        draft = await drafts.find(db, call.workspace_id, flowId)
        document = draft.document if draft else flow.document
        examined = await flows.examine_flow(db, call.workspace_id, document)
        counts = await count_by_status(db, call.workspace_id, flowId)
        enrolled = await enrolled_last_30_days(db, call.workspace_id, flowId, now)
        price, who = Price(None, 0, UNREADABLE), WhoMatches(None, UNREADABLE)
        with contextlib.suppress(InvalidFlow):  # its problems are in `examined`
            parsed = parse(document)
            price = await price_per_record(db, call.workspace_id, parsed, now)
            who = await who_matches(db, call.workspace_id, parsed, now)
    active, waiting = counts["ACTIVE"], counts["WAITING"]
    monthly = None if price.per_record_usd is None else price.per_record_usd * enrolled
    return PublicationPreview(
        version=draft.version if draft else 0,
        base_revision_id=draft.base_revision_id if draft else flow.revision_id,
        live_revision_id=flow.revision_id,
        is_enabled=flow.is_enabled,
        problems=checked(examined).problems,
        differences=differences_shape(compare(flow.document, document)),
        inside=CountShape(count=active.count + waiting.count, exact=active.exact and waiting.exact),
        matching=matches_shape(who).matching,
        matching_note=who.note,
        cost=PriceShape(per_record_usd=usd(price.per_record_usd), sample=price.sample, note=price.note),
        monthly_usd=usd(monthly),
        enrolled_last_30_days=enrolled,
    )


@router.post("/flows/{flowId}/publications", status_code=201)
async def publish(flowId: PathId, wish: PublicationWish, call: Caller) -> Publication:  # noqa: N803
    """Makes the draft the live revision. Refused with every reason while the checks find errors in it, or while
    an eval set that gates says that it got worse or was not run."""
    begun = enrolling.Begun(0, goes_on=False)
    async with call.transaction() as db:
        flow = await publishing.publish(
            db,
            call.workspace_id,
            call.actor,
            flowId,
            version=wish.version,
            enable=wish.enable,
            override_reason=wish.override_reason,
        )
        if wish.enroll_existing:
            plans = call.app.runner.plans
            begun = await enrolling.begin(
                db, enqueue, plans, call.workspace_id, flowId, call.app.clock.now(), batch=wish.batch
            )
    return Publication(
        revision_id=flow.revision_id,
        is_enabled=flow.is_enabled,
        enrolled=begun.enrolled,
        goes_on=begun.goes_on,
    )


@router.get("/flows/{flowId}/revisions")
async def list_revisions(
    flowId: PathId,  # noqa: N803
    call: Caller,
    after: After = None,
    limit: Limit = 20,
) -> RevisionRows:
    """The published revisions, newest first, with how much each changed."""
    async with call.transaction() as db:
        live = (await flows.get(db, call.workspace_id, flowId)).revision_id
        page, following = await revisions.list_revisions(
            db, call.workspace_id, flowId, before=after, limit=limit
        )
    return RevisionRows(results=[_row(row, live) for row in page], **paging(following))


@router.get("/flows/{flowId}/revisions/{revisionId}")
async def read_revision(flowId: PathId, revisionId: PathId, call: Caller) -> RevisionShape:  # noqa: N803
    """One published revision with its document."""
    async with call.transaction() as db:
        live = (await flows.get(db, call.workspace_id, flowId)).revision_id
        found = await revisions.get_revision(db, call.workspace_id, flowId, revisionId)
    return RevisionShape(
        revision_id=found.revision_id,
        created_at=found.created_at,
        created_by=found.created_by,
        is_live=found.revision_id == live,
        document=found.document,
    )


@router.get("/flows/{flowId}/differences")
async def differences(
    flowId: PathId,  # noqa: N803
    call: Caller,
    before: Annotated[str, Query(alias="from", description="A revision, `live` or `draft`.")] = "live",
    to: Annotated[str, Query(description="A revision, `live` or `draft`.")] = "draft",
) -> DifferencesShape:
    """What changed between two revisions, or a revision and the draft."""
    async with call.transaction() as db:
        live = (await flows.get(db, call.workspace_id, flowId)).revision_id
        wanted = [_revision("from", before, live), _revision("to", to, live)]
        documents = [await revisions.document_at(db, call.workspace_id, flowId, one) for one in wanted]
    return differences_shape(compare(*documents))


@router.post("/flows/{flowId}/restorations", status_code=201)
async def restore(flowId: PathId, wish: RestorationWish, call: Caller) -> DraftShape:  # noqa: N803
    """Takes a published revision back as the draft; nothing is published by it."""
    async with call.transaction() as db:
        draft = await revisions.restore(
            db, call.workspace_id, call.actor, flowId, wish.revision_id, replace_draft=wish.replace_draft
        )
    return draft_shape(draft)


def _row(row: revisions.RevisionRow, live: int) -> RevisionRowShape:
    changes = None
    if row.changes is not None:
        kinds = [step.change for step in row.changes.steps]
        changes = ChangeCounts(
            added=kinds.count("added"),
            removed=kinds.count("removed"),
            changed=kinds.count("changed"),
            moved=kinds.count("moved"),
            settings=len(row.changes.settings),
        )
    return RevisionRowShape(
        revision_id=row.revision.revision_id,
        created_at=row.revision.created_at,
        created_by=row.revision.created_by,
        is_live=row.revision.revision_id == live,
        changes=changes,
    )


def _revision(name: str, text: str, live: int) -> int | None:
    """The number of a revision, None for the draft."""
    if text in ("live", "draft"):
        return live if text == "live" else None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput(
            f"{name} is neither a number of a revision nor 'live' nor 'draft'.", remedy="Use one of them."
        )
    return int(text)
