"""The description of the API on the command line, and the client that the screens generate from it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from penstock.cli.main import main

CLIENT = Path(__file__).parents[2] / "web" / "src" / "api" / "schema.d.ts"


@pytest.fixture
def described(capsys: pytest.CaptureFixture[str]) -> str:
    """What `penstock openapi` prints."""
    assert main(["openapi"]) == 0
    return capsys.readouterr().out


def test_the_generated_client_of_the_screens_was_made_from_the_api_as_it_is_now(described: str) -> None:
    made_from = CLIENT.read_text(encoding="utf-8").partition("\n")[0]
    assert hashlib.sha256(described.encode()).hexdigest() in made_from, "run: make web-api"


def test_every_shape_has_a_name_that_a_client_can_use_and_there_is_one_of_each(described: str) -> None:
    names = json.loads(described)["components"]["schemas"]
    # `Step-Input` beside `Step-Output` and `penstock__api__…__Step` are what the framework makes of two of a kind.
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)*_?", name)] == []
