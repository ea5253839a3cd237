"""What the transport's failures mean for a call to a model."""

from __future__ import annotations

from penstock.errors import DestinationRefused, InvalidInput, PenstockError
from penstock.kit.http import HttpFailure
from penstock.llm.complaint import raise_complaint
from penstock.llm.errors import ErrorKind, LlmError
from penstock.llm.provider import Provider

FAILURES: dict[str, ErrorKind] = {"timeout": "timeout", "too_large": "malformed"}
TRANSPORT = (HttpFailure, DestinationRefused, InvalidInput)  # what `HttpClient` raises


def as_llm_error(provider: Provider, trouble: PenstockError) -> LlmError:
    """The LlmError for one of the errors in TRANSPORT."""
    match trouble:
        case HttpFailure(answer_status=int(status)) if status >= 300:
            # What the status says holds, however much a gateway wrote below it.
            try:
                raise_complaint(provider.key, provider.title, status, {}, None)
            except LlmError as error:
                return error
        case HttpFailure():
            kind = FAILURES.get(trouble.kind, "connect")
            retriable = False if trouble.kind == "too_large" else None
            message = f"{provider.title}: {trouble.message}"
            return LlmError(kind, message, provider=provider.key, retriable=retriable)
        case DestinationRefused():
            return LlmError(
                "connect",
                trouble.message,
                provider=provider.key,
                retriable=False,
                field="base_url",
                remedy=trouble.remedy,
            )
    message = "The API key holds a line break or another character that no key has."
    return LlmError("authentication", message, provider=provider.key)
