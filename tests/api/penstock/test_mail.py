"""Mail over HTTP: how it is set up, a test mail, and the look of a mail that must stay inert."""

from __future__ import annotations

import asyncpg
from tests.api.calling import Client, Running

V1 = "/penstock/v1"


async def test_without_a_mail_server_the_setup_says_so_and_a_test_mail_names_the_setting(
    owner: Client,
) -> None:
    setup = await owner.ok("GET", f"{V1}/mail-settings")
    assert (setup["host"], setup["sender"]) == (None, "penstock@localhost")
    refused = await owner("POST", f"{V1}/mail-tests", {"recipient": "ada@example.com"})
    assert refused.status == 409
    assert "PENSTOCK_SMTP_URL" in refused.json["message"]


async def test_the_preview_of_a_mail_runs_nothing_and_loads_nothing(owner: Client, running: Running) -> None:
    db = await asyncpg.connect(running.database_url)
    mail = await db.fetchval(
        "INSERT INTO mails (workspace_id, key, recipients, subject, html, text, status)"
        " VALUES (1, 'preview', '{a@example.com}', '<script>1</script>', '<p>Hello</p>', '', 'kept') RETURNING id"
    )
    await db.close()
    shown = await owner("GET", f"{V1}/outbox/{mail}/preview")
    assert shown.status == 200
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "<title>&lt;script&gt;1&lt;/script&gt;</title>" in shown.text
    assert "<p>Hello</p>" in shown.text
