"""Indexes over property values, made when somebody sorts or filters a type of many records by them.

An index costs every write of a record something, even of other values, because a record with one is no longer
updated in place (PostgreSQL manual, "Heap-Only Tuples"). So there is none until it is of use, and one that nobody
has used for a while makes room for another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from penstock.crm.properties import Property
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.value_keys import ValueKey, key_of
from penstock.kit.database import Connection, Pool

log = structlog.get_logger(__name__)

MOST_INDEXES = 12  # of one object type
ALWAYS = frozenset({"createdate", "hs_createdate"})  # records_by_creation


@dataclass(frozen=True, slots=True)
class ValueIndex:
    """An index over the values of one property. `state` is WANTED, READY or FAILED; `message` says why it failed."""

    id: int
    property: str
    state: str
    message: str
    used_at: datetime


# By the unique constraint.
LIST = """
SELECT id, property, state, message, used_at FROM value_indexes WHERE workspace_id = $1 AND object_type_id = $2
"""
WANT = """
INSERT INTO value_indexes (workspace_id, object_type_id, property, kind) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, object_type_id, property) DO UPDATE SET used_at = now(), state = 'WANTED', message = ''
WHERE value_indexes.state = 'FAILED' AND value_indexes.used_at < now() - interval '10 minutes'
"""
SETTLE = """
UPDATE value_indexes SET state = $3, message = $4, ready_at = CASE WHEN $3 = 'READY' THEN now() END
WHERE workspace_id = $1 AND id = $2
"""
# Once an hour is enough to know what is used; a page that changes a row would be a page that waits.
USED = """
UPDATE value_indexes SET used_at = now()
WHERE workspace_id = $1 AND object_type_id = $2 AND property = ANY ($3::text[]) AND used_at < now() - interval '1 hour'
"""
FORGET = "DELETE FROM value_indexes WHERE workspace_id = $1 AND id = $2"

# One index at a time is built, in whichever process; who comes meanwhile leaves its wish in the table.
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('penstock.value_indexes'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('penstock.value_indexes'))"
NEXT_WANTED = """
SELECT id, workspace_id, object_type_id, property FROM value_indexes WHERE state = 'WANTED' ORDER BY id LIMIT 1
"""


async def ready(db: Connection, workspace_id: int, object_type_id: str) -> Mapping[str, int]:
    """The properties of a type whose values have an index, with its id (0 for those that have one always)."""
    found = dict.fromkeys(ALWAYS, 0)
    for row in await db.fetch(LIST, workspace_id, object_type_id):
        if row["state"] == "READY":
            found[row["property"]] = row["id"]
    return found


async def list_all(db: Connection, workspace_id: int, object_type_id: str) -> list[ValueIndex]:
    """The indexes of a type, made and wanted."""
    rows = await db.fetch(LIST, workspace_id, object_type_id)
    return [ValueIndex(**dict(row.items())) for row in rows]


async def used(db: Connection, workspace_id: int, object_type_id: str, names: Collection[str]) -> None:
    """Notes that indexes were of use, so that they are kept."""
    if names:
        await db.execute(USED, workspace_id, object_type_id, list(names))


async def want(db: Connection, workspace_id: int, schema: ObjectSchema, names: frozenset[str]) -> bool:
    """Notes that indexes over these properties would be of use; returns whether any can be made.

    The caller starts `build` after its transaction. One that failed is tried again after ten minutes.
    """
    wanted = [(name, key) for name in sorted(names) if (key := _key(schema.properties.get(name))) is not None]
    for name, key in wanted:
        await db.execute(WANT, workspace_id, schema.object_type.id, name, key.kind)
    return bool(wanted)


async def any_wanted(db: Connection) -> bool:
    """Whether some index waits to be built."""
    return await db.fetchrow(NEXT_WANTED) is not None


async def build(pool: Pool) -> int:
    """Builds every index that is wanted, one after another, while records are read and written; returns how many.

    Returns at once when another process is at it: that one builds what is wanted meanwhile.
    """
    built = 0
    async with pool.acquire() as db:
        # Between the last look for a wish and the unlock somebody may have left one: so it is looked for again.
        while await db.fetchrow(NEXT_WANTED) is not None:
            if not await db.fetchval(TRY_LOCK):
                return built
            try:
                while (row := await db.fetchrow(NEXT_WANTED)) is not None:
                    built += await _build_one(
                        db, row["workspace_id"], row["object_type_id"], row["id"], row["property"]
                    )
            finally:
                if not db.is_closed():
                    await db.execute(UNLOCK)
    return built


async def _build_one(
    db: Connection, workspace_id: int, object_type_id: str, index_id: int, name: str
) -> bool:
    """One CREATE INDEX CONCURRENTLY, outside of any transaction as it must be."""
    schema = await load_schema(db, workspace_id, object_type_id)
    key = _key(schema.properties.get(name))
    if key is None:
        await db.execute(FORGET, workspace_id, index_id)
        return False
    try:
        await _make_room(db, workspace_id, object_type_id)
        await db.execute(
            f"DROP INDEX CONCURRENTLY IF EXISTS {_name(index_id)}"
        )  # a half of one, after a crash
        await db.execute(_definition(workspace_id, object_type_id, index_id, key))
        await db.execute("ANALYZE records")  # else nothing is known about the expression's values
    except Exception as error:  # noqa: BLE001 - kept in its row; the screen works without it, only slower
        log.warning("an index could not be built", property=name, error=str(error))
        await db.execute(SETTLE, workspace_id, index_id, "FAILED", str(error)[:500])
        return False
    await db.execute(SETTLE, workspace_id, index_id, "READY", "")
    return True


async def _make_room(db: Connection, workspace_id: int, object_type_id: str) -> None:
    made = [one for one in await list_all(db, workspace_id, object_type_id) if one.state == "READY"]
    made.sort(key=lambda one: one.used_at)
    for one in made[: max(0, len(made) - MOST_INDEXES + 1)]:
        await db.execute(FORGET, workspace_id, one.id)
        await db.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_name(one.id)}")


def _definition(workspace_id: int, object_type_id: str, index_id: int, key: ValueKey) -> str:
    """Only numbers and names that were checked stand in it: a statement that defines has no parameters."""
    type_id = "".join(character for character in object_type_id if character.isdigit() or character == "-")
    return (
        f"CREATE INDEX CONCURRENTLY {_name(index_id)} ON records (({key.expression('')}), id) "
        f"WHERE workspace_id = {workspace_id:d} AND object_type_id = '{type_id}' AND archived_at IS NULL"
    )


def _name(index_id: int) -> str:
    return f"records_by_value_{index_id:d}"


def _key(prop: Property | None) -> ValueKey | None:
    if prop is None or prop.name in ALWAYS:
        return None
    return key_of(prop)
