import pytest
from standardwebhooks import Webhook
from tests.webhooks.world import ACTOR, World

from penstock.kit.database import transaction
from penstock.webhooks import signing


async def test_the_signature_verifies_with_the_reference_library_during_rotation_with_both_secrets(
    world: World,
) -> None:
    async with transaction(world.pool) as db:
        first = await signing.issue(db, world.vault, 1, ACTOR)
        second = await signing.issue(db, world.vault, 1, ACTOR)
    await world.queue("/hook", body='{"text":"größer 🚰"}')
    await world.sender.run_once()

    (got,) = world.receiver.got
    assert first != second
    for secret in (first, second):
        assert Webhook(secret).verify(got.body, got.headers) == {"text": "größer 🚰"}
    assert got.headers["webhook-id"] == signing.webhook_id("17.1./hook")
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(signing.new_secret()).verify(got.body, got.headers)

    await world.db.execute(
        "UPDATE secrets SET changed_at = now() - interval '25 hours' WHERE name = 'previous'"
    )
    await world.queue("/later", method="GET")
    await world.sender.run_once()
    last = world.receiver.got[-1]
    assert (last.method, last.body) == ("GET", b"")
    assert Webhook(second).verify(last.body, last.headers, json_parse=False) is None
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(first).verify(last.body, last.headers, json_parse=False)
