"""The signing secret of webhooks over HTTP."""

from __future__ import annotations

import base64

from tests.api.calling import Client, Running


async def test_each_new_signing_secret_is_another_one_in_the_form_of_standard_webhooks(owner: Client) -> None:
    first = await owner.ok("POST", "/penstock/v1/webhook-signing-secret", status=201)
    second = await owner.ok("POST", "/penstock/v1/webhook-signing-secret", status=201)
    assert first["secret"] != second["secret"]
    for issued in (first, second):
        prefix, _, raw = issued["secret"].partition("_")
        assert prefix == "whsec"
        assert len(base64.b64decode(raw, validate=True)) == 32


async def test_a_builder_cannot_have_a_signing_secret_made(owner: Client, running: Running) -> None:
    answer = await owner.with_token(running.tokens["builder"])("POST", "/penstock/v1/webhook-signing-secret")
    assert answer.status == 403
    assert "whsec_" not in answer.text
