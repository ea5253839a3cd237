"""The audit log, to be read: it has no route that writes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from penstock.accounts import audit
from penstock.accounts.actors import ActorType
from penstock.accounts.audit import AuditFilter
from penstock.api.json_body import JsonBody
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, Paging, Shape, Time, paging

router = APIRouter(route_class=GuardedRoute, tags=["audit log"])


class AuditEntryShape(Shape):
    """Who did what to which thing. `address` is empty for work on the machine itself.

    `subjectLabel` is what a person or API token is called today, null for other things; `detail` says more.
    """

    id: Id
    at: Time
    actor_type: ActorType
    actor_id: str
    actor_label: str
    address: str
    action: str
    subject_type: str
    subject_id: str
    subject_label: str | None
    detail: JsonBody


class AuditLog(Shape):
    """Entries, newest first."""

    results: list[AuditEntryShape]
    paging: Paging | None = None


class AuditActions(Shape):
    """Every action that stands in the log, to choose from."""

    results: list[str]


@router.get("/audit-log")
async def list_entries(
    call: Caller,
    action: Annotated[str | None, Query(description="Such as `connection.uninstalled`.")] = None,
    actorType: Annotated[ActorType | None, Query()] = None,  # noqa: N803
    actorId: Annotated[str | None, Query()] = None,  # noqa: N803
    subjectType: Annotated[str | None, Query()] = None,  # noqa: N803
    subjectId: Annotated[str | None, Query()] = None,  # noqa: N803
    after: After = None,
    limit: Limit = 50,
) -> AuditLog:
    """Lists who did what, newest first."""
    wanted = AuditFilter(action, actorType, actorId, subjectType, subjectId)
    async with call.transaction() as db:
        found = await audit.list_entries(db, call.workspace_id, wanted, before=after, limit=limit + 1)
    last = found[limit - 1].id if len(found) > limit else None
    return AuditLog(results=[AuditEntryShape.model_validate(one) for one in found[:limit]], **paging(last))


@router.get("/audit-log/actions")
async def list_actions(call: Caller) -> AuditActions:
    """Lists the actions that stand in the log."""
    async with call.transaction() as db:
        return AuditActions(results=await audit.list_actions(db, call.workspace_id))
