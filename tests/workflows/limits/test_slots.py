"""Places for calls at a time: the shares of workers, first come first served, and nothing lost by giving up."""

from __future__ import annotations

import asyncio

import pytest

from penstock.workflows.limits.slots import Slots, share

LONG = 3600.0


async def begun(slots: Slots, *names: str) -> tuple[list[str], dict[str, asyncio.Task[bool]]]:
    """Tasks that each take a place, in this order; the list fills as they get one."""
    got: list[str] = []

    async def take(name: str) -> bool:
        taken = await slots.take(LONG)
        got.append(name)
        return taken

    tasks = {name: asyncio.create_task(take(name)) for name in names}
    await asyncio.sleep(0)
    return got, tasks


@pytest.mark.parametrize(("most", "workers"), [(8, 3), (7, 7), (100, 1), (10, 4)])
def test_the_shares_of_all_workers_are_the_whole(most: int, workers: int) -> None:
    live = [f"w{n}" for n in range(workers)]
    shares = [share(most, one, live) for one in live]
    assert sum(shares) == most
    assert max(shares) - min(shares) <= 1


def test_a_worker_that_is_not_listed_yet_and_one_too_many_still_get_a_place() -> None:
    assert share(10, "new", ["old"]) == 5
    assert [share(1, one, ["a", "b"]) for one in ("a", "b")] == [1, 1]


async def test_places_go_in_the_order_in_which_they_were_asked_for() -> None:
    slots = Slots(1)
    got, tasks = await begun(slots, "first", "second", "third")
    assert got == ["first"]
    for _ in range(2):
        slots.give_back()
        await asyncio.sleep(0)
    assert got == ["first", "second", "third"]
    assert slots.taken == 1
    assert [task.result() for task in tasks.values()] == [True] * 3


async def test_who_gives_up_or_is_cancelled_leaves_its_place_to_the_next() -> None:
    slots = Slots(1)
    _, tasks = await begun(slots, "first", "cancelled")
    assert await slots.take(0.0) is False
    slots.give_back()  # hands the place to the second in the moment in which it is cancelled
    tasks["cancelled"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks["cancelled"]
    assert slots.taken == 0
    assert await slots.take(0.0) is True


async def test_a_changed_number_takes_hold_at_once_or_as_places_are_given_back() -> None:
    slots = Slots(1)
    got, _ = await begun(slots, "1", "2", "3")
    slots.resize(3)
    await asyncio.sleep(0)
    assert got == ["1", "2", "3"]
    slots.resize(1)
    slots.give_back()
    slots.give_back()
    assert await slots.take(0.0) is False
    slots.give_back()
    assert await slots.take(0.0) is True
