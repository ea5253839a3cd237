"""Use a custom LLM (ours: 1-1000): one prompt to a model of a connection of yours, answered as text or fields.

The engine makes the call; this file says what to ask (`prepare`) and what the answer comes to (`finish`).
Both are pure. The author's instructions go into the system part; values of a record only enter where the
author put a token (security R42, R43), and the model chooses nothing but the values of declared outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.actions.action import (
    Action,
    CheckContext,
    Effect,
    OutputOption,
    OutputSpec,
    OutputType,
    Section,
    StepContext,
)
from penstock.actions.outcome import Done, Fail, Failure
from penstock.actions.tokens import check_text, missing_warnings, render_text, token_paths
from penstock.actions.use_custom_llm_fields import DeclaredField
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields as UseCustomLlmFields
from penstock.crm.schema import ObjectSchema
from penstock.errors import Problem, TooLarge
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import Escape
from penstock.llm.errors import LlmError
from penstock.llm.outputs import OutputField, parse
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult

TEXT_OUTPUT = "text"
# What every answer also carries, so that a value copied from it keeps its origin in the property history.
PROVENANCE = {"hs_model": "Model", "hs_prompt_hash": "Prompt fingerprint"}
RESERVED_OUTPUTS = frozenset({TEXT_OUTPUT, *PROVENANCE})

# Property values end at 65,536 characters, as HubSpot's do; a longer answer is of no use to later steps.
MAX_OUTPUT_CHARACTERS = 65_536

OUTPUT_TYPES = {
    "text": OutputType.STRING,
    "number": OutputType.NUMBER,
    "yes_no": OutputType.BOOL,
    "date": OutputType.DATE,
    "choice": OutputType.ENUMERATION,
}


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
    )
    warnings = tuple(str(warning) for warning in missing_warnings(system.missing + prompt.missing))
    return Prepared(connection_id, request, declared.fields, fields.prompt_hash, warnings)


def finish(
    fields: UseCustomLlmFields,  # noqa: ARG001 - the engine hands back what it prepared from
    prepared: Prepared,
    result: LlmResult,
) -> Done | Fail:
    """What the model's answer comes to: outputs, or a failure with its remedy. The cost is the engine's to add."""
    detail = _detail(prepared, result)
    failure = _unusable(result)
    outputs: dict[str, Json] = {}
    if failure is None and prepared.output_fields:
        try:
            outputs.update(parse(result.text, prepared.output_fields))
        except LlmError as error:
            failure = Failure(
                "ANSWER_NOT_AS_DECLARED",
                error.message,
                error.remedy
                or "Say in the prompt what each field holds, or choose a stronger model, then retry.",
            )
    if failure is not None:
        return Fail(failure, prepared.inputs(), {**detail, "answer": result.text[:2000]})
    outputs[TEXT_OUTPUT] = result.text[:MAX_OUTPUT_CHARACTERS]
    outputs["hs_model"] = result.model
    outputs["hs_prompt_hash"] = prepared.prompt_hash
    return Done(outputs=outputs, inputs=prepared.inputs(), detail=detail)


def outputs(fields: UseCustomLlmFields, schema: ObjectSchema | None) -> tuple[OutputSpec, ...]:
    """The declared fields, the whole answer as `text`, and where it came from."""
    declared = tuple(
        OutputSpec(
            field.name,
            field.label or field.name,
            OUTPUT_TYPES[field.type],
            tuple(OutputOption(option.value, option.label) for option in field.choices(schema)),
        )
        for field in fields.output.declared
    )
    return (
        *declared,
        OutputSpec(TEXT_OUTPUT, "Whole answer", OutputType.STRING),
        *(OutputSpec(name, label, OutputType.STRING) for name, label in PROVENANCE.items()),
    )


def check(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Missing connection, model or prompt, values out of range, unknown tokens, outputs that cannot be."""
    problems = _check_connection(fields, ctx, path)
    if not fields.model.strip():
        problems.append(
            Problem(
                f"{path}.model", "MODEL_MISSING", "No model is chosen. Choose one of the connection's models."
            )
        )
    if not fields.prompt.strip():
        problems.append(
            Problem(f"{path}.prompt", "EMPTY_PROMPT", "The prompt is empty. Write what the model should do.")
        )
    problems += check_text(fields.system_prompt, ctx, f"{path}.system_prompt")
    problems += check_text(fields.prompt, ctx, f"{path}.prompt")
    if any(True for _ in token_paths(fields.system_prompt)):
        message = (
            "The system prompt holds tokens, so text from a record would speak with the author's voice. "
            "Move the tokens to the prompt."
        )
        problems.append(Problem(f"{path}.system_prompt", "TOKEN_IN_SYSTEM_PROMPT", message, "warning"))
    if fields.temperature is not None and not 0 <= fields.temperature <= 2:
        message = (
            f"The temperature is {fields.temperature:g}; it goes from 0 to 2. Choose a value in that range."
        )
        problems.append(Problem(f"{path}.temperature", "OUT_OF_RANGE", message))
    for name in ("max_output_tokens", "timeout_seconds", "max_attempts"):
        value = getattr(fields, name)
        if value is not None and value < 1:
            problems.append(Problem(f"{path}.{name}", "OUT_OF_RANGE", f"'{name}' must be 1 or more."))
    return problems + _check_outputs(fields.output.declared, ctx, f"{path}.output.fields")


def _check_connection(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    at = f"{path}.connection_id"
    if fields.connection_id is None or fields.connection_id == "":
        return [
            Problem(
                at,
                "CONNECTION_MISSING",
                "No AI connection is chosen. Choose one, or connect a provider first.",
            )
        ]
    number = fields.connection_number
    connection = ctx.connections.get(number) if number is not None else None
    if connection is None:
        message = (
            "The AI connection of this step does not exist here. Choose another, or connect the provider."
        )
        return [Problem(at, "CONNECTION_NOT_FOUND", message)]
    if connection.uninstalled:
        message = f"The AI connection '{connection.name}' was uninstalled. Choose another, or connect the provider again."
        return [Problem(at, "CONNECTION_UNINSTALLED", message)]
    if fields.provider and fields.provider != connection.provider:
        message = (
            f"The step says provider '{fields.provider}', but its connection '{connection.name}' is one of "
            f"'{connection.provider}'. The connection counts; correct the provider or choose another connection."
        )
        return [Problem(f"{path}.provider", "PROVIDER_MISMATCH", message, "warning")]
    return []


def _check_outputs(declared: Sequence[DeclaredField], ctx: CheckContext, path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, field in enumerate(declared):
        at = f"{path}[{index}]"
        if field.name in RESERVED_OUTPUTS:
            message = f"'{field.name}' is the name of an output that every answer has. Choose another name."
            problems.append(Problem(f"{at}.name", "RESERVED_OUTPUT", message))
        if field.name in seen:
            problems.append(
                Problem(f"{at}.name", "DUPLICATE_OUTPUT", f"'{field.name}' is declared twice. Rename one.")
            )
        seen.add(field.name)
        if field.type != "choice":
            continue
        if field.options_from_property and ctx.schema is not None:
            prop = ctx.schema.properties.get(field.options_from_property)
            if prop is None or not prop.options:
                message = f"'{field.options_from_property}' is not a property with options. Choose a property that has some."
                problems.append(Problem(f"{at}.options_from_property", "UNKNOWN_PROPERTY", message))
        elif not field.options and not field.options_from_property:
            message = f"The choice '{field.name}' has no options. List them, or take them from a property."
            problems.append(Problem(f"{at}.options", "MISSING_FIELD", message))
    return problems


def _unusable(result: LlmResult) -> Failure | None:
    match result.stop:
        case "truncated":
            return Failure(
                "ANSWER_TRUNCATED",
                "The answer was cut off at the output limit, so it is incomplete.",
                "Raise the maximum output tokens, lower the reasoning effort, or ask for less, then retry.",
            )
        case "refused":
            return Failure(
                "ANSWER_REFUSED",
                "The model refused to answer.",
                "Change the prompt or choose another model, then retry.",
            )
        case "content_filter":
            return Failure(
                "CONTENT_FILTERED",
                "The provider's content filter stopped the answer.",
                "Look at this record's text, change the prompt or choose another provider, then retry.",
            )
        case _ if not result.text.strip():
            return Failure(
                "EMPTY_ANSWER",
                "The model answered with no text.",
                "Raise the maximum output tokens if the model reasons, or change the prompt, then retry.",
            )
        case _:
            return None


def _detail(prepared: Prepared, result: LlmResult) -> JsonObject:
    usage = result.usage
    detail: dict[str, Json] = {
        "model": result.model,
        "prompt_hash": prepared.prompt_hash,
        "request_id": result.request_id,
        "latency_ms": result.latency_ms,
        "stop": result.stop,
        "tokens": {
            "input": usage.input,
            "output": usage.output,
            "cached": usage.cached,
            "cache_write": usage.cache_write,
            "reasoning": usage.reasoning,
        },
    }
    if result.dropped:
        detail["dropped"] = [{"field": dropped.field, "reason": dropped.reason} for dropped in result.dropped]
    if prepared.warnings:
        detail["warnings"] = list(prepared.warnings)
    return detail


def _fail(code: str, message: str, remedy: str) -> Fail:
    return Fail(Failure(code, message, remedy))


USE_CUSTOM_LLM = Action(
    action_type_id="1-1000",
    name="use_custom_llm",
    title="Use a custom LLM",
    section=Section.AI,
    description="Ask a model of your own connection about the record, and use its answer in later steps.",
    effect=Effect.LLM,
    fields=UseCustomLlmFields,
    outputs=outputs,
    check=check,
    run=None,
)
