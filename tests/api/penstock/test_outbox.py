"""The outbox over HTTP: e-mails and webhooks as the database holds them."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running

V1 = "/penstock/v1"


async def test_mails_are_listed_without_and_read_with_their_bodies_and_a_kept_one_can_be_sent_again(
    owner: Client, running: Running
) -> None:
    db = await asyncpg.connect(running.database_url)
    ids = [
        await db.fetchval(
            "INSERT INTO mails (workspace_id, key, recipients, subject, html, text, status)"
            " VALUES (1, $1, '{a@example.com,b@example.com}', 'Urgent', '<b>body</b>', 'body', $2) RETURNING id",
            f"outbox-test-{status}",
            status,
        )
        for status in ("kept", "sent")
    ]
    await db.close()
    listed = await owner.ok("GET", f"{V1}/outbox?limit=1")
    assert [mail["id"] for mail in listed["results"]] == [str(ids[1])]
    assert "html" not in listed["results"][0]
    older = await owner.ok("GET", f"{V1}/outbox?status=kept&after={listed['paging']['next']['after']}")
    assert older["results"][0]["recipients"] == ["a@example.com", "b@example.com"]
    read = await owner.ok("GET", f"{V1}/outbox/{ids[0]}")
    assert (read["html"], read["text"]) == ("<b>body</b>", "body")
    assert (await owner.ok("POST", f"{V1}/outbox/{ids[0]}/retry"))["status"] == "queued"
    assert (await owner("POST", f"{V1}/outbox/{ids[1]}/retry")).status == 409


async def test_a_webhook_is_shown_without_what_may_be_a_secret_in_its_address(
    owner: Client, running: Running
) -> None:
    db = await asyncpg.connect(running.database_url)
    hook = await db.fetchval(
        "INSERT INTO webhook_deliveries (workspace_id, key, enrollment_id, seq, action_id, method, url, status, attempts)"
        " VALUES (1, 'outbox-hook', 1, 1, '1', 'POST', 'https://u:pass@example.com/hook?token=t0ken', 'failed', 3)"
        " RETURNING id"
    )
    await db.close()
    read = await owner("GET", f"{V1}/webhooks/{hook}")
    assert read.json["url"].startswith("https://example.com/hook")
    assert (read.json["attempts"], "t0ken" in read.text, "pass" in read.text) == (3, False, False)
    listed = await owner.ok("GET", f"{V1}/webhooks?status=failed&limit=1")
    assert listed["results"] == [read.json]
