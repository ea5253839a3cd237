"""The stand-in provider in a thread of its own, so that command lines in this and in other processes can use it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
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
    ready: list[tuple[StandIn, Callable[[], None]]] = []
    running = threading.Event()

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with llm_stand_in() as server:
            server.answer = lambda _prompt: _answer(server.seen[-1].body)
            ready.append((server, lambda: loop.call_soon_threadsafe(stop.set)))
            running.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert running.wait(10), "the stand-in did not start"
    server, end = ready[0]
    try:
        yield server
    finally:
        end()
        thread.join(10)


def _answer(body: dict[str, Any]) -> str:
    schema = body.get("text", {}).get("format", {}).get("schema")
    if schema is None:
        return "It is about a card."
    return json.dumps({name: _fill(part) for name, part in schema["properties"].items()})


def _fill(part: dict[str, Any]) -> str:
    choices = part.get("enum") or [""]
    high = next((choice for choice in choices if choice.lower() == "high"), None)
    return high or choices[0] or "Something went wrong."
