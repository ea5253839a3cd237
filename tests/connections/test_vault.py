from dataclasses import replace

import pytest

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections import named_secrets
from penstock.connections.vault import Vault, last_four, name_of_key
from penstock.errors import ConfigurationProblem, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.sealing import Keyring, new_key
from penstock.settings import Settings

ACTOR = Actor(1, "person", "7", "Ann", "admin")


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault(Keyring.load(settings))


async def connection(db: Connection, vault: Vault, name: str, key: str) -> int:
    made: int = await db.fetchval(
        "INSERT INTO connections (workspace_id, name, provider) VALUES (1, $1, 'openai') RETURNING id", name
    )
    secret = await vault.put(db, 1, "llm_key", name_of_key(made), key)
    await db.execute("UPDATE connections SET secret_id = $2 WHERE id = $1", made, secret)
    return made


async def test_a_key_moved_to_another_connection_does_not_open(db: Connection, vault: Vault) -> None:
    mine, theirs = (
        await connection(db, vault, "A", "key of A, secret"),
        await connection(db, vault, "B", "key of B, secret"),
    )
    await db.execute(
        "UPDATE connections a SET secret_id = b.secret_id FROM connections b WHERE a.id = $1 AND b.id = $2",
        mine,
        theirs,
    )
    with pytest.raises(ConfigurationProblem, match="belongs to another row"):
        await vault.open_key(db, 1, mine, "worker")
    await db.execute("UPDATE secrets a SET sealed = b.sealed FROM secrets b WHERE a.name <> b.name")
    with pytest.raises(ConfigurationProblem, match="belongs to another row"):
        await vault.open_key(db, 1, theirs, "worker")


async def test_a_thousand_uses_of_a_key_leave_one_audit_row(db: Connection, vault: Vault) -> None:
    made = await connection(db, vault, "A", "key of A, secret")
    for _ in range(1000):
        await vault.open_key(db, 1, made, "worker host-1")
    (entry,) = await audit.list_entries(db, 1)
    assert (entry.action, entry.actor_type, entry.actor_id) == ("secret.opened", "system", "worker host-1")
    assert entry.detail == {"kind": "llm_key", "name": name_of_key(made), "reason": "use"}


async def test_a_secret_sealed_with_a_lost_key_says_so(
    db: Connection, vault: Vault, settings: Settings
) -> None:
    secret_id = await vault.put(db, 1, "named", "crm", "value-of-secret")
    stranger = Vault(Keyring.load(replace(settings, secret_key=new_key())))
    with pytest.raises(ConfigurationProblem, match="not among this installation's keys"):
        await stranger.open(db, 1, secret_id, reason="test", actor=ACTOR)
    assert await audit.list_entries(db, 1) == [], "what did not open is not noted as opened"
    with pytest.raises(NotFound):
        await vault.open(db, 2, secret_id, reason="test", actor=ACTOR)


async def test_a_secret_made_on_demand_is_made_once(db: Connection, vault: Vault, settings: Settings) -> None:
    made = iter(["first", "second"])
    one = await vault.open_or_make(db, 1, "webhook_signing", "current", lambda: next(made), "worker")
    # Another process, which has not seen the first one's secret.
    two = await Vault(Keyring.load(settings)).open_or_make(
        db, 1, "webhook_signing", "current", lambda: next(made), "worker"
    )
    assert one.reveal() == two.reveal() == "first"


async def test_named_secrets_are_written_listed_by_their_end_and_deleted(
    db: Connection, vault: Vault
) -> None:
    await named_secrets.put(db, vault, 1, ACTOR, " crm ", "abcdefgh-old-0001")
    await named_secrets.put(db, vault, 1, ACTOR, "crm", "abcdefgh-new-0002")
    (listed,) = await named_secrets.list_secrets(db, 1)
    assert (listed.name, listed.last_four) == ("crm", "0002")
    assert listed.changed_at > listed.created_at
    opened = await vault.open_named(db, 1, "named", "crm", "worker")
    assert opened is not None
    assert opened.reveal() == "abcdefgh-new-0002"

    await named_secrets.delete(db, vault, 1, ACTOR, "crm")
    assert await vault.open_named(db, 1, "named", "crm", "worker") is None
    with pytest.raises(NotFound, match="'crm'"):
        await named_secrets.delete(db, vault, 1, ACTOR, "crm")


@pytest.mark.parametrize("value", ["", "a\r\nX-Evil: 1", " padded", "x" * 4097, "caf\u00e9"])
async def test_a_secret_that_cannot_stand_in_a_header_is_refused_by_its_shape(
    db: Connection, vault: Vault, value: str
) -> None:
    with pytest.raises(InvalidInput, match=rf"value has {len(value)} characters") as refusal:
        await named_secrets.put(db, vault, 1, ACTOR, "crm", value)
    assert not value or value not in str(refusal.value)


def test_of_a_short_secret_not_even_the_end_is_shown() -> None:
    assert (last_four("hunter2"), last_four("sk-0123456789abcd")) == ("", "abcd")
