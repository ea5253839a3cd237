"""Which permission each route needs: the one table. A route that is not in it stops the build of the app."""

from __future__ import annotations

from collections.abc import Mapping

PUBLIC = None  # no token needed

OBJECTS = "/crm/v3/objects/{objectType}"
PROPERTIES = "/crm/v3/properties/{objectType}"
ASSOCIATIONS = "/crm/v4/objects/{fromObjectType}/{objectId}/associations"
FLOWS = "/automation/v4/flows"
IMPORTS = "/crm/v3/imports"
V1 = "/penstock/v1"

ACCESS: Mapping[str, str | None] = {
    "GET /": PUBLIC,
    "GET /openapi.json": PUBLIC,
    f"GET {V1}/health": PUBLIC,
    f"GET {V1}/status": "runs.read",
    # CRM
    f"GET {OBJECTS}": "records.read",
    f"POST {OBJECTS}": "records.write",
    f"GET {OBJECTS}/{{objectId}}": "records.read",
    f"PATCH {OBJECTS}/{{objectId}}": "records.write",
    f"DELETE {OBJECTS}/{{objectId}}": "records.write",
    f"POST {OBJECTS}/batch/read": "records.read",
    f"POST {OBJECTS}/batch/create": "records.write",
    f"POST {OBJECTS}/batch/update": "records.write",
    f"POST {OBJECTS}/batch/upsert": "records.write",
    f"POST {OBJECTS}/batch/archive": "records.write",
    f"POST {OBJECTS}/search": "records.read",
    f"GET {PROPERTIES}": "properties.read",
    f"POST {PROPERTIES}": "properties.write",
    f"GET {PROPERTIES}/groups": "properties.read",
    f"POST {PROPERTIES}/groups": "properties.write",
    f"GET {PROPERTIES}/groups/{{groupName}}": "properties.read",
    f"PATCH {PROPERTIES}/groups/{{groupName}}": "properties.write",
    f"DELETE {PROPERTIES}/groups/{{groupName}}": "properties.write",
    f"POST {PROPERTIES}/batch/create": "properties.write",
    f"POST {PROPERTIES}/batch/read": "properties.read",
    f"POST {PROPERTIES}/batch/archive": "properties.write",
    f"GET {PROPERTIES}/{{propertyName}}": "properties.read",
    f"PATCH {PROPERTIES}/{{propertyName}}": "properties.write",
    f"DELETE {PROPERTIES}/{{propertyName}}": "properties.write",
    "GET /crm/v3/schemas": "properties.read",
    "POST /crm/v3/schemas": "properties.write",
    "GET /crm/v3/schemas/{objectType}": "properties.read",
    f"GET {ASSOCIATIONS}/{{toObjectType}}": "records.read",
    f"PUT {ASSOCIATIONS}/default/{{toObjectType}}/{{toObjectId}}": "records.write",
    f"PUT {ASSOCIATIONS}/{{toObjectType}}/{{toObjectId}}": "records.write",
    f"DELETE {ASSOCIATIONS}/{{toObjectType}}/{{toObjectId}}": "records.write",
    "GET /crm/v3/owners": "users.read",
    "GET /crm/v3/owners/{ownerId}": "users.read",
    f"GET {IMPORTS}": "records.read",
    f"POST {IMPORTS}": "imports.run",
    f"GET {IMPORTS}/{{importId}}": "records.read",
    f"GET {IMPORTS}/{{importId}}/errors": "records.read",
    f"POST {IMPORTS}/{{importId}}/cancel": "imports.run",
    # Workflows
    f"GET {FLOWS}": "flows.read",
    f"POST {FLOWS}": "flows.write",
    f"POST {FLOWS}/batch/read": "flows.read",
    f"GET {FLOWS}/{{flowId}}": "flows.read",
    f"PUT {FLOWS}/{{flowId}}": "flows.write",
    f"DELETE {FLOWS}/{{flowId}}": "flows.write",
    "GET /automation/v4/action-types": "flows.read",
    f"POST {V1}/flow-checks": "flows.read",
    f"PUT {V1}/flows/{{flowId}}/activation": "flows.publish",
    # Runs
    f"POST {V1}/flows/{{flowId}}/enrollments": "runs.operate",
    f"GET {V1}/enrollments": "runs.read",
    f"POST {V1}/enrollments/retry": "runs.operate",
    f"GET {V1}/enrollments/{{enrollmentId}}": "runs.read",
    f"POST {V1}/enrollments/{{enrollmentId}}/cancellation": "runs.operate",
    f"POST {V1}/enrollments/{{enrollmentId}}/retry": "runs.operate",
    f"GET {V1}/outbox": "outbox.read",
    f"GET {V1}/outbox/{{mailId}}": "outbox.read",
    f"POST {V1}/outbox/{{mailId}}/retry": "outbox.operate",
    f"GET {V1}/outbox/{{mailId}}/preview": "outbox.read",
    f"GET {V1}/mail-settings": "outbox.read",
    f"POST {V1}/mail-tests": "outbox.operate",
    f"GET {V1}/webhooks": "outbox.read",
    f"GET {V1}/webhooks/{{deliveryId}}": "outbox.read",
    # Connections and accounts
    f"GET {V1}/connections": "connections.read",
    f"POST {V1}/connections": "connections.manage",
    f"GET {V1}/connections/{{connectionId}}": "connections.read",
    f"PATCH {V1}/connections/{{connectionId}}": "connections.manage",
    f"DELETE {V1}/connections/{{connectionId}}": "connections.manage",
    f"POST {V1}/connections/{{connectionId}}/test": "connections.manage",
    f"PUT {V1}/connections/{{connectionId}}/key": "connections.manage",
    f"GET {V1}/connections/{{connectionId}}/models": "connections.read",
    f"GET {V1}/secrets": "secrets.read",
    f"PUT {V1}/secrets/{{secretName}}": "secrets.manage",
    f"DELETE {V1}/secrets/{{secretName}}": "secrets.manage",
    f"POST {V1}/webhook-signing-secret": "secrets.manage",
    f"GET {V1}/tokens": "tokens.manage",
    f"POST {V1}/tokens": "tokens.manage",
    f"DELETE {V1}/tokens/{{tokenId}}": "tokens.manage",
    f"GET {V1}/users": "users.read",
    f"POST {V1}/users": "users.manage",
}
