"""The JSON schema of an answer with declared fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from penstock.kit.json import Json, JsonObject
from penstock.llm.outputs.field import Option, OutputField, OutputType, confidence_name
from penstock.llm.prompt import schema_in_words

JSON_TYPES: dict[OutputType, str] = {
    "text": "string",
    "number": "number",
    "yes_no": "boolean",
    "date": "string",
    "choice": "string",
    "choices": "array",
    "list": "array",
}


def schema(fields: Sequence[OutputField]) -> JsonObject:
    """The JSON schema of an answer with these fields, in their order.

    It keeps the rules of strict structured output: one closed object, everything required, optional fields
    nullable, no keywords that a provider may refuse (no format, minimum or length). A choice lists the labels
    of its options, which say more to a model than internal values; `parse` takes both.
    """
    properties: JsonObject = {}
    for field in fields:
        properties[field.name] = _property(field)
        if field.confidence:
            # After the value, so that a model which writes in order has chosen before it judges its choice.
            properties[confidence_name(field.name)] = {
                "type": "number",
                "description": f"How sure you are of {field.name}, from 0 to 1",
            }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def instruction(fields: Sequence[OutputField]) -> str:
    """The sentence that asks for these fields in words, as models get it that cannot enforce a schema."""
    return schema_in_words(schema(fields))


def spelled(options: Sequence[Option]) -> list[str]:
    """How each option is put to the model: its label, or its value where several have the same label."""
    labels = Counter(_label(option).casefold() for option in options)
    return [_label(option) if labels[_label(option).casefold()] == 1 else option.value for option in options]


def _label(option: Option) -> str:
    return option.label.strip() or option.value


def _property(field: OutputField) -> JsonObject:
    description = field.description.strip()
    if field.type == "date":
        description = f"{description} (a date as YYYY-MM-DD)".strip()
    kind: Json = JSON_TYPES[field.type] if field.required else [JSON_TYPES[field.type], "null"]
    result: JsonObject = {"type": kind}
    if description:
        result["description"] = description
    words: list[Json] = list(dict.fromkeys(spelled(field.options)))
    if field.type == "choice":
        result["enum"] = words if field.required else [*words, None]
    elif field.type == "choices":
        result["items"] = {"type": "string", "enum": words}
    elif field.type == "list":
        result["items"] = {"type": "string"}
    return result
