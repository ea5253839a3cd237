"""Checks of what Penstock talks to: the mail server, the language-model connections, the local model."""

from __future__ import annotations

import sys

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock
from penstock.cli.doctor.check import Check, fail, failed_with, ok, warn
from penstock.connections import connecting, connections
from penstock.connections.connections import ProviderConnection
from penstock.errors import PenstockError
from penstock.llm.local.known_weights import DEFAULT_MODEL, known_weights
from penstock.llm.local.weights import path_of
from penstock.mail.smtp import SmtpServer, SmtpSession, SmtpTrouble
from penstock.settings import Settings


async def llm_connections(penstock: Penstock, actor: Actor, *, live: bool) -> list[Check]:
    """Each connection as it stands, or with `live` as its provider answers now."""
    async with penstock.pool.acquire() as db:
        listed = [one.connection for one in await connections.list_connections(db, actor.workspace_id)]
        if not listed:
            return [warn("Connections", "none", "Connect a provider: `penstock connect PROVIDER`.")]
        if not live:
            return [_as_it_stands(one) for one in listed]
        checks = []
        for one in listed:
            try:
                await connecting.test(
                    db, penstock.vault, actor.workspace_id, actor, one.id, verify=penstock.llm.verify_key
                )
            except PenstockError as problem:
                checks.append(failed_with(_name(one), problem))
            else:
                checks.append(ok(_name(one), f"{one.provider} accepts the key"))
        return checks


def _as_it_stands(one: ProviderConnection) -> Check:
    if one.status == "needs_attention":
        return fail(
            _name(one),
            one.status_detail or "needs attention",
            "Replace the key, or test it: `penstock connections test`.",
        )
    when = f"verified {one.verified_at:%Y-%m-%d}" if one.verified_at else "never verified"
    return ok(_name(one), f"{one.provider}, {when}; --live asks the provider now")


def _name(one: ProviderConnection) -> str:
    return f"Connection {one.name}"


async def mail(settings: Settings, *, live: bool) -> Check:
    """Where mail goes, and with `live` whether the server takes it."""
    name = "Mail"
    if settings.smtp_url is None:
        return ok(name, "no PENSTOCK_SMTP_URL: e-mails stay readable in the outbox")
    try:
        server = SmtpServer.from_url(settings.smtp_url)
        if live:
            await SmtpSession(server).greet()
    except PenstockError as problem:
        return failed_with(name, problem)
    except SmtpTrouble as trouble:
        return fail(name, trouble.message, "Check PENSTOCK_SMTP_URL; e-mails wait in the outbox meanwhile.")
    return ok(name, f"{server.host}:{server.port}" + (" takes mail" if live else "; --live tries it now"))


async def local_model(penstock: Penstock) -> Check:
    """Whether the weights of the default local model are on this machine; they matter to local connections only."""
    name = f"Local model {DEFAULT_MODEL}"
    weights, folder = known_weights(DEFAULT_MODEL), penstock.settings.models
    if (path := path_of(weights, folder)) is not None:
        return ok(name, str(path))
    async with penstock.pool.acquire() as db:
        listed = await connections.list_connections(db, penstock.workspace_id)
    found = f"not in {folder} ({weights.download_bytes / 1e6:,.0f} MB to download)"
    if not any(one.connection.provider == "local" for one in listed):
        return ok(name, f"{found}; no connection needs it")
    return warn(name, found, f"Fetch it: {sys.executable} -m penstock.llm.local.weights {DEFAULT_MODEL}")
