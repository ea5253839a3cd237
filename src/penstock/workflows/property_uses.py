"""What uses the properties of an object type: live workflows of the type, and saved views."""

from __future__ import annotations

from dataclasses import dataclass, field

from penstock.kit.database import Connection


@dataclass(frozen=True, slots=True)
class FlowUse:
    """A workflow whose present revision names the property."""

    id: int
    name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class ViewUse:
    """A shared view that shows, filters or sorts by the property."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """A property and what would notice if it were gone."""

    property: str
    flows: list[FlowUse] = field(default_factory=list)
    views: list[ViewUse] = field(default_factory=list)


# A workspace has hundreds of workflows and properties, so every live document of the type is looked through once:
# the keys under which filters and actions name properties, and tokens such as {{ enrolled_object.email }} in texts.
# Served by flows_of_workspace and the primary key of flow_revisions.
IN_FLOWS = r"""
SELECT f.id, f.name, f.is_enabled, named.property
FROM flows f JOIN flow_revisions r ON (r.flow_id, r.revision_id) = (f.id, f.revision_id)
CROSS JOIN LATERAL (
    SELECT v #>> '{}' AS property
    FROM unnest(ARRAY['$.**.property', '$.**.property_name', '$.**.propertyName',
                      '$.**.appendPropertyName']::jsonpath[]) AS place, jsonb_path_query(r.document, place) AS v
    WHERE jsonb_typeof(v) = 'string'
    UNION
    SELECT token[1]
    FROM regexp_matches(r.document::text, '\{\{\s*enrolled_object\.([a-z][a-z0-9_]*)', 'g') token
) named
WHERE f.workspace_id = $1 AND f.object_type_id = $2 AND f.deleted_at IS NULL
ORDER BY named.property, f.name, f.id
"""

# Shared views only: what others keep for themselves is not shown. At most a few hundred, by saved_views_of_type.
IN_VIEWS = """
SELECT v.id, v.name, named.property
FROM saved_views v CROSS JOIN LATERAL (
    SELECT c ->> 'property' AS property FROM jsonb_array_elements(v.columns) c
    UNION SELECT v.sort ->> 'property'
    UNION SELECT p #>> '{}' FROM jsonb_path_query(v.filter, '$.**.property') p
) named
WHERE v.workspace_id = $1 AND v.object_type_id = $2 AND v.shared AND named.property IS NOT NULL
ORDER BY named.property, v.name, v.id
"""


async def list_uses(db: Connection, workspace_id: int, object_type_id: str) -> list[PropertyUse]:
    """The properties of a type that something uses, by name; names that are no property any more are among them."""
    uses: dict[str, PropertyUse] = {}
    for row in await db.fetch(IN_FLOWS, workspace_id, object_type_id):
        use = uses.setdefault(row["property"], PropertyUse(row["property"]))
        use.flows.append(FlowUse(row["id"], row["name"], row["is_enabled"]))
    for row in await db.fetch(IN_VIEWS, workspace_id, object_type_id):
        use = uses.setdefault(row["property"], PropertyUse(row["property"]))
        use.views.append(ViewUse(row["id"], row["name"]))
    return [uses[name] for name in sorted(uses)]
