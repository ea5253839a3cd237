"""Writes the reference pages from the code: `python -m docs.generate`. A test fails when they are stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

from docs.code_pages import actions, errors, tokens
from docs.edge_pages import api, cli, mcp_tools
from docs.markdown import code, page, table
from penstock.accounts.actors import Role
from penstock.accounts.permissions import PERMISSIONS, allows
from penstock.llm.capabilities import Capabilities
from penstock.llm.local.known_weights import DEFAULT_MODEL, KNOWN
from penstock.llm.model_facts import TABLES, UNKNOWN_OF
from penstock.llm.providers import PROVIDERS
from penstock.llm.web_search import OFFERED
from penstock.settings import SETTINGS
from penstock.workflows.check_codes import CODES

FOLDER = Path(__file__).parent / "reference"


def settings() -> str:
    """Every setting."""
    return page(
        "Settings",
        "Penstock reads its settings from environment variables, once, when a process starts. All processes of an "
        "installation should have the same. A wrong value stops the start with exit status 78 and a message that "
        "names the variable.",
        table(
            ("Variable", "Default", "Meaning"),
            ((code(one.name), one.default and code(one.default), one.meaning) for one in SETTINGS),
        ),
        "The demo also reads `PENSTOCK_OPENAI_API_KEY`, `PENSTOCK_ANTHROPIC_API_KEY`, `PENSTOCK_COHERE_API_KEY`, "
        "`PENSTOCK_XAI_API_KEY` and `PENSTOCK_GOOGLE_API_KEY`, and uses the first that is set.",
    )


def check_codes() -> str:
    """Every code that a check of a flow can answer with."""
    return page(
        "Flow checks",
        "What `penstock flows check`, `POST /penstock/v1/flow-checks` and every save can say about a flow document. "
        "*Refuses* says from when on the problem stops it; before that it is shown as a warning.",
        table(
            ("Code", "Refuses", "Meaning"),
            ((code(name), one.refuses.value, one.meaning) for name, one in CODES.items()),
        ),
    )


def permissions() -> str:
    """Which role may do what."""
    roles: tuple[Role, ...] = get_args(Role)
    return page(
        "Permissions",
        "Every API token has one role. The command line acts as `owner`: whoever may open the database with it may do "
        "everything. Which permission a route needs stands in [API routes](api.md).",
        table(
            ("Permission", *roles),
            ((code(name), *("yes" if allows(role, name) else "" for role in roles)) for name in PERMISSIONS),
        ),
    )


def models() -> str:
    """Providers, and what their models accept."""
    parts = [
        table(
            ("Name", "Provider", "Key"),
            (
                (code(key), provider.title.removeprefix("The "), provider.key_help)
                for key, provider in PROVIDERS.items()
            ),
        ),
        "## What models accept",
        (
            "The first row whose beginning fits a model's name counts; what the provider's own list says goes before it. "
            "*Temperature*: the range that is sent, and when. *Efforts*: the provider's own words. *Fields*: whether the "
            "model enforces declared outputs by itself; where it does not, they are asked for in words and checked all the "
            "same. *Web search*: whether a step that [may search](../howto/search-the-web.md) can use it. Models that are not listed get what the author set, and what they refuse is "
            "[learned](../explanation/capabilities.md)."
        ),
    ]
    for provider, rows in TABLES.items():
        names = [(beginning + "…", capabilities) for beginning, capabilities in rows if capabilities.known]
        unknown = [("any other", UNKNOWN_OF[provider])] if provider in UNKNOWN_OF else []
        parts += [
            f"### {PROVIDERS[provider].title}",
            table(
                ("Model", "Temperature", "Efforts", "Fields", "Web search", "Context", "Answer at most"),
                (_model(provider, name, capabilities) for name, capabilities in (*names, *unknown)),
            ),
        ]
    parts += [
        "## Models on this machine",
        "Weights are pinned by SHA-256 and fetched from the Python package index. Sizes are tokens, download and memory are megabytes.",
        table(
            ("Model", "Title", "Licence", "Download", "Memory", "Context", "Made by"),
            (
                (
                    code(name) + (" (default)" if name == DEFAULT_MODEL else ""),
                    one.title,
                    one.licence,
                    f"{one.download_bytes / 1e6:,.0f}",
                    f"{one.memory_bytes / 1e6:,.0f}",
                    f"{one.context_tokens:,}",
                    f"<{one.origin}>",
                )
                for name, one in KNOWN.items()
            ),
        ),
    ]
    return page(
        "Providers and models",
        "What `penstock connect` takes, and what is known of each provider's models.",
        *parts,
    )


def _search(provider: str, capabilities: Capabilities) -> str:
    if provider not in OFFERED or not capabilities.search:
        return "no"
    return "yes" if capabilities.structured_search or not capabilities.structured else "yes, fields in words"


def _model(provider: str, name: str, capabilities: Capabilities) -> tuple[str, ...]:
    temperature = "no"
    if capabilities.temperature is not None:
        temperature = f"{capabilities.temperature.low:g} to {capabilities.temperature.high:g}"
        if capabilities.temperature_needs_reasoning_off and capabilities.efforts:
            temperature += ", without reasoning"
    return (
        code(name),
        temperature,
        ", ".join(capabilities.efforts) or "no setting",
        "yes" if capabilities.structured else "in words",
        _search(provider, capabilities),
        _count(capabilities.context_tokens),
        _count(capabilities.max_output_tokens),
    )


def _count(tokens: int | None) -> str:
    return "" if tokens is None else f"{tokens:,}"


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings,
    "cli.md": cli,
    "api.md": api,
    "mcp-tools.md": mcp_tools,
    "actions.md": actions,
    "tokens.md": tokens,
    "check-codes.md": check_codes,
    "models.md": models,
    "errors.md": errors,
    "permissions.md": permissions,
}


def main() -> None:
    """Writes every page that changed, and says which."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        text, place = make(), FOLDER / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")
            sys.stdout.write(f"docs/reference/{name}\n")


if __name__ == "__main__":
    main()
