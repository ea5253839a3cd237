"""The texts of a step as they come out for a record, with what has no value marked. No model is asked; it is free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from penstock.actions.action import StepContext
from penstock.actions.tokens import lookup_token
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.crm.computed import visible_values
from penstock.crm.schema import ObjectSchema
from penstock.errors import NotFound, TooLarge
from penstock.kit import template
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.kit.template import Escape, Template, Token
from penstock.llm.prices import rates_per_million
from penstock.llm.prompt import estimate_tokens
from penstock.workflows.dry_run import LOAD_RECORD
from penstock.workflows.legs.leg import Workspace
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
    """

    texts: tuple[PreviewText, ...]
    input_tokens: int | None = None
    cost_usd: Decimal | None = None
    note: str = ""

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


def preview(plan: Plan, action_id: str, context: StepContext, providers: Mapping[int, str]) -> Preview:
    """The texts of an action of `plan` as `context` makes them. `providers` maps connection ids to providers.

    Raises NotFound for an unknown action; an action whose inputs cannot be read has no texts.
    """
    node = plan.nodes.get(action_id)
    if node is None:
        raise NotFound(
            f"The document has no action {action_id}.", remedy="Send the document that holds the action."
        )
    if node.fields is None:
        return Preview(())
    texts = tuple(
        PreviewText(name, tuple(_segments(value, context)))
        for name, value in _texts_of(node.fields)
        if value.strip()
    )
    if isinstance(node.fields, UseCustomLlmFields):
        return _priced(texts, node.fields, providers)
    return Preview(texts)


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
    """The inputs that hold tokens, by the hint in their schema, and the system prompt, which is read along."""
    for name, info in type(fields).model_fields.items():
        extra = info.json_schema_extra
        value = getattr(fields, name)
        hinted = isinstance(extra, dict) and extra.get("tokens") is True
        if isinstance(value, str) and (hinted or name == "system_prompt"):
            yield name, value


def _segments(text: str, context: StepContext) -> Iterator[Segment]:
    left = LONGEST_SHOWN
    for piece in template.parse(text).pieces:
        segment = _segment(piece, context)
        if len(segment.text) > left:
            yield Segment(segment.text[:left] + "…", segment.token)
            return
        left -= len(segment.text)
        yield segment


def _segment(piece: str | Token, context: StepContext) -> Segment:
    if isinstance(piece, str):
        return Segment(piece)
    try:
        rendered = template.render(
            Template((piece,), ()), lambda path: lookup_token(context, path), Escape.TEXT
        )
    except TooLarge as error:
        return Segment(error.message, piece.name, missing=True)
    return Segment(rendered.text, piece.name, missing=bool(rendered.missing))


def _priced(
    texts: tuple[PreviewText, ...], fields: UseCustomLlmFields, providers: Mapping[int, str]
) -> Preview:
    tokens = sum(estimate_tokens(text.text) for text in texts)
    provider = providers.get(fields.connection_number or 0)
    if provider is None or not fields.model.strip():
        return Preview(texts, tokens, None, "Choose a connection and a model to see what a record costs.")
    if provider == "local":
        return Preview(texts, tokens, Decimal(0), "The local model costs nothing.")
    before, after = rates_per_million(provider, fields.model.strip())
    if before is None or after is None:
        return Preview(texts, tokens, None, f"The price of {fields.model.strip()} is not known.")
    answer = min(fields.max_output_tokens or ASSUMED_OUTPUT_TOKENS, ASSUMED_OUTPUT_TOKENS)
    cost = (Decimal(str(before)) * tokens + Decimal(str(after)) * answer) / MILLION
    return Preview(texts, tokens, cost, f"Takes the answer to have {answer} tokens, without reasoning.")
