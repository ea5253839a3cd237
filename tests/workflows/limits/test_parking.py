"""Runs that wait for their turn: who is let on, how many, and what happens when several workers do it at once."""

from __future__ import annotations

import asyncio

import pytest
from tests.workflows.limits.scene import MODEL, a_connection, arrived, parked, states, waiting

from penstock.connections.connections import ProviderConnection
from penstock.engine.pump import wake_due
from penstock.kit.database import Connection, Pool, transaction
from penstock.llm.pacing import AHEAD_SECONDS, CREDIT_SECONDS, SHARE_OF_LIMIT, Pace
from penstock.workflows.legs.leg import LegJob, llm_lane
from penstock.workflows.limits.paces import now_of, read
from penstock.workflows.limits.parking import let_on, take_permits

A_MINUTE = 240.0
A_SECOND = A_MINUTE / 60 * SHARE_OF_LIMIT


async def let(db: Connection, connection: ProviderConnection, model: str = MODEL) -> list[LegJob]:
    async with db.transaction():
        return await let_on(db, 1, connection.id, model)


def runs_of(jobs: list[LegJob]) -> set[int]:
    return {job.key.enrollment_id for job in jobs}


async def test_a_workflow_with_three_runs_does_not_wait_behind_one_with_three_hundred(
    crm: Connection,
) -> None:
    ours = await a_connection(crm)
    await states(crm, ours, Pace(A_MINUTE))
    _, crowd = await parked(crm, ours, range(1, 301))
    _, few = await parked(crm, ours, range(301, 304))
    let_first = runs_of(await let(crm, ours))
    assert set(few) < let_first
    assert let_first - set(few) == set(crowd[: len(let_first) - 3]), "the oldest of the other workflow"
    assert await waiting(crm, ours) == 303 - len(let_first)


async def test_a_permit_is_booked_with_the_runs_it_lets_on_or_not_at_all(crm: Connection) -> None:
    ours = await a_connection(crm)
    await states(crm, ours, Pace(A_MINUTE))
    await parked(crm, ours, range(1, 21))
    before = await read(crm, ours)
    with pytest.raises(ZeroDivisionError):
        async with crm.transaction():
            assert await let_on(crm, 1, ours.id, MODEL)
            raise ZeroDivisionError
    assert await read(crm, ours) == before
    assert await waiting(crm, ours) == 20
    jobs = await let(crm, ours)
    assert (await read(crm, ours))[MODEL].request_clock > before[MODEL].request_clock
    assert await crm.fetchval("SELECT count(*) FROM enrollments WHERE permit_at IS NOT NULL") == len(jobs)


async def test_workers_that_let_on_and_take_permits_at_once_never_book_more_than_the_pace(
    crm: Connection, pool: Pool
) -> None:
    ours = await a_connection(crm, concurrency=1000)
    await states(crm, ours, Pace(A_MINUTE))
    await parked(crm, ours, range(1, 201))
    begun = await now_of(crm)

    async def worker() -> int:
        booked = 0
        for _ in range(5):
            async with transaction(pool) as db:
                booked += len(await let_on(db, 1, ours.id, MODEL))
        return booked

    booked = sum(await asyncio.gather(*(worker() for _ in range(4))))
    passed = await now_of(crm) - begun
    assert 1 < booked <= (passed + CREDIT_SECONDS + AHEAD_SECONDS) * A_SECOND + 1
    assert await waiting(crm, ours) == 200 - booked

    await crm.execute("DELETE FROM enrollments")
    await crm.execute("UPDATE llm_paces SET request_clock = 0")

    async def newcomer() -> int:
        async with transaction(pool) as db:
            return len((await take_permits(db, ours, MODEL, 5)).times)

    begun = await now_of(crm)
    taken = sum(await asyncio.gather(*(newcomer() for _ in range(8))))
    passed = await now_of(crm) - begun
    assert 1 < taken <= (passed + CREDIT_SECONDS + AHEAD_SECONDS) * A_SECOND + 1


async def test_one_worker_lets_on_at_a_time_and_the_others_do_not_wait_for_it(
    crm: Connection, pool: Pool
) -> None:
    ours = await a_connection(crm)
    await parked(crm, ours, range(1, 4))
    async with transaction(pool) as first, transaction(pool) as second:
        assert len(await let_on(first, 1, ours.id, MODEL)) == 3
        assert await let_on(second, 1, ours.id, MODEL) == []


async def test_newcomers_queue_behind_those_who_wait_and_nobody_goes_to_a_closed_model(
    crm: Connection,
) -> None:
    ours = await a_connection(crm)
    closed = await now_of(crm) + 900
    await states(crm, ours, Pace(closed_until=closed), "closed")
    await parked(crm, ours, range(1, 4))
    await parked(crm, ours, range(4, 7), model="closed")
    async with crm.transaction():
        assert (await take_permits(crm, ours, MODEL, 5)).times == ()
        assert (await take_permits(crm, ours, "other", 5)).booked is False
    assert await let(crm, ours, "closed") == []
    assert len(await let(crm, ours)) == 3


async def test_the_owners_limit_holds_for_all_models_together(crm: Connection) -> None:
    ours = await a_connection(crm, requests_per_minute=int(A_MINUTE), concurrency=1000)
    await parked(crm, ours, range(1, 101))
    await parked(crm, ours, range(101, 201), model="other")
    begun = await now_of(crm)
    booked = len(await let(crm, ours)) + len(await let(crm, ours, "other"))
    passed = await now_of(crm) - begun
    assert 1 < booked <= (passed + CREDIT_SECONDS + AHEAD_SECONDS) * A_SECOND + 1


async def test_no_more_are_let_on_than_can_be_called_soon(crm: Connection) -> None:
    ours = await a_connection(crm, concurrency=2)
    await states(crm, ours, Pace(6.0))
    await arrived(crm, ours, range(1, 3))
    await parked(crm, ours, range(3, 103))
    # Two calls are under way; at six a minute one more is enough to stand ready.
    assert len(await let(crm, ours)) == 1
    assert await let(crm, ours) == []


async def test_an_uninstalled_connection_lets_all_on_so_that_they_end_with_that_cause(
    crm: Connection,
) -> None:
    ours = await a_connection(crm, concurrency=1)
    _, runs = await parked(crm, ours, range(1, 121))
    await crm.execute("UPDATE connections SET uninstalled_at = now()")
    jobs = await let(crm, ours)
    assert runs_of(jobs) == set(runs)
    assert {job.lane for job in jobs} == {llm_lane(ours.id)}


async def test_a_deadline_wakes_a_run_whose_turn_did_not_come(crm: Connection) -> None:
    ours = await a_connection(crm)
    await states(crm, ours, Pace(closed_until=await now_of(crm) + 900))
    await parked(crm, ours, range(1, 2), deadline=0.0)
    await parked(crm, ours, range(2, 3), deadline=900.0)
    assert await let(crm, ours) == []
    async with crm.transaction():
        assert await wake_due(crm) == 1
    assert await waiting(crm, ours) == 1
