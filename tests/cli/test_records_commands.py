"""Looking at the CRM, the outbox and the tokens from the command line."""

from __future__ import annotations

import json

import psycopg
from tests.cli.conftest import Cli

from penstock.settings import Settings


def test_a_record_is_found_by_the_name_of_its_type_or_by_its_number(cli: Cli, ticket: int) -> None:
    assert "Card charged twice" in cli("records", "list", "tickets").out
    got = cli("records", "get", "0-5", ticket, "--json").json
    assert got["id"] == str(ticket)
    assert got["properties"]["subject"] == "Card charged twice"
    assert cli("records", "get", "contacts", ticket).status == 4
    assert "tickets" in cli("records", "list", "tikets").err


def test_the_history_says_who_wrote_what(cli: Cli, ticket: int) -> None:
    history = cli("records", "history", "tickets", ticket, "--property", "subject", "--json").json
    [version] = history["propertiesWithHistory"]["subject"]
    assert (version["value"], version["sourceType"]) == ("Card charged twice", "API")
    assert "Card charged twice" in cli("records", "history", "tickets", ticket).out


def test_a_value_is_taken_back_by_its_version(cli: Cli, ticket: int, settings: Settings) -> None:
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        db.execute(
            'UPDATE records SET properties = properties || \'{"subject": "Spam"}\' WHERE id = %s', [ticket]
        )
        made = db.execute(
            "INSERT INTO property_history (workspace_id, record_id, property, value, previous_value, source_type)"
            " VALUES (1, %s, 'subject', 'Spam', 'Card charged twice', 'API') RETURNING id",
            [ticket],
        ).fetchone()
    assert made is not None
    assert str(made[0]) in cli("records", "history", "tickets", ticket).out
    undone = cli("records", "undo", "tickets", ticket, made[0], "--json").json
    assert undone["record"]["properties"]["subject"] == "Card charged twice"
    assert cli("records", "undo", "tickets", ticket, made[0]).status == 5


def test_a_record_is_erased_only_when_that_is_meant(cli: Cli, ticket: int) -> None:
    assert "Add --yes" in cli("records", "erase", "tickets", ticket).err
    assert cli("records", "get", "tickets", ticket).status == 0
    assert "is erased" in cli("records", "erase", "tickets", ticket, "--yes").out
    assert cli("records", "get", "tickets", ticket).status == 4


def test_types_and_properties_are_listed(cli: Cli, ticket: int) -> None:
    assert {"0-1", "0-2", "0-3", "0-5"} <= {
        row["id"] for row in cli("object-types", "list", "--json").json["results"]
    }
    properties = {row["name"]: row for row in cli("properties", "list", "tickets", "--json").json["results"]}
    assert properties["hs_ticket_priority"]["options"][0]["value"] == "LOW"
    assert "hs_ticket_priority" in cli("properties", "list", "0-5").out


def test_a_token_is_shown_once_and_stored_as_a_hash(cli: Cli, settings: Settings) -> None:
    made = cli("tokens", "create", "Reporting", "--role", "viewer", "--json")
    token = made.json["token"]
    assert isinstance(token, str)
    listed = cli("tokens", "list", "--json")
    assert token not in listed.out
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as db:
        assert token not in str(db.execute("SELECT t::text FROM api_tokens t").fetchall())
    assert cli("tokens", "revoke", made.json["id"], "--json").json["revokedAt"] is not None
    assert cli("tokens", "revoke", 999).status == 4


def test_the_owners_token_is_shown_at_the_first_start_and_not_in_the_document(cli: Cli) -> None:
    first = cli("object-types", "list", "--json")
    assert "pst_" in first.err
    assert "pst_" not in first.out
    assert json.loads(first.out)
    assert "pst_" not in cli("object-types", "list", "--json").err


def test_an_empty_outbox_and_an_unknown_mail(cli: Cli) -> None:
    assert cli("outbox", "list").out == "No e-mails.\n"
    assert cli("outbox", "webhooks").out == "No webhooks.\n"
    assert cli("outbox", "show", 1).status == 4
