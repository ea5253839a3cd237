"""Live pages: what moves is told within a moment, and the stream ends when its reader may no longer listen."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from tests.api.calling import Client, Running
from tests.api.penstock.test_enrollments import fail, flow_of, tickets

from penstock.api import live
from penstock.api.penstock import events

V1 = "/penstock/v1"


class Listener:
    """One open stream, read event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, Any]:
        """The next event's name and data."""
        name = ""
        async with asyncio.timeout(10):
            while True:
                line = (await self.answer.content.readline()).decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))

    async def opened(self) -> None:
        """Waits for the first line, after which nothing is missed."""
        async with asyncio.timeout(10):
            assert (await self.answer.content.readline()).startswith(b"retry:")


def stream(owner: Client, running: Running, query: str) -> Any:
    return owner.session.get(f"{V1}/events?{query}", headers={"Authorization": f"Bearer {owner.token}"})


async def test_runs_of_a_workflow_are_told_as_they_come_and_a_run_as_it_moves(
    owner: Client, running: Running
) -> None:
    flow, [record] = await flow_of(owner), await tickets(owner, "a")
    async with stream(owner, running, f"flowId={flow}") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        of_flow = Listener(answer)
        await of_flow.opened()
        enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [record]})
        run = enrolled["results"][0]["enrollmentId"]
        assert await of_flow.next() == ("runs", {"flowId": flow, "ids": [run], "more": False})
        async with stream(owner, running, f"runId={run}") as other:
            of_run = Listener(other)
            await of_run.opened()
            await fail(running, run, "TIMEOUT")
            name, state = await of_run.next()
            assert (name, state["id"], state["status"]) == ("run", run, "FAILED")


async def test_what_needs_attention_is_told_at_the_beginning_and_when_it_changes(
    owner: Client, running: Running
) -> None:
    flow, [record] = await flow_of(owner), await tickets(owner, "a")
    enrolled = await owner.ok("POST", f"{V1}/flows/{flow}/enrollments", {"recordIds": [record]})
    async with stream(owner, running, "attention=true") as answer:
        listener = Listener(answer)
        name, before = await listener.next()
        await fail(running, enrolled["results"][0]["enrollmentId"], "TIMEOUT")
        name, after = await listener.next()
    assert name == "attention"
    assert after["runs"]["count"] == before["runs"]["count"] + 1


async def test_a_stream_ends_when_its_token_is_revoked(
    owner: Client, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.2)
    made = await owner.ok("POST", f"{V1}/tokens", {"name": "listener", "role": "viewer"}, status=201)
    async with stream(owner.with_token(made["token"]), running, "attention=true") as answer:
        listener = Listener(answer)
        await listener.opened()
        await owner.ok("DELETE", f"{V1}/tokens/{made['details']['id']}", status=204)
        while (event := await listener.next())[0] == "attention":
            pass
        assert event == ("end", {"reason": "signed_out"})


async def test_streams_of_nothing_of_strangers_and_too_many_are_refused(
    owner: Client, foreigner: Client, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await flow_of(owner)
    assert (await owner("GET", f"{V1}/events")).status == 400
    for path in (f"{V1}/events?flowId={flow}", f"{V1}/events?runId=1"):
        assert (await foreigner("GET", path)).status == 404
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    answer = await owner("GET", f"{V1}/events?attention=true")
    assert (answer.status, answer.json["subCategory"]) == (503, "BUSY")
