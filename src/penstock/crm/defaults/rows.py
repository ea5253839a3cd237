"""How the tables of default properties are written down: one call a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Option, Property, PropertyType


@dataclass(frozen=True, slots=True)
class DefaultType:
    """An object type of HubSpot with its groups (name and label) and properties."""

    object_type: ObjectType
    groups: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...]


def row(
    name: str,
    label: str,
    type: PropertyType,  # noqa: A002  (the word of HubSpot's API)
    field_type: str,
    group: str,
    description: str = "",
    *,
    options: Sequence[Option] = (),
    unique: bool = False,
    read_only: bool = False,
    form: bool = False,
) -> Property:
    """A default property."""
    return Property(
        name,
        label,
        type,
        field_type,
        group,
        description,
        options=tuple(options),
        has_unique_value=unique,
        read_only_value=read_only,
        form_field=form,
        hubspot_defined=True,
    )


def choices(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    """Options from (value, label) pairs, in display order."""
    return tuple(Option(value, label, order) for order, (value, label) in enumerate(pairs))


def about_the_record(group: str, modified: str) -> tuple[Property, ...]:
    """The properties every type has: computed ones, and the owner. `modified` is the name of the last change's date."""
    return (
        row("hs_object_id", "Record ID", "number", "number", group, "The id of this record.", read_only=True),
        row(
            "createdate",
            "Create Date",
            "datetime",
            "date",
            group,
            "When the record was created.",
            read_only=True,
        ),
        row(
            modified,
            "Last Modified Date",
            "datetime",
            "date",
            group,
            "When any property last changed.",
            read_only=True,
        ),
        row(
            "hubspot_owner_id",
            "Owner",
            "enumeration",
            "select",
            group,
            "The user who is responsible for the record.",
        ),
        row("hubspot_team_id", "Team", "enumeration", "select", group, "The team of the owner."),
    )
