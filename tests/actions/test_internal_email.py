from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.internal_email import InternalEmailFields, check, is_address, plain_text, run
from penstock.actions.outcome import Done, Fail, QueueMail
from penstock.kit.json import Json


def mail_fields(**keys: Json) -> InternalEmailFields:
    return InternalEmailFields.model_validate(
        {
            "subject": "News of {{ enrolled_object.subject }}",
            "body": "<p>{{ enrolled_object.content }}</p>",
            **keys,
        }
    )


def mail_of(outcome: object) -> QueueMail:
    assert isinstance(outcome, Done), outcome
    (mail,) = outcome.writes
    assert isinstance(mail, QueueMail)
    return mail


def test_users_owners_and_addresses_get_one_mail_and_each_is_named_once(step: StepMaker) -> None:
    fields = mail_fields(
        user_ids=["1", 2], owner_properties=["hubspot_owner_id"], emails=["team@example.com"]
    )
    mail = mail_of(run(fields, step(hubspot_owner_id="1", subject="Cards", content="Hello")))
    assert mail.recipients == ("ada@example.com", "bob@example.com", "team@example.com")
    assert (mail.subject, mail.html, mail.text) == ("News of Cards", "<p>Hello</p>", "Hello")


def test_a_record_cannot_put_markup_into_the_body_or_lines_into_the_subject(step: StepMaker) -> None:
    fields = mail_fields(user_ids=["1"])
    mail = mail_of(
        run(fields, step(subject="a\r\nBcc: eve@example.com", content="<script>alert(1)</script>"))
    )
    assert "<script>" not in mail.html
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_nobody_to_send_to_is_a_failure_that_says_why(step: StepMaker) -> None:
    outcome = run(mail_fields(user_ids=["77"], owner_properties=["hubspot_owner_id"], team_ids=["5"]), step())
    assert isinstance(outcome, Fail)
    assert outcome.failure.code == "NO_RECIPIENT"
    assert "User 77 is not active" in outcome.failure.message
    assert "hubspot_owner_id" in outcome.failure.message


def test_a_recipient_who_left_is_a_warning_while_others_get_the_mail(step: StepMaker) -> None:
    outcome = run(mail_fields(user_ids=["1", "77"]), step(subject="s", content="c"))
    assert mail_of(outcome).recipients == ("ada@example.com",)
    assert isinstance(outcome, Done)
    assert outcome.detail == {"warnings": ["User 77 is not active here."]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owner=st.text(max_size=30))
def test_no_value_of_a_record_can_name_a_recipient(owner: str, step: StepMaker) -> None:
    outcome = run(
        mail_fields(owner_properties=["hubspot_owner_id"]), step(hubspot_owner_id=owner, content="c")
    )
    people = {"ada@example.com", "bob@example.com"}
    assert isinstance(outcome, Fail) or set(mail_of(outcome).recipients) <= people


@pytest.mark.parametrize(
    "text",
    ["", "ada", "ada@", "@example.com", "ada@localhost", "a b@example.com", "a@example.com,b@example.com", "Ada <a@example.com>",
     "a@example.com\nBcc: b@example.com", "{{ enrolled_object.email }}"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_none(text: str) -> None:
    assert not is_address(text)


def test_the_text_part_has_lines_for_blocks_and_no_scripts() -> None:
    html = "<style>p{}</style><h1>Hi</h1><p>One &amp; two<br>three</p><script>x()</script>"
    assert plain_text(html) == "Hi\nOne & two\nthree"


def test_checks_name_unknown_users_addresses_and_a_missing_recipient(checking: CheckMaker) -> None:
    def codes(**keys: Json) -> list[tuple[str, str]]:
        return [(problem.path, problem.code) for problem in check(mail_fields(**keys), checking(), "f")]

    assert codes() == [("f.user_ids", "NO_RECIPIENT")]
    assert codes(user_ids=["1", "2"], emails=["nobody"], owner_properties=["boss"]) == [
        ("f.user_ids[1]", "UNKNOWN_USER"),
        ("f.owner_properties[0]", "UNKNOWN_PROPERTY"),
        ("f.emails[0]", "INVALID_ADDRESS"),
    ]
    assert codes(user_ids=["1"], subject=" ") == [("f.subject", "MISSING_FIELD")]
