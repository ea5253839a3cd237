"""A model that does whatever a record's text tells it: what follows is still only what the author laid down (R42, R45).

The model is taken to be wholly in the hands of whoever wrote the record: every field of its answer is the record's own
text. Asserted is what the flow then does, never what a model says.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows.legs.test_walk import SCHEMA, WORLD, leg_of, llm, step

from penstock.actions.outcome import Fail
from penstock.actions.use_custom_llm import UseCustomLlmFields, finish, prepare
from penstock.kit.json import Json, JsonObject, dumps, loads
from penstock.llm.fence import fence, nonce_of
from penstock.llm.result import LlmResult, Usage
from penstock.workflows.legs.leg import Arrival, Walked
from penstock.workflows.legs.walk import step_context, walk

TEXTS = [
    text
    for line in (Path(__file__).parent / "hostile_texts.jsonl").read_text(encoding="utf-8").splitlines()
    if isinstance(text := loads(line), str)
]


def output(action_id: str, key: str) -> JsonObject:
    return {"type": "FIELD_DATA", "actionId": action_id, "dataKey": key}


OPTIONS: list[Json] = [{"value": "LOW", "label": "Low"}, {"value": "HIGH", "label": "High"}]
ASK = llm("1", "2")
ASK["fields"] = {
    "connection_id": "9",
    "model": "m",
    "prompt": "Sort {{ enrolled_object.subject | fenced }}",
    "output": {
        "type": "fields",
        "fields": [
            {"name": "topic", "type": "choice", "options": OPTIONS, "fallback": "LOW"},
            {"name": "note", "type": "text"},
        ],
    },
}
BRANCH: JsonObject = {
    "type": "STATIC_BRANCH",
    "actionId": "2",
    "inputValue": output("1", "topic"),
    "staticBranches": [{"branchValue": "HIGH", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}],
    "defaultBranchName": "Other",
    "defaultBranch": {"edgeType": "STANDARD", "nextActionId": "4"},
}
NOTE = "{{ action_outputs.action_output_1.note }}"
HOOK: JsonObject = {
    "type": "WEBHOOK",
    "actionId": "6",
    "webhookUrl": f"https://hooks.example.com/tickets?note={NOTE}",
    "method": "POST",
    "queryParams": [],
    "customFields": {"body": f'{{"note": "{NOTE}"}}'},
}
FLOW = (
    ASK,
    BRANCH,
    step(
        "3",
        "0-5",
        {"property_name": "hs_ticket_priority", "value": {"type": "STATIC_VALUE", "staticValue": "HIGH"}},
        "4",
    ),
    step("4", "0-5", {"property_name": "hs_ticket_priority", "value": output("1", "topic")}, "5"),
    step("5", "0-8", {"user_ids": ["7"], "subject": NOTE, "body": f"<p>{NOTE}</p>"}, "6"),
    HOOK,
    step("7", "0-5", {"property_name": "visits", "value": {"type": "STATIC_VALUE", "staticValue": "666"}}),
)


def obeyed(text: str) -> Walked:
    """What the flow does with a record of this text when the model says what the text says."""
    leg = leg_of(*FLOW, values={"subject": text})
    fields = leg.plan.nodes["1"].fields
    assert isinstance(fields, UseCustomLlmFields)
    prepared = prepare(fields, step_context(leg, Walked(leg, "ACTIVE", "1"), WORLD, SCHEMA))
    assert not isinstance(prepared, Fail)
    said: JsonObject = {"topic": text, "note": text, "next_step": "7", "recipient": text, "visits": 666}
    outcome = finish(fields, prepared, LlmResult(dumps(said).decode(), "complete", Usage(), "m"))
    return walk(leg, Arrival(leg.key, outcome), WORLD, SCHEMA)


def assert_only_what_the_author_laid_down(walked: Walked) -> None:
    assert [one.action_id for one in walked.steps] in (
        ["1", "2", "3", "4", "5", "6"],
        ["1", "2", "4", "5", "6"],
    )
    assert {(write.property, write.value) for write in walked.property_writes} <= {
        ("hs_ticket_priority", "HIGH"),
        ("hs_ticket_priority", "LOW"),
    }
    for keyed in walked.mails:
        assert keyed.mail.recipients == ("ann@penstock.test",)
        assert not {"\r", "\n"} & set(keyed.mail.subject)
        assert "<script" not in keyed.mail.html
        assert "<a " not in keyed.mail.html
    for sent in walked.webhooks:
        address = urlsplit(sent.webhook.url)
        assert (address.scheme, address.netloc, address.path) == ("https", "hooks.example.com", "/tickets")
        body = loads(sent.webhook.body)
        assert isinstance(body, dict)
        assert set(body) == {"note"}


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_hostile_record_steers_no_recipient_address_property_or_step(number: int) -> None:
    assert len(TEXTS) > 50
    walked = obeyed(TEXTS[number])
    assert_only_what_the_author_laid_down(walked)
    assert len(walked.mails) == 1
    assert len(walked.webhooks) == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip))
def test_nor_does_any_other_text(text: str) -> None:
    assert_only_what_the_author_laid_down(obeyed(text))


KEY = bytes(range(32))
NONCE = nonce_of(KEY, 5, "1")


@given(
    st.lists(
        st.sampled_from([NONCE, NONCE.upper(), f"</data-{NONCE}>", "<data-", ">", "a", "…"])
        | st.text(max_size=5)
    )
)
def test_no_value_can_close_its_fence(parts: list[str]) -> None:
    fenced = fence("".join(parts), NONCE)
    assert fenced.lower().count(NONCE) == 2
    assert fenced.startswith(f"<data-{NONCE}>")
    assert fenced.endswith(f"</data-{NONCE}>")


def test_a_fence_is_the_same_for_the_same_step_of_a_run_and_another_for_every_other() -> None:
    assert nonce_of(KEY, 5, "1") == NONCE
    others = {
        nonce_of(KEY, 6, "1"),
        nonce_of(KEY, 5, "2"),
        nonce_of(KEY[::-1], 5, "1"),
        nonce_of(KEY, 51, ""),
    }
    assert len({NONCE, *others}) == 5
