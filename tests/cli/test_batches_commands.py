"""Batches from the command line."""

from __future__ import annotations

import psycopg
from tests.cli.conftest import Cli

from penstock.settings import Settings

BATCH = """
WITH flow AS (
    INSERT INTO flows (workspace_id, name, type, object_type_id) VALUES (1, 'Triage', 'PLATFORM_FLOW', '0-5') RETURNING id
), connection AS (
    INSERT INTO connections (workspace_id, provider, name) VALUES (1, 'openai', 'Ours') RETURNING id
), batch AS (
    INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state, questions, answered, cost_usd, saved_usd)
    SELECT 1, id, 'openai', 'gpt-4.1-mini', 'b', 'done', 12, 12, 0.5, 0.25 FROM connection RETURNING id
)
INSERT INTO llm_batch_flows (batch_id, flow_id, questions, answered, cost_usd, saved_usd)
SELECT batch.id, flow.id, 4, 3, 0.125, 0.0625 FROM batch, flow RETURNING flow_id, batch_id
"""


def test_the_batches_of_a_workflow_are_listed_with_what_they_cost_and_saved(
    cli: Cli, settings: Settings
) -> None:
    assert "No batches." in cli("batches", "list").out
    with psycopg.connect(settings.database_url or "", autocommit=True) as db:
        flow, batch = db.execute(BATCH).fetchone() or (0, 0)
    [listed] = cli("batches", "list", "--flow", flow, "--json").json["results"]  # type: ignore[misc]
    assert (listed["id"], float(listed["savedUsd"])) == (str(batch), 0.25)
    shown = cli("batches", "show", batch).out
    assert "0.5000 USD; 0.2500 USD saved" in shown
    assert "Triage: 3 of 4 answered" in shown
    assert cli("batches", "list", "--flow", 999).status == 4
