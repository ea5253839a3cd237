"""The request of *Use a custom LLM* for one record: the author's texts with the record's values in them (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.actions.action import StepContext
from penstock.actions.outcome import Fail, Failure
from penstock.actions.tokens import missing_warnings, render_text
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.errors import TooLarge
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import Escape
from penstock.llm.outputs import OutputField
from penstock.llm.request import LlmRequest


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call ready to be made. `prompt_hash` names the author's texts and settings, not the record's values."""

    connection_id: int
    request: LlmRequest
    output_fields: tuple[OutputField, ...]
    prompt_hash: str
    warnings: tuple[str, ...] = ()

    def inputs(self) -> JsonObject:
        """What the step's row shows of the request."""
        request = self.request
        shown: dict[str, Json] = {
            "connection_id": str(self.connection_id),
            "model": request.model,
            "system_prompt": request.system,
            "prompt": request.prompt,
            "temperature": request.temperature,
            "reasoning_effort": request.effort,
            "max_output_tokens": request.max_output_tokens,
        }
        return {name: value for name, value in shown.items() if value is not None}


def prepare(fields: UseCustomLlmFields, ctx: StepContext) -> Prepared | Fail:
    """The request for this record, or why there is none to make."""
    if (connection_id := fields.connection_number) is None:
        return _fail(
            "CONNECTION_MISSING",
            "The step names no AI connection.",
            "Choose a connection in the step, then retry.",
        )
    if not fields.model.strip():
        return _fail("MODEL_MISSING", "The step names no model.", "Choose a model in the step, then retry.")
    try:
        prompt = render_text(fields.prompt, ctx, Escape.TEXT)
        system = render_text(fields.system_prompt, ctx, Escape.TEXT)
    except TooLarge as error:
        return _fail(error.code, error.message, error.remedy)
    if not prompt.text.strip():
        why = ", because its tokens have no value." if prompt.missing else "."
        remedy = "Fill in the record's properties, or give the tokens a default, then retry."
        return _fail("EMPTY_PROMPT", f"The prompt is empty for this record{why}", remedy)
    declared = fields.declared_for(ctx.schema)
    if isinstance(declared, Failure):
        return Fail(declared)
    request = LlmRequest(
        model=fields.model.strip(),
        prompt=prompt.text,
        system=system.text if system.text.strip() else None,
        temperature=fields.temperature,
        effort=fields.reasoning_effort,
        max_output_tokens=fields.max_output_tokens,
        timeout_seconds=fields.timeout_seconds,
        schema=declared.json_schema,
        json_prompt=fields.json_prompt,
    )
    warnings = tuple(str(warning) for warning in missing_warnings(system.missing + prompt.missing))
    return Prepared(connection_id, request, declared.fields, fields.prompt_hash, warnings)


def _fail(code: str, message: str, remedy: str) -> Fail:
    return Fail(Failure(code, message, remedy))
