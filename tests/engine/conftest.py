"""A whole Penstock with a worker in the test's event loop, and a stand-in for the providers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.llm_stand_in import StandIn, llm_stand_in

from penstock.bootstrap import Penstock, open_penstock
from penstock.settings import Settings


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    """The five providers on loopback."""
    async with llm_stand_in() as running:
        yield running


@pytest.fixture
async def app(settings: Settings, stand_in: StandIn) -> AsyncIterator[Penstock]:
    """Penstock without a worker; its provider requests go to the stand-in."""
    async with open_penstock(replace(settings, provider_base_urls=stand_in.base_urls())) as penstock:
        yield penstock
