"""What a model's answer comes to in *Use a custom LLM*: outputs, one more call, or a failure (pure)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from penstock.actions.outcome import Done, Fail, Failure, Wait
from penstock.actions.tokens import text_of
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.actions.use_custom_llm_knowledge import outputs_of
from penstock.actions.use_custom_llm_outputs import TEXT_OUTPUT, sources_as_outputs
from penstock.actions.use_custom_llm_request import Prepared
from penstock.actions.use_custom_llm_review import review_of
from penstock.errors import TooLarge
from penstock.kit import template
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import Escape
from penstock.llm.errors import LlmError
from penstock.llm.fence import without_fences
from penstock.llm.masking import restore
from penstock.llm.outputs import Answer, OutputValue, confidence_name, parse
from penstock.llm.providers.anthropic import PAUSED
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult
from penstock.llm.sources import as_json

# Property values end at 65,536 characters, as HubSpot's do; a longer answer is of no use to later steps.
MAX_OUTPUT_CHARACTERS = 65_536

NOT_AS_DECLARED = "ANSWER_NOT_AS_DECLARED"


def finish(
    fields: UseCustomLlmFields,
    prepared: Prepared,
    result: LlmResult,
) -> Done | Wait | Fail:
    """What the model's answer comes to: outputs, a wait for somebody who looks at them, or a failure with its remedy.

    The cost is the engine's to add.
    """
    result = _plain(prepared, result)
    detail = _detail(prepared, result)
    failure = _unusable(result)
    outputs: dict[str, Json] = {}
    answer = None
    if failure is None and prepared.output_fields:
        try:
            answer = _unmasked(parse(result.text, prepared.output_fields), prepared)
            outputs.update(cast("JsonObject", answer.values))
            outputs.update({confidence_name(name): sure for name, sure in answer.confidences.items()})
            if answer.fell_back:
                detail["fell_back"] = list(answer.fell_back)
        except LlmError as error:
            failure = Failure(
                NOT_AS_DECLARED,
                error.message,
                error.remedy
                or "Say in the prompt what each field holds, or choose a stronger model, then retry.",
            )
    if failure is not None:
        return Fail(failure, prepared.inputs(), {**detail, "answer": result.text[:MAX_OUTPUT_CHARACTERS]})
    outputs[TEXT_OUTPUT] = str(restore(result.text, prepared.originals))[:MAX_OUTPUT_CHARACTERS]
    outputs.update(_about_sources(prepared, outputs))
    outputs["hs_model"] = result.model
    outputs["hs_prompt_hash"] = prepared.prompt_hash
    if fields.web_search:
        outputs.update(sources_as_outputs(result.sources, result.usage.searches))
    review = review_of(fields, prepared.output_fields, answer, outputs) if answer is not None else None
    if review is not None:
        detail["answer"] = result.text[:MAX_OUTPUT_CHARACTERS]
        return Wait(wait_for="review", inputs=prepared.inputs(), detail=detail, review=review)
    return Done(outputs=outputs, inputs=prepared.inputs(), detail=detail)


def repair(
    fields: UseCustomLlmFields, prepared: Prepared, result: LlmResult, failed: Fail
) -> LlmRequest | None:
    """The one request that asks again after an answer that does not fit; None when the author wants none, or when
    asking again would not help.

    The first prompt stays as it was in front of the author's words, so that a provider's prompt cache serves it.
    """
    if failed.failure.code != NOT_AS_DECLARED or not fields.repair_prompt.strip():
        return None
    known: dict[tuple[str, ...], str] = {
        ("answer",): result.text[:MAX_OUTPUT_CHARACTERS],
        ("problem",): failed.failure.message,
    }
    try:
        again = template.render(
            template.parse(fields.repair_prompt), lambda path: known.get(path), Escape.TEXT
        ).text
    except TooLarge:
        return None
    # What was found stands in the answer; a second search would cost and might find something else.
    return replace(prepared.request, prompt=f"{prepared.request.prompt}\n\n{again}", search=None)


def _plain(prepared: Prepared, result: LlmResult) -> LlmResult:
    """The answer without the tags of a fence that it copied."""
    if not prepared.nonce or prepared.nonce not in result.text:
        return result
    return replace(result, text=without_fences(result.text, prepared.nonce))


def _unmasked(answer: Answer, prepared: Prepared) -> Answer:
    """The declared values with what the masks in them stand for."""
    if not prepared.originals:
        return answer
    values = {name: restore(cast("Json", value), prepared.originals) for name, value in answer.values.items()}
    return replace(answer, values=cast("dict[str, OutputValue]", values))


def _unusable(result: LlmResult) -> Failure | None:
    match result.stop:
        case "truncated" if result.raw_stop == PAUSED:
            return Failure(
                "ANSWER_TRUNCATED",
                "The provider paused a long search, so the answer is not finished.",
                "Allow fewer searches or ask for less, then retry.",
            )
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


def _about_sources(prepared: Prepared, outputs: JsonObject) -> JsonObject:
    """What the answer was made from. Citations are looked for in the declared fields, else in the whole answer."""
    if not prepared.sources:
        return {}
    declared = [outputs.get(field.name) for field in prepared.output_fields] or [outputs[TEXT_OUTPUT]]
    return outputs_of(prepared.sources, [text for text in map(text_of, declared) if text])


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
    if prepared.request.search is not None:
        detail["searches"] = usage.searches
        detail["sources"] = as_json(result.sources)
    if result.dropped:
        detail["dropped"] = [{"field": dropped.field, "reason": dropped.reason} for dropped in result.dropped]
    if prepared.sources:
        detail["knowledge"] = [source.as_json() for source in prepared.sources]
    if prepared.warnings:
        detail["warnings"] = list(prepared.warnings)
    return detail
