"""Rows that tests put into the database by hand, because no request makes them."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Running


async def rows_of(running: Running, record_id: int, flow_id: int, type_id: str) -> dict[str, str]:
    """What only a worker or a browser makes: an enrollment, a mail, a webhook, a session; and an import."""
    db = await asyncpg.connect(running.database_url)
    workspace = await db.fetchval("SELECT workspace_id FROM records WHERE id = $1", record_id)
    enrollment = await db.fetchval(
        "INSERT INTO enrollments (workspace_id, flow_id, revision_id, record_id, cause, status, lane)"
        " VALUES ($1, $2, 1, $3, 'test', 'FAILED', 'local') RETURNING id",
        workspace,
        flow_id,
        record_id,
    )
    mail = await db.fetchval(
        "INSERT INTO mails (workspace_id, key, recipients, subject, html, text, status)"
        " VALUES ($1, 'mail-' || $1::bigint, '{a@example.com}', 's', 'h', 't', 'kept') RETURNING id",
        workspace,
    )
    webhook = await db.fetchval(
        "INSERT INTO webhook_deliveries (workspace_id, key, enrollment_id, seq, action_id, method, url, status)"
        " VALUES ($1, 'hook-' || $1::bigint, $2, 1, '1', 'POST', 'https://example.com/x', 'failed') RETURNING id",
        workspace,
        enrollment,
    )
    imported = await db.fetchval(
        "INSERT INTO imports (workspace_id, object_type_id, name, state) VALUES ($1, $2, 'i', 'DONE') RETURNING id",
        workspace,
        type_id,
    )
    session = await db.fetchval(
        "INSERT INTO sessions (workspace_id, user_id, secret_hash, created_at, last_seen_at, address, user_agent)"
        " SELECT $1::bigint, min(id), sha256(convert_to($1::bigint::text, 'UTF8')), now(), now(), '', '' FROM users WHERE workspace_id = $1::bigint"
        " RETURNING id",
        workspace,
    )
    operation = await db.fetchval(
        "INSERT INTO run_operations (workspace_id, operation, flow_id, standing, expected, until_id, actor)"
        " VALUES ($1, 'retry', $2, 'FAILED', 1, 0, '{}') RETURNING id",
        workspace,
        flow_id,
    )
    sample = await db.fetchval(
        "INSERT INTO samples (workspace_id, flow_id, document, state, created_by) VALUES ($1, $2, '{}', 'DONE', 't')"
        " RETURNING id",
        workspace,
        flow_id,
    )
    batch = await db.fetchval(
        "INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state)"
        " SELECT $1, min(id), 'openai', 'm', 'b', 'running' FROM connections WHERE workspace_id = $1 RETURNING id",
        workspace,
    )
    review = await db.fetchval(
        "INSERT INTO reviews (workspace_id, enrollment_id, seq, flow_id, revision_id, record_id, action_id, fields, outputs, seen)"
        " VALUES ($1, $2, 0, $3, 1, $4, '1', '[]', '{}', '{}') RETURNING id",
        workspace,
        enrollment,
        flow_id,
        record_id,
    )
    undo = await db.fetchval(
        "INSERT INTO undos (workspace_id, flow_id, until_id, start_workflows, source_type, source_id, source_label)"
        " VALUES ($1, $2, 0, false, 'API', '1', 'x') RETURNING id",
        workspace,
        flow_id,
    )
    eval_set = await db.fetchval(
        "INSERT INTO eval_sets (workspace_id, flow_id, action_id, name, created_by) VALUES ($1, $2, '1', 'e', 't') RETURNING id",
        workspace,
        flow_id,
    )
    case = await db.fetchval(
        "INSERT INTO eval_cases (workspace_id, eval_set_id, name, record_values, checks, created_by)"
        """ VALUES ($1, $2, 'c', '{}', '[{"field": "text", "kind": "equals", "value": "x"}]', 't') RETURNING id""",
        workspace,
        eval_set,
    )
    run = await db.fetchval(
        "INSERT INTO eval_runs (workspace_id, eval_set_id, set_version, action_id, document, fingerprint, model, state, created_by)"
        " VALUES ($1, $2, 1, '1', '{}', 'f', 'm', 'DONE', 't') RETURNING id",
        workspace,
        eval_set,
    )
    await db.close()
    return {
        "evalSetId": str(eval_set),
        "caseId": str(case),
        "evalRunId": str(run),
        "sampleId": str(sample),
        "batchId": str(batch),
        "operationId": str(operation),
        "reviewId": str(review),
        "undoId": str(undo),
        "deviceId": str(session),
        "enrollmentId": str(enrollment),
        "mailId": str(mail),
        "deliveryId": str(webhook),
        "importId": str(imported),
    }
