"""Records erased for good, as HubSpot's gdpr-delete does."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.api.hubspot.object_reading import schema_of
from penstock.api.hubspot.objects import find, record_id
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import ForeignWish
from penstock.workflows import erasing

router = APIRouter(route_class=GuardedRoute, tags=["objects"])


class EraseWish(ForeignWish):
    """HubSpot's PublicGdprDeleteInput: a record by its id, archived or not, or a live one by a unique property."""

    object_id: str
    id_property: str | None = None


@router.post("/gdpr-delete", status_code=204)
async def erase(objectType: str, wish: EraseWish, call: Caller) -> None:  # noqa: N803
    """Erases a record for good, with its history and all that runs, logs, reviews, samples and evals kept of it.

    HubSpot has this for contacts; here it is for every object type. 404 for what is not there.
    """
    async with call.transaction() as db:
        schema = await schema_of(db, call, objectType)
        if wish.id_property is None:
            found = record_id(wish.object_id)
        else:
            found = (await find(db, call, schema, wish.object_id, wish.id_property)).id
        await erasing.erase(db, call.actor, schema.object_type, [found])
