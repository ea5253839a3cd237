"""One call of an LLM step: ask the provider, and say as an outcome what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from penstock.actions.outcome import Done, Fail, Failure, Outcome, Retry
from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields, finish
from penstock.connections.connections import ProviderConnection
from penstock.llm.catalog import price
from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.workflows.legs.leg import Called, Leg

log = structlog.get_logger(__name__)

# Failures that no other record through the same connection would escape: people must look at the connection.
CONNECTION_TROUBLE = frozenset({"AUTHENTICATION", "PERMISSION", "OUT_OF_MONEY"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call about to be made."""

    leg: Leg
    fields: UseCustomLlmFields
    prepared: Prepared


async def ask(
    client: LlmClient, connection: ProviderConnection, secret: str, call: Call, started: datetime
) -> tuple[Outcome, Called]:
    """Makes the call. A passing failure becomes a Retry, any other a Fail; tokens and USD go to the ledger either way."""
    called = Called(
        call.leg.step_key, started, connection.provider, call.prepared.request.model, None, None, None, False
    )
    try:
        result = await client.complete(
            connection.provider, secret, connection.base_url, call.prepared.request
        )
    except LlmError as error:
        failure = Failure(error.kind.upper(), error.message, error.remedy)
        if error.retriable:
            return Retry(failure, error.retry_after), called
        return Fail(failure, inputs=call.prepared.inputs()), called
    except Exception as crash:
        # A surprise in one call must not take its batch along (R59).
        log.exception("LLM call crashed", enrollment=call.leg.key.enrollment_id)
        failure = Failure(
            "STEP_CRASHED",
            f"The call met an error that Penstock did not expect ({type(crash).__name__}).",
            "Retry; if it happens again, report it with the log of this moment.",
        )
        return Fail(failure), called
    cost = price(connection.provider, result.model, result.usage)
    money = None if cost is None else f"{cost:.8f}"
    outcome: Outcome = finish(call.fields, call.prepared, result)
    called = replace(
        called,
        model=result.model,
        input_tokens=result.usage.input,
        output_tokens=result.usage.output,
        cost_usd=money,
        succeeded=isinstance(outcome, Done),
    )
    if isinstance(outcome, Done | Fail):
        detail = {
            **(outcome.detail or {}),
            "provider": connection.provider,
            "connection_id": str(connection.id),
            "cost_usd": money,
        }
        outcome = replace(outcome, detail=detail)
    return outcome, called


def connection_missing(connection_id: int) -> Failure:
    """The failure of a step whose connection was uninstalled."""
    return Failure(
        "CONNECTION_MISSING",
        f"The AI connection {connection_id} that this step calls through is not there any more.",
        "Connect the provider again or choose another connection in the step, then retry on the new revision.",
    )
