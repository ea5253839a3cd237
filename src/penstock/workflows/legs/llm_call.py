"""One call of an LLM step: ask the provider, and say as an outcome what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from penstock.actions.outcome import Done, Fail, Failure, Outcome, Retry
from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields, finish
from penstock.connections.connections import ProviderConnection
from penstock.llm.catalog import price
from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.workflows.legs.leg import Called, Leg, Pause

log = structlog.get_logger(__name__)

# Failures that no other record through the same connection would escape: people must look at the connection.
# What they must do stands here, because nobody has to retry: the runs go on by themselves.
CONNECTION_TROUBLE = {
    "AUTHENTICATION": "Replace the API key of this connection; the run then goes on by itself.",
    "PERMISSION": "Give the key access in the provider's console or replace it, then test the connection; "
    "the run then goes on by itself.",
    "OUT_OF_MONEY": "Add credit or raise the spending limit in the provider's console, then test the connection; "
    "the run then goes on by itself.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call about to be made."""

    leg: Leg
    fields: UseCustomLlmFields
    prepared: Prepared


async def ask(
    client: LlmClient, connection: ProviderConnection, secret: str, call: Call, started: datetime
) -> tuple[Outcome, Called]:
    """Makes the call. A passing failure becomes a Retry, any other a Fail; tokens, USD and seconds go to the ledger."""
    called = Called(
        call_key=call.leg.step_key,
        started_at=started,
        provider=connection.provider,
        model=call.prepared.request.model,
        input_tokens=None,
        output_tokens=None,
        cost_usd=None,
        succeeded=False,
        connection_id=connection.id,
    )
    begun = time.monotonic()
    try:
        result = await client.complete(
            connection.provider, secret, connection.base_url, call.prepared.request
        )
    except LlmError as error:
        called = replace(called, seconds=time.monotonic() - begun)
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
        seconds=time.monotonic() - begun,
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


def pausing(connection: ProviderConnection, outcome: Outcome) -> Outcome | Pause:
    """The outcome of a call, with a Pause in place of a failure that is the connection's and not the record's."""
    if isinstance(outcome, Fail) and outcome.failure.code in CONNECTION_TROUBLE:
        remedy = CONNECTION_TROUBLE[outcome.failure.code]
        return Pause(connection.id, replace(outcome.failure, remedy=remedy), outcome.inputs)
    return outcome


def pause(connection: ProviderConnection) -> Pause:
    """What comes of a step whose connection is known to need attention: no call is made."""
    why = f" {connection.status_detail}" if connection.status_detail else ""
    return Pause(
        connection.id,
        Failure(
            "CONNECTION_NEEDS_ATTENTION",
            f"The connection '{connection.name}' needs attention, so no call was made.{why}",
            "Replace its key or test it under Connected apps; the run then goes on by itself.",
        ),
    )


def pause_again(refusal: Pause) -> Pause:
    """The pause of the calls behind a refused one, which are not made."""
    return replace(refusal, inputs=None)


def connection_missing(connection_id: int, name: str | None) -> Failure:
    """The failure of a step whose connection was uninstalled; `name` is what it was called."""
    called = f"'{name}'" if name else str(connection_id)
    return Failure(
        "CONNECTION_MISSING",
        f"The AI connection {called} that this step calls through is not there any more.",
        "Connect the provider again or choose another connection in the step, then retry on the new revision.",
    )
