"""One page of records, in bounded time whatever is asked for.

A page without a filter is read off an index. With one, the records in order are looked at in windows of a few
thousand, which fills a page at once when many match. When few do, an index over the words or over a filtered
property finds all of them, so that they can be put in order. When there is no such index, looking goes on until the
time is up, and the page says so and where it stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from penstock.crm import value_indexes
from penstock.crm.listing.conditions import LIVE, ROW, Conditions, Statement
from penstock.crm.listing.request import Matching, Order, Place
from penstock.crm.records import Record, read
from penstock.crm.schema import ObjectSchema
from penstock.errors import BeingPrepared, TooSlow
from penstock.kit.database import Connection, Row


@dataclass(frozen=True, slots=True)
class Budget:
    """How far one request looks. Below `small` records of a type, everything is looked at without an index."""

    window: int = 4_000  # records looked at in one go
    gathered: int = 4_000  # records that an index may find for their order to be made anew
    small: int = 10_000
    seconds: float = 0.015  # after which no further window is begun
    statement_milliseconds: int = 2_000


@dataclass(frozen=True, slots=True)
class ListPage:
    """Records in order, and the place behind which the next page begins (None: there is no more).

    `searched_all` False: the page is short because the time was up. `helpful` are properties that were filtered by,
    for which an index would have been of use.
    """

    records: list[Record]
    next: Place | None
    searched_all: bool = True
    helpful: frozenset[str] = frozenset()


# The statements differ with what is asked for, so that plans are made for the values at hand. Nothing is known about
# the values of partial indexes (PostgreSQL keeps no statistics on them), and reading all records is never the way.
# No statement may keep the database busy for long.
LIMITS = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('statement_timeout', $1, true)
"""
CANCELED = "57014"  # query_canceled (PostgreSQL manual, appendix A)

# Served by records_by_type.
MORE_THAN = f"SELECT count(*) > $3::int FROM (SELECT FROM records r WHERE {LIVE} LIMIT $3::int + 1) AS found"


async def list_page(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    matching: Matching,
    order: Order,
    *,
    after: Place | None = None,
    limit: int = 50,
    now: datetime,
    budget: Budget | None = None,
) -> ListPage:
    """Up to `limit` live records that match, behind `after`, in the caller's transaction.

    Raises BeingPrepared when a type of many records is to be sorted by a property without an index, and TooSlow
    when a statement takes longer than the budget; the transaction is over then.
    """
    given = budget or Budget()
    await bound(db, given)
    ready = await value_indexes.ready(db, workspace_id, schema.object_type.id)
    conditions = Conditions(workspace_id, schema, matching, order, now, ready)
    big = True
    if order.key is not None and order.key.name not in ready:
        big = await db.fetchval(MORE_THAN, workspace_id, schema.object_type.id, given.small)
        if big:
            raise BeingPrepared(
                f"{schema.object_type.plural_label} are being put in order by "
                f"{schema.properties[order.key.name].label}.",
                remedy="Ask again in some seconds.",
                property=order.key.name,
            )
    pager = _Pager(db, conditions, order, limit, given)
    try:
        page = await pager.page(after, whole=matching.all_match or not big)
    except Exception as error:
        raise too_slow(error) from error
    await value_indexes.used(db, workspace_id, schema.object_type.id, conditions.used & ready.keys())
    return page


async def bound(db: Connection, budget: Budget) -> None:
    """Sets the limits of the transaction's statements."""
    await db.execute(LIMITS, str(budget.statement_milliseconds))


async def few(db: Connection, conditions: Conditions, most: int) -> list[int] | None:
    """The ids of all records that may match, when an index finds at most `most`; None when it does not."""
    for query, statement in conditions.candidates():
        limit = statement.writer.parameter(most + 1, "int")
        ids: list[int] | None = await db.fetchval(
            f"SELECT array_agg(id) FROM ({query} LIMIT {limit}) AS found", *statement.parameters
        )
        if len(ids or ()) <= most:
            return ids or []
    return None


def too_slow(error: Exception) -> Exception:
    """TooSlow when a statement ran out of time, else the error as it is."""
    if getattr(error, "sqlstate", None) != CANCELED:
        return error
    return TooSlow(
        "Looking for these records takes too long.",
        remedy="Narrow the filter: compare a value for equality, or add a condition on another property.",
    )


class _Pager:
    """Fills one page."""

    def __init__(
        self, db: Connection, conditions: Conditions, order: Order, limit: int, budget: Budget
    ) -> None:
        self._db = db
        self._conditions = conditions
        self._order = order
        self._limit = limit
        self._budget = budget
        self._rows: list[Row] = []
        self._until = time.monotonic() + budget.seconds

    async def page(self, after: Place | None, *, whole: bool) -> ListPage:
        """The page behind a place. `whole`: every part of the order is read in one go."""
        place = after
        first = True
        while True:
            valued = place is None or place.valued
            end = None if whole else await self._window_end(place, valued=valued)
            await self._read(place, end, valued=valued)
            if len(self._rows) > self._limit:
                return self._full()
            place = end or self._next_part(valued=valued)
            if place is None:
                return self._last()
            if first and end is not None:
                first = False
                if (ids := await few(self._db, self._conditions, self._budget.gathered)) is not None:
                    return await self._among(ids, place)
            if end is not None and time.monotonic() >= self._until:
                records = [read(row) for row in self._rows]
                return ListPage(records, place, False, frozenset(self._conditions.missing))

    async def _window_end(self, place: Place | None, *, valued: bool) -> Place | None:
        """The last record of the window behind a place; None when the part of the order ends within it."""
        conditions, statement = self._conditions, self._conditions.statement()
        row = await self._db.fetchrow(
            f"SELECT {conditions.key} AS key, r.id FROM records r WHERE {LIVE} AND {conditions.part(valued=valued)} "
            f"AND {conditions.behind(statement, place)} ORDER BY {conditions.order(valued=valued)} "
            f"OFFSET {statement.writer.parameter(self._budget.window - 1, 'int')} LIMIT 1",
            *statement.parameters,
        )
        return None if row is None else Place(valued, row["key"] if valued else None, row["id"])

    async def _read(self, place: Place | None, end: Place | None, *, valued: bool) -> None:
        """Adds the matching records between two places."""
        conditions, statement = self._conditions, self._conditions.statement()
        await self._fetch(
            f"SELECT {ROW}, {conditions.key} AS key FROM records r WHERE {LIVE} "
            f"AND {conditions.part(valued=valued)} AND {conditions.behind(statement, place)} "
            f"AND {conditions.until(statement, end)} AND {conditions.matches(statement)} "
            f"ORDER BY {conditions.order(valued=valued)}",
            statement,
        )

    async def _among(self, ids: list[int], place: Place | None) -> ListPage:
        """The rest of the page out of these records."""
        conditions = self._conditions
        while place is not None:
            statement = conditions.statement()
            await self._fetch(
                f"SELECT {ROW}, {conditions.key} AS key FROM records r "
                f"WHERE r.id = ANY ({statement.writer.parameter(ids, 'bigint[]')}) AND {LIVE} "
                f"AND {conditions.part(valued=place.valued)} AND {conditions.behind(statement, place)} "
                f"AND {conditions.matches(statement)} ORDER BY {conditions.order(valued=place.valued)}",
                statement,
            )
            if len(self._rows) > self._limit:
                return self._full()
            place = self._next_part(valued=place.valued)
        return self._last()

    async def _fetch(self, query: str, statement: Statement) -> None:
        room = statement.writer.parameter(self._limit + 1 - len(self._rows), "int")
        self._rows += await self._db.fetch(f"{query} LIMIT {room}", *statement.parameters)

    def _next_part(self, *, valued: bool) -> Place | None:
        """Before the records without a value, once those with one are through; None when that was all."""
        if not valued or self._order.key is None or not self._order.key.nullable:
            return None
        return Place(False, None, 2**63 - 1 if self._order.descending else 0)

    def _full(self) -> ListPage:
        last = self._rows[self._limit - 1]
        key = self._order.key
        valued = key is None or not key.nullable or last["key"] is not None
        place = Place(valued, last["key"] if valued else None, last["id"])
        return replace(self._last(), records=[read(row) for row in self._rows[: self._limit]], next=place)

    def _last(self) -> ListPage:
        return ListPage([read(row) for row in self._rows], None, True, frozenset(self._conditions.missing))
