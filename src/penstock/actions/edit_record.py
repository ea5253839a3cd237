"""Edit record (HubSpot's 0-5): set, copy, clear, increment or append to one property of the enrolled record.

Whatever is written went through `crm.values.normalise` first; a value that does not fit its property fails
the step and is never written.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, localcontext

from pydantic import BaseModel, ConfigDict, Field

from penstock.actions.action import Action, CheckContext, Effect, OutputType, Section, StepContext, no_outputs
from penstock.actions.outcome import Done, Fail, Failure, Outcome, SetProperties
from penstock.actions.tokens import check_property, missing_warnings
from penstock.actions.values import (
    Increment,
    Resolved,
    StaticValue,
    ValueSpec,
    check_value,
    resolve,
    source_of,
    value_options,
)
from penstock.crm.properties import Property
from penstock.crm.values import normalise
from penstock.errors import InvalidProperty, Problem
from penstock.kit.json import Json, JsonObject

# A double's reach: values of number properties go no further (crm.values).
MOST_DIGITS = 308


class EditRecordFields(BaseModel):
    """Inputs of *Edit record*."""

    model_config = ConfigDict(extra="allow", frozen=True)

    property_name: str = Field(
        title="Property to edit", json_schema_extra={"control": "property", "writable": True}
    )
    value: ValueSpec = Field(
        title="New value",
        description="A text with tokens, a record property, an earlier output, a date, or an amount to add.",
        json_schema_extra={"control": "value", "of": "property_name"},
    )
    association: Json = Field(
        default=None,
        title="Associated record",
        description="HubSpot's choice of an associated record to edit; kept, and not run by Penstock yet.",
        json_schema_extra={"control": "hidden"},
    )


def check(fields: EditRecordFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Unknown or read-only properties, values that can never fit, unknown references."""
    problems = check_property(fields.property_name, ctx, f"{path}.property_name")
    problems += check_value(fields.value, ctx, f"{path}.value")
    if fields.association is not None:
        problems.append(
            Problem(
                f"{path}.association",
                "UNSUPPORTED_FIELD",
                "Penstock does not edit associated records yet. Remove 'association' to edit the enrolled record.",
            )
        )
    prop = ctx.schema.properties.get(fields.property_name) if ctx.schema else None
    if prop is None:
        return problems
    if prop.read_only_value:
        problems.append(
            Problem(
                f"{path}.property_name",
                "READ_ONLY_PROPERTY",
                f"'{prop.name}' is read-only. Choose another property.",
            )
        )
    return problems + _check_fit(fields.value, prop, ctx, f"{path}.value")


def run(fields: EditRecordFields, ctx: StepContext) -> Outcome:
    """Writes the value; the step's outputs are empty, its inputs show the property and the value written."""
    if fields.association is not None:
        return _fail(
            "UNSUPPORTED_FIELD", "Penstock does not edit associated records yet.", "Remove 'association'."
        )
    prop = ctx.schema.properties.get(fields.property_name)
    if prop is None:
        return _fail(
            "UNKNOWN_PROPERTY",
            f"{ctx.schema.object_type.name} has no property named '{fields.property_name}'.",
            "Create the property or edit the step.",
        )
    if prop.read_only_value:
        return _fail(
            "READ_ONLY_PROPERTY", f"'{prop.name}' is read-only.", "Choose another property in the step."
        )
    resolved = resolve(fields.value, ctx, prop.type)
    if isinstance(resolved, Failure):
        return Fail(resolved, {"property_name": prop.name})
    current = ctx.values.get(prop.name)
    try:
        value = _applied(resolved, prop, current)
    except InvalidProperty as error:
        return Fail(
            Failure("INVALID_PROPERTY_VALUE", error.message, error.remedy or "Change the step's value."),
            {"property_name": prop.name},
        )
    inputs: JsonObject = {"property_name": prop.name, "value": value, "previous_value": current}
    detail: JsonObject = dict(source_of(fields.value, ctx))
    if resolved.missing:
        detail["warnings"] = missing_warnings(resolved.missing)
    return Done(writes=(SetProperties({prop.name: value}),), inputs=inputs, detail=detail or None)


def _applied(resolved: Resolved, prop: Property, current: str | None) -> str | None:
    if resolved.operation == "increment":
        return normalise(prop, _sum(prop, current, resolved.text or "0"))
    # HubSpot: a multi-checkbox value that starts with ";" is added to the options chosen already.
    added = prop.multiple and resolved.text is not None and resolved.text.lstrip().startswith(";")
    if resolved.operation == "append" or added:
        return _appended(prop, current, resolved.text)
    return None if resolved.text is None else normalise(prop, resolved.text)


def _sum(prop: Property, current: str | None, amount: str) -> str:
    """Decimal arithmetic, so that 0.1 added ten times is 1; an empty property counts as 0."""
    if prop.type != "number":
        raise InvalidProperty(
            f"'{prop.name}' is of type {prop.type}, so nothing can be added to it.",
            remedy="Choose a number property.",
        )
    try:
        with localcontext(prec=MOST_DIGITS):
            total = Decimal(current or "0") + Decimal(amount)
        if total.is_finite() and abs(total.adjusted()) < MOST_DIGITS:
            return format(total, "f")
    except InvalidOperation:
        pass  # not a number at all: said below, together with those that are too large
    raise InvalidProperty(
        f"The amount to add to '{prop.name}' is no number that fits ({len(amount)} characters).",
        remedy="Write a number such as 1 or -2.5.",
    )


def _appended(prop: Property, current: str | None, addition: str | None) -> str | None:
    """Multi-checkbox values keep their set meaning: what is there already is not added twice."""
    if addition is None:
        return current
    if prop.multiple:
        added = normalise(prop, addition) or ""
        held = current.split(";") if current else []
        return ";".join(dict.fromkeys([*held, *added.removeprefix(";").split(";")]))
    if prop.type in ("string", "phone_number"):
        # HubSpot appends to text as it stands: a separator is the author's to write.
        return normalise(prop, (current or "") + addition)
    raise InvalidProperty(
        f"'{prop.name}' is of type {prop.type} ({prop.field_type}), so nothing can be appended to it.",
        remedy="Append to a text or multiple checkboxes property, or set the value instead.",
    )


def _check_fit(value: ValueSpec, prop: Property, ctx: CheckContext, path: str) -> list[Problem]:
    if isinstance(value, Increment) and prop.type != "number":
        message = f"'{prop.name}' is of type {prop.type}; only a number can be incremented. Choose a number property."
        return [Problem(path, "WRONG_PROPERTY_TYPE", message)]
    if (
        isinstance(value, StaticValue)
        and isinstance(text := value.static_value, str)
        and text
        and "{{" not in text
    ):
        try:
            normalise(prop, text)
        except InvalidProperty as error:
            return [Problem(path, "INVALID_PROPERTY_VALUE", f"{error.message} {error.remedy}".strip())]
    spec = value_options(value, ctx)
    if spec is None or prop.type != "enumeration":
        return []
    if spec.type is not OutputType.ENUMERATION:
        message = (
            f"Output '{spec.name}' is free {spec.type}, but '{prop.name}' only takes its options. Records whose value is "
            "none of them will fail here: declare the output as a choice with options from this property."
        )
        return [Problem(path, "OUTPUT_MAY_NOT_FIT", message, "warning")]
    options = {option.value for option in prop.options}
    foreign = [option.value for option in spec.options if option.value not in options]
    if not foreign:
        return []
    message = f"Output '{spec.name}' can be {', '.join(foreign[:5])}, which '{prop.name}' has no option for. Add the option."
    return [Problem(path, "OUTPUT_MAY_NOT_FIT", message, "warning")]


def _fail(code: str, message: str, remedy: str) -> Fail:
    return Fail(Failure(code, message, remedy))


EDIT_RECORD = Action(
    action_type_id="0-5",
    name="edit_record",
    title="Edit record",
    section=Section.CRM,
    description="Set, copy, clear, increment or append to a property of the enrolled record.",
    effect=Effect.LOCAL,
    fields=EditRecordFields,
    outputs=no_outputs,
    check=check,
    run=run,
)
