"""Figures by day: what commits append is read at once, and folding it changes no number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.workflows.scene_of_runs import edit, flow_of

from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.workflows.figures.days import Span, span_of
from penstock.workflows.figures.fold import fold
from penstock.workflows.figures.performance import Performance, read_performance
from penstock.workflows.figures.spend import GroupBy, Spend, SpendFilter, read_spend
from penstock.workflows.legs.store import PlanSource

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 3)
SPAN = Span(FIRST, LAST, date(2026, 11, 3), "UTC")
EVERY: tuple[GroupBy, ...] = ("day", "flow", "model", "connection")
CALL = """
INSERT INTO step_tallies (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done,
                          failures, repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced)
VALUES (1, $1, $2, $3, $4, 'openai', $5, $6, $7, $8, 0, 0, 100, 10, $9, 0)
"""


async def two_flows(db: Connection) -> tuple[int, int]:
    return await flow_of(db, edit("1")), await flow_of(db, edit("1"))


async def filled(db: Connection, flows: tuple[int, int] | None = None) -> tuple[int, int]:
    """Two flows with calls of two models on three days, and a step that calls nobody."""
    one, two = flows or await two_flows(db)
    calls = [
        (one, FIRST, "1", 7, "small", 20, 3, 1, "0.10"),
        (one, FIRST, "1", 7, "small", 24, 1, 0, "0.10"),
        (one, LAST, "1", 7, "large", 24, 2, 0, "2.00"),
        (two, LAST, "4", 8, "small", 20, 5, 0, "0.30"),
    ]
    for *rest, usd in calls:
        await db.execute(CALL, *rest, Decimal(usd))
    await db.execute(
        "INSERT INTO step_tallies VALUES (1, $1, $2, '2', 0, '', '', -1, 9, 1, 0, 2, 0, 0, 0, 0)", one, LAST
    )
    await db.execute(
        "INSERT INTO flow_tallies (workspace_id, flow_id, day, enrolled, completed, failed) VALUES (1, $1, $2, 10, 6, 2)",
        one,
        LAST,
    )
    return one, two


async def everything(db: Connection, flow: int) -> tuple[list[Spend], Performance]:
    spends = [
        await read_spend(db, 1, SPAN, groups, SpendFilter())
        for groups in ((), ("day",), ("flow",), ("model",), ("connection",), EVERY)
    ]
    return spends, await read_performance(db, PlanSource(), 1, flow, SPAN)


async def test_figures_are_the_same_before_and_after_folding_and_add_up_over_time(crm: Connection) -> None:
    one, two = await filled(crm)
    before = await everything(crm, one)
    await fold(crm)
    assert await crm.fetchval("SELECT count(*) FROM step_tallies") == 0
    assert await everything(crm, one) == before
    await filled(crm, (one, two))
    await fold(crm)
    [totals, *_], _ = await everything(crm, one)
    assert totals.totals.calls == 2 * before[0][0].totals.calls


async def test_spend_is_grouped_with_names_and_percentiles_and_filtered(crm: Connection) -> None:
    one, two = await filled(crm)
    await crm.execute(
        "INSERT INTO connections (id, workspace_id, name, provider) VALUES (7, 1, 'Ours', 'openai')"
    )
    found = await read_spend(crm, 1, SPAN, ("connection",), SpendFilter())
    assert (found.totals.calls, found.totals.failures, found.totals.cost_usd) == (12, 1, Decimal("2.50"))
    assert [(row.connection_name, row.used.calls) for row in found.rows] == [("Ours", 7), (None, 5)]
    assert found.totals.p50_ms is not None
    assert 724 < found.totals.p50_ms <= 1024 < (found.totals.p95_ms or 0) <= 4096
    by_model = await read_spend(crm, 1, SPAN, ("model",), SpendFilter(flow_id=one))
    assert [(row.model, row.used.cost_usd) for row in by_model.rows] == [
        ("large", Decimal("2.00")),
        ("small", Decimal("0.20")),
    ]
    by_day = await read_spend(crm, 1, SPAN, ("day", "flow"), SpendFilter(model="small"))
    assert [(row.day, row.flow_id, row.flow_name) for row in by_day.rows] == [
        (FIRST, one, "Triage"),
        (LAST, two, "Triage"),
    ]
    nobodys = await read_spend(crm, 2, SPAN, EVERY, SpendFilter())
    assert (nobodys.totals.calls, nobodys.totals.p95_ms, nobodys.rows) == (0, None, ())


async def test_performance_has_every_day_and_every_step(crm: Connection) -> None:
    one, _ = await filled(crm)
    found = await read_performance(crm, PlanSource(), 1, one, SPAN)
    assert [(day.day, day.enrolled, day.calls) for day in found.days] == [
        (FIRST, 0, 5),
        (date(2026, 11, 2), 0, 0),
        (LAST, 10, 2),
    ]
    assert (found.totals.completed, found.totals.failed, found.totals.cost_usd) == (6, 2, Decimal("2.20"))
    [llm, local] = found.steps
    assert (llm.title, llm.done, llm.failed, llm.used.calls) == ("Edit record", 6, 1, 7)
    assert (local.title, local.done, local.failed, local.skipped, local.used.calls) == (None, 9, 1, 2, 0)


async def test_days_are_those_of_the_workspaces_time_zone_and_spans_are_bounded(crm: Connection) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    await crm.execute("UPDATE workspaces SET time_zone = 'Europe/Copenhagen'")
    span = await span_of(crm, 1, late, None, None)
    assert (span.today, span.first, len(span.days())) == (date(2026, 11, 25), date(2026, 10, 27), 30)
    await crm.execute("UPDATE workspaces SET time_zone = 'Nowhere/Land'")
    assert (await span_of(crm, 1, late, None, None)).today == date(2026, 11, 24)
    for first, last in ((LAST, FIRST), (date(2024, 1, 1), LAST)):
        with pytest.raises(InvalidInput):
            await span_of(crm, 1, late, first, last)
