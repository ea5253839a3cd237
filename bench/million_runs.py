"""A million runs with their steps and figures, written straight into the tables that workers fill.

Fifty workflows share them: one of 200 steps has half of them, the others are the triage flow of `bench.flows`.
Ninety-five of a hundred runs are completed; the others failed (at five steps, of three causes), wait, pause for their
connection, or were canceled. The figures are those of thirty days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.flows import ANSWER_PROPERTIES, triage_flow
from bench.long_flow import long_flow
from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock
from penstock.connections import model_lists
from penstock.connections.connecting import connect
from penstock.connections.connections import by_name
from penstock.crm import properties
from penstock.kit.database import Connection, transaction
from penstock.workflows import flows
from penstock.workflows.flows import Flow

FLOWS = 50
DAYS = 30
NAME = "Bench, 200 steps"

RUNS = """
INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane, next_action_id, wait_for,
                         wake_at, error, outputs, enrolled_at, updated_at, finished_at, seq, steps_taken)
SELECT $1, $2, $3, $4 + n, 'bench', s.status, 'local', s.at_action, s.wait_for, s.wake_at, s.error,
       '{"1": {"category": "billing", "summary": "A bill that was paid twice"}}',
       t.at, t.at, CASE WHEN s.status NOT IN ('ACTIVE', 'WAITING') THEN t.at + interval '9 seconds' END, 5, 5
FROM generate_series(0, $5 - 1) n
CROSS JOIN LATERAL (SELECT now() - interval '30 days' * (1 - n::float8 / $5) AS at) t
CROSS JOIN LATERAL (
    SELECT CASE WHEN n % 100 < 95 THEN 'COMPLETED' WHEN n % 100 < 97 THEN 'FAILED' WHEN n % 100 < 99 THEN 'WAITING'
                ELSE 'CANCELED' END AS status,
           CASE WHEN n % 100 BETWEEN 95 AND 98 THEN (1 + n / 100 % 5)::text END AS at_action,
           CASE WHEN n % 100 = 97 THEN 'connection:' || $6::bigint END AS wait_for,
           CASE WHEN n % 100 = 98 THEN now() + interval '300 days' END AS wake_at,
           CASE WHEN n % 100 IN (95, 96) THEN jsonb_build_object(
               'code', (ARRAY['TIMEOUT', 'MALFORMED', 'OVERLOADED'])[1 + n / 500 % 3],
               'message', 'The answer did not come.', 'remedy', 'Retry the run.') END AS error
) s
"""
STEPS = """
INSERT INTO steps (workspace_id, enrollment_id, flow_id, seq, action_id, action_type_id, status, started_at, finished_at,
                   inputs, outputs, detail)
SELECT e.workspace_id, e.id, e.flow_id, kind.seq, kind.action_id, kind.type_id, 'COMPLETED', e.enrolled_at,
       e.enrolled_at + interval '2 seconds', '{}', '{"category": "billing"}', kind.detail
FROM enrollments e CROSS JOIN (VALUES
    (1, '1', '1-1000', '{"provider": "openai", "model": "gpt-4.1-mini", "latency_ms": 1840, "cost_usd": "0.0004",
                         "tokens": {"input": 412, "output": 38}}'::jsonb),
    (2, '2', '0-5', NULL)) AS kind (seq, action_id, type_id, detail)
WHERE e.workspace_id = $1
"""
# Every LLM step of every flow on every day, over twelve buckets of latency.
STEP_FIGURES = """
INSERT INTO step_days
SELECT $1, $2, current_date - day, action_id, $3, 'openai', 'gpt-4.1-mini', bucket, 25, 1, 1, 0, 10000, 900, 0.0101, 0
FROM generate_series(0, $4 - 1) AS day, unnest($5::text[]) AS action_id, generate_series(17, 28) AS bucket
"""
OTHER_FIGURES = """
INSERT INTO step_days
SELECT $1, $2, current_date - day, action_id, 0, '', '', -1, 300, 0, 0, 0, 0, 0, 0, 0
FROM generate_series(0, $3 - 1) AS day, unnest($4::text[]) AS action_id
"""
RUN_FIGURES = """
INSERT INTO flow_days SELECT $1, $2, current_date - day, $4::bigint, $4, $4 / 50, 1, 0
FROM generate_series(0, $3 - 1) AS day
"""
CALLS = """
INSERT INTO call_days
SELECT workspace_id, day, connection_id, provider, model, latency_bucket, sum(done), sum(failures), sum(repeats),
       sum(input_tokens), sum(output_tokens), sum(cost_usd), sum(unpriced)
FROM step_days WHERE workspace_id = $1 AND latency_bucket >= 0 GROUP BY 1, 2, 3, 4, 5, 6
"""
SOME_RUN = "SELECT max(id) FROM enrollments WHERE flow_id = $1 AND status = 'COMPLETED'"
KEPT = "SELECT id FROM flows WHERE workspace_id = $1 AND name = $2 AND deleted_at IS NULL"


@dataclass(frozen=True)
class Runs:
    """The workflow of 200 steps and one of its completed runs."""

    flow: int
    run: int


async def seed_runs(app: Penstock, count: int, first_record: int) -> Runs:
    """Adds `count` runs of the contacts from `first_record` on, unless they are there already."""
    workspace = app.workspace_id
    async with app.pool.acquire() as db:
        flow_id = await db.fetchval(KEPT, workspace, NAME)
    if flow_id is None:
        flow_id = await _fill(app, count, first_record)
    async with app.pool.acquire() as db:
        return Runs(flow_id, await db.fetchval(SOME_RUN, flow_id))


async def _fill(app: Penstock, count: int, first_record: int) -> int:
    workspace = app.workspace_id
    async with app.pool.acquire() as db:
        connection = await by_name(db, workspace, "Bench") or await connect(
            db, app.vault, workspace, command_line(workspace, "bench"), provider="openai", name="Bench",
            key="sk-bench", base_url=None, verify=_accept,
        )  # fmt: skip
    async with transaction(app.pool) as db:
        await model_lists.save(db, workspace, connection.id, [{"id": "gpt-4.1-mini", "name": "GPT-4.1 mini"}])
        for one in ANSWER_PROPERTIES:
            await properties.create(db, workspace, "0-5", one)
        made = [await flows.create(db, workspace, "bench", long_flow(NAME, connection.id))]
        for number in range(1, FLOWS):
            document = triage_flow(f"Bench {number}", connection.id, triggered=False)
            made.append(await flows.create(db, workspace, "bench", document))
        for place, flow in enumerate(made):
            share = count // 2 if place == 0 else count // 2 // (FLOWS - 1)
            await db.execute(
                RUNS, workspace, flow.id, flow.revision_id, first_record, share, connection.id, timeout=600
            )
            await _figures(db, flow, connection.id, share // DAYS)
        await db.execute(STEPS, workspace, timeout=600)
        await db.execute(CALLS, workspace)
    async with app.pool.acquire() as db:
        for table in ("enrollments", "steps", "step_days", "flow_days", "call_days"):
            await db.execute(f"VACUUM (ANALYZE) {table}", timeout=600)
    return made[0].id


async def _figures(db: Connection, flow: Flow, connection_id: int, runs_a_day: int) -> None:
    workspace = flow.workspace_id
    asking, others = _kinds(flow)
    await db.execute(STEP_FIGURES, workspace, flow.id, connection_id, DAYS, asking)
    await db.execute(OTHER_FIGURES, workspace, flow.id, DAYS, others)
    await db.execute(RUN_FIGURES, workspace, flow.id, DAYS, runs_a_day)


def _kinds(flow: Flow) -> tuple[Sequence[str], Sequence[str]]:
    """The action ids of the LLM steps, and of all others."""
    actions = flow.read().nodes
    asking = [one.action_id for one in actions if getattr(one, "action_type_id", "") == "1-1000"]
    return asking, [one.action_id for one in actions if one.action_id not in set(asking)]


async def _accept(_provider: str, _key: str, _base_url: str | None) -> None:
    """No provider is asked: nothing is called in these benches."""
