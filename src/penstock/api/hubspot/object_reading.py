"""Reading records for an answer: their properties, versions of them, and who they are associated with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from penstock.api.hubspot.object_shapes import (
    AskedAssociations,
    AskedProperties,
    AskedWithHistory,
    AssociatedPage,
    AssociatedShape,
    ObjectShape,
    object_fields,
    shown,
)
from penstock.api.security import Call
from penstock.crm import history
from penstock.crm.association_types import AssociationType
from penstock.crm.associations import list_associated
from penstock.crm.object_types import resolve
from penstock.crm.records import Record
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.kit.database import Connection

MOST_ASSOCIATED = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of each record an answer holds."""

    properties: Sequence[str] = ()
    with_history: Sequence[str] = ()
    associations: Sequence[str] = ()


async def _wanted(
    properties: AskedProperties, with_history: AskedWithHistory, associations: AskedAssociations
) -> Wanted:
    return Wanted(properties, with_history, associations)


WantedQuery = Annotated[Wanted, Depends(_wanted)]


async def schema_of(db: Connection, call: Call, object_type: str) -> ObjectSchema:
    """The schema behind any spelling of an object type. Raises NotFound."""
    found = await resolve(db, call.workspace_id, object_type)
    return await load_schema(db, call.workspace_id, found.id)


async def shapes(
    db: Connection, call: Call, schema: ObjectSchema, records: Sequence[Record], wanted: Wanted
) -> list[ObjectShape]:
    """The records as HubSpot gives them, with one query for all histories and one for each associated type."""
    properties = shown(schema, [*wanted.properties, *wanted.with_history] if wanted.properties else ())
    ids = [record.id for record in records]
    versions = None
    if wanted.with_history:
        versions = await history.versions(db, call.workspace_id, ids, list(wanted.with_history))
    found = []
    for record in records:
        of_record = None if versions is None else versions.get(record.id, {})
        found.append(object_fields(record, properties, of_record))
    for name in wanted.associations:
        other = await resolve(db, call.workspace_id, name)
        associated = await list_associated(db, call.workspace_id, ids, other.id, limit=MOST_ASSOCIATED)
        key = other.plural_label.lower()
        for fields in found:
            entries = [
                AssociatedShape(id=one.to_record_id, type=_word(kind, schema, other.singular_label))
                for one in associated[fields["id"]]
                for kind in one.types
            ]
            if entries:
                fields.setdefault("associations", {})[key] = AssociatedPage(results=entries)
    return [ObjectShape(**fields) for fields in found]


def _word(kind: AssociationType, schema: ObjectSchema, other: str) -> str:
    """HubSpot's v3 word for a kind of association, such as `ticket_to_company` or `…_unlabeled`."""
    word = f"{schema.object_type.singular_label}_to_{other}".lower().replace(" ", "_")
    return word if kind.label else f"{word}_unlabeled"
