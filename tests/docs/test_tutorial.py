"""The files of the tutorial work on a fresh installation."""

from __future__ import annotations

import json
from pathlib import Path

from penstock.accounts.actors import command_line
from penstock.api.hubspot.property_shapes import PropertyWish
from penstock.bootstrap import open_penstock
from penstock.connections import connecting
from penstock.crm import properties
from penstock.kit.database import transaction
from penstock.settings import Settings
from penstock.workflows import flows

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"


async def test_the_workflow_of_the_tutorial_can_be_turned_on(settings: Settings) -> None:
    async def accept(_provider: str, _key: str, _base_url: str | None) -> None: ...

    async with open_penstock(settings) as penstock:
        actor = command_line(1, "reader")
        async with penstock.pool.acquire() as db:
            connected = await connecting.connect(
                db,
                penstock.vault,
                1,
                actor,
                provider="openai",
                name="OpenAI",
                key="a-key-that-is-long-enough",
                base_url=None,
                verify=accept,
            )
        assert connected.id == 1, "the tutorial's document names connection 1"
        async with transaction(penstock.pool) as db:
            for wish in json.loads((TUTORIAL / "properties.json").read_text())["inputs"]:
                await properties.create(db, 1, "0-5", PropertyWish.model_validate(wish).definition())
            document = json.loads((TUTORIAL / "sort-tickets.json").read_text())
            assert await flows.check_flow(db, 1, document) == []
            flow = await flows.create(db, 1, actor.label, document)
            assert (await flows.set_enabled(db, 1, flow.id, True)).is_enabled
