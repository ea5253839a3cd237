"""What a worker does beside the legs: figures of the day, operations on all runs of a kind, enrolling those there."""

from __future__ import annotations

import structlog

from penstock.engine.lanes import enqueue
from penstock.errors import PenstockError
from penstock.kit.clock import Clock
from penstock.kit.database import Pool, transaction
from penstock.workflows import enrolling
from penstock.workflows.figures.fold import fold
from penstock.workflows.legs.runner import PASSING
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.run_deeds import operations

log = structlog.get_logger(__name__)


async def fold_figures(pool: Pool) -> None:
    """Adds the tallies of commits to the figures of their days."""
    async with transaction(pool) as db:
        await fold(db)


async def operate(pool: Pool, plans: PlanSource) -> int:
    """Does what people asked for all runs of a kind until nothing is open; returns the number of batches.

    An operation that does not go through ends with its cause, so that it does not stand in the way of others;
    trouble of the database is tried again with the next round.
    """
    batches = 0
    while True:
        operation_id: int | None = None
        try:
            async with transaction(pool) as db:
                operation_id = await operations.oldest_open(db)
                if operation_id is None:
                    return batches
                await operations.advance(db, enqueue, plans)
        except PASSING:
            raise
        except Exception as error:
            if operation_id is None:
                raise
            log.exception("operation on runs failed", operation=operation_id)
            async with transaction(pool) as db:
                await operations.give_up(db, operation_id, _cause(error))
        batches += 1


async def enroll_existing(pool: Pool, plans: PlanSource, clock: Clock) -> int:
    """Enrolls records that meet criteria already until no request is open; returns the number of batches.

    Trouble is dealt with as in `operate`.
    """
    batches = 0
    while True:
        enrolling_id: int | None = None
        try:
            async with transaction(pool) as db:
                enrolling_id = await enrolling.oldest_open(db)
                if enrolling_id is None:
                    return batches
                await enrolling.advance(db, enqueue, plans, clock.now())
        except PASSING:
            raise
        except Exception as error:
            if enrolling_id is None:
                raise
            log.exception("enrolling existing records failed", enrolling=enrolling_id)
            async with transaction(pool) as db:
                await enrolling.give_up(db, enrolling_id, _cause(error))
        batches += 1


def _cause(error: Exception) -> str:
    if isinstance(error, PenstockError):
        return str(error)
    return f"It met an error that Penstock did not expect ({type(error).__name__})."
