"""How many records match, as far as a moment allows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from penstock.crm import value_indexes
from penstock.crm.listing.bounds import Budget, bound, estimated_total, few, too_slow
from penstock.crm.listing.conditions import LIVE, Conditions, Statement
from penstock.crm.listing.request import Matching, Order
from penstock.crm.schema import ObjectSchema
from penstock.kit.database import Connection

MOST = 10_000


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
        self._type = (workspace_id, schema.object_type.id)
        self._schema = schema
        self._matching = matching
        self._now = now
        self._budget = budget
        self._conditions = Conditions(workspace_id, schema, matching, Order(), now, {})

    async def count(self) -> Count:
        """All in one go where nothing is asked of the records; else window by window, or by an index."""
        if self._matching.all_match:
            return await self._all()
        until = time.monotonic() + self._budget.seconds
        matched = looked_at = 0
        below: int | None = None
        while True:
            window = self._budget.first_window(self._conditions) if below is None else self._budget.window
            found, end = await self._look(below, window)
            matched += found
            looked_at += window
            if end is None and matched <= MOST:
                return Count(matched, True)
            estimate = round(await estimated_total(self._db, *self._type) * matched / looked_at)
            if matched > MOST:
                return Count(MOST, False, estimate)
            if (
                below is None
                and estimate <= 2 * self._budget.gathered
                and (exact := await self._by_index()) is not None
            ):
                return exact
            if time.monotonic() >= until:
                return Count(matched, False, estimate)
            below = end

    async def _all(self) -> Count:
        statement = self._conditions.statement()
        most = statement.writer.parameter(MOST + 1, "int")
        found = await self._number(f"SELECT FROM records r WHERE {LIVE} LIMIT {most}", statement)
        if found <= MOST:
            return Count(found, True)
        return Count(MOST, False, await estimated_total(self._db, *self._type))

    async def _look(self, below: int | None, window: int) -> tuple[int, int | None]:
        """How many of the newest records below an id match, and the oldest id looked at (None: that was all)."""
        statement = self._conditions.statement()
        under = "true" if below is None else f"r.id < {statement.writer.parameter(below, 'bigint')}"
        row = await self._db.fetchrow(
            "SELECT count(*) FILTER (WHERE matches) AS matched, count(*) AS seen, min(id) AS oldest "
            f"FROM (SELECT r.id, ({self._conditions.matches(statement)}) AS matches FROM (SELECT * FROM records r "
            f"WHERE {LIVE} AND {under} ORDER BY r.id DESC "
            f"LIMIT {statement.writer.parameter(window, 'int')}) AS r) AS seen",
            *statement.parameters,
        )
        assert row is not None  # noqa: S101 - an aggregate has one row
        return row["matched"], row["oldest"] if row["seen"] == window else None

    async def _by_index(self) -> Count | None:
        """The exact count by an index, when it finds few; None when it finds many or there is none."""
        ready = await value_indexes.ready(self._db, *self._type)
        conditions = Conditions(self._type[0], self._schema, self._matching, Order(), self._now, ready)
        found = await few(self._db, conditions, self._budget.gathered)
        if found is None:
            return None
        statement = conditions.statement()
        exact = await self._number(
            f"SELECT FROM records r WHERE r.id = ANY ({statement.writer.parameter(found.ids, 'bigint[]')}) "
            f"AND {LIVE} AND {conditions.matches(statement, words_settled=found.words_settled)}",
            statement,
        )
        return Count(exact, True)

    async def _number(self, rows: str, statement: Statement) -> int:
        return int(await self._db.fetchval(f"SELECT count(*) FROM ({rows}) AS found", *statement.parameters))
