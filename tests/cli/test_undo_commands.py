"""Taking back what a workflow wrote from the command line: first seen, then done."""

from __future__ import annotations

import psycopg
from tests.cli.conftest import Cli

from penstock.settings import Settings


def written_by_a_workflow(settings: Settings, ticket: int) -> int:
    """The id of a workflow that gave the ticket the subject Spam."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        row = db.execute(
            "INSERT INTO flows (workspace_id, name, type, object_type_id)"
            " VALUES (1, 'Triage', 'PLATFORM_FLOW', '0-5') RETURNING id"
        ).fetchone()
        assert row is not None
        db.execute(
            'UPDATE records SET properties = properties || \'{"subject": "Spam"}\' WHERE id = %s', [ticket]
        )
        db.execute(
            "INSERT INTO property_history (workspace_id, record_id, property, value, previous_value, source_type, source_id,"
            " source_detail) VALUES (1, %s, 'subject', 'Spam', 'Card charged twice', 'AUTOMATION_PLATFORM', %s,"
            ' \'{"action_id": "2"}\')',
            [ticket, str(row[0])],
        )
    return int(row[0])


def test_an_undo_is_shown_then_done_then_taken_back(cli: Cli, ticket: int, settings: Settings) -> None:
    flow = written_by_a_workflow(settings, ticket)
    seen = cli("undo", "workflow", flow, "--action", "2", "--from", "2020-01-01")
    assert "Would restore 1 values of 1 records." in seen.out
    assert "Card charged twice" in seen.out
    assert "--yes" in seen.err
    assert "Spam" in cli("records", "get", "tickets", ticket).out
    done = cli("undo", "workflow", flow, "--yes", "--json").json
    assert (done["state"], done["restored"], done["left"]) == ("DONE", 1, [])
    assert "Card charged twice" in cli("records", "get", "tickets", ticket).out
    back = cli("undo", "undo", done["id"], "--yes")
    assert "1 values restored" in back.out
    assert "Spam" in cli("records", "get", "tickets", ticket).out
    assert f"workflow {flow}" in cli("undo", "list").out
    assert "DONE" in cli("undo", "show", done["id"]).out
    assert cli("undo", "run", 999).status == 4
