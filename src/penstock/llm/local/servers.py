"""All models that this process runs: each is started at its first call, and again after it crashed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from penstock.kit.http import MEBIBYTE, HttpClient, Reply
from penstock.llm.errors import LlmError
from penstock.llm.local.known_weights import KNOWN
from penstock.llm.local.server import LocalServer, Shape
from penstock.llm.local.weights import path_of
from penstock.llm.provider import ListedModel


class SlottedClient(HttpClient):
    """A client for one server that holds back what the server has no slot for, so that the time limit of a request
    counts its answering and not its waiting in a queue."""

    def __init__(self, host: str, slots: int) -> None:
        super().__init__(allowed_hosts=frozenset({host}))
        self._free = asyncio.Semaphore(slots)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30.0,  # noqa: ASYNC109 - as in HttpClient
        max_bytes: int = 10 * MEBIBYTE,
    ) -> Reply:
        """As HttpClient's, when a slot is free."""
        async with self._free:
            return await super().request(
                method, url, headers=headers, body=body, timeout=timeout, max_bytes=max_bytes
            )


class LocalServers:
    """The models that run on this machine; what `LlmClient` takes as `local`. One a process and event loop."""

    def __init__(self, models: Path, logs: Path, shape: Shape | None = None) -> None:
        self._models = models
        self._logs = logs
        self._shape = shape or Shape.of_this_machine()
        self._running: dict[str, tuple[LocalServer, str, SlottedClient]] = {}
        self._starting: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def reach(self, model: str) -> tuple[str, HttpClient]:
        """The base URL of the model's server and the one client that may reach it; starts the server when needed.

        Raises LlmError: model_not_found for a model that is unknown or not fetched, connect when it does not start.
        """
        async with self._starting[model]:
            running = self._running.get(model)
            if running is None or not running[0].running:
                running = await self._start(model)
        return running[1], running[2]

    def listed(self) -> tuple[ListedModel, ...]:
        """The models whose weights are here."""
        return tuple(
            ListedModel(weights.name, weights.title, context_tokens=weights.context_tokens)
            for weights in KNOWN.values()
            if path_of(weights, self._models) is not None
        )

    def pid(self, model: str) -> int | None:
        """The process id of a model's server, or None when it does not run."""
        running = self._running.get(model)
        return running[0].pid if running is not None and running[0].running else None

    async def close(self) -> None:
        """Ends all servers. Calls that they have not answered fail."""
        running, self._running = self._running, {}
        for server, _, client in running.values():
            await client.close()
            await asyncio.to_thread(server.stop)

    async def _start(self, model: str) -> tuple[LocalServer, str, SlottedClient]:
        weights = KNOWN.get(model)
        if weights is None:
            raise LlmError(
                "model_not_found",
                f"There is no local model '{model[:60]}'.",
                provider="local",
                field="model",
                remedy=f"Use one of: {', '.join(KNOWN)}.",
            )
        path = path_of(weights, self._models)
        if path is None:
            raise LlmError(
                "model_not_found",
                f"The weights of the local model {model} are not in {self._models}.",
                provider="local",
                field="model",
                remedy=f"Fetch them ({weights.download_bytes / 1e6:,.0f} MB): python -m penstock.llm.local.weights {model}",
            )
        crashed = self._running.pop(model, None)
        if crashed is not None:
            crashed[0].stop()
            await crashed[2].close()
        server = LocalServer(weights, path, self._logs / f"model-{model}.log", self._shape)
        address = await server.start()
        client = SlottedClient(urlsplit(address).netloc, self._shape.slots)
        running = (server, f"{address}/v1", client)
        self._running[model] = running
        return running
