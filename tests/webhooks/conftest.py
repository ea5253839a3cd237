from collections.abc import AsyncIterator

import pytest
from tests.webhooks.world import Receiver, World, serving

from penstock.kit.database import Connection, Pool
from penstock.kit.http import HttpClient
from penstock.settings import Settings


@pytest.fixture
async def world(pool: Pool, db: Connection, settings: Settings) -> AsyncIterator[World]:
    receiver = Receiver()
    http = HttpClient(allowed_hosts=settings.outbound_allowed_hosts)
    async with serving(receiver):
        yield World(pool, db, http, settings, receiver)
        await http.close()
