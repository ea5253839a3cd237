"""What keeps a list within its time: budgets, limits of statements, and what an index can find at little cost."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.crm.listing.conditions import LIVE, Conditions
from penstock.errors import TooSlow
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject


@dataclass(frozen=True, slots=True)
class Budget:
    """How far one request looks. Below `small` records of a type, everything is looked at without an index."""

    window: int = 2_000  # records looked at in one go
    gathered: int = 4_000  # records that an index may find for their order to be made anew
    small: int = 10_000
    seconds: float = 0.02  # after which no further window is begun
    statement_milliseconds: int = 2_000

    def first_window(self, conditions: Conditions) -> int:
        """The window before an index is asked: half as much where a record is asked for words, which costs more."""
        return max(1, self.window // 2) if conditions.has_words else self.window


@dataclass(frozen=True, slots=True)
class Few:
    """The ids of all records that may match, and whether they have all the words that are looked for."""

    ids: list[int]
    words_settled: bool


# The statements differ with what is asked for, so that plans are made for the values at hand. Nothing is known about
# the values of partial indexes (PostgreSQL keeps no statistics on them), and reading all records is never the way.
# No statement may keep the database busy for long.
LIMITS = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('statement_timeout', $1, true)
"""
CANCELED = "57014"  # query_canceled (PostgreSQL manual, appendix A)


async def bound(db: Connection, budget: Budget) -> None:
    """Sets the limits of the transaction's statements."""
    await db.execute(LIMITS, str(budget.statement_milliseconds))


def too_slow(error: Exception) -> Exception:
    """TooSlow when a statement ran out of time, else the error as it is."""
    if getattr(error, "sqlstate", None) != CANCELED:
        return error
    return TooSlow(
        "Looking for these records takes too long.",
        remedy="Narrow the filter: compare a value for equality, or add a condition on another property.",
    )


async def few(db: Connection, conditions: Conditions, most: int) -> Few | None:
    """All records that may match, when an index finds at most `most`; None when it does not."""
    for one in conditions.candidates():
        limit = one.statement.writer.parameter(most + 1, "int")
        ids: list[int] | None = await db.fetchval(
            f"SELECT array_agg(id) FROM ({one.query} LIMIT {limit}) AS found", *one.statement.parameters
        )
        if len(ids or ()) <= most:
            return Few(ids or [], one.words_settled)
    return None


async def estimated_total(db: Connection, workspace_id: int, object_type_id: str) -> int:
    """About how many live records a type has, by the planner's statistics: it costs no look at the records."""
    plan: list[JsonObject] = await db.fetchval(
        f"EXPLAIN (FORMAT JSON) SELECT FROM records r WHERE {LIVE}", workspace_id, object_type_id
    )
    node = plan[0]["Plan"]
    rows = node.get("Plan Rows") if isinstance(node, dict) else None
    return int(rows) if isinstance(rows, int | float) else 0
