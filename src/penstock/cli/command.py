"""Registers commands: every one is an async function, and every one takes `--json`."""

from __future__ import annotations

import asyncio
import functools
import inspect
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Annotated, ParamSpec

import typer

from penstock.cli.output import output

if sys.platform == "win32":
    _new_loop = asyncio.new_event_loop
else:
    import uvloop

    _new_loop = uvloop.new_event_loop

Arguments = ParamSpec("Arguments")

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document instead of text for people.")
]


def group(summary: str) -> typer.Typer:
    """A group of commands, empty; without arguments it prints its help."""
    return typer.Typer(
        help=summary, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
    )


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[Arguments, Awaitable[None]]], Callable[Arguments, Awaitable[None]]]:
    """Decorator that registers an async function as the command `name` of `app` and adds the `--json` option."""

    def register(function: Callable[Arguments, Awaitable[None]]) -> Callable[Arguments, Awaitable[None]]:
        @functools.wraps(function)
        def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
            output.json = bool(kwargs.pop("json", False)) or output.json
            with asyncio.Runner(loop_factory=_new_loop) as runner:
                runner.run(_await(function(*args, **kwargs)))

        signature = inspect.signature(function, eval_str=True)
        option = inspect.Parameter(
            "json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption
        )
        run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
        app.command(name)(run)
        return function

    return register


async def _await(done: Awaitable[None]) -> None:
    """Awaits, and ends on SIGTERM. Not by way of SIGINT: what a script starts with & has that one ignored (POSIX)."""
    task = asyncio.current_task()
    in_main_thread = threading.current_thread() is threading.main_thread()
    if task is not None and in_main_thread and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await done
