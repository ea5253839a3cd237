"""What tests of runs share: the object types of a new workspace, and queues that only remember."""

from __future__ import annotations

import pytest
from tests.workflows.scene_of_runs import Lanes

from penstock.crm.defaults import install
from penstock.kit.database import Connection


@pytest.fixture
async def crm(db: Connection) -> Connection:
    """The fresh database with the standard object types."""
    async with db.transaction():
        await install(db, 1)
    return db


@pytest.fixture
def lanes() -> Lanes:
    """Queues that remember what was put into them."""
    return Lanes()
