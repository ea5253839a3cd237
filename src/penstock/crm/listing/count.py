"""How many records match, as far as a moment allows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from penstock.crm import value_indexes
from penstock.crm.listing.conditions import LIVE, Conditions, Statement
from penstock.crm.listing.page import Budget, bound, few, too_slow
from penstock.crm.listing.request import Matching, Order
from penstock.crm.schema import ObjectSchema
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

MOST = 10_000
MANY = 50  # where one record of so many matches, an index would find more than are of use


@dataclass(frozen=True, slots=True)
class Count:
    """How many match. Not `exact`: at least so many, and about `estimate` (None: nobody knows)."""

    count: int
    exact: bool
    estimate: int | None = None


async def count(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    matching: Matching,
    *,
    now: datetime,
    budget: Budget | None = None,
) -> Count:
    """Counts live records that match, up to `MOST`, for about the time of the budget. Raises TooSlow.

    Newest records are looked at first; where the time is up before all are, the share of those that match among
    them makes the estimate.
    """
    given = budget or Budget()
    await bound(db, given)
    try:
        return await _Counter(db, workspace_id, schema, matching, now, given).count()
    except Exception as error:
        raise too_slow(error) from error


async def estimated_total(db: Connection, workspace_id: int, object_type_id: str) -> int:
    """About how many live records a type has, by the planner's statistics: it costs no look at the records."""
    plan: list[JsonObject] = await db.fetchval(
        f"EXPLAIN (FORMAT JSON) SELECT FROM records r WHERE {LIVE}",
        workspace_id,
        object_type_id,
    )
    node = plan[0]["Plan"]
    rows = node.get("Plan Rows") if isinstance(node, dict) else None
    return int(rows) if isinstance(rows, int | float) else 0


class _Counter:
    """Counts one selection."""

    def __init__(
        self,
        db: Connection,
        workspace_id: int,
        schema: ObjectSchema,
        matching: Matching,
        now: datetime,
        budget: Budget,
    ) -> None:
        self._db = db
        self._workspace_id = workspace_id
        self._schema = schema
        self._matching = matching
        self._now = now
        self._budget = budget
        self._conditions = Conditions(workspace_id, schema, matching, Order(), now, {})

    async def count(self) -> Count:
        """All in one go where nothing is asked of the records; else window by window, or by an index."""
        statement = self._conditions.statement()
        if self._matching.all_match:
            most = statement.writer.parameter(MOST + 1, "int")
            found = await self._number(f"SELECT FROM records r WHERE {LIVE} LIMIT {most}", statement)
            return Count(found, True) if found <= MOST else Count(MOST, False, await self._total())
        until = time.monotonic() + self._budget.seconds
        matched = looked_at = 0
        below: int | None = None
        while True:
            end = await self._window_end(below)
            matched += await self._in_window(below, end)
            looked_at += self._budget.window
            if matched > MOST:
                return Count(MOST, False, await self._share(matched, looked_at))
            if end is None:
                return Count(matched, True)
            if below is None and matched * MANY < looked_at and (exact := await self._by_index()) is not None:
                return exact
            below = end
            if time.monotonic() >= until:
                return Count(matched, False, await self._share(matched, looked_at))

    async def _window_end(self, below: int | None) -> int | None:
        """The smallest id of the window of newest records below an id; None when it reaches the oldest."""
        statement = self._conditions.statement()
        end: int | None = await self._db.fetchval(
            f"SELECT r.id FROM records r WHERE {LIVE} AND {_below(statement, below)} ORDER BY r.id DESC "
            f"OFFSET {statement.writer.parameter(self._budget.window - 1, 'int')} LIMIT 1",
            *statement.parameters,
        )
        return end

    async def _in_window(self, below: int | None, end: int | None) -> int:
        statement = self._conditions.statement()
        from_end = "true" if end is None else f"r.id >= {statement.writer.parameter(end, 'bigint')}"
        most = statement.writer.parameter(MOST + 1, "int")
        return await self._number(
            f"SELECT FROM records r WHERE {LIVE} AND {_below(statement, below)} AND {from_end} "
            f"AND {self._conditions.matches(statement)} LIMIT {most}",
            statement,
        )

    async def _by_index(self) -> Count | None:
        """The exact count by an index, when it finds few; None when it finds many or there is none."""
        ready = await value_indexes.ready(self._db, self._workspace_id, self._schema.object_type.id)
        conditions = Conditions(self._workspace_id, self._schema, self._matching, Order(), self._now, ready)
        ids = await few(self._db, conditions, self._budget.gathered)
        if ids is None:
            return None
        statement = conditions.statement()
        exact = await self._number(
            f"SELECT FROM records r WHERE r.id = ANY ({statement.writer.parameter(ids, 'bigint[]')}) "
            f"AND {LIVE} AND {conditions.matches(statement)}",
            statement,
        )
        return Count(exact, True)

    async def _number(self, rows: str, statement: Statement) -> int:
        return int(await self._db.fetchval(f"SELECT count(*) FROM ({rows}) AS found", *statement.parameters))

    async def _share(self, matched: int, looked_at: int) -> int:
        return round(await self._total() * matched / looked_at)

    async def _total(self) -> int:
        return await estimated_total(self._db, self._workspace_id, self._schema.object_type.id)


def _below(statement: Statement, below: int | None) -> str:
    return "true" if below is None else f"r.id < {statement.writer.parameter(below, 'bigint')}"
