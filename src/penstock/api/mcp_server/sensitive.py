"""What agents do not get to read: values of properties that are marked sensitive.

An agent is a language model of somebody else's choice, and no step's author has allowed it anything. So these values
never leave by this door, whatever is asked; the routes of the API give them to programs.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.actions.use_custom_llm_privacy import is_sensitive
from penstock.api.hubspot.object_reading import schema_of
from penstock.api.penstock.run_shapes import StepShape
from penstock.api.security import Call
from penstock.errors import InvalidInput, Problem

WITHHELD = "Withheld: the property is marked sensitive. People read it on the record's page."


async def sensitive_names(call: Call, object_type: str) -> frozenset[str]:
    """The sensitive properties of an object type. Raises NotFound for a type that does not exist."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, object_type)
    return frozenset(name for name in schema.properties if is_sensitive(schema, name))


async def refuse_to_search(call: Call, object_type: str, sensitive: frozenset[str]) -> None:
    """Raises InvalidInput where words are looked for in a sensitive property: whether a record is found would tell them."""
    async with call.transaction() as db:
        schema = await schema_of(db, call, object_type)
    searched = sorted(sensitive.intersection(schema.object_type.searchable_properties))
    if searched:
        message = f"Words are looked for in {', '.join(searched)} too, which agents do not get to read."
        raise InvalidInput(
            message,
            remedy="Use filters. Or take these out of the type's searchable properties.",
            problems=[Problem("query", "SENSITIVE_PROPERTY", message)],
        )


def withhold_from_step(step: StepShape, sensitive: frozenset[str]) -> None:
    """Takes sensitive values out of what a step wrote, and out of what it was given to write."""
    for value in step.values:
        if value.property in sensitive:
            value.before = value.after = WITHHELD
    if step.inputs is not None and step.inputs.get("property_name") in sensitive:
        step.inputs = {"property_name": step.inputs["property_name"], "value": WITHHELD}


def refuse_to_compare(named: Iterable[tuple[str, str]], sensitive: frozenset[str]) -> None:
    """Raises InvalidInput for a filter or order over a sensitive property: its results would tell the values.

    `named` are places in the arguments and the properties they name.
    """
    problems = [
        Problem(place, "SENSITIVE_PROPERTY", f"'{name}' is marked sensitive. Leave it out.")
        for place, name in named
        if name.lstrip("-") in sensitive
    ]
    if problems:
        raise InvalidInput(
            "Agents cannot filter or sort by properties that are marked sensitive.",
            problems=problems,
        )
