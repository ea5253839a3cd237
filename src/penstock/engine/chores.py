"""What a worker does beside the legs: figures of the day, operations on runs, enrolling those there, undos."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from penstock.engine.lanes import enqueue
from penstock.errors import PenstockError
from penstock.kit.clock import Clock
from penstock.kit.database import Connection, Pool, transaction
from penstock.workflows import enrolling
from penstock.workflows.figures.fold import fold
from penstock.workflows.keeping.blanking import blank
from penstock.workflows.legs.reuse import forget_expired
from penstock.workflows.legs.runner import PASSING
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds import operations
from penstock.workflows.spending.reserving import recount
from penstock.workflows.undos import undos, work

log = structlog.get_logger(__name__)


async def fold_figures(pool: Pool) -> None:
    """Adds the tallies of commits to the figures of their days."""
    async with transaction(pool) as db:
        await fold(db)


async def recount_reserved(pool: Pool) -> None:
    """Counts anew what calls under way have reserved under each cap."""
    async with pool.acquire() as db:
        await recount(db)


async def operate(pool: Pool, plans: PlanSource) -> int:
    """Does what people asked for all runs of a kind until nothing is open; returns the number of batches."""

    async def advance(db: Connection) -> None:
        await operations.advance(db, enqueue, plans)

    return await _work_off(
        pool, Work("operation on runs", operations.oldest_open, advance, operations.give_up)
    )


async def enroll_existing(pool: Pool, plans: PlanSource, clock: Clock) -> int:
    """Enrolls records that meet criteria already until no request is open; returns the number of batches."""

    async def advance(db: Connection) -> None:
        await enrolling.advance(db, enqueue, plans, clock.now())

    return await _work_off(
        pool, Work("enrolling existing records", enrolling.oldest_open, advance, enrolling.give_up)
    )


async def blank_logs(pool: Pool, clock: Clock) -> int:
    """Takes out of logs what they have kept long enough, until nothing is due; returns the number of steps."""
    steps = 0
    while True:
        async with transaction(pool) as db:
            some = await blank(db, clock.now())
        if not some:
            return steps
        steps += some


async def take_back(pool: Pool) -> int:
    """Does what people asked to be undone until nothing is open; returns the number of batches."""

    async def advance(db: Connection) -> None:
        await work.advance(db)

    return await _work_off(pool, Work("undo", work.oldest_open, advance, undos.give_up))


async def forget_answers(pool: Pool, clock: Clock) -> None:
    """Drops stored answers of models whose time is over."""
    async with transaction(pool) as db:
        await forget_expired(db, clock.now())


@dataclass(frozen=True, slots=True)
class Work:
    """Requests of people that are worked off in batches, the oldest first.

    `oldest` is the id of the one that `advance` would take now, None when none is open.
    """

    name: str
    oldest: Callable[[Connection], Awaitable[int | None]]
    advance: Callable[[Connection], Awaitable[None]]
    give_up: Callable[[Connection, int, str], Awaitable[None]]


async def _work_off(pool: Pool, work: Work) -> int:
    """Does batches until nothing is open; returns their number.

    A request that does not go through ends with its cause, so that it does not stand in the way of others;
    trouble of the database is tried again with the next round.
    """
    batches = 0
    while True:
        request: int | None = None
        try:
            async with transaction(pool) as db:
                request = await work.oldest(db)
                if request is None:
                    return batches
                await work.advance(db)
        except PASSING:
            raise
        except Exception as error:
            if request is None:
                raise
            log.exception("work in batches failed", work=work.name, request=request)
            async with transaction(pool) as db:
                await work.give_up(db, request, _cause(error))
        batches += 1


def _cause(error: Exception) -> str:
    if isinstance(error, PenstockError):
        return str(error)
    return f"It met an error that Penstock did not expect ({type(error).__name__})."
