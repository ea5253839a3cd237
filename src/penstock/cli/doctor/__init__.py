"""`penstock doctor`: looks at everything Penstock needs and names the remedy for what is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli.command import command, group
from penstock.cli.doctor import database, machine, services
from penstock.cli.doctor.check import Check, failed_with
from penstock.cli.output import Column, output
from penstock.cli.session import session
from penstock.errors import PenstockError
from penstock.settings import Settings

app = group("Check everything.")

STATE_STYLE = {"ok": "green", "warn": "yellow", "fail": "bold red"}

COLUMNS: tuple[Column[Check], ...] = (
    Column("", lambda check: check.state, style=lambda check: STATE_STYLE[check.state]),
    Column("Check", lambda check: check.name),
    Column("Found", lambda check: check.found),
    Column("Remedy", lambda check: check.remedy),
)


@command(app, "doctor")
async def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="Also ask the mail server and every provider, now.")
    ] = False,
) -> None:
    """Check the machine, the database, the workers, mail and connections. Exit status 1 when a check fails."""
    settings = Settings.from_environment()
    checks = [
        machine.python(),
        machine.open_files(),
        machine.home_folder(settings),
        machine.key_file(settings),
        machine.socket_path(settings),
        machine.port(settings),
        *await _inside(settings, live=live),
    ]
    output.results(checks, COLUMNS)
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(1)


async def _inside(settings: Settings, *, live: bool) -> list[Check]:
    """The checks that need an open database; opening it is a check of its own."""
    try:
        async with session(settings) as (penstock, actor):
            async with penstock.pool.acquire() as db:
                checks = await database.server(db) + await database.work(db, actor.workspace_id)
            checks += await services.llm_connections(penstock, actor, live=live)
            checks.append(await services.mail(settings, live=live))
            return [*checks, await services.local_model(penstock)]
    except PenstockError as problem:
        return [failed_with("Database", problem)]
