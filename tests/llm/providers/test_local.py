from __future__ import annotations

from penstock.kit.json import JsonObject
from penstock.llm.model_facts import known
from penstock.llm.providers.local import DEFAULT_MAX_TOKENS, Local, bounded
from penstock.llm.request import LlmRequest

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "product": {"type": "string", "enum": ["card", "loan"]},
        "summary": {"type": "string"},
        "note": {"type": ["string", "null"], "description": "Anything else"},
        "amount": {"type": "number"},
        "code": {"type": "string", "maxLength": 3},
    },
    "required": ["product", "summary", "note", "amount", "code"],
    "additionalProperties": False,
}


def test_free_texts_share_the_room_and_everything_else_stays() -> None:
    found = bounded(SCHEMA, 200)
    properties = found["properties"]
    assert isinstance(properties, dict)
    assert properties["summary"] == {"type": "string", "maxLength": 100}
    assert properties["note"] == {
        "type": ["string", "null"],
        "description": "Anything else",
        "maxLength": 100,
    }
    given = SCHEMA["properties"]
    assert isinstance(given, dict)
    assert {name: properties[name] for name in ("product", "amount", "code")} == {
        name: given[name] for name in ("product", "amount", "code")
    }
    assert list(properties) == list(given)
    assert bounded({"type": "object", "properties": {}}, 200) == {"type": "object", "properties": {}}


def test_an_answer_always_has_an_end_in_sight_and_the_authors_limit_wins() -> None:
    model = "smollm2-135m"
    call, _ = Local().build(LlmRequest(model, "p"), known("local", model))
    assert call.body is not None
    assert call.body["max_tokens"] == DEFAULT_MAX_TOKENS
    call, dropped = Local().build(
        LlmRequest(model, "p", temperature=0.2, max_output_tokens=9), known("local", model)
    )
    assert call.body is not None
    assert (call.body["max_tokens"], call.body["temperature"], dropped) == (9, 0.2, ())
    assert "authorization" not in Local().authorize(call.headers, "")
