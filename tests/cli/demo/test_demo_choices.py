"""What the demo chooses: tickets, provider, model, and how it fills in the example flow."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from penstock.cli.demo.choice import choose_model, choose_provider
from penstock.cli.demo.flow import triage_document
from penstock.cli.demo.tickets import evenly
from penstock.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Model:
    id: str
    structured: bool = True
    input_usd_per_mtok: float | None = None


def test_tickets_are_spread_evenly_over_the_products_and_scarce_products_leave_room_to_others() -> None:
    items = [("mortgage", n) for n in range(40)] + [("card", 100), ("loan", 200), ("loan", 201)]
    chosen = evenly(items, 10)
    products = {number: name for name, number in items}
    assert Counter(products[number] for number in chosen) == {"mortgage": 7, "loan": 2, "card": 1}
    assert chosen[:3] == [0, 100, 200]
    assert evenly(items, 1000) != []
    assert len(evenly(items, 1000)) == 43


def test_a_provider_key_in_the_environment_is_used_and_without_one_the_local_model() -> None:
    chosen = choose_provider({"PENSTOCK_ANTHROPIC_API_KEY": " sk-ant-x ", "PENSTOCK_OPENAI_API_KEY": ""})
    assert (chosen.provider, chosen.key) == ("anthropic", "sk-ant-x")
    assert "sk-ant-x" not in repr(chosen)
    assert choose_provider({}).provider == "local"


def test_a_small_model_that_answers_in_fields_is_chosen_and_among_several_the_cheapest() -> None:
    models = [
        Model("gpt-6-sol", input_usd_per_mtok=3.0),
        Model("gpt-5-mini-2026-01-01", input_usd_per_mtok=0.25),
        Model("gpt-5-mini", input_usd_per_mtok=0.25),
        Model("gpt-4-mini-old", structured=False, input_usd_per_mtok=0.01),
    ]
    assert choose_model("openai", models, None) == "gpt-5-mini"
    assert choose_model("google", models, None) == "gpt-5-mini"
    assert choose_model("openai", models, "gpt-6-sol") == "gpt-6-sol"


def test_a_model_that_the_provider_does_not_list_is_refused_with_those_that_it_does() -> None:
    with pytest.raises(InvalidInput, match=r"no model 'gpt-9'.*one of: gpt-5"):
        choose_model("openai", [Model("gpt-5")], "gpt-9")


def test_the_example_flow_is_turned_on_and_every_llm_step_points_at_the_connection(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_text(
        json.dumps(
            {
                "name": "Triage complaints",
                "actions": [
                    {"actionId": "1", "actionTypeId": "1-1000", "fields": {"prompt": "p", "model": "?"}},
                    {"actionId": "2", "actionTypeId": "0-5", "fields": {"property_name": "x"}},
                ],
            }
        )
    )
    document = triage_document(path, 7, "tiny")
    assert document == {
        "name": "Triage complaints",
        "isEnabled": True,
        "actions": [
            {
                "actionId": "1",
                "actionTypeId": "1-1000",
                "fields": {"prompt": "p", "model": "tiny", "connection_id": "7"},
            },
            {"actionId": "2", "actionTypeId": "0-5", "fields": {"property_name": "x"}},
        ],
    }
