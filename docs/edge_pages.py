"""Reference pages about the command line and the HTTP API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer.main import get_command

from docs.markdown import code, fields_table, page, references, table
from penstock.api.access import ACCESS
from penstock.api.app import MOUNTS, describe
from penstock.api.mcp_server.tool import Tool
from penstock.api.mcp_server.tools import TOOLS
from penstock.cli.main import EXIT_STATUS, app


def commands() -> dict[str, Any]:
    """Every command by its full name, such as `flows put`, as the parser has it."""
    found: dict[str, Any] = {}

    def walk(prefix: str, group: Any) -> None:
        for name, command in group.commands.items():
            full = f"{prefix} {name}".strip()
            if hasattr(command, "commands"):
                walk(full, command)
            else:
                found[full] = command

    walk("", get_command(app))
    return found


def cli() -> str:
    """Every command."""
    parts: list[str] = []
    for name, command in commands().items():
        parts += _command(name, command)
    return page(
        "Commands",
        "Results go to standard output; progress, notes and errors go to standard error. With `--json`, which every command "
        "takes, standard output is one JSON document. Settings come from [variables](settings.md). Commands work on the "
        "database directly, beside a running server.",
        table(("Exit status", "Meaning"), ((str(status), meaning) for status, meaning in EXIT_STATUS)),
        *parts,
    )


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.name != "json"]
    yield f"## penstock {name}"
    yield " ".join((command.help or "").split())
    shape = " ".join(str(one.metavar) for one in arguments)
    yield f"```text\npenstock {name}{' ' + shape if shape else ''}{' [options]' if options else ''}\n```"
    rows = [(code(str(one.metavar)), one.help or "") for one in arguments]
    rows += [(_option(one), one.help or "") for one in options]
    if rows:
        yield table(("Argument or option", "Meaning"), rows)


def _option(option: Any) -> str:
    if option.is_flag:
        return code("/".join(option.opts))
    kind = option.type_descriptor.annotation
    kind = next(iter(get_args(kind)), kind) if get_origin(kind) is list else kind
    choices = "|".join(map(str, get_args(kind))) if get_origin(kind) is Literal else ""
    value = option.metavar or choices or _VALUES.get(kind, "TEXT")
    note = " (required)" if option.required else ""
    note += " (repeatable)" if option.multiple else ""
    return code(f"{'/'.join(option.opts)} {value}") + note


_VALUES: dict[type, str] = {int: "NUMBER", Path: "PATH"}


def operations() -> list[tuple[str, str, str, str]]:
    """Every route of our OpenAPI document: tag, method, path, what it does."""
    document: dict[str, Any] = describe()
    return [
        (operation["tags"][0], method.upper(), path, " ".join(operation.get("description", "").split()))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def api() -> str:
    """Every route with its permission."""
    parts: list[str] = []
    found = operations()
    for tag in dict.fromkeys(tag for tag, *_ in found):
        parts += [
            f"## {tag.capitalize()}",
            table(
                ("Route", "Permission", "What it does"),
                (
                    (code(f"{method} {path}"), code(ACCESS[f"{method} {path}"] or "") or "none", what)
                    for one, method, path, what in found
                    if one == tag
                ),
            ),
        ]
    described = {f"{method} {path}" for _, method, path, _ in found}
    parts += ["Beside these: " + ", ".join(code(route) for route in ACCESS if route not in described) + "."]
    return page(
        "API routes",
        "Send an API token as `Authorization: Bearer pst_…`. Bodies are JSON; ids are text of digits; times are ISO 8601 in UTC. "
        "The server describes every shape itself, in OpenAPI 3.1, at `GET /openapi.json`. "
        "Paths work with and without a slash at their end.",
        *parts,
        "## Dated paths",
        "HubSpot's newer spellings of the same routes are served as well:",
        table(
            ("Path", "Also under"),
            dict.fromkeys(
                (code(mount.prefix), ", ".join(code(alias) for alias in mount.aliases))
                for mount in MOUNTS
                if mount.aliases
            ),
        ),
    )


def mcp_tools() -> str:
    """Every tool of the MCP server with its arguments."""
    return page(
        "Tools for agents",
        "What an agent can call at `/mcp` ([how to connect one](../howto/connect-an-agent-by-mcp.md)). Each is a route of "
        "the API, needs its permission, and answers as it does; every tool also states the JSON schema of its result.",
        *(part for tool in TOOLS.values() for part in _tool(tool)),
    )


def _tool(tool: Tool[Any]) -> Iterator[str]:
    schema = tool.input_schema()
    yield f"## {tool.name}"
    yield tool.description
    yield f"{_EFFECTS[tool.effect.read_only]} Permission {code(tool.permission)}, route {code(tool.route)}."
    yield " ".join(str(schema.get("description", "")).split())
    yield fields_table(schema)
    for name in references(schema):
        part = schema["$defs"][name]
        yield f"**{name}**: {' '.join(str(part.get('description', '')).split())}"
        yield fields_table(part)


_EFFECTS = {True: "Reads only.", False: "**Changes something.**"}
