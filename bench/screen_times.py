"""Sends the requests of the screens one at a time and in turns, and takes their times."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

import aiohttp

from bench.screen_case import Case, Request, Scene
from bench.screen_cases import CASES, COLUMNS, CONTACTS, FLOOR

SEED = 20_260_101
DEEP = 100  # pages of a hundred


class Caller:
    """Sends requests one at a time over one connection."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def __call__(self, request: Request) -> tuple[float, Any]:
        """Milliseconds until the whole answer is there, and the answer. Anything but a 2xx ends the bench."""
        while True:
            began = time.perf_counter()
            async with self._http.request(request.method, request.path, json=request.json) as reply:
                body = await reply.read()
                took = (time.perf_counter() - began) * 1000
                if reply.status == 409 and b"BEING_PREPARED" in body:
                    await asyncio.sleep(0.5)  # the order is asked for the first time: an index is being built
                    continue
                if reply.status >= 300:
                    raise SystemExit(f"{request.method} {request.path}: {reply.status} {body[:500]!r}")
                return took, json.loads(body)


async def prepare(call: Caller, scene: Scene) -> None:
    """Asks for everything once, has the indexes built that a screen in use would have, and walks to deep pages."""
    chance = random.Random(1)
    for _ in range(2):
        for case in (FLOOR, *CASES):
            if "down" not in case.name:
                case.learn(scene, (await call(case.make(chance, scene)))[1])
    await _indexes(call, chance, scene)
    for name, sort in (("newest", None), ("city", {"property": "city", "direction": "ASCENDING"})):
        after = None
        for _ in range(DEEP):
            wish = {"properties": COLUMNS, "limit": 100, "sort": sort, "after": after}
            _, page = await call(Request("POST", f"{CONTACTS}/query", wish))
            after = page["paging"]["next"]["after"]
        scene.deep[name] = str(after)


async def _indexes(call: Caller, chance: random.Random, scene: Scene) -> None:
    """Waits until a filter by a rare option is answered at once: then its index is there."""
    rare = next(case for case in CASES if case.name == "filter: rare option")
    while not (await call(rare.make(chance, scene)))[1]["searchedAll"]:
        await asyncio.sleep(0.5)


async def measure(call: Caller, scene: Scene, rounds: int) -> dict[str, list[float]]:
    """Milliseconds by case, sorted."""
    chance = random.Random(SEED)
    found: dict[str, list[float]] = {key(case): [] for case in (FLOOR, *CASES)}
    for _ in range(rounds):
        for case in (FLOOR, *CASES):
            took, answer = await call(case.make(chance, scene))
            case.learn(scene, answer)
            found[key(case)].append(took)
    return {name: sorted(times) for name, times in found.items()}


def key(case: Case) -> str:
    """What a case is called in the figures."""
    return f"{case.screen}: {case.name}"
