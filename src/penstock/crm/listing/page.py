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
from penstock.crm.listing.bounds import Budget, Few, bound, estimated_total, few, too_slow
from penstock.crm.listing.conditions import LIVE, ROW, Conditions, Statement
from penstock.crm.listing.request import Matching, Order, Place
from penstock.crm.records import Record, read
from penstock.crm.schema import ObjectSchema
from penstock.errors import BeingPrepared
from penstock.kit.database import Connection, Row


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
        looked_at = 0
        index_asked = False
        while True:
            valued = place is None or place.valued
            end = None
            if whole:
                await self._read(place, valued=valued)
            else:
                window = (
                    self._budget.first_window(self._conditions) if looked_at == 0 else self._budget.window
                )
                end = await self._look(place, window, valued=valued)
                looked_at += window
            if len(self._rows) > self._limit:
                return self._full()
            place = end or self._next_part(valued=valued)
            if place is None:
                return self._last()
            if end is not None and not index_asked and await self._sparse(looked_at):
                index_asked = True
                if (found := await few(self._db, self._conditions, self._budget.gathered)) is not None:
                    return await self._among(found, place)
            if end is not None and time.monotonic() >= self._until:
                records = [read(row) for row in self._rows]
                return ListPage(records, place, False, frozenset(self._conditions.missing))

    async def _look(self, place: Place | None, window: int, *, valued: bool) -> Place | None:
        """Adds the matching records of the window behind a place; returns its end when the part goes on behind it.

        One statement, that ends as soon as the page is full: the last record of the window comes along, so that
        where it ended is known whatever is written meanwhile.
        """
        conditions, statement = self._conditions, self._conditions.statement()
        last = statement.writer.parameter(window, "int")
        room = statement.writer.parameter(self._limit + 1 - len(self._rows), "int")
        rows = await self._db.fetch(
            f"SELECT * FROM (SELECT {ROW}, {conditions.key} AS key, ({conditions.matches(statement)}) AS matches, "
            f"row_number() OVER () AS place FROM (SELECT * FROM records r WHERE {LIVE} "
            f"AND {conditions.part(valued=valued)} AND {conditions.behind(statement, place)} "
            f"ORDER BY {conditions.order(valued=valued)} LIMIT {last}) AS r) AS seen "
            f"WHERE matches OR place = {last} LIMIT {room}",
            *statement.parameters,
        )
        self._rows += [row for row in rows if row["matches"]]
        if not rows or rows[-1]["place"] < window:
            return None
        return Place(valued, rows[-1]["key"] if valued else None, rows[-1]["id"])

    async def _read(self, place: Place | None, *, valued: bool) -> None:
        """Adds all matching records behind a place."""
        conditions, statement = self._conditions, self._conditions.statement()
        await self._fetch(
            f"SELECT {ROW}, {conditions.key} AS key FROM records r WHERE {LIVE} "
            f"AND {conditions.part(valued=valued)} AND {conditions.behind(statement, place)} "
            f"AND {conditions.matches(statement)} ORDER BY {conditions.order(valued=valued)}",
            statement,
        )

    async def _sparse(self, looked_at: int) -> bool:
        """Whether so few of the records looked at match that an index may find all there are."""
        total = await estimated_total(self._db, *self._conditions.type_of_records)
        return total * len(self._rows) <= 2 * self._budget.gathered * looked_at

    async def _among(self, found: Few, place: Place | None) -> ListPage:
        """The rest of the page out of these records."""
        conditions = self._conditions
        while place is not None:
            statement = conditions.statement()
            await self._fetch(
                f"SELECT {ROW}, {conditions.key} AS key FROM records r "
                f"WHERE r.id = ANY ({statement.writer.parameter(found.ids, 'bigint[]')}) AND {LIVE} "
                f"AND {conditions.part(valued=place.valued)} AND {conditions.behind(statement, place)} "
                f"AND {conditions.matches(statement, words_settled=found.words_settled)} "
                f"ORDER BY {conditions.order(valued=place.valued)}",
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
