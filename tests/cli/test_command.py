"""Commands are async functions, and each has --json."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from typer.testing import CliRunner

from penstock.cli.command import command, group
from penstock.cli.output import output


def test_a_registered_coroutine_runs_in_a_loop_with_its_arguments_and_takes_json() -> None:
    app = group("Tests.")
    seen: list[tuple[int, str | None, bool]] = []

    @command(app, "see")
    async def see(number: int, word: Annotated[str | None, typer.Option("--word")] = None) -> None:
        await asyncio.sleep(0)
        seen.append((number, word, output.json))

    @command(app, "other")
    async def other() -> None:
        """Another one, so that there is a choice."""

    output.json = False
    assert CliRunner().invoke(app, ["see", "7", "--word", "a"]).exit_code == 0
    assert CliRunner().invoke(app, ["see", "8", "--json"]).exit_code == 0
    assert seen == [(7, "a", False), (8, None, True)]
    assert "--json" in CliRunner().invoke(app, ["see", "--help"]).output
    output.json = False
