"""Finds the declared fields in a model's answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from penstock.kit.json import JsonObject, loads
from penstock.llm.outputs.field import OutputField, OutputValue, confidence_name
from penstock.llm.outputs.values import misfit, read_confidence, read_value


@dataclass(frozen=True, slots=True)
class Answer:
    """The values of the declared fields by name: text, date (ISO 8601) and choice (the option's value) as str,
    number as float, yes_no as bool, choices and list as a list of str, an optional field without value as None.

    `confidences` (0 to 1) are those of the fields that were asked for one. `fell_back` names the fields whose
    fallback stands in for something that is none of their options.
    """

    values: Mapping[str, OutputValue]
    confidences: Mapping[str, float] = field(default_factory=dict)
    fell_back: tuple[str, ...] = ()


def parse(answer: str, fields: Sequence[OutputField]) -> Answer:
    """The values in a model's answer.

    Tolerates a code fence, reasoning tags and prose around the JSON, and keys in another case. Raises LlmError of kind
    malformed, not retriable, naming the field that is missing or of the wrong shape; never the answer itself.
    """
    found = _json_object(answer)
    if found is None:
        raise misfit("The answer holds no JSON object with the declared fields.", None)
    by_folded_name = {name.casefold(): value for name, value in found.items()}
    values: dict[str, OutputValue] = {}
    confidences: dict[str, float] = {}
    fell_back: list[str] = []
    for declared in fields:
        read = read_value(declared, found.get(declared.name, by_folded_name.get(declared.name.casefold())))
        values[declared.name] = read.value
        if read.fell_back:
            fell_back.append(declared.name)
        if declared.confidence:
            name = confidence_name(declared.name)
            # A fallback says that the answer was not understood, whatever the model thinks of it.
            said = found.get(name, by_folded_name.get(name.casefold()))
            confidences[declared.name] = 0.0 if read.fell_back else read_confidence(said)
    return Answer(values, confidences, tuple(fell_back))


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
