"""Properties: what a record of a type can hold, with HubSpot's types and field types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal, cast

from penstock.crm.names import check_name
from penstock.crm.object_types import bump_schema
from penstock.errors import AlreadyExists, Conflict, InvalidInput, NotFound, Problem, ProblemList
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject, dumps

PropertyType = Literal["string", "number", "date", "datetime", "enumeration", "bool", "phone_number"]

# Which field types go with which type (HubSpot, properties guide). The first is the one taken when none is given.
FIELD_TYPES: Mapping[str, tuple[str, ...]] = {
    "string": ("text", "textarea", "html", "file", "phonenumber", "calculation_equation"),
    "number": ("number", "calculation_equation"),
    "date": ("date", "calculation_equation"),
    "datetime": ("date", "calculation_equation"),
    "enumeration": ("select", "radio", "checkbox", "booleancheckbox", "calculation_equation"),
    "bool": ("booleancheckbox", "calculation_equation"),
    "phone_number": ("phonenumber", "text"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enumeration property: `value` is stored, `label` is shown."""

    value: str
    label: str
    display_order: int = -1
    hidden: bool = False
    description: str = ""


@dataclass(frozen=True)
class Property:
    """The definition of a property. Values of it are stored as the strings that `crm.values` makes."""

    name: str
    label: str
    type: PropertyType
    field_type: str
    group_name: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()
    display_order: int = -1
    has_unique_value: bool = False
    hidden: bool = False
    form_field: bool = False
    read_only_value: bool = False
    hubspot_defined: bool = False
    data_sensitivity: str = "non_sensitive"
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: datetime | None = None

    @property
    def multiple(self) -> bool:
        """Whether a value is a list of options joined by `;` (HubSpot's multiple checkboxes)."""
        return self.type == "enumeration" and self.field_type == "checkbox"

    @cached_property
    def values(self) -> frozenset[str]:
        """The option values."""
        return frozenset(option.value for option in self.options)

    @cached_property
    def values_by_label(self) -> Mapping[str, tuple[str, ...]]:
        """Option values by case-folded label or value; more than one where labels repeat."""
        found: dict[str, tuple[str, ...]] = {}
        for option in self.options:
            for key in {option.label.strip().casefold(), option.value.casefold()}:
                found[key] = (*found.get(key, ()), option.value)
        return found


COLUMNS = (
    "name, label, type, field_type, group_name, description, options, display_order, has_unique_value, hidden,"
    " form_field, read_only_value, hubspot_defined, data_sensitivity, created_at, updated_at, archived_at"
)

# Both by the primary key (workspace_id, object_type_id, name).
LIST = f"""
SELECT {COLUMNS} FROM properties
WHERE workspace_id = $1 AND object_type_id = $2 AND (archived_at IS NOT NULL) = $3
ORDER BY name
"""  # noqa: S608  (only our own column list is put in)
GET = f"SELECT {COLUMNS} FROM properties WHERE workspace_id = $1 AND object_type_id = $2 AND name = $3"  # noqa: S608

# An archived property of the same name comes back to life with the new definition, as its values are still there.
CREATE = """
INSERT INTO properties (workspace_id, object_type_id, name, label, type, field_type, group_name, description, options,
                        display_order, has_unique_value, hidden, form_field, read_only_value, hubspot_defined,
                        data_sensitivity)
SELECT $1, $2, name, label, type, field_type, group_name, description, options::jsonb, display_order, has_unique_value,
       hidden, form_field, read_only_value, hubspot_defined, data_sensitivity
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                               $10::int[], $11::bool[], $12::bool[], $13::bool[], $14::bool[], $15::bool[], $16::text[])
    AS p (name, label, type, field_type, group_name, description, options, display_order, has_unique_value, hidden,
          form_field, read_only_value, hubspot_defined, data_sensitivity)
ON CONFLICT (workspace_id, object_type_id, name) DO UPDATE
SET label = excluded.label, field_type = excluded.field_type, group_name = excluded.group_name,
    description = excluded.description, options = excluded.options, display_order = excluded.display_order,
    hidden = excluded.hidden, form_field = excluded.form_field, archived_at = NULL, updated_at = now()
WHERE properties.archived_at IS NOT NULL AND properties.type = excluded.type
  AND properties.has_unique_value = excluded.has_unique_value
RETURNING name
"""

UPDATE = f"""
UPDATE properties
SET label = $4, field_type = $5, group_name = $6, description = $7, options = $8::jsonb, display_order = $9,
    hidden = $10, form_field = $11, updated_at = now()
WHERE workspace_id = $1 AND object_type_id = $2 AND name = $3 AND archived_at IS NULL
RETURNING {COLUMNS}
"""  # noqa: S608

ARCHIVE = """
UPDATE properties SET archived_at = now()
WHERE workspace_id = $1 AND object_type_id = $2 AND name = $3 AND archived_at IS NULL AND NOT hubspot_defined
RETURNING name
"""


async def list_all(
    db: Connection, workspace_id: int, object_type_id: str, *, archived: bool = False
) -> list[Property]:
    """The live (or the archived) properties of a type, by name."""
    return [read(row) for row in await db.fetch(LIST, workspace_id, object_type_id, archived)]


async def get(db: Connection, workspace_id: int, object_type_id: str, name: str) -> Property:
    """One property, archived or not. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, object_type_id, name)
    if row is None:
        raise _no_such(object_type_id, name)
    return read(row)


async def create(db: Connection, workspace_id: int, object_type_id: str, prop: Property) -> Property:
    """Defines one property. Raises InvalidInput with all problems, or Conflict when the name is taken."""
    await create_many(db, workspace_id, object_type_id, [prop])
    return await get(db, workspace_id, object_type_id, prop.name)


async def create_many(
    db: Connection, workspace_id: int, object_type_id: str, props: Sequence[Property]
) -> None:
    """Defines several properties in one statement. Raises as `create` does, and then none is created."""
    problems = ProblemList()
    for prop in props:
        check(prop, prop.name[:100], problems)
    if problems.errors:
        raise InvalidInput("The property definition has problems.", problems=problems.errors)
    made = await insert(db, workspace_id, object_type_id, props)
    await bump_schema(db, workspace_id, object_type_id)
    taken = [prop.name for prop in props if prop.name not in made]
    if taken:
        raise AlreadyExists(
            f"{object_type_id} has a property named '{taken[0]}' already.",
            remedy="Choose another name, or change the property that is there.",
        )


async def insert(
    db: Connection, workspace_id: int, object_type_id: str, props: Sequence[Property]
) -> set[str]:
    """Inserts definitions unchecked, leaves those that exist, and returns the names inserted.

    The caller bumps the schema's version.
    """
    rows = await db.fetch(
        CREATE,
        workspace_id,
        object_type_id,
        [p.name for p in props],
        [p.label for p in props],
        [p.type for p in props],
        [p.field_type for p in props],
        [p.group_name for p in props],
        [p.description for p in props],
        [dumps(options_json(p.options)).decode() for p in props],
        [p.display_order for p in props],
        [p.has_unique_value for p in props],
        [p.hidden for p in props],
        [p.form_field for p in props],
        [p.read_only_value for p in props],
        [p.hubspot_defined for p in props],
        [p.data_sensitivity for p in props],
    )
    return {row["name"] for row in rows}


async def update(db: Connection, workspace_id: int, object_type_id: str, prop: Property) -> Property:
    """Replaces label, field type, group, description, options, order and visibility of a property.

    Its name, type and uniqueness stay as they are, because stored values depend on them: a different one in
    `prop` raises InvalidInput. Raises NotFound when there is no such live property.
    """
    current = await get(db, workspace_id, object_type_id, prop.name)
    if current.type != prop.type or current.has_unique_value != prop.has_unique_value:
        raise InvalidInput(
            f"The type and uniqueness of '{prop.name}' cannot change: it is of type {current.type}.",
            remedy="Create another property and copy the values.",
        )
    problems = ProblemList()
    check(prop, prop.name, problems)
    if problems.errors:
        raise InvalidInput("The property definition has problems.", problems=problems.errors)
    row = await db.fetchrow(
        UPDATE,
        workspace_id,
        object_type_id,
        prop.name,
        prop.label,
        prop.field_type,
        prop.group_name,
        prop.description,
        options_json(prop.options),
        prop.display_order,
        prop.hidden,
        prop.form_field,
    )
    if row is None:
        raise _no_such(object_type_id, prop.name)
    await bump_schema(db, workspace_id, object_type_id)
    return read(row)


async def add_options(
    db: Connection, workspace_id: int, object_type_id: str, name: str, options: Sequence[Option]
) -> Property:
    """Adds options whose values are not there yet."""
    current = await get(db, workspace_id, object_type_id, name)
    new = tuple(option for option in options if option.value not in current.values)
    return await update(db, workspace_id, object_type_id, replace(current, options=current.options + new))


async def archive(db: Connection, workspace_id: int, object_type_id: str, name: str) -> None:
    """Hides a property from forms, schemas and records; its stored values stay. HubSpot's own cannot be archived.

    Raises NotFound, or Conflict when the property is one of HubSpot's.
    """
    if await db.fetchval(ARCHIVE, workspace_id, object_type_id, name) is None:
        current = await get(db, workspace_id, object_type_id, name)
        if current.hubspot_defined:
            raise Conflict(f"'{name}' is a default property.", remedy="Hide it instead.")
    await bump_schema(db, workspace_id, object_type_id)


def check(prop: Property, path: str, problems: ProblemList) -> None:
    """Adds what is wrong with a definition to `problems`."""
    try:
        check_name("name", prop.name)
    except InvalidInput as error:
        problems.add(f"{path}.name", "INVALID_NAME", str(error))
    if not prop.label.strip():
        problems.add(f"{path}.label", "EMPTY_LABEL", "The label is empty. Give the property a label.")
    if prop.type not in FIELD_TYPES:
        known = ", ".join(FIELD_TYPES)
        problems.add(
            f"{path}.type", "UNKNOWN_TYPE", f"'{prop.type[:40]}' is no property type. Use one of {known}."
        )
    elif prop.field_type not in FIELD_TYPES[prop.type]:
        known = ", ".join(FIELD_TYPES[prop.type])
        problems.add(
            f"{path}.fieldType",
            "UNKNOWN_FIELD_TYPE",
            f"A property of type {prop.type} cannot have the field type '{prop.field_type[:40]}'. Use one of {known}.",
        )
    if prop.has_unique_value and prop.type not in ("string", "number", "phone_number"):
        problems.add(
            f"{path}.hasUniqueValue",
            "NOT_UNIQUE",
            "Only string, number and phone_number properties can be unique.",
        )
    _check_options(prop, path, problems)


def _check_options(prop: Property, path: str, problems: ProblemList) -> None:
    seen: set[str] = set()
    for index, option in enumerate(prop.options):
        place = f"{path}.options[{index}].value"
        if (
            not option.value
            or option.value != option.value.strip()
            or (prop.multiple and ";" in option.value)
        ):
            problems.add(
                place,
                "INVALID_OPTION_VALUE",
                "An option's value is not empty, has no space at its ends and, in multiple checkboxes, no semicolon.",
            )
        if option.value in seen:
            problems.add(
                place,
                "DUPLICATE_OPTION",
                f"The option value '{option.value[:40]}' is there twice. Remove one.",
            )
        seen.add(option.value)


def options_json(options: Sequence[Option]) -> list[Json]:
    """Options as HubSpot's JSON: value, label, displayOrder, hidden, description."""
    return [
        {
            "value": option.value,
            "label": option.label,
            "displayOrder": option.display_order,
            "hidden": option.hidden,
            "description": option.description,
        }
        for option in options
    ]


def read(row: Row) -> Property:
    """A row of COLUMNS as a Property."""
    values = dict(row.items())
    values["options"] = tuple(_read_option(cast("JsonObject", option)) for option in row["options"])
    return Property(**values)


def _read_option(option: JsonObject) -> Option:
    return Option(
        value=str(option["value"]),
        label=str(option["label"]),
        display_order=cast("int", option.get("displayOrder", -1)),
        hidden=bool(option.get("hidden")),
        description=str(option.get("description") or ""),
    )


def _no_such(object_type_id: str, name: str) -> NotFound:
    return NotFound(
        f"{object_type_id} has no property '{name[:100]}'.",
        remedy="List the properties of the object type, or create it.",
        problems=(Problem(name[:100], "PROPERTY_DOESNT_EXIST", "There is no such property."),),
    )
