"""LLM connections: connect with a key that the provider accepts, test, replace the key, uninstall.

A key goes in and never comes out: answers say that one is set, how it ends and when it changed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field, SecretStr

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Id, PathId, Shape, Time, Wish
from penstock.connections import connecting, connections
from penstock.connections.limits import Limit, set_limits
from penstock.errors import InvalidInput

router = APIRouter(route_class=GuardedRoute, tags=["connections"])


class FlowUseShape(Shape):
    """A workflow that calls through the connection, and that would stop there without it."""

    id: Id
    name: str
    is_enabled: bool


class ConnectionShape(Shape):
    """A connection. `baseUrl` null is the provider's own address; `changedAt` is when the key changed.

    `statusDetail` says why it needs attention and `statusCode` what kind of trouble that is, such as `OUT_OF_MONEY`;
    both are empty when it works.

    `concurrency` is how many calls all workers together make at a time; `requestsPerMinute` and `tokensPerMinute` are
    the owner's own limits, null for none.
    """

    id: Id
    name: str
    provider: str
    base_url: str | None
    status: Literal["connected", "needs_attention"]
    status_detail: str
    status_code: str
    last_four: str
    changed_at: Time
    verified_at: Time | None
    created_at: Time
    concurrency: int
    requests_per_minute: int | None
    tokens_per_minute: int | None


class ConnectionDetails(ConnectionShape):
    """A connection with the workflows that use it: the ones that uninstalling it stops."""

    flows: list[FlowUseShape]


class Connections(Shape):
    """All connections by name."""

    results: list[ConnectionDetails]


class ConnectWish(Wish):
    """A provider to connect. `local` takes no key; `compatible` needs `baseUrl`."""

    provider: str
    name: str
    key: SecretStr = SecretStr("")
    base_url: str | None = None


class ChangeWish(Wish):
    """What to change. Another provider or address needs the key again, because a stored key never goes elsewhere.

    `requestsPerMinute` or `tokensPerMinute` null removes that limit.
    """

    name: str | None = None
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = None
    requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    tokens_per_minute: Annotated[int, Field(ge=1_000, le=2_000_000_000)] | None = None
    provider: str | None = None
    base_url: str | None = None
    key: SecretStr | None = None


class KeyWish(Wish):
    """The key to put in place of the one that is there."""

    key: SecretStr


@router.get("/connections")
async def list_connections(call: Caller) -> Connections:
    """Lists the connections with the workflows that use them."""
    async with call.transaction() as db:
        found = await connections.list_connections(db, call.workspace_id)
    return Connections(results=[_details(one) for one in found])


@router.post("/connections", status_code=201)
async def connect(wish: ConnectWish, call: Caller) -> ConnectionShape:
    """Connects a provider. The provider is asked first; a key that it refuses is not saved."""
    async with call.connection() as db:
        made = await connecting.connect(
            db,
            call.app.vault,
            call.workspace_id,
            call.actor,
            provider=wish.provider,
            name=wish.name,
            key=wish.key.get_secret_value(),
            base_url=wish.base_url,
            verify=call.app.llm.verify_key,
        )
    return ConnectionShape.model_validate(made)


@router.get("/connections/{connectionId}")
async def read(connectionId: PathId, call: Caller) -> ConnectionDetails:  # noqa: N803
    """One connection with the workflows that use it."""
    async with call.transaction() as db:
        await connections.get(db, call.workspace_id, connectionId)
        found = await connections.list_connections(db, call.workspace_id)
    return _details(next(one for one in found if one.connection.id == connectionId))


@router.patch("/connections/{connectionId}")
async def change(connectionId: PathId, wish: ChangeWish, call: Caller) -> ConnectionShape:  # noqa: N803
    """Renames a connection, sets its limits, or moves it to another address with its key."""
    moved = {"provider", "base_url"} & wish.model_fields_set
    if moved and wish.key is None:
        raise InvalidInput(
            "key: another provider or baseUrl needs the key again; a stored key is never sent elsewhere.",
            remedy="Send key along with them.",
        )
    if wish.key is not None and not moved:
        raise InvalidInput("key: only goes with provider or baseUrl.", remedy="Replace a key with PUT …/key.")
    async with call.connection() as db:
        found = await connections.get(db, call.workspace_id, connectionId)
        if wish.key is not None:
            found = await connecting.change(
                db,
                call.app.vault,
                call.workspace_id,
                call.actor,
                connectionId,
                provider=wish.provider or found.provider,
                base_url=wish.base_url if "base_url" in wish.model_fields_set else found.base_url,
                key=wish.key.get_secret_value(),
                verify=call.app.llm.verify_key,
            )
    async with call.transaction() as db:
        if wish.name is not None:
            found = await connections.rename(db, call.workspace_id, call.actor, connectionId, wish.name)
        if wished := _limits(wish):
            found = await set_limits(db, call.workspace_id, call.actor, connectionId, wished)
    return ConnectionShape.model_validate(found)


@router.post("/connections/{connectionId}/test")
async def test(connectionId: PathId, call: Caller) -> ConnectionShape:  # noqa: N803
    """Asks the provider with the stored key and notes what came of it."""
    async with call.connection() as db:
        found = await connecting.test(
            db, call.app.vault, call.workspace_id, call.actor, connectionId, verify=call.app.llm.verify_key
        )
    return ConnectionShape.model_validate(found)


@router.put("/connections/{connectionId}/key")
async def replace_key(connectionId: PathId, wish: KeyWish, call: Caller) -> ConnectionShape:  # noqa: N803
    """Puts another key in place, once the provider accepted it."""
    async with call.connection() as db:
        found = await connecting.replace_key(
            db,
            call.app.vault,
            call.workspace_id,
            call.actor,
            connectionId,
            key=wish.key.get_secret_value(),
            verify=call.app.llm.verify_key,
        )
    return ConnectionShape.model_validate(found)


@router.delete("/connections/{connectionId}", status_code=204)
async def uninstall(connectionId: PathId, call: Caller) -> None:  # noqa: N803
    """Deletes the key at once. Workflows that use the connection stop there with a clear cause; nothing is lost."""
    async with call.transaction() as db:
        await connections.uninstall(db, call.app.vault, call.workspace_id, call.actor, connectionId)


def _limits(wish: ChangeWish) -> dict[Limit, int | None]:
    """The limits that the wish names."""
    wished: dict[Limit, int | None] = {}
    if wish.concurrency is not None:
        wished["concurrency"] = wish.concurrency
    if "requests_per_minute" in wish.model_fields_set:
        wished["requests_per_minute"] = wish.requests_per_minute
    if "tokens_per_minute" in wish.model_fields_set:
        wished["tokens_per_minute"] = wish.tokens_per_minute
    return wished


def _details(listed: connections.ListedConnection) -> ConnectionDetails:
    return ConnectionDetails(
        **ConnectionShape.model_validate(listed.connection).model_dump(),
        flows=[FlowUseShape.model_validate(use) for use in listed.flows],
    )
