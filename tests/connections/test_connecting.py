import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections import connecting, connections, model_lists
from penstock.connections.vault import Vault
from penstock.errors import AlreadyExists, Conflict, InvalidInput, NotFound, ProviderProblem
from penstock.kit.database import Connection, Pool, transaction
from penstock.kit.sealing import Keyring
from penstock.settings import Settings

ACTOR = Actor(1, "person", "7", "Ann", "admin")
KEY = "sk-canary-0f6b1d2c9a8e7f"
OTHER_KEY = "sk-canary-second-77aa11"


class Provider:
    """Stands for the provider: accepts some keys and remembers what it was asked."""

    def __init__(self, *accepted: str) -> None:
        self.accepted = set(accepted)
        self.asked: list[tuple[str, str, str | None]] = []
        self.error: Exception | None = None
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def verify(self, provider: str, key: str, base_url: str | None) -> str:
        self.asked.append((provider, key, base_url))
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.error is not None:
            raise self.error
        if key not in self.accepted:
            raise ProviderProblem(f"openai refused the key {key}.")
        return "verified"


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault(Keyring.load(settings))


async def connect(
    db: Connection, vault: Vault, provider: Provider, name: str = "OpenAI", key: str = KEY
) -> connections.ProviderConnection:
    return await connecting.connect(
        db, vault, 1, ACTOR, provider="openai", name=name, key=key, base_url=None, verify=provider.verify
    )


async def opened(db: Connection, vault: Vault, connection_id: int, workspace_id: int = 1) -> str | None:
    secret = await vault.open_key(db, workspace_id, connection_id, "worker test-1")
    return None if secret is None else secret.reveal()


async def everything(db: Connection) -> str:
    """The whole database as text, row by row."""
    tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    parts = [
        await db.fetchval(f'SELECT string_agg(t::text, chr(10)) FROM "{row["tablename"]}" t')  # noqa: S608 - names of our own tables
        for row in tables
    ]
    return "\n".join(part or "" for part in parts)


async def test_a_key_is_saved_only_after_the_provider_accepted_it(db: Connection, vault: Vault) -> None:
    provider = Provider()
    with pytest.raises(ProviderProblem, match="refused the key"):
        await connect(db, vault, provider)
    assert await connections.list_connections(db, 1) == []
    assert await db.fetchval("SELECT count(*) FROM secrets") == 0

    provider.accepted.add(KEY)
    connection = await connect(db, vault, provider)

    assert provider.asked[-1] == ("openai", KEY, None)
    assert (connection.status, connection.last_four, connection.verified_at is not None) == (
        "connected",
        KEY[-4:],
        True,
    )
    assert await opened(db, vault, connection.id) == KEY
    assert await connections.by_name(db, 1, " OPENAI ") == connection


async def test_names_are_unique_whatever_their_case_even_when_two_connect_at_once(
    pool: Pool, vault: Vault
) -> None:
    provider = Provider(KEY)
    at_once = asyncio.Barrier(2)
    provider.meanwhile = at_once.wait

    async def one(name: str) -> connections.ProviderConnection:
        async with pool.acquire() as db:
            return await connect(db, vault, provider, name)

    first, second = await asyncio.gather(one("Team"), one("TEAM"), return_exceptions=True)

    assert {type(first), type(second)} == {connections.ProviderConnection, AlreadyExists}
    provider.meanwhile = None
    async with pool.acquire() as db:
        asked = len(provider.asked)
        with pytest.raises(Conflict, match="'team' already"):
            await connect(db, vault, provider, "team")
        assert len(provider.asked) == asked, "the provider is not asked for a name that is taken"
        other = await connect(db, vault, provider, "Other")
        with pytest.raises(Conflict):
            await connections.rename(db, 1, ACTOR, other.id, "tEAM")
        assert await db.fetchval("SELECT count(*) FROM secrets") == 2


async def test_the_provider_is_never_asked_within_a_transaction(pool: Pool, vault: Vault) -> None:
    provider = Provider(KEY)
    async with transaction(pool) as db:
        with pytest.raises(RuntimeError, match="within a transaction"):
            await connect(db, vault, provider)
    assert provider.asked == []


async def test_replacing_a_key_uses_the_old_one_until_the_new_one_is_accepted(
    db: Connection, vault: Vault
) -> None:
    provider = Provider(KEY)
    connection = await connect(db, vault, provider)
    await model_lists.save(db, 1, connection.id, [{"id": "gpt"}])
    with pytest.raises(ProviderProblem):
        await connecting.replace_key(
            db, vault, 1, ACTOR, connection.id, key=OTHER_KEY, verify=provider.verify
        )
    assert await opened(db, vault, connection.id) == KEY

    provider.accepted.add(OTHER_KEY)
    await connections.mark_needs_attention(db, 1, connection.id, "Out of money.", "OUT_OF_MONEY")
    replaced = await connecting.replace_key(
        db, vault, 1, ACTOR, connection.id, key=OTHER_KEY, verify=provider.verify
    )

    assert await opened(db, vault, connection.id) == OTHER_KEY, "the copy kept open does not outlive the key"
    assert replaced.changed_at > connection.changed_at
    assert (replaced.status, replaced.status_detail, replaced.status_code) == ("connected", "", "")
    assert await model_lists.load(db, 1, connection.id) is None


async def test_changing_the_address_takes_the_key_entered_with_it_and_never_the_stored_one(
    db: Connection, vault: Vault
) -> None:
    provider = Provider(KEY, OTHER_KEY, "")
    connection = await connect(db, vault, provider)

    async def change(to: str, base_url: str | None, key: str) -> connections.ProviderConnection:
        return await connecting.change(
            db,
            vault,
            1,
            ACTOR,
            connection.id,
            provider=to,
            base_url=base_url,
            key=key,
            verify=provider.verify,
        )

    asked = len(provider.asked)
    with pytest.raises(InvalidInput, match="key is empty"):
        await change("openai", "https://attacker.test/v1", "")
    assert len(provider.asked) == asked
    changed = await change("compatible", "https://llm.example.com/v1/", "")
    assert provider.asked[-1] == ("compatible", "", "https://llm.example.com/v1")
    assert (changed.provider, changed.last_four) == ("compatible", "")
    assert await opened(db, vault, connection.id) is None
    assert await db.fetchval("SELECT count(*) FROM secrets") == 0, "a key that is not used any more is gone"


async def test_a_test_notes_final_trouble_on_the_connection_and_passing_trouble_not(
    db: Connection, vault: Vault
) -> None:
    provider = Provider(KEY)
    connection = await connect(db, vault, provider)
    busy = ProviderProblem("Overloaded.")
    busy.retriable = True  # type: ignore[attr-defined]  # as errors of the LLM layer are marked
    provider.error = busy
    with pytest.raises(ProviderProblem):
        await connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify)
    assert (await connections.get(db, 1, connection.id)).status == "connected"

    provider.error = None
    provider.accepted.clear()
    with pytest.raises(ProviderProblem):
        await connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify)
    ill = await connections.get(db, 1, connection.id)
    assert (ill.status, ill.status_detail) == ("needs_attention", "openai refused the key ***.")

    provider.accepted.add(KEY)
    assert (
        await connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify)
    ).status == "connected"


@pytest.mark.parametrize(
    ("provider", "key", "base_url", "message"),
    [
        ("mistral", KEY, None, "provider is none"),
        ("openai", "", None, "key is empty; openai"),
        ("openai", "sk-1\nX-Evil: 1", None, "key has 14 characters"),
        ("openai", "sk-\u201cpasted\u201d", None, "not ASCII"),
        ("local", KEY, None, "neither key nor base_url"),
        ("compatible", KEY, None, "base_url is missing"),
        ("compatible", KEY, "ftp://x.test", "no http or https"),
        ("compatible", KEY, "https://user:pw@x.test/v1", "a user, a password"),
        ("compatible", KEY, "https://x.test/v1?key=1", "a query"),
        ("compatible", KEY, "https://[::1", "no URL"),
    ],
)
async def test_bad_input_is_named_by_field_and_shape_before_anybody_is_asked(
    db: Connection, vault: Vault, provider: str, key: str, base_url: str | None, message: str
) -> None:
    stand_in = Provider()
    with pytest.raises(InvalidInput, match=message) as refusal:
        await connecting.connect(
            db,
            vault,
            1,
            ACTOR,
            provider=provider,
            name="X",
            key=key,
            base_url=base_url,
            verify=stand_in.verify,
        )
    assert stand_in.asked == []
    assert not key or key not in str(refusal.value)


async def test_connections_list_the_live_flows_that_would_miss_them(db: Connection, vault: Vault) -> None:
    provider = Provider(KEY)
    used = await connect(db, vault, provider, "Used")
    unused = await connect(db, vault, provider, "Unused")

    async def flow(name: str, reference: str, *, deleted: bool = False) -> int:
        document = {"actions": [{"actionId": "1", "fields": {"connection_id": reference}}, {"actionId": "2"}]}
        flow_id: int = await db.fetchval(
            "INSERT INTO flows (workspace_id, name, type, object_type_id, deleted_at) "
            "VALUES (1, $1, 'PLATFORM_FLOW', '0-5', CASE WHEN $2 THEN now() END) RETURNING id",
            name,
            deleted,
        )
        await db.execute(
            "INSERT INTO flow_revisions (flow_id, revision_id, workspace_id, document) VALUES ($1, 1, 1, $2)",
            flow_id,
            document,
        )
        return flow_id

    by_id, by_name = await flow("By id", str(used.id)), await flow("By name", "used")
    await flow("Deleted", str(unused.id), deleted=True)

    listed = {one.connection.name: one.flows for one in await connections.list_connections(db, 1)}
    assert [flow.id for flow in listed["Used"]] == [by_id, by_name]
    assert listed["Unused"] == ()


async def test_an_uninstalled_connection_leaves_no_key_and_its_name_is_free_again(
    db: Connection, vault: Vault
) -> None:
    provider = Provider(KEY)
    connection = await connect(db, vault, provider)
    await model_lists.save(db, 1, connection.id, [{"id": "gpt"}])
    assert await opened(db, vault, connection.id) == KEY

    await connections.uninstall(db, vault, 1, ACTOR, connection.id)

    assert await connections.find(db, 1, connection.id) is None
    assert await opened(db, vault, connection.id) is None
    assert await db.fetchval("SELECT count(*) FROM secrets") == 0
    assert await model_lists.load(db, 1, connection.id) is None
    for again in (
        connections.uninstall(db, vault, 1, ACTOR, connection.id),
        connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify),
        connections.rename(db, 1, ACTOR, connection.id, "X"),
    ):
        with pytest.raises(NotFound):
            await again
    await connect(db, vault, provider)


async def test_a_connection_uninstalled_while_the_provider_is_asked_is_not_revived(
    db: Connection, vault: Vault
) -> None:
    provider = Provider(KEY, OTHER_KEY)
    connection = await connect(db, vault, provider)
    provider.meanwhile = lambda: connections.uninstall(db, vault, 1, ACTOR, connection.id)
    with pytest.raises(NotFound, match="uninstalled meanwhile"):
        await connecting.replace_key(
            db, vault, 1, ACTOR, connection.id, key=OTHER_KEY, verify=provider.verify
        )
    assert await db.fetchval("SELECT count(*) FROM secrets") == 0


async def test_another_workspace_neither_sees_nor_opens_nor_ends_a_connection(
    db: Connection, vault: Vault
) -> None:
    await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Other')")
    stranger = Actor(2, "person", "8", "Bob", "owner")
    connection = await connect(db, vault, Provider(KEY))

    assert await connections.find(db, 2, connection.id) is None
    assert await connections.by_name(db, 2, "OpenAI") is None
    assert await connections.list_connections(db, 2) == []
    assert await opened(db, vault, connection.id, workspace_id=2) is None
    await model_lists.save(db, 2, connection.id, [{"id": "x"}])
    assert await model_lists.load(db, 1, connection.id) is None
    await connections.mark_needs_attention(db, 2, connection.id, "no", "")
    with pytest.raises(NotFound):
        await connections.uninstall(db, vault, 2, stranger, connection.id)
    assert (await connections.get(db, 1, connection.id)).status == "connected"


async def test_a_key_leaves_no_trace_in_database_logs_or_errors(
    db: Connection, vault: Vault, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    provider, errors = Provider(), []

    async def note(work: Awaitable[object]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, its text is looked at
            errors.append(f"{error!r} {getattr(error, 'context', '')}")

    provider.error = ProviderProblem("401")
    await note(connect(db, vault, provider))
    provider.error = None
    provider.accepted |= {KEY, OTHER_KEY}
    connection = await connect(db, vault, provider)
    await connecting.replace_key(db, vault, 1, ACTOR, connection.id, key=OTHER_KEY, verify=provider.verify)
    await connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify)
    provider.error = ProviderProblem(f"Incorrect API key provided: {OTHER_KEY}.")
    with pytest.raises(ProviderProblem):  # the provider's own words, passed through
        await connecting.test(db, vault, 1, ACTOR, connection.id, verify=provider.verify)
    key = await vault.open_key(db, 1, connection.id, "worker test-1")
    shown = f"{connection} {key} {key!r} {vault!r} {vars(vault)}"
    during = await everything(db)
    await connections.uninstall(db, vault, 1, ACTOR, connection.id)

    streams = capsys.readouterr()
    for text in (
        during,
        await everything(db),
        caplog.text,
        streams.out,
        streams.err,
        "\n".join(errors),
        shown,
    ):
        assert KEY not in text
        assert OTHER_KEY not in text
    assert "needs_attention" in during
    assert [entry.action for entry in await audit.list_entries(db, 1)] == [
        "connection.uninstalled",
        "secret.opened",
        "secret.opened",
        "secret.opened",
        "connection.key_replaced",
        "connection.connected",
    ]
