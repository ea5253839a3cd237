"""What of a record an LLM step lets out: nothing sensitive unasked, and personal data masked where that is wanted."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.outcome import Done, Fail
from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields, check, finish, prepare
from penstock.crm.schema import ObjectSchema
from penstock.kit.json import Json
from penstock.llm.result import LlmResult, Usage


def llm(**keys: Json) -> UseCustomLlmFields:
    """A step that asks about subject and content."""
    return UseCustomLlmFields.model_validate(
        {
            "connection_id": "1",
            "model": "m",
            "prompt": "{{ enrolled_object.subject }}: {{ enrolled_object.content }}",
            **keys,
        }
    )


def sensitive(schema: ObjectSchema) -> ObjectSchema:
    """The schema with a content that is sensitive."""
    content = replace(schema.properties["content"], data_sensitivity="highly_sensitive")
    return ObjectSchema(schema.object_type, {**schema.properties, "content": content}, schema.version + 1)


def test_a_sensitive_property_is_refused_when_turned_on_and_when_it_became_so_later(
    checking: CheckMaker, step: StepMaker, schema: ObjectSchema
) -> None:
    ctx = replace(checking(), schema=sensitive(schema))
    [problem] = [one for one in check(llm(), ctx, "fields") if one.code == "SENSITIVE_PROPERTY"]
    assert (problem.path, "(content)" in problem.message) == ("fields.prompt", True)
    assert "Allow sensitive properties" in problem.message
    assert [one.code for one in check(llm(allow_sensitive=True), ctx, "fields")].count(
        "SENSITIVE_PROPERTY"
    ) == 0

    record = replace(step(subject="Hi", content="I have asthma"), schema=sensitive(schema))
    refused = prepare(llm(), record)
    assert isinstance(refused, Fail)
    assert refused.failure.code == "SENSITIVE_PROPERTY"
    assert "asthma" not in str(refused)
    allowed = prepare(llm(allow_sensitive=True), record)
    assert isinstance(allowed, Prepared)
    assert "asthma" in allowed.request.prompt


def test_what_is_masked_is_neither_sent_nor_logged_and_comes_back_in_the_answer(step: StepMaker) -> None:
    fields = llm(
        mask=["email", "card"],
        mask_names=["subject"],
        output={"type": "fields", "fields": [{"name": "reply"}, {"name": "to", "type": "list"}]},
    )
    ready = prepare(
        fields, step(subject="Anna Berg", content="Anna Berg here, anna@example.com, 4242424242424242")
    )
    assert isinstance(ready, Prepared)
    assert ready.request.prompt == "[NAME_1]: [NAME_1] here, [EMAIL_1], [CARD_1]"
    for secret in ("Anna", "example.com", "4242"):
        assert secret not in str(ready.inputs())
        assert secret not in repr(ready)
    answer = json.dumps({"reply": "Dear [NAME_1]", "to": ["[EMAIL_1]"]})
    done = finish(fields, ready, LlmResult(answer, "complete", Usage(1, 1), "m"))
    assert isinstance(done, Done)
    assert (done.outputs["reply"], done.outputs["to"]) == ("Dear Anna Berg", ["anna@example.com"])
    assert "Anna Berg" in str(done.outputs["text"])
    assert "Anna" not in str(done.detail)


def test_outputs_of_earlier_steps_are_masked_as_well_and_the_authors_own_words_are_not(
    step: StepMaker,
) -> None:
    fields = llm(
        prompt="Write to help@example.com about {{ action_outputs.action_output_7.text }}", mask=["email"]
    )
    ready = prepare(fields, step({"7": {"text": "bo@example.com called"}}))
    assert isinstance(ready, Prepared)
    assert ready.request.prompt == "Write to help@example.com about [EMAIL_1] called"
