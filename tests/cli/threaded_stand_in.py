"""The stand-in provider in a thread of its own, so that command lines in this and in other processes can use it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.llm_stand_in import StandIn, llm_stand_in


def environment(server: StandIn) -> dict[str, str]:
    """The variables that put it in OpenAI's place."""
    return {
        "PENSTOCK_OPENAI_BASE_URL": server.base_urls()["openai"],
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": server.url.removeprefix("http://"),
    }


@contextmanager
def threaded_stand_in() -> Iterator[StandIn]:
    """Runs until the block ends. Answers are filled-in schemas where one is sent, else a sentence."""
    ready: list[StandIn] = []
    running = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with llm_stand_in() as server:
            server.answer = lambda _prompt: _answer(server.seen[-1].body)
            ready.append(server)
            running.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        assert running.wait(10), "the stand-in did not start"
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def _answer(body: dict[str, Any]) -> str:
    schema = body.get("text", {}).get("format", {}).get("schema")
    if schema is None:
        return "It is about a card."
    return json.dumps({name: _fill(part) for name, part in schema["properties"].items()})


def _fill(part: dict[str, Any]) -> str:
    choices = part.get("enum") or [""]
    high = next((choice for choice in choices if choice.lower() == "high"), None)
    return high or choices[0] or "Something went wrong."
