from datetime import UTC, datetime, timedelta

import pytest

from penstock.accounts import audit, tokens, users
from penstock.accounts.actors import Actor
from penstock.accounts.first_start import ensure_owner
from penstock.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from penstock.kit.database import Connection, Pool, transaction

OWNER = Actor(1, "cli", "root", "root", "owner")
ADMIN = Actor(1, "api_token", "9", "CI", "admin")


async def database_text(db: Connection) -> str:
    """Everything that stands in the tables, as text."""
    tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    parts = [
        await db.fetchval(f'SELECT string_agg(t::text, chr(10)) FROM "{row["tablename"]}" t')  # noqa: S608 - names of our own tables
        for row in tables
    ]
    return "\n".join(part or "" for part in parts)


async def test_a_token_opens_the_api_with_its_role_and_only_its_hash_is_stored(db: Connection) -> None:
    issued = await tokens.create(db, 1, OWNER, name=" CI ", role="builder")

    actor = await tokens.authenticate(db, issued.plain)

    assert actor == Actor(1, "api_token", str(issued.token.id), "CI", "builder")
    assert issued.plain.endswith(issued.token.last_four)
    assert issued.plain not in repr(issued)
    assert issued.plain not in await database_text(db)
    assert issued.plain[4:-4] not in await database_text(db)


async def test_a_token_that_is_not_valid_is_refused_without_saying_which_it_is(db: Connection) -> None:
    revoked = await tokens.create(db, 1, OWNER, name="revoked", role="viewer")
    await tokens.revoke(db, 1, OWNER, revoked.token.id)
    expired = await tokens.create(
        db, 1, OWNER, name="expired", role="viewer", expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    await db.execute("UPDATE api_tokens SET expires_at = now() WHERE id = $1", expired.token.id)

    messages = set()
    for plain in (revoked.plain, expired.plain, tokens.new_token()):
        with pytest.raises(Unauthenticated) as refusal:
            await tokens.authenticate(db, plain)
        messages.add(str(refusal.value))
    assert len(messages) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: t[4:],
        lambda t: t + "é",
        lambda _: "",
        lambda _: "\ud800",
    ],
)
async def test_a_mistyped_token_fails_its_checksum_before_the_database_is_asked(spoil) -> None:  # type: ignore[no-untyped-def]
    assert not tokens.well_formed(spoil(tokens.new_token()))


def test_no_two_tokens_share_a_text_and_every_one_is_well_formed() -> None:
    made = {tokens.new_token() for _ in range(500)}
    assert len(made) == 500
    assert all(tokens.well_formed(one) and len(one) == 42 for one in made)


async def test_the_use_of_a_token_is_noted_at_most_once_a_minute(db: Connection) -> None:
    issued = await tokens.create(db, 1, OWNER, name="CI", role="viewer")

    async def last_use() -> datetime | None:
        return (await tokens.list_tokens(db, 1))[0].last_used_at

    assert await last_use() is None
    await tokens.authenticate(db, issued.plain)
    first = await last_use()
    await tokens.authenticate(db, issued.plain)
    assert await last_use() == first
    await db.execute("UPDATE api_tokens SET last_used_at = now() - interval '61 seconds'")
    await tokens.authenticate(db, issued.plain)
    assert first is not None
    assert await last_use() > first  # type: ignore[operator]


async def test_a_token_never_does_more_than_its_person_may_today(db: Connection) -> None:
    await users.create(db, 1, OWNER, email="o@x.test", role="owner")
    person = await users.create(db, 1, OWNER, email="p@x.test", role="admin")
    issued = await tokens.create(db, 1, OWNER, name="P", role="admin", user_id=person.id)

    await users.set_role(db, 1, OWNER, person.id, "viewer")
    assert (await tokens.authenticate(db, issued.plain)).role == "viewer"

    await users.deactivate(db, 1, OWNER, person.id)
    with pytest.raises(Unauthenticated):
        await tokens.authenticate(db, issued.plain)


async def test_nobody_issues_a_token_above_their_own_role(db: Connection) -> None:
    with pytest.raises(Forbidden, match="'admin' cannot issue"):
        await tokens.create(db, 1, ADMIN, name="up", role="owner")
    assert await tokens.list_tokens(db, 1) == []


async def test_tokens_of_another_workspace_are_out_of_reach(db: Connection) -> None:
    await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Other')")
    stranger = Actor(2, "cli", "root", "root", "owner")
    issued = await tokens.create(db, 1, OWNER, name="CI", role="viewer")
    foreign = await users.create(db, 2, stranger, email="a@x.test", role="owner")

    with pytest.raises(NotFound):
        await tokens.revoke(db, 2, stranger, issued.token.id)
    with pytest.raises(NotFound):
        await tokens.create(db, 1, OWNER, name="CI", role="viewer", user_id=foreign.id)
    assert await tokens.list_tokens(db, 2) == []
    assert await users.directory(db, 1) == {}


async def test_bad_input_names_the_field(db: Connection) -> None:
    with pytest.raises(InvalidInput, match="name has 0"):
        await tokens.create(db, 1, OWNER, name=" ", role="viewer")
    with pytest.raises(InvalidInput, match="role"):
        await tokens.create(db, 1, OWNER, name="x", role="root")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="expires_at"):
        await tokens.create(
            db, 1, OWNER, name="x", role="viewer", expires_at=datetime(2020, 1, 1, tzinfo=UTC)
        )


async def test_the_first_start_makes_one_owner_whoever_starts_at_the_same_time(pool: Pool) -> None:
    import asyncio

    async def start() -> str | None:
        async with transaction(pool) as db:
            return await ensure_owner(db, 1)

    shown = [token for token in await asyncio.gather(*(start() for _ in range(5))) if token is not None]

    assert len(shown) == 1
    async with pool.acquire() as db:
        assert (await tokens.authenticate(db, shown[0])).role == "owner"
        assert [user.email for user in await users.list_users(db, 1)] == ["owner@penstock.local"]


async def test_users_are_found_by_address_in_any_case_and_keep_an_owner(db: Connection) -> None:
    owner = await users.create(db, 1, OWNER, email=" Ann@X.test ", role="owner")
    assert await users.by_email(db, 1, "ANN@x.test") == owner
    with pytest.raises(Conflict, match="exists already"):
        await users.create(db, 1, OWNER, email="ann@x.test", role="viewer")
    with pytest.raises(Conflict, match="only owner"):
        await users.deactivate(db, 1, OWNER, owner.id)
    with pytest.raises(Forbidden):
        await users.set_role(db, 1, ADMIN, owner.id, "viewer")
    for address in ("", "a", "a@b@c.d", "a b@c.d", "a@b\nBcc: c@d.e", "<a@b.c>"):
        with pytest.raises(InvalidInput, match="email"):
            await users.create(db, 1, OWNER, email=address, role="viewer")


async def test_the_audit_log_can_only_grow(db: Connection) -> None:
    issued = await tokens.create(db, 1, OWNER, name="CI", role="viewer")
    await tokens.revoke(db, 1, OWNER, issued.token.id)

    entries = await audit.list_entries(db, 1)
    assert [entry.action for entry in entries] == ["token.revoked", "token.created"]
    assert entries[0].subject_id == str(issued.token.id)
    assert await audit.list_entries(db, 1, before=entries[1].id) == []
    for statement in (
        "UPDATE audit_log SET action = 'nothing'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ):
        with pytest.raises(Exception, match="append-only"):
            await db.execute(statement)
