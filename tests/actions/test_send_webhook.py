from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.outcome import Done, Fail, QueueWebhook, Wait
from penstock.actions.send_webhook import WebhookFields, check, finish, run
from penstock.kit.json import Json, loads


def webhook(url: str = "https://example.com/hook", **keys: Json) -> WebhookFields:
    return WebhookFields.model_validate({"webhookUrl": url, "method": "POST", "queryParams": [], **keys})


def sent(outcome: object) -> QueueWebhook:
    assert isinstance(outcome, Wait), outcome
    assert outcome.wait_for == "webhook"
    (write,) = outcome.writes
    assert isinstance(write, QueueWebhook)
    return write


def test_the_record_goes_out_with_all_its_properties_and_the_way_it_came(step: StepMaker) -> None:
    write = sent(run(webhook(), step(subject="Cards", content="Hello")))
    body = loads(write.body)
    assert isinstance(body, dict)
    assert body["objectId"] == 501
    assert body["objectTypeId"] == "0-5"
    assert body["properties"] == {"subject": "Cards", "content": "Hello"}
    assert body["origin"] == {"flowId": "7", "revisionId": "2", "enrollmentId": "99"}


def test_chosen_properties_go_out_even_when_they_have_no_value(step: StepMaker) -> None:
    write = sent(
        run(webhook(customFields={"properties": ["subject", "due"]}), step(subject="Cards", content="Hello"))
    )
    body = loads(write.body)
    assert isinstance(body, dict)
    assert body["properties"] == {"subject": "Cards", "due": None}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_value_cannot_break_out_of_the_body_or_the_address(text: str, step: StepMaker) -> None:
    fields = webhook(
        "https://example.com/{{ enrolled_object.content }}/x",
        customFields={"body": '{"said": "{{ enrolled_object.content }}"}'},
        queryParams=[{"name": "q", "value": {"type": "OBJECT_PROPERTY", "propertyName": "content"}}],
    )
    write = sent(run(fields, step(content=text)))
    assert loads(write.body) == {"said": text}
    parts = urlsplit(write.url)
    assert (parts.scheme, parts.hostname, parts.fragment) == ("https", "example.com", "")
    assert parse_qs(parts.query, keep_blank_values=True) == {"q": [text]}
    assert parts.path.count("/") == 2


def test_a_get_carries_its_values_in_the_address_and_no_body(step: StepMaker) -> None:
    params: Json = [{"name": "a b", "value": "x&y"}]
    write = sent(run(webhook("https://example.com/h?k=1", method="GET", queryParams=params), step()))
    assert (write.url, write.body, dict(write.headers)) == ("https://example.com/h?k=1&a%20b=x%26y", "", {})


def test_the_secret_is_named_and_never_carried(step: StepMaker) -> None:
    auth: Json = {
        "type": "AUTH_KEY",
        "name": "Authorization",
        "location": "HEADER",
        "secretName": "crm-token",
    }
    write = sent(run(webhook(authSettings=auth), step()))
    assert (write.secret_name, write.secret_location, write.secret_header) == (
        "crm-token",
        "HEADER",
        "Authorization",
    )


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "example.com/hook",
        "https://",
        "https://[bad/",
        "https://{{ enrolled_object.subject }}/hook",
        "https://example.com{{ enrolled_object.subject }}",
        "https://example.com:80{{ enrolled_object.subject }}/x",
        "{{ enrolled_object.subject }}",
        "https://user:pass@example.com/",
        "https://example.com:99999/",
    ],
)
def test_an_address_that_a_record_could_choose_or_that_is_none_never_gets_data(
    url: str, step: StepMaker, checking: CheckMaker
) -> None:
    assert isinstance(run(webhook(url), step(subject=".evil.example")), Fail)
    assert "INVALID_URL" in [problem.code for problem in check(webhook(url), checking(), "f")]


def test_a_body_that_is_no_json_once_filled_in_fails(step: StepMaker) -> None:
    outcome = run(webhook(customFields={"body": '{"n": {{ enrolled_object.visits }}}'}), step())
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == "INVALID_BODY"
    assert (
        sent(
            run(webhook(customFields={"body": '{"n": {{ enrolled_object.visits }}}'}), step(visits="3"))
        ).body
        == '{"n": 3}'
    )


def test_a_reply_becomes_outputs_and_anything_else_a_failure() -> None:
    done = finish(204, "", "")
    assert isinstance(done, Done)
    assert done.outputs == {"hs_webhook_status_code": 204, "hs_webhook_response_body": ""}
    for status, error in ((500, ""), (None, "connection refused")):
        failed = finish(status, "", error)
        assert isinstance(failed, Fail)
        assert str(status or error) in failed.failure.message


def test_checks_name_unknown_secrets_and_warn_of_plain_http(checking: CheckMaker) -> None:
    auth: Json = {"type": "AUTH_KEY", "name": "key", "location": "QUERY_PARAM", "secretName": "nope"}
    problems = check(webhook("http://example.com/", authSettings=auth), checking(), "f")
    assert [(one.code, one.severity) for one in problems] == [
        ("INSECURE_URL", "warning"),
        ("UNKNOWN_SECRET", "error"),
    ]
