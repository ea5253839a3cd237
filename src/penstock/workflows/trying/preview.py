"""The texts of a step as they come out for a record, with what has no value marked. No model is asked; it is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from penstock.actions.action import StepContext
from penstock.actions.outcome import Fail, Failure
from penstock.actions.tokens import render_text
from penstock.actions.use_custom_llm import Prepared, Terms, UseCustomLlmFields, prepare
from penstock.actions.use_custom_llm_knowledge import Source
from penstock.actions.use_custom_llm_privacy import masked
from penstock.actions.use_custom_llm_request import fixed_tokens, render_texts
from penstock.connections.connections import ProviderConnection
from penstock.connections.vault import Vault
from penstock.crm.computed import visible_values
from penstock.crm.schema import ObjectSchema
from penstock.errors import NotFound, PenstockError, TooLarge
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.kit.template import Escape, Rendered
from penstock.llm.client import LlmClient
from penstock.llm.prices import price_of_searches, rates_per_million
from penstock.llm.prompt import estimate_tokens, request_tokens
from penstock.workflows.dry_run import LOAD_RECORD
from penstock.workflows.legs.leg import Workspace
from penstock.workflows.legs.llm_call import terms_of
from penstock.workflows.plan import Plan

MILLION = Decimal(1_000_000)
# What an answer is taken to have when the step has no limit: most answers in a CRM are a word or a few sentences.
ASSUMED_OUTPUT_TOKENS = 150
LONGEST_SHOWN = 20_000  # characters of one text; a preview is for reading


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text. `token` is the path that it came from; `missing` when that has no value here."""

    text: str
    token: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class PreviewText:
    """One text of a step by the name of its field."""

    field: str
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Preview:
    """The texts of a step for one record; for an LLM step with about how many tokens, and what they cost in USD.

    `cost_usd` is None for other steps and for models without a known price. `note` says what the price assumes.
    `fixed_tokens` are those in front of the first value of a record, which a provider's prompt cache can keep.
    `sent` is the body of the request as the provider would get it. `warnings` say what would be cut or left out,
    `sources` are the passages of knowledge in it, `failure` says why nothing would be sent.
    """

    texts: tuple[PreviewText, ...]
    input_tokens: int | None = None
    cost_usd: Decimal | None = None
    note: str = ""
    fixed_tokens: int | None = None
    sent: JsonObject | None = None
    warnings: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    failure: Failure | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The tokens without a value, each once."""
        found = [segment.token for text in self.texts for segment in text.segments if segment.missing]
        return tuple(dict.fromkeys(token for token in found if token is not None))


@dataclass(frozen=True, slots=True)
class Sample:
    """A record to preview with, and the outputs that earlier steps are taken to have."""

    record_id: int
    values: Mapping[str, str]
    outputs: Mapping[str, JsonObject]


async def load_sample(
    db: Connection, workspace_id: int, plan: Plan, record_id: int, outputs: Mapping[str, JsonObject]
) -> Sample:
    """A record of the plan's type as a sample. Raises NotFound."""
    row = await db.fetchrow(LOAD_RECORD, workspace_id, plan.object_type_id, record_id)
    if row is None:
        raise NotFound(
            f"There is no record {record_id} of type {plan.object_type_id}.",
            remedy="Choose a record of the workflow's type.",
        )
    values = visible_values(record_id, row["properties"], row["created_at"], row["updated_at"])
    return Sample(record_id, values, outputs)


@dataclass(frozen=True, slots=True)
class Sender:
    """What shows a request as it would be sent: the client that knows the models, and the step's connection."""

    client: LlmClient
    vault: Vault
    connection: ProviderConnection


def preview(
    plan: Plan,
    action_id: str,
    context: StepContext,
    providers: Mapping[int, str],
    sender: Sender | None = None,
) -> Preview:
    """The texts of an action of `plan` as `context` makes them. `providers` maps connection ids to providers.

    Without a `sender` the request itself is not shown, and fences stand without their nonce. Raises NotFound for an unknown action; an action whose inputs cannot be read has no texts.
    """
    node = plan.nodes.get(action_id)
    if node is None:
        raise NotFound(
            f"The document has no action {action_id}.", remedy="Send the document that holds the action."
        )
    if node.fields is None:
        return Preview(())
    if isinstance(node.fields, UseCustomLlmFields):
        return _preview_llm(node.fields, action_id, context, providers, sender)
    return Preview(
        tuple(
            PreviewText(name, _segments(text, context))
            for name, text in _texts_of(node.fields)
            if text.strip()
        )
    )


def context_for(
    plan: Plan, workspace_id: int, sample: Sample, schema: ObjectSchema, workspace: Workspace, now: datetime
) -> StepContext:
    """What a step of `plan` knows when it is previewed. `now` is aware."""
    return StepContext(
        workspace_id=workspace_id,
        flow_id=plan.flow_id,
        flow_name=plan.flow_name,
        revision_id=plan.revision_id,
        enrollment_id=0,
        record_id=sample.record_id,
        schema=schema,
        values=sample.values,
        outputs=sample.outputs,
        now=now,
        people=workspace.people,
        key="preview",
        time_zone=workspace.time_zone,
    )


def _texts_of(fields: BaseModel) -> Iterator[tuple[str, str]]:
    """The inputs that hold tokens, by the hint in their schema."""
    for name, info in type(fields).model_fields.items():
        extra = info.json_schema_extra
        value = getattr(fields, name)
        if isinstance(value, str) and isinstance(extra, dict) and extra.get("tokens") is True:
            yield name, value


def _segments(text: str, context: StepContext) -> tuple[Segment, ...]:
    try:
        return _shown(render_text(text, context, Escape.TEXT))
    except TooLarge as error:
        return (Segment(error.message, missing=True),)


def _shown(rendered: Rendered) -> tuple[Segment, ...]:
    """The pieces of a text, as far as somebody would read."""
    segments: list[Segment] = []
    left = LONGEST_SHOWN
    for piece in rendered.pieces:
        token = piece.token.name if piece.token is not None else None
        if len(piece.text) > left:
            return (*segments, Segment(piece.text[:left] + "…", token))
        left -= len(piece.text)
        segments.append(Segment(piece.text, token, piece.token is not None and piece.value is None))
    return tuple(segments)


def _preview_llm(
    fields: UseCustomLlmFields,
    action_id: str,
    context: StepContext,
    providers: Mapping[int, str],
    sender: Sender | None,
) -> Preview:
    terms = Terms()
    if sender is not None:
        terms = terms_of(sender.client, sender.vault, sender.connection, fields, 0, action_id)
    prepared = prepare(fields, context, terms)
    ready = None if isinstance(prepared, Fail) else prepared
    context, _ = masked(fields, context)
    try:
        texts = render_texts(fields, context, terms.nonce, ready.cuts if ready else {})
    except TooLarge as error:
        return Preview((), failure=Failure(error.code, error.message, error.remedy))
    named = (("system_prompt", texts.system), ("prompt", texts.prompt))
    shown = tuple(PreviewText(name, _shown(text)) for name, text in named if text.pieces)
    tokens = request_tokens(ready.request) if ready else sum(estimate_tokens(text.text) for _, text in named)
    found = replace(
        _priced(Preview(shown, tokens), fields, providers, context.workspace_id),
        fixed_tokens=fixed_tokens(texts),
        warnings=ready.warnings if ready else (),
        sources=ready.sources if ready else (),
        failure=prepared.failure if isinstance(prepared, Fail) else None,
    )
    return found if ready is None or sender is None else _as_sent(found, ready, sender)


def _as_sent(found: Preview, prepared: Prepared, sender: Sender) -> Preview:
    """The preview with the request's body, and what of the request the model would not get."""
    connection = sender.connection
    try:
        call, dropped = sender.client.built(connection.provider, connection.base_url, prepared.request)
    except PenstockError as error:
        return replace(found, failure=Failure(error.code, error.message, error.remedy))
    reasons = tuple(one.reason for one in dropped)
    return replace(found, sent=call.body, warnings=(*found.warnings, *reasons))


def _priced(
    found: Preview, fields: UseCustomLlmFields, providers: Mapping[int, str], workspace_id: int
) -> Preview:
    tokens = found.input_tokens or 0
    model = fields.model.strip()
    provider = providers.get(fields.connection_number or 0)
    if provider is None or not model:
        return replace(found, note="Choose a connection and a model to see what a record costs.")
    before, after = rates_per_million(provider, model, workspace_id)
    if provider == "local" and not before and not after:
        return replace(found, cost_usd=Decimal(0), note="The local model costs nothing.")
    if before is None or after is None:
        return replace(found, note=f"The price of {model} is not known.")
    answer = min(fields.max_output_tokens or ASSUMED_OUTPUT_TOKENS, ASSUMED_OUTPUT_TOKENS)
    cost = (Decimal(str(before)) * tokens + Decimal(str(after)) * answer) / MILLION
    note = f"Takes the answer to have {answer} tokens, without reasoning."
    if fields.search is not None:
        cost += price_of_searches(provider, model, 1)
        note += " One web search is in it, without the tokens of what it finds."
    return replace(found, cost_usd=cost, note=note)
