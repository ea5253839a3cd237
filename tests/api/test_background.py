"""Work that goes on after an answer: two at a time, errors kept apart, everything closed at the end."""

from __future__ import annotations

import asyncio

from penstock.api.background import AT_ONCE, Background


async def test_so_many_run_at_once_and_the_next_begins_when_one_ends() -> None:
    running, most, ended = 0, 0, 0
    gate = asyncio.Event()

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == AT_ONCE:
            full.set()
        await gate.wait()
        running -= 1

    def close() -> None:
        nonlocal ended
        ended += 1
        if ended == 5:
            done.set()

    done, full = asyncio.Event(), asyncio.Event()
    async with Background() as background:
        for number in range(5):
            background.start(work, f"work {number}", close)
        await full.wait()
        for _ in range(10):  # Turns of the loop in which a third could begin.
            await asyncio.sleep(0)
        gate.set()
        await done.wait()
    assert most == AT_ONCE


async def test_leaving_stops_what_runs_and_what_waits_and_closes_both() -> None:
    closed: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with Background() as background:
        for number in range(AT_ONCE + 1):
            background.start(work, str(number), lambda number=number: closed.append(str(number)))  # type: ignore[misc]
        await begun.wait()
    await asyncio.sleep(0)
    assert sorted(closed) == ["0", "1", "2"]


async def test_work_that_fails_leaves_the_turn_to_the_next() -> None:
    done = asyncio.Event()

    async def broken() -> None:
        raise KeyError("broken")

    async def work() -> None:
        done.set()

    async with Background() as background:
        for number in range(AT_ONCE):
            background.start(broken, f"broken {number}", lambda: None)
        background.start(work, "work", lambda: None)
        await done.wait()
