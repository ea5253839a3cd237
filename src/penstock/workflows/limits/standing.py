"""How a connection stands with its limits: the owner's, what each model's provider stated or was found out, who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from penstock.connections.connections import get
from penstock.connections.limits import OwnerLimits
from penstock.kit.database import Connection
from penstock.llm.limit_headers import MINUTE
from penstock.llm.pacing import SHARE_OF_LIMIT, Pace
from penstock.workflows.legs.leg import limit_for
from penstock.workflows.limits.paces import OWNERS, now_of, read
from penstock.workflows.limits.parking import waited_for
from penstock.workflows.run_history.counts import MOST_COUNTED, Count

# Served by enrollments_limited, for each model that is waited for.
COUNT_WAITING = """
SELECT model, (SELECT count(*) FROM (
    SELECT FROM enrollments e WHERE e.status = 'WAITING' AND e.wait_for LIKE 'limit:%' AND e.wait_for = waiting.wait_for
    LIMIT $3
) AS counted) AS runs
FROM unnest($1::text[], $2::text[]) AS waiting (model, wait_for)
"""


@dataclass(frozen=True, slots=True)
class ModelStanding:
    """A model's limits a minute (None: none known) and how fast calls go out to it.

    `source` is who named the limits: the provider in its replies, or Penstock by trying after a refusal.
    `slowed_to` is the share of the limits used since the last refusal (1.0: all), `closed_until` when a provider
    that said "later" takes calls again, `calls_per_minute` what goes out at most within these and the owner's limits,
    at `tokens_per_call` tokens on average. `waiting` is how many runs wait for a turn.
    """

    model: str
    requests_per_minute: float | None
    tokens_per_minute: float | None
    source: Literal["provider", "guess"] | None
    tokens_per_call: float
    calls_per_minute: float | None
    slowed_to: float
    closed_until: datetime | None
    waiting: Count


@dataclass(frozen=True, slots=True)
class Standing:
    """A connection's limits as its owner set them, and its models by name."""

    limits: OwnerLimits
    models: tuple[ModelStanding, ...]


async def standing(db: Connection, workspace_id: int, connection_id: int) -> Standing:
    """How a connection stands with its limits now. Raises NotFound."""
    connection = await get(db, workspace_id, connection_id)
    paces = await read(db, connection)
    owners = paces.pop(OWNERS, Pace())
    waiting = await _waiting(db, workspace_id, connection_id)
    now = await now_of(db)
    return Standing(
        OwnerLimits.of(connection),
        tuple(
            _of(model, paces.get(model, Pace()), owners, now, waiting.get(model, Count.of(0)))
            for model in sorted({*paces, *waiting})
        ),
    )


def _of(model: str, pace: Pace, owners: Pace, now: float, waiting: Count) -> ModelStanding:
    rates = [rate for one in (pace, owners) if (rate := one.per_second(now)) is not None]
    used = pace.share(now) / SHARE_OF_LIMIT
    grown = max(1.0, used)  # a guess grows
    return ModelStanding(
        model=model,
        requests_per_minute=None if pace.requests is None else pace.requests * grown,
        tokens_per_minute=pace.tokens,
        source=("guess" if pace.guessed else "provider") if pace.limits else None,
        tokens_per_call=pace.tokens_each,
        calls_per_minute=min(rates) * MINUTE if rates else None,
        slowed_to=min(1.0, used),
        closed_until=datetime.fromtimestamp(pace.closed_until, UTC) if pace.closed_until > now else None,
        waiting=waiting,
    )


async def _waiting(db: Connection, workspace_id: int, connection_id: int) -> dict[str, Count]:
    models = [
        model
        for in_workspace, through, model in await waited_for(db)
        if (in_workspace, through) == (workspace_id, connection_id)
    ]
    waits = [limit_for(connection_id, model) for model in models]
    rows = await db.fetch(COUNT_WAITING, models, waits, MOST_COUNTED + 1)
    return {row["model"]: Count.of(row["runs"]) for row in rows}
