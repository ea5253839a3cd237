"""People, one-time links and the audit log at the command line."""

from __future__ import annotations

import re
from typing import Any, cast

from tests.cli.conftest import Cli

LINK = re.compile(r"^http://127\.0\.0\.1:8765/link#[\w-]{43}$")


def results(document: dict[str, object]) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], document["results"])


def test_whoever_operates_the_machine_gets_in_invites_and_shuts_out(cli: Cli) -> None:
    assert results(cli("users", "list", "--json").json)[0]["role"] == "owner"
    link = cli("sign-in-link")
    assert LINK.match(link.out.strip()), link.out
    assert "owner@penstock.local" in link.err
    assert cli("sign-in-link", "--to", "/runs/1").out.strip().endswith("&to=/runs/1")
    assert cli("sign-in-link", "--to", "https://evil.example").status == 2
    assert cli("sign-in-link", "--email", "nobody@x.test").status == 4

    assert LINK.match(cli("users", "invite", "bob@x.test", "--role", "builder").out.strip())
    assert cli("users", "invite", "owner@penstock.local").status == 5, "the only owner keeps the role"
    assert LINK.match(cli("users", "reset-link", "owner@penstock.local").out.strip())
    assert cli("users", "reset-link", "nobody@x.test").status == 4
    assert cli("users", "deactivate", "owner@penstock.local").status == 5, "the only owner"
    assert "owner now" in cli("users", "set-role", "OWNER@penstock.local", "owner").out


def test_the_log_tells_who_gave_out_links_and_never_their_secret(cli: Cli) -> None:
    link = cli("sign-in-link").out.strip()
    shown = cli("audit", "list")
    assert "link.issued" in shown.out
    assert link.partition("#")[2] not in shown.out
    listed = results(cli("audit", "list", "--action", "link.issued", "--json").json)
    assert [(entry["action"], entry["actorType"]) for entry in listed] == [("link.issued", "cli")]


def test_links_lead_to_the_address_that_the_operator_named(cli: Cli) -> None:
    shown = cli("sign-in-link", env={"PENSTOCK_PUBLIC_URL": "https://penstock.example.com/"})
    assert shown.out.startswith("https://penstock.example.com/link#")
    assert cli("sign-in-link", env={"PENSTOCK_PUBLIC_URL": "https://x.test/penstock"}).status == 78
