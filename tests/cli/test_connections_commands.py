"""Connections from the command line: the key is checked first, sealed, and never seen again."""

from __future__ import annotations

from pathlib import Path

import psycopg
import psycopg.sql
from tests.cli.conftest import Cli
from tests.cli.threaded_stand_in import environment
from tests.llm_stand_in import GOOD_KEY, StandIn

from penstock.settings import Settings

WRONG_KEY = "sk-wrong-0123456789abcdef"


def test_a_wrong_key_is_refused_by_the_provider_and_nothing_is_stored(cli: Cli, provider: StandIn) -> None:
    refused = cli("connect", "openai", "--key-stdin", stdin=WRONG_KEY, env=environment(provider))
    assert refused.status != 0
    assert "error:" in refused.err
    assert WRONG_KEY not in refused.err + refused.out
    assert cli("connections", "list", "--json").json["results"] == []


def test_a_connection_is_made_listed_tested_renamed_rekeyed_and_uninstalled(
    cli: Cli, provider: StandIn
) -> None:
    env = {**environment(provider), "MY_KEY": GOOD_KEY}
    made = cli("connect", "openai", "--name", "Work", "--key-env", "MY_KEY", "--json", env=env)
    assert made.status == 0, made.err
    assert (made.json["name"], made.json["lastFour"]) == ("Work", GOOD_KEY[-4:])
    assert cli("connections", "test", "work").status == 0
    assert cli("connections", "rename", made.json["id"], "Home").status == 0
    assert cli("connections", "replace-key", "Home", "--key-stdin", stdin=WRONG_KEY).status != 0
    assert cli("connections", "test", "Home").status == 0
    models = cli("models", "list", "Home", "--json").json["results"]
    assert [model["id"] for model in models] == ["gpt-4.1-mini"]
    assert "gpt-4.1-mini" in cli("models", "list", "Home", "--refresh").out
    listed = cli("connections", "list").out
    assert "Home" in listed
    assert GOOD_KEY not in listed
    assert cli("connections", "uninstall", "Home").status == 0
    assert cli("connections", "test", "Home").status == 4


def test_limits_are_shown_set_and_removed(cli: Cli, provider: StandIn) -> None:
    made = cli(
        "connect", "openai", "--name", "Work", "--key-stdin", stdin=GOOD_KEY, env=environment(provider)
    )
    assert made.status == 0, made.err
    set_ = cli(
        "connections", "limits", "work", "--calls-at-a-time", "3", "--tokens-per-minute", "90000", "--json"
    )
    assert set_.json == {"concurrency": 3, "requestsPerMinute": None, "tokensPerMinute": 90_000, "models": []}
    assert cli("connections", "limits", "work", "--tokens-per-minute", "none").status == 0
    shown = cli("connections", "limits", "work").out
    assert "90,000" not in shown
    assert "the provider's" in shown
    wrong = cli("connections", "limits", "work", "--requests-per-minute", "many")
    assert (wrong.status, "--requests-per-minute" in wrong.err) == (2, True)


def test_a_key_comes_from_one_place_and_never_from_the_command_line(cli: Cli, provider: StandIn) -> None:
    env = environment(provider)
    assert cli("connect", "openai", env=env).status == 2
    assert cli("connect", "openai", "--key-stdin", stdin="  \n").status == 2
    assert cli("connect", "openai", "--key-env", "NOT_THERE").status == 2
    assert cli("connect", "openai", "--key-stdin", "--key-env", "HOME", stdin=GOOD_KEY).status == 2
    assert cli("connect", "openai", GOOD_KEY).status == 2
    assert cli("connect", "openal", "--key-stdin", stdin=GOOD_KEY).status == 2


def test_no_copy_of_a_key_is_left_in_output_files_or_the_database(
    cli: Cli, provider: StandIn, settings: Settings, tmp_path: Path
) -> None:
    canary = GOOD_KEY
    said = [
        cli("connect", "openai", "--key-stdin", stdin=canary, env=environment(provider)),
        cli("connections", "list", "--json"),
        cli("doctor", "--live", "--json"),
    ]
    assert canary not in "".join(ended.out + ended.err for ended in said)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert canary.encode() not in file.read_bytes()
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url) as db:
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = db.execute(
                psycopg.sql.SQL("SELECT t::text FROM {} t").format(psycopg.sql.Identifier(table))
            )
            assert not any(canary in row[0] for row in rows), table


def test_without_connections_the_list_says_how_to_make_one_and_an_unknown_one_is_not_found(cli: Cli) -> None:
    assert "penstock connect" in cli("connections", "list").out
    assert cli("connections", "test", "x").status == 4
    assert cli("models", "list", "7").status == 4
