"""Doubtful answers of *Use a custom LLM*: which ones a person looks at, and what becomes of them then (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from penstock.actions.outcome import Done, Fail, Failure, ReviewField, ReviewWish
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.actions.use_custom_llm_outputs import REVIEWED_BY
from penstock.errors import InvalidInput
from penstock.kit.json import Json, JsonObject
from penstock.llm.errors import LlmError
from penstock.llm.outputs import Answer, Option, OutputField, OutputType, confidence_name
from penstock.llm.outputs.values import read_value

# Text that a reviewer writes may be as long as a property value.
LONGEST_VALUE = 65_536


def review_of(
    fields: UseCustomLlmFields, asked: Sequence[OutputField], answer: Answer, outputs: JsonObject
) -> ReviewWish | None:
    """What a person must look at; None when the model is sure enough of every field."""
    if all(declared.review_below is None for declared in fields.output.declared):
        return None
    rows: list[ReviewField] = []
    for declared, field in zip(fields.output.declared, asked, strict=True):
        confidence = answer.confidences.get(field.name)
        threshold = declared.review_below
        rows.append(
            ReviewField(
                name=field.name,
                label=declared.label or field.name,
                type=field.type,
                value=cast("Json", answer.values[field.name]),
                confidence=confidence,
                threshold=threshold,
                doubtful=threshold is not None and confidence is not None and confidence < threshold,
                options=tuple((option.value, option.label) for option in field.options),
                fallback=declared.fallback or None,
                required=field.required,
            )
        )
    return ReviewWish(tuple(rows), outputs) if any(row.doubtful for row in rows) else None


def approved(
    fields: Sequence[ReviewField], outputs: JsonObject, edits: Mapping[str, Json], who: str
) -> JsonObject:
    """The outputs of an answer that a person approved, with the values that they wrote instead.

    A written value has no confidence. Raises InvalidInput for a field that the answer does not have and for a value
    that does not fit.
    """
    by_name = {field.name: field for field in fields}
    result: JsonObject = {**outputs, REVIEWED_BY: who}
    for name, value in edits.items():
        field = by_name.get(name)
        if field is None:
            raise InvalidInput(
                f"`values.{name[:64]}` is no field of this answer.",
                remedy=f"Its fields are: {', '.join(by_name)}.",
            )
        result[name] = fitting(field, value)
        if confidence_name(name) in result:
            result[confidence_name(name)] = None
    return result


def rejected(
    when_rejected: str, fields: Sequence[ReviewField], outputs: JsonObject, who: str, reason: str
) -> Done | Fail:
    """What a rejected answer comes to, by the author's choice: the step fails, or the fallbacks stand in."""
    if when_rejected != "fallback":
        why = f" {reason}" if reason else ""
        return Fail(
            Failure(
                "REJECTED_IN_REVIEW",
                f"{who} rejected the model's answer.{why}",
                "Change the prompt or the record, then retry; the model is asked again.",
            )
        )
    result: JsonObject = {**outputs, REVIEWED_BY: who}
    for field in fields:
        if field.doubtful:
            result[field.name] = fitting(field, field.fallback) if field.fallback else None
            result[confidence_name(field.name)] = None
    return Done(outputs=result)


def fitting(field: ReviewField, value: Json) -> Json:
    """A value that a person wrote, in the type of its field. Raises InvalidInput naming the field."""
    options = tuple(Option(option, label) for option, label in field.options)
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        raise InvalidInput(
            f"`values.{field.name}` has {len(value):,} characters; {LONGEST_VALUE:,} are allowed."
        )
    asked = OutputField(field.name, cast("OutputType", field.type), required=field.required, options=options)
    try:
        return cast("Json", read_value(asked, value).value)
    except LlmError as error:
        message = error.message.replace("The answer has something else.", "").replace(
            "the answer has", "it is"
        )
        raise InvalidInput(f"`values.{field.name}` does not fit. {message}".strip()) from error
