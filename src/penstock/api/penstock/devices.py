"""The browsers in which the person who calls is signed in."""

from __future__ import annotations

from fastapi import APIRouter

from penstock.accounts import sessions
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Time
from penstock.api.visitors import limits
from penstock.errors import NotFound

router = APIRouter(route_class=GuardedRoute, tags=["devices"])


class DeviceShape(Shape):
    """A browser that is signed in. `expiresAt` is when the session ends if nothing more comes from it."""

    id: Id
    created_at: Time
    last_seen_at: Time
    expires_at: Time
    address: str
    user_agent: str
    current: bool


class Devices(Shape):
    """At most 100, the one seen last first. Empty for an API token."""

    results: list[DeviceShape]


@router.get("/session/devices")
async def list_devices(call: Caller) -> Devices:
    """Lists where one is signed in."""
    if call.signed_in is None:
        return Devices(results=[])
    how_long = limits(call.app.settings)
    async with call.transaction() as db:
        found = await sessions.list_sessions(
            db, call.workspace_id, call.session.user_id, at=call.app.clock.now(), limits=how_long
        )
    return Devices(
        results=[
            DeviceShape(
                id=one.id,
                created_at=one.created_at,
                last_seen_at=one.last_seen_at,
                expires_at=one.ends_at(how_long),
                address=one.address,
                user_agent=one.user_agent,
                current=one.id == call.session.session_id,
            )
            for one in found
        ]
    )


@router.delete("/session/devices", status_code=204)
async def end_other_devices(call: Caller) -> None:
    """Signs out everywhere but here."""
    async with call.transaction() as db:
        await sessions.sign_out_others(db, call.actor, call.session)


@router.delete("/session/devices/{deviceId}", status_code=204)
async def end_device(deviceId: PathId, call: Caller) -> None:  # noqa: N803
    """Signs out one browser."""
    async with call.transaction() as db:
        ended = await sessions.end(db, call.workspace_id, call.session.user_id, deviceId)
    if not ended:
        raise NotFound("You are not signed in there.", remedy="List the devices to see where you are.")
