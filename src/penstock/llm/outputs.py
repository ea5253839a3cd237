"""Declared outputs of a step: to a JSON schema for the model, and from its answer to values (pure).

The model chooses nothing but the values of these fields, and of a choice only among its options (security R42).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from penstock.kit.json import Json, JsonObject, loads
from penstock.llm.errors import LlmError
from penstock.llm.prompt import schema_in_words

OutputType = Literal["text", "number", "yes_no", "date", "choice"]
OutputValue = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a choice can have: `value` is stored, `label` is what people and the model read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OutputField:
    """A field that the author wants filled in. `options` belong to the type choice."""

    name: str
    type: OutputType
    description: str = ""
    required: bool = True
    options: tuple[Option, ...] = ()


JSON_TYPES: dict[OutputType, str] = {
    "text": "string",
    "number": "number",
    "yes_no": "boolean",
    "date": "string",
    "choice": "string",
}


def schema(fields: Sequence[OutputField]) -> JsonObject:
    """The JSON schema of an answer with these fields, in their order.

    It keeps the rules of strict structured output: one closed object, everything required, optional fields
    nullable, no keywords that a provider may refuse (no format, minimum or length). A choice lists the labels
    of its options, which say more to a model than internal values; `parse` takes both.
    """
    properties: JsonObject = {field.name: _property(field) for field in fields}
    return {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }


def instruction(fields: Sequence[OutputField]) -> str:
    """The sentence that asks for these fields in words. The providers add it to the prompt by themselves, and
    only for models that cannot enforce a schema; it is here to show authors what such a model reads."""
    return schema_in_words(schema(fields))


def parse(answer: str, fields: Sequence[OutputField]) -> dict[str, OutputValue]:
    """The values in a model's answer: text, date (ISO 8601) and choice (the option's value) as str, number as
    float, yes_no as bool, an optional field without value as None.

    Tolerates a code fence, reasoning tags and prose around the JSON, and keys in another case. Raises LlmError of kind
    malformed, not retriable, naming the field that is missing or of the wrong shape; never the answer itself.
    """
    found = _json_object(answer)
    if found is None:
        raise _misfit("The answer holds no JSON object with the declared fields.", None)
    by_folded_name = {name.casefold(): value for name, value in found.items()}
    return {
        field.name: _value(field, found.get(field.name, by_folded_name.get(field.name.casefold())))
        for field in fields
    }


def _property(field: OutputField) -> JsonObject:
    description = field.description.strip()
    if field.type == "date":
        description = f"{description} (a date as YYYY-MM-DD)".strip()
    kind: Json = JSON_TYPES[field.type] if field.required else [JSON_TYPES[field.type], "null"]
    result: JsonObject = {"type": kind}
    if description:
        result["description"] = description
    if field.type == "choice":
        labels: list[Json] = list(dict.fromkeys(option.label or option.value for option in field.options))
        result["enum"] = labels if field.required else [*labels, None]
    return result


def _value(field: OutputField, raw: Json) -> OutputValue:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if field.required:
            raise _misfit(f"The answer leaves the required field '{field.name}' empty.", field)
        return None
    match field.type:
        case "text":
            return _text(field, raw)
        case "number":
            return _number(field, raw)
        case "yes_no":
            return _yes_no(field, raw)
        case "date":
            return _date(field, raw)
        case "choice":
            return _choice(field, raw)


def _text(field: OutputField, raw: Json) -> str:
    if isinstance(raw, dict | list):
        raise _misfit(f"The field '{field.name}' should be text; the answer has {_shape(raw)}.", field)
    return raw if isinstance(raw, str) else json.dumps(raw)


NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?|[-+]?\.\d+")


def _number(field: OutputField, raw: Json) -> float:
    value: float | None = None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        value = float(raw)
    elif isinstance(raw, str):
        # "$1,250.00" and "85 %" are meant as numbers; "between 3 and 5" is not one.
        written = raw.strip().strip("$€£%").strip()
        if NUMBER.fullmatch(written):
            value = float(written.replace(",", ""))
    if value is None or not math.isfinite(value):
        raise _misfit(f"The field '{field.name}' should be a number; the answer has {_shape(raw)}.", field)
    return value


YES, NO = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


def _yes_no(field: OutputField, raw: Json) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().rstrip(".").casefold() if isinstance(raw, str | int) else ""
    if word in YES or word in NO:
        return word in YES
    raise _misfit(f"The field '{field.name}' should be yes or no; the answer has {_shape(raw)}.", field)


def _date(field: OutputField, raw: Json) -> str:
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip()[:10]).isoformat()
        except ValueError:
            pass
    raise _misfit(
        f"The field '{field.name}' should be a date as YYYY-MM-DD; the answer has {_shape(raw)}.", field
    )


def _choice(field: OutputField, raw: Json) -> str:
    if isinstance(raw, str | int | float):
        said = raw.strip() if isinstance(raw, str) else json.dumps(raw)
        # The exact value first, then labels and other cases, so that one option's label cannot hide another's value.
        for option in field.options:
            if said == option.value:
                return option.value
        for option in field.options:
            if said.casefold() in {option.value.casefold(), option.label.casefold()}:
                return option.value
    names = ", ".join(option.label or option.value for option in field.options[:20])
    raise _misfit(
        f"The field '{field.name}' should be one of: {names}. The answer has something else.", field
    )


def _shape(raw: Json) -> str:
    if isinstance(raw, str):
        return f"a text of {len(raw)} characters"
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(raw), "nothing")


def _misfit(message: str, field: OutputField | None) -> LlmError:
    return LlmError(
        "malformed",
        message,
        field=field.name if field else None,
        retriable=False,
        remedy="Say in the prompt what the field holds, allow more output tokens, or choose a stronger model; then retry.",
    )


THINKING = re.compile(r"^\s*<(think|thinking|thought)>.*?</\1>", re.DOTALL | re.IGNORECASE)
FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)```", re.DOTALL)
MOST_STARTS = 200  # braces tried in a text around JSON, so that a hostile answer costs no more than it should


def _json_object(answer: str) -> JsonObject | None:
    """The first whole JSON object in the text: the text itself, the content of a code fence, or embedded in prose."""
    text = THINKING.sub("", answer).strip()
    for candidate in (text, *(match.group(1).strip() for match in FENCE.finditer(text))):
        try:
            value = loads(candidate)
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            return value[0]
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(MOST_STARTS):
        if start < 0:
            return None
        try:
            embedded, _end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        if isinstance(embedded, dict):
            return embedded
    return None
