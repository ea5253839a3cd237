"""The SQL of a list: which records, in which order, behind which place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from penstock.crm.filters.sql import SqlWriter
from penstock.crm.listing.narrowing import Narrower
from penstock.crm.listing.request import Matching, Order, Place
from penstock.crm.records import COLUMNS
from penstock.crm.schema import ObjectSchema
from penstock.crm.search_words import query_of

LIVE = "r.workspace_id = $1 AND r.object_type_id = $2 AND r.archived_at IS NULL"
ROW = ", ".join(f"r.{name.strip()}" for name in COLUMNS.split(","))


class Conditions:
    """Writes the statements of one request; the parameters that they share begin with workspace and type."""

    def __init__(
        self,
        workspace_id: int,
        schema: ObjectSchema,
        matching: Matching,
        order: Order,
        now: datetime,
        ready: Mapping[str, object],
    ) -> None:
        self._workspace_id = workspace_id
        self._schema = schema
        self._matching = matching
        self._order = order
        self._now = now
        self._ready = ready
        self.key = "NULL::text" if order.key is None else order.key.expression()
        self.used: set[str] = {order.key.name} if order.key else set()
        self.missing: set[str] = set()

    def statement(self) -> Statement:
        """A new statement with parameters of its own."""
        return Statement(self._workspace_id, self._schema, self._now)

    @property
    def type_of_records(self) -> tuple[int, str]:
        """Workspace and object type."""
        return self._workspace_id, self._schema.object_type.id

    @property
    def has_words(self) -> bool:
        """Whether words are looked for: asking a record for them costs several times what a filter costs."""
        return bool(self._matching.words)

    def matches(self, statement: Statement, *, words_settled: bool = False) -> str:
        """The condition to be asked of one record after another; without the words where they are settled."""
        parts = []
        if self._matching.filter is not None:
            parts.append(statement.writer.branch(self._matching.filter))
        if self._matching.words and not words_settled:
            # A sub-select in an expression stays one look by primary key a record; as EXISTS, the planner may
            # read every record of the index that has the word.
            words = self._words(statement, self._matching.words)
            parts.append(
                f"coalesce((SELECT w.words @@ {words} FROM record_words w WHERE w.record_id = r.id), false)"
            )
        return " AND ".join(parts) or "true"

    def candidates(self) -> list[Candidates]:
        """Statements of the ids of all records that may match, each by an index; the cheapest comes first.

        Words are looked up alone: they leave fewer records over than most filters do. A word with digits is rare,
        and looking up one costs less than looking up all of them.
        """
        if words := self._matching.words:
            numbers = sorted((word for word in words if not word.isalpha()), key=len)
            rare = [self._having(numbers[-1:], settled=False)] if numbers and len(words) > 1 else []
            return [*rare, self._having(words, settled=True)]
        if self._matching.filter is None:
            return []
        statement = self.statement()
        narrower = Narrower(statement.writer, self._ready)
        condition = narrower.condition(self._matching.filter)
        self.used |= narrower.used
        self.missing |= narrower.missing
        if condition is None:
            return []
        return [Candidates(f"SELECT r.id FROM records r WHERE {LIVE} AND {condition}", statement, False)]

    def _having(self, words: Sequence[str], *, settled: bool) -> Candidates:
        statement = self.statement()
        query = (
            "SELECT w.record_id AS id FROM record_words w WHERE w.workspace_id = $1 AND w.object_type_id = $2 "
            f"AND w.words @@ {self._words(statement, words)}"
        )
        return Candidates(query, statement, settled)

    def behind(self, statement: Statement, place: Place | None) -> str:
        """The condition of being behind a place, within its part of the order."""
        if place is None:
            return "true"
        return self._compared(statement, place, "<" if self._order.descending else ">")

    def part(self, *, valued: bool) -> str:
        """The condition of belonging to the records with a key, or to those without one."""
        if self._order.key is None or not self._order.key.nullable:
            return "true"
        return f"{self.key} IS {'NOT ' if valued else ''}NULL"

    def order(self, *, valued: bool) -> str:
        """The ORDER BY of a part, written as the index has it."""
        direction = "DESC" if self._order.descending else "ASC"
        if self._order.key is None:
            return f"r.id {direction}"
        nulls = "" if valued else f" NULLS {'FIRST' if self._order.descending else 'LAST'}"
        return f"{self.key} {direction}{nulls}, r.id {direction}"

    def _compared(self, statement: Statement, place: Place, sign: str) -> str:
        record_id = statement.writer.parameter(place.record_id, "bigint")
        if self._order.key is None or not place.valued:
            return f"r.id {sign} {record_id}"
        key = statement.writer.parameter(place.key, self._order.key.sql_type)
        return f"({self.key}, r.id) {sign} ({key}, {record_id})"

    def _words(self, statement: Statement, words: Sequence[str]) -> str:
        query = query_of(self._workspace_id, self._schema.object_type.id, words)
        return f"{statement.writer.parameter(query, 'text')}::tsquery"


@dataclass(frozen=True, slots=True)
class Candidates:
    """A statement of ids, and whether those records have all the words that are looked for."""

    query: str
    statement: Statement
    words_settled: bool


class Statement:
    """One statement being written: its parameters, workspace and type first."""

    def __init__(self, workspace_id: int, schema: ObjectSchema, now: datetime) -> None:
        self.writer = SqlWriter(schema, now, first_parameter=3)
        self._first = (workspace_id, schema.object_type.id)

    @property
    def parameters(self) -> list[object]:
        """The parameters, in the order of their numbers."""
        return [*self._first, *self.writer.params]
