"""From one value of a model's answer to the value of a declared field, as people mean it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date

from penstock.kit.json import Json
from penstock.llm.errors import LlmError
from penstock.llm.outputs.field import OutputField, OutputValue

REMEDY = "Say in the prompt what the field holds, allow more output tokens, or choose a stronger model; then retry."


@dataclass(frozen=True, slots=True)
class Read:
    """A value, and whether the field's fallback stands in for something the model said."""

    value: OutputValue
    fell_back: bool = False


def read_value(field: OutputField, raw: Json) -> Read:
    """The value of a field. Raises LlmError of kind malformed when it does not fit; never with the value in it."""
    if raw is None or raw == [] or (isinstance(raw, str) and not raw.strip()):
        if field.required:
            raise misfit(f"The answer leaves the required field '{field.name}' empty.", field)
        return Read(None)
    match field.type:
        case "text":
            return Read(_text(field, raw))
        case "number":
            return Read(_number(field, raw))
        case "yes_no":
            return Read(_yes_no(field, raw))
        case "date":
            return Read(_date(field, raw))
        case "choice":
            return _choice(field, raw)
        case "choices":
            return _choices(field, raw)
        case "list":
            return Read(_list(field, raw) or None)


def read_confidence(raw: Json) -> float:
    """How sure the model says it is, 0 to 1; a model that does not say, or not as a number, is not sure at all."""
    if isinstance(raw, str) and NUMBER.fullmatch(written := raw.strip().rstrip("%").strip()):
        raw = float(written.replace(",", ""))
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        return 0.0
    # 85 and "85 %" are meant as 0.85.
    share = raw / 100 if 1 < raw <= 100 else raw
    return float(share) if 0 <= share <= 1 else 0.0


def _text(field: OutputField, raw: Json) -> str:
    if isinstance(raw, dict | list):
        raise misfit(f"The field '{field.name}' should be text; the answer has {_shape(raw)}.", field)
    return raw if isinstance(raw, str) else json.dumps(raw)


NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?|[-+]?\.\d+")


def _number(field: OutputField, raw: Json) -> float:
    value: float | None = None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        value = _finite(raw)
    elif isinstance(raw, str):
        # "$1,250.00" and "85 %" are meant as numbers; "between 3 and 5" is not one.
        written = raw.strip().strip("$€£%").strip()
        if NUMBER.fullmatch(written):
            value = _finite(float(written.replace(",", "")))
    if value is None:
        raise misfit(f"The field '{field.name}' should be a number; the answer has {_shape(raw)}.", field)
    return value


def _finite(number: int | float) -> float | None:
    try:
        value = float(number)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


YES, NO = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})


def _yes_no(field: OutputField, raw: Json) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().rstrip(".").casefold() if isinstance(raw, str | int) else ""
    if word in YES or word in NO:
        return word in YES
    raise misfit(f"The field '{field.name}' should be yes or no; the answer has {_shape(raw)}.", field)


def _date(field: OutputField, raw: Json) -> str:
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip()[:10]).isoformat()
        except ValueError:
            pass
    raise misfit(
        f"The field '{field.name}' should be a date as YYYY-MM-DD; the answer has {_shape(raw)}.", field
    )


def _choice(field: OutputField, raw: Json) -> Read:
    if isinstance(raw, list) and len(raw) == 1:
        raw = raw[0]
    found = _option(field, raw)
    if found is not None:
        return Read(found)
    if field.fallback is not None:
        return Read(field.fallback, fell_back=True)
    raise _no_option(field)


def _choices(field: OutputField, raw: Json) -> Read:
    said: list[Json] = raw if isinstance(raw, list) else [raw]
    if isinstance(raw, str) and _option(field, raw) is None:
        # An option's own text may hold a comma, so the whole is looked for before it is cut.
        said = [part for part in re.split(r"[;,\n]", raw) if part.strip()]
    found: list[str] = []
    fell_back = False
    for each in said:
        value = _option(field, each)
        if value is None:
            if field.fallback is None:
                raise _no_option(field)
            value, fell_back = field.fallback, True
        found.append(value)
    return Read(list(dict.fromkeys(found)), fell_back)


def _option(field: OutputField, raw: Json) -> str | None:
    """The value of the option that is meant: by its exact value first, then by label or value in another case, so
    that one option's label cannot hide another's value."""
    if not isinstance(raw, str | int | float):
        return None
    said = raw.strip() if isinstance(raw, str) else json.dumps(raw)
    for option in field.options:
        if said == option.value:
            return option.value
    folded = said.casefold()
    for option in field.options:
        if folded in {option.value.casefold(), option.label.strip().casefold()}:
            return option.value
    return None


def _no_option(field: OutputField) -> LlmError:
    names = ", ".join(option.label or option.value for option in field.options[:20])
    return misfit(
        f"The field '{field.name}' should be one of: {names}. The answer has something else.", field
    )


BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def _list(field: OutputField, raw: Json) -> list[str]:
    if isinstance(raw, str):
        raw = [BULLET.sub("", line) for line in raw.splitlines()]
    if not isinstance(raw, list) or any(isinstance(item, dict | list) for item in raw):
        raise misfit(
            f"The field '{field.name}' should be a list of texts; the answer has {_shape(raw)}.", field
        )
    texts = [item.strip() if isinstance(item, str) else json.dumps(item) for item in raw if item is not None]
    kept = [text for text in texts if text]
    if not kept and field.required:
        raise misfit(f"The answer leaves the required field '{field.name}' empty.", field)
    return kept


def _shape(raw: Json) -> str:
    if isinstance(raw, str):
        return f"a text of {len(raw)} characters"
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(raw), "nothing")


def misfit(message: str, field: OutputField | None) -> LlmError:
    """The error of an answer that does not fit what was declared."""
    return LlmError("malformed", message, field=field.name if field else None, retriable=False, remedy=REMEDY)
