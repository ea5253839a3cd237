"""The owner's own limits of a connection: calls at a time, requests and tokens a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections.connections import ProviderConnection, get
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

Limit = Literal["concurrency", "requests_per_minute", "tokens_per_minute"]

# The lowest and the highest of each. A minute of tokens below these would not let one usual call through.
RANGES: Mapping[Limit, tuple[int, int]] = {
    "concurrency": (1, 10_000),
    "requests_per_minute": (1, 1_000_000),
    "tokens_per_minute": (1_000, 2_000_000_000),
}

LOCK = """
SELECT FROM connections WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL FOR NO KEY UPDATE
"""
SET = """
UPDATE connections SET concurrency = $3, requests_per_minute = $4, tokens_per_minute = $5, updated_at = now()
WHERE workspace_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class OwnerLimits:
    """`concurrency` calls at a time, of all workers together; None a minute leaves it to the provider."""

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    @classmethod
    def of(cls, connection: ProviderConnection) -> OwnerLimits:
        """The limits of a connection as they are."""
        return cls(connection.concurrency, connection.requests_per_minute, connection.tokens_per_minute)


async def set_limits(
    db: Connection, workspace_id: int, actor: Actor, connection_id: int, wished: Mapping[Limit, int | None]
) -> ProviderConnection:
    """Sets the limits that are named in `wished`; None removes one. Calls that wait for a turn follow at once.

    In a transaction of the caller. Raises NotFound, and InvalidInput that names the limit and its range.
    """
    for limit, value in wished.items():
        _check(limit, value)
    await db.execute(LOCK, workspace_id, connection_id)
    before = OwnerLimits.of(await get(db, workspace_id, connection_id))
    after = OwnerLimits(
        wished.get("concurrency") or before.concurrency,
        wished.get("requests_per_minute", before.requests_per_minute),
        wished.get("tokens_per_minute", before.tokens_per_minute),
    )
    if after == before:
        return await get(db, workspace_id, connection_id)
    await db.execute(
        SET,
        workspace_id,
        connection_id,
        after.concurrency,
        after.requests_per_minute,
        after.tokens_per_minute,
    )
    changed: JsonObject = {limit: value for limit, value in wished.items() if value != getattr(before, limit)}
    await audit.record(db, actor, "connection.limits_set", "connection", connection_id, changed)
    return await get(db, workspace_id, connection_id)


def _check(limit: Limit, value: int | None) -> None:
    least, most = RANGES[limit]
    if value is None and limit == "concurrency":
        raise InvalidInput(
            "concurrency cannot be removed.", remedy=f"Use a number from {least:,} to {most:,}."
        )
    if value is not None and not least <= value <= most:
        remedy = f"Use a number from {least:,} to {most:,}"
        remedy += "." if limit == "concurrency" else ", or none to leave it to the provider."
        raise InvalidInput(f"{limit} is {value}.", remedy=remedy)
