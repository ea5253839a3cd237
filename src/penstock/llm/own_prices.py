"""Prices that a workspace states itself, in place of the list's: negotiated rates, fine-tuned models, a machine of its own.

They stand in the database; each process keeps them in memory, and reads them anew when one was set or removed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog

from penstock.errors import InvalidInput, NotFound, PenstockError
from penstock.kit.database import Connection, Pool
from penstock.kit.wakeups import wakeups

log = structlog.get_logger(__name__)

CHANNEL = "own_prices"
LISTEN_AFTER_SECONDS = 10.0  # most commands are done by then, and need no connection for listening
READ_EVERY_SECONDS = 60.0  # for a notification that got lost
DEAREST = Decimal(1_000_000)  # USD per million tokens

_COLUMNS = (
    "workspace_id, provider, model, input_usd, cached_input_usd, output_usd, batch_factor, set_by, set_at"
)
ALL = f"SELECT {_COLUMNS} FROM own_prices"  # noqa: S608 - constants
LIST = f"SELECT {_COLUMNS} FROM own_prices WHERE workspace_id = $1 ORDER BY provider, model"  # noqa: S608
SET = f"""
INSERT INTO own_prices (workspace_id, provider, model, input_usd, cached_input_usd, output_usd, batch_factor, set_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (workspace_id, provider, model) DO UPDATE SET input_usd = $4, cached_input_usd = $5, output_usd = $6,
    batch_factor = $7, set_by = $8, set_at = now()
RETURNING {_COLUMNS}
"""  # noqa: S608
REMOVE = "DELETE FROM own_prices WHERE workspace_id = $1 AND provider = $2 AND model = $3 RETURNING model"
TELL_OTHERS = f"SELECT pg_notify('{CHANNEL}', '')"


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """USD per million tokens of a model of a provider; `cached_input_usd` None: as plain input.

    `batch_factor` is the part of it that a call in a batch costs, in (0, 1]; None: as the provider says.
    """

    workspace_id: int
    provider: str
    model: str
    input_usd: Decimal
    cached_input_usd: Decimal | None
    output_usd: Decimal
    batch_factor: Decimal | None
    set_by: str
    set_at: datetime


_known: dict[tuple[int, str, str], OwnPrice] = {}


def own_price(workspace_id: int, provider: str, model: str) -> OwnPrice | None:
    """The price that a workspace states for a model, as this process read it last; None where it states none."""
    return _known.get((workspace_id, provider, model)) if _known else None


def remember(prices: Sequence[OwnPrice]) -> None:
    """Takes these in place of all that were known."""
    _known.clear()
    _known.update({(one.workspace_id, one.provider, one.model): one for one in prices})


async def load(db: Connection) -> list[OwnPrice]:
    """The prices of all workspaces."""
    return [OwnPrice(**dict(row.items())) for row in await db.fetch(ALL)]


async def keep_reading(pool: Pool) -> None:
    """Reads the prices anew whenever one changes, until it is cancelled; trouble of the database is met again later."""
    await asyncio.sleep(LISTEN_AFTER_SECONDS)
    async with wakeups(pool, CHANNEL, asyncio.Event()) as alarm:
        while True:
            alarm.forget()
            try:
                async with pool.acquire() as db:
                    remember(await load(db))
            except (PenstockError, OSError) as error:
                log.warning("own prices could not be read", cause=str(error))
            await alarm.sleep(READ_EVERY_SECONDS)


async def list_prices(db: Connection, workspace_id: int) -> list[OwnPrice]:
    """The prices that a workspace states, by provider and model."""
    return [OwnPrice(**dict(row.items())) for row in await db.fetch(LIST, workspace_id)]


async def set_price(db: Connection, price: OwnPrice) -> OwnPrice:
    """States a price, in place of the one before; this process knows it at once. Raises InvalidInput."""
    for name in ("input_usd", "cached_input_usd", "output_usd"):
        value = getattr(price, name)
        if value is not None and not (value.is_finite() and 0 <= value <= DEAREST):
            raise InvalidInput(
                f"{name} is {value}; it goes from 0 to {DEAREST:,} USD per million tokens.",
                remedy="Give US dollars per million tokens.",
            )
    factor = price.batch_factor
    if factor is not None and not (factor.is_finite() and 0 < factor <= 1):
        raise InvalidInput(
            f"batch_factor is {factor}; it goes from above 0 to 1.", remedy="Use 0.5 for half."
        )
    row = await db.fetchrow(
        SET,
        price.workspace_id,
        price.provider,
        price.model,
        price.input_usd,
        price.cached_input_usd,
        price.output_usd,
        factor,
        price.set_by,
    )
    assert row is not None  # noqa: S101 - INSERT … RETURNING
    await db.execute(TELL_OTHERS)
    stated = OwnPrice(**dict(row.items()))
    _known[stated.workspace_id, stated.provider, stated.model] = stated
    return stated


async def remove_price(db: Connection, workspace_id: int, provider: str, model: str) -> None:
    """Goes back to the list's price. Raises NotFound."""
    if await db.fetchval(REMOVE, workspace_id, provider, model) is None:
        raise NotFound(
            f"No price of {provider}/{model[:100]} is stated here.", remedy="List the stated prices."
        )
    await db.execute(TELL_OTHERS)
    _known.pop((workspace_id, provider, model), None)
