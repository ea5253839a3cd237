"""A stated price takes the place of the list's, for its workspace and model only, and in batches too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from penstock.errors import InvalidInput, NotFound
from penstock.kit.clock import SystemClock
from penstock.kit.database import Connection, Pool, transaction
from penstock.llm.batches.client import batch_price
from penstock.llm.own_prices import (
    OwnPrice,
    keep_reading,
    list_prices,
    load,
    remember,
    remove_price,
    set_price,
)
from penstock.llm.prices import ListedPrice, listed_price, price, rates_per_million
from penstock.llm.result import Usage

MODEL = "gpt-4.1-mini"
USAGE = Usage(input=1_000_000, output=1_000_000, cached=500_000)
STATED = OwnPrice(
    1, "openai", MODEL, Decimal(2), Decimal(1), Decimal(10), Decimal("0.25"), "tests", SystemClock().now()
)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    remember(())


async def test_a_stated_price_counts_for_its_workspace_and_the_lists_for_all_others(db: Connection) -> None:
    listed = price("openai", MODEL, USAGE, 3)
    await set_price(db, STATED)
    assert price("openai", MODEL, USAGE, 1) == Decimal("11.5")
    assert rates_per_million("openai", MODEL, 1) == (2.0, 10.0)
    assert batch_price("openai", MODEL, USAGE, 1) == Decimal("2.875")
    assert price("openai", MODEL, USAGE, 2) == listed
    assert price("openai", "gpt-4.1", USAGE, 1) == price("openai", "gpt-4.1", USAGE, 2)
    assert listed_price("openai", MODEL) == ListedPrice(Decimal("0.4"), Decimal("0.1"), Decimal("1.6"))
    stated = replace(USAGE, reported_usd=Decimal("0.5"))
    assert price("openai", MODEL, stated, 1) == Decimal("0.5"), "what the provider itself says it took counts"


async def test_models_that_no_list_has_and_a_machine_of_ones_own_can_be_priced(db: Connection) -> None:
    for provider, model in (("compatible", "ours"), ("local", "smollm2-135m")):
        await set_price(db, replace(STATED, provider=provider, model=model, cached_input_usd=None))
        assert price(provider, model, USAGE, 1) == Decimal(12)
    assert price("local", "smollm2-135m", USAGE, 2) == 0


async def test_another_process_reads_it_and_a_removed_price_is_the_lists_again(db: Connection) -> None:
    await set_price(db, STATED)
    remember(())
    assert price("openai", MODEL, USAGE, 1) == price("openai", MODEL, USAGE, 2)
    remember(await load(db))
    assert price("openai", MODEL, USAGE, 1) == Decimal("11.5")
    await remove_price(db, 1, "openai", MODEL)
    assert price("openai", MODEL, USAGE, 1) == price("openai", MODEL, USAGE, 2)
    assert await list_prices(db, 1) == []
    with pytest.raises(NotFound):
        await remove_price(db, 1, "openai", MODEL)
    for wrong in (replace(STATED, input_usd=Decimal(-1)), replace(STATED, batch_factor=Decimal(2))):
        with pytest.raises(InvalidInput):
            await set_price(db, wrong)


async def test_a_process_that_listens_knows_a_price_as_soon_as_it_is_set(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penstock.llm.own_prices.LISTEN_AFTER_SECONDS", 0)
    monkeypatch.setattr("penstock.llm.own_prices.READ_EVERY_SECONDS", 600)
    reading = asyncio.create_task(keep_reading(pool))
    try:
        async with asyncio.timeout(20):
            # Said again until it is heard: the listener needs a moment to be there.
            while price("openai", MODEL, USAGE, 1) != Decimal("11.5"):
                async with transaction(pool) as db:
                    await set_price(db, STATED)
                    remember(())
                await asyncio.sleep(0.05)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
