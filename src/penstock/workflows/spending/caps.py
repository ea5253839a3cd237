"""Caps in USD: of a workspace, a workflow, a connection, or each run of a workflow; by day, month or from now on.

A cap's row counts what was spent in its period and what calls under way may still cost, so that workers that
reserve under its lock cannot pass it together by more than what their calls cost above their estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row

Scope = Literal["workspace", "flow", "connection", "run"]
Period = Literal["day", "month", "total"]
SCOPES: tuple[Scope, ...] = ("workspace", "flow", "connection", "run")
PERIODS: tuple[Period, ...] = ("day", "month", "total")
MOST_USD = Decimal(1_000_000)

# What counts for the period that is running: a new day or month begins with nothing spent.
CURRENT = """
SELECT c.id, c.workspace_id, c.scope, c.subject_id, c.period, c.limit_usd, c.reserved_usd, c.usd_each, c.alerts,
       c.created_at, c.updated_at, period_start(c.period, c.workspace_id) AS period_start,
       CASE WHEN c.period_start = period_start(c.period, c.workspace_id) THEN c.spent_usd ELSE 0 END AS spent_usd,
       (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.status = 'WAITING' AND e.wait_for LIKE 'cap:%'
                              AND e.wait_for = 'cap:' || c.id LIMIT 10001) AS counted)::int AS waiting_runs,
       CASE c.scope WHEN 'connection' THEN (SELECT name FROM connections n WHERE n.id = c.subject_id)
                    WHEN 'workspace' THEN NULL ELSE (SELECT name FROM flows f WHERE f.id = c.subject_id) END AS subject_name
FROM spend_caps c WHERE c.workspace_id = $1
"""
LIST = CURRENT + "ORDER BY c.id"
GET = CURRENT + "AND c.id = $2"
# What the period has cost already, from the figures, so that a cap set at noon counts the morning.
SPENT_BEFORE = """
SELECT coalesce(sum(cost_usd), 0) FROM step_figures
WHERE workspace_id = $1 AND day >= period_start($2, $1) AND latency_bucket >= 0
  AND ($3 = 'workspace' OR ($3 = 'flow' AND flow_id = $4) OR ($3 = 'connection' AND connection_id = $4))
"""
SET = """
INSERT INTO spend_caps (workspace_id, scope, subject_id, period, limit_usd, spent_usd, alerts, period_start)
VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, true), period_start($4, $1))
ON CONFLICT (workspace_id, scope, subject_id, period) DO UPDATE
SET limit_usd = excluded.limit_usd, alerts = coalesce($7, spend_caps.alerts), retry_since = now(), updated_at = now()
RETURNING id, (SELECT limit_usd FROM spend_caps before WHERE before.workspace_id = $1 AND before.scope = $2
               AND before.subject_id = $3 AND before.period = $4) AS before
"""
REMOVE = "DELETE FROM spend_caps WHERE workspace_id = $1 AND id = $2 RETURNING scope, subject_id, period, limit_usd"
FLOW_EXISTS = "SELECT EXISTS (SELECT FROM flows WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL)"
CONNECTION_EXISTS = (
    "SELECT EXISTS (SELECT FROM connections WHERE workspace_id = $1 AND id = $2 AND uninstalled_at IS NULL)"
)


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap and where it stands; USD. `subject_id` is a workflow's or connection's id, 0 for the workspace.

    A cap of scope `run` holds for each run of the workflow by itself, so it has nothing spent of its own.
    `waiting_runs` stand still until there is room (counted up to 10,001). `usd_each` is about what one call under it
    costs. With `alerts` owners and admins get an e-mail when it is nearly or wholly used.
    """

    id: int
    workspace_id: int
    scope: Scope
    subject_id: int
    subject_name: str | None
    period: Period
    limit_usd: Decimal
    spent_usd: Decimal
    reserved_usd: Decimal
    usd_each: Decimal
    alerts: bool
    period_start: date
    waiting_runs: int
    created_at: datetime
    updated_at: datetime

    @property
    def left_usd(self) -> Decimal:
        """What may still be spent in this period."""
        return max(Decimal(0), self.limit_usd - self.spent_usd - self.reserved_usd)


async def list_caps(db: Connection, workspace_id: int) -> list[Cap]:
    """All caps of a workspace in the order in which they were set."""
    return [_cap(row) for row in await db.fetch(LIST, workspace_id)]


async def get_cap(db: Connection, workspace_id: int, cap_id: int) -> Cap:
    """One cap. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, cap_id)
    if row is None:
        raise _missing(cap_id)
    return _cap(row)


async def set_cap(
    db: Connection,
    workspace_id: int,
    actor: Actor,
    scope: Scope,
    subject_id: int,
    period: Period,
    limit_usd: Decimal,
    alerts: bool | None = None,
) -> Cap:
    """Sets a cap, or changes its limit; runs that wait for it try again at once.

    Day and month count what was spent in them before the cap was set (in the workspace's time zone); `total`
    counts from now on. A cap of scope `run` takes the period `total`. `alerts` None leaves that as it is, which is on at
    first. Raises InvalidInput and NotFound.
    """
    _check(scope, subject_id, period, limit_usd)
    await _check_subject(db, workspace_id, scope, subject_id)
    spent = Decimal(0)
    if period != "total":
        spent = await db.fetchval(SPENT_BEFORE, workspace_id, period, scope, subject_id)
    [row] = await db.fetch(SET, workspace_id, scope, subject_id, period, limit_usd, spent, alerts)
    detail = {"scope": scope, "subject_id": str(subject_id), "period": period, "limit_usd": str(limit_usd)}
    if alerts is not None:
        detail["alerts"] = "on" if alerts else "off"
    if row["before"] is not None:
        detail["before_usd"] = f"{row['before'].normalize():f}"
    await audit.record(db, actor, "spend_cap.set", "spend_cap", row["id"], detail)
    return await get_cap(db, workspace_id, row["id"])


async def remove_cap(db: Connection, workspace_id: int, actor: Actor, cap_id: int) -> None:
    """Removes a cap; runs that wait for it go on. Raises NotFound."""
    row = await db.fetchrow(REMOVE, workspace_id, cap_id)
    if row is None:
        raise _missing(cap_id)
    detail = {"scope": row["scope"], "subject_id": str(row["subject_id"]), "period": row["period"]}
    await audit.record(
        db, actor, "spend_cap.removed", "spend_cap", cap_id, {**detail, "limit_usd": str(row["limit_usd"])}
    )


def _check(scope: Scope, subject_id: int, period: Period, limit_usd: Decimal) -> None:
    if not limit_usd.is_finite() or not 0 <= limit_usd <= MOST_USD:
        raise InvalidInput(
            f"limitUsd is {limit_usd}.", remedy=f"Use USD from 0 to {MOST_USD:,}; 0 stops all calls."
        )
    if scope == "run" and period != "total":
        raise InvalidInput(
            "period: a cap on each run counts the whole run.",
            remedy="Use the period 'total' with scope 'run'.",
        )
    if (scope == "workspace") != (subject_id == 0):
        raise InvalidInput(
            "subjectId names the workflow or connection of the cap, and nothing for the workspace.",
            remedy="Leave it out with scope 'workspace', and give it with any other.",
        )


async def _check_subject(db: Connection, workspace_id: int, scope: Scope, subject_id: int) -> None:
    if scope == "workspace":
        return
    query = CONNECTION_EXISTS if scope == "connection" else FLOW_EXISTS
    if not await db.fetchval(query, workspace_id, subject_id):
        what = "connection" if scope == "connection" else "workflow"
        raise NotFound(f"There is no {what} {subject_id} here.", remedy=f"List the {what}s to see their ids.")


def _missing(cap_id: int) -> NotFound:
    return NotFound(f"There is no cap {cap_id} here.", remedy="List the caps to see their ids.")


def _cap(row: Row) -> Cap:
    return Cap(**dict(row.items()))
