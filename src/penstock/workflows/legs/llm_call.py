"""One call of an LLM step: ask the provider, and say as an outcome what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from penstock.actions.outcome import Done, Fail, Failure, Outcome, Retry, Wait
from penstock.actions.use_custom_llm import Prepared, Terms, UseCustomLlmFields, finish, repair
from penstock.actions.use_custom_llm_answer import MAX_OUTPUT_CHARACTERS
from penstock.connections.connections import ProviderConnection
from penstock.connections.vault import Vault
from penstock.errors import PenstockError
from penstock.kit.json import JsonObject
from penstock.llm.catalog import price
from penstock.llm.client import Completes, LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.fence import nonce_of, without_fences
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult, Source, Usage
from penstock.workflows.legs.leg import AnswerToKeep, Called, Hold, Leg, Pause

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


# USD of these tokens of a provider's model by the prices of a workspace; None where no price is known.
Pricing = Callable[[str, str, Usage, int], Decimal | None]


@dataclass(frozen=True, slots=True)
class Call:
    """One call about to be made."""

    leg: Leg
    fields: UseCustomLlmFields
    prepared: Prepared
    reuse_key: bytes | None = None


@dataclass(slots=True)
class Bill:
    """What the calls of one step came to so far; `unpriced` once the price of one of them is not known."""

    usage: Usage = field(default_factory=Usage)
    cost: Decimal = Decimal(0)
    latency_ms: int = 0
    model: str = ""
    answers: int = 0
    unpriced: bool = False
    saved: Decimal = Decimal(0)
    text: str = ""
    sources: tuple[Source, ...] = ()
    workspace_id: int = 0

    def add(self, provider: str, result: LlmResult, pricing: Pricing = price) -> None:
        """Counts one answer, at the usual price or that of a batch."""
        cost = pricing(provider, result.model, result.usage, self.workspace_id)
        self.usage += result.usage
        self.cost += cost or 0
        self.saved += _saved(provider, result, self.workspace_id, pricing)
        self.unpriced |= cost is None
        self.latency_ms += result.latency_ms
        self.model = result.model
        self.text = result.text
        self.sources = result.sources or self.sources
        self.answers += 1

    def as_outputs(self) -> JsonObject:
        """Tokens and USD as later steps read them (`use_custom_llm_outputs.USAGE`)."""
        usage: JsonObject = {"hs_input_tokens": self.usage.input, "hs_output_tokens": self.usage.output}
        return usage if self.usd is None else {**usage, "hs_cost_usd": float(self.usd)}

    @property
    def usd(self) -> str | None:
        """The cost in USD, or None when there was no answer or its price is not known."""
        return None if self.unpriced or not self.answers else f"{self.cost:.8f}"


def _saved(provider: str, result: LlmResult, workspace_id: int, pricing: Pricing) -> Decimal:
    """USD that the provider's prompt cache saved on this call, by these prices; 0 where they are not known.

    What was written to the cache costs more than plain input with some providers, which counts against it.
    """
    if not result.usage.cached:
        return Decimal(0)
    usage = replace(result.usage, reported_usd=None)
    plain = pricing(provider, result.model, replace(usage, cached=0, cache_write=0), workspace_id)
    paid = pricing(provider, result.model, usage, workspace_id)
    return plain - paid if plain is not None and paid is not None else Decimal(0)


def terms_of(
    client: LlmClient,
    vault: Vault,
    connection: ProviderConnection,
    fields: UseCustomLlmFields,
    enrollment_id: int,
    action_id: str,
) -> Terms:
    """What a request of this step and run depends on besides its record."""
    nonce = nonce_of(vault.fence_key(connection.workspace_id), enrollment_id, action_id)
    try:
        found = client.capabilities(connection.provider, connection.base_url, fields.model.strip())
    except PenstockError:
        return Terms(nonce)  # a provider or an address that cannot be called says so when it is
    return Terms(nonce, found.context_tokens)


async def ask(
    client: Completes, connection: ProviderConnection, secret: str, call: Call, started: datetime
) -> tuple[Outcome, Called]:
    """Makes the call, and one more when the answer does not fit and the author wants that (`repair_prompt`).

    A passing failure becomes a Retry, any other a Fail; tokens, USD and seconds of both calls go to the ledger.
    """
    begun = time.monotonic()
    bill = Bill(workspace_id=connection.workspace_id)
    try:
        outcome: Outcome = await _answer(client, connection, secret, call, bill)
    except LlmError as error:
        failure = Failure(error.kind.upper(), error.message, error.remedy)
        if error.retriable:
            outcome = Retry(failure, error.retry_after)
        else:
            outcome = Fail(failure, inputs=call.prepared.inputs())
    except Exception as crash:
        # A surprise in one call must not take its batch along (R59).
        log.exception("LLM call crashed", enrollment=call.leg.key.enrollment_id)
        failure = Failure(
            "STEP_CRASHED",
            f"The call met an error that Penstock did not expect ({type(crash).__name__}).",
            "Retry; if it happens again, report it with the log of this moment.",
        )
        outcome = Fail(failure)
    return concluded(connection, call, outcome, bill, started, time.monotonic() - begun, call.leg.values)


def concluded(
    connection: ProviderConnection,
    call: Call,
    outcome: Outcome,
    bill: Bill,
    started: datetime,
    seconds: float,
    seen: Mapping[str, str],
) -> tuple[Outcome, Called]:
    """The outcome with what it cost, and the call for the ledger; `seen` is the record that the model was asked about."""
    called = Called(
        call_key=call.leg.step_key,
        started_at=started,
        provider=connection.provider,
        model=bill.model or call.prepared.request.model,
        input_tokens=bill.usage.input if bill.answers else None,
        output_tokens=bill.usage.output if bill.answers else None,
        cost_usd=bill.usd,
        succeeded=isinstance(outcome, Done | Wait),
        connection_id=connection.id,
        seconds=seconds,
        searches=bill.usage.searches,
    )
    if call.reuse_key is not None and isinstance(outcome, Done | Wait):
        text = without_fences(bill.text, call.prepared.nonce)
        seconds = float(call.fields.reuse_seconds or 0)
        answer = AnswerToKeep(call.reuse_key, text, bill.model, seconds, bill.sources)
        called = replace(called, answer=answer)
    if isinstance(outcome, Done):
        outcome = replace(outcome, outputs={**outcome.outputs, **bill.as_outputs()})
    if bill.answers and isinstance(outcome, Done | Wait | Fail):
        detail = {
            **(outcome.detail or {}),
            "provider": connection.provider,
            "connection_id": str(connection.id),
            "cost_usd": bill.usd,
        }
        if bill.saved > 0:
            detail["saved_usd"] = f"{bill.saved:.8f}"
        outcome = replace(outcome, detail=detail)
    if isinstance(outcome, Wait) and outcome.review is not None:
        # What the model was asked about is the record as it was then, not as it is when the wait is written down.
        outcome = replace(outcome, review=replace(outcome.review, seen=dict(seen)))
    return outcome, called


async def _answer(
    client: Completes, connection: ProviderConnection, secret: str, call: Call, bill: Bill
) -> Done | Wait | Fail:
    """What the answer comes to, or the one after it. Raises LlmError."""
    fields, prepared = call.fields, call.prepared
    result = await client.complete(connection.provider, secret, connection.base_url, prepared.request)
    bill.add(connection.provider, result)
    outcome = finish(fields, prepared, result)
    again = repair(fields, prepared, result, outcome) if isinstance(outcome, Fail) else None
    if again is None or not isinstance(outcome, Fail):
        return outcome
    return await ask_again(client, connection, secret, call, bill, outcome, again)


async def ask_again(
    client: Completes,
    connection: ProviderConnection,
    secret: str,
    call: Call,
    bill: Bill,
    outcome: Fail,
    again: LlmRequest,
) -> Done | Wait | Fail:
    """What the answer to the repair request `again` comes to, after the one that failed. Raises a passing LlmError."""
    first: JsonObject = {
        "problem": outcome.failure.message,
        "answer": bill.text[:MAX_OUTPUT_CHARACTERS],
        "cost_usd": bill.usd,
    }
    try:
        second = await client.complete(connection.provider, secret, connection.base_url, again)
    except LlmError as error:
        if error.retriable:
            raise
        first["refused"] = error.message
        return replace(outcome, detail={**(outcome.detail or {}), "repair": first})
    bill.add(connection.provider, second)
    both = replace(second, usage=bill.usage, latency_ms=bill.latency_ms, sources=bill.sources)
    repaired = finish(call.fields, call.prepared, both)
    return replace(repaired, detail={**(repaired.detail or {}), "repair": first})


def pausing(connection: ProviderConnection, outcome: Outcome) -> Outcome | Pause:
    """The outcome of a call, with a Pause in place of a failure that is the connection's and not the record's."""
    if isinstance(outcome, Fail) and outcome.failure.code in CONNECTION_TROUBLE:
        remedy = CONNECTION_TROUBLE[outcome.failure.code]
        return Pause(connection.id, replace(outcome.failure, remedy=remedy), outcome.inputs)
    return outcome


def holding(connection: ProviderConnection, call: Call, outcome: Outcome | Pause) -> Outcome | Pause | Hold:
    """The outcome of a call, with a Hold in place of a retry when the provider asked us to come later."""
    if isinstance(outcome, Retry) and outcome.failure.code == "RATE_LIMITED":
        return Hold(connection.id, call.prepared.request.model, outcome.failure)
    return outcome


def too_late(leg: Leg, fields: UseCustomLlmFields, now: datetime) -> bool:
    """Whether the run has stood at the step for longer than the step may take."""
    return leg.arrived_at is not None and now >= leg.arrived_at + timedelta(seconds=fields.deadline)


def pause(connection: ProviderConnection) -> Pause:
    """What comes of a step whose connection is known to need attention: no call is made.

    Its code is that of the refusal, so that the step's other models are asked on the causes that its author chose.
    """
    why = f" {connection.status_detail}" if connection.status_detail else ""
    failure = Failure(
        "CONNECTION_NEEDS_ATTENTION",
        f"The connection '{connection.name}' needs attention, so no call was made.{why}",
        "Replace its key or test it under Connected apps; the run then goes on by itself.",
    )
    if connection.status_code:
        failure = replace(failure, code=connection.status_code)
    if connection.status_code == "OUT_OF_MONEY":
        failure = replace(
            failure,
            remedy="Add credit at the provider, then test it under Connected apps; the run then goes on by itself.",
        )
    return Pause(connection.id, failure)


def after_others(first: ProviderConnection | None, refusal: Pause) -> Pause | Retry:
    """What comes of a refused connection when it was the last of several models: its record waits for the first choice.

    When that one needs no attention, its trouble passes by itself and the step backs off and begins with it again.
    """
    if first is not None and first.status == "needs_attention":
        return replace(refusal, connection_id=first.id)
    return Retry(refusal.failure)


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
