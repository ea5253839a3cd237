"""The `penstock` command: every command in one table, and every error turned into a message and an exit status."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from penstock.cli import (
    attention,
    audit,
    batches,
    caps,
    connections,
    demo,
    doctor,
    evals,
    flows,
    imports,
    knowledge,
    loops,
    models,
    openapi,
    outbox,
    prices,
    records,
    reviews,
    runs,
    samples,
    serve,
    sign_in_link,
    spend,
    tokens,
    undo,
    users,
    worker,
)
from penstock.cli.jsonable import jsonable
from penstock.cli.output import output
from penstock.errors import ConfigurationProblem, PenstockError
from penstock.kit.json import dumps
from penstock.kit.log import configure as configure_log
from penstock.kit.redact import redact
from penstock.settings import Settings

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h

EXIT_STATUS = (
    (0, "done"),
    (1, "it ran, and something in it failed (a check, an enrollment, a row)"),
    (2, "the command or its input is wrong"),
    (4, "no such thing"),
    (5, "it exists already, or changed meanwhile"),
    (69, "the database or a provider cannot be used"),
    (UNEXPECTED, "an error of Penstock itself"),
    (75, "too much at once; try again later"),
    (77, "not allowed"),
    (78, "a setting is wrong"),
    (INTERRUPTED, "interrupted"),
)

app = typer.Typer(
    name="penstock",
    help="Walks CRM records through workflows whose heart is a language model.",
    epilog="\b\nExit status:\n" + "\n".join(f"  {status:<4} {meaning}" for status, meaning in EXIT_STATUS),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# Commands of the root, in the order of the help; then groups of commands.
COMMANDS = (
    (serve.app, None),
    (worker.app, None),
    (demo.app, None),
    (doctor.app, None),
    (sign_in_link.app, None),
    (openapi.app, None),
    (imports.app, None),
    (connections.connect_app, None),
    (samples.sample_app, None),
    (attention.app, None),
    (spend.app, None),
    (connections.app, "connections"),
    (models.app, "models"),
    (prices.app, "prices"),
    (caps.app, "caps"),
    (flows.app, "flows"),
    (samples.app, "samples"),
    (evals.app, "evals"),
    (knowledge.app, "knowledge"),
    (runs.app, "runs"),
    (batches.app, "batches"),
    (reviews.app, "reviews"),
    (loops.app, "loops"),
    (outbox.app, "outbox"),
    (records.app, "records"),
    (undo.app, "undo"),
    (records.types_app, "object-types"),
    (records.properties_app, "properties"),
    (users.app, "users"),
    (tokens.app, "tokens"),
    (audit.app, "audit"),
)
for commands, group_name in COMMANDS:
    app.add_typer(commands, name=group_name)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.said(f"penstock {version('penstock')}", {"version": version("penstock")})
        raise typer.Exit


def _set_json(wanted: bool) -> None:
    output.json = wanted


@app.callback()
def root(
    _json: Annotated[
        bool,
        typer.Option(
            "--json",
            callback=_set_json,
            is_eager=True,
            help="Print one JSON document instead of text for people.",
        ),
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that every command knows."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line (default: that of the process) and returns its exit status."""
    output.json = False
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        _end_on_sigterm()
        configure_log("WARNING")
        return int(app(arguments, prog_name="penstock", standalone_mode=False) or 0)
    except PenstockError as problem:
        _tell(problem)
        return problem.exit_status
    except TyperException as misuse:
        misuse.show()  # type: ignore[attr-defined]
        return misuse.exit_code
    except (KeyboardInterrupt, asyncio.CancelledError, Abort):
        return INTERRUPTED
    except Exception as crash:  # noqa: BLE001 - the last one to know
        _tell_crash(crash)
        return UNEXPECTED


def _end_on_sigterm() -> None:
    """Lets SIGTERM end a command as Ctrl-C does, so that it leaves no database or model server behind."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _tell(problem: PenstockError) -> None:
    if output.json:
        sys.stderr.write(dumps(jsonable(error_document(problem))).decode() + "\n")
        return
    output.err.print(f"error: {problem.message}", style="red", markup=False, soft_wrap=True)
    if problem.remedy:
        output.note(f"  {problem.remedy}")
    for one in problem.problems:
        output.note(f"  {one.severity}: {one.path}: {one.message} [{one.code}]")


def error_document(problem: PenstockError) -> dict[str, object]:
    """An error as a program reads it from standard error, in the shape of the API's error bodies."""
    return {
        "status": "error",
        "category": problem.category,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "errors": list(problem.problems),
    }


def _tell_crash(crash: Exception) -> None:
    trace = redact("".join(traceback.format_exception(crash)))
    place = _write_trace(trace)
    hint = f"The details are in {place}." if place else trace
    output.err.print(
        f"error: Penstock met an error of its own: {type(crash).__name__}.\n  {hint} Please report it with them.",
        markup=False,
        soft_wrap=True,
    )


def _write_trace(trace: str) -> Path | None:
    """Writes a crash beside the logs; None when the home folder cannot be written either."""
    try:
        folder = _home() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.log"
        place.write_text(trace, encoding="utf-8")
    except (OSError, ConfigurationProblem):
        return None
    return place


def _home() -> Path:
    return Settings.from_environment().home
