"""Puts HubSpot's object types into a workspace, and adds what a later version of Penstock knows more of."""

from __future__ import annotations

from penstock.crm.defaults.companies import COMPANIES
from penstock.crm.defaults.contacts import CONTACTS
from penstock.crm.defaults.deals import DEALS
from penstock.crm.defaults.rows import DefaultType
from penstock.crm.defaults.tickets import TICKETS
from penstock.crm.object_types import bump_schema
from penstock.crm.properties import insert
from penstock.kit.database import Connection

TYPES: tuple[DefaultType, ...] = (CONTACTS, COMPANIES, DEALS, TICKETS)

ADD_TYPE = """
INSERT INTO object_types (workspace_id, object_type_id, name, singular_label, plural_label, primary_display_property,
                          searchable_properties)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
RETURNING object_type_id
"""
ADD_GROUPS = """
INSERT INTO property_groups (workspace_id, object_type_id, name, label, display_order)
SELECT $1, $2, g.name, g.label, g.place
FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS g (name, label, place)
ON CONFLICT DO NOTHING
"""


async def install(db: Connection, workspace_id: int) -> None:
    """Adds the default types, groups and properties that the workspace lacks; what is there stays as it is."""
    for default in TYPES:
        found = default.object_type
        added = await db.fetchval(
            ADD_TYPE,
            workspace_id,
            found.id,
            found.name,
            found.singular_label,
            found.plural_label,
            found.primary_display_property,
            list(found.searchable_properties),
        )
        await db.execute(
            ADD_GROUPS,
            workspace_id,
            found.id,
            [name for name, _ in default.groups],
            [label for _, label in default.groups],
        )
        if await insert(db, workspace_id, found.id, default.properties) or added:
            await bump_schema(db, workspace_id, found.id)
