"""HubSpot's value specs: where an action takes a value from, and what it does with it.

Types as in the v4 flow schema (`APIStaticValue`, `APIObjectPropertyValue`, `APIActionDataValue`, ...), derived
from HubSpot's official API clients. Types that Penstock does not resolve are kept and reported as
UNSUPPORTED_VALUE; nothing is guessed for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag
from pydantic.alias_generators import to_camel

from penstock.actions.action import CheckContext, OutputSpec, StepContext
from penstock.actions.moments import TimeDelay, after, as_property_text
from penstock.actions.outcome import Failure
from penstock.actions.tokens import (
    check_output,
    check_property,
    check_text,
    output_reference,
    output_spec,
    output_value,
    render_text,
    token_paths,
)
from penstock.errors import Problem
from penstock.kit.json import Json
from penstock.kit.template import Escape


class ValueModel(BaseModel):
    """A value spec; unknown keys are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, populate_by_name=True)


class StaticValue(ValueModel):
    """A text written by the author, which may hold tokens; "" means no value."""

    type: Literal["STATIC_VALUE"] = "STATIC_VALUE"
    static_value: str | int | float | bool | None = None


class ObjectProperty(ValueModel):
    """The value of a property of the enrolled record."""

    type: Literal["OBJECT_PROPERTY"]
    property_name: str


class FieldData(ValueModel):
    """An output of an earlier action."""

    type: Literal["FIELD_DATA"]
    action_id: str
    data_key: str


class Timestamp(ValueModel):
    """The moment at which the step runs."""

    type: Literal["TIMESTAMP"]
    timestamp_type: Literal["EXECUTION_TIME"]


class RelativeDatetime(ValueModel):
    """The moment at which the step runs plus a delay (negative: before it)."""

    type: Literal["RELATIVE_DATETIME"]
    time_delay: TimeDelay


class Increment(ValueModel):
    """Add an amount to the number that the property holds; negative amounts subtract."""

    type: Literal["INCREMENT"]
    increment_amount: int | float | str


class StaticAppend(ValueModel):
    """Append the author's text to what the property holds."""

    type: Literal["STATIC_APPEND_VALUE"]
    static_append_value: str


class AppendProperty(ValueModel):
    """Append the value of another property to what the property holds."""

    type: Literal["APPEND_OBJECT_PROPERTY"]
    append_property_name: str


class OtherValue(ValueModel):
    """A value type that Penstock keeps and does not resolve."""

    type: str = ""


KNOWN_TYPES = frozenset(
    {
        "STATIC_VALUE",
        "OBJECT_PROPERTY",
        "FIELD_DATA",
        "TIMESTAMP",
        "RELATIVE_DATETIME",
        "INCREMENT",
        "STATIC_APPEND_VALUE",
        "APPEND_OBJECT_PROPERTY",
    }
)


def _tag(value: object) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return kind if kind in KNOWN_TYPES else "OTHER"


def _plain_value(value: object) -> object:
    # A bare text, number or yes/no is what people write by hand for a static value.
    if isinstance(value, str | int | float):
        return {"type": "STATIC_VALUE", "staticValue": value}
    return value


ValueSpec = Annotated[
    Annotated[StaticValue, Tag("STATIC_VALUE")]
    | Annotated[ObjectProperty, Tag("OBJECT_PROPERTY")]
    | Annotated[FieldData, Tag("FIELD_DATA")]
    | Annotated[Timestamp, Tag("TIMESTAMP")]
    | Annotated[RelativeDatetime, Tag("RELATIVE_DATETIME")]
    | Annotated[Increment, Tag("INCREMENT")]
    | Annotated[StaticAppend, Tag("STATIC_APPEND_VALUE")]
    | Annotated[AppendProperty, Tag("APPEND_OBJECT_PROPERTY")]
    | Annotated[OtherValue, Tag("OTHER")],
    Discriminator(_tag),
    BeforeValidator(_plain_value),
]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value at run: what to do with it, its text (None: no value) and the tokens that had no value."""

    operation: Literal["set", "increment", "append"]
    text: str | None
    missing: tuple[str, ...] = ()


def resolve(spec: ValueSpec, ctx: StepContext, property_type: str = "string") -> Resolved | Failure:
    """The value a spec stands for in this step, or why it has none to give.

    `property_type` is the HubSpot type of the property that the value is meant for: moments become dates for
    `date`, epoch-free ISO texts otherwise. An output of an action that did not run is a Failure, because
    clearing a property for that reason would lose data silently.
    """
    match spec:
        case StaticValue():
            rendered = render_text(_static_text(spec), ctx, Escape.TEXT)
            return Resolved("set", rendered.text or None, rendered.missing)
        case ObjectProperty():
            return Resolved("set", ctx.values.get(spec.property_name) or None)
        case FieldData():
            if spec.data_key not in ctx.outputs.get(spec.action_id, {}):
                return Failure(
                    "MISSING_OUTPUT",
                    f"Action {spec.action_id} gave no output '{spec.data_key}' to this record.",
                    "Let the record pass that action before this one, or choose another value.",
                )
            return Resolved("set", output_value(ctx.outputs, spec.action_id, spec.data_key))
        case Timestamp():
            return Resolved("set", as_property_text(ctx.now, property_type, ctx.time_zone))
        case RelativeDatetime():
            moment = after(ctx.now, spec.time_delay, ctx.time_zone)
            return Resolved("set", as_property_text(moment, property_type, ctx.time_zone))
        case Increment():
            return Resolved("increment", str(spec.increment_amount))
        case StaticAppend():
            rendered = render_text(spec.static_append_value, ctx, Escape.TEXT)
            return Resolved("append", rendered.text or None, rendered.missing)
        case AppendProperty():
            return Resolved("append", ctx.values.get(spec.append_property_name) or None)
        case OtherValue():
            return Failure(
                "UNSUPPORTED_VALUE",
                f"Penstock does not know values of type {spec.type or '(none)'}.",
                "Choose a static value, a record property or an earlier output instead.",
            )


def check_value(spec: ValueSpec, ctx: CheckContext, path: str) -> list[Problem]:
    """Problems of a value spec at save: unknown properties, outputs, tokens and value types."""
    match spec:
        case StaticValue():
            return check_text(_static_text(spec), ctx, f"{path}.staticValue")
        case ObjectProperty():
            return check_property(spec.property_name, ctx, f"{path}.propertyName")
        case FieldData():
            return check_output(spec.action_id, spec.data_key, ctx, path)
        case StaticAppend():
            return check_text(spec.static_append_value, ctx, f"{path}.staticAppendValue")
        case AppendProperty():
            return check_property(spec.append_property_name, ctx, f"{path}.appendPropertyName")
        case Increment() if not _is_number(spec.increment_amount):
            return [
                Problem(
                    f"{path}.incrementAmount",
                    "INVALID_FIELD",
                    "The amount to add must be a number such as 1 or -2.5.",
                )
            ]
        case OtherValue():
            return [
                Problem(
                    path,
                    "UNSUPPORTED_VALUE",
                    f"Penstock does not run values of type {spec.type or '(no type given)'}. Use STATIC_VALUE, "
                    "OBJECT_PROPERTY, FIELD_DATA, TIMESTAMP, RELATIVE_DATETIME, INCREMENT or an append value.",
                )
            ]
        case _:
            return []


def value_options(spec: ValueSpec, ctx: CheckContext) -> OutputSpec | None:
    """The declared output behind a FIELD_DATA value, when the flow knows it."""
    return output_spec(spec.action_id, spec.data_key, ctx) if isinstance(spec, FieldData) else None


# What of an earlier action's outputs the history keeps with a value that was taken from them.
ORIGINS = (("model", "hs_model"), ("prompt_hash", "hs_prompt_hash"), ("reviewed_by", "hs_reviewed_by"))


def source_of(spec: ValueSpec, ctx: StepContext) -> dict[str, Json]:
    """For a value that came from earlier actions: which, and the model, prompt and confidence behind it, for the history.

    A text with tokens of several actions names the first one that a model answered, else the first one.
    """
    named = [(action_id, key) for action_id, key in _outputs_in(spec) if action_id in ctx.outputs]
    if isinstance(spec, FieldData) and not named:
        return {"source_action_id": spec.action_id}
    if not named:
        return {}
    action_id, key = next((one for one in named if ctx.outputs[one[0]].get("hs_model")), named[0])
    outputs = ctx.outputs[action_id]
    origin: dict[str, Json] = {"source_action_id": action_id}
    for detail, output in ORIGINS:
        if outputs.get(output):
            origin[detail] = outputs[output]
    confidence = outputs.get(f"{key}_confidence")
    if isinstance(confidence, int | float) and not isinstance(confidence, bool):
        origin["confidence"] = confidence
    return origin


def _outputs_in(spec: ValueSpec) -> list[tuple[str, str]]:
    """The (actionId, output) pairs that a value is taken from, in the order in which they stand."""
    match spec:
        case FieldData():
            return [(spec.action_id, spec.data_key)]
        case StaticValue():
            paths = token_paths(_static_text(spec))
        case StaticAppend():
            paths = token_paths(spec.static_append_value)
        case _:
            return []
    return [reference for path in paths if (reference := output_reference(path)) is not None]


def _static_text(spec: StaticValue) -> str:
    value = spec.static_value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _is_number(amount: int | float | str) -> bool:
    try:
        return float(amount) - float(amount) == 0  # neither NaN nor infinite
    except ValueError:
        return False
