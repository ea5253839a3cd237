"""The one error of a model call, its kinds, which of them are worth another try, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from penstock.errors import ProviderProblem
from penstock.llm.limit_headers import NOTHING, Stated

ErrorKind = Literal[
    "authentication",
    "permission",
    "model_not_found",
    "invalid_request",
    "context_too_long",
    "rate_limited",
    "out_of_money",
    "overloaded",
    "timeout",
    "refused",
    "truncated",
    "malformed",
    "connect",
]


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a kind of error is treated: `retriable` says whether the same call may succeed later, unchanged."""

    retriable: bool
    remedy: str


TREATMENT: Mapping[ErrorKind, Treatment] = {
    "authentication": Treatment(False, "Replace the API key of this connection, then retry."),
    "permission": Treatment(
        False, "Give the key access in the provider's console, or use another key or model, then retry."
    ),
    "model_not_found": Treatment(False, "Choose one of the models that this connection lists."),
    "invalid_request": Treatment(False, "Correct the setting named in the message, then retry."),
    "context_too_long": Treatment(
        False, "Shorten the prompt or choose a model with a larger context window."
    ),
    "rate_limited": Treatment(
        True, "Penstock waits and tries again; to go faster, raise the limit in the provider's console."
    ),
    "out_of_money": Treatment(
        False, "Add credit or raise the spending limit in the provider's console, then retry."
    ),
    "overloaded": Treatment(True, "Penstock tries again; if it lasts, see the provider's status page."),
    # A call that timed out may have been billed, so the engine counts it before it tries again.
    "timeout": Treatment(True, "Penstock tries again; if it lasts, allow more time or ask for less output."),
    "refused": Treatment(False, "Reword the prompt or choose another model."),
    "truncated": Treatment(False, "Raise the step's maximum of output tokens or ask for a shorter answer."),
    "malformed": Treatment(True, "Penstock tries again; if it lasts, check the connection's base URL."),
    "connect": Treatment(
        True, "Penstock tries again; if it lasts, check the connection's base URL and this machine's network."
    ),
}

# For whoever has just entered a key or asked for a test: nothing is tried again by itself there.
_AGAIN = "Try again; if it lasts, see the provider's status page."
_REACH = "Try again; if it lasts, check the address and this machine's network."
KEY_CHECK_REMEDIES: Mapping[ErrorKind, str] = {
    "authentication": "Copy the key from the provider's console again, or make a new one there.",
    "permission": "Give the key access in the provider's console, or use another key.",
    "rate_limited": "Wait a minute, then try again.",
    "out_of_money": "Add credit or raise the spending limit in the provider's console, then try again.",
    "overloaded": _AGAIN,
    "timeout": _AGAIN,
    "malformed": _REACH,
    "connect": _REACH,
}


class LlmError(ProviderProblem):
    """A call to a language model failed.

    `kind` decides what happens next, `field` is the field of LlmRequest at fault (or the provider's own word
    for it), `retry_after` the seconds that the provider asked us to wait, `provider_status` its HTTP status
    (`status` stays the one that our own API answers with), `stated` what its reply says of its limits. The
    message never holds the key or the prompt.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        provider: str = "",
        provider_status: int | None = None,
        field: str | None = None,
        retry_after: float | None = None,
        retriable: bool | None = None,
        remedy: str | None = None,
        detail: str = "",
    ) -> None:
        treatment = TREATMENT[kind]
        super().__init__(
            message, remedy=treatment.remedy if remedy is None else remedy, kind=kind, provider=provider
        )
        self.kind: ErrorKind = kind
        self.provider = provider
        self.provider_status = provider_status
        self.field = field
        self.retry_after = retry_after
        self.retriable = treatment.retriable if retriable is None else retriable
        self.detail = detail  # the provider's own words, which `learned.learn` reads
        self.stated: Stated = NOTHING

    def of_key_check(self) -> LlmError:
        """The same error with a remedy for the person who waits for a key to be checked; a remedy of its own stays."""
        usual = self.remedy == TREATMENT[self.kind].remedy
        return LlmError(
            self.kind,
            self.message,
            provider=self.provider,
            provider_status=self.provider_status,
            field=self.field,
            retry_after=self.retry_after,
            retriable=self.retriable,
            remedy=KEY_CHECK_REMEDIES.get(self.kind, self.remedy) if usual else self.remedy,
            detail=self.detail,
        )
