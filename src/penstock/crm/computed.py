"""Properties that are computed from a record's row and not stored among its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from penstock.crm.moments import format_datetime
from penstock.kit.json import Json

# By property, the column it is computed from. HubSpot has the last modification as `lastmodifieddate` for contacts
# and `hs_lastmodifieddate` for the rest; and both spellings of the creation date.
COLUMN_OF: Mapping[str, str] = {
    "hs_object_id": "id",
    "createdate": "created_at",
    "hs_createdate": "created_at",
    "hs_lastmodifieddate": "updated_at",
    "lastmodifieddate": "updated_at",
}


def visible_values(
    record_id: int, properties: Mapping[str, Json], created_at: datetime, updated_at: datetime
) -> dict[str, str]:
    """A record's values as steps and filters see them: what is stored, and every computed property."""
    values = cast("dict[str, str]", dict(properties))
    values["hs_object_id"] = str(record_id)
    values["createdate"] = values["hs_createdate"] = format_datetime(created_at)
    values["hs_lastmodifieddate"] = values["lastmodifieddate"] = format_datetime(updated_at)
    return values


def returned_values(
    object_type_id: str,
    record_id: int,
    properties: Mapping[str, Json],
    created_at: datetime,
    updated_at: datetime,
) -> dict[str, str]:
    """A record's values as the API returns them, with the computed properties that HubSpot has for the type."""
    values = cast("dict[str, str]", dict(properties))
    values["hs_object_id"] = str(record_id)
    values["createdate"] = format_datetime(created_at)
    modified = "lastmodifieddate" if object_type_id == "0-1" else "hs_lastmodifieddate"
    values[modified] = format_datetime(updated_at)
    return values
