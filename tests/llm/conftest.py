"""A stand-in for all providers, and a client that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from tests.llm.standin_provider import StandIn

from penstock.kit.http import HttpClient
from penstock.llm.client import LlmClient
from penstock.settings import PROVIDER_KEYS, Settings


@pytest.fixture
async def provider() -> AsyncIterator[StandIn]:
    """The stand-in, listening on a free port of loopback."""
    standin = StandIn()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", standin.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    standin.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield standin
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(frozenset({"127.0.0.1"}))
    yield client
    await client.close()


@pytest.fixture
def llm(http: HttpClient, provider: StandIn, tmp_path: Path) -> LlmClient:
    """A client whose five providers are the stand-in, by the operator's base URL setting."""
    urls = dict.fromkeys(PROVIDER_KEYS, provider.url)
    return LlmClient(http, Settings(home=tmp_path, provider_base_urls=urls, llm_timeout_seconds=20))
