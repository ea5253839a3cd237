"""Properties and groups as HubSpot's JSON, both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from penstock.api.hubspot.batch import MOST_INPUTS
from penstock.api.shapes import ForeignWish, Shape, Time
from penstock.crm.properties import FIELD_TYPES, Option, Property, PropertyType
from penstock.crm.property_groups import PropertyGroup


class OptionShape(ForeignWish):
    """One choice of an enumeration."""

    label: str
    value: str
    display_order: int = -1
    hidden: bool = False
    description: str | None = ""

    def option(self) -> Option:
        """The choice as the CRM keeps it."""
        return Option(self.value, self.label, self.display_order, self.hidden, self.description or "")


class ModificationMetadata(Shape):
    """What may be changed."""

    archivable: bool
    read_only_value: bool
    read_only_definition: bool


class PropertyShape(Shape):
    """HubSpot's Property."""

    name: str
    label: str
    type: str
    field_type: str
    group_name: str
    description: str
    options: list[OptionShape]
    display_order: int
    calculated: bool
    external_options: bool
    has_unique_value: bool
    hidden: bool
    hubspot_defined: bool
    form_field: bool
    data_sensitivity: str
    archived: bool
    modification_metadata: ModificationMetadata
    created_at: Time | None = None
    updated_at: Time | None = None
    archived_at: Time | None = None


class Properties(Shape):
    """All properties of an object type."""

    results: list[PropertyShape]


class PropertyPatch(ForeignWish):
    """What may change of a property. Name, type and uniqueness stay: stored values depend on them."""

    label: str | None = None
    type: str | None = None
    field_type: str | None = None
    group_name: str | None = None
    description: str | None = None
    options: list[OptionShape] | None = None
    display_order: int | None = None
    hidden: bool | None = None
    form_field: bool | None = None

    def applied_to(self, prop: Property) -> Property:
        """The property with what was sent put in."""
        sent = {
            name: getattr(self, name) for name in self.model_fields_set if getattr(self, name) is not None
        }
        if self.options is not None:
            sent["options"] = tuple(option.option() for option in self.options)
        return replace(prop, **sent)


class PropertyWish(ForeignWish):
    """A property to create. Without `fieldType` it gets the usual one for its type."""

    name: str
    label: str
    type: PropertyType
    field_type: str | None = None
    group_name: str = ""
    description: str = ""
    options: list[OptionShape] = []  # noqa: RUF012 - Pydantic copies defaults
    display_order: int = -1
    has_unique_value: bool = False
    hidden: bool = False
    form_field: bool = False
    data_sensitivity: Literal["non_sensitive", "sensitive", "highly_sensitive"] = "non_sensitive"

    def definition(self) -> Property:
        """The property as the CRM keeps it."""
        return Property(
            name=self.name,
            label=self.label,
            type=self.type,
            field_type=self.field_type or FIELD_TYPES[self.type][0],
            group_name=self.group_name,
            description=self.description,
            options=tuple(option.option() for option in self.options),
            display_order=self.display_order,
            has_unique_value=self.has_unique_value,
            hidden=self.hidden,
            form_field=self.form_field,
            data_sensitivity=self.data_sensitivity,
        )


class PropertyWishes(ForeignWish):
    """Properties to create: all of them, or none."""

    inputs: Annotated[list[PropertyWish], Field(min_length=1, max_length=MOST_INPUTS)]


class NameInput(ForeignWish):
    """A property's name."""

    name: str


class NameInputs(ForeignWish):
    """Which properties."""

    inputs: Annotated[list[NameInput], Field(max_length=MOST_INPUTS)]
    archived: bool = False


class GroupShape(Shape):
    """HubSpot's PropertyGroup."""

    name: str
    label: str
    display_order: int
    archived: bool


class Groups(Shape):
    """All groups of an object type."""

    results: list[GroupShape]


class GroupWish(ForeignWish):
    """A group to create."""

    name: str
    label: str
    display_order: int = -1


class GroupPatch(ForeignWish):
    """What may change of a group."""

    label: str | None = None
    display_order: int | None = None


def property_shape(prop: Property) -> PropertyShape:
    """A property as HubSpot gives it."""
    moments = {
        name: moment
        for name in ("created_at", "updated_at", "archived_at")
        if (moment := getattr(prop, name)) is not None
    }
    return PropertyShape(
        name=prop.name,
        label=prop.label,
        type=prop.type,
        field_type=prop.field_type,
        group_name=prop.group_name,
        description=prop.description,
        options=[
            OptionShape(
                label=option.label,
                value=option.value,
                display_order=option.display_order,
                hidden=option.hidden,
                description=option.description,
            )
            for option in prop.options
        ],
        display_order=prop.display_order,
        calculated=prop.field_type == "calculation_equation",
        external_options=False,
        has_unique_value=prop.has_unique_value,
        hidden=prop.hidden,
        hubspot_defined=prop.hubspot_defined,
        form_field=prop.form_field,
        data_sensitivity=prop.data_sensitivity,
        archived=prop.archived_at is not None,
        modification_metadata=ModificationMetadata(
            archivable=not prop.hubspot_defined,
            read_only_value=prop.read_only_value,
            read_only_definition=False,
        ),
        **moments,
    )


def group_shape(group: PropertyGroup) -> GroupShape:
    """A group as HubSpot gives it."""
    return GroupShape(
        name=group.name,
        label=group.label,
        display_order=group.display_order,
        archived=group.archived_at is not None,
    )
