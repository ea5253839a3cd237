"""Records as HubSpot's JSON, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from penstock.api.hubspot.batch import MOST_INPUTS
from penstock.api.json_body import JsonBody
from penstock.api.shapes import ForeignWish, Id, Paging, Shape, Time
from penstock.crm.associations import NewAssociation
from penstock.crm.history import Version
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema
from penstock.kit.json import Json

# What HubSpot returns when no properties are asked for (its CRM search guide, and the object guides).
DEFAULT_PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "0-1": ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    "0-2": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    "0-3": (
        "amount",
        "closedate",
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    ),
    "0-5": (
        "content",
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_ticket_category",
        "hs_ticket_priority",
        "subject",
    ),
}
EVERY_TYPE = ("createdate", "hs_lastmodifieddate", "hs_object_id")


class VersionShape(Shape):
    """One value that a property had, with who wrote it. `sourceDetail` says more of workflow writes."""

    value: str
    timestamp: Time
    source_type: str
    source_id: str
    source_label: str
    source_detail: JsonBody | None = None


class AssociatedShape(Shape):
    """A record on the other side of an association."""

    id: Id
    type: str


class AssociatedPage(Shape):
    """The associated records of one type."""

    results: list[AssociatedShape]


class ObjectShape(Shape):
    """HubSpot's SimplePublicObject. A property without a value is null."""

    id: Id
    properties: dict[str, str | None]
    properties_with_history: dict[str, list[VersionShape]] | None = None
    associations: dict[str, AssociatedPage] | None = None
    created_at: Time
    updated_at: Time
    archived: bool
    archived_at: Time | None = None


class UpsertedShape(ObjectShape):
    """A record with whether the upsert made it."""

    new: bool


class Objects(Shape):
    """A page of records."""

    results: list[ObjectShape]
    paging: Paging | None = None


class SearchResult(Objects):
    """A page of found records; `total` counts all of them."""

    total: int


class AssociationKind(ForeignWish):
    """HubSpot's association type."""

    association_category: str = "HUBSPOT_DEFINED"
    association_type_id: int


class AssociationTarget(ForeignWish):
    """The record to associate with."""

    id: Id


class AssociationWish(ForeignWish):
    """An association to make with a new record."""

    to: AssociationTarget
    types: Annotated[list[AssociationKind], Field(min_length=1)]

    def associations(self) -> list[NewAssociation]:
        """One association for each of the types."""
        return [
            NewAssociation(self.to.id, kind.association_type_id, kind.association_category)
            for kind in self.types
        ]


class ObjectWish(ForeignWish):
    """Values by property name. Text as HubSpot sends it; numbers and true/false are taken too; `""` clears."""

    properties: dict[str, Json]
    object_write_trace_id: str | None = None


class CreateWish(ObjectWish):
    """A record to create."""

    associations: list[AssociationWish] = []  # noqa: RUF012 - Pydantic copies defaults

    def new_associations(self) -> list[NewAssociation]:
        """All associations to make."""
        return [new for wish in self.associations for new in wish.associations()]


class UpdateWish(ObjectWish):
    """A record to change, found by `id`, or by a unique property that `idProperty` names."""

    id: str
    id_property: str | None = None


class UpsertWish(UpdateWish):
    """A record to change, or to create when nothing has this value of the unique property `idProperty`."""

    id_property: str


class CreateWishes(ForeignWish):
    """Records to create."""

    inputs: Annotated[list[CreateWish], Field(min_length=1, max_length=MOST_INPUTS)]


class UpdateWishes(ForeignWish):
    """Records to change."""

    inputs: Annotated[list[UpdateWish], Field(min_length=1, max_length=MOST_INPUTS)]


class UpsertWishes(ForeignWish):
    """Records to change or create."""

    inputs: Annotated[list[UpsertWish], Field(min_length=1, max_length=MOST_INPUTS)]


class SearchWish(ForeignWish):
    """HubSpot's search: groups are joined by OR, the filters in one by AND; see `crm.search` for the operators."""

    filter_groups: list[JsonBody] | None = None
    query: str | None = None
    sorts: list[JsonBody | str] | None = None
    after: str | int | None = None
    limit: str | int | None = None
    properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults


class IdInput(ForeignWish):
    """A record's id, or the value of the unique property that the request names."""

    id: str


class ReadWishes(ForeignWish):
    """Which records to read, and what of them."""

    inputs: Annotated[list[IdInput], Field(max_length=MOST_INPUTS)]
    properties: list[str] = []  # noqa: RUF012 - Pydantic copies defaults
    properties_with_history: list[str] = []  # noqa: RUF012 - Pydantic copies defaults
    id_property: str | None = None
    archived: bool = False


class ArchiveInput(ForeignWish):
    """A record's id."""

    id: Id


class ArchiveWishes(ForeignWish):
    """Records to archive."""

    inputs: Annotated[list[ArchiveInput], Field(max_length=MOST_INPUTS)]


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Property names sent as repeated parameters, joined by commas, or both; each once."""
    parts = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


async def _asked(properties: Annotated[list[str] | None, Query()] = None) -> tuple[str, ...]:
    return names(properties or [])


async def _asked_with_history(
    propertiesWithHistory: Annotated[list[str] | None, Query()] = None,  # noqa: N803
) -> tuple[str, ...]:
    return names(propertiesWithHistory or [])


async def _asked_associations(associations: Annotated[list[str] | None, Query()] = None) -> tuple[str, ...]:
    return names(associations or [])


AskedProperties = Annotated[tuple[str, ...], Depends(_asked)]
AskedAssociations = Annotated[tuple[str, ...], Depends(_asked_associations)]
AskedWithHistory = Annotated[tuple[str, ...], Depends(_asked_with_history)]


def shown(schema: ObjectSchema, asked: Sequence[str]) -> tuple[str, ...]:
    """Which properties an answer holds: those asked for that exist, or HubSpot's default ones for the type."""
    if not asked:
        asked = DEFAULT_PROPERTIES.get(schema.object_type.id) or (
            *EVERY_TYPE,
            *schema.object_type.required_properties,
        )
    return tuple(name for name in asked if name in schema.properties)


def object_fields(
    record: Record,
    properties: Sequence[str] | None,
    history: Mapping[str, Sequence[Version]] | None = None,
) -> dict[str, Any]:
    """The fields of an ObjectShape. `properties` None shows every value that there is, as after a write."""
    values = record.properties
    fields: dict[str, Any] = {
        "id": record.id,
        "properties": dict(values) if properties is None else {name: values.get(name) for name in properties},
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "archived": record.archived_at is not None,
    }
    if record.archived_at is not None:
        fields["archived_at"] = record.archived_at
    if history is not None:
        fields["properties_with_history"] = {
            name: [_version(version) for version in versions] for name, versions in history.items()
        }
    return fields


def object_shape(
    record: Record,
    properties: Sequence[str] | None,
    history: Mapping[str, Sequence[Version]] | None = None,
) -> ObjectShape:
    """A record as HubSpot gives it."""
    return ObjectShape(**object_fields(record, properties, history))


def _version(version: Version) -> VersionShape:
    more = {} if version.detail is None else {"source_detail": version.detail}
    return VersionShape(
        value=version.value or "",
        timestamp=version.timestamp,
        source_type=version.source_type,
        source_id=version.source_id,
        source_label=version.source_label,
        **more,
    )
