import pytest
from tests.webhooks.world import World

from penstock.errors import NotFound
from penstock.webhooks import deliveries


async def test_a_delivery_queued_again_under_its_key_stays_one_and_is_seen_by_its_workspace_only(
    world: World,
) -> None:
    await world.queue("/hook", "/hook")
    await world.queue("/hook", body="{}")
    delivery = await world.one()
    assert await deliveries.list_deliveries(world.db, 2) == []
    with pytest.raises(NotFound):
        await deliveries.get(world.db, 2, delivery.id)
    assert await deliveries.list_deliveries(world.db, 1, status="failed") == []
    assert [one.id for one in await deliveries.list_deliveries(world.db, 1, enrollment_id=17)] == [
        delivery.id
    ]
