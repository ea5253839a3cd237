"""What the error codes of runs mean to people, and what they can do about them. One table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RemedyKind = Literal[
    "replace_key",
    "test_connection",
    "fund_account",
    "connect_provider",
    "choose_model",
    "replace_model",
    "open_step",
    "retry_group",
    "skip_group",
    "cancel_group",
    "open_outbox",
    "open_mail_settings",
    "open_import",
    "go_on_with_loop",
    "dismiss_loop",
    "open_workflow",
    "raise_cap",
    "remove_cap",
    "open_caps",
    "set_price",
]


@dataclass(frozen=True, slots=True)
class Cause:
    """A title of a few words, what it means for the records, and the deeds that help, the best one first."""

    title: str
    meaning: str
    remedies: tuple[RemedyKind, ...]


_MEND: tuple[RemedyKind, ...] = ("open_step", "retry_group", "skip_group", "cancel_group")
_AGAIN: tuple[RemedyKind, ...] = ("retry_group", "skip_group", "open_step", "cancel_group")
_STOPPED = "These records stopped at the step; what the steps before it did stays."

CAUSES: Mapping[str, Cause] = {
    # The connection
    "AUTHENTICATION": Cause(
        "The provider refused the API key",
        "These records wait at the step and go on by themselves once the connection has a key that works.",
        ("replace_key", "test_connection", "cancel_group"),
    ),
    "PERMISSION": Cause(
        "The API key may not do this",
        "These records wait at the step and go on by themselves once the key has access.",
        ("replace_key", "test_connection", "cancel_group"),
    ),
    "OUT_OF_MONEY": Cause(
        "The account at the provider is out of credit",
        "These records wait at the step and go on by themselves once there is credit and the connection is tested.",
        ("fund_account", "test_connection", "replace_key", "cancel_group"),
    ),
    "CONNECTION_NEEDS_ATTENTION": Cause(
        "A connection needs attention",
        "These records wait at the step, without a call, and go on by themselves once the connection works.",
        ("replace_key", "test_connection", "cancel_group"),
    ),
    "CONNECTION_MISSING": Cause(
        "The AI connection of a step is gone",
        "These records stopped before the call. Choose another connection, then retry them on the new revision.",
        ("open_step", "connect_provider", *_MEND[1:]),
    ),
    # Money
    "CAP_REACHED": Cause(
        "A spending cap is reached",
        "Nothing is lost: these records are at the step, and no call was made for them.",
        ("open_caps", *_AGAIN),
    ),
    "PRICE_UNKNOWN": Cause(
        "A cap holds, and the price of a model is not known",
        _STOPPED,
        ("set_price", "choose_model", *_MEND[1:]),
    ),
    "DEADLINE_PASSED": Cause(
        "Records waited too long for an answer",
        "Their turn did not come, or no attempt succeeded, within the time that the step allows.",
        _AGAIN,
    ),
    # The model and its answer
    "MODEL_NOT_FOUND": Cause("The model does not exist", _STOPPED, ("choose_model", *_MEND[1:])),
    "MODEL_MISSING": Cause("A step has no model", _STOPPED, ("choose_model", *_MEND[1:])),
    "INVALID_REQUEST": Cause("The provider refused a setting of the step", _STOPPED, _MEND),
    "CONTEXT_TOO_LONG": Cause("The prompt is too long for the model", _STOPPED, _MEND),
    "PROMPT_TOO_LONG": Cause(
        "The prompt is longer than the step allows", "Nothing was sent and nothing was paid for them.", _MEND
    ),
    "EMPTY_PROMPT": Cause(
        "The prompt was empty", "The properties in the prompt have no value for these records.", _MEND
    ),
    "SENSITIVE_PROPERTY": Cause("A prompt holds a sensitive property", _STOPPED, _MEND),
    "RATE_LIMITED": Cause(
        "The provider kept refusing: too many requests", "All attempts of these records were used up.", _AGAIN
    ),
    "OVERLOADED": Cause("The provider was overloaded", "All attempts of these records were used up.", _AGAIN),
    "TIMEOUT": Cause(
        "The provider did not answer in time", "All attempts of these records were used up.", _AGAIN
    ),
    "CONNECT": Cause(
        "The provider could not be reached", "All attempts of these records were used up.", _AGAIN
    ),
    "MALFORMED": Cause(
        "The provider's answers made no sense", "All attempts of these records were used up.", _AGAIN
    ),
    "ANSWER_NOT_AS_DECLARED": Cause("Answers did not have the declared fields", _STOPPED, _AGAIN),
    "ANSWER_TRUNCATED": Cause("Answers were cut off", _STOPPED, _MEND),
    "ANSWER_REFUSED": Cause("The model refused to answer", _STOPPED, _MEND),
    "REFUSED": Cause("The model refused to answer", _STOPPED, _MEND),
    "CONTENT_FILTERED": Cause("The provider's content filter stopped answers", _STOPPED, _MEND),
    "EMPTY_ANSWER": Cause("The model answered nothing", _STOPPED, _AGAIN),
    "REJECTED_IN_REVIEW": Cause(
        "Somebody rejected the answer in a review", "These records stopped at the step, as it says.", _AGAIN
    ),
    "BATCH_EXPIRED": Cause(
        "The provider did not get to these questions in a batch",
        "They were not asked, and nothing was paid.",
        _AGAIN,
    ),
    "BATCH_CANCELED": Cause(
        "A batch was canceled", "What it had answered was taken; these records were not asked.", _AGAIN
    ),
    "BATCH_REFUSED": Cause("The provider took a batch back", "None of these records was asked.", _MEND),
    "MISSING_OUTPUT": Cause("An earlier step gave no output", _STOPPED, _MEND),
    # What is written and sent
    "INVALID_PROPERTY": Cause("A value could not be written", _STOPPED, _MEND),
    "INVALID_PROPERTY_VALUE": Cause("A value does not fit its property", _STOPPED, _MEND),
    "UNKNOWN_PROPERTY": Cause("A property is not there any more", _STOPPED, _MEND),
    "READ_ONLY_PROPERTY": Cause("A property cannot be written", _STOPPED, _MEND),
    "NO_OPTIONS": Cause("A choice has no options", _STOPPED, _MEND),
    "NO_RECIPIENT": Cause("An e-mail had no recipient", _STOPPED, _MEND),
    "INVALID_URL": Cause("The address of a webhook does not work", _STOPPED, _MEND),
    "INVALID_BODY": Cause("The body of a webhook is not JSON", _STOPPED, _MEND),
    "WEBHOOK_FAILED": Cause(
        "Webhooks were not accepted", "The receiver did not take them, and trying ended.", _AGAIN
    ),
    # The workflow
    "UNSUPPORTED_ACTION": Cause("The workflow has an action that cannot run", _STOPPED, _MEND),
    "TOO_MANY_STEPS": Cause(
        "Records went round in circles",
        "They took 1,000 steps without reaching the end.",
        ("open_step", "cancel_group"),
    ),
    "STEP_CRASHED": Cause("A step met an unexpected error", _STOPPED, _AGAIN),
    "NOT_RECORDED": Cause("A step's result could not be stored", _STOPPED, _AGAIN),
}
OTHER = Cause("A step failed", _STOPPED, _MEND)


def cause_of(code: str) -> Cause:
    """What a code means; codes that are not in the table have the plain words of any failed step."""
    return CAUSES.get(code, OTHER)
